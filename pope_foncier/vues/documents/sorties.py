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
from pope_foncier.vues.dossier.fichiers import fichiers
from pope_foncier.vues.dossier.sujet import Sujet
from pope_foncier.vues.formes.carnet_execute import executer, page_du_carnet
from pope_foncier.vues.prets import resume_d_etude

CARNET, RESULTATS = "etude_site.ipynb", "resultats.json"


def ecrire_tout(
    resultat: Resultat,
    moteur: Moteur,
    fichier: Path,
    dossier: Path,
    suivi: Callable[[str], None],
    carnet: bool = True,
    avec_dossier: bool = False,
) -> list[Path]:
    """Write every output of a study in a folder, once all of them are ready; a failure leaves the folder as it was.

    Args:
        carnet: whether the notebook is executed and written.
        avec_dossier: whether the dossier (PDF) and the manifest are.
    """
    suivi("résultats")
    contenus: dict[Path, str | bytes] = {dossier / RESULTATS: resultats_en_json(resultat)}
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
    if avec_dossier:
        autres = {chemin.name: contenu for chemin, contenu in contenus.items()}
        faits = fichiers(Sujet(resultat, moteur), fichier, autres, suivi)
        contenus |= {dossier / nom: contenu for nom, contenu in faits.items()}
    return ecrire_ensemble(contenus)


def resultats_en_json(resultat: Resultat) -> str:
    """Every figure of a study as JSON."""
    return json.dumps(exporter(resultat), ensure_ascii=False, indent=1, allow_nan=False)
