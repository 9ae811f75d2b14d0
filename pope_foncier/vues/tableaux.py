"""Tables: plain rows in French formats, that the terminal, the note and the notebooks all show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.analyse.a_confirmer import a_confirmer
from pope_foncier.analyse.ratios import STATUT_EN_CLAIR
from pope_foncier.analyse.resultats import Resultat, Vue
from pope_foncier.analyse.resultats import faits as faits_de
from pope_foncier.finances.livre import Groupe
from pope_foncier.projet.donnee import Donnee
from pope_foncier.socle.francais import de
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import euros, formater, formater_nombre
from pope_foncier.socle.temps import date_en_clair

if TYPE_CHECKING:
    import pandas as pd


_NOMBRE = re.compile(r"[+−-]?\s?\d|inconnu|aucun")
"""Beginning of a cell that reads as a number, or as its absence."""

COMPTE: tuple[tuple[str, Groupe], ...] = (("Charges", "charges"), ("Produits", "produits"))
"""Two sides of the operating account: French title, group of lines."""


@dataclass(frozen=True, slots=True)
class Table:
    """Table ready to show: title, headings, rows of text; words to the left, numbers to the right."""

    titre: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    note: str = ""
    totaux: tuple[int, ...] = ()
    """Ranks of the rows to set in bold."""
    texte: bool = False
    """All columns are text."""

    @property
    def a_gauche(self) -> tuple[bool, ...]:
        """Which columns are set to the left: the first one, and those with more words than numbers."""

        def mots(rang: int) -> bool:
            cellules = [ligne[rang] for ligne in self.lignes if ligne[rang] not in ("", "—")]
            return sum(not _NOMBRE.match(c) for c in cellules) > len(cellules) / 2

        return tuple(self.texte or rang == 0 or mots(rang) for rang in range(len(self.entetes)))

    def to_frame(self) -> pd.DataFrame:
        """Same table as a DataFrame of text, for the notebooks."""
        import pandas as pd

        return pd.DataFrame([list(ligne) for ligne in self.lignes], columns=list(self.entetes)).set_index(
            self.entetes[0]
        )


def faits(vue: Vue) -> Table | None:
    """What was published or seen, with its source; None without any."""
    lignes = tuple(faits_de(vue))
    return Table("Ce qui est publié ou constaté", ("Quoi", "Valeur", "Source"), lignes, texte=True) if lignes else None


def fiche_du_site(vue: Vue) -> Table:
    """Site card: facts with their source, and what is not published."""
    site = vue.ev.ctx.site
    lignes = [("Commune", f"{site.commune} ({site.code_insee})", ""), ("Usage actuel", site.usage_actuel, "")]
    if site.position is not None:
        p = site.position
        lignes.append(
            (
                "Position (WGS84)",
                f"{formater_nombre(p.latitude, 5)} ; {formater_nombre(p.longitude, 5)}",
                p.source.titre,
            )
        )
    if site.identifiant_gare:
        lignes.append(("Code UIC", site.identifiant_gare, ""))
    if site.carreau is not None:
        lecture = {True: "zone très dense", False: "zone ordinaire", None: "densité inconnue"}[vue.ev.capacite.dense]
        habitants = _donnee(site.carreau.habitants, "habitants")
        lignes.append(
            (
                f"Carreau Insee de 1 km ({site.carreau.millesime})",
                f"{habitants} : {lecture}",
                _source(site.carreau.habitants),
            )
        )
    if site.frequentation_jour is not None:
        lignes.append(
            ("Montées un jour ouvré", _donnee(site.frequentation_jour, "voyageurs"), _source(site.frequentation_jour))
        )
    for nom, donnee, unite in (
        ("Surface publiée", site.surface_m2, "m²"),
        ("Extérieur publié", site.surface_exterieure_m2, "m²"),
    ):
        lignes.append((nom, _donnee(donnee, unite), _source(donnee)))
    return Table(site.nom, ("Fait", "Valeur", "Source"), tuple(lignes), note=" ".join(site.remarques), texte=True)


def _donnee(donnee: Donnee[float] | Donnee[int], unite: str) -> str:
    return "non publiée" if donnee.valeur is None else formater(float(donnee.valeur), unite)


def _source(donnee: Donnee[float] | Donnee[int]) -> str:
    if donnee.source is not None:
        return donnee.source.titre
    return f"à obtenir {de(donnee.a_obtenir_de or '')}" if donnee.valeur is None else "hypothèse"


def cout(vue: Vue) -> Table:
    """Cost plan at the ratio level."""
    c, n = vue.ev.cout, vue.valeur(vue.ev.capacite.places)
    postes = [c.travaux_ht, c.honoraires_ht, c.etudes_assurances_ht, c.aleas_ht, c.tva, c.equipement_ttc, c.total_ttc]
    lignes = []
    for poste in postes:
        valeur = vue.valeur(poste)
        lignes.append((poste.nom, euros(valeur), euros(valeur / n) if n else "—"))
    note = f"Estimation au ratio : {vue.ev.ctx.entree('travaux.cout_m2_ht', 'Coût', '€/m² HT').lire(vue.rang)}, prix au {date_en_clair(vue.ev.ctx.etude.travaux.date_valeur)}, révisés par le BT01."
    return Table(
        "Plan de coûts", ("Poste", "Montant", "Par place"), tuple(lignes), note=note, totaux=(len(lignes) - 1,)
    )


def compte_exploitation(vue: Vue) -> Table | None:
    """Operating account of the first full year."""
    if vue.ev.compte is None or vue.annee_pleine is None:
        return None
    rang = vue.annees.index(vue.annee_pleine)
    n = vue.valeur(vue.ev.capacite.places)
    lignes: list[tuple[str, ...]] = []

    def ajouter(nom: str, valeur: float) -> None:
        lignes.append((nom, euros(valeur), euros(valeur / n) if n else "—"))

    for titre, groupe in COMPTE:
        lignes.append((titre, "", ""))
        somme = 0.0
        for ligne in vue.ev.livre.du_groupe(groupe):
            if ligne.code == "exploitation.heures_facturees":
                continue
            valeur = float(vue.annuel(ligne.code)[rang])
            somme += valeur
            ajouter(f"  {ligne.libelle}", valeur)
        ajouter(f"Total des {groupe}", somme)
    ajouter("Résultat", float(vue.annuel("exploitation.resultat")[rang]))
    ajouter("Capacité d'autofinancement", float(vue.annuel("exploitation.capacite_autofinancement")[rang]))
    totaux = tuple(i for i, ligne in enumerate(lignes) if not ligne[0].startswith("  "))
    return Table(
        f"Compte d'exploitation {vue.annee_pleine}, première année pleine",
        ("Poste", "Montant", "Par place"),
        tuple(lignes),
        totaux=totaux,
    )


def ratios(vue: Vue) -> Table:
    """Ratios with threshold, source of the threshold, status."""
    lignes = []
    for ratio in vue.ratios:
        seuil = formater(ratio.controle.seuil, ratio.controle.unite)
        signe = "≤" if ratio.controle.sens == "au_plus" else "≥"
        lignes.append(
            (
                ratio.controle.libelle,
                ratio.grandeur.lire(vue.rang),
                f"{signe}\u00a0{seuil}",
                STATUT_EN_CLAIR[ratio.statut(vue.rang)],
                ratio.controle.origine,
            )
        )
    return Table("Ratios", ("Ratio", "Valeur", "Seuil", "Statut", "Origine du seuil"), tuple(lignes), texte=True)


def budget_commune(vue: Vue, annees: int = 12) -> Table:
    """What the commune keeps to pay, by calendar year: investment and operation."""
    exploitation = vue.annuel("commune.contribution") if vue.ev.compte is not None else np.zeros(len(vue.annees))
    commune = vue.ev.ctx.etude.acteurs.commune
    investissement = np.zeros(len(vue.annees))
    for ligne in vue.ev.livre.lignes.values():
        if ligne.code.startswith("tresorerie.aide.") and ligne.payeur == commune:
            investissement = investissement + vue.annuel(ligne.code)
    n = vue.valeur(vue.ev.capacite.places)
    lignes = [
        (str(a), euros(i), euros(e), euros(e / n) if n else "—")
        for a, i, e in zip(vue.annees[:annees], investissement, exploitation, strict=False)
    ]
    note = "Contribution qui ramène le résultat à zéro ; aucune délibération ne l'a décidée (hypothèse). Le reste à financer de l'investissement n'est attribué à personne."
    return Table(
        "Reste à charge de la commune",
        ("Année", "Investissement", "Fonctionnement", "Fonctionnement par place"),
        tuple(lignes),
        note=note,
    )


_COMPARES = (
    ("places", "Places"),
    ("cout_total", "Coût total TTC"),
    ("cout_par_place", "Coût par place"),
    ("subventions", "Subventions"),
    ("emprunts", "Emprunts"),
    ("reste_a_financer", "Reste à financer"),
    ("contribution", "Contribution commune, par an"),
    ("contribution_par_place", "… par place"),
)


def comparaison(resultat: Resultat, millier: bool = False) -> Table:
    """Scenarios side by side on the key figures; amounts rounded to the thousand if asked."""
    vues = resultat.vues()
    lignes = []
    for code, nom in _COMPARES:
        if code in vues[0].indicateurs:
            lignes.append(
                (
                    nom,
                    *(
                        _lire_arrondi(
                            v, v.indicateurs[code], -3 if millier and v.indicateurs[code].unite.startswith("€") else 0
                        )
                        for v in vues
                    ),
                )
            )
    return Table("Scénarios", ("", *(v.titre for v in vues)), tuple(lignes))


def tableau_a_confirmer(vue: Vue) -> Table:
    """What is missing, then every figure that somebody must confirm."""
    lignes = [(x.quoi, x.valeur, x.pourquoi, x.aupres_de) for x in a_confirmer(vue) if x.rang < 2]
    manquent = sum(ligne[1] == "inconnu" for ligne in lignes)
    note = f"{manquent} inconnu(s) d'abord, puis {len(lignes) - manquent} point(s) à demander."
    return Table(
        "À confirmer", ("Quoi", "Valeur retenue", "Pourquoi", "Auprès de"), tuple(lignes), note=note, texte=True
    )


def hypotheses_de_travail(vue: Vue) -> Table:
    """Assumptions that nobody in particular is asked to confirm."""
    lignes = [(x.quoi, x.valeur, x.pourquoi) for x in a_confirmer(vue) if x.rang == 2]
    return Table("Hypothèses de travail", ("Quoi", "Valeur retenue", "D'où elle vient"), tuple(lignes), texte=True)


def _lire(vue: Vue, grandeur: Grandeur) -> str:
    return grandeur.lire(vue.rang)


def _lire_arrondi(vue: Vue, grandeur: Grandeur, decimales: int = 0) -> str:
    valeur = vue.valeur(grandeur)
    if np.isnan(valeur):
        return "inconnu" if grandeur.manques else "—"
    return formater(round(valeur, decimales), "€" if grandeur.unite.startswith("€") else "")
