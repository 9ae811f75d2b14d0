"""What a phone gives to the workshop: its name card, points, a remark; checked by the models of the journal, written once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pope_foncier.ateliers.journal_entrees import GENRES, personne
from pope_foncier.ateliers.salle.portier import Portier, Refus
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.json_strict import decoder

DES_TELEPHONES = ("carte", "vote", "remarque")
"""Kinds of entry that a phone may write; the facilitator, on this computer, writes any."""
_ECRIVAIN = ThreadPoolExecutor(1, "salle-ecriture")
"""One writer: a busy disk makes the phones wait, not the pages."""


class Entree(Portier):
    """Entry: ``{"genre", "cle", "contenu", "nom"}`` as JSON.

    ``genre`` and ``contenu`` are those of the journal; ``cle`` is drawn by the phone, so that an entry sent again is written once;
    ``nom`` goes with a name card, and with what the facilitator writes (page ``animer``): a phone writes under the name of its card.
    Answer: ``{"rang", "nom"}``; refusal: ``{"erreur", "champs": [{"champ", "message", "remede"}]}``.
    """

    en_json = True

    async def post(self) -> None:
        """Write an entry, or say in French why not."""
        recu = self._lire()
        genre, contenu, cle = recu.get("genre"), recu.get("contenu"), recu.get("cle", "")
        anime = self.ici and genre not in DES_TELEPHONES
        if not isinstance(genre, str) or not isinstance(contenu, dict) or genre not in self._genres():
            raise Refus(422, "Cette entrée n'est pas de celles que l'on envoie d'ici.")
        if not isinstance(cle, str) or len(cle) > 64:
            raise Refus(422, "Cette entrée ne porte pas de clé lisible : recharger la page.")
        nom = str(recu.get("nom", "")) if anime or genre == "carte" else self._nom_de_la_carte()
        if genre == "carte":
            self._exiger_un_nom_libre(nom)
        elif not anime and self.flux.instant.atelier.conduite.figee:
            raise Refus(423, "L'animateur a suspendu les envois : attendre qu'il les rouvre. Rien n'a été noté.")
        try:
            fiche = valider(GENRES[genre], contenu, "Entrée")
            boucle = asyncio.get_running_loop()
            rang = await boucle.run_in_executor(
                _ECRIVAIN, self.salle.journal.noter, nom, fiche, cle and f"{self.appareil}-{cle}"
            )
        except ErreurDonnees as erreur:
            champs = [{"champ": p.champ, "message": p.message, "remede": p.remede} for p in erreur.problemes]
            raise Refus(422, "Cette entrée n'est pas notée : corriger ce qui suit.", champs) from None
        except ErreurPope as erreur:
            raise Refus(503, str(erreur)) from None
        if genre == "carte":
            self.salle.acces.cartes[self.appareil] = nom
            self.salle.acces.garder()
        await self.flux.rafraichir()
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps({"rang": rang, "nom": nom}, ensure_ascii=False))

    def _genres(self) -> Collection[str]:
        return GENRES if self.ici else DES_TELEPHONES

    def _lire(self) -> dict[str, Any]:
        try:
            recu = decoder(self.corps.decode("utf-8"))
        except (ValueError, RecursionError):
            raise Refus(400) from None
        if not isinstance(recu, dict):
            raise Refus(400)
        return recu

    def _nom_de_la_carte(self) -> str:
        nom = self.salle.acces.cartes.get(self.appareil)
        if nom is None:
            raise Refus(409, "Prendre d'abord une carte de nom : un nom et une couleur.")
        return nom

    def _exiger_un_nom_libre(self, nom: str) -> None:
        for appareil, pris in self.salle.acces.cartes.items():
            if appareil != self.appareil and personne(pris) == personne(nom):
                raise Refus(
                    409,
                    f"« {pris} » est déjà le nom d'un autre téléphone : en donner un autre, par exemple avec une initiale.",
                )
