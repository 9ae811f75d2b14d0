"""Tables of the scales: last values, and what must be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.dispositif import EVENEMENT_EN_CLAIR, FORME_EN_CLAIR, FicheVersement
from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.baremes.registre import ETAT_EN_CLAIR, Registre
from pope_foncier.etude.veille import Veille
from pope_foncier.socle.nombres import formater, formater_nombre, pourcent
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.cases import Cellule
from pope_foncier.vues.formes.table import Table


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
                derniere.fiabilite_en_clair,
            )
        )
    return Table("Barèmes", ("Chemin", "Libellé", "Dernière valeur", "Période", "Fiabilité"), tuple(lignes), texte=True)


def table_dispositifs(registre: Registre) -> Table:
    """Known aid schemes: state in the model and why."""
    lignes = [
        (d.id, d.nom, d.financeur, ETAT_EN_CLAIR[d.etat], d.pourquoi, cases.jour(d.verifie_le))
        for d in registre.dispositifs
    ]
    titres = ("Identifiant", "Dispositif", "Financeur", "Dans le modèle", "Pourquoi", "Vérifié le")
    return Table("Dispositifs d'aide connus", titres, tuple(lignes), texte=True)


def table_versements(catalogue: Catalogue) -> Table:
    """Who may ask for each scheme that has a rule, when it is paid, and how sure that is."""
    lignes = [
        (
            nom,
            _formes(f for f in d.beneficiaires if f not in d.beneficiaires_a_confirmer),
            _formes(d.beneficiaires_a_confirmer),
            " ; ".join(f"{pourcent(v.part, 0)} {_quand(v)}" for v in d.versements),
            FIABILITE_EN_CLAIR[d.versements_fiabilite],
        )
        for nom, d in catalogue.dispositifs().items()
    ]
    titres = ("Identifiant", "Qui peut demander", "À confirmer par le financeur", "Versement", "Fiabilité du versement")
    return Table("Qui demande, quand l'aide est versée", titres, tuple(lignes), texte=True)


def _formes(formes: Iterable[str]) -> str:
    return ", ".join(FORME_EN_CLAIR[f] for f in formes) or "—"


def _quand(versement: FicheVersement) -> str:
    delai = versement.delai_mois
    return EVENEMENT_EN_CLAIR[versement.evenement] + (f", {formater(delai, 'mois')} plus tard" if delai else "")


def table_veille(veille: Sequence[Veille], jour: date, autres: int = 0) -> Table:
    """Values of the law to look at again, with what a step of each weighs on some studies."""
    lignes = [
        (
            v.chose.valeur.libelle,
            _valeur_bareme(v.chose.valeur),
            v.chose.motif,
            cases.montant(v.poids).sinon(v.sans_poids or "—"),
            v.pas or "—",
            v.etude or "aucune",
            v.chose.document,
            v.chose.valeur.chemin,
        )
        for v in veille
    ]
    titres = (
        "Valeur",
        "Dernière connue",
        "Pourquoi",
        "Pèse (±)",
        "Pour un pas",
        "Étude",
        "À demander, ou relire",
        "Chemin",
    )
    note = _CE_QUE_PESE + (f" {autres} autres, qu'aucune de ces études ne lit." if autres else "")
    return Table(f"Droit et barèmes à revoir au {date_en_clair(jour)}", titres, tuple(lignes), note=note, texte=True)


_CE_QUE_PESE = (
    "Pèse : ce qu'un pas change à ce que paie la commune et à ce qui reste à trouver, sauf l'avance de trésorerie qui revient, en euros sur toute "
    "l'étude, là où il change le plus ; "
    "la valeur est déplacée dans le droit et l'étude refaite, plan refermé ; le pas est le dernier changement publié, sinon une part de la valeur. "
    "Non pesé : case vide, ou étude dont ces chiffres sont inconnus. Aucun effet : ce pas n'atteint pas la limite où elle joue, ou l'étude lit un "
    "autre nombre."
)


def _valeur_bareme(datee: ValeurDatee) -> Cellule:
    if datee.valeur is None:
        return "case vide"
    if isinstance(datee.valeur, dict):
        return " ; ".join(f"{c.replace('_', ' ')} {_en_entier(v, datee.unite)}" for c, v in datee.valeur.items())
    if isinstance(datee.valeur, tuple):
        return " ; ".join(
            f"{_en_entier(t.taux, '%')} {'jusqu’à ' + formater_nombre(t.jusqu_a) if t.jusqu_a is not None else 'au-delà'}"
            for t in datee.valeur
        )
    valeur = float(datee.valeur)
    return cases.mesure(valeur, datee.unite).dite(_en_entier(valeur, datee.unite))


def _en_entier(valeur: float, unite: str) -> str:
    """Number of the law to its last figure: ``0,0619 %``, ``20 328,13 €/an``; two decimals at least to an amount that is not whole."""
    nombre = valeur * 100.0 if unite == "%" else valeur
    centimes = 2 if unite.startswith("€") and nombre != round(nombre) else 0
    dit = formater_nombre(nombre, _DECIMALES, centimes)
    return f"{dit}\u00a0{unite}" if unite else dit


_DECIMALES = 6
"""More than any number of the law has."""
