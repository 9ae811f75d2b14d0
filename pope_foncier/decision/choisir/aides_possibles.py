"""Grants that a plan may ask for: those of the study, those of the catalogue that this party may have, and what is to be checked before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from pope_foncier.aides.cumul import Subvention
from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.dispositif import FicheDispositif
from pope_foncier.baremes.fiabilite import Fiabilite
from pope_foncier.baremes.registre import lire_registre
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, en_clair, lire_etude
from pope_foncier.modele.financement import Aide
from pope_foncier.socle.erreurs import ErreurBareme

_SURES: tuple[Fiabilite, ...] = ("officiel", "secondaire")
"""Reliability of the sheet of a scheme that a plan may count without anybody having asked for it."""
_NON_REMPLIE = "condition non remplie : "
_RIEN = 0.5
"""Amount under which a grant brings nothing [€]."""


@dataclass(frozen=True, slots=True)
class AideAVerifier:
    """Grant left out of the plans, and what to check or to ask first."""

    libelle: str
    raison: str
    refusee: bool = False
    """Whether its own rule refuses it: nothing is to be checked, a condition is to be met."""


@dataclass(frozen=True)
class AidesPossibles:
    """Study whose candidate grants are all asked for, and what each brings alone at most.

    Attributes:
        dossier: study, the city's own grants that are not obtained being taken off.
        montants: whole amount of each grant that a plan may ask for, by identifier [€], its lent part included.
        acquises: those kept whatever the plan.
        exclusions: pairs that are not given together.
    """

    dossier: Dossier
    montants: dict[str, float]
    acquises: tuple[str, ...]
    exclusions: tuple[tuple[str, str], ...]
    a_verifier: tuple[AideAVerifier, ...]

    def libelle(self, id: str) -> str:
        """Label of a grant."""
        return next(a.libelle for a in self.dossier.etude.aides if a.id == id)


def aides_possibles(dossier: Dossier, moteur: Moteur) -> AidesPossibles:
    """Grants that a plan of a study may ask for.

    An obtained grant is kept. One that the study awaits is counted as the study counts it. One that nobody asked for, or that the study does not
    list, is counted when its amount is known and every condition is met; otherwise it is named with what to check. What the city would give to
    the works is an amount of its own in a plan: its grants that are not obtained are taken off.
    """
    etude, catalogue = dossier.etude, moteur.catalogue
    commune = etude.acteurs.commune
    de_la_ville = {a.id for a in etude.aides if a.financeur == commune and a.statut != "acquise"}
    brut = en_clair(etude)
    gardees = [a for a in brut.get("aides", ()) if a["id"] not in de_la_ville]
    attendues = {a.id for a in etude.aides if a.statut in ("demandee", "esperee")} - de_la_ville
    acquises = tuple(a.id for a in etude.aides if a.statut == "acquise")
    pretes = [{**a, "statut": "esperee"} if a["statut"] == "non_demandee" else a for a in gardees]
    pretes += _du_catalogue(etude, dossier.site.code_insee, catalogue)
    acquis = [a for a in pretes if a["id"] in acquises]
    montants, a_verifier = {}, []
    for aide in (a for a in pretes if a["id"] not in acquises):
        try:
            seul = _dossier(dossier, {**brut, "aides": [*acquis, aide]})
            lue = _seule(seul, moteur, aide["id"])
        except ErreurBareme as erreur:
            a_verifier.append(AideAVerifier(aide["libelle"], str(erreur)))
            continue
        montant = _montant(lue)
        refus = _refus(lue, montant, aide["id"] in attendues)
        if not refus and montant > _RIEN and aide["id"] not in attendues:
            refus = _a_confirmer(lue.aide, etude, catalogue)
        if refus:
            a_verifier.append(AideAVerifier(aide["libelle"], refus, refus.startswith(_NON_REMPLIE)))
        elif montant > _RIEN:
            montants[aide["id"]] = montant
    connues = [a for a in pretes if a["id"] in montants or a["id"] in acquises]
    retenues = _dossier(dossier, {**brut, "aides": connues})
    exclues = tuple(
        (a.id, b.id)
        for a, b in combinations([a for a in retenues.etude.aides if a.id in montants], 2)
        if se_refusent(a, b, catalogue)
    )
    return AidesPossibles(retenues, montants, acquises, exclues, tuple(a_verifier))


def se_refusent(a: Aide, b: Aide, catalogue: Catalogue) -> bool:
    """Whether one of two grants excludes the other: an exclusion of a scheme, or the same scheme twice."""
    if a.dispositif is None or b.dispositif is None:
        return False
    fiches = [_fiche(d, catalogue) for d in (a.dispositif, b.dispositif)]
    exclusions = [() if f is None else f.exclusions for f in fiches]
    return a.dispositif == b.dispositif or b.dispositif in exclusions[0] or a.dispositif in exclusions[1]


def _a_confirmer(aide: Aide, etude: Etude, catalogue: Catalogue) -> str:
    """What a scheme that nobody asked for leaves to confirm, by its own sheet."""
    fiche = None if aide.dispositif is None else _fiche(aide.dispositif, catalogue)
    if fiche is None:
        return ""
    if etude.acteurs.forme_maitre_ouvrage in fiche.beneficiaires_a_confirmer:
        return f"à vérifier : bénéficiaire à confirmer ({etude.acteurs.forme_maitre_ouvrage})"
    return "" if fiche.fiabilite in _SURES else f"à vérifier : {fiche.note or 'règle à confirmer'}"


def _fiche(dispositif: str, catalogue: Catalogue) -> FicheDispositif | None:
    return catalogue.fichier(f"subventions.{dispositif}").dispositif


def _du_catalogue(etude: Etude, code_insee: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Schemes modelled in full that exist there and that the study does not list, asked for as their sheet says."""
    listes = {a.dispositif for a in etude.aides} | {a.id for a in etude.aides}
    ajoutees = []
    for connu in lire_registre().dispositifs:
        if connu.etat != "modelise" or connu.id in listes or not connu.existe_a(code_insee):
            continue
        if not (catalogue.dossier / "subventions" / f"{connu.id}.yaml").exists():
            continue
        if _fiche(connu.id, catalogue) is not None:
            ajoutees.append(
                {
                    "id": connu.id,
                    "libelle": connu.nom,
                    "financeur": connu.financeur,
                    "statut": "esperee",
                    "dispositif": connu.id,
                }
            )
    return ajoutees


def _dossier(dossier: Dossier, brut: dict[str, Any]) -> Dossier:
    etude = lire_etude(brut, dossier.nom)[0]
    return replace(dossier, etude=etude, variantes={BASE: etude})


def _seule(dossier: Dossier, moteur: Moteur, id: str) -> Subvention:
    """One grant asked for without the others, which could exclude it: a study that nothing asks for again."""
    return next(s for s in moteur.evaluer(dossier)[0].subventions if s.aide.id == id)


def _montant(lue: Subvention) -> float:
    recu = lue.subvention.valeur if lue.pret is None else lue.subvention.valeur + lue.pret.valeur
    return float(np.ravel(recu)[0])


def _refus(lue: Subvention, montant: float, attendue: bool) -> str:
    """Why a grant is not counted, in words; nothing when it is, or when this party cannot have it at all."""
    if np.isnan(montant):
        manques = ", ".join(sorted(lue.subvention.manques))
        return f"montant inconnu : {manques}" if manques else "montant inconnu"
    if lue.ecartee:
        return ""
    manquent = [c.phrase() for c in lue.bloquantes if c.etat() == "non_remplie"]
    if manquent:
        return f"{_NON_REMPLIE}{' ; '.join(manquent)}"
    inconnues = [c.phrase() for c in lue.conditions if c.etat() == "a_verifier"]
    if not attendue and inconnues:
        return f"à vérifier : {' ; '.join(inconnues)}"
    return ""
