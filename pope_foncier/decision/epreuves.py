"""Stress of a closed plan: funding is frozen, then shocks strike; what is missing, when, and who bears it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from pope_foncier.socle.grandeur import Grandeur, Tableau

PLAN_ARRETE = "Plan arrêté, sans choc"
Essai = tuple[str, Sequence[FicheEpreuve]]
"""Label of what is tried, and the stresses that strike together."""
SANS_EFFET = "sans effet ici"
"""Said beside a stress that changes nothing in a study."""
_BOUGE = 0.005
"""Change of a flow from which a stress has an effect, and under which two months are alike [€]."""
_MOINDRE = 0.5
"""Change of cash under which a party bears nothing [€]."""


@dataclass(frozen=True, slots=True)
class CaisseEprouvee:
    """Cash of one party under a stress.

    Attributes:
        caisse: cash month by month, its lowest point.
        avance: most cash that the stress takes in any month against the frozen plan [€]: what a late payment asks to advance.
        mois_de_l_avance: first month of it.
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
    """Frozen plan first, then each stress, then each combination; those of the data folder are computed once a scenario."""
    return vue.une_fois(_du_projet) if fiches is None else _toutes(vue, fiches)


def _du_projet(vue: Vue) -> list[Effet]:
    return _toutes(vue, lire_epreuves())


def _toutes(vue: Vue, fiches: Epreuves) -> list[Effet]:
    par_nom = {e.id: e for e in fiches.epreuves}
    essais: list[Essai] = [(e.libelle, (e,)) for e in fiches.epreuves]
    essais += [(c.libelle, tuple(par_nom[i] for i in c.epreuves)) for c in fiches.combinaisons]
    return _effets(vue, essais)


def eprouver_ensemble(vue: Vue, noms: Sequence[str], fiches: Epreuves | None = None) -> list[Effet]:
    """Frozen plan first, then each chosen stress, then all of them together when there are several.

    Raises:
        ErreurCalcul: a stress that the data does not have.
    """
    choisies = choisir(noms, fiches)
    essais: list[Essai] = [(e.libelle, (e,)) for e in choisies]
    if len(choisies) > 1:
        essais.append((f"Ensemble : {' + '.join(e.libelle for e in choisies)}", choisies))
    return _effets(vue, essais)


def _effets(vue: Vue, essais: Sequence[Essai]) -> list[Effet]:
    """Frozen plan first, then each trial: rows of one evaluation, but those that change what the commune pays, each apart."""
    gele = geler(vue)
    base = frapper(gele, ())
    effets = {PLAN_ARRETE: mesurer(PLAN_ARRETE, base, base)}
    ensemble = {libelle: chocs_de(gele, base, fiches) for libelle, fiches in essais if not _a_part(fiches)}
    effets |= _en_rangees(gele, base, ensemble)
    for libelle, fiches in essais:
        if libelle not in ensemble:
            effets[libelle] = mesurer(libelle, frapper_ensemble(gele, base, fiches), base)
    return [effets[libelle] for libelle in (PLAN_ARRETE, *(libelle for libelle, _ in essais))]


def _a_part(fiches: Sequence[FicheEpreuve]) -> bool:
    """Whether stresses make another study of the frozen plan: what the commune pays comes late, or not at all."""
    return any(e.commune_retard_mois or e.sans_commune for e in fiches)


def _en_rangees(gele: Contexte, base: Evaluation, essais: Mapping[str, Sequence[Choc]]) -> dict[str, Effet]:
    """Effect of each trial, by label: rows of one evaluation of the frozen plan."""
    if not essais:
        return {}
    ev = frapper(gele, chocs_en_rangees(list(essais.values())))
    return dict(zip(essais, mesurer_les_rangees(list(essais), ev, base), strict=True))


def chocs_en_rangees(essais: Sequence[Sequence[Choc]]) -> list[Choc]:
    """Shocks of several trials on the rows of one evaluation, each on its own row and nothing on the others."""
    ensemble: dict[tuple[str, tuple[int, int] | None, int], dict[int, Choc]] = {}
    for rang, chocs in enumerate(essais):
        vus: Counter[str] = Counter()
        for choc in chocs:
            ensemble.setdefault((choc.champ, choc.mois, vus[choc.champ]), {})[rang] = choc
            vus[choc.champ] += 1
    return [_en_colonne(par_rang, len(essais)) for par_rang in ensemble.values()]


def _en_colonne(par_rang: Mapping[int, Choc], nombre: int) -> Choc:
    facteurs, ajouts = np.ones((nombre, 1)), np.zeros((nombre, 1))
    for rang, choc in par_rang.items():
        facteurs[rang], ajouts[rang] = (x.valeur if isinstance(x, Grandeur) else x for x in (choc.facteur, choc.ajoute))
    un = next(iter(par_rang.values()))
    return replace(un, facteur=Grandeur(facteurs, un.libelle), ajoute=Grandeur(ajouts, un.libelle))


def incidents(vue: Vue, chemin: Path | None = None) -> list[Effet]:
    """Each grant counted, refused, reduced or late, on the frozen plan."""
    fiche = lire_fiche(Incidents, chemin or dossier_donnees() / "hypotheses" / "incidents.yaml")
    gele = geler(vue)
    base = frapper(gele, ())
    essais: dict[str, list[Choc]] = {}
    pris = set()
    for aide in gele.etude.aides:
        if aide.statut == "non_demandee":
            continue
        nom = f"{aide.libelle} ({aide.id})" if aide.libelle in pris else aide.libelle
        pris.add(aide.libelle)
        for incident in fiche.incidents.values():
            libelle = f"{nom} : {incident.libelle}"
            essais[libelle] = [
                Choc(f"aides[{aide.id}].arretee", libelle, incident.coefficient),
                Choc(f"aides[{aide.id}].retard_mois", libelle, 1.0, float(incident.retard_mois)),
            ]
    return list(_en_rangees(gele, base, essais).values())


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
    fermes = {b.cle: f"bouclage[{b.id}]" for b in ev.ctx.boucleurs}
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
    return mesurer_les_rangees([libelle], ev, base)[0]


def mesurer_les_rangees(libelles: Sequence[str], ev: Evaluation, base: Evaluation) -> list[Effet]:
    """The same of each row of an evaluation, by its label."""
    etude, nombre = ev.ctx.etude, len(libelles)
    porteur, fins = etude.acteurs.nom_maitre_ouvrage, _rangees(ev.calendrier.fin_usage.valeur, nombre)
    annees = _rangees(couvertures_par_annee(ev, porteur), nombre)
    pires, seules = (_rangees(pire_couverture(ev, porteur, sans_commune=x), nombre) for x in (False, True))
    trous, bouge = _rangees(ev.plan.reste_a_financer.valeur, nombre), _bouge(ev, base, nombre)
    caisses = {
        acteur: _rangees(ev.livre[f"tresorerie.cumul.{acteur}"].valeur, nombre) for acteur in parties_du_projet(etude)
    }
    pertes = _pertes(ev, base, nombre)
    effets = []
    for rang, libelle in enumerate(libelles):
        sans_effet = ev is not base and not bouge[rang]
        fin = _fin(ev, float(fins[rang, 0]))
        effets.append(
            Effet(
                f"{libelle} ({SANS_EFFET})" if sans_effet else libelle,
                float(trous[rang, 0]),
                annees[rang],
                float(pires[rang, 0]),
                float(seules[rang, 0]),
                tuple(_caisse_eprouvee(acteur, cumuls[rang], base, fin) for acteur, cumuls in caisses.items()),
                tuple(
                    sorted(((a, float(p[rang])) for a, p in pertes.items() if p[rang] > _MOINDRE), key=lambda x: -x[1])
                ),
                sans_effet,
            )
        )
    return effets


def _rangees(valeur: Tableau, nombre: int) -> Tableau:
    """Rows of an array, shape (rows, last axis)."""
    return np.broadcast_to(valeur, (nombre, valeur.shape[-1]))


def _bouge(ev: Evaluation, base: Evaluation, nombre: int) -> Tableau:
    """Whether a stress moves the plan or some month of the cash of a party, by row; an unknown plan may move."""
    caisses = [x.code for x in base.livre.du_poste("solde")]
    codes = (*caisses, "ressources.reste_a_financer", "besoins.total")
    ecarts = [
        _rangees(np.abs(ev.livre[c].valeur - base.livre[c].valeur), nombre).max(axis=-1)
        for c in codes
        if c in ev.livre.lignes
    ]
    bouge: Tableau = ~(np.max(ecarts, axis=0) <= _BOUGE)
    return bouge


def _caisse_eprouvee(acteur: str, cumul: Tableau, base: Evaluation, fin: int) -> CaisseEprouvee:
    caisse = lire_caisse(acteur, cumul)
    ecarts = base.livre[f"tresorerie.cumul.{acteur}"].valeur.reshape(-1) - cumul
    pire = int(np.argmax(ecarts >= ecarts.max() - _BOUGE)) if caisse.est_connue else 0
    avance = max(float(ecarts[pire]), 0.0) if caisse.est_connue else float("nan")
    return CaisseEprouvee(caisse, avance, pire, caisse.mois_sous_zero(fin))


def _fin(ev: Evaluation, fin: float) -> int:
    """Month after the use of the premises, within the horizon."""
    return ev.ctx.echelle.duree_mois if np.isnan(fin) else min(int(fin), ev.ctx.echelle.duree_mois)


def _pertes(ev: Evaluation, base: Evaluation, nombre: int) -> dict[str, Tableau]:
    """What the cash of each party of the project loses by the end, by row: owner, operator, commune."""
    acteurs = ev.ctx.etude.acteurs
    return {
        acteur: _solde(base, acteur, nombre) - _solde(ev, acteur, nombre)
        for acteur in dict.fromkeys((acteurs.nom_maitre_ouvrage, acteurs.gestionnaire, acteurs.commune))
    }


def _solde(ev: Evaluation, acteur: str, nombre: int) -> Tableau:
    code = f"solde.{acteur}"
    if code not in ev.livre.lignes:
        return np.zeros(nombre)
    return np.broadcast_to(ev.livre[code].valeur.sum(axis=-1), (nombre,))
