"""Security of a loan of a study: what it guarantees, what it costs at the drawdown, who receives it."""

from __future__ import annotations

from pope_foncier.acquisition.entree import NOTAIRE
from pope_foncier.modele.clauses_de_pret import Garantie
from pope_foncier.modele.contexte import Contexte
from pope_foncier.socle.grandeur import Grandeur, dire, minimum

_MUTATION = "fiscalite.mutation"


def montant_garanti(ctx: Contexte, champ: str, garantie: Garantie, capital: Grandeur) -> Grandeur:
    """Amount guaranteed at the drawdown: all of the loan under a mortgage, the share of the guarantor up to its cap, shape (…, 1) [€]."""
    if garantie.genre == "hypotheque":
        return capital
    quotite = ctx.entree(f"{champ}.garantie.quotite")
    if garantie.plafond is None:
        garanti = dire(capital * quotite, "{} × {}", capital, quotite)
    else:
        plafond = ctx.entree(f"{champ}.garantie.plafond")
        garanti = dire(minimum(capital * quotite, plafond), "{} × {}, au plus {}", capital, quotite, plafond)
    return garanti.nommer("Montant garanti")


def cout_au_deblocage(
    ctx: Contexte, champ: str, garantie: Garantie, capital: Grandeur, garanti: Grandeur
) -> Grandeur | None:
    """Cost of the security paid with the drawdown, shape (…, 1) [€]; None when it is free, or paid each year.

    Mortgage: land-registration tax and contribution on the loan and its accessories, notary by brackets with VAT.
    Guarantor: commission on the amount guaranteed.
    """
    if garantie.genre == "caution" and garantie.assiette == "initiale":
        return garanti * ctx.entree(f"{champ}.garantie.commission")
    if garantie.genre != "hypotheque":
        return None
    somme_garantie = (capital * (1.0 + ctx.bareme(f"{_MUTATION}.hypotheque_accessoires"))).nommer("Prêt et accessoires")
    taxes = ctx.bareme(f"{_MUTATION}.hypotheque_tpf") + ctx.bareme(f"{_MUTATION}.csi_hypotheque")
    emoluments = ctx.bareme_par_tranches(f"{_MUTATION}.notaire_pret", capital).nommer("Émoluments du notaire HT")
    return somme_garantie * taxes + emoluments * (1.0 + ctx.bareme("fiscalite.tva.taux_normal"))


def receveur_de(garantie: Garantie) -> str:
    """Who is paid for a security: the guarantor, or the notary of the deed."""
    return garantie.garant or NOTAIRE
