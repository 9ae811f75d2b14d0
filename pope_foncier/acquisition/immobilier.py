"""Holder of the premises: rent paid and received, running charges, equilibrium rent, resale value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.acquisition.entree import Entree
from pope_foncier.acquisition.suites_du_titre import (
    ARTISANS,
    ETAT,
    accompagner,
    hors_franchise,
    parties,
    sur_la_surface,
)
from pope_foncier.acquisition.titres import GenreTitre, titre_de
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.registre_des_lignes import nommer
from pope_foncier.modele.ressource import Ressource
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, dire, maximum, somme, total, vers_mois
from pope_foncier.socle.vocabulaire import dernier, inferieur, plancher, puissance, si, superieur, variation
from pope_foncier.travaux.cout import CoutTravaux

ASSUREURS = "Assureurs"
_CHARGES = "exploitation.charges.propriete"
_CENTIME = 0.01


@enregistrement
class Loyers:
    """Rents by month, shape (…, M) [€].

    Attributes:
        titre: what the tenure costs: rent or fee, its VAT and charges, restoring at the end.
        gestionnaire: what the operator pays for the premises, VAT included when it bears VAT.
        par_m2: yearly rent of the letting before indexation and VAT, shape (…, 1) [€/m²/year]; None without letting.
        reserve: part of the rent that the owner keeps in reserve, shape (…, M); None without letting.
    """

    titre: Grandeur
    gestionnaire: Grandeur
    par_m2: Grandeur | None = None
    reserve: Grandeur | None = None


def redevance(ctx: Contexte, livre: Livre, cal: Calendrier) -> Grandeur:
    """What the tenure costs by month: its rent, indexed from the year of departure, from its start to the end of the use.

    Each renewal adds its step; rents paid at once leave nothing to pay by month. VAT, charges and restoring go with the rent.
    """
    etude = ctx.etude
    annuel = _annuel(ctx, ctx.entree("titre_occupation.loyer_m2_an"))
    if etude.titre_occupation.loyer_capitalise is not None:
        annuel = (annuel * 0.0).nommer("Loyer annuel (payé d'avance)", "€/an")
    mensuel = annuel * _indice(ctx, etude.titre_occupation.genre) / 12 * cal.loue
    if etude.titre_occupation.renouvellement is not None:
        hausse = ctx.entree("titre_occupation.renouvellement.hausse_part")
        rang = _rang_du_terme(ctx, cal)
        mensuel = mensuel * dire(puissance(1.0 + hausse, rang), "(1 + {1}) puissance [{0}]", rang, hausse)
    loyer = livre.inscrire("tresorerie.loyer", hors_franchise(ctx, cal, mensuel), *parties(ctx))
    return accompagner(ctx, livre, cal, loyer)


def _rang_du_terme(ctx: Contexte, cal: Calendrier) -> Grandeur:
    """How many times the tenure has been renewed at each month, shape (…, M)."""
    duree = (cal.fin_titre - cal.debut_titre).nommer("Durée du titre", "mois")
    termes = maximum(plancher((ctx.mois - cal.debut_titre) / maximum(duree, 1.0)), 0.0)
    phrase = "termes entiers de {2} entre le mois {1} et le mois {0}"
    return dire(termes, phrase, ctx.mois, cal.debut_titre, duree).nommer("Renouvellements passés", "")


def _reinstaller(ctx: Contexte, livre: Livre, cal: Calendrier, cout: CoutTravaux) -> list[Grandeur]:
    """Works done again at each renewal, paid by whoever ordered the first ones, revised by the BT01 path."""
    if ctx.etude.titre_occupation.renouvellement is None:
        return []
    part = ctx.entree("titre_occupation.renouvellement.reinstallation_part")
    passes = _rang_du_terme(ctx, cal)
    au_renouvellement = dire(variation(passes), "premier mois après [{}]", passes)
    prix = vers_mois(ctx.indice("bt01", ctx.etude.date_depart.year), ctx.echelle)
    ligne = cout.immobilier_ttc * part * prix * au_renouvellement * cal.occupe
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    return [livre.inscrire("immobilier.reinstallation", ligne, porteur, ARTISANS)]


def charges_du_porteur(ctx: Contexte, livre: Livre, cal: Calendrier, cout: CoutTravaux) -> Grandeur:
    """Property tax, insurance, heavy maintenance, works of a renewal by month, paid by whoever orders the works, shape (…, M)."""
    fiche = ctx.etude.immobilier
    if fiche is None:
        return nommer(_CHARGES, somme(_reinstaller(ctx, livre, cal, cout)))
    porteur = ctx.etude.acteurs.nom_maitre_ouvrage
    prix = vers_mois(ctx.indice("prix", fiche.annee_prix), ctx.echelle)
    lignes = []
    for code, receveur in (("taxe_fonciere", ETAT), ("assurance", ASSUREURS), ("entretien", ARTISANS)):
        par_m2 = ctx.entree(f"immobilier.{code}_m2_an")
        base = (sur_la_surface(ctx, par_m2) / 12).nommer(f"{par_m2.nom} par mois, base")
        lignes.append(livre.inscrire(f"immobilier.{code}", base * prix * cal.occupe, porteur, receveur))
    return nommer(_CHARGES, somme([*lignes, *_reinstaller(ctx, livre, cal, cout)]))


def valeur_de_revente(ctx: Contexte, cal: Calendrier, achat: Entree, cout: CoutTravaux) -> Grandeur:
    """What the holder finds again at the end of the study, shape (…, 1) [€]; zero when the tenure gives nothing back.

    Rents paid at once for years beyond the study are found again pro rata: the right may be transferred.
    """
    fiche = ctx.etude.immobilier
    if ctx.etude.titre_occupation.loyer_capitalise is not None:
        duree = cal.fin_titre - cal.debut_titre
        reste = maximum(cal.fin_titre - float(ctx.echelle.duree_mois), 0.0).nommer("Mois de bail après l'étude", "mois")
        return (achat.loyer_capitalise * reste / duree).nommer("Loyer d'avance non consommé")
    if fiche is None or titre_de(ctx.etude.titre_occupation.genre).sortie != "revente":
        return Grandeur(0.0, "Valeur de revente", "€")
    part = ctx.entree("immobilier.part_revente")
    return ((achat.prix + cout.immobilier_ttc) * part).nommer("Valeur de revente")


def louer(
    ctx: Contexte, livre: Livre, cal: Calendrier, revente: Grandeur, apports: Sequence[Ressource], reste_du: Grandeur
) -> tuple[Grandeur, Grandeur, Grandeur]:
    """Rent from the operator to the project owner by month, VAT included, yearly rent by m² before indexation, reserve by month.

    The equilibrium rent solves NPV(owner's flows, rent less reserve included, and resale) = 0 at the return wanted. The flows
    are linear in the rent, so it is a quotient of two present values; it is never below zero, and unknown when no rent is paid. What the owner itself brings
    is what must be remunerated: it is not counted as received, nor its return as paid. What is still owed at the end of the
    study is paid from the resale.

    Args:
        revente: resale at the end, shape (…, 1) [€].
        apports: equity of the owner.
        reste_du: debt and contributions still owed at the end, shape (…, 1) [€].

    Raises:
        ErreurCalcul: equilibrium rent with a bridge loan, whose size depends on the rent.
    """
    bail = ctx.etude.bail_gestionnaire
    if bail.loyer == "equilibre" and ctx.etude.relais is not None:
        raise ErreurCalcul(
            "Loyer d'équilibre et prêt relais à la fois : le relais dépend du loyer. "
            "Fixer le loyer (« bail_gestionnaire.loyer: fixe »), ou retirer « relais »."
        )
    un_euro = Grandeur(1.0, "1 € par m² et par an", "€/m²/an")
    unitaire = (_annuel(ctx, un_euro) * _indice(ctx, bail.genre) / 12 * cal.ouvert).nommer("Loyer pour 1 €/m²/an")
    porteur = ctx.etude.acteurs.proprietaire
    mise_en_reserve = ctx.entree("bail_gestionnaire.reserve_part", sinon=0.0)
    if bail.loyer == "gratuit":
        par_m2 = Grandeur(0.0, "Loyer au m² (mise à disposition gratuite)", "€/m²/an")
    elif bail.loyer == "fixe":
        par_m2 = ctx.entree("bail_gestionnaire.loyer_m2_an").alias()
    else:
        encaisse = (unitaire * (1.0 - mise_en_reserve)).nommer("Loyer pour 1 €/m²/an, réserve ôtée")
        soldee = (revente - reste_du).nommer("Revente, dettes soldées")
        par_m2 = _loyer_d_equilibre(ctx, _flux_avant_loyer(livre, porteur, apports), encaisse, soldee)
    par_m2 = par_m2.nommer("Loyer du gestionnaire, première année", "€/m²/an")
    loyer = livre.inscrire("bail.loyer", unitaire * par_m2, ctx.etude.acteurs.gestionnaire, porteur)
    reserve = (loyer * mise_en_reserve).nommer("Loyer mis en réserve")
    if not bail.tva:
        return loyer, par_m2, reserve
    taxe = loyer * ctx.bareme("fiscalite.tva.taux_normal")
    livre.inscrire("bail.tva", taxe, ctx.etude.acteurs.gestionnaire, ETAT)
    return (loyer + taxe).nommer("Loyer TTC"), par_m2, reserve


def _flux_avant_loyer(livre: Livre, porteur: str, apports: Sequence[Ressource]) -> Grandeur:
    """Flows of the owner without rent: its own equity is not received, nor the return on it paid, shape (…, M) [€]."""
    propres = [a.encaisse for a in apports if a.nature in ("fonds_propres", "autofinancement")]
    rendus = [a.remuneration for a in apports if a.remuneration is not None]
    flux = livre.solde(porteur) - somme(propres, "Fonds propres apportés") + somme(rendus, "Rémunération des parts")
    return flux.nommer("Flux du porteur avant loyer")


def _loyer_d_equilibre(ctx: Contexte, flux: Grandeur, encaisse: Grandeur, revente: Grandeur) -> Grandeur:
    """Rent by m² that gives the owner the return wanted, shape (…, 1) [€/m²/year]: a quotient of two present values."""
    rendement = ctx.entree("bail_gestionnaire.rendement")
    actualisation = puissance(1.0 + rendement, (0.0 - ctx.mois) / 12.0)
    manque = 0.0 - (total(flux * actualisation) + revente * dernier(actualisation))
    unite = total(encaisse * actualisation)
    rien_a_couvrir = inferieur(maximum(manque, 0.0 - manque), _CENTIME / 2)
    loyer = si(superieur(unite, 0.0), maximum(manque / unite, 0.0), si(rien_a_couvrir, 0.0, float("nan")))
    phrase = "opposé de la valeur à {2} de [{0}] et de {3}, divisé par la valeur de [{1}]"
    return dire(loyer, phrase, flux, encaisse, rendement, revente)


def _annuel(ctx: Contexte, par_m2: Grandeur) -> Grandeur:
    return sur_la_surface(ctx, par_m2).nommer("Loyer annuel de base", "€/an")


def _indice(ctx: Contexte, genre: GenreTitre) -> Grandeur:
    """Index of a rent: the path that its tenure follows, ILAT by default."""
    chemin = titre_de(genre).indexation or "ilat"
    return vers_mois(ctx.indice(chemin, ctx.etude.date_depart.year), ctx.echelle)


def actualiser(flux: Tableau, taux: Tableau) -> Tableau:
    """Present value of monthly flows at an annual rate, month 0 undiscounted, shape (…, 1) [€]."""
    mois = np.arange(flux.shape[-1])
    return np.asarray((flux * (1.0 + taux) ** (-mois / 12.0)).sum(axis=-1, keepdims=True))
