"""Stress of a closed plan: funding is frozen, then shocks strike; what is missing, when, and who bears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pope_foncier.aides.cumul import Subvention
from pope_foncier.decision.fiche_epreuves import Epreuves, FicheEpreuve, Incidents, choisir, lire_epreuves
from pope_foncier.decision.gel import frapper, geler
from pope_foncier.etude.annees import rang_de_croisiere
from pope_foncier.etude.caisses import CaisseDePartie, lire_caisse
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.service_dette import couvertures_par_annee, pire_couverture
from pope_foncier.etude.tresorerie import parties_du_projet
from pope_foncier.modele.contexte import Choc, Contexte
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.fiches import (
    lire_fiche,
)
from pope_foncier.socle.grandeur import Tableau

PLAN_ARRETE = "Plan arrêté, sans choc"
SANS_EFFET = "sans effet ici"
"""Said beside a stress that changes nothing in a study."""
_BOUGE = 0.005
"""Change of a flow from which a stress has an effect [€]."""
_MOINDRE = 0.5
"""Change of cash under which a party bears nothing [€]."""


@dataclass(frozen=True, slots=True)
class CaisseEprouvee:
    """Cash of one party under a stress.

    Attributes:
        caisse: cash month by month, its lowest point.
        avance: most cash that the stress takes in any month against the frozen plan [€]: what a late payment asks to advance.
        mois_de_l_avance: month of it.
        mois_negatifs: months with less than nothing, up to the end of the use.
    """

    caisse: CaisseDePartie
    avance: float
    mois_de_l_avance: int
    mois_negatifs: int


@dataclass(frozen=True, slots=True)
class Effet:
    """What a stress does to the parties of a project, funding being frozen.

    Attributes:
        trou: uses that nobody funds any more [€]; below zero, what is left over.
        couvertures: cover of the debt service of the project owner by calendar year; NaN in a year without debt.
        couverture_minimale: the lowest; NaN without debt, or unknown.
        couverture_minimale_sans_commune: the lowest, all that the commune pays to the operation being taken off.
        caisses: cash of the project owner, then of the operator when it is another.
        porte_par: parties whose cash is lower than on the frozen plan at the end, the largest loss first [€].
        sans_effet: whether nothing in this study hangs on what the stress strikes; its label says so.
    """

    libelle: str
    trou: float
    couvertures: Tableau
    couverture_minimale: float
    couverture_minimale_sans_commune: float
    caisses: tuple[CaisseEprouvee, ...]
    porte_par: tuple[tuple[str, float], ...]
    sans_effet: bool = False

    @property
    def du_porteur(self) -> CaisseEprouvee:
        """Cash of the project owner."""
        return self.caisses[0]

    @property
    def point_bas(self) -> float:
        """Lowest cash of the project owner [€]."""
        return self.du_porteur.caisse.point_bas

    @property
    def mois_du_creux(self) -> int:
        """Month of it."""
        return self.du_porteur.caisse.mois_du_creux

    @property
    def manque(self) -> float:
        """Cash missing at the worst month of each party, added up [€]."""
        return sum(c.caisse.manque for c in self.caisses)

    @property
    def avance(self) -> float:
        """Most cash that the stress takes from each party in any month, added up [€]."""
        return sum(c.avance for c in self.caisses)


def eprouver(vue: Vue, fiches: Epreuves | None = None) -> list[Effet]:
    """Frozen plan first, then each stress, then each combination."""
    fiches = fiches or lire_epreuves()
    gele = geler(vue)
    base = frapper(gele, ())
    reference = mesurer(PLAN_ARRETE, base, base)
    par_nom = {e.id: e for e in fiches.epreuves}
    essais: list[tuple[str, tuple[FicheEpreuve, ...]]] = [(e.libelle, (e,)) for e in fiches.epreuves]
    essais += [(c.libelle, tuple(par_nom[i] for i in c.epreuves)) for c in fiches.combinaisons]
    return [reference, *(mesurer(libelle, frapper_ensemble(gele, base, e), base) for libelle, e in essais)]


def eprouver_ensemble(vue: Vue, noms: Sequence[str], fiches: Epreuves | None = None) -> list[Effet]:
    """Frozen plan first, then each chosen stress, then all of them together when there are several.

    Raises:
        ErreurCalcul: a stress that the data does not have.
    """
    choisies = choisir(noms, fiches)
    gele = geler(vue)
    base = frapper(gele, ())
    essais: list[tuple[str, list[FicheEpreuve]]] = [(e.libelle, [e]) for e in choisies]
    if len(choisies) > 1:
        essais.append((f"Ensemble : {' + '.join(e.libelle for e in choisies)}", choisies))
    return [
        mesurer(PLAN_ARRETE, base, base),
        *(mesurer(libelle, frapper_ensemble(gele, base, e), base) for libelle, e in essais),
    ]


def incidents(vue: Vue, chemin: Path | None = None) -> list[Effet]:
    """Each grant counted, refused, reduced or late, on the frozen plan."""
    fiche = lire_fiche(Incidents, chemin or dossier_donnees() / "hypotheses" / "incidents.yaml")
    gele = geler(vue)
    base = frapper(gele, ())
    effets, pris = [], set()
    for aide in gele.etude.aides:
        if aide.statut == "non_demandee":
            continue
        nom = f"{aide.libelle} ({aide.id})" if aide.libelle in pris else aide.libelle
        pris.add(aide.libelle)
        for incident in fiche.incidents.values():
            libelle = f"{nom} : {incident.libelle}"
            chocs = [
                Choc(f"aides[{aide.id}].arretee", libelle, incident.coefficient),
                Choc(f"aides[{aide.id}].retard_mois", libelle, 1.0, float(incident.retard_mois)),
            ]
            effets.append(mesurer(libelle, frapper(gele, chocs), base))
    return effets


def frapper_ensemble(gele: Contexte, base: Evaluation, epreuves: Sequence[FicheEpreuve]) -> Evaluation:
    """Evaluate several stresses together on a frozen plan.

    Args:
        gele: frozen context.
        base: its evaluation without a shock, that says which grant is the largest and how many jobs there are.
        epreuves: stresses that strike together.
    """
    chocs = chocs_de(gele, base, epreuves)
    return frapper(gele, chocs, sum(e.commune_retard_mois for e in epreuves), any(e.sans_commune for e in epreuves))


def chocs_de(gele: Contexte, base: Evaluation, epreuves: Sequence[FicheEpreuve]) -> list[Choc]:
    """Shocks of several stresses on a frozen plan, beside what they change of the payments of the commune."""
    chocs: list[Choc] = []
    for epreuve in epreuves:
        chocs += [Choc(c.champ, epreuve.libelle, c.facteur, c.ajoute) for c in epreuve.chocs]
        aide = plus_grosse_aide(base)
        if epreuve.aide is not None and aide is not None:
            ou = _champ_de(base, aide)
            chocs.append(Choc(f"{ou}.arretee", epreuve.libelle, epreuve.aide.part))
            chocs.append(Choc(f"{ou}.retard_mois", epreuve.libelle, 1.0, float(epreuve.aide.retard_mois)))
        if epreuve.poste_vacant:
            debut = _debut_de_croisiere(base)
            reste = _part_encadree(base, epreuve.poste_vacant)
            duree = (debut, debut + epreuve.poste_vacant_mois)
            chocs.append(Choc("exploitation.heures_facturees", epreuve.libelle, reste, mois=duree))
        if epreuve.commune_retard_mois:
            retard = float(epreuve.commune_retard_mois)
            champs = _paye_par(gele.etude, gele.etude.acteurs.commune)
            chocs += [Choc(f"{champ}.retard_mois", epreuve.libelle, 1.0, retard) for champ in champs]
    return chocs


def _paye_par(etude: Etude, acteur: str) -> list[str]:
    """Fields of all that a party pays beside its contribution: closing, grants, equity, loans, lines of the operation."""
    champs = [f"bouclage[{b.id}]" for b in etude.boucleurs if b.nom_apporteur == acteur]
    champs += [f"aides[{a.id}]" for a in etude.aides if a.financeur == acteur]
    champs += [f"apports[{a.id}]" for a in etude.apports if a.apporteur == acteur]
    champs += [f"prets[{p.id}]" for p in etude.prets if p.preteur == acteur]
    if etude.exploitation is not None:
        lignes = etude.exploitation.produits_annexes
        champs += [f"exploitation.produits_annexes[{p.id}]" for p in lignes if p.payeur == acteur]
        champs += [
            f"exploitation.actions[{a.id}].financements[{f.id}]"
            for a in etude.exploitation.actions
            for f in a.financements
            if f.payeur == acteur
        ]
    return champs


def plus_grosse_aide(ev: Evaluation) -> Subvention | None:
    """Largest grant that somebody named gives, closers included; None when none is counted."""
    nommees = [a for a in ev.subventions if a.aide.financeur != A_TROUVER]
    comptees = [a for a in nommees if float(np.nansum(a.subvention.valeur)) > 0.0]
    return max(comptees, key=lambda a: float(np.nansum(a.subvention.valeur)), default=None)


def _champ_de(ev: Evaluation, aide: Subvention) -> str:
    """Field on which a shock strikes a grant: that of the study, or of the closing."""
    fermes = {b.cle: f"bouclage[{b.id}]" for b in ev.ctx.etude.boucleurs}
    return fermes.get(aide.aide.id, f"aides[{aide.aide.id}]")


def _debut_de_croisiere(ev: Evaluation) -> int:
    """First month of the cruising year; that of the opening without one."""
    rang = rang_de_croisiere(ev)
    if rang is not None:
        return int(ev.ctx.echelle.debuts_annee[rang])
    return int(np.nan_to_num(ev.calendrier.ouverture.au_point()))


def _part_encadree(ev: Evaluation, postes: float) -> float:
    """Share of the hours still looked after when some jobs with the children are vacant; NaN when the staff is unknown."""
    code = "exploitation.etp.terrain"
    if code not in ev.livre.lignes:
        return 1.0
    etp = float(ev.livre[code].valeur.max())
    if np.isnan(etp):
        return etp
    return max(1.0 - postes / etp, 0.0) if etp > 0 else 1.0


def mesurer(libelle: str, ev: Evaluation, base: Evaluation) -> Effet:
    """What a struck plan leaves to the parties of the project, against the frozen plan without a shock."""
    etude = ev.ctx.etude
    porteur = etude.acteurs.nom_maitre_ouvrage
    sans_effet = ev is not base and not _bouge(ev, base)
    return Effet(
        f"{libelle} ({SANS_EFFET})" if sans_effet else libelle,
        float(ev.plan.reste_a_financer.valeur.reshape(-1)[0]),
        couvertures_par_annee(ev, porteur).reshape(-1),
        float(pire_couverture(ev, porteur).reshape(-1)[0]),
        float(pire_couverture(ev, porteur, sans_commune=True).reshape(-1)[0]),
        tuple(_caisse_eprouvee(acteur, ev, base) for acteur in parties_du_projet(etude)),
        _porte_par(ev, base),
        sans_effet,
    )


def _bouge(ev: Evaluation, base: Evaluation) -> bool:
    """Whether a stress moves the plan or some month of the cash of a party; an unknown plan may move."""
    caisses = [x.code for x in base.livre.du_poste("solde")]
    codes = (*caisses, "ressources.reste_a_financer", "besoins.total")
    ecarts = [np.abs(ev.livre[c].valeur - base.livre[c].valeur).max() for c in codes if c in ev.livre.lignes]
    return not max(ecarts) <= _BOUGE


def _caisse_eprouvee(acteur: str, ev: Evaluation, base: Evaluation) -> CaisseEprouvee:
    code = f"tresorerie.cumul.{acteur}"
    caisse = lire_caisse(acteur, ev.livre[code].valeur.reshape(-1))
    ecarts = base.livre[code].valeur.reshape(-1) - caisse.cumul
    pire = int(np.argmax(ecarts)) if caisse.est_connue else 0
    avance = max(float(ecarts[pire]), 0.0) if caisse.est_connue else float("nan")
    return CaisseEprouvee(caisse, avance, pire, caisse.mois_sous_zero(_fin(ev)))


def _fin(ev: Evaluation) -> int:
    """Month after the use of the premises, within the horizon."""
    fin = ev.calendrier.fin_usage.au_point()
    return ev.ctx.echelle.duree_mois if np.isnan(fin) else min(int(fin), ev.ctx.echelle.duree_mois)


def _porte_par(ev: Evaluation, base: Evaluation) -> tuple[tuple[str, float], ...]:
    """Parties of the project whose cash ends lower than on the frozen plan: owner, operator, commune."""
    acteurs = ev.ctx.etude.acteurs
    pertes = []
    for acteur in dict.fromkeys((acteurs.nom_maitre_ouvrage, acteurs.gestionnaire, acteurs.commune)):
        avant, apres = (
            float(e.livre[f"solde.{acteur}"].valeur.sum()) if f"solde.{acteur}" in e.livre.lignes else 0.0
            for e in (base, ev)
        )
        if avant - apres > _MOINDRE:
            pertes.append((acteur, avant - apres))
    return tuple(sorted(pertes, key=lambda p: -p[1]))
