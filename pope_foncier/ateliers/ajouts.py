"""Loans and grants that a lender adds to the stack of a study: their levers, what they make in the study, how they come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import ipywidgets as w

from pope_foncier.ateliers import champs
from pope_foncier.ateliers.modele import Plats, donnee
from pope_foncier.ateliers.regles import LevierAtelier, ReglesAteliers
from pope_foncier.baremes.registre import lire_registre
from pope_foncier.etude.fiche import Etude
from pope_foncier.socle.chemins import dossier_donnees

LIBRES = {"libre_publique": "aide libre, personne publique", "libre_privee": "aide libre, financeur privé"}
"""Grants outside any scheme: amount, payer and month are stated."""
AJOUTS_MAX = 4
"""Loans, and grants, that may be added."""


def dispositifs_proposes(code_insee: str) -> dict[str, str]:
    """Schemes of the catalogue that a study of a commune can count, by identifier, with their French names."""
    dossier = dossier_donnees() / "baremes" / "subventions"
    la = (d for d in lire_registre().dispositifs if d.existe_a(code_insee))
    return {d.id: d.nom for d in la if (dossier / f"{d.id}.yaml").is_file()}


class Ajout(Protocol):
    """What the stack asks of an added loan or grant."""

    genre: str
    cle: str
    boite: w.VBox
    curseurs: dict[str, champs.Curseur]

    def fiche(self, etude: Etude) -> dict[str, Any]:
        """Entry of the study."""

    def a_plat(self) -> Plats:
        """Plain form, for the journal."""

    def poser(self, plats: Plats) -> None:
        """Take back a plain form, without telling anybody."""


class AideEnPlus:
    """Grant added: a scheme of the catalogue, computed by its rule unless an amount is stated, or a free grant.

    A free grant is a supposition, named so: it gives nothing until its amount is typed.
    """

    genre = "aide"

    def __init__(
        self,
        cle: str,
        dispositif: str,
        noms: Mapping[str, str],
        regles: ReglesAteliers,
        bouge: Callable[[], None],
        retirer: Callable[[], None],
    ) -> None:
        self.cle, self.dispositif, self._muet = cle, dispositif, False
        self.libre = dispositif in LIBRES
        nom = f"{noms[dispositif][:1].upper()}{noms[dispositif][1:]}"
        self.titre = f"{nom}{', supposée' if self.libre else ''} ({cle.rsplit('_', 1)[-1]})"
        connus = {d.id: d.financeur for d in lire_registre().dispositifs}
        payeur = regles.aide_ajoutee.financeur if self.libre else connus[dispositif]
        self.financeur = w.Text(
            payeur,
            description=f"{self.titre}, financeur",
            continuous_update=False,
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        self.financeur.observe(lambda _: None if self._muet else bouge(), "value")
        self.curseurs = {
            "montant": _curseur(
                regles.levier("montant_aide"),
                f"{self.titre}, {'montant à saisir' if self.libre else 'montant'}",
                0 if self.libre else None,
                bouge,
            ),
            "delai": _curseur(
                regles.levier("delai_aide"),
                f"{self.titre}, versée, mois après l'ouverture",
                0 if self.libre else None,
                bouge,
            ),
        }
        boites = [c.boite for c in self.curseurs.values()]
        self.boite = w.VBox([self.financeur, *boites, champs.bouton(f"Retirer : {self.titre}", retirer)])

    def fiche(self, etude: Etude) -> dict[str, Any]:
        """Grant of the study."""
        fiche: dict[str, Any] = {
            "id": self.cle,
            "libelle": self.titre,
            "financeur": self.financeur.value.strip() or "Financeur non nommé",
            "statut": "esperee",
        }
        if self.libre:
            fiche["personne_publique"] = "oui" if self.dispositif == "libre_publique" else "non"
        else:
            fiche["dispositif"] = self.dispositif
        for champ, nom in (("montant", "montant"), ("delai", "delai_versement_mois")):
            curseur = self.curseurs[champ]
            if curseur.valeur is not None or self.libre:
                fiche[nom] = donnee((curseur.valeur or 0) * curseur.levier.facteur)
        return fiche

    def a_plat(self) -> Plats:
        """Scheme, payer, and the levers that are set."""
        plats: dict[str, int | str | bool] = {"dispositif": self.dispositif, "financeur": self.financeur.value}
        return plats | {champ: c.valeur for champ, c in self.curseurs.items() if c.valeur is not None}

    def poser(self, plats: Plats) -> None:
        """Take back a plain form, without telling anybody."""
        self._muet = True
        self.financeur.value = str(plats.get("financeur", self.financeur.value))
        self._muet = False
        for champ, curseur in self.curseurs.items():
            curseur.poser(int(plats[champ]) if champ in plats else None)


def _curseur(levier: LevierAtelier, libelle: str, valeur: float | None, bouge: Callable[[], None]) -> champs.Curseur:
    renomme = levier.model_copy(update={"libelle": libelle})
    return champs.Curseur(renomme, None if valeur is None else round(valeur / levier.facteur), bouge)
