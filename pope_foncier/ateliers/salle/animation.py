"""Facilitator's hand: each form of the console writes one entry under the name of the facilitator; minutes are made apart and downloaded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TypeVar

from tornado.escape import parse_qs_bytes

from pope_foncier.ateliers.formats import GENRES
from pope_foncier.ateliers.journal import etudes_du_journal
from pope_foncier.ateliers.journal_entrees import Auteur
from pope_foncier.ateliers.salle import minutes
from pope_foncier.ateliers.salle.entrees import ECRIVAIN
from pope_foncier.ateliers.salle.gestes import Champs, en_clair, entree_de, fait
from pope_foncier.ateliers.salle.portier import Portier, Refus
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.fiches import valider

T = TypeVar("T")


class Geste(Portier):
    """Gesture of the console, an HTML form: the answer is ``{"bon", "dit"}`` to the script, the page again to a browser without one."""

    en_json = True

    async def post(self, geste: str) -> None:
        """Do it, or say in French why not."""
        lus = parse_qs_bytes(self.corps, keep_blank_values=True)
        champs = {nom: valeurs[-1].decode("utf-8", "replace") for nom, valeurs in lus.items()}
        try:
            bon, dit = True, await self._faire(geste, champs)
        except ErreurPope as erreur:
            bon, dit = False, en_clair(erreur)
        await self.flux.rafraichir()
        if "application/json" in self.request.headers.get("Accept", ""):
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps({"bon": bon, "dit": dit}, ensure_ascii=False))
        elif bon:
            self.redirect(f"{self.salle.base}salle/animer", status=303)
        else:
            self.en_json = False
            raise Refus(422, dit)

    async def _faire(self, geste: str, champs: Champs) -> str:
        journal = self.salle.journal
        if geste == "mettre_de_cote":
            ancien, nouveau = await self._ecrire(journal.mettre_de_cote)
            return f"Journal « {ancien.name} » gardé tel quel ; « {nouveau.name} » prend la suite."
        self._se_nommer(champs.get("qui", ""))
        if geste == "nom":
            return f"Vous animez sous le nom « {self.salle.animateur} »."
        if not self.salle.animateur:
            raise ErreurPope("Écrire d'abord votre nom, en haut de la page : chaque entrée dit de qui elle vient.")
        etudes = etudes_du_journal(journal.chemin.stem)
        entree = entree_de(geste, champs, self.flux.instant.atelier, etudes, self.salle.titre)
        if entree is not None:
            await self._ecrire(lambda: journal.noter(self.salle.animateur, entree))
        return fait(entree)

    def _se_nommer(self, qui: str) -> None:
        """Keep the name under which the facilitator writes, which is not that of a phone."""
        salle, nom = self.salle, qui.strip()
        if not nom or nom == salle.animateur:
            return
        nom = valider(Auteur, {"qui": nom}, "Animation").qui
        if salle.est_une_carte(nom):
            raise ErreurPope(
                f"« {nom} » est le nom d'un téléphone : en donner un autre, par exemple avec l'initiale du nom de famille."
            )
        salle.animateur = nom

    async def _ecrire(self, ecrire: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(ECRIVAIN, ecrire)


class CompteRendu(Portier):
    """Minutes of a session (0 for all of them) in one form, made by another process: the pages stay live meanwhile."""

    async def get(self, seance: str, forme: str) -> None:
        """Send the file, or say in French why there is none."""
        try:
            nom, octets = await minutes.faire(self.salle.journal, int(seance), forme)
        except ErreurPope as erreur:
            self.set_status(422)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(str(erreur))
            return
        self.set_header("Content-Type", GENRES[forme])
        self.set_header("Content-Disposition", f'attachment; filename="{nom}"')
        self.finish(octets)
