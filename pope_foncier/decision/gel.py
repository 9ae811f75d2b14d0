"""Funding frozen at the closing of a plan: amounts of grants, loans, closers and contribution no longer follow the costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.etude.chaine import calculer
from pope_foncier.etude.champs import verifier_champ, verifier_element
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.exploitation.conditions import commune_paie
from pope_foncier.exploitation.fiche_contribution import Contribution, MontantVote
from pope_foncier.modele.contexte import Choc, Contexte
from pope_foncier.modele.donnee import DonneePositif
from pope_foncier.modele.entrees_communes import communes_pour
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.phrases import Origine

_ARRETE = "arrêté au bouclage du plan"


def geler(vue: Vue) -> Contexte:
    """Context of a scenario whose funding is what its closed plan found, and stays so whatever strikes.

    A grant keeps its amount, not its date: it is still paid when its event comes. The commune pays what the closed plan reads,
    year by year, and less only for months that are not open. A rent found by the balance of its owner is signed.
    """
    bouclee = vue.bouclee
    ctx, rang = bouclee.ev.ctx, bouclee.rang
    etude = ctx.variantes[rang if len(ctx.variantes) > 1 else 0]
    etude = etude.model_copy(update={"bouclage": etude.boucleurs})
    etude = _bail_signe(bouclee, _contribution_arretee(bouclee, etude))
    return Contexte(
        (etude,),
        ctx.site,
        ctx.catalogue,
        ctx.evolutions,
        bouclage={cle: _arrete(g, f"bouclage[{cle}]", rang) for cle, g in ctx.bouclage.items()},
        aides_arretees={
            a.aide.id: _arrete(
                a.subvention if a.pret is None else a.subvention + a.pret, f"aides[{a.aide.id}]", rang, a.aide.libelle
            )
            for a in bouclee.ev.subventions
            if a.aide.id in {x.id for x in etude.aides}
        },
        besoins_arretes={
            code: _arrete(bouclee.ev.livre[f"besoins.{code}"], f"besoins.{code}", rang)
            for code in ("pertes_ouverture", "fonds_de_roulement")
            if f"besoins.{code}" in bouclee.ev.livre.lignes
        },
        charges_arretees=_charges_arretees(bouclee),
        soutien_arrete=_soutien_arrete(bouclee, etude),
        communes=communes_pour(etude, ctx.site, [] if ctx.communes is None else [ctx.communes]),
    )


def frapper(
    gele: Contexte, chocs: Sequence[Choc], commune_en_retard: int | Sequence[int] = 0, sans_commune: bool = False
) -> Evaluation:
    """Evaluate a frozen plan under shocks.

    Args:
        gele: context made by ``geler``.
        chocs: what strikes, together.
        commune_en_retard: months by which the commune pays late; several, none of which is zero, make as many rows.
        sans_commune: whether the commune pays nothing of what it was to bring, investment and operation.

    Raises:
        ErreurCalcul: a shock on a field that nothing reads, or on an element that the study does not have.
    """
    ctx, retards = gele, np.ravel(commune_en_retard).tolist()
    for choc in chocs:
        verifier_champ(choc.champ)
        verifier_element(ctx.etude, choc.champ)
    if any(retards) and ctx.etude.exploitation is not None:
        fiche = ctx.etude.exploitation.contribution_commune
        tardives = [fiche.model_copy(update={"decalage_mois": fiche.decalage_mois + mois}) for mois in retards]
        ctx = _de(ctx, tuple(_exploitee(ctx.etude, contribution_commune=x) for x in tardives))
    if sans_commune:
        ctx = _sans_commune(ctx)
    noms = ["base"] if len(ctx.variantes) == 1 else [f"{mois} mois" for mois in retards]
    return calculer(replace(ctx, chocs=(*ctx.chocs, *chocs)), noms)


def _sans_commune(ctx: Contexte) -> Contexte:
    """Frozen plan without anything of what the commune brings, whatever the route, nor what hangs on its support."""
    etude, commune = ctx.etude, ctx.etude.acteurs.commune
    champs = [f"aides[{a.id}].arretee" for a in etude.aides if a.financeur == commune]
    champs += [f"apports[{a.id}].montant" for a in etude.apports if a.apporteur == commune]
    champs += [
        f"prets[{p.id}].{'part' if p.montant is None else 'montant'}" for p in etude.prets if p.preteur == commune
    ]
    siens = {b.id for b in etude.boucleurs if b.nom_apporteur == commune}
    if etude.exploitation is not None:
        autres = tuple(p for p in etude.exploitation.produits_annexes if p.payeur != commune)
        ctx = _de(ctx, (_exploitee(etude, contribution_commune=Contribution(mode="aucune"), produits_annexes=autres),))
    return replace(
        ctx,
        bouclage={cle: (g * 0.0).nommer(g.nom) if cle in siens else g for cle, g in ctx.bouclage.items()},
        soutien_arrete=None,
        chocs=tuple(Choc(champ, "la commune ne paie rien", 0.0) for champ in champs),
    )


def _exploitee(etude: Etude, **champs: object) -> Etude:
    """Same study with some fields of the operation changed."""
    assert etude.exploitation is not None
    return etude.model_copy(update={"exploitation": etude.exploitation.model_copy(update=champs)})


def _de(ctx: Contexte, variantes: tuple[Etude, ...]) -> Contexte:
    """Same context of other studies; one alone takes what was read and worked out of the one before where it says the same."""
    communes = ctx.communes
    if communes is not None and len(variantes) == 1:
        communes = communes_pour(variantes[0], ctx.site, [communes])
    return replace(ctx, variantes=variantes, _memoire={}, communes=communes)


def _contribution_arretee(vue: Vue, etude: Etude) -> Etude:
    """Study whose commune pays, year by year, what the closed plan reads; left as it is when that is unknown."""
    exploitation = etude.exploitation
    if exploitation is None or exploitation.contribution_commune.mode == "aucune":
        return etude
    montants = vue.annuel("exploitation.produits.contribution")
    if np.isnan(montants).any():
        return etude
    ouverts = np.broadcast_to(vue._ligne(vue.ev.calendrier.ouvert), (vue.ev.ctx.echelle.duree_mois,))
    mois = np.add.reduceat(ouverts, vue.ev.ctx.echelle.debuts_annee)
    fiche = exploitation.contribution_commune
    votes = tuple(
        valider(
            MontantVote,
            {"annee": a, "montant": float(m), "mois_ouverts": int(n)},
            libelle("exploitation.produits.contribution"),
        )
        for a, m, n in zip(vue.annees, montants, mois, strict=True)
        if n > 0
    )
    if not votes:
        return etude  # never open: nothing is paid, under any mode
    arretee = Contribution(
        mode="arretee", montants=votes, versements=fiche.versements, decalage_mois=fiche.decalage_mois
    )
    return etude.model_copy(update={"exploitation": exploitation.model_copy(update={"contribution_commune": arretee})})


def _charges_arretees(vue: Vue) -> Grandeur | None:
    """Depreciation and interest of the closed plan, by month; None without operation."""
    if vue.ev.compte is None:
        return None
    codes = [f"exploitation.charges.{nom}" for nom in ("dotation", "interets")]
    origine = Origine("hypothese", "exploitation.charges", _ARRETE, "hypothese")
    manques = frozenset().union(*(vue.ev.livre[c].manques for c in codes))
    valeur = sum((vue.mensuel(c) for c in codes), np.zeros(1))[None, :]
    return Grandeur(valeur, "Amortissement et intérêts du plan arrêté", "€", [origine], axe="mois", manques=manques)


def _soutien_arrete(vue: Vue, etude: Etude) -> Grandeur | None:
    """Years in which the commune of the closed plan pays a part of the running."""
    if etude.exploitation is None:
        return None
    engagee = commune_paie(vue.ev.ctx, vue.ev.calendrier, vue.ev.capacite.places)
    valeurs = engagee.valeur.reshape(-1, engagee.valeur.shape[-1])
    valeur = valeurs[[vue.rang if len(valeurs) > 1 else 0]]
    origine = Origine("hypothese", "exploitation.contribution_commune", _ARRETE, "hypothese")
    return Grandeur(valeur, engagee.nom, "", [origine], axe=engagee.axe, manques=engagee.manques)


def _bail_signe(vue: Vue, etude: Etude) -> Etude:
    """Study whose operator pays the rent that the closed plan found, when it was found by the balance of the owner."""
    bail, par_m2 = etude.bail_gestionnaire, vue.ev.loyers.par_m2
    if bail is None or bail.loyer != "equilibre" or par_m2 is None:
        return etude
    valeur = vue.valeur(par_m2)
    loyer = DonneePositif(valeur=valeur, base=_ARRETE) if not np.isnan(valeur) else DonneePositif(a_obtenir_de=_ARRETE)
    return etude.model_copy(
        update={"bail_gestionnaire": bail.model_copy(update={"loyer": "fixe", "loyer_m2_an": loyer, "rendement": None})}
    )


def _arrete(grandeur: Grandeur, champ: str, rang: int, nom: str = "") -> Grandeur:
    valeurs: Tableau = grandeur.valeur.reshape(-1, 1)
    valeur = valeurs[rang if len(valeurs) > 1 else 0]
    origine = Origine("hypothese", champ, _ARRETE, "hypothese")
    return Grandeur(valeur.reshape(1, 1), nom or grandeur.nom, "€", [origine], manques=grandeur.manques)
