"""Loans of a montage: those of the study, cut to what the tenure allows and secured by what it and the holder open."""

from __future__ import annotations

from typing import Any

from pope_foncier.acquisition.fiche import Foncier
from pope_foncier.acquisition.montages import Montage, Montages
from pope_foncier.acquisition.titres import Titre
from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.fiches import champs_dits


def duree_de_pret(foncier: Foncier, titre: Donnee[int] | None) -> int | None:
    """Longest loan that a tenure allows [months]: its term less a margin, within what the lender accepts; None if unknown.

    Args:
        titre: term of the tenure; None for ownership, which does not end.
    """
    plafond, marge = foncier.pret_duree_max_mois.valeur, foncier.pret_marge_mois.valeur
    if titre is None:
        return plafond
    if titre.valeur is None or plafond is None or marge is None:
        return None
    return max(min(plafond, titre.valeur - marge), 1)


def prets_du_montage(
    foncier: Foncier,
    etude: Etude,
    duree: Donnee[int] | None,
    montage: Montage,
    titre: Titre,
    reel: bool,
    fiches: Montages,
) -> list[dict[str, Any]]:
    """Loans of the study, borrowed by the holder, cut to what the tenure allows and secured by what it opens.

    The guarantor that the study states is kept, the commune only for a borrower of general interest; a mortgage without a real
    right gives way to a guarantor.
    """
    prets = [champs_dits(p) for p in etude.prets]
    limite = duree_de_pret(foncier, duree)
    hypotheque = titre.hypotheque != "non" and reel
    garantie = fiches.garanties.hypotheque if hypotheque else fiches.garanties.garant
    admises = {"caution"}
    admises |= {"hypotheque"} if hypotheque else set()
    admises |= {"garantie_communale"} if garantie_communale_admise(montage, fiches) else set()
    for fiche, pret in zip(etude.prets, prets, strict=True):
        pret["emprunteur"] = "gestionnaire" if montage.porteur == "gestionnaire" else "proprietaire"
        prevue = pret.pop("garantie", None)
        if montage.forme != "collectivite":
            gardee = fiche.garantie is not None and fiche.garantie.genre in admises
            pret["garantie"] = prevue if gardee else garantie
        if fiche.duree_mois is None:
            continue  # its instalments give the term
        voulue = fiche.duree_mois.valeur
        if limite is None:
            pret["duree_mois"] = {"a_obtenir_de": foncier.pret_duree_max_mois.a_obtenir_de or "le prêteur"}
        elif voulue is not None and voulue > limite:
            pret["duree_mois"] = {"valeur": limite, "base": "durée de l'étude, ramenée à ce que le titre permet"}
    return prets


def garantie_communale_admise(montage: Montage, fiches: Montages) -> bool:
    """Whether the commune may guarantee the whole loan of the holder: a body of general interest."""
    return fiches.forme_de(montage).interet_general == "oui"
