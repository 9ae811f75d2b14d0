"""What a phone gives to the workshop: its name card, points, a remark; checked by the models of the journal, written once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pope_foncier.ateliers.journal_entrees import GENRES, Auteur, Conduite, Contenu, Rapprochement, Seance, personne
from pope_foncier.ateliers.salle.portier import Portier, Refus
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.json_strict import decoder

_GENRES = ("carte", "vote", "remarque")
"""Kinds of entry that a phone may write; the others are for the facilitator (``animation.py``)."""
_CARTES_MAX = 400
"""Name cards of one room."""
ECRIVAIN = ThreadPoolExecutor(1, "salle-ecriture")
"""One writer: a busy disk makes the phones wait, not the pages."""


class Entree(Portier):
    """Entry: ``{"genre", "cle", "contenu", "nom", "confirme"}`` as JSON.

    ``genre`` and ``contenu`` are those of the journal; ``cle`` is drawn by the phone, so that an entry sent again is written once;
    ``nom`` goes with a name card, under which the phone then writes.
    Answer: ``{"rang", "nom"}``; refusal: ``{"erreur", "champs": [{"champ", "message", "remede"}], "a_confirmer"}``: when « a_confirmer » is
    true, the same entry sent again with « confirme » is admitted.
    """

    en_json = True

    async def post(self) -> None:
        """Write an entry, or say in French why not."""
        recu = self._lire()
        genre, cle = recu["genre"], f"{self.appareil}-{recu['cle']}" if recu["cle"] else ""
        try:
            deja = cle and await self._a_la_suite(self.salle.journal.rang_de, cle)
            if deja:
                self.repondre({"rang": deja, "nom": self.salle.acces.cartes.get(self.appareil, "")})
                return
            self._exiger_de_la_mesure()
            await self.flux.rafraichir()
            contenu = valider(GENRES[genre], recu["contenu"], "Entrée")
            if genre == "carte":
                nom = valider(Auteur, {"qui": recu.get("nom")}, "Entrée").qui
                rang = await self._prendre_la_carte(nom, contenu, cle, recu.get("confirme") is True)
            else:
                nom = self._auteur()
                rang = await self._noter(nom, contenu, cle)
        except ErreurDonnees as erreur:
            mots = "Rien n'est noté : corriger ce qui suit."
            raise Refus(422, mots, erreur.problemes) from None
        except ErreurPope as erreur:
            raise Refus(503, str(erreur), attendre_s=5) from None
        await self.flux.rafraichir()
        self.repondre({"rang": rang, "nom": nom})

    def _lire(self) -> dict[str, Any]:
        """Frame of the entry, whose content is checked later."""
        try:
            recu = decoder(self.corps.decode("utf-8"))
        except (ValueError, RecursionError):
            raise Refus(400) from None
        entree = recu if isinstance(recu, dict) else {}
        genre, cle = entree.get("genre"), entree.setdefault("cle", "")
        if not isinstance(genre, str) or genre not in _GENRES or not isinstance(entree.get("contenu"), dict):
            raise Refus(422, "Cette entrée n'est pas de celles que l'on envoie d'ici.")
        if not isinstance(cle, str) or not re.fullmatch(r"[0-9A-Za-z_-]{0,64}", cle):
            raise Refus(422, "La clé de cette entrée est illisible : recharger la page.")
        return entree

    def _exiger_de_la_mesure(self) -> None:
        attente = self.salle.envois.attente_s(self.appareil)
        if attente:
            raise Refus(429, f"Trop d'envois : attendre {attente} s. Rien n'a été noté.", attendre_s=attente)
        self.salle.envois.compter(self.appareil)

    def _auteur(self) -> str:
        """Holder of the card of this phone, unless the phones wait."""
        nom = self.salle.acces.cartes.get(self.appareil)
        if nom is None:
            raise Refus(409, "Prendre d'abord une carte de nom : un nom et une couleur.")
        if self.flux.instant.atelier.conduite.figee:
            raise Refus(423, "L'animateur a suspendu les envois : attendre qu'il les rouvre. Rien n'a été noté.")
        return nom

    async def _noter(self, nom: str, contenu: Contenu, cle: str) -> int:
        return await self._a_la_suite(self.salle.journal.noter, nom, contenu, cle)

    async def _a_la_suite(self, fonction: Callable[..., int], *valeurs: Any) -> int:
        return await asyncio.get_running_loop().run_in_executor(ECRIVAIN, fonction, *valeurs)

    async def _prendre_la_carte(self, nom: str, carte: Contenu, cle: str, confirme: bool) -> int:
        """Give a name to this phone, which keeps it; under another name it stays the same person, so that no points count twice."""
        cartes, ancien = self.salle.acces.cartes, self.salle.acces.cartes.get(self.appareil)
        if ancien is None or personne(ancien) != personne(nom):
            self._exiger_un_nom_libre(nom, confirme)
        cartes[self.appareil] = nom
        try:
            self.salle.acces.garder()
            rang = await self._noter(nom, carte, cle)
            if ancien is not None and personne(ancien) != personne(nom):
                await self._noter(nom, Rapprochement(nom=ancien, est=nom), cle and f"{cle}-nom")
        except ErreurPope:
            cartes.pop(self.appareil) if ancien is None else cartes.update({self.appareil: ancien})
            raise
        return rang

    def _exiger_un_nom_libre(self, nom: str, confirme: bool) -> None:
        """Refuse the name of another phone; ask whether somebody who spoke elsewhere is the same person."""
        atelier, cartes = self.flux.instant.atelier, self.salle.acces.cartes
        qui = atelier.qui(nom).cle
        meneurs = {self.salle.animateur, *(e.qui for e in atelier.fil if isinstance(e.contenu, Conduite | Seance))}
        if qui in {atelier.qui(m).cle for m in meneurs if m}:
            raise Refus(409, "Ce nom est celui de la personne qui conduit l'atelier : en donner un autre.")
        for appareil, pris in cartes.items():
            if appareil != self.appareil and qui in (personne(pris), atelier.qui(pris).cle):
                conseil = "en donner un autre, par exemple avec l'initiale du nom de famille. L'animateur peut réunir deux noms."
                raise Refus(409, f"« {pris} » est déjà le nom d'un autre téléphone : {conseil}")
        if qui in atelier.personnes and not confirme:
            connu = atelier.personnes[qui].nom
            mots = f"« {connu} » a déjà parlé dans cet atelier, sans téléphone. Si c'est vous, le confirmer ; sinon, donner un autre nom."
            raise Refus(409, mots, a_confirmer=True)
        if len(cartes) >= _CARTES_MAX and self.appareil not in cartes:
            raise Refus(503, "La salle est pleine : plus aucune carte de nom n'y est donnée.", attendre_s=60)
