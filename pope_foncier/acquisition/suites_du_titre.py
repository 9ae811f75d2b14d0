"""What a tenure costs beside its rent: VAT, rent-free months, recoverable charges, deposit, restoring at the end, lease duties."""

from __future__ import annotations

from pope_foncier.acquisition.titres import titre_de
from pope_foncier.modele.calendrier import Calendrier, au_mois, entre
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.socle.grandeur import Grandeur, minimum, somme, vers_mois
from pope_foncier.socle.vocabulaire import superieur

_MUTATION = "fiscalite.mutation"
ETAT = "État et collectivités (taxes)"
ARTISANS = "Entretien du bâtiment"


def parties(ctx: Contexte) -> tuple[str, str]:
    """Who pays the rent of the tenure, and to whom: the operator to the owner, or an owner that lets to its own lessor."""
    etude = ctx.etude
    if etude.bail_gestionnaire is not None:
        return etude.acteurs.proprietaire, etude.bail_gestionnaire.bailleur or "Ancien propriétaire"
    return etude.acteurs.gestionnaire, etude.acteurs.proprietaire


def hors_franchise(ctx: Contexte, cal: Calendrier, loyer: Grandeur) -> Grandeur:
    """Rent by month without its free months, from the start of the tenure; a renewal gives none."""
    if ctx.etude.titre_occupation.franchise_mois is None:
        return loyer
    franchise = ctx.entree("titre_occupation.franchise_mois")
    libres = entre(ctx, cal.debut_titre, cal.debut_titre + franchise).nommer("Mois de franchise", "")
    return loyer * (1.0 - libres)


def accompagner(ctx: Contexte, livre: Livre, cal: Calendrier, loyer: Grandeur) -> Grandeur:
    """Write what goes with the rent of the tenure, paid by whoever pays it; return rent and all of it, shape (…, M).

    VAT on the rent (left out when the payer recovers its own), recoverable charges, restoring of the premises in the last month
    of use, a charge of its year without provision.
    """
    titre = ctx.etude.titre_occupation
    payeur, receveur = parties(ctx)
    lignes = [loyer]
    compensation = ctx.etude.compensation_tva
    if titre.tva_part is not None and (compensation is None or compensation.nature != "recuperation"):
        tva = loyer * ctx.entree("titre_occupation.tva_part") * ctx.bareme("fiscalite.tva.taux_normal")
        lignes.append(livre.inscrire("tresorerie.loyer.tva", tva, payeur, ETAT))
    if titre.charges_m2_an is not None:
        dues = sur_la_surface(ctx, ctx.entree("titre_occupation.charges_m2_an"))
        charges = dues / 12 * vers_mois(ctx.indice("prix", ctx.etude.date_depart.year), ctx.echelle) * cal.loue
        lignes.append(livre.inscrire("tresorerie.loyer.charges", charges, payeur, receveur))
    remise = _remettre_en_etat(ctx, cal)
    if remise is not None:
        lignes.append(livre.inscrire("tresorerie.loyer.remise_en_etat", remise, payeur, ARTISANS))
    return loyer if len(lignes) == 1 else somme(lignes, "Loyer, taxes et charges du titre")


def dernier_mois(cal: Calendrier) -> Grandeur:
    """Last month of use of the premises, shape (…, 1)."""
    return (cal.fin_usage - 1.0).nommer("Dernier mois d'usage", "mois après le départ")


def _remettre_en_etat(ctx: Contexte, cal: Calendrier) -> Grandeur | None:
    """Restoring at the end of the use; none for a tenure renewed to the end of the study."""
    titre = ctx.etude.titre_occupation
    if titre.remise_en_etat_m2 is None or titre.renouvellement is not None:
        return None
    due = sur_la_surface(ctx, ctx.entree("titre_occupation.remise_en_etat_m2"))
    prix = vers_mois(ctx.indice("bt01", ctx.etude.date_depart.year), ctx.echelle)
    return au_mois(ctx, due, dernier_mois(cal)) * prix


def depot_de_garantie(ctx: Contexte) -> Grandeur:
    """Deposit of the tenure, in months of its first rent before VAT, shape (…, 1) [€]; zero when the sheet has none."""
    titre = ctx.etude.titre_occupation
    if titre.depot_garantie_mois is None or titre.loyer_capitalise is not None:
        return nommer("besoins.depot_garantie", Grandeur(0.0))
    mois = ctx.entree("titre_occupation.depot_garantie_mois")
    loyer = sur_la_surface(ctx, ctx.entree("titre_occupation.loyer_m2_an"))
    return nommer("besoins.depot_garantie", loyer / 12 * mois)


def rendre_le_depot(ctx: Contexte, livre: Livre, cal: Calendrier, depot: Grandeur) -> Grandeur:
    """Deposit given back in the last month of use, if it falls within the study, shape (…, M)."""
    titre = ctx.etude.titre_occupation
    if titre.depot_garantie_mois is None or titre.renouvellement is not None:
        return nommer("tresorerie.depot_rendu", Grandeur(0.0))
    payeur, receveur = parties(ctx)
    return livre.inscrire("tresorerie.depot_rendu", au_mois(ctx, depot, dernier_mois(cal)), receveur, payeur)


def frais_de_bail(ctx: Contexte) -> dict[str, Grandeur]:
    """Duties and fees of a lease longer than the length of the law (CGI 742, 881 K), by code, shape (…, 1) [€]; none otherwise.

    Base: rents of the whole term before VAT and indexation, free months not taken off, or what is paid at once. The tax of
    an ordinary lease counts at most some years of rent; a lease that the study says exempt bears the other two alone.
    """
    titre = ctx.etude.titre_occupation
    fiche = titre_de(titre.genre)
    if not fiche.publie:
        return {}
    realiser = ctx.entree("realiser")
    duree = ctx.entree("titre_occupation.duree_mois")
    seuil = ctx.bareme(f"{_MUTATION}.bail_long_seuil_mois")
    publie = superieur(duree, seuil, "1 si {} dépasse {}, sinon 0").nommer("Bail publié (1) ou non (0)", "")
    loyers = _loyers_du_bail(ctx, duree)
    frais = {
        "securite_bail": loyers * ctx.bareme(f"{_MUTATION}.csi_bail") * realiser * publie,
        "notaire_bail": _notaire(ctx, loyers) * realiser * publie,
    }
    if fiche.droit_bail is not None and titre.droit_bail_du:
        assiette = loyers
        if fiche.droit_bail_plafond is not None:
            annuel = loyers / (duree / 12)
            assiette = minimum(loyers, annuel * ctx.bareme(fiche.droit_bail_plafond))
        frais = {"droit_bail": assiette * ctx.bareme(fiche.droit_bail) * realiser * publie, **frais}
    return {code: nommer(f"besoins.{code}", montant) for code, montant in frais.items()}


def _loyers_du_bail(ctx: Contexte, duree: Grandeur) -> Grandeur:
    if ctx.etude.titre_occupation.loyer_capitalise is not None:
        return ctx.entree("titre_occupation.loyer_capitalise")
    annuel = ctx.entree("programme.surface_m2") * ctx.entree("titre_occupation.loyer_m2_an")
    return (annuel * (duree / 12)).nommer("Loyers de toute la durée du bail")


def _notaire(ctx: Contexte, loyers: Grandeur) -> Grandeur:
    if ctx.etude.titre_occupation.notaire_bail is not None:
        return ctx.entree("titre_occupation.notaire_bail")
    emoluments = ctx.bareme_par_tranches(f"{_MUTATION}.notaire_bail", loyers).nommer("Émoluments du bail HT")
    return emoluments * (1.0 + ctx.bareme("fiscalite.tva.taux_normal"))


def sur_la_surface(ctx: Contexte, par_m2: Grandeur) -> Grandeur:
    """Amount by m² on the floor area, nothing when the project is not done."""
    return ctx.entree("programme.surface_m2") * par_m2 * ctx.entree("realiser")
