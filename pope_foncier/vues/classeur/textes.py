"""Sheets of words: how to read the workbook, sources, scales that were read, scenarios and stresses as the engine computed them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.etude.resultats import Resultat, Vue, entrees
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.classeur.entrees import EtudeEcrite
from pope_foncier.vues.classeur.hypotheses import MODIFIEES
from pope_foncier.vues.classeur.placement import ensemble, hauteur
from pope_foncier.vues.classeur.saisies import etude_de
from pope_foncier.vues.classeur.styles import GENRE_EN_CLAIR, SENS_DU_GENRE, Styles, format_de
from pope_foncier.vues.classeur.table_ecrite import AUTRES, NOM, ecrire_table
from pope_foncier.vues.decision import tableaux_epreuves
from pope_foncier.vues.etude import tableaux_scenarios
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LISEZ_MOI, SCENARIOS, EPREUVES, SOURCES, JOURNAL = (
    "Lisez-moi",
    "Scénarios",
    "Épreuves",
    "Sources",
    "Journal des barèmes",
)
_FEUILLES: tuple[tuple[str, str], ...] = (
    (
        "Synthèse",
        "le plan tel quel et le plan bouclé côte à côte, chiffres clés, ratios ; chaque chiffre mène à sa ligne",
    ),
    (
        "Graphiques",
        "besoins et ressources, trésorerie et son point bas, couverture de la dette : ils suivent les formules",
    ),
    (
        "Hypothèses",
        "toutes les entrées : la case à saisir, l'unité, la fourchette, la source, à qui demander, votre commentaire",
    ),
    ("Programme et coûts", "places, surfaces, personnel requis, coûts"),
    ("Plan de financement", "aides et prêts, totaux, ce qui reste à trouver ; le tableau entier est en Synthèse"),
    ("Plan pluriannuel", "emplois et ressources du maître d'ouvrage, année par année"),
    ("Emprunts par an", "intérêts, capital, annuité et capital restant dû de chaque prêt, à imprimer"),
    ("Échéancier", "un prêt par feuille, mois par mois"),
    ("Trésorerie", "flux et soldes mois par mois ; un clic sur « + » déplie une année"),
    ("Exploitation", "produits et charges, mois par mois"),
    ("Exploitation par an", "produits, charges, résultat et capacité d'autofinancement, année par année"),
    (
        "Bilan",
        "ce que le projet possède et doit à la fin de chaque année, sans le passé de l'association ; ce qui reste à trouver y est lu comme une subvention",
    ),
    ("Ratios par année", "ce que regarde un prêteur, année par année"),
    ("Chiffres clés", "coût par place, contribution de la commune, et ce dont ils viennent"),
    (SCENARIOS, "les scénarios de l'étude, calculés par le moteur"),
    (EPREUVES, "ce que fait un choc au plan dont le financement est arrêté, calculé par le moteur"),
    (SOURCES, "d'où vient chaque fait et chaque règle"),
    ("Contrôles", "identités comptables et parties périmées : tout doit dire OK"),
    ("Contrôles (calcul)", "ce que relisent les contrôles"),
    (JOURNAL, "chaque barème lu, sa valeur, ses dates, sa source"),
    ("Places essayées", "combien de places tiennent : chaque nombre essayé, et ce qui limite"),
    ("Bouclage", "qui apporte ce qui manque, tour après tour"),
    ("Tel quel", "le même calcul sur le plan qui n'est pas bouclé"),
)


def sens_de(feuille: str) -> str:
    """What a sheet shows, as the first sheet tells it; nothing for one that it does not name."""
    return next((f"{dit[:1].upper()}{dit[1:]}." for nom, dit in reversed(_FEUILLES) if feuille.startswith(nom)), "")


_SANS_BILAN = (
    "absent : il se dresse pour un gestionnaire qui commande lui-même les travaux et dont l'exploitation est décrite"
)
_PARAGRAPHES: tuple[tuple[str, str], ...] = (
    (
        "Ce qui est vivant",
        "Presque tous les nombres sont des formules : changez une valeur sur la feuille « Hypothèses » et tout se recalcule, dans Excel comme "
        "dans LibreOffice, sans rien installer. Aucune macro, aucun lien vers un autre fichier. Chaque ligne a son libellé, son unité, et la même "
        "formule d'un bout à l'autre. Les lignes sans nom, repliées, sont les étapes d'une formule : « + » dans la marge les montre.",
    ),
    (
        "Ce qui est tenu",
        "Les cases grises en italique sont écrites par le moteur de l'étude et ne suivent pas vos changements : la recherche du nombre de places, "
        "un échéancier libre, les scénarios, les épreuves. La feuille « Contrôles » compare ce dont elles dépendent à ce qu'il était.",
    ),
    (
        "PÉRIMÉ",
        "« PÉRIMÉ » veut dire : une entrée a changé, et ce qui est tenu ne la suit pas. Les formules restent justes pour tout le reste ; pour "
        "la partie dite, renvoyez le classeur, le moteur la recalculera. « ÉCART » veut dire qu'une identité comptable est rompue : une formule a "
        "sans doute été écrasée.",
    ),
    (
        "Deux lectures du plan",
        "« Tel quel » : les ressources que l'étude déclare, et ce qui manque. « Bouclé » : ce qui manque est apporté par ceux que l'étude nomme, "
        "puis par « à trouver », que personne n'a promis. Un ratio n'a de verdict que sur le plan bouclé.",
    ),
    (
        "L'inconnu",
        "Une entrée que personne n'a dite s'écrit « inconnu », et ce qui en dépend affiche #N/A. Ce n'est pas une panne : un inconnu n'est jamais "
        "compté pour zéro. Vider une case la rend inconnue.",
    ),
    (
        "Renvoyer vos valeurs",
        "Saisissez dans la colonne « Valeur à saisir » de la feuille « Hypothèses », enregistrez en XLSX, renvoyez le fichier. La commande "
        "« pope-foncier importer classeur.xlsx » en fait un scénario qui ne tient que ce que vous avez changé. N'ajoutez pas de ligne et gardez les "
        "titres de colonnes ; une case qui ne se lit pas sera dite, avec ce qui y est attendu.",
    ),
)


def lisez_moi(feuille: Worksheet, styles: Styles, lu: EtudeEcrite, noms: Sequence[str]) -> None:
    """How to read the workbook: what it is of, sheets, colours, what is alive, what is held, how to send it back.

    Args:
        noms: sheets of the workbook.
    """
    etude = etude_de(lu)
    largeurs = (30.0, 110.0)
    for colonne, largeur in enumerate(largeurs):
        feuille.set_column(colonne, colonne, largeur)
    feuille.write_string(0, 0, etude.titre, styles.titre)
    feuille.set_row(0, 26)
    faits = (
        ("Question", etude.question),
        ("Scénario", lu.dossier.titre(lu.scenario)),
        ("Départ de l'étude", date_en_clair(etude.date_depart)),
        ("Droit lu au", date_en_clair(etude.date_demande)),
        ("Où en est le plan", lectures.phrase(lu.ouverte)),
    )
    ligne = _deux_colonnes(feuille, styles, 2, faits, largeurs[1])
    ligne = _sous_titre(feuille, styles, ligne, "Comment le lire")
    ligne = _deux_colonnes(feuille, styles, ligne, _PARAGRAPHES, largeurs[1])
    ligne = _sous_titre(feuille, styles, ligne, "Les couleurs, et ce qui les remplace en noir et blanc")
    for genre, nom in GENRE_EN_CLAIR.items():
        feuille.write_string(ligne, 0, nom, styles.du_genre(genre))
        feuille.write_string(ligne, 1, SENS_DU_GENRE[genre], styles.unite)
        ligne += 1
    ligne = _sous_titre(feuille, styles, ligne + 1, "Les feuilles")
    la = [(nom, sens) for nom, sens in _FEUILLES if any(x == nom or x.startswith(f"{nom} ") for x in noms)]
    if "Bilan" not in noms:
        la.append(("Bilan", _SANS_BILAN))
    _deux_colonnes(feuille, styles, ligne, la, largeurs[1])
    styles.mettre_en_page(feuille, LISEZ_MOI, portrait=True)
    feuille.fit_to_pages(1, 1)


def _sous_titre(feuille: Worksheet, styles: Styles, ligne: int, titre: str) -> int:
    for colonne in (0, 1):
        feuille.write_string(ligne, colonne, titre if colonne == 0 else "", styles.sous_titre)
    return ligne + 1


def _deux_colonnes(
    feuille: Worksheet, styles: Styles, ligne: int, paires: Sequence[tuple[str, str]], largeur: float
) -> int:
    """Words and what they mean; returns the row after them and an empty one."""
    for nom, texte in paires:
        feuille.write_string(ligne, 0, nom, styles.format(bold=True, quote_prefix=True, text_wrap=True))
        feuille.write_string(ligne, 1, texte, styles.texte)
        feuille.set_row(ligne, hauteur((texte, largeur)))
        ligne += 1
    return ligne + 1


# --- what the engine computed ---------------------------------------------------------------------------------------
def scenarios(feuille: Worksheet, styles: Styles, tous: Resultat) -> None:
    """Scenarios of the study side by side: a row a figure, a column a scenario, both readings."""
    _tenues(feuille, styles, SCENARIOS, [tableaux_scenarios.comparaison(tous)])


def epreuves(feuille: Worksheet, styles: Styles, vue: Vue) -> None:
    """Stresses on the closed plan whose funding is frozen."""
    _tenues(feuille, styles, EPREUVES, tableaux_epreuves.tables(vue))


def _tenues(feuille: Worksheet, styles: Styles, nom: str, tables: Sequence[Table]) -> None:
    """Tables of held values, under the cell that says whether an input has changed since."""
    feuille.write_string(0, 0, nom, styles.titre)
    feuille.set_row(0, 24)
    dit = f'=IF({MODIFIEES}>0,"PÉRIMÉ : des entrées ont changé depuis que le moteur a calculé ce tableau","À jour : aucune entrée n\'a changé")'
    feuille.write_formula(1, 0, dit, styles.format(bold=True, text_wrap=True), "À jour : aucune entrée n'a changé")
    feuille.write_string(
        2, 0, "Calculé par le moteur : ces nombres sont tenus, ils ne suivent pas les entrées.", styles.detail
    )
    colonnes = max((len(t.entetes) for t in tables), default=1)
    feuille.set_column(0, 0, NOM)
    feuille.set_column(1, colonnes, AUTRES)
    ligne = 4
    for table in tables:
        ligne = ecrire_table(feuille, styles, table, ligne)
    if not tables:
        feuille.write_string(ligne, 0, "Le plan a des inconnues : aucune épreuve ne se lit.", styles.texte)
    styles.mettre_en_page(feuille, nom, (4, 1))


# --- where numbers come from ------------------------------------------------------------------------------------------
def sources(feuille: Worksheet, styles: Styles, lu: EtudeEcrite) -> None:
    """Facts and rules that the figures read, each with its source; assumptions are on the sheet of the inputs."""
    lues: dict[tuple[str, str, str], list[str]] = {}
    for grandeur, origine in entrees(lu.bouclee):
        if origine.titre_source:
            cle = (
                origine.titre_source,
                origine.url or "",
                FIABILITE_EN_CLAIR.get(origine.fiabilite, origine.fiabilite),
            )
            noms = lues.setdefault(cle, [])
            if grandeur.nom and grandeur.nom not in noms:
                noms.append(grandeur.nom)
    titres = ("Source", "Ce qu'elle donne", "Fiabilité", "Adresse")
    lignes = [(titre, " ; ".join(noms), sur, url) for (titre, url, sur), noms in sorted(lues.items())]
    _liste(feuille, styles, SOURCES, titres, (52.0, 62.0, 16.0, 62.0), lignes)


def journal(feuille: Worksheet, styles: Styles, lu: EtudeEcrite) -> None:
    """Scales that the figures read: value on the day of the request and those after it, dates in force, source."""
    titres = ("Barème", "Valeur", "Unité", "Depuis le", "Jusqu'au", "Fiabilité", "Source", "Consultée le", "Chemin")
    largeurs = (46.0, 13.0, 14.0, 24.0, 12.0, 24.0, 46.0, 12.0, 40.0)
    lignes = [
        (
            datee.libelle,
            float(datee.valeur) if isinstance(datee.valeur, int | float) else _en_mots(datee),
            datee.unite,
            datee.depuis if datee.au_plus_tard is None else datee.debut_en_clair(),
            datee.jusqu_au or "",
            datee.fiabilite_en_clair,
            datee.source.titre,
            datee.source.consulte_le,
            datee.chemin,
        )
        for datee in _lus(lu)
    ]
    _liste(feuille, styles, JOURNAL, titres, largeurs, lignes, unite=2)


def _lus(lu: EtudeEcrite) -> Iterator[ValeurDatee]:
    """Values of the scales read that are in force on the day of the request or begin after it; else the last one."""
    ctx, jour = lu.bouclee.ev.ctx, etude_de(lu).date_demande
    chemins = sorted({o.reference for _, o in entrees(lu.bouclee) if _est_bareme(o)})
    for chemin in chemins:
        valeurs = ctx.catalogue.bareme(chemin).valeurs
        suivent = [v for v in valeurs if v.depuis > jour or v.couvre(jour)]
        yield from suivent or valeurs[-1:]


def _est_bareme(origine: Origine) -> bool:
    return origine.nature == "bareme"


def _en_mots(datee: ValeurDatee) -> str:
    """Value that is no single number."""
    if datee.valeur is None:
        return "case vide"
    return "table" if isinstance(datee.valeur, dict) else "tranches"


def _liste(
    feuille: Worksheet,
    styles: Styles,
    nom: str,
    titres: Sequence[str],
    largeurs: Sequence[float],
    lignes: Sequence[tuple[float | str | date, ...]],
    unite: int = -1,
) -> None:
    """List on a sheet: headings, then rows of words, days and numbers in the unit of a column."""
    feuille.write_string(0, 0, nom, styles.titre)
    feuille.set_row(0, 24)
    for colonne, (titre, largeur) in enumerate(zip(titres, largeurs, strict=True)):
        feuille.set_column(colonne, colonne, largeur)
        feuille.write_string(2, colonne, titre, styles.entete)
    for rang, valeurs in enumerate(lignes, start=3):
        dits = [(v if isinstance(v, str) else "", largeur) for v, largeur in zip(valeurs, largeurs, strict=True)]
        feuille.set_row(rang, hauteur(*dits))
        for colonne, valeur in enumerate(valeurs):
            if isinstance(valeur, str):
                feuille.write_string(rang, colonne, valeur, styles.unite if colonne else styles.texte)
            elif isinstance(valeur, date):
                feuille.write_datetime(rang, colonne, valeur, styles.nombre("date"))
            else:
                forme = styles.du_genre("loi", num_format=format_de(str(valeurs[unite]), valeur))
                feuille.write_number(rang, colonne, valeur, forme)
    if not lignes:
        feuille.merge_range(3, 0, 3, len(titres) - 1, "Rien à citer.", styles.note)
        feuille.set_row(3, hauteur(("Rien à citer.", ensemble(largeurs))))
    styles.mettre_en_page(feuille, nom, (3, 1))
