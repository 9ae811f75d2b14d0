"""Rows of the sheet « Hypothèses » as records: each input with what its sheet says of it, by room; choices in words; inputs not read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.etude.fiche import Etude
from pope_foncier.modele.contexte import CHOIX_DE_L_ETUDE
from pope_foncier.modele.declaration import ChampAbsent, declaration_de, entrees_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.fiches import Bornes
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.temps import date_en_clair
from pope_foncier.vues.classeur.entrees import EntreeVive, EtudeEcrite, nom_de_cellule
from pope_foncier.vues.classeur.styles import Genre
from pope_foncier.vues.formes.lectures import STATUTS

_SALLES: dict[str, tuple[str, ...]] = {
    "L'étude": ("realiser", "evolution"),
    "Lieu et programme": ("programme", "site", "territoire"),
    "Titre, achat et murs": (
        "titre_occupation",
        "acquisition",
        "achat_bailleur",
        "immobilier",
        "bail_gestionnaire",
        "foncier",
    ),
    "Travaux et calendrier": ("travaux", "delais", "reglements"),
    "Taxes et TVA": ("taxes", "compensation_tva"),
    "Aides à l'investissement": ("aides",),
    "Apports et bouclage": ("apports", "bouclage", "boucleurs"),
    "Prêts": ("prets", "relais"),
    "Exploitation et démarrage": ("exploitation", "demarrage"),
}
"""Headings of the sheet, and the sections of the study under each."""
EVOLUTIONS, LOI, POSES, NON_LUES = (
    "Évolutions par an (hypothèses)",
    "Droit et barèmes : se lisent, ne se changent pas dans un scénario",
    "Nombres que le calcul pose : ne se changent pas ici",
    "Entrées que les formules ne suivent pas : les changer, puis renvoyer le classeur",
)
_POSE = "posé par le calcul, d'après ce que l'étude décrit"
"""What a number rests on that no sheet holds."""
LECTURES = {"bas": "bas", "central": "central", "haut": "haut"}
"""Readings of the evolution paths."""


@dataclass(frozen=True, slots=True)
class Saisie:
    """Row of the sheet: an input, or a choice in words.

    Attributes:
        champ: path in the study; empty for what a scenario does not change (law, site, path of evolution).
        cellule: name of the cell that formulas read.
        valeur: number (NaN when unknown), or the word of a choice.
        lue: whether the formulas of the workbook read it.
        choix: words that a choice admits, by their code.
        chemins: value of an evolution path by reading.
    """

    salle: str
    champ: str
    cellule: str
    libelle: str
    unite: str
    valeur: float | str
    genre: Genre
    lue: bool = True
    bas: float | None = None
    haut: float | None = None
    fiabilite: str = ""
    repose_sur: str = ""
    aupres_de: str = ""
    bornes: Bornes | None = None
    choix: Mapping[str, str] | None = None
    chemins: Mapping[str, float] | None = None

    @property
    def est_inconnue(self) -> bool:
        """Whether nobody said its value."""
        return isinstance(self.valeur, float) and math.isnan(self.valeur)


def saisies(lu: EtudeEcrite, vives: Sequence[EntreeVive]) -> list[Saisie]:
    """Rows of a study, by room: inputs that the formulas read, choices, then those that the scenario does not read.

    Args:
        vives: inputs that the formulas read.
    """
    fiche = etude_de(lu)
    des_vives = [_de_la_vive(lu, fiche, v) for v in vives]
    lus = {s.champ for s in des_vives}
    choix = [c for c in choix_de(fiche) if c.champ not in lus]
    autres = [_non_lue(lu, champ) for champ in entrees_de(fiche) if champ not in lus and _est_donnee(fiche, champ)]
    rangs = {champ: rang for rang, champ in enumerate(entrees_de(fiche))}
    ordre = [*_SALLES, EVOLUTIONS, LOI, POSES, NON_LUES]
    return sorted(
        [*des_vives, *choix, *autres],
        key=lambda s: (ordre.index(s.salle), _rang(rangs, s)),
    )


def _rang(rangs: Mapping[str, int], saisie: Saisie) -> float:
    """Place of an input in its study; a choice stands before the numbers of its sheet."""
    if saisie.champ in rangs:
        return rangs[saisie.champ]
    tete = saisie.champ.rpartition(".")[0]
    freres = [r for c, r in rangs.items() if tete and c.startswith(f"{tete}.")]
    return min(freres, default=0) - 0.5


def etude_de(lu: EtudeEcrite) -> Etude:
    """Sheet of the study under the scenario that is written."""
    return lu.dossier.variantes[lu.scenario]


def salle_de(champ: str) -> str:
    """Heading under which an input stands."""
    section = champ.partition(".")[0].partition("[")[0]
    return next((titre for titre, sections in _SALLES.items() if section in sections), "L'étude")


def genre_de(valeur: float, origine: Origine | None) -> Genre:
    """Kind of an input, by where it comes from and how sure it is."""
    if math.isnan(valeur):
        return "inconnu"
    if origine is None:
        return "hypothese"
    if origine.a_obtenir_de or origine.fiabilite in ("a_confirmer", "estimation"):
        return "a_confirmer"
    return "loi" if origine.nature == "bareme" else "fait" if origine.nature == "fait" else "hypothese"


def _de_la_vive(lu: EtudeEcrite, fiche: Etude, vive: EntreeVive) -> Saisie:
    """Row of an input that the formulas read."""
    bas, haut = vive.intervalle or (None, None)
    genre = genre_de(vive.valeur, vive.origine)
    salle, champ, donnee, bornes, chemins = LOI, "", None, None, None
    if vive.nature == "evolution":
        salle, chemins = EVOLUTIONS, _chemins(lu, vive.champ)
        bas, haut = (chemins["bas"], chemins["haut"]) if chemins else (bas, haut)
    elif vive.nature == "site":
        salle = salle_de(vive.nature)
    elif vive.nature == "constante":
        salle, genre = POSES, "inconnu" if genre == "inconnu" else "calcul"
    elif vive.nature == "etude":
        champ = vive.champ.replace("boucleurs[", "bouclage[", 1)
        salle = salle_de(champ)
        try:
            donnee, bornes = lire_champ(fiche, champ), declaration_de(fiche, champ).bornes
        except ChampAbsent:
            champ = ""
    return Saisie(
        salle,
        champ,
        vive.cellule,
        vive.libelle,
        vive.unite,
        vive.valeur,
        genre,
        bas=bas,
        haut=haut,
        fiabilite=_fiabilite(vive.origine),
        repose_sur=raison_de(donnee, vive.origine) if salle != POSES or vive.origine else _POSE,
        aupres_de=vive.origine.a_obtenir_de if vive.origine else "",
        bornes=bornes,
        chemins=chemins,
    )


def _chemins(lu: EtudeEcrite, champ: str) -> dict[str, float] | None:
    chemin = lu.bouclee.ev.ctx.evolutions.chemins.get(champ.removeprefix("evolution."))
    return None if chemin is None else {nom: chemin.taux(nom) for nom in ("bas", "central", "haut")}


def _fiabilite(origine: Origine | None) -> str:
    return FIABILITE_EN_CLAIR.get(origine.fiabilite, origine.fiabilite) if origine else ""


def raison_de(donnee: Any, origine: Origine | None) -> str:
    """What a number rests on: published source, basis of the assumption, or scale."""
    if isinstance(donnee, Donnee) and donnee.source is not None:
        return f"{donnee.source.titre}, consulté le {date_en_clair(donnee.source.consulte_le)}"
    if isinstance(donnee, Donnee) and donnee.base is not None:
        return donnee.base
    if origine is None:
        return CHOIX_DE_L_ETUDE
    if origine.nature == "bareme" and origine.fiabilite != "hypothese":
        return origine.titre_source
    return "" if origine.nature == "inconnu" else origine.mention


def _est_donnee(fiche: Etude, champ: str) -> bool:
    return lire_champ(fiche, champ) is not None


def _non_lue(lu: EtudeEcrite, champ: str) -> Saisie:
    """Row of an input that this scenario does not read."""
    fiche, ctx = etude_de(lu), lu.bouclee.ev.ctx
    donnee, declaration = lire_champ(fiche, champ), declaration_de(fiche, champ)
    unite, intervalle = declaration.unite, donnee.intervalle if isinstance(donnee, Donnee) else None
    try:
        grandeur = ctx.entree(champ)
        rang = lu.bouclee.rang
        valeur, unite = grandeur.au_point(rang), grandeur.unite
        origine = grandeur.origines[rang if len(grandeur.origines) > 1 else 0]
    except (ErreurBareme, TypeError):
        valeur, origine = float("nan"), None
    bas, haut = intervalle or (None, None)
    return Saisie(
        NON_LUES,
        champ,
        nom_de_cellule(champ),
        declaration.libelle,
        unite,
        valeur,
        genre_de(valeur, origine),
        lue=False,
        bas=bas,
        haut=haut,
        fiabilite=_fiabilite(origine),
        repose_sur=raison_de(donnee, origine),
        aupres_de=(origine.a_obtenir_de if origine else "") or "",
        bornes=declaration.bornes,
    )


def choix_de(fiche: Etude) -> Iterator[Saisie]:
    """Choices in words that a partner may change: reading of the evolution paths, status of each grant and of each other income."""
    libelle = "Lecture des évolutions"
    yield Saisie(
        salle_de("evolution"), "evolution", nom_de_cellule("evolution"), libelle, "", fiche.evolution, "hypothese",
        choix=LECTURES, repose_sur=CHOIX_DE_L_ETUDE,
    )  # fmt: skip
    avec_statut: list[tuple[str, Any]] = [("aides", a) for a in fiche.aides]
    if fiche.exploitation is not None:
        avec_statut += [("exploitation.produits_annexes", p) for p in fiche.exploitation.produits_annexes]
    for liste, element in avec_statut:
        champ = f"{liste}[{element.id}].statut"
        yield Saisie(
            salle_de(champ), champ, nom_de_cellule(champ), f"{element.libelle}, statut", "", STATUTS[element.statut],
            "fait" if element.statut == "acquise" else "a_confirmer", choix=STATUTS,
            repose_sur=element.remarque or CHOIX_DE_L_ETUDE, aupres_de=getattr(element, "financeur", "") or element.payeur,
        )  # fmt: skip
