"""Doubt about a study, as a Python user asks for it: drawn figures, ranges, risks and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pope_foncier.decision.doute.correlations import Liens
from pope_foncier.decision.doute.echantillon import METHODES
from pope_foncier.decision.doute.evenements import cle as cle_d_evenement
from pope_foncier.decision.doute.lecture import LectureDuDoute
from pope_foncier.decision.doute.lecture import douter as tirer_et_lire
from pope_foncier.decision.doute.mesures import Probabilite, Quantile
from pope_foncier.decision.doute.reglages import EVOLUTION, Reglages, reglages
from pope_foncier.etude.fiche_doute import GRAINE_MAX, TIRAGES_MAX
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.modele.declaration import declaration_de
from pope_foncier.modele.loi import Loi
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.champs import chemin_de
from pope_foncier.porte.etude import Etude
from pope_foncier.porte.images import dessiner, en_figure
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.erreurs import ErreurCalcul, abreger
from pope_foncier.socle.refus import NomsProches, refuser

if TYPE_CHECKING:
    import pandas as pd

    from pope_foncier.vues.formes.figures import Axes, Figure
    from pope_foncier.vues.formes.image import Image


@donnee_par('pf.douter(pf.ouvrir("gare_saint_denis"), n=200)')
@dataclass(frozen=True, repr=False)
class Doute(NomsProches):
    """Draws of a study, and what they say.

    >>> import pope_foncier as pf
    >>> doute = pf.douter(pf.ouvrir("gare_saint_denis"), n=200, graine=1)
    >>> 0 <= doute.probabilite("couverture_minimale", 1.0).valeur <= 1
    True
    >>> doute.quantile("cout_total", 0.9).valeur > doute.quantile("cout_total", 0.1).valeur
    True
    """

    etude: Etude
    lecture: LectureDuDoute

    @cached_property
    def tirages(self) -> pd.DataFrame:
        """One row a draw: what was drawn, the branch of each event, then the figures; a figure without value is NaN, never dropped."""
        import pandas as pd

        lue = self.lecture.tiree
        cadre = pd.DataFrame({**lue.tirages, **lue.evenements, **lue.chiffres})
        cadre.index.name = "tirage"
        return cadre.assign(perdu=lue.perdu) if lue.evenements else cadre

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """Percentiles of every figure: one row a figure, one column a share of the draws."""
        import pandas as pd

        lues = self.lecture.fourchettes
        cadre = pd.DataFrame({f.nom: {p: q.valeur for p, q in f.quantiles.items()} for f in lues}).T
        cadre.index.name = "chiffre"
        return cadre.assign(etude=[f.centrale for f in lues], sans_valeur=[f.indefinis for f in lues])

    @cached_property
    def risques(self) -> pd.DataFrame:
        """What may go wrong: how often, its interval, and the draws that do not say."""
        import pandas as pd

        lus = {r.phrase: r.probabilite for r in self.lecture.risques}
        colonnes = ["probabilite", "bas", "haut", "sans_reponse"]
        lignes = [(p.valeur, p.bas, p.haut, p.indefinis) for p in lus.values()]
        return pd.DataFrame(lignes, index=pd.Index(lus, name="risque"), columns=colonnes)

    @verifie
    def quantile(self, chiffre: str, part: float) -> Quantile:
        """Value under which a figure falls in that share of the draws, with its interval.

        Raises:
            Inconnu: a figure that was not drawn.
            ErreurCalcul: a share that is not between 0 and 1.
        """
        return self.lecture.tiree.quantile(chiffre, part)

    @verifie
    def probabilite(self, chiffre: str, seuil: float, *, sous: bool = True) -> Probabilite:
        """How often a figure falls under a threshold (or above it), with its interval.

        Raises:
            Inconnu: a figure that was not drawn.
        """
        return self.lecture.tiree.probabilite(chiffre, seuil, sous=sous)

    @verifie
    def tracer(self, quoi: str = "eventail", ax: Axes | None = None) -> Axes:
        """Draw the fan of the cash (``eventail``), the cover by year (``couverture``), or the histogram of a figure by its name.

        Raises:
            Inconnu: no such picture.
        """
        return dessiner(self._image(quoi), ax)

    @verifie
    def dessiner(self, quoi: str = "eventail") -> Figure:
        """The same picture on a figure of its own, light enough to be kept in a notebook.

        Raises:
            Inconnu: no such picture.
        """
        return en_figure(self._image(quoi))

    def _image(self, quoi: str) -> Image:
        from pope_foncier.vues.decision.doute import graphiques
        from pope_foncier.vues.formes.cellules import source_etude

        source = source_etude(self.etude.nom)
        if quoi in self.lecture.tiree.chiffres:
            return graphiques.histogramme(self.lecture, quoi, source)
        if quoi not in ("eventail", "couverture") or (quoi == "couverture" and not self.lecture.a_une_dette):
            raise refuser("Image inconnue", quoi, ["eventail", "couverture", *self.lecture.tiree.chiffres])
        faire = graphiques.eventail if quoi == "eventail" else graphiques.couverture
        return faire(self.lecture, source)

    def __repr__(self) -> str:
        from pope_foncier.vues.decision.doute.tableaux import phrase

        return f"Doute sur {self.etude.nom} : {phrase(self.lecture)}"

    def _repr_html_(self) -> str:
        from pope_foncier.vues.decision.doute.tableaux import en_chances, en_une_phrase

        lignes = [(f.libelle, en_une_phrase(f)) for f in self.lecture.fourchettes if f.unite.startswith("€")]
        lignes += [(r.phrase, en_chances(r.probabilite)) for r in self.lecture.risques]
        return en_html(repr(self), lignes)


@verifie
def douter(
    etude: Etude,
    lois: Mapping[str, Any] | None = None,
    n: int | None = None,
    graine: int | None = None,
    methode: str | None = None,
    correlations: Mapping[tuple[str, str], float] | None = None,
    chiffres: Sequence[str] | None = None,
    seulement: Sequence[str] | None = None,
) -> Doute:
    """Draw a study as its sheet says, its plan closed in each draw, and read what its partners ask.

    Args:
        lois: laws by field, in place of those of the sheet; a field given ``None`` keeps its value.
        n: number of draws; by default that of the study, or of the project.
        graine: seed; the same gives the same draws.
        methode: ``hasard``, ``hypercube`` or ``sobol``.
        correlations: correlation by pair of fields, in place of those of the sheet.
        chiffres: codes of the figures wanted; the main ones by default.
        seulement: the only fields drawn, beside the events of the sheet; the others keep their value.

    Raises:
        Inconnu: a field, a figure or a method that does not exist; the near ones are offered.
        ErreurCalcul: nothing to draw, a law that a field does not admit, or correlations that contradict each other.

    >>> import pope_foncier as pf
    >>> pf.douter(pf.ouvrir("gare_saint_denis"), n=100, graine=1)
    Doute sur gare_saint_denis : 100 tirages au hasard, graine 1 : 41 entrées tirées, 1 lien entre elles, 2 événements, le plan étant bouclé à chaque tirage.
    """
    moteur = moteur_du_projet()
    regles = reglages(etude.fiche, moteur)
    if n is not None:
        exiger_un_entier("Nombre de tirages", n, 1, TIRAGES_MAX)
    if graine is not None:
        exiger_un_entier("Graine", graine, 0, GRAINE_MAX)
    if methode is not None and methode not in METHODES:
        raise refuser("Méthode de tirage inconnue", methode, METHODES)
    regles = avec_lois(regles, etude, lois or {})
    if seulement is not None:
        regles = _en_gardant(regles, etude, seulement)
    regles = replace(
        regles,
        tirages=n or regles.tirages,
        graine=regles.graine if graine is None else graine,
        methode=methode or regles.methode,
        correlations=regles.correlations if correlations is None else en_liens(etude, correlations),
    )
    return Doute(etude, tirer_et_lire(etude.dossier(), moteur, regles, chiffres))


def _en_gardant(regles: Reglages, etude: Etude, champs: Sequence[str]) -> Reglages:
    """Settings where those fields alone are drawn."""
    gardes = {en_chemin(etude, champ) for champ in champs}
    if sans_loi := sorted(gardes - regles.lois.keys()):
        raise ErreurCalcul(f"Rien ne dit comment tirer {', '.join(sans_loi)} : donner un intervalle ou une loi.")
    evenements = {cle_d_evenement(evenement) for evenement in regles.evenements}
    return avec_lois(regles, etude, {champ: None for champ in regles.lois.keys() - gardes - evenements})


def avec_lois(regles: Reglages, etude: Etude, lois: Mapping[str, Any]) -> Reglages:
    """Settings with other laws for some fields, checked on what each field admits; None holds a field.

    Raises:
        Inconnu: a field that the study does not have.
        ErreurCalcul: no law, or one beyond what the field admits.
    """
    retenues = dict(regles.lois)
    for nom, loi in lois.items():
        chemin = en_chemin(etude, nom)
        if loi is None:
            retenues.pop(chemin, None)
            continue
        if not isinstance(loi, Loi):
            raise ErreurCalcul(
                f"« {nom} » : une loi est attendue, par exemple pf.pert(bas, mode, haut) ; None pour tenir la valeur."
            )
        retenues[chemin] = bornee(etude, chemin, loi)
    tenus = regles.lois.keys() - retenues.keys()
    liens = {paire: v for paire, v in regles.correlations.items() if not tenus & set(paire)}
    return replace(
        regles,
        lois=retenues,
        correlations=liens,
        par_defaut=regles.par_defaut - {en_chemin(etude, nom) for nom in lois},
    )


def bornee(etude: Etude, chemin: str, loi: Loi) -> Loi:
    """Law within what its field admits: a normal law is cut there, another one is refused beyond.

    Raises:
        ErreurCalcul: the law goes beyond.
    """
    return loi if chemin.startswith(EVOLUTION) else loi.bornee(declaration_de(etude.fiche, chemin).bornes, chemin)


def en_chemin(etude: Etude, nom: str) -> str:
    """Path of what may be drawn: a field of the study, or an evolution path.

    Raises:
        Inconnu: no such field or path.
    """
    if not nom.startswith((EVOLUTION, "evenements[")):
        return chemin_de(etude.fiche, nom)
    chemins = moteur_du_projet().evolutions.chemins
    if nom.startswith(EVOLUTION) and nom.removeprefix(EVOLUTION) not in chemins:
        raise refuser("Chemin d'évolution inconnu", nom, [f"{EVOLUTION}{c}" for c in chemins])
    return nom


def en_liens(etude: Etude, correlations: Mapping[tuple[str, str], float]) -> Liens:
    """Correlations by pair of paths.

    Raises:
        Inconnu: a field that the study does not have.
        ErreurCalcul: a key that is no pair.
    """
    for cle in correlations:
        if len(cle) != 2:
            raise ErreurCalcul(
                f"Corrélations : une paire de champs est attendue, (« travaux.cout_m2_ht », « exploitation.taux_occupation ») par exemple ; trouvé : {abreger(str(cle))}."
            )
    return {(en_chemin(etude, a), en_chemin(etude, b)): float(valeur) for (a, b), valeur in correlations.items()}


def exiger_un_entier(quoi: str, nombre: Any, mini: int, maxi: int) -> None:
    """Refuse what is no whole number within bounds.

    Raises:
        ErreurCalcul: it is none; says what was asked.
    """
    import numpy as np

    if isinstance(nombre, bool) or not isinstance(nombre, int | np.integer) or not mini <= nombre <= maxi:
        raise ErreurCalcul(f"{quoi} : un entier de {mini} à {maxi} est attendu ; trouvé : « {abreger(str(nombre))} ».")
