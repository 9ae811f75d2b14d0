"""What a workshop reads of a view: key figures side by side, by place and by inhabitant, in plain French."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from pope_foncier.analyse.resultats import Vue
from pope_foncier.projet.places_du_mode import mode_de_l_etude
from pope_foncier.socle.nombres import euros, formater, formater_nombre
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues import locaux_du_scenario
from pope_foncier.vues.ateliers.dessins import RESTE, parts_des_ressources
from pope_foncier.vues.ateliers.regles import lire_populations
from pope_foncier.vues.journal_entrees import Chiffre
from pope_foncier.vues.tableaux import Table

_INCONNU = float("nan")


def chiffres(vue: Vue) -> list[tuple[str, str]]:
    """Key figures of a scenario for a municipality: name and French text; unknown stays « inconnu »."""
    ind, commune = vue.indicateurs, vue.ev.ctx.etude.acteurs.commune
    places = vue.valeur(vue.ev.capacite.places)
    ville = sum(vue.valeur(s.subvention) for s in vue.ev.subventions if s.aide.financeur == commune)
    aides = vue.valeur(ind["subventions"]) - ville
    annuel = vue.valeur(ind["contribution"]) if "contribution" in ind else _INCONNU
    total = vue.valeur(ind["contribution_totale"]) if "contribution_totale" in ind else _INCONNU
    habitants = lire_populations().habitants.get(vue.ev.ctx.site.code_insee, _INCONNU)
    ouverture = vue.valeur(vue.ev.calendrier.ouverture)
    quand = "inconnue" if math.isnan(ouverture) else vue.ev.ctx.echelle.mois_en_clair(int(ouverture))
    par_place = "sans objet" if places == 0 else centaines(annuel / places)
    return [
        ("Places", formater_nombre(places)),
        ("Ouverture", "sans objet" if places == 0 else quand),
        ("Besoins à financer, TTC", centaines(vue.valeur(vue.ev.plan.besoins))),
        ("Aides, hors la Ville", centaines(aides)),
        ("Aide de la Ville à l'investissement", centaines(ville)),
        ("Emprunts", centaines(vue.valeur(ind["emprunts"]))),
        ("Reste à financer", reste(vue.montant("ressources.reste_a_financer"))),
        ("Contribution de la Ville, par an", centaines(annuel)),
        ("… par place", par_place),
        ("… par habitant", _centimes(annuel / habitants)),
        ("Contribution et aide de la Ville, toute la durée", centaines(ville + total)),
        ("Emplois", emplois(vue)),
    ]


def reste(valeur: float) -> str:
    """Gap of a plan, rounded to hundreds; what the resources have too much is named."""
    return f"0\u00a0€ (excédent : {centaines(-valeur)})" if valeur < -50 else centaines(valeur)


def emplois(vue: Vue) -> str:
    """Jobs: full-time equivalents on the payroll, and the childminders of the modes that have some."""
    if "etp" not in vue.indicateurs:
        return "inconnu"
    etude, total = vue.ev.ctx.etude, vue.valeur(vue.indicateurs["etp"])
    if etude.mode_accueil == "mam":
        assistants = vue.valeur(vue.ev.ctx.entree("exploitation.mam.assistants", "Assistants maternels", "personnes"))
        return f"{formater_nombre(assistants)} assistants maternels, payés par les parents"
    if etude.mode_accueil == "creche_familiale":
        assistants = float(vue.mensuel("exploitation.etp.terrain").max())
        return f"{formater_nombre(assistants)} assistants maternels salariés et {formater(total - assistants, 'ETP')}"
    return formater(round(total, 1), "ETP")


def cote_a_cote(vues: dict[str, Vue]) -> Table:
    """Scenarios side by side."""
    colonnes = [chiffres(v) for v in vues.values()]
    lignes = tuple((nom, *(c[rang][1] for c in colonnes)) for rang, (nom, _) in enumerate(colonnes[0]))
    note = (
        "Contribution de la Ville : ce qui ramène le résultat à zéro, première année pleine ; personne ne l'a décidée. "
        f"Habitants : population municipale {lire_populations().millesime}, {lire_populations().source.titre}."
    )
    return Table("Scénarios côte à côte", ("", *vues), lignes, note=note, totaux=(6,))


def pour_le_journal(vue: Vue) -> tuple[Chiffre, ...]:
    """Key figures as the journal keeps them."""
    return tuple(Chiffre(libelle=nom, valeur=valeur) for nom, valeur in chiffres(vue))


def source(vue: Vue) -> str:
    """Source line of a picture."""
    etude = vue.ev.ctx.etude
    return (
        f"Source : étude « {etude.titre} », départ le {date_en_clair(etude.date_depart)}, droit lu au "
        f"{date_en_clair(etude.date_demande)}, évolution « {etude.evolution} » ; réglages de l'atelier : hypothèses."
    )


def regles_fixes(vue: Vue) -> Table:
    """What no lever moves: law and choices of the study."""
    etude = vue.ev.ctx.etude
    lecture = {True: "zone très dense", False: "zone ordinaire", None: "inconnue, zone ordinaire appliquée"}
    mode = mode_de_l_etude(etude.mode_accueil)
    premiere = ("Mode d'accueil", mode.libelle, "celui du scénario réglé")
    caf = ("Aides de la Caf", "barèmes à la date de la demande", date_en_clair(etude.date_demande))
    if not mode.referentiel:
        plafond = mode.places_max(vue.ev.ctx.catalogue, etude.date_demande)
        places = "sans plafond dans la loi" if math.isinf(plafond) else f"{formater_nombre(plafond)} au plus"
        lignes = (
            premiere,
            ("Places", places, "elles se décident avec la PMI : la règle des m² par place ne s'applique pas"),
            ("Locaux", "voir la PMI", mode.precision),
            ("Emplois", emplois(vue), "les agréments des assistants maternels en décident"),
            caf,
        )
        return Table("Règles fermées", ("Règle", "Valeur", "Pourquoi"), lignes, texte=True)
    lignes = (
        premiere,
        ("Densité du lieu", lecture[vue.ev.capacite.dense], "carreau Insee : règle des m² par place"),
        (
            "Places possibles",
            formater_nombre(vue.valeur(vue.ev.capacite.places_possibles)),
            "surface et règles de locaux",
        ),
        ("Encadrement", "règles du code de la santé publique", "les emplois en découlent"),
        caf,
    )
    return Table("Règles fermées", ("Règle", "Valeur", "Pourquoi"), lignes, texte=True)


def variantes(vues: Mapping[str, Vue]) -> Table:
    """What an architect compares: areas, places, cost and opening of some variants, one column each."""
    colonnes = {}
    for nom, vue in vues.items():
        surface, cour = (formater(vue.valeur(g), "m²") for g in locaux_du_scenario.surfaces(vue))
        places, cout = vue.valeur(vue.ev.capacite.places), vue.valeur(vue.ev.cout.total_ttc)
        colonnes[nom] = (
            mode_de_l_etude(vue.ev.ctx.etude.mode_accueil).libelle,
            surface,
            cour,
            formater_nombre(places),
            centaines(cout),
            "sans objet" if places == 0 else centaines(cout / places),
            etapes(vue).lignes[2][1],
        )
    entetes = (
        "Mode d'accueil",
        "Surface de plancher",
        "Cour",
        "Places",
        "Coût total TTC",
        "Coût par place",
        "Ouverture",
    )
    lignes = tuple((entete, *(c[rang] for c in colonnes.values())) for rang, entete in enumerate(entetes))
    return Table("Variantes côte à côte", ("", *colonnes), lignes)


def qui_donne_quoi(vues: Mapping[str, Vue]) -> Table:
    """Resources of each scenario, one column each: the table of the stacked columns."""
    parts = {nom: dict(parts_des_ressources(v)) for nom, v in vues.items()}
    noms = [n for n in dict.fromkeys(n for p in parts.values() for n in p) if n != RESTE]
    lignes = [(nom, *(centaines(p[nom]) if nom in p else "—" for p in parts.values())) for nom in noms]
    lignes.append((RESTE, *(reste(v.montant("ressources.reste_a_financer")) for v in vues.values())))
    return Table("Qui donne quoi", ("", *vues), tuple(lignes), totaux=(len(lignes) - 1,))


def nombre(valeur: float) -> str:
    """French number; « nombre inconnu » when unknown."""
    return "un nombre inconnu de" if math.isnan(valeur) else formater_nombre(valeur)


def aides(vue: Vue) -> Table | None:
    """Grants counted: payer, amount, what sets it, first month paid; None without any."""
    lignes = []
    for s in vue.ev.subventions:
        mois = np.flatnonzero(np.nan_to_num(vue.mensuel(f"tresorerie.aide.{s.aide.id}")))
        quand = vue.ev.ctx.echelle.mois_en_clair(int(mois[0])) if len(mois) else "—"
        lignes.append(
            (s.aide.libelle, s.aide.financeur, centaines(vue.valeur(s.subvention)), s.limite_en_clair(vue.rang), quand)
        )
    entetes = ("Aide", "Qui paie", "Montant", "Ce qui le fixe", "Premier versement")
    return Table("Aides comptées", entetes, tuple(lignes), texte=True) if lignes else None


def etapes(vue: Vue) -> Table:
    """Start, works, reception when it is not the opening, opening, end of tenure."""
    cal, echelle = vue.ev.calendrier, vue.ev.ctx.echelle
    lignes: list[tuple[str, ...]] = [("Départ des études", echelle.mois_en_clair(0), "0")]
    a_part = vue.valeur(cal.reception) != vue.valeur(cal.ouverture)
    for nom, grandeur in (
        ("Début des travaux", cal.debut_travaux),
        *((("Réception des travaux", cal.reception),) if a_part else ()),
        ("Ouverture", cal.ouverture),
        ("Fin du titre d'occupation", cal.fin_titre),
    ):
        mois = vue.valeur(grandeur)
        if math.isnan(mois):
            quand = "inconnu"
        else:
            quand = echelle.mois_en_clair(int(mois)) if mois < echelle.duree_mois else "hors de l'étude"
        lignes.append((nom, quand, formater(mois, "mois")))
    return Table("Étapes", ("Étape", "Quand", "Mois après le départ"), tuple(lignes), texte=True)


def phrase_du_calendrier(vue: Vue) -> str:
    """Calendar in one sentence."""
    return "Calendrier. " + " ; ".join(f"{nom} : {quand}" for nom, quand, _ in etapes(vue).lignes) + "."


def centaines(valeur: float) -> str:
    """Amount rounded to the nearest hundred euros, halves up."""
    return euros(valeur if math.isnan(valeur) else math.floor(valeur / 100 + 0.5) * 100)


def _centimes(valeur: float) -> str:
    return euros(valeur, 2)
