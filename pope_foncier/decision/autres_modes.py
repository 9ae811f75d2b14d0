"""Another mode d'accueil, another kind of works: overrides that turn any study into one of them; the chain does the rest."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.fiche import Etude
from pope_foncier.exploitation.champs_du_mode import ecarts_du_mode
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import DonneePositif
from pope_foncier.modele.modes import ModeEtude
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import Fiche, Texte, lire_fiche
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.travaux.cout import lire_couts


class PassageAuMode(Fiche):
    """Assumptions needed to try a mode on a study written for another."""

    libelle: Texte
    places: Annotated[DonneePositif | None, Declaration("{libelle}, places de départ", "places")] = None
    """Places to start from, for a mode whose places do not come from the areas."""
    complete: dict[str, Any] = Field(default_factory=dict)
    """Fields set when the study does not state them."""
    remplace: dict[str, Any] = Field(default_factory=dict)
    """Fields that have another meaning in this mode."""


class PassagesAuMode(Fiche):
    """Assumptions by mode."""

    modes: dict[ModeEtude, PassageAuMode]


@lru_cache(maxsize=2)
def lire_passages(chemin: Path | None = None) -> dict[ModeEtude, PassageAuMode]:
    """Read the assumptions of each mode, in the order of the file."""
    return lire_fiche(PassagesAuMode, chemin or dossier_donnees() / "hypotheses" / "modes.yaml").modes


def surcharges_du_mode(etude: Etude, mode: ModeEtude, catalogue: Catalogue) -> dict[str, Any]:
    """Overrides ``{field: value}`` that put a study in another mode; none when it is already its own.

    Fields that the mode would ignore are taken away, those it needs are assumed (``data/hypotheses/modes.yaml``), the income
    of crèches under the PSU leaves the other modes, and the wanted places come under the cap of the law.
    """
    if mode == etude.mode_accueil:
        return {}
    regle = lire_passages()[mode]
    surcharges: dict[str, Any] = {"mode_accueil": mode}
    if etude.exploitation is not None:
        ecarts = ecarts_du_mode(mode, etude.exploitation)
        surcharges |= {f"exploitation.{n}": None for n in ecarts.de_trop}
        if ecarts.bonus:
            gardes = [p for p in etude.exploitation.produits_annexes if p not in ecarts.bonus]
            surcharges["exploitation.produits_annexes"] = [p.model_dump(exclude_defaults=True) for p in gardes]
        for champ, valeur in regle.complete.items():
            if getattr(etude.exploitation, champ.split(".")[1]) is None:
                surcharges[champ] = valeur
        surcharges |= regle.remplace
    return surcharges | _places(etude, mode, regle, catalogue)


def _places(etude: Etude, mode: ModeEtude, regle: PassageAuMode, catalogue: Catalogue) -> dict[str, Any]:
    registre = mode_de_l_etude(mode)
    voulues = etude.programme.places_voulues
    plafond = registre.places_max(catalogue, etude.date_demande)
    if voulues is None and not registre.referentiel and regle.places is not None:
        return {"programme.places_voulues": regle.places.model_dump(exclude_defaults=True)}
    if math.isinf(plafond) or (voulues is not None and voulues.valeur is not None and voulues.valeur <= plafond):
        return {}
    base = f"{registre.libelle} : {formater_nombre(plafond)} places au plus"
    return {"programme.places_voulues": {"valeur": plafond, "base": base}}


def surcharges_du_genre(etude: Etude, genre: str) -> dict[str, Any]:
    """Overrides that give a study another kind of works: ratio and its range, date of the ratio, duration, kind of its lots.

    Raises:
        ErreurCalcul: unknown kind; the known ones are listed.
    """
    couts = lire_couts()
    if genre not in couts.genres:
        raise ErreurCalcul(f"Genre de travaux inconnu : « {genre} ». Choisir parmi : {', '.join(couts.genres)}.")
    cout = couts.genres[genre]
    surcharges: dict[str, Any] = {
        "travaux.cout_m2_ht": {
            "valeur": cout.milieu,
            "intervalle": [cout.bas, cout.haut],
            "base": f"{cout.libelle}, milieu de la fourchette, estimation",
            "a_obtenir_de": "l'architecte, après visite et diagnostics",
        },
        "travaux.genre": genre,
        "travaux.construction_neuve": cout.neuf,
        "travaux.date_valeur": couts.date_valeur,
        "delais.travaux_mois": cout.travaux_mois.model_dump(exclude_defaults=True),
    }
    if etude.travaux.plan is not None:
        surcharges["travaux.plan.genre"] = genre
    return surcharges
