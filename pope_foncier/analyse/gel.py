"""Funding frozen at the closing of a plan: amounts of grants, loans, closers and contribution no longer follow the costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pope_foncier.analyse.chaine import Evaluation, calculer
from pope_foncier.analyse.resultats import Vue
from pope_foncier.projet.contexte import Choc, Contexte
from pope_foncier.projet.etude import Etude
from pope_foncier.projet.fiche_contribution import Contribution, MontantVote
from pope_foncier.socle.grandeur import Grandeur, Origine, Tableau

_ARRETE = "montant arrêté au bouclage du plan"


def geler(vue: Vue) -> Contexte:
    """Context of a scenario whose funding is what its closed plan found, and stays so whatever strikes.

    A grant keeps its amount, not its date: it is still paid when its event comes. The commune pays what the closed plan reads,
    year by year, and less only for months that are not open.
    """
    bouclee = vue.bouclee
    ctx, rang = bouclee.ev.ctx, bouclee.rang
    etude = ctx.variantes[rang if len(ctx.variantes) > 1 else 0]
    return Contexte(
        (_contribution_arretee(bouclee, etude),),
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
    )


def frapper(
    gele: Contexte, chocs: Sequence[Choc], commune_en_retard: int = 0, sans_commune: bool = False
) -> Evaluation:
    """Evaluate a frozen plan under shocks.

    Args:
        gele: context made by ``geler``.
        chocs: what strikes, together.
        commune_en_retard: months by which the commune pays late.
        sans_commune: whether the commune pays nothing of what it was to bring, investment and operation.
    """
    ctx = gele
    if commune_en_retard and ctx.etude.exploitation is not None:
        fiche = ctx.etude.exploitation.contribution_commune
        tardive = fiche.model_copy(update={"decalage_mois": fiche.decalage_mois + commune_en_retard})
        ctx = _exploiter(ctx, contribution_commune=tardive)
    if sans_commune:
        ctx = _sans_commune(ctx)
    return calculer(replace(ctx, chocs=(*ctx.chocs, *chocs), _memoire={}), ["base"])


def _sans_commune(ctx: Contexte) -> Contexte:
    """Frozen plan without anything of what the commune brings, whatever the route."""
    etude, commune = ctx.etude, ctx.etude.acteurs.commune
    champs = [f"aides[{a.id}].arretee" for a in etude.aides if a.financeur == commune]
    champs += [f"apports[{a.id}].montant" for a in etude.apports if a.apporteur == commune]
    champs += [f"prets[{p.id}].montant" for p in etude.prets if p.preteur == commune]
    siens = {b.id for b in etude.boucleurs if b.nom_apporteur == commune}
    if etude.exploitation is not None:
        autres = tuple(p for p in etude.exploitation.produits_annexes if p.payeur != commune)
        ctx = _exploiter(ctx, contribution_commune=Contribution(mode="aucune"), produits_annexes=autres)
    return replace(
        ctx,
        bouclage={cle: g * 0.0 if cle in siens else g for cle, g in ctx.bouclage.items()},
        chocs=tuple(Choc(champ, "la commune ne paie rien", 0.0) for champ in champs),
    )


def _exploiter(ctx: Contexte, **champs: object) -> Contexte:
    """Same context with some fields of the operation changed."""
    assert ctx.etude.exploitation is not None
    exploitation = ctx.etude.exploitation.model_copy(update=champs)
    return replace(ctx, variantes=(ctx.etude.model_copy(update={"exploitation": exploitation}),))


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
        MontantVote(annee=a, montant=float(m), mois_ouverts=int(n))
        for a, m, n in zip(vue.annees, montants, mois, strict=True)
        if n > 0
    )
    if not votes:
        return etude  # never open: nothing is paid, under any mode
    arretee = Contribution(
        mode="arretee", montants=votes, versements=fiche.versements, decalage_mois=fiche.decalage_mois
    )
    return etude.model_copy(update={"exploitation": exploitation.model_copy(update={"contribution_commune": arretee})})


def _arrete(grandeur: Grandeur, champ: str, rang: int, nom: str = "") -> Grandeur:
    valeurs: Tableau = grandeur.valeur.reshape(-1, 1)
    valeur = valeurs[rang if len(valeurs) > 1 else 0]
    origine = Origine("hypothese", champ, _ARRETE, "hypothese")
    return Grandeur(valeur.reshape(1, 1), nom or grandeur.nom, "€", [origine], manques=grandeur.manques)
