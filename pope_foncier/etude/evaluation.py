"""What an evaluation of a study gives: its ledger, and the records that tables and ratios read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pope_foncier.acquisition.entree import Entree
from pope_foncier.acquisition.immobilier import Loyers
from pope_foncier.aides.cumul import Subvention
from pope_foncier.etude.controles import Ratio
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.plan import PlanDeFinancement
from pope_foncier.exploitation.compte import CompteExploitation
from pope_foncier.lieu.site import Site
from pope_foncier.modele.calendrier import Calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.ressource import Ressource
from pope_foncier.places.capacite import Capacite
from pope_foncier.prets.dette import Dette
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.travaux.cout import CoutTravaux


class PlansBoucles(Protocol):
    """Closed plans of one study, under any amounts of its closers, shape (…, 1) each [€]."""

    @property
    def ctx(self) -> Contexte[Etude, Site]:
        """Context that they close."""

    def parts(self, montants: Mapping[str, Tableau]) -> Mapping[str, Tableau]:
        """What the gap then gives to each closer."""

    def evaluation(self, montants: Mapping[str, Tableau]) -> Evaluation:
        """Whole evaluation of the plan."""


@enregistrement
class Releve:
    """What tables read of an evaluation beside its ledger, computed with it."""

    indicateurs: dict[str, Grandeur]
    ratios: tuple[Ratio, ...]


@dataclass(frozen=True)
class Evaluation:
    """Result of one array evaluation: the ledger and the pieces that tables and ratios read."""

    ctx: Contexte[Etude, Site]
    noms: tuple[str, ...]
    """Names of the scenarios on the first axis (one name for draws)."""
    livre: Livre
    calendrier: Calendrier
    capacite: Capacite
    cout: CoutTravaux
    entree: Entree
    apports: tuple[Ressource, ...]
    """Equity, contributions and VAT that comes back."""
    subventions: tuple[Subvention, ...]
    dettes: tuple[Dette, ...]
    plan: PlanDeFinancement
    compte: CompteExploitation | None
    loyers: Loyers
    revente: Grandeur
    """What the holder of the premises finds again at the end, shape (…, 1)."""
    reste_du: Grandeur
    """What the project owner still owes at the end, shape (…, 1)."""
    parts: Mapping[str, Grandeur] = field(default_factory=dict)
    """What the gap gives to each closer, once the plan is closed by them: the expression that its amount equals."""

    releve: Releve | None = None
    """Key figures and ratios, when they were recorded with it."""
    plans: PlansBoucles | None = None
    """How it closes, when it was replayed: its closed plans are replayed too."""

    def __repr__(self) -> str:
        return f"Evaluation({', '.join(self.noms)}, {'plan bouclé' if self.est_bouclee else 'plan tel quel'})"

    @property
    def est_bouclee(self) -> bool:
        """Whether the closers of the study are called: the closed plan, else the plan as it stands."""
        return bool(self.ctx.bouclage)
