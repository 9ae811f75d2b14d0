"""Pictures that compare: what each study asks for and who pays it; what the commune pays beside what each meaning of balance would ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.decision.soutien import besoins
from pope_foncier.etude.boucleurs import cle_de
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.lectures import a_trouver, apports
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.sans_place import AUCUNE_PLACE
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.image import (
    HACHURES,
    OKABE_ITO,
    TRAITS,
    Axe,
    Boite,
    Courbe,
    Etiquette,
    Image,
    annee,
    en_marches,
    non_dessine,
)

_PARTS = ("aides", "emprunts", "apports", "bouclage annoncé", "à trouver")


def parts_du_plan(vue: Vue) -> dict[str, float]:
    """Needs of the closed plan of a study by who pays them, what is to find last [€]; NaN when unknown."""
    bouclee, apportes = vue.bouclee, apports(vue)
    annonce = sum(m for a, m in apportes if not a.est_a_trouver)
    fermes = {cle_de(b) for b in bouclee.ev.ctx.etude.boucleurs}
    aides = sum((bouclee.valeur(a.subvention) for a in bouclee.ev.subventions if a.aide.id not in fermes), 0.0)
    prets = sum((bouclee.valeur(d.capital) for d in bouclee.ev.dettes if d.id not in fermes), 0.0)
    manque = a_trouver(vue)
    autres = bouclee.valeur(bouclee.ev.plan.besoins) - aides - prets - annonce - manque
    return dict(zip(_PARTS, (aides, prets, autres, annonce, manque), strict=True))


def etudes(vues: Sequence[tuple[str, Vue]]) -> Image:
    """Needs of each study, one bar each, cut by who pays; a study whose amounts are unknown says so."""
    lues = [{} if v.aucune_place else parts_du_plan(v) for _, v in vues]
    plus_grand = max(float(np.nansum([*parts.values(), 1.0])) for parts in lues)
    boites, etiquettes = [], []
    for rang, parts in enumerate(lues):
        if not parts or np.isnan(list(parts.values())).any():
            pourquoi = "inconnu : des montants manquent" if parts else AUCUNE_PLACE
            etiquettes.append(Etiquette(0.0, rang, pourquoi, "E", pale=True))
            continue
        gauche = 0.0
        for i, (nom, montant) in enumerate(parts.items()):
            if montant < 0.5:
                continue
            creuse = nom == _PARTS[-1]
            boites.append(
                Boite(
                    gauche,
                    rang - 0.35,
                    gauche + montant,
                    rang + 0.35,
                    OKABE_ITO[i],
                    "" if creuse else HACHURES[i],
                    creuse,
                )
            )
            if montant > 0.075 * plus_grand:
                etiquettes.append(
                    Etiquette(gauche + montant / 2, rang, f"{nom}\n{formater_nombre(montant / 1000)}", "C")
                )
            gauche += montant
        etiquettes.append(Etiquette(gauche, rang, euros(round(gauche, -3)), "E", gras=True))
    return Image(
        "Besoins de chaque étude, par qui les paie",
        "Besoins de chaque étude sur le plan bouclé, par qui les paie ; ce que personne ne paie est en creux",
        "études du projet, hypothèses comprises",
        Axe(
            0.0,
            1.16 * plus_grand,
            "besoins du plan bouclé, milliers d'euros TTC",
            ecrire=lambda v: formater_nombre(v / 1000),
        ),
        Axe(len(vues) - 0.5, -0.5, graduations=tuple((float(rang), nom) for rang, (nom, _) in enumerate(vues))),
        tuple(boites),
        tuple(etiquettes),
        0.51,
    )


def commune(vue: Vue) -> Image:
    """Bars: operation, then investment above, paid by the commune by year; lines: what each reading would take for the operation."""
    titre, source = "Budget de la commune par année, plan bouclé", lectures.source(vue)
    exploitation, compte = vue.ev.ctx.etude.exploitation, vue.ev.compte
    paye = None if compte is None else vue.bouclee.ev.livre["commune.contribution"]
    if exploitation is None or paye is None or np.isnan(paye.valeur).any():
        manques = frozenset() if paye is None else paye.manques
        return Image(titre, titre, source, message=non_dessine("Le budget de la commune", manques))
    du_plan, lus = budget(vue), besoins(vue)
    utiles = np.flatnonzero(du_plan.investissement + du_plan.fonctionnement + sum(b.par_annee for b in lus))
    if not len(utiles):
        return Image(titre, titre, source, message="la commune ne paie rien")
    rangs = np.arange(utiles[0], utiles[-1] + 1)
    ans, bas = np.array(vue.annees, dtype=float)[rangs], np.zeros(len(rangs))
    bout, dernier = float(ans[-1]) + 0.5, len(ans) - min(2, len(ans))
    mode = lectures.mode_de_soutien(exploitation.contribution_commune)
    marques: list[Boite | Courbe] = []
    etiquettes = []
    payes = {f"payé, fonctionnement : {mode}": du_plan.fonctionnement, "payé, investissement": du_plan.investissement}
    for i, (nom, montants) in enumerate(payes.items()):
        hauteur = montants[rangs] / 1000
        vus = np.flatnonzero(np.abs(hauteur) > 0.0005)
        marques += [
            Boite(ans[r] - 0.35, bas[r], ans[r] + 0.35, bas[r] + hauteur[r], OKABE_ITO[i], HACHURES[i]) for r in vus
        ]
        if len(vus):
            r = int(vus[-1])
            etiquettes.append(
                Etiquette(ans[r] + 0.35, bas[r] + hauteur[r] / 2, nom, colonne=bout, couleur=OKABE_ITO[i], gras=True)
            )
        bas = bas + np.maximum(hauteur, 0.0)
    for i, besoin in enumerate(lus):
        y, couleur, trait = besoin.par_annee[rangs] / 1000, OKABE_ITO[(i + 2) % 8], TRAITS[i % 4]
        marques.append(Courbe(*en_marches([*(ans - 0.5), bout], [*y, y[-1]]), couleur, trait, 1.8))
        etiquettes.append(
            Etiquette(bout, float(y[dernier]), besoin.libelle, colonne=bout, couleur=couleur, trait=trait)
        )
    courbes = [m for m in marques if isinstance(m, Courbe)]
    return Image(
        titre,
        f"{titre}, à côté de ce que chaque sens de l'équilibre demanderait",
        source,
        Axe(float(ans[0]) - 0.5, bout, graduations=tuple((float(a), annee(a)) for a in ans[:: 1 + len(ans) // 16])),
        Axe(
            min(0.0, *(float(c.y.min()) for c in courbes)),
            1.05 * max(1.0, float(bas.max()), *(float(c.y.max()) for c in courbes)),
            "milliers d'euros par an",
        ),
        tuple(marques),
        tuple(etiquettes),
        0.47,
    )
