"""Guarantee of a loan by the commune: free, and limited by what the law allows for the borrower (CGCT L. 2252-1, D. 1511-35)."""

from __future__ import annotations

import numpy as np

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_pret import Pret
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import pourcent
from pope_foncier.socle.vocabulaire import connu_ou_zero, superieur

BAREMES = "suretes.garantie_communale"
FORMES = {
    "association": "une association",
    "scic": "une Scic",
    "sci": "une société civile",
    "entreprise": "une entreprise",
    "collectivite": "une collectivité",
    "bailleur_social": "un bailleur social",
}
"""Legal forms in French."""


def quotite_admise(ctx: Contexte, emprunteur: str) -> Grandeur:
    """Largest share of a loan that communes may guarantee together, shape (…, 1): all of it for a body of general interest.

    A borrower that does not order the works has a form that the study does not say: it is held to the common rule.
    """
    forme = lire_montages().formes.get(_forme(ctx, emprunteur))
    general = forme is not None and forme.interet_general == "oui"
    return ctx.bareme(f"{BAREMES}.quotite_max_interet_general" if general else f"{BAREMES}.quotite_max")


def verifier_garantie_communale(ctx: Contexte, pret: Pret, emprunteur: str) -> None:
    """Refuse a guarantee of the commune over what the law allows for the borrower.

    Raises:
        ErreurCalcul: says the share allowed and how to mend.
    """
    champ = f"prets[{pret.id}].garantie.quotite"
    quotite, admise = ctx.entree(champ), quotite_admise(ctx, emprunteur)
    if aiguiller(connu_ou_zero(superieur(quotite, admise + 1e-9))):
        qui = FORMES.get(_forme(ctx, emprunteur), "un emprunteur dont l'étude ne dit pas la forme")
        demande = float(np.nanmax(quotite.valeur))
        raise ErreurCalcul(
            f"Prêt « {pret.libelle} » : garantie de la commune à {pourcent(demande, 0)}, {pourcent(float(admise.valeur.flat[0]), 0)} au plus "
            f"pour {qui} (CGCT L. 2252-1 et D. 1511-35) ; seul un organisme d'intérêt général (CGI 200 et 238 bis) peut être garanti "
            f"au-delà. Baisser « {champ} », ou prendre un autre garant."
        )


def _forme(ctx: Contexte, emprunteur: str) -> str:
    acteurs = ctx.etude.acteurs
    return acteurs.forme_maitre_ouvrage if emprunteur == acteurs.nom_maitre_ouvrage else ""
