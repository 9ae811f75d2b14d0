"""Tables of the scales: last values, and what must be checked again."""

from __future__ import annotations

from datetime import date

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.baremes.registre import ETAT_EN_CLAIR, Registre
from pope_foncier.socle.nombres import formater, formater_nombre
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
                FIABILITE_EN_CLAIR[derniere.fiabilite],
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


def _valeur_bareme(datee: ValeurDatee) -> Cellule:
    if datee.valeur is None:
        return "case vide"
    if isinstance(datee.valeur, dict):
        return " ; ".join(f"{c} {formater(v, datee.unite)}" for c, v in datee.valeur.items())
    if isinstance(datee.valeur, tuple):
        return " ; ".join(
            f"{formater(t.taux, '%')} {'jusqu’à ' + formater_nombre(t.jusqu_a) if t.jusqu_a is not None else 'au-delà'}"
            for t in datee.valeur
        )
    return cases.mesure(float(datee.valeur), datee.unite)
