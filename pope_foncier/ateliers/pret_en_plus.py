"""Loan added to the stack of a lender: free, or of a product of the catalogue, with every profile and grace in plain French."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.modele import Plats, donnee
from pope_foncier.ateliers.regles import ReglesAteliers
from pope_foncier.etude.fiche import Etude
from pope_foncier.prets import PROFILS
from pope_foncier.prets.ecriture import catalogue_de
from pope_foncier.prets.produits import cles, produit
from pope_foncier.prets.profils import Profil
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.nombres import lire_nombre
from pope_foncier.socle.saisie import lire_duree, lire_montant
from pope_foncier.vues.prets import mots, tableaux_produits

SELON = "selon le produit"
"""Word of a term that the product sets."""
_CURSEURS = (
    ("montant", "montant_pret"),
    ("taux", "taux"),
    ("duree_mois", "duree_pret"),
    ("differe_mois", "differe_pret"),
    ("progression", "progression_pret"),
    ("duree_profil_mois", "duree_profil_pret"),
    ("echeance", "echeance_pret"),
)
"""Levers: field of the loan, name of the lever."""
_PROPRES = {champ for champ, _ in _CURSEURS} & {profil.propre for profil in PROFILS.values()}
"""Levers that a profile alone needs."""
_SUITES = {
    "paliers_echeance": "Paliers, par exemple 24 mois à 1 000 € ; 96 mois à 2 500 €",
    "service": "Sommes disponibles à chaque échéance, séparées par « ; »",
    "tableau": "Capital remboursé à chaque échéance, séparé par « ; »",
}
"""Terms written as a list."""
_PALIER = re.compile(r"(.+?)\s*à\s*(.+)")


def produits_proposes() -> dict[str, str]:
    """Products that lend to a study, by key, with their titles; guarantees and bridges are not among them."""
    catalogue = catalogue_de()
    fichiers = {cle: catalogue.fichier(f"prets.{cle}") for cle in cles(catalogue)}
    return {
        cle: fichier.titre
        for cle, fichier in fichiers.items()
        if fichier.produit is not None and fichier.produit.genre in ("pret", "quasi_fonds_propres")
    }


class PretEnPlus:
    """Loan added: product, profile, rhythm, grace, and levers; a term left to the product is the product's."""

    genre = "pret"

    def __init__(
        self, cle: str, jour: date, regles: ReglesAteliers, bouge: Callable[[], None], retirer: Callable[[], None]
    ) -> None:
        self._jour = jour
        self.cle, self._regle, self._muet, self._bouge = cle, regles.pret_ajoute, False, bouge
        self.titre = f"Prêt {cle.replace('_', ' ').replace('ajoute', 'ajouté')}"
        self.choix = {
            "produit": self._choix("produit", [("prêt libre", ""), *((t, c) for c, t in produits_proposes().items())]),
            "index": self._choix("taux", [("fixe", ""), ("Livret A plus une marge", "livret_a")]),
            "profil": self._choix("remboursement", [(p.libelle, n) for n, p in PROFILS.items()]),
            "rythme": self._choix("échéances", [(mot, str(n)) for n, mot in mots.RYTHMES.items()]),
            "differe": self._choix("genre de différé", [(mot, n) for n, mot in mots.DIFFERES.items() if n != "aucun"]),
        }
        self._pose_en_premier("differe", "partiel")
        self.curseurs = {}
        for champ, nom in _CURSEURS:
            levier = regles.levier(nom)
            quoi = "taux ou marge" if champ == "taux" else levier.libelle.lower()
            vide = None if champ == "montant" else SELON
            renomme = levier.model_copy(update={"libelle": f"{self.titre}, {quoi}", "vide": vide})
            depart = self._departs.get(champ)
            self.curseurs[champ] = champs.Curseur(
                renomme, None if depart is None else round(depart / levier.facteur), bouge
            )
        self.suite = w.Text(
            "",
            description=f"{self.titre}, suite",
            continuous_update=False,
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        self.suite.observe(lambda _: self._change(), "value")
        self.conditions = w.HTML()
        boites = [c.boite for c in self.curseurs.values()]
        retrait = champs.bouton(f"Retirer : {self.titre}", retirer)
        self.boite = w.VBox([*self.choix.values(), *boites, self.suite, self.conditions, retrait])
        self._montrer()

    @property
    def _departs(self) -> dict[str, float]:
        """Starting values of a free loan."""
        return {"montant": 0.0, "taux": self._regle.taux, "duree_mois": self._regle.duree_mois, "differe_mois": 0.0}

    def _choix(self, quoi: str, options: list[tuple[str, str]]) -> w.Dropdown:
        liste = champs.choix(f"{self.titre}, {quoi}", options, options[0][1])
        liste.observe(lambda change: self._change(change["owner"]), "value")
        return liste

    def _pose_en_premier(self, nom: str, valeur: str) -> None:
        self._muet = True
        self.choix[nom].value = valeur
        self._muet = False

    def _change(self, liste: w.Dropdown | None = None) -> None:
        """Another choice: a product takes its own terms, a free loan the starting ones."""
        if self._muet:
            return
        if liste is self.choix["produit"]:
            self._prendre_les_conditions()
        self._montrer()
        self._bouge()

    def _prendre_les_conditions(self) -> None:
        """Terms of the product chosen, or those of a free loan."""
        cle = str(self.choix["produit"].value)
        for champ in ("taux", "duree_mois", "differe_mois"):
            curseur, depart = self.curseurs[champ], self._departs[champ]
            curseur.poser(None if cle else round(depart / curseur.levier.facteur))
        if not cle:
            return
        fiche = produit(cle, catalogue_de(), self._jour).fiche
        self._muet = True
        if fiche.profil in PROFILS:
            self.choix["profil"].value = fiche.profil
        if fiche.periodes_par_an:
            self.choix["rythme"].value = str(fiche.periodes_par_an[0])
        self._muet = False

    @property
    def _profil(self) -> Profil:
        return PROFILS[str(self.choix["profil"].value)]

    def _montrer(self) -> None:
        """Show the levers that the profile needs, and the terms of the product."""
        propre, cle = self._profil.propre, str(self.choix["produit"].value)
        for champ in sorted(_PROPRES):
            self.curseurs[champ].boite.layout.display = "flex" if champ == propre else "none"
        self.suite.layout.display = "flex" if propre in _SUITES else "none"
        self.suite.placeholder = _SUITES.get(propre or "", "")
        self.choix["index"].layout.display = "none" if cle else "flex"
        table = tableaux_produits.conditions(produit(cle, catalogue_de(), self._jour)) if cle else None
        self.conditions.value = textes.repli(table)

    def fiche(self, etude: Etude) -> dict[str, Any]:
        """Loan of the study.

        Raises:
            ErreurCalcul: a list that cannot be read.
        """
        cle, profil = str(self.choix["produit"].value), self._profil
        lus: dict[str, Any] = {
            champ: donnee(c.valeur * c.levier.facteur)
            for champ, c in self.curseurs.items()
            if c.valeur is not None and (champ not in _PROPRES or champ == profil.propre)
        }
        if profil.duree == "calculee":
            lus.pop("duree_mois", None)
        if self.choix["index"].value and not cle and "taux" in lus:
            lus["indexation"] = {**self._regle.index.model_dump(), "marge": lus.pop("taux")}
        if "differe_mois" in lus and lus["differe_mois"]["valeur"]:
            lus["differe"] = str(self.choix["differe"].value)
        return {
            "id": self.cle,
            "libelle": self.titre,
            **({"produit": cle} if cle else {"preteur": self._regle.preteur}),
            "emprunteur": etude.acteurs.maitre_ouvrage,
            "profil": str(self.choix["profil"].value),
            "periodes_par_an": int(str(self.choix["rythme"].value)),
            **lus,
            **self._liste(profil.propre),
        }

    def _liste(self, champ: str | None) -> dict[str, Any]:
        """Term that is written as a list.

        Raises:
            ErreurCalcul: one that cannot be read.
        """
        if champ is None or champ not in _SUITES:
            return {}
        morceaux = [m.strip() for m in str(self.suite.value).split(";") if m.strip()]
        try:
            return {champ: [_palier(m) if champ == "paliers_echeance" else lire_nombre(m) for m in morceaux]}
        except ValueError as erreur:
            raise ErreurCalcul(f"{self.titre}, suite : {erreur}.") from None

    def a_plat(self) -> Plats:
        """Levers, all of them: their presence says that the loan is there; and the choices."""
        plats: dict[str, int | str | bool] = {c: v.valeur for c, v in self.curseurs.items() if v.valeur is not None}
        plats |= {nom: str(liste.value) for nom, liste in self.choix.items() if liste.value}
        return plats | ({"suite": self.suite.value} if self.suite.value else {})

    def poser(self, plats: Plats) -> None:
        """Take back a plain form, without telling anybody."""
        self._muet = True
        for nom, liste in self.choix.items():
            valeur = str(plats.get(nom, "partiel" if nom == "differe" else liste.options[0][1]))
            liste.value = valeur if valeur in {v for _, v in liste.options} else liste.options[0][1]
        self.suite.value = str(plats.get("suite", ""))
        self._muet = False
        for champ, curseur in self.curseurs.items():
            curseur.poser(int(plats[champ]) if champ in plats else None)
        self._montrer()


def _palier(texte: str) -> dict[str, Any]:
    """Payment stage « 24 mois à 1 000 € ».

    Raises:
        ValueError: not so written.
    """
    trouve = _PALIER.fullmatch(texte)
    if trouve is None:
        raise ValueError(f"« {texte} » : écrire par exemple 24 mois à 1 000 €")
    return {"mois": donnee(lire_duree(trouve[1])), "montant": donnee(lire_montant(trouve[2]))}
