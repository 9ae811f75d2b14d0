"""Terms that structures of a loan share: those of the loan, another profile, or a product of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.scenarios import en_clair, lire_etude
from pope_foncier.modele.fiche_pret import Pret
from pope_foncier.prets.ecriture import catalogue_de, developper
from pope_foncier.prets.produits import EcartAuProduit, produit
from pope_foncier.prets.verification import ecarts_du_produit
from pope_foncier.socle.erreurs import ErreurDonnees

_SIENS = ("taux", "indexation")
"""Rate of the loan, kept when the product publishes none."""


@dataclass(frozen=True)
class Famille:
    """Terms that some structures share.

    Attributes:
        nom: name shown.
        etude: study whose loan has these terms.
        produit: the loan as its product names it, whose bounds are checked row by row; None without product.
    """

    nom: str
    etude: Etude
    produit: Pret | None = None

    def ecarts(self, mesures: Mapping[str, float]) -> tuple[EcartAuProduit, ...]:
        """What a structure asks beyond the product, or cannot be told."""
        if self.produit is None:
            return ()
        return tuple(ecarts_du_produit(self.etude, self.produit, catalogue_de(), mesures))


def famille_du_produit(etude: Etude, pret: str, cle: str) -> Famille:
    """Loan of a study at the terms of a product: its amount and term stay, its rate too when the product publishes none.

    Raises:
        ErreurBareme: unknown product.
        ErreurDonnees: a guarantee, or terms that make no loan.
    """
    choisi = produit(cle, catalogue_de(), etude.date_demande)
    brut = en_clair(etude)
    rang = next(i for i, p in enumerate(brut["prets"]) if p["id"] == pret)
    ancien = brut["prets"][rang]
    gardes = {
        n: ancien[n] for n in ("id", "montant", "part", "emprunteur", "duree_mois", "differe_mois") if n in ancien
    }
    entier, _, problemes = developper({**brut, "prets": [{**gardes, "produit": cle}], "bouclage": []}, cle, {})
    if problemes:
        raise ErreurDonnees(problemes)
    (nouveau,) = entier["prets"]
    if _inconnu(nouveau.get("taux")):
        nouveau.pop("taux")
        nouveau |= {n: ancien[n] for n in _SIENS if n in ancien}
    du_produit = Pret.model_validate(nouveau)
    libre = {n: v for n, v in nouveau.items() if n not in ("produit", "objet")}
    prets = [libre if i == rang else p for i, p in enumerate(brut["prets"])]
    return Famille(choisi.titre, lire_etude({**brut, "prets": prets}, choisi.titre)[0], du_produit)


def _inconnu(donnee: Any) -> bool:
    return isinstance(donnee, Mapping) and "a_obtenir_de" in donnee and donnee.get("valeur") is None
