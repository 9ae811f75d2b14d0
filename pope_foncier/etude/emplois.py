"""Jobs of a place: full-time equivalents on the payroll, and the childminders of the modes that have some."""

from __future__ import annotations

from dataclasses import dataclass

from pope_foncier.etude.resultats import Vue


@dataclass(frozen=True, slots=True)
class Emplois:
    """Jobs of a scenario.

    Attributes:
        etp: full-time equivalents on the payroll.
        assistants: childminders, paid by the parents in a Mam, on the payroll in a crèche familiale; zero in the other modes.
        payes_par_les_parents: whether these are off the payroll.
    """

    etp: float
    assistants: float = 0.0
    payes_par_les_parents: bool = False

    @property
    def autres_etp(self) -> float:
        """Full-time equivalents of the payroll beside the childminders."""
        return self.etp if self.payes_par_les_parents else self.etp - self.assistants


def emplois_de(vue: Vue) -> Emplois | None:
    """Jobs of a scenario; None when the study runs no place."""
    if "etp" not in vue.indicateurs:
        return None
    mode, etp = vue.ev.ctx.etude.mode_accueil, vue.valeur(vue.indicateurs["etp"])
    if mode == "mam":
        return Emplois(etp, vue.valeur(vue.ev.ctx.entree("exploitation.mam.assistants")), payes_par_les_parents=True)
    if mode == "creche_familiale":
        return Emplois(etp, float(vue.mensuel("exploitation.etp.terrain").max()))
    return Emplois(etp)
