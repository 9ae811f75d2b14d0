"""Decision note: one A4 page — what, where, places, cost with range, who pays, the commune's budget, open questions."""

from __future__ import annotations

import numpy as np

from pope_foncier.analyse.chaine import Moteur
from pope_foncier.analyse.resultats import Resultat, Vue
from pope_foncier.projet.donnee import Donnee
from pope_foncier.projet.places_du_mode import mode_de_l_etude
from pope_foncier.projet.regles_locaux import CATEGORIES_EN_CLAIR
from pope_foncier.projet.titres import titre_de
from pope_foncier.socle.francais import de
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues import page, tableaux, tableaux_financement
from pope_foncier.vues.proteger import proteger
from pope_foncier.vues.tableaux import Table

_STYLE = """
@page{size:A4;margin:11mm 13mm}
body{font-size:9pt;max-width:184mm;margin:0 auto;padding:4mm}
@media print{body{padding:0}}
.colonnes{display:grid;grid-template-columns:1.25fr 1fr;gap:0 6mm}
td{white-space:nowrap}td:first-child{white-space:normal}
.cles{display:grid;grid-template-columns:repeat(4,1fr);gap:2mm;margin:2mm 0}
.cle{border:1px solid var(--trait);border-left:4px solid var(--bleu);padding:1.2mm 2mm}
.cle b{display:block;font-size:1.25em}
.cle span{color:var(--gris);font-size:.88em}
ol{margin:.2em 0 .2em 1.2em;padding:0}
p{margin:.25em 0}
table{font-size:.93em}
"""


def rediger(resultat: Resultat, moteur: Moteur) -> str:
    """Write the note of a study as a self-contained HTML page that prints on one A4 sheet."""
    etude = resultat.dossier.etude
    vue = resultat.vue()
    corps = [
        f"<h1>{proteger(etude.titre)}</h1>",
        f"<p><i>{proteger(etude.question)}</i></p>",
        _chiffres_cles(resultat, moteur),
        _avertissement(resultat),
        f'<div class="colonnes"><div>{_quoi_ou(vue)}{page.tableau(_ressources(vue))}</div>'
        f"<div>{page.tableau(_budget(vue))}</div></div>",
        page.tableau(tableaux.comparaison(resultat, millier=True)),
        _questions(etude.questions_ouvertes[:3]),
        f'<p class="note">Étude « {proteger(resultat.dossier.nom)} », départ le {date_en_clair(etude.date_depart)}, '
        f"euros courants, évolution « {etude.evolution} ». Chaque chiffre, sa formule et sa source : resultats.json.</p>",
    ]
    return page.page(f"Note de décision — {etude.titre}", "\n".join(corps), _STYLE)


def _chiffres_cles(resultat: Resultat, moteur: Moteur) -> str:
    vue = resultat.vue()
    places = vue.valeur(vue.ev.capacite.places)
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    quand = "inconnue" if np.isnan(ouverture) else vue.ev.ctx.echelle.mois_en_clair(int(ouverture))
    cout = vue.valeur(vue.ev.cout.total_ttc)
    bas, haut = _fourchette(resultat, moteur)
    fourchette = f"de {euros(bas)} à {euros(haut)}" if not np.isnan(bas + haut) else "fourchette inconnue"
    reste = vue.valeur(vue.ev.plan.reste_a_financer)
    categorie = CATEGORIES_EN_CLAIR[int(np.ravel(vue.ev.capacite.categorie)[0])] if places else "—"
    cles = [
        ("Places", formater_nombre(places), categorie),
        ("Coût total TTC", euros(_arrondir(cout)), fourchette),
        ("Reste à financer", euros(_arrondir(reste)), "une fois les aides et le prêt comptés"),
        ("Ouverture", quand, "si le départ a lieu à la date dite"),
    ]
    return (
        '<div class="cles">'
        + "".join(
            f'<div class="cle"><span>{proteger(nom)}</span><b>{proteger(valeur)}</b><span>{proteger(suite)}</span></div>'
            for nom, valeur, suite in cles
        )
        + "</div>"
    )


def _avertissement(resultat: Resultat) -> str:
    """What rests on assumptions, and whom to ask."""
    etude = resultat.dossier.etude
    attendus: dict[str, list[str]] = {}
    for nom, donnee in (
        ("surface", etude.programme.surface_m2),
        ("loyer", etude.titre_occupation.loyer_m2_an),
        ("durée du titre", etude.titre_occupation.duree_mois),
        ("coût des travaux", etude.travaux.cout_m2_ht),
    ):
        if donnee.source is None and donnee.a_obtenir_de:
            attendus.setdefault(donnee.a_obtenir_de, []).append(nom)
    if not attendus:
        return ""
    demandes = " ; ".join(f"{', '.join(noms)}, à obtenir {proteger(de(qui))}" for qui, noms in attendus.items())
    return f'<p class="hypothese"><b>Hypothèses, non publiées</b> : {demandes}.</p>'


def _fourchette(resultat: Resultat, moteur: Moteur) -> tuple[float, float]:
    """Total cost at both ends of the range of the works ratio."""
    donnee = resultat.dossier.etude.travaux.cout_m2_ht
    if donnee.intervalle is None:
        return float("nan"), float("nan")
    ev = moteur.tirer(resultat.dossier, {"travaux.cout_m2_ht": np.array(donnee.intervalle)})
    bas, haut = (_arrondir(float(v)) for v in ev.cout.total_ttc.valeur.reshape(-1))
    return bas, haut


def _arrondir(valeur: float) -> float:
    """Round to the thousand: a ratio estimate has no euros."""
    return valeur if np.isnan(valeur) else round(valeur, -3)


def _quoi_ou(vue: Vue) -> str:
    etude, site = vue.ev.ctx.etude, vue.ev.ctx.site
    titre = etude.titre_occupation
    droits = "avec droits réels" if titre.droits_reels else "sans droits réels"
    lignes = [
        f"<b>Où</b> : {proteger(site.nom)}, {proteger(site.commune)}.",
        f"<b>Quoi</b> : {proteger(mode_de_l_etude(etude.mode_accueil).libelle)}, {_mention(etude.programme.surface_m2, 'm²')}.",
        f"<b>Titre</b> : {_minuscule(titre_de(titre.genre).libelle)} {droits}, {_mention(titre.duree_mois, 'mois')}, "
        f"loyer {_mention(titre.loyer_m2_an, '€/m²/an')}.",
        f"<b>Qui</b> : {proteger(etude.acteurs.proprietaire)} possède, {proteger(etude.acteurs.gestionnaire.lower())} gère, "
        f"{proteger(etude.acteurs.nom_maitre_ouvrage.lower())} conduit les travaux.",
    ]
    return "<h2>Le projet</h2>" + "".join(f"<p>{x}</p>" for x in lignes)


def _minuscule(texte: str) -> str:
    """First letter in lower case, acronyms kept."""
    return texte[:1].lower() + texte[1:]


def _mention(donnee: Donnee[float] | Donnee[int], unite: str) -> str:
    if donnee.valeur is None:
        return '<span class="hypothese">inconnu</span>'
    texte = f"{formater_nombre(float(donnee.valeur), 2, 0)} {unite}"
    return f'{texte} <span class="hypothese">(hypothèse)</span>' if donnee.est_hypothese else texte


def _ressources(vue: Vue) -> Table:
    besoins = vue.montant("besoins.total")
    lignes = [(x.libelle, vue.montant(x.code)) for x in tableaux_financement.ressources_comptees(vue)]
    lignes.append(("Reste à financer", vue.montant("ressources.reste_a_financer")))
    rendues = tuple((nom, euros(_arrondir(v)), _part(v, besoins)) for nom, v in lignes)
    return Table(
        "Qui paie l'investissement",
        ("Ressource", "Montant", "Part"),
        (*rendues, ("Total des besoins", euros(_arrondir(besoins)), _part(besoins, besoins))),
        totaux=(len(rendues),),
    )


def _part(valeur: float, total: float) -> str:
    return "—" if np.isnan(valeur / total if total else np.nan) else f"{formater_nombre(100 * valeur / total)}\u00a0%"


def _budget(vue: Vue) -> Table:
    complet = tableaux.budget_commune(vue, annees=12)
    return Table(
        "Budget de la commune par année",
        complet.entetes[:3],
        tuple(ligne[:3] for ligne in complet.lignes),
        note="Fonctionnement : contribution d'équilibre (hypothèse, non délibérée) ; elle couvre aussi l'amortissement des "
        "travaux non encore financés. Le reste à financer n'est attribué à personne.",
    )


def _questions(questions: tuple[str, ...]) -> str:
    return (
        "<h2>Questions ouvertes</h2><ol>" + "".join(f"<li>{proteger(q)}</li>" for q in questions) + "</ol>"
        if questions
        else ""
    )
