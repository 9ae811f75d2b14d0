"""Variants of premises side by side: plan, kind of works, places, what binds, checks that fail, cost with its range, time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pope_foncier.decision.variantes_du_lieu import duree_des_travaux
from pope_foncier.etude.fourchette_cout import fourchette_totale
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.lieu.constats import Constat
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Cellule, Rang
from pope_foncier.vues.formes.table import Table
from pope_foncier.vues.lieu import dessin_en_svg
from pope_foncier.vues.lieu.dessin_en_svg import DessinALEchelle
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from pope_foncier.vues.places import locaux_du_scenario
from pope_foncier.vues.places.tableaux import ce_qui_limite

STATUTS = {"hypothese": "supposé", "releve": "relevé", "publie": "publié"}
SANS_PIECE = "pièces non contrôlées : aucune n'est dessinée"
"""What is said of a variant whose rooms cannot be checked."""
NON_TENUS = "Contrôles non tenus"
_SCHEMA = "schéma des surfaces, calculé : pas un plan"
ENTETES = (
    "Lieu",
    "Plan",
    "Mode d'accueil",
    "Genre de travaux",
    "Surface de plancher",
    "Cour",
    "Places",
    "Ce qui limite",
    "Places que les pièces dessinées permettent",
    NON_TENUS,
    "À surveiller",
    "À vérifier",
    "Coût total TTC",
    "Fourchette du coût",
    "Coût par place",
    "Durée des travaux",
    "Ouverture",
)


@dataclass(frozen=True)
class Variante:
    """One variant: its name, its scenario, and its plan when one is chosen."""

    nom: str
    vue: Vue
    plan: PlanTrace | None = None

    @cached_property
    def lieu(self) -> Lieu:
        """Place as the variant reads it."""
        return locaux_du_scenario.lieu_sur(self.vue, self.plan)

    @cached_property
    def dessinee(self) -> PlanTrace | str:
        """What is drawn of it: its plan, the block diagram of its places, or why neither."""
        try:
            return self.plan or locaux_du_scenario.plan_ou_schema(self.vue, self.lieu)
        except ErreurPope as erreur:
            return str(erreur)

    @cached_property
    def constats(self) -> list[Constat]:
        """Checks of the rooms drawn, of doors, exits and stairs, then constraints of the place."""
        pieces = self.lieu.controles() if self.lieu.capacite.locaux else ()
        return [*pieces, *self.lieu.constats_du_plan(), *self.lieu.contraintes()]

    @cached_property
    def cellules(self) -> Rang:
        """What the table says of it, in the order of ``ENTETES``."""
        vue, site = self.vue, self.vue.ev.ctx.site
        genre = vue.ev.ctx.etude.travaux.genre
        surfaces = (cases.mesure(vue.valeur(g), "m²").sinon("inconnue") for g in locaux_du_scenario.surfaces(vue))
        surfaces = (
            c if dessinee else c.dite(f"{c} (non dessinée : celle de l'étude)")
            for c, dessinee in zip(surfaces, self._dessinees(), strict=True)
        )
        return (
            site.nom,
            _plan(self.plan),
            mode_de_l_etude(vue.ev.ctx.etude.mode_accueil).libelle,
            "non dit" if genre is None else lire_couts().genres[genre].libelle,
            *surfaces,
            *_places(vue),
            self._pieces(),
            self._controles(),
            *(self._sujets(statut) or "rien" for statut in ("a_surveiller", "a_verifier")),
            *_cout(vue),
            *_durees(vue),
        )

    def _dessinees(self) -> tuple[bool, bool]:
        """Whether floor and yard are told by the plan; without a plan, the study alone tells them."""
        if self.plan is None:
            return True, True
        return bool(self.plan.formes("batiment")), bool(self.plan.formes("cour")) or self.plan.fiche.sans_cour

    def _pieces(self) -> str:
        usuelle = self.lieu.capacite.usuelle
        return "aucune pièce dessinée" if usuelle is None else f"lecture usuelle du droit : {usuelle.phrase}"

    @cached_property
    def non_tenus(self) -> list[str]:
        """Checks that fail, each said with its evidence."""
        return [
            f"{c.sujet} ({c.valeur}{f' ; {c.repere} : {c.seuil}' if c.seuil else ''})"
            for c in self.constats
            if c.statut == "non_respecte"
        ]

    def _sujets(self, statut: str) -> str:
        """Subjects of the findings of a status in a line, each once; a room is named with what is said of it."""
        pieces = {x.nom for x in self.lieu.capacite.locaux}
        dits = [c.sujet for c in self.constats if c.statut == statut]
        return ", ".join(dict.fromkeys(d if (tete := d.partition(" :")[0]) in pieces else tete for d in dits))

    def _controles(self) -> str:
        """Checks that fail; without rooms nothing of them is checked, which is said too."""
        dits = [*self.non_tenus, *(() if self.lieu.capacite.locaux else (SANS_PIECE,))]
        return " ; ".join(dits) or "aucun"


def table(variantes: Sequence[Variante]) -> Table:
    """Variants side by side, one column each; the site is said when there are several."""
    un_seul = len({v.vue.ev.ctx.site.nom for v in variantes}) == 1
    lignes = tuple(
        (entete, *(v.cellules[rang] for v in variantes))
        for rang, entete in enumerate(ENTETES)
        if not (un_seul and entete == "Lieu")
    )
    note = (
        "Une variante n'est ni classée ni jugée : ce qui n'est pas tenu est à corriger, ce qui est inconnu à demander."
    )
    return Table(
        "Variantes côte à côte",
        ("", *(v.nom for v in variantes)),
        lignes,
        note=note,
        texte=True,
        en_lignes="Variante",
    )


def croquis(variantes: Sequence[Variante], large_mm: float, haut_mm: float) -> list[DessinALEchelle | str]:
    """Drawings of some variants at one scale, the largest usual one that holds them all; the reason where one has none."""
    plans = [v.dessinee for v in variantes]
    echelles = [dessin_en_svg.echelle_qui_tient(p, large_mm, haut_mm) for p in plans if isinstance(p, PlanTrace)]
    commune = max(echelles, default=None)
    return [p if isinstance(p, str) else dessin_en_svg.dessiner(p, large_mm, haut_mm, 0, commune) for p in plans]


def _plan(plan: PlanTrace | None) -> str:
    return _SCHEMA if plan is None else f"{plan.fiche.titre} (plan {STATUTS[plan.fiche.statut]})"


def _places(vue: Vue) -> tuple[Cellule, Cellule]:
    if vue.aucune_place:
        return f"{AUCUNE_PLACE}", vue.aucune_place
    return cases.nombre(vue.places.nombre, unite="places").sinon("inconnu"), ce_qui_limite(vue)


def _cout(vue: Vue) -> tuple[Cellule, Cellule, Cellule]:
    """Total cost, its range, cost by place."""
    if vue.aucune_place:
        return "—", "—", "—"
    total = cases.montant(vue.valeur(vue.ev.cout.total_ttc)).arrondie(-2)
    par_place = vue.valeur(vue.indicateurs["cout_par_place"])
    chacune: Cellule = "sans objet" if vue.places.nombre == 0 else cases.montant(par_place).arrondie(-2)
    return total, lectures.fourchette(fourchette_totale(vue)), chacune


def _durees(vue: Vue) -> tuple[Cellule, Cellule]:
    """Length of the works, opening."""
    cal, echelle = vue.ev.calendrier, vue.ev.ctx.echelle
    duree, ouverture = cases.mesure(duree_des_travaux(vue), "mois").sinon("inconnue"), vue.valeur(cal.ouverture)
    if math.isnan(ouverture):
        return duree, "inconnue"
    if ouverture >= echelle.duree_mois:
        return duree, f"hors de l'étude, plus de {formater_nombre(echelle.duree_mois)} mois"
    return duree, cases.mois(echelle, ouverture)
