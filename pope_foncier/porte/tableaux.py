"""Tables of a result as numbers: DataFrames of floats whose index says what each row is; they read, and compute nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pope_foncier.etude import plan_pluriannuel
from pope_foncier.etude.budget_commune import budget
from pope_foncier.etude.compte_annuel import COMPTE, lignes_du_compte
from pope_foncier.etude.controles import STATUT_EN_CLAIR
from pope_foncier.etude.lecteur import BOUCLE, EN_CLAIR, TEL_QUEL
from pope_foncier.etude.resultats import Vue, par_annee_civile
from pope_foncier.modele.livre import Ligne
from pope_foncier.porte.attendu import dire
from pope_foncier.porte.refus import Indetermine
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.refus import refuser
from pope_foncier.vues.classeur.tables import en_classeur
from pope_foncier.vues.etude import flux
from pope_foncier.vues.travaux import tableaux_cout

if TYPE_CHECKING:
    import pandas as pd


def mois_de(vue: Vue) -> pd.PeriodIndex:
    """Months of a study."""
    import pandas as pd

    echelle = vue.ev.ctx.echelle
    return pd.period_range(pd.Period(echelle.date_du_mois(0), "M"), periods=echelle.duree_mois, name="mois")


def annees_de(vue: Vue) -> pd.PeriodIndex:
    """Calendar years of a study."""
    import pandas as pd

    return pd.period_range(pd.Period(str(vue.annees[0]), "Y"), periods=len(vue.annees), name="annee")


def serie(vue: Vue, grandeur: Grandeur, code: str, lecture: str, constants: bool) -> pd.Series[float]:
    """Figure by period; unit, name and reading in ``attrs``.

    Raises:
        ErreurCalcul: a figure without calendar, or constant euros of what is no monthly amount.
    """
    import pandas as pd

    if not grandeur.axe:
        raise ErreurCalcul(f"« {code} » n'a qu'une valeur, sans calendrier : lire resultat[{code!r}].")
    index = mois_de(vue) if grandeur.axe == "mois" else annees_de(vue)
    ligne = vue._ligne(grandeur)
    if constants:
        if grandeur.axe != "mois" or grandeur.unite != "€":
            raise ErreurCalcul(f"« {code} » n'est pas en euros par mois : la lire en euros courants (constants=False).")
        ligne = ligne / vue.indice_des_prix()
    lue = pd.Series(np.array(np.broadcast_to(ligne, (len(index),))), index=index, name=code, dtype=float)
    lue.attrs = {"libelle": grandeur.nom, "unite": grandeur.unite, "lecture": lecture}
    if constants:
        lue.attrs["euros"] = f"constants, {vue.annee_des_prix}"
    return lue


def toutes_lues(
    codes: Iterable[str], entier: Callable[[str], str], lire: Callable[[str], pd.Series[float]]
) -> dict[str, pd.Series[float]]:
    """Series by full code.

    Raises:
        ErreurCalcul: all the codes that cannot be read, with the near ones.
    """
    lues, fautes = {}, []
    for code in codes:
        try:
            lues[entier(code)] = lire(code)
        except ErreurCalcul as erreur:
            fautes.append(str(erreur))
    if fautes:
        raise ErreurCalcul("\n".join(fautes))
    return lues


def series(vue: Vue, lues: Mapping[str, pd.Series[float]], par_an: bool) -> pd.DataFrame:
    """Series side by side, one column a code; months by calendar year when asked: sums of a flow, last balance of a stock.

    Args:
        lues: series by code of figure.

    Raises:
        ErreurCalcul: months beside years, or a figure that no year sums up.
    """
    import pandas as pd

    mensuelles = [code for code, lue in lues.items() if lue.index.freqstr.startswith("M")]
    if not par_an and 0 < len(mensuelles) < len(lues):
        annuelles = ", ".join(code for code in lues if code not in mensuelles)
        raise ErreurCalcul(
            f"Des mois à côté d'années ({annuelles}) : les lire toutes par année (par_an=True, --par-an)."
        )
    sans = [code for code in mensuelles if par_an and code not in vue.ev.livre.lignes]
    if sans:
        raise ErreurCalcul(f"Ni flux ni solde, donc rien à dire d'une année : {', '.join(sans)}. Lire par mois.")
    colonnes = {
        code: pd.Series(
            par_annee_civile(lue.to_numpy(), vue.ev.ctx.echelle, vue.ev.livre.lignes[code].stock), annees_de(vue)
        )
        if par_an and code in mensuelles
        else lue
        for code, lue in lues.items()
    }
    cadre = pd.DataFrame(colonnes)
    cadre.attrs = {
        cle: {c: lue.attrs[nom] for c, lue in lues.items()}
        for cle, nom in (("unites", "unite"), ("libelles", "libelle"))
    }
    return cadre


def plan(vue: Vue) -> pd.DataFrame:
    """Uses and resources; the signed gap stands among the resources, so that both sides have the same total [€]."""
    cotes = {"besoins": _lignes(vue, "besoins"), "ressources": _lignes(vue, "ressources")}
    return en_cadre(
        {
            (cote, nom): {
                "montant": vue.montant(ligne.code),
                "par_place": vue.places.par_place(vue.montant(ligne.code)),
            }
            for cote, lignes in cotes.items()
            for nom, ligne in _par_libelle(lignes).items()
        },
        ("cote", "poste"),
    )


def _lignes(vue: Vue, groupe: Any) -> list[Ligne]:
    """Lines of one side of the plan, its total left out."""
    return [x for x in vue.ev.livre.du_groupe(groupe) if x.code not in ("besoins.total", "ressources.total")]


def _par_libelle(lignes: Iterable[Ligne]) -> dict[str, Ligne]:
    """Lines by label; the same label that comes again says its code too, so that none is lost."""
    nommees: dict[str, Ligne] = {}
    for ligne in lignes:
        nommees[f"{ligne.libelle} ({ligne.code})" if ligne.libelle in nommees else ligne.libelle] = ligne
    return nommees


def cout(vue: Vue) -> pd.DataFrame:
    """Cost plan, tax and equipment included, without its total [€]."""
    cadre = tableaux_cout.cout(vue).to_frame(totaux=False)
    return cadre.rename(columns={"Montant": "montant", "Par place": "par_place"}).rename_axis("poste")


def aides(vue: Vue) -> pd.DataFrame:
    """Grants counted: amount, and share of the uses [€]."""
    montants = {(a.aide.id, a.aide.libelle): vue.valeur(a.subvention) for a in vue.ev.subventions}
    return en_cadre(
        {cle: {"montant": v, "part_des_besoins": vue.part_des_besoins(v)} for cle, v in montants.items()},
        ("id", "aide"),
    )


def prets(vue: Vue) -> pd.DataFrame:
    """Loans by calendar year: interest, capital, instalments, balance at the end of the year; accessories when a loan has some [€]."""
    colonnes: dict[tuple[str, str], np.ndarray] = {}
    for dette in vue.ev.dettes:
        interets, capital, restant = (
            vue.annuel(f"emprunts.{dette.id}.{quoi}") for quoi in ("interets", "remboursement", "restant")
        )
        parts = {"interets": interets, "capital": capital, "annuite": interets + capital, "restant": restant}
        if dette.accessoires is not None:
            parts["accessoires"] = vue.accessoires_du_pret(dette.id)
        colonnes |= {(dette.id, quoi): v for quoi, v in parts.items()}
    return _par_annee(vue, colonnes, ("pret", "colonne"))


def compte(vue: Vue) -> pd.DataFrame:
    """Operating account, one column a calendar year, without its totals [€].

    Raises:
        ErreurCalcul: the study has no operation.
    """
    _exiger_un_compte(vue)
    lignes = {
        (groupe, nom): dict(zip(vue.annees, vue.annuel(ligne.code), strict=True))
        for _, groupe in COMPTE
        for nom, ligne in _par_libelle(lignes_du_compte(vue, groupe)).items()
    }
    return en_cadre(lignes, ("cote", "poste"))


def tresorerie(vue: Vue) -> pd.DataFrame:
    """Cash of the project owner by month: each flow, received positive and paid negative, opening and closing cash [€]."""
    cadre = flux.tresorerie(vue.ev, scenario=vue.rang).drop(columns=["mois", "date"]).astype(float)
    return cadre.set_index(mois_de(vue))


def commune(vue: Vue) -> pd.DataFrame:
    """What the commune pays by calendar year on the closed plan, and what is asked of nobody in particular [€]."""
    lu = budget(vue)
    noms = ("investissement", "a_trouver", "fonctionnement", "verse")
    return _par_annee(vue, {nom: getattr(lu, nom) for nom in noms})


def pluriannuel(vue: Vue) -> pd.DataFrame:
    """Multi-year plan of the project owner, one column a calendar year [€].

    Raises:
        ErreurCalcul: the study has no operation.
    """
    _exiger_un_compte(vue)
    lu = plan_pluriannuel.etablir(vue.ev)
    lignes = {
        (cote, rubrique): dict(zip(lu.annees, valeurs[vue.rang if len(valeurs) > 1 else 0], strict=True))
        for cote, rubriques in (("emplois", lu.emplois), ("ressources", lu.ressources))
        for rubrique, valeurs in rubriques.items()
    }
    return en_cadre(lignes, ("cote", "rubrique"))


def ratios(vue: Vue) -> pd.DataFrame:
    """Ratios with their threshold, its direction and the status; NaN and « indéterminé » when a ratio has no value."""
    return en_cadre(
        {
            r.code: {
                "ratio": r.controle.libelle,
                "valeur": r.grandeur.au_point(vue.rang),
                "seuil": r.controle.seuil,
                "sens": "≥" if r.controle.sens == "au_moins" else "≤",
                "unite": r.controle.unite,
                "statut": STATUT_EN_CLAIR[r.statut(vue.rang)],
            }
            for r in vue.ratios
        },
        ("code",),
    )


TABLEAUX: dict[str, Callable[[Vue], Any]] = {
    "plan": plan,
    "cout": cout,
    "aides": aides,
    "prets": prets,
    "compte": compte,
    "tresorerie": tresorerie,
    "commune": commune,
    "pluriannuel": pluriannuel,
    "ratios": ratios,
}
"""Tables of a result by name."""
DU_PLAN = ("plan", "cout", "aides", "commune", "ratios")
"""Tables that a plan lacking money has too: what it holds and lacks, ratios that say themselves undetermined, closed plan."""


DU_COMPTE = ("compte", "pluriannuel")
"""Tables of a study that describes its operation."""


def _exiger_un_compte(vue: Vue) -> None:
    if vue.ev.compte is None:
        raise ErreurCalcul("L'étude n'a pas de compte d'exploitation : compléter « exploitation » dans son fichier.")


def en_cadre(rangs: Mapping[Any, dict[Any, Any]], noms: tuple[str, ...]) -> pd.DataFrame:
    """Frame of rows by key, its index named."""
    import pandas as pd

    cadre = pd.DataFrame.from_dict(rangs, orient="index")
    if len(noms) > 1:
        cadre.index = pd.MultiIndex.from_tuples(list(rangs), names=noms)
    else:
        cadre.index = pd.Index(list(rangs), name=noms[0], dtype=object)
    return cadre


def _par_annee(vue: Vue, colonnes: dict[Any, np.ndarray], noms: tuple[str, ...] = ()) -> pd.DataFrame:
    """Frame of columns by calendar year."""
    import pandas as pd

    cadre = pd.DataFrame(
        {c: np.broadcast_to(v, (len(vue.annees),)) for c, v in colonnes.items()},
        index=pd.Index(vue.annees, name="annee"),
    )
    if noms and colonnes:
        cadre.columns = pd.MultiIndex.from_tuples(list(colonnes), names=noms)
    return cadre


class Tableaux(Mapping[str, "pd.DataFrame"]):
    """Tables of a result by name."""

    def __init__(self, vue: Vue, motif: str = "") -> None:
        self._vue = vue
        self._motif = motif
        """Why a table that closing the plan would change is undetermined."""

    def __getitem__(self, nom: str) -> pd.DataFrame:
        if not isinstance(nom, str) or nom not in TABLEAUX:
            raise refuser("Tableau inconnu", dire(nom), TABLEAUX)
        if self._motif and nom not in DU_PLAN:
            raise Indetermine(
                f"Le tableau « {nom} » est indéterminé sur le plan tel quel : {self._motif}. Lire resultat.boucle.tableau({nom!r})."
            )
        cadre = TABLEAUX[nom](self._vue)
        if nom != "ratios":
            cadre.attrs |= {"unite": "€", "unites": {"part_des_besoins": "%"}}
        cadre.attrs["lecture"] = EN_CLAIR[BOUCLE if self._vue.ev.est_bouclee or nom == "commune" else TEL_QUEL]
        return cadre

    def __iter__(self) -> Iterator[str]:
        return iter(TABLEAUX)

    def __len__(self) -> int:
        return len(TABLEAUX)

    def to_excel(self, fichier: str | Path, *noms: str) -> Path:
        """Write tables in a workbook, one sheet each, with French formats; by default all those that the result has.

        Raises:
            Inconnu: no such table; the near ones are offered.
            Indetermine: a table that closing the plan would change.
            ErreurSortie: a file that cannot be written.
        """
        etude = self._vue.ev.ctx.etude
        sans = () if self._vue.ev.compte is not None else DU_COMPTE
        choisis = noms or [n for n in self if n not in sans and not (self._motif and n not in DU_PLAN)]
        pied = f"{etude.titre}, scénario {self._vue.nom}"
        return ecrire(Path(fichier), en_classeur({nom: self[nom] for nom in choisis}, pied))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def __repr__(self) -> str:
        return f"Tableaux : {', '.join(self)}"
