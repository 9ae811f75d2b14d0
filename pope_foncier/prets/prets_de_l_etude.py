"""Loans of a study: the schedule of each on the study's months, its drawdown, interest, repayments and balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.acquisition.entree import NOTAIRE
from pope_foncier.aides.cumul import Subvention
from pope_foncier.modele.calendrier import Calendrier, au_mois
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.modele.financement import Indexation, Pret
from pope_foncier.modele.livre import Livre
from pope_foncier.prets import PROFILS, Emprunt, Revision, echeancier, placer_sur_mois
from pope_foncier.prets.garantie_communale import verifier_garantie_communale
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, minimum, somme

_COLONNES = ("interets_payes", "remboursement", "capital_restant_du")
_MUTATION = "fiscalite.mutation"
_TAUX_SANS_EFFET = ("capital_constant", "in_fine")
"""Profiles whose repayments do not depend on the rate."""


@dataclass(frozen=True, slots=True)
class Dette:
    """Loan on the study's months: capital, shape (…, 1); interest, repayment and balance, shape (…, M)."""

    id: str
    libelle: str
    emprunteur: str
    capital: Grandeur
    interets: Grandeur
    remboursement: Grandeur
    restant: Grandeur
    fin: Grandeur
    """Month after the last payment, shape (…, 1)."""
    frais: Grandeur | None = None
    """File fee and cost of the security, paid with the drawdown [€], shape (…, 1)."""


def calculer(ctx: Contexte, livre: Livre, cal: Calendrier, aides: Sequence[Subvention]) -> list[Dette]:
    """Compute the loans of the study and the loan part of its aids; write them in the ledger."""
    realiser = ctx.entree("realiser")
    dettes = []
    for pret in ctx.etude.prets:
        champ = f"prets[{pret.id}]"
        capital = (ctx.entree(f"{champ}.montant") * realiser).nommer(pret.libelle)
        emprunteur = (
            ctx.etude.acteurs.gestionnaire if pret.emprunteur == "gestionnaire" else ctx.etude.acteurs.proprietaire
        )
        dette = _dette(
            ctx,
            livre,
            (pret.id, pret.libelle, pret.profil, emprunteur, pret.preteur),
            capital,
            _taux(ctx, champ, pret.indexation),
            ctx.entree(f"{champ}.duree_mois"),
            ctx.entree(f"{champ}.differe_mois"),
            cal.debut_travaux,
            champ,
        )
        dette = replace(dette, frais=_frais(ctx, livre, cal, pret, capital, emprunteur))
        dettes.append(dette)
    for aide in aides:
        if aide.pret is None or aide.aide.pret_duree_mois is None:
            continue
        nom = aide.aide.libelle
        duree = ctx.entree(f"aides[{aide.aide.id}].pret_duree_mois")
        identite = (
            f"pret_{aide.aide.id}",
            f"{nom}, prêt à taux zéro",
            "capital_constant",
            ctx.etude.acteurs.nom_maitre_ouvrage,
            aide.aide.financeur,
        )
        nul = Grandeur(0.0, "Taux", "%")
        dettes.append(
            _dette(
                ctx,
                livre,
                identite,
                aide.pret,
                nul,
                duree,
                Grandeur(0.0, "Différé", "mois"),
                cal.ouverture,
                f"aides[{aide.aide.id}]",
            )
        )
    return dettes


def service_d_un_euro(ctx: Contexte, cal: Calendrier, champ: str, boucleur: Boucleur) -> Tableau:
    """Interest and capital of one euro of a closing loan by month, shape (…, M) [€ a euro]; its terms read at ``champ``."""
    termes = boucleur.pret
    assert termes is not None
    tableaux = _echeancier_mensuel(termes.profil, ctx.echelle.duree_mois)
    interets, remboursement, _ = tableaux(
        np.ones((1, 1)),
        _taux(ctx, f"{champ}.pret", termes.indexation).valeur,
        ctx.entree(f"{champ}.pret.duree_mois").valeur,
        ctx.entree(f"{champ}.pret.differe_mois").valeur,
        cal.debut_travaux.valeur,
    )
    return np.asarray(interets + remboursement)


def dette_de_bouclage(
    ctx: Contexte, livre: Livre, cal: Calendrier, champ: str, cle: str, boucleur: Boucleur, capital: Grandeur
) -> Dette:
    """Loan to the project owner whose amount closes the plan, its terms read at ``champ``."""
    termes = boucleur.pret
    assert termes is not None
    termes_en = f"{champ}.pret"
    return _dette(
        ctx,
        livre,
        (cle, boucleur.libelle, termes.profil, ctx.etude.acteurs.nom_maitre_ouvrage, boucleur.nom_apporteur),
        capital,
        _taux(ctx, termes_en, termes.indexation),
        ctx.entree(f"{termes_en}.duree_mois"),
        ctx.entree(f"{termes_en}.differe_mois"),
        cal.debut_travaux,
        f"bouclage[{boucleur.id}]",
    )


def _frais(
    ctx: Contexte, livre: Livre, cal: Calendrier, pret: Pret, capital: Grandeur, emprunteur: str
) -> Grandeur | None:
    """File fee to the lender and cost of the security, written as payments at the drawdown; their total, or nothing."""
    montants = []
    if pret.frais is not None:
        realiser = ctx.entree("realiser")
        frais = ctx.entree(f"prets[{pret.id}].frais") * realiser
        montants.append(("frais", frais.nommer(f"Frais de dossier : {pret.libelle}"), pret.preteur))
    if pret.garantie is not None and pret.garantie.genre == "garantie_communale":
        verifier_garantie_communale(ctx, pret, emprunteur)
    elif pret.garantie is not None:
        receveur = pret.garantie.garant or NOTAIRE
        cout = cout_de_garantie(ctx, pret, capital).nommer(f"Garantie : {pret.libelle}")
        montants.append(("garantie", cout, receveur))
    for code, montant, receveur in montants:
        paiement = au_mois(ctx, montant, cal.debut_travaux).nommer(f"Paiement : {montant.nom}")
        livre.inscrire(f"emprunts.{pret.id}.{code}", paiement, emprunteur, receveur)
    return somme([m for _, m, _ in montants], f"Frais et garantie : {pret.libelle}") if montants else None


def cout_de_garantie(ctx: Contexte, pret: Pret, capital: Grandeur) -> Grandeur:
    """Cost of the security of a loan, shape (…, 1) [€].

    Mortgage: land-registration tax and contribution on the loan and its accessories, notary by brackets with VAT.
    Guarantor: commission on the amount guaranteed, up to its cap.
    """
    garantie = pret.garantie
    assert garantie is not None
    champ = f"prets[{pret.id}].garantie"
    if garantie.genre == "caution":
        garanti = capital * ctx.entree(f"{champ}.quotite")
        if garantie.plafond is not None:
            garanti = minimum(garanti, ctx.entree(f"{champ}.plafond"))
        return garanti.nommer("Montant garanti") * ctx.entree(f"{champ}.commission")
    somme_garantie = (capital * (1.0 + ctx.bareme(f"{_MUTATION}.hypotheque_accessoires"))).nommer("Prêt et accessoires")
    taxes = ctx.bareme(f"{_MUTATION}.hypotheque_tpf") + ctx.bareme(f"{_MUTATION}.csi_hypotheque")
    emoluments = ctx.bareme_par_tranches(f"{_MUTATION}.notaire_pret", capital).nommer("Émoluments du notaire HT")
    return somme_garantie * taxes + emoluments * (1.0 + ctx.bareme("fiscalite.tva.taux_normal"))


def _taux(ctx: Contexte, champ: str, indexation: Indexation | None) -> Grandeur:
    """Fixed rate, shape (…, 1), or rate of each month of the study, shape (…, M)."""
    if indexation is None:
        return ctx.entree(f"{champ}.taux")
    marge = ctx.entree(f"{champ}.indexation.marge")
    return ctx.taux_suivi(indexation.bareme, indexation.evolution) + marge


def _dette(
    ctx: Contexte,
    livre: Livre,
    identite: tuple[str, str, str, str, str],
    capital: Grandeur,
    taux: Grandeur,
    duree: Grandeur,
    differe: Grandeur,
    debut: Grandeur,
    champ: str,
) -> Dette:
    """Schedule of one loan, written in the ledger; a shock on its delay moves the drawdown, the instalments keep their dates."""
    cle, libelle, profil, emprunteur, preteur = identite
    tableaux = _echeancier_mensuel(profil, ctx.echelle.duree_mois)
    operandes = (capital, taux, duree, differe, debut)
    try:
        interets_v, remboursement_v, restant_v = tableaux(*(o.valeur for o in operandes))
    except ErreurCalcul as erreur:
        raise ErreurCalcul(f"Prêt « {libelle} » : {erreur}") from None
    en_clair = PROFILS[profil].libelle

    def ligne(valeur: Tableau, quoi: str) -> Grandeur:
        gabarit = f"{quoi} d'un prêt de {{}} à {{}} sur {{}} ({en_clair}, différé partiel {{}}, départ au mois {{}})"
        return appliquer(lambda *_: valeur, gabarit, *operandes, axe="mois")

    interets = ligne(interets_v, "intérêts").nommer(f"Intérêts : {libelle}")
    remboursement = ligne(remboursement_v, "remboursement").nommer(f"Remboursement : {libelle}")
    restant = ligne(restant_v, "capital restant dû").nommer(f"Capital restant dû : {libelle}")
    debloque = au_mois(ctx, capital, debut).nommer(f"Déblocage : {libelle}")
    if ctx.chocs:
        retard = ctx.choquer(f"{champ}.retard_mois", Grandeur(0.0, "Retard", "mois"))
        if retard.valeur.any():
            tardif = au_mois(ctx, capital, debut + retard).nommer(debloque.nom)
            restant = appliquer(
                lambda r, prevu, verse: r - np.cumsum(prevu - verse, axis=-1),
                "{} moins ce qui reste à débloquer ([{}], [{}])",
                restant,
                debloque,
                tardif,
            ).nommer(restant.nom)
            debloque = tardif
    if emprunteur == ctx.etude.acteurs.nom_maitre_ouvrage:
        livre.inscrire(f"ressources.{cle}", capital)
    livre.inscrire(f"emprunts.{cle}.deblocage", debloque, preteur, emprunteur)
    livre.inscrire(f"emprunts.{cle}.interets", interets, emprunteur, preteur)
    livre.inscrire(f"emprunts.{cle}.remboursement", remboursement, emprunteur, preteur)
    livre.inscrire(f"emprunts.{cle}.restant", restant)
    return Dette(
        cle,
        libelle,
        emprunteur,
        capital,
        interets,
        remboursement,
        restant,
        (debut + duree).nommer(f"Fin : {libelle}", "mois"),
    )


def _echeancier_mensuel(profil: str, duree_mois: int) -> Callable[..., tuple[Tableau, Tableau, Tableau]]:
    """Function that gives interest, repayment and balance on the study's months, each (…, M).

    The schedule is linear in the capital, so it is computed for one euro: an unknown or null capital then needs no case
    apart. An unknown rate leaves the repayments known when the profile does not depend on it.
    """

    def calculer_mensuel(
        capital: Tableau, taux: Tableau, duree: Tableau, differe: Tableau, debut: Tableau
    ) -> tuple[Tableau, Tableau, Tableau]:
        inconnu = np.isnan(capital + duree + differe + debut)
        revision = None
        if taux.shape[-1] > 1:
            revision = Revision(indices=_depuis(np.nan_to_num(taux), debut), marge=0.0)
            taux = taux[..., :1] if np.isnan(taux).any() else np.asarray(revision.indices)[..., :1]
        taux_inconnu = np.isnan(taux)
        tableau = echeancier(
            Emprunt(
                capital=1.0,
                taux=np.nan_to_num(taux),
                duree_mois=np.where(np.isnan(duree), np.nan_to_num(differe) + 1.0, duree),
                profil=profil,
                differe="partiel" if np.any(differe > 0) else "aucun",
                differe_mois=np.nan_to_num(differe),
                revision=revision,
            )
        )
        places = placer_sur_mois(tableau, duree_mois, np.nan_to_num(debut).reshape(-1), _COLONNES)
        interets, remboursement, restant = (
            np.multiply(capital, places[c], out=places[c] if capital.shape[0] <= places[c].shape[0] else None)
            for c in _COLONNES
        )
        if inconnu.any():
            interets, remboursement, restant = (
                np.where(inconnu, np.nan, v) for v in (interets, remboursement, restant)
            )
        if taux_inconnu.any():
            mois = np.arange(duree_mois)
            trou = np.where((mois > debut) & (mois <= debut + duree) & taux_inconnu, np.nan, 0.0)
            interets = interets + trou
            if profil not in _TAUX_SANS_EFFET:
                remboursement = remboursement + trou
                restant = np.where((mois == debut + duree) & taux_inconnu, 0.0, restant + trou)
        return interets, remboursement, restant

    return calculer_mensuel


def _depuis(chemin: Tableau, debut: Tableau) -> Tableau:
    """Path of a rate counted from the drawdown; its last value holds after the end of the study, shape (…, M)."""
    chemin = chemin.reshape(-1, chemin.shape[-1])
    rangs = np.minimum(
        np.nan_to_num(debut).reshape(-1, 1).astype(np.intp) + np.arange(chemin.shape[-1]), chemin.shape[-1] - 1
    )
    draws = max(len(chemin), len(rangs))
    return np.take_along_axis(
        np.broadcast_to(chemin, (draws, chemin.shape[-1])), np.broadcast_to(rangs, (draws, chemin.shape[-1])), axis=1
    )
