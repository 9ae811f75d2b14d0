"""Variants of premises, opened: a study on plans of its site, its scenarios, other studies, each computed once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.decision.variantes_du_lieu import sur_le_plan
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat
from pope_foncier.etude.scenarios import BASE
from pope_foncier.lieu.plan_lecture import lire_plan_du_site, plans_du_site
from pope_foncier.porte.etude import Etude

if TYPE_CHECKING:
    from pope_foncier.vues.etude.variantes import Variante


def variantes(
    etude: Etude, plans: Sequence[Path], scenarios: Sequence[str], autres: Sequence[Etude]
) -> tuple[Variante, ...]:
    """Variants asked for; when no plan nor scenario is, the plans known of the site, or without any the scenarios that change its premises.

    Beside other studies, a study without any plan is shown as it stands.

    Raises:
        ErreurCalcul: a plan of another site, or a scenario that the study does not have.
        ErreurDonnees: a plan that cannot be read.
    """
    from pope_foncier.vues.etude.variantes import Variante

    if not (plans or scenarios):
        plans = plans_du_site(etude.fiche.site)
        scenarios = () if plans else [BASE] if autres else _qui_changent_les_locaux(etude)
    moteur, dossier = moteur_du_projet(), etude.dossier()
    trouvees = []
    for fichier in plans:
        trace = lire_plan_du_site(fichier, dossier.site)
        sienne = sur_le_plan(dossier, fichier, trace, moteur.catalogue)
        vue = Resultat.reprendre(sienne, sienne.etude, moteur).vue()
        trouvees.append(Variante(trace.fiche.titre, vue, trace))
    for choisi in (*(etude.scenarios[nom] for nom in scenarios), *autres):
        vue = Resultat.reprendre(choisi.dossier(), choisi.fiche, moteur).vue()
        trouvees.append(Variante(choisi.fiche.titre if choisi in autres else _titre(etude, choisi.scenario), vue))
    return tuple(trouvees)


def _qui_changent_les_locaux(etude: Etude) -> list[str]:
    """Scenarios of a study, its base first, that change mode, areas, works or times."""
    lus = {nom: e.fiche for nom, e in etude.scenarios.items()}
    dits = {nom: (f.mode_accueil, f.programme, f.travaux, f.delais) for nom, f in lus.items()}
    return [BASE, *(nom for nom, dit in dits.items() if dit != dits[BASE])]


def _titre(etude: Etude, scenario: str) -> str:
    return next((s.titre for s in etude.fiche.scenarios if s.nom == scenario), "Étude telle quelle")
