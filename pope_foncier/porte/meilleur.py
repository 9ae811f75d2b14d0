"""Best plan under the rules, as a Python user reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pope_foncier.decision.choisir.plan_arrete import PlanArrete
from pope_foncier.decision.choisir.plan_optimal import MeilleurPlan
from pope_foncier.decision.choisir.plan_optimal import meilleur_plan as chercher_le_plan
from pope_foncier.decision.choisir.regles import Plafond
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.scenarios import BASE
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.etude import Etude
from pope_foncier.porte.textes import en_html
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.refus import NomsProches
from pope_foncier.vues.decision.choisir import tableaux_plan

if TYPE_CHECKING:
    import pandas as pd


@donnee_par("pf.meilleur_plan(etude)")
@dataclass(frozen=True, repr=False)
class PlanPropose(NomsProches):
    """Best plan of a study under the rules, checked by the engine to the cent; others of another kind; what is left out and why."""

    _trouve: MeilleurPlan
    _depart: Etude

    @property
    def possible(self) -> bool:
        """Whether some plan keeps every rule."""
        return self._trouve.plan is not None

    @property
    def etude(self) -> Etude:
        """Study of the plan, every amount stated: it computes as any other.

        Raises:
            ErreurCalcul: no plan keeps every rule; which, and what is missing.
        """
        dossier = self._plan.dossier
        return replace(self._depart, scenario=BASE, _dossier=dossier, _retouches=())

    @property
    def montants(self) -> pd.Series[float]:
        """Amounts of the plan: grants, loans, own funds [€], what the city gives to the works, contribution [€/place/year]."""
        import pandas as pd

        plan = self._plan
        return pd.Series({**plan.montants, "commune_aux_travaux": plan.ville}, name="montant", dtype=float)

    @property
    def objectif(self) -> float:
        """What is minimised, on the plan."""
        return self._plan.objectif

    @property
    def comparaison(self) -> pd.DataFrame:
        """Plan of the study beside the plan proposed."""
        return self._cadre(tableaux_plan.cote_a_cote(self._trouve))

    @property
    def regles(self) -> pd.DataFrame:
        """Rules: value on the plan, threshold, whether each binds."""
        import pandas as pd

        colonnes = ["libelle", "valeur", "limite", "lie", "origine"]
        rangs = {r.code: (r.libelle, r.valeur, r.seuil, r.lie, r.origine) for r in self._plan.regles}
        return pd.DataFrame.from_dict(rangs, orient="index", columns=colonnes)

    @property
    def valeurs(self) -> pd.DataFrame:
        """Worth of one more unit of each resource that binds: dual value, and by the plan found again."""
        import pandas as pd

        rangs = [(v.libelle, v.unite, v.duale, v.retrouvee) for v in self._trouve.valeurs]
        return pd.DataFrame(rangs, columns=["ressource", "unite", "duale", "retrouvee"])

    @property
    def autres(self) -> pd.DataFrame:
        """The plan and the next best ones, each of another kind."""
        return self._cadre(tableaux_plan.autres(self._trouve))

    @property
    def laisses(self) -> pd.DataFrame:
        """What is not proposed, and why."""
        return self._cadre(tableaux_plan.laisses(self._trouve))

    @property
    def _plan(self) -> PlanArrete:
        if self._trouve.plan is None:
            raise ErreurCalcul(tableaux_plan.phrase(self._trouve))
        return self._trouve.plan

    @staticmethod
    def _cadre(table: Any) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame() if table is None else table.to_frame()

    def __repr__(self) -> str:
        return tableaux_plan.phrase(self._trouve)

    def _repr_html_(self) -> str:
        return en_html("Meilleur plan sous les règles", [("En clair", repr(self))])


@verifie
def meilleur_plan(
    etude: Etude,
    minimiser: str = "cout_ville",
    *,
    plafond_contribution: float | None = None,
    plafond_investissement: float | None = None,
    plafond_fonds_propres: float | None = None,
    plafond_pret: float | None = None,
    plafond_cout_ville: float | None = None,
    montages: bool = False,
) -> PlanPropose:
    """Plan that costs least under the rules: grants, loans, terms, own funds, what the commune gives, and who holds the walls.

    Args:
        minimiser: ``cout_ville`` (present cost of the commune), ``contribution`` (by place and year) or ``fonds_propres``.
        plafond_contribution: highest contribution by place and year; by default that of the study.
        plafond_investissement, plafond_fonds_propres, plafond_pret, plafond_cout_ville: highest amounts [€]; own funds that nobody states are none.
        montages: whether the other montages of the site are searched too.

    Raises:
        ErreurCalcul: scipy is not installed, nothing to minimise of this name, a study without an operation, or one that lacks an input.

    >>> import pope_foncier as pf
    >>> plan = pf.meilleur_plan(pf.ouvrir("gare_saint_denis"), plafond_pret=0)
    >>> bool(plan.etude.calculer()["a_trouver"].valeur < 0.01)
    True
    """
    dits: dict[Plafond, float | None] = {
        "contribution": plafond_contribution,
        "investissement": plafond_investissement,
        "fonds_propres": plafond_fonds_propres,
        "pret": plafond_pret,
        "cout_ville": plafond_cout_ville,
    }
    plafonds = {nom: float(v) for nom, v in dits.items() if v is not None}
    etude.calculer()._exiger_une_place()
    return PlanPropose(chercher_le_plan(moteur_du_projet(), etude.dossier(), minimiser, plafonds, montages), etude)
