"""Sheet « Graphiques »: native charts of the closed plan, each on a small table of formulas that reads the rows of the workbook.

Uses and resources, cash by month with its low point and the line of zero, cover of the debt by year with its thresholds. Colours are those
that colour-blind readers tell apart, doubled by hatches, dashes and marks; numbers are written on the bars; a line under each chart says
where it comes from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from pope_foncier.etude import ratios_annuels
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.livre import Ligne
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.vues.classeur.entrees import EtudeEcrite, Repere
from pope_foncier.vues.classeur.feuilles_vives import en_cache
from pope_foncier.vues.classeur.formules import lettres
from pope_foncier.vues.classeur.placement import court, en_jours
from pope_foncier.vues.classeur.styles import Styles
from pope_foncier.vues.formes.image import ALERTE, GRIS, OKABE_ITO

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart
    from xlsxwriter.worksheet import Worksheet

FEUILLE = "Graphiques"
_BLEU, _ORANGE, _VERT = OKABE_ITO[0], OKABE_ITO[1], OKABE_ITO[2]
_TABLE = 20
"""First column of the tables that charts read, out of the print."""
_PREMIER_CHART, _LIGNES_PAR_CHART = 2, 25
_MOIS, _CINQ_ANS = "mm/yyyy", 1826.5
_LOSANGE: dict[str, Any] = {
    "line": {"none": True},
    "marker": {"type": "diamond", "size": 10, "fill": {"color": ALERTE}, "border": {"color": ALERTE}},
    "data_labels": {
        "value": True,
        "num_format": '#,##0,\\ "k€"',
        "position": "below",
        "font": {"bold": True, "color": ALERTE},
    },
}
"""Mark of a point that says its value."""
_MILLIERS = '#,##0,\\ "k€"'
_LARGEUR, _HAUTEUR = 1100, 400
_REGARD = {"besoins": "Besoins du plan bouclé", "ressources": "Ressources du plan bouclé"}
_LOOKS: dict[str, dict[str, Any]] = {
    "besoins": {"fill": {"color": _BLEU}},
    "aide": {"fill": {"color": _VERT}},
    "emprunt": {"pattern": {"pattern": "dark_upward_diagonal", "fg_color": _BLEU, "bg_color": "#FFFFFF"}},
    "boucle": {"pattern": {"pattern": "wide_downward_diagonal", "fg_color": ALERTE, "bg_color": "#FFFFFF"}},
    "apport": {"fill": {"color": _ORANGE}},
}
_LEGENDE = "Vert plein : aides ; hachures bleues : emprunts ; orange : apports ; hachures rouges : ce qui boucle le plan, dont « à trouver », promis par personne."


def ecrire(classeur: Workbook, feuille: Worksheet, styles: Styles, lu: EtudeEcrite) -> None:
    """Write the charts that the plan has, one under the other, and the tables that they read."""
    feuille.write_string(0, 0, "Graphiques (plan bouclé)", styles.titre)
    feuille.set_row(0, 24)
    feuille.set_column(0, _TABLE - 1, 8.6)
    feuille.set_column(_TABLE, _TABLE, 40)
    ligne = _PREMIER_CHART
    for poser in (_besoins_et_ressources, _tresorerie, _couverture):
        if poser(classeur, feuille, styles, lu, ligne):
            ligne += _LIGNES_PAR_CHART
    if ligne == _PREMIER_CHART:
        feuille.write_string(ligne, 0, "Le plan a des inconnues : aucun graphique ne se dessine.", styles.note)
    styles.mettre_en_page(feuille, FEUILLE, portrait=True)
    feuille.fit_to_pages(1, 1)
    feuille.print_area(0, 0, max(ligne - 1, 1), _TABLE - 3)


def _source(lu: EtudeEcrite) -> str:
    etude = lu.ouverte.ev.ctx.etude
    return f"Source : étude « {etude.titre} », {lu.ouverte.titre}, plan bouclé, euros courants ; le graphique suit les formules du classeur."


# --- uses and resources ---------------------------------------------------------------------------------------------
def _besoins_et_ressources(classeur: Workbook, feuille: Worksheet, styles: Styles, lu: EtudeEcrite, ligne: int) -> bool:
    vue = lu.bouclee
    for cote, groupe in enumerate(("besoins", "ressources")):
        lignes = _du_plan(vue, lu, groupe)
        if not lignes:
            return False
        debut, colonne = ligne + 1, _TABLE + 3 * cote
        feuille.set_column(colonne, colonne, 40)
        feuille.write_string(ligne, colonne, _REGARD[groupe], styles.entete)
        feuille.write_string(ligne, colonne + 1, "€", styles.entete)
        for rang, x in enumerate(lignes, start=debut):
            feuille.write_string(rang, colonne, court(x.libelle, 44), styles.libelle)
            feuille.write_formula(
                rang, colonne + 1, f"={_case(lu.reperes[x.code])}", styles.nombre("€"), vue.montant(x.code)
            )
        fin = debut + len(lignes) - 1
        chart = classeur.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": _REGARD[groupe],
                "categories": [FEUILLE, debut, colonne, fin, colonne],
                "values": [FEUILLE, debut, colonne + 1, fin, colonne + 1],
                "gap": 35,
                "points": [_aspect(vue, x, groupe) for x in lignes],
                "data_labels": {"value": True, "num_format": _MILLIERS, "font": {"size": 9}},
            }
        )
        chart.set_title({"name": f"{_REGARD[groupe]} (milliers d'euros)", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": GRIS}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": _LARGEUR / 2, "height": _HAUTEUR})
        feuille.insert_chart(
            ligne, 9 * cote, chart, {"object_position": 2, "description": _decrire(vue, groupe, lignes)}
        )
    _legende(feuille, styles, ligne, f"{_LEGENDE} {_source(lu)}")
    return True


def _du_plan(vue: Vue, lu: EtudeEcrite, groupe: Any) -> list[Ligne]:
    """Lines of one side of the plan that weigh something and stand in the workbook, the largest first."""
    lignes = [x for x in vue.ev.livre.du_groupe(groupe) if x.code in lu.reperes and not x.code.endswith(".total")]
    pesees = [x for x in lignes if abs(vue.montant(x.code)) > 0.5]
    return sorted(pesees, key=lambda x: -vue.montant(x.code))


def _aspect(vue: Vue, ligne: Ligne, groupe: str) -> dict[str, Any]:
    """Look of a bar, by who brings the money."""
    if groupe == "besoins" or ligne.boucle:
        return _LOOKS["besoins" if groupe == "besoins" else "boucle"]
    aides = {f"ressources.{a.aide.id}" for a in vue.ev.subventions}
    dettes = {f"ressources.{d.id}" for d in vue.ev.dettes}
    return _LOOKS["aide" if ligne.code in aides else "emprunt" if ligne.code in dettes else "apport"]


def _decrire(vue: Vue, groupe: str, lignes: Sequence[Ligne]) -> str:
    dits = " ; ".join(f"{x.libelle} {euros(vue.montant(x.code))}" for x in lignes[:4])
    return f"{_REGARD[groupe]}, les plus gros : {dits}."


# --- cash -------------------------------------------------------------------------------------------------------------
def _tresorerie(classeur: Workbook, feuille: Worksheet, styles: Styles, lu: EtudeEcrite, ligne: int) -> bool:
    porteur = lu.bouclee.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    code = f"tresorerie.cumul.{porteur}"
    if code not in lu.reperes:
        return False
    repere, valeurs = lu.reperes[code], lu.bouclee.mensuel(code)
    echelle, debut, colonne = lu.bouclee.ev.ctx.echelle, ligne + 1, _TABLE + 6
    fin, plage = debut + len(valeurs) - 1, _plage(repere)
    creux = float(valeurs.min())
    if math.isnan(creux):
        return False
    for c, titre in enumerate(("Mois", "Solde")):
        feuille.write_string(ligne, colonne + c, titre, styles.entete)
    for k, valeur in enumerate(valeurs):
        jour = datetime.combine(echelle.date_du_mois(k), time())
        feuille.write_datetime(debut + k, colonne, jour, styles.nombre("", num_format=_MOIS))
        feuille.write_formula(
            debut + k, colonne + 1, f"={_case(repere, k)}", styles.nombre("€"), en_cache(float(valeur))
        )
    cote, premier = colonne + 2, int(valeurs.argmin())
    mois = f"${lettres(colonne)}${debut + 1}:${lettres(colonne)}${fin + 1}"
    quand = f"=INDEX({mois},MATCH(MIN({plage}),{plage},0))"
    feuille.write_string(ligne, cote, "Point bas", styles.entete)
    rang_du_creux = en_jours(echelle.date_du_mois(premier))
    feuille.write_formula(debut, cote, quand, styles.nombre("", num_format=_MOIS), rang_du_creux)
    feuille.write_formula(debut, cote + 1, f"=MIN({plage})", styles.nombre("€"), creux)
    feuille.write_string(ligne, cote + 2, "Zéro", styles.entete)
    for k, m in enumerate((0, len(valeurs) - 1)):
        jour = datetime.combine(echelle.date_du_mois(m), time())
        feuille.write_datetime(debut + k, cote + 2, jour, styles.nombre("", num_format=_MOIS))
        feuille.write_number(debut + k, cote + 3, 0, styles.nombre("€"))
    chart = classeur.add_chart({"type": "scatter", "subtype": "straight"})
    for nom, premiere, derniere, look in (
        ("Solde en fin de mois", colonne, fin, {"line": {"color": _BLEU, "width": 2}}),
        ("Zéro", cote + 2, debut + 1, {"line": {"color": GRIS, "width": 1.5, "dash_type": "dash"}}),
        ("Point bas", cote, debut, _LOSANGE),
    ):
        chart.add_series(
            {
                "name": nom,
                "categories": [FEUILLE, debut, premiere, derniere, premiere],
                "values": [FEUILLE, debut, premiere + 1, derniere, premiere + 1],
                **look,
            }
        )
    titre = f"Trésorerie en fin de mois, {porteur}, et son point bas (milliers d'euros)"
    _mettre_en_forme(chart, titre, "k€", _MILLIERS)
    chart.set_x_axis(
        {
            "num_format": "yyyy",
            "min": en_jours(echelle.date_du_mois(0)),
            "max": en_jours(echelle.date_du_mois(len(valeurs) - 1)),
            "major_unit": _CINQ_ANS,
            "label_position": "low",
            "num_font": {"size": 9},
            "major_gridlines": {"visible": False},
        }
    )
    dit = f"{titre} : {euros(creux)} en {echelle.date_du_mois(premier):%m/%Y}"
    feuille.insert_chart(ligne, 0, chart, {"object_position": 2, "description": dit})
    _legende(feuille, styles, ligne, f"Sous le trait de zéro, quelqu'un doit avancer l'argent. {_source(lu)}")
    return True


# --- cover --------------------------------------------------------------------------------------------------------------
def _couverture(classeur: Workbook, feuille: Worksheet, styles: Styles, lu: EtudeEcrite, ligne: int) -> bool:
    code = "ratios_annuels.couverture"
    seuils = {
        r.controle.seuil: r.controle.libelle
        for r in lu.bouclee.ratios
        if r.code in _SEUILS and r.controle.sens == "au_moins"
    }
    if code not in lu.reperes:
        return False
    repere = lu.reperes[code]
    ev = lu.bouclee.ev
    annuels = ratios_annuels.calculer(ev, ev.dettes[0].emprunteur).par_annee
    valeurs = lu.bouclee._ligne(next(r.grandeur for r in annuels if r.code == "couverture"))
    annees, debut, colonne = lu.bouclee.annees, ligne + 1, _TABLE + 12
    gardees = [k for k, v in enumerate(valeurs) if not math.isnan(v)]
    if not gardees:
        return False
    suite = range(gardees[0], gardees[-1] + 1)
    fin = debut + len(suite) - 1
    for c, titre in enumerate(("Année", "Couverture", *(f"Seuil {formater_nombre(s, 2, 0)}" for s in seuils))):
        feuille.write_string(ligne, colonne + c, titre, styles.entete)
    for rang, k in enumerate(suite, start=debut):
        feuille.write_string(rang, colonne, str(annees[k]), styles.detail)
        feuille.write_formula(rang, colonne + 1, f"={_case(repere, k)}", styles.nombre(""), en_cache(valeurs[k]))
        for c, seuil in enumerate(seuils, start=2):
            feuille.write_number(rang, colonne + c, seuil, styles.nombre(""))
    chart = classeur.add_chart({"type": "column"})
    categories = [FEUILLE, debut, colonne, fin, colonne]
    chart.add_series(
        {
            "name": "Couverture de l'année",
            "categories": categories,
            "values": [FEUILLE, debut, colonne + 1, fin, colonne + 1],
            "fill": {"color": _BLEU},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "0.00", "font": {"size": 9}},
        }
    )
    traits = classeur.add_chart({"type": "line"})
    for c, (seuil, tiret) in enumerate(zip(seuils, ("dash", "round_dot", "long_dash_dot"), strict=False), start=2):
        bout: list[Any] = [{"delete": True} for _ in suite]
        bout[-1] = {"value": f"seuil {formater_nombre(seuil, 2, 0)}"}
        traits.add_series(
            {
                "name": f"{court(seuils[seuil], 60)} : {formater_nombre(seuil, 2, 0)}",
                "categories": categories,
                "values": [FEUILLE, debut, colonne + c, fin, colonne + c],
                "line": {"color": ALERTE, "width": 1.75, "dash_type": tiret},
                "data_labels": {
                    "value": True,
                    "custom": bout,
                    "position": "above",
                    "font": {"size": 9, "color": ALERTE},
                },
            }
        )
    chart.combine(traits)
    _mettre_en_forme(chart, "Couverture de la dette par année : ce qui est disponible ÷ ce qui est dû", "fois", "0.0")
    feuille.insert_chart(
        ligne, 0, chart, {"object_position": 2, "description": "Couverture de la dette par année et ses seuils"}
    )
    _legende(
        feuille, styles, ligne, f"Sous 1, la dette de l'année n'est pas payée par ce que le lieu dégage. {_source(lu)}"
    )
    return True


_SEUILS = ("couverture_minimale", "couverture_moyenne")
"""Ratios whose thresholds the cover of a year is read against."""


# --- common ----------------------------------------------------------------------------------------------------------------
def _mettre_en_forme(chart: Chart, titre: str, unite: str, nombres: str) -> None:
    chart.set_title({"name": titre, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    chart.set_x_axis({"label_position": "low", "num_font": {"size": 9}})
    chart.set_y_axis(
        {
            "name": unite,
            "num_format": nombres,
            "num_font": {"size": 9},
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        }
    )
    chart.set_size({"width": _LARGEUR, "height": _HAUTEUR})
    chart.show_na_as_empty_cell()


def _legende(feuille: Worksheet, styles: Styles, ligne: int, texte: str) -> None:
    """Line under a chart."""
    feuille.merge_range(ligne + 21, 0, ligne + 22, _TABLE - 4, texte, styles.note)


def _case(repere: Repere, rang: int = 0) -> str:
    """Cell of a row of the workbook."""
    return f"'{repere.feuille}'!${lettres(repere.premiere + rang)}${repere.ligne + 1}"


def _plage(repere: Repere) -> str:
    return f"'{repere.feuille}'!${lettres(repere.premiere)}${repere.ligne + 1}:${lettres(repere.derniere)}${repere.ligne + 1}"
