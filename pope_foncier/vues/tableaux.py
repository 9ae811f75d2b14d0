"""Tables: plain rows in French formats, that the terminal, the note and the notebooks all show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.analyse.essais import Effet
from pope_foncier.analyse.ratios import STATUT_EN_CLAIR
from pope_foncier.analyse.resultats import Resultat, Vue, a_confirmer
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.finances.livre import Groupe, Ligne
from pope_foncier.projet.capacite import CATEGORIES_EN_CLAIR
from pope_foncier.projet.donnee import Donnee
from pope_foncier.socle.francais import de
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.nombres import euros, formater, formater_nombre
from pope_foncier.socle.temps import date_en_clair

if TYPE_CHECKING:
    import pandas as pd


COMPTE: tuple[tuple[str, Groupe], ...] = (("Charges", "charges"), ("Produits", "produits"))
"""Two sides of the operating account: French title, group of lines."""


_STATUTS = {"acquise": "acquise", "demandee": "demandée", "esperee": "espérée", "non_demandee": "non demandée"}


@dataclass(frozen=True, slots=True)
class Table:
    """Table ready to show: title, headings, rows of text; the first column is text, the others numbers to the right."""

    titre: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    note: str = ""
    totaux: tuple[int, ...] = ()
    """Ranks of the rows to set in bold."""
    texte: bool = False
    """All columns are text."""

    def to_frame(self) -> pd.DataFrame:
        """Same table as a DataFrame of text, for the notebooks."""
        import pandas as pd

        return pd.DataFrame([list(ligne) for ligne in self.lignes], columns=list(self.entetes)).set_index(
            self.entetes[0]
        )


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


def places(vue: Vue) -> Table:
    """Places that fit, what binds, and the staff they ask for."""
    cap = vue.ev.capacite
    n = vue.valeur(cap.places)
    lignes = [("Places retenues", _lire(vue, cap.places))]
    if not np.isnan(n) and n > 0:
        categorie = CATEGORIES_EN_CLAIR[int(np.ravel(cap.categorie)[vue.rang if cap.categorie.size > 1 else 0])]
        manque = vue.valeur(cap.surface_suivante) - vue.valeur(
            vue.ev.ctx.entree("programme.surface_m2", "Surface de plancher", "m²")
        )
        possibles = vue.valeur(cap.places_possibles)
        limite = (
            f"les places voulues ; la surface en porterait {formater_nombre(possibles)}"
            if n < possibles
            else f"la surface intérieure ; une place de plus demande {formater(round(manque, 1), 'm²')} de plus"
        )
        lignes += [
            ("Catégorie", categorie),
            ("Ce qui limite", limite),
            ("Surface de plancher requise", _lire(vue, cap.surface_requise)),
        ]
    lecture = {
        True: "très dense : 5,5 m² par place et compensation",
        False: "ordinaire",
        None: "inconnue : zone ordinaire appliquée",
    }
    lignes.append(("Densité du carreau", lecture[cap.dense]))
    if vue.ev.compte is not None:
        for code, nom in (
            ("terrain", "ETP auprès des enfants"),
            ("direction", "ETP de direction"),
            ("sante", "ETP de santé"),
            ("logistique", "ETP de logistique"),
            ("total", "ETP au total"),
        ):
            lignes.append((nom, formater(round(vue.montant(f"exploitation.etp.{code}"), 2), "ETP")))
    return Table("Places qui tiennent", ("Question", "Réponse"), tuple(lignes), texte=True)


def plan_de_financement(vue: Vue) -> Table:
    """Sources and uses, with the signed gap that closes them."""
    besoins = [(ligne.libelle, vue.montant(ligne.code)) for ligne in vue.ev.livre.du_groupe("besoins")]
    ressources = [
        (f"{ligne.libelle}{_statut(vue, ligne.code)}", vue.montant(ligne.code)) for ligne in ressources_comptees(vue)
    ]
    ressources.append(("Reste à financer", vue.montant("ressources.reste_a_financer")))
    hauteur = max(len(besoins), len(ressources))
    vide = ("", float("nan"))
    lignes = [
        (b[0], euros(b[1]) if b[0] else "", r[0], euros(r[1]) if r[0] else "")
        for b, r in zip(
            besoins + [vide] * (hauteur - len(besoins)), ressources + [vide] * (hauteur - len(ressources)), strict=True
        )
    ]
    total_besoins = vue.montant("besoins.total")
    total_ressources = vue.montant("ressources.total") + vue.montant("ressources.reste_a_financer")
    lignes.append(
        ("Total des besoins", euros(total_besoins), "Total des ressources et du reste", euros(total_ressources))
    )
    return Table("Plan de financement", ("Besoins", "€", "Ressources", "€ "), tuple(lignes), totaux=(len(lignes) - 1,))


def ressources_comptees(vue: Vue) -> list[Ligne]:
    """Resources of the plan, without the loan part of an aid that is wholly a grant."""
    return [
        x
        for x in vue.ev.livre.du_groupe("ressources")
        if not (x.code.startswith("ressources.pret_") and vue.montant(x.code) == 0)
    ]


def _statut(vue: Vue, code: str) -> str:
    cle = code.split(".")[1]
    for aide in vue.ev.ctx.etude.aides:
        if aide.id == cle:
            return f" ({_STATUTS[aide.statut]})"
    return ""


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


def aides(vue: Vue) -> Table | None:
    """Each grant: amount, what sets it, what its conditions say and what would satisfy them."""
    etats = {"remplie": "oui", "non_remplie": "NON", "a_verifier": "à vérifier", "dispensee": "levée par l'étude"}
    lignes = []
    for s in vue.ev.subventions:
        conditions = [f"{c.phrase} : {etats[c.etat(vue.rang)]}" for c in s.conditions]
        lignes.append(
            (
                s.aide.libelle,
                _STATUTS[s.aide.statut],
                s.subvention.lire(vue.rang),
                s.limite_en_clair(vue.rang),
                " ; ".join(conditions) or (s.aide.remarque or ""),
            )
        )
    lignes += [
        (a.libelle, "non demandée", "non comptée", "", a.remarque or "")
        for a in vue.ev.ctx.etude.aides
        if a.statut == "non_demandee"
    ]
    if not lignes:
        return None
    return Table(
        "Aides à l'investissement",
        ("Aide", "Statut", "Montant", "Ce qui le fixe", "Conditions"),
        tuple(lignes),
        texte=True,
    )


def echeancier(vue: Vue) -> Table | None:
    """Yearly schedule of each loan."""
    if not vue.ev.dettes:
        return None
    lignes: list[tuple[str, ...]] = []
    totaux = []
    for dette in vue.ev.dettes:
        code = f"emprunts.{dette.id}"
        interets, capital = vue.annuel(f"{code}.interets"), vue.annuel(f"{code}.remboursement")
        restants = vue.mensuel(f"{code}.restant")
        fins = [*vue.ev.ctx.echelle.debuts_annee[1:] - 1, vue.ev.ctx.echelle.duree_mois - 1]
        if vue.valeur(dette.capital) == 0:
            continue
        debut, fin_pret = vue.mois_de(f"{code}.deblocage"), vue.valeur(dette.fin)
        lignes.append((dette.libelle, "", "", "", ""))
        totaux.append(len(lignes) - 1)
        annuels = [
            (annee, i, c, restants[dernier])
            for annee, i, c, premier, dernier in zip(
                vue.annees, interets, capital, vue.ev.ctx.echelle.debuts_annee, fins, strict=True
            )
            if dernier >= debut and not premier > fin_pret
        ]
        if all(np.isnan(c) for _, _, c, _ in annuels):
            lignes.append((f"{annuels[0][0]} à {annuels[-1][0]}", *["inconnu"] * 4))
            continue
        lignes += [(str(annee), euros(i), euros(c), euros(i + c), euros(r)) for annee, i, c, r in annuels]
    if not lignes:
        return None
    return Table(
        "Échéancier des emprunts par année civile",
        ("Année", "Intérêts", "Capital", "Annuité", "Restant dû"),
        tuple(lignes),
        totaux=tuple(totaux),
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
                f"{signe} {seuil}",
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
    """Every figure that somebody must confirm."""
    lignes = [(x.quoi, x.valeur, x.pourquoi, x.aupres_de) for x in a_confirmer(vue)]
    return Table("À confirmer", ("Quoi", "Valeur retenue", "Pourquoi", "Auprès de"), tuple(lignes), texte=True)


def toutes(vue: Vue) -> list[Table]:
    """Tables of a scenario, in reading order."""
    candidates: Sequence[Table | None] = (
        fiche_du_site(vue),
        places(vue),
        cout(vue),
        aides(vue),
        plan_de_financement(vue),
        echeancier(vue),
        compte_exploitation(vue),
        ratios(vue),
        budget_commune(vue) if vue.ev.compte is not None else None,
    )
    return [t for t in candidates if t is not None]


def _lire(vue: Vue, grandeur: Grandeur) -> str:
    return grandeur.lire(vue.rang)


def _lire_arrondi(vue: Vue, grandeur: Grandeur, decimales: int = 0) -> str:
    valeur = vue.valeur(grandeur)
    if np.isnan(valeur):
        return "inconnu" if grandeur.manques else "—"
    return formater(round(valeur, decimales), "€" if grandeur.unite.startswith("€") else "")


def table_baremes(catalogue: Catalogue) -> Table:
    """Scales of the catalogue with their last value."""
    lignes = []
    for chemin in catalogue.chemins():
        bareme = catalogue.bareme(chemin)
        derniere = bareme.valeurs[-1]
        lignes.append(
            (
                chemin,
                bareme.libelle,
                _valeur_bareme(derniere),
                derniere.periode_en_clair(),
                FIABILITE_EN_CLAIR[derniere.fiabilite],
            )
        )
    return Table("Barèmes", ("Chemin", "Libellé", "Dernière valeur", "Période", "Fiabilité"), tuple(lignes), texte=True)


def table_a_reverifier(catalogue: Catalogue, jour: date) -> Table:
    """Values to check again at a date."""
    lignes = [
        (
            v.valeur.chemin,
            _valeur_bareme(v.valeur),
            v.motif,
            v.valeur.document if v.valeur.valeur is None else v.valeur.source.titre,
        )
        for v in catalogue.a_reverifier(jour)
    ]
    return Table(
        f"À re-vérifier au {date_en_clair(jour)}",
        ("Chemin", "Valeur", "Motif", "Document ou source"),
        tuple(lignes),
        texte=True,
    )


def _valeur_bareme(datee: ValeurDatee) -> str:
    if datee.valeur is None:
        return "case vide"
    if isinstance(datee.valeur, dict):
        return " ; ".join(f"{c} {formater(v, datee.unite)}" for c, v in datee.valeur.items())
    if isinstance(datee.valeur, tuple):
        return " ; ".join(
            f"{formater(t.taux, '%')} {'jusqu’à ' + formater_nombre(t.jusqu_a) if t.jusqu_a is not None else 'au-delà'}"
            for t in datee.valeur
        )
    return formater(float(datee.valeur), datee.unite)


def tresorerie(vue: Vue) -> Table:
    """Cash of the project owner at the end of each year, its lowest month."""
    echelle = vue.ev.ctx.echelle
    porteur = vue.ev.ctx.etude.acteurs.nom_maitre_ouvrage
    cumul, solde = vue.mensuel(f"tresorerie.cumul.{porteur}"), vue.annuel(f"solde.{porteur}")
    fins = [*echelle.debuts_annee[1:] - 1, echelle.duree_mois - 1]
    fin_titre = vue.valeur(vue.ev.calendrier.fin_titre)
    lignes = [
        (str(annee), euros(s), euros(float(cumul[fin])))
        for annee, s, fin in zip(echelle.annees, solde, fins, strict=True)
        if np.isnan(fin_titre) or fin < fin_titre + 12
    ]
    creux = int(np.argmin(np.nan_to_num(cumul, nan=np.inf)))
    note = f"Point bas : {euros(float(cumul[creux]))} en {echelle.mois_en_clair(creux)}. Le reste à financer n'étant apporté par personne, il creuse la trésorerie."
    return Table(
        f"Trésorerie : {porteur}", ("Année", "Solde de l'année", "Trésorerie au 31 décembre"), tuple(lignes), note=note
    )


def effets(titre: str, liste: Sequence[Effet]) -> Table:
    """Trials against the base: gap, change, cash trough, change of the contribution."""
    lignes = [
        (
            e.libelle,
            euros(e.reste_a_financer),
            _signe(e.ecart_reste),
            euros(e.point_bas),
            e.mois_du_creux,
            _signe(e.ecart_contribution),
        )
        for e in liste
    ]
    entetes = (
        "Essai",
        "Reste à financer",
        "Écart",
        "Point bas de trésorerie",
        "Mois du creux",
        "Contribution commune, écart par an",
    )
    return Table(titre, entetes, tuple(lignes))


def _signe(valeur: float) -> str:
    return ("+" if valeur > 0.5 else "") + euros(valeur if abs(valeur) > 0.5 or np.isnan(valeur) else 0.0)
