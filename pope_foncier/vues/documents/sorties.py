"""Outputs of a study: ``resultats.json``, the decision note, the loans, the executed notebook and its page — all of them, or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from pope_foncier.etude.export import exporter
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.resultats import Resultat
from pope_foncier.socle.ecriture import ecrire_ensemble
from pope_foncier.vues.documents import note
from pope_foncier.vues.formes.carnet_execute import executer, page_du_carnet
from pope_foncier.vues.prets import resume_d_etude

CARNET = "etude_site.ipynb"


def ecrire_tout(
    resultat: Resultat,
    moteur: Moteur,
    fichier: Path,
    dossier: Path,
    suivi: Callable[[str], None],
    carnet: bool = True,
) -> list[Path]:
    """Write every output of a study in a folder, once all of them are ready; a failure leaves the folder as it was."""
    suivi("résultats")
    contenus: dict[Path, str | bytes] = {
        dossier / "resultats.json": json.dumps(exporter(resultat), ensure_ascii=False, indent=1, allow_nan=False)
    }
    suivi("note de décision")
    contenus[dossier / "note.html"] = note.rediger(resultat, moteur)
    prets = resume_d_etude.rediger(resultat.vue())
    if prets is not None:
        contenus[dossier / "prets.html"] = prets
    if carnet:
        suivi("carnet")
        execute = executer(CARNET, {"etude": str(fichier.resolve())})
        contenus[dossier / CARNET] = execute
        contenus[dossier / CARNET.replace(".ipynb", ".html")] = page_du_carnet(execute, resultat.dossier.etude.titre)
    return ecrire_ensemble(contenus)
