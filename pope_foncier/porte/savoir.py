"""What to know first before a decision, as a Python user asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.comparer.combinaisons import TEL_QUEL
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.decision.sensibilite import savoir as savoirs
from pope_foncier.decision.sensibilite.bascules import Question, basculer, question_du
from pope_foncier.decision.sensibilite.decisions import Choix, Option
from pope_foncier.decision.sensibilite.en_bref import choix_par_defaut
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.scenarios import BASE
from pope_foncier.porte.attendu import verifie
from pope_foncier.porte.etude import Etude, ouvrir
from pope_foncier.porte.sensibilite import cadre_des_bascules
from pope_foncier.porte.textes import en_html, espaces_simples
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.refus import NomsProches, refuser
from pope_foncier.vues.decision.sensibilite import mots, tableaux
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Decision(NomsProches):
    """Decision with its options, what each would be regretted by, and what knowing each unknown would be worth [€ of present value].

    >>> import pope_foncier as pf
    >>> decision = pf.savoir("coque_la_courneuve", plafond=9_000, tirages=200)
    >>> list(decision.options.columns)
    ['vaut', 'regret_moyen', 'regret_90', 'part_meilleure']
    """

    savoir: savoirs.Savoir

    @property
    def options(self) -> pd.DataFrame:
        """Each option: mean worth, mean regret, regret that nine draws in ten do not exceed, share of the draws where it is the best."""
        import pandas as pd

        rangs = {
            nom: (r.moyenne, r.regret_moyen, r.regret_90, r.part_meilleure) for nom, r in self.savoir.regrets.items()
        }
        colonnes = ["vaut", "regret_moyen", "regret_90", "part_meilleure"]
        cadre = pd.DataFrame.from_dict(rangs, orient="index", columns=colonnes)
        cadre.index.name = "option"
        return cadre

    @property
    def inconnues(self) -> pd.DataFrame:
        """Each unknown: what knowing it alone would be worth, the standard error, and the study that would settle it with its price."""
        import pandas as pd

        lignes = [
            (
                x.cle,
                x.entree.libelle,
                x.vaut.valeur,
                x.vaut.erreur,
                None if x.etude is None else x.etude.id,
                *((float("nan"), float("nan")) if x.etude is None else x.etude.cout),
            )
            for x in self.savoir.inconnues
        ]
        colonnes = ["entree", "libelle", "vaut", "erreur", "etude", "cout_bas", "cout_haut"]
        return pd.DataFrame(lignes, columns=colonnes).set_index("entree")

    @property
    def tout_savoir(self) -> float:
        """What knowing everything would be worth [€]: no study is worth more."""
        return self.savoir.tout.valeur

    def bascules(self) -> pd.DataFrame:
        """Value of each input, alone, at which the choice changes (``seuil``, NaN when none does), and the cost or the difference at both ends.

        Of two options, the cost for the commune of the first less that of the second; of one, its cost against the ceiling.

        Raises:
            ErreurCalcul: more than two options.
        """
        return cadre_des_bascules(self._question())

    def _question(self) -> Question:
        return question_du(self.savoir.choix, moteur_du_projet())

    def table_des_bascules(self) -> Table:
        """The same as a table of words."""
        question = self._question()
        return tableaux.bascules(question, basculer(question))

    def tables(self) -> list[Table]:
        """Options, then unknowns and studies to order when some could change the choice, as tables."""
        autres = [tableaux.inconnues(self.savoir), tableaux.commandes(self.savoir)]
        return [tableaux.options(self.savoir), *(t for t in autres if t.lignes)]

    def __repr__(self) -> str:
        return f"{mots.retenir(self.savoir)} {mots.savoir_d_abord(self.savoir)}"

    def _repr_html_(self) -> str:
        lignes = [("Choix", mots.retenir(self.savoir)), ("D'abord", mots.savoir_d_abord(self.savoir))]
        return en_html("Ce qu'il faut savoir d'abord", lignes)


@verifie
def savoir(
    *etudes: str | Path | Etude,
    plafond: float | None = None,
    a_trouver: float | None = None,
    plafond_contribution: float | None = None,
    montages: Sequence[str] = (),
    tirages: int | None = None,
) -> Decision:
    """What to know first: build or not under a ceiling, one site or another, one scenario or another, one way of holding the walls or another.

    Args:
        etudes: options, by name, file, or open with their changes (``etude.scenarios["…"]``).
        plafond: highest cost in all that the commune accepts by place and year of opening, what nobody has promised included [€]; doing nothing is
            then an option. For one study alone, what its ``doute`` section names by default.
        a_trouver: highest amount that one can find [€], instead of a ceiling.
        plafond_contribution: highest contribution by place in the cruising year [€], instead of both, the plan leaving nothing to find; for one study
            alone, what it says by default when it names no ceiling of the whole cost.
        montages: ways of holding the walls of the study, by code, as options; ``tel_quel`` is that of the study.
        tirages: number of draws.

    Raises:
        Inconnu: no such montage.
        ErreurCalcul: nothing to choose between, a ceiling and an amount together, a negative one, no draw, or a montage that is impossible, and why.

    >>> import pope_foncier as pf
    >>> pf.savoir("gare_saint_denis", plafond=8_000, tirages=200).options["part_meilleure"].to_list()
    [0.0, 1.0]
    """
    ouvertes = [e if isinstance(e, Etude) else ouvrir(e) for e in etudes]
    if not ouvertes:
        raise ErreurCalcul('Décision : nommer au moins une étude, par exemple pf.savoir("gare_saint_denis").')
    options = _montages(ouvertes[0], montages) if montages else _etudes(ouvertes)
    if len(options) == 1 and plafond is None and a_trouver is None and plafond_contribution is None:
        return Decision(savoirs.savoir(_par_defaut(options[0]), moteur_du_projet(), tirages))
    dits = [float("nan") if x is None else x for x in (plafond, a_trouver, plafond_contribution)]
    choix = Choix(tuple(options), *dits)
    return Decision(savoirs.savoir(choix, moteur_du_projet(), tirages))


def _etudes(etudes: Sequence[Etude]) -> list[Option]:
    """Options by the name of their site, of their scenario when they share it, of their changes when they share both."""
    noms = [e.nom for e in etudes]
    if len(set(noms)) < len(noms):
        noms = [f"{e.nom}, {e.scenario}" for e in etudes]
    if len(set(noms)) < len(noms):
        noms = [" ; ".join((nom, *e.retouches)) for nom, e in zip(noms, etudes, strict=True)]
    if len(set(noms)) < len(noms):
        raise ErreurCalcul("Décision : deux fois la même étude, sans rien qui les distingue.")
    return [Option(espaces_simples(nom), e.dossier()) for nom, e in zip(noms, etudes, strict=True)]


def _montages(etude: Etude, noms: Sequence[str]) -> list[Option]:
    """The same place under several ways of holding its walls.

    Raises:
        Inconnu: no such montage.
        ErreurCalcul: the study does not describe its property, or a montage is impossible.
    """
    dossier, fiches = etude.dossier(), lire_montages()
    foncier = dossier.etude.foncier
    if foncier is None:
        raise ErreurCalcul(
            f"« {etude.nom} » ne dit pas ce que le propriétaire accepte : ajouter la section « foncier »."
        )
    options = []
    for nom in noms:
        if nom == TEL_QUEL:
            options.append(Option("Montage de l'étude", dossier))
            continue
        if nom not in fiches.montages:
            raise refuser("Montage inconnu", nom, [TEL_QUEL, *fiches.montages])
        cas = preparer(dossier, foncier, nom, fiches.montages[nom], fiches)
        if cas.etude is None:
            raise ErreurCalcul(f"« {cas.montage.titre} » est impossible ici : {' ; '.join(cas.raisons)}")
        options.append(Option(cas.montage.titre, replace(dossier, etude=cas.etude, variantes={BASE: cas.etude})))
    return options


def _par_defaut(option: Option) -> Choix:
    """Build or not under the ceiling that a study states.

    Raises:
        ErreurCalcul: it states none.
    """
    choix = choix_par_defaut(option)
    if choix is None:
        raise ErreurCalcul(
            "Bâtir ou non : aucun plafond n'est donné. Donner celui du coût (« plafond », € par place et par an, tout compris), celui de la "
            "contribution (« plafond_contribution ») ou la somme que l'on peut trouver (« a_trouver », €)."
        )
    return choix
