"""Sites × modes d'accueil × montages × ways of closing: each combination possible or not, and its figures on the closed plan.

A study, a mode and a montage make one structure, evaluated once: its ways of closing, and the ends of the range of its works, are rows of
the same arrays, on which only what the figures come from is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import lire_passages, surcharges_du_mode
from pope_foncier.decision.comparer.bouclages import (
    Bouclages,
    Rangees,
    RangeesDesEtudes,
    Termes,
    boucleurs_pour,
    lire_bouclages,
)
from pope_foncier.decision.comparer.mesures import AUX_BORNES, Chiffres, chiffrer, lire, prix_des_travaux
from pope_foncier.decision.montages.possibles import preparer
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.plans_en_rangees import fermer_en_rangees
from pope_foncier.etude.sans_place import AUCUNE_PLACE, raison_sans_place
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.etude.variantes_voisines import VariantesVoisines
from pope_foncier.modele.donnee import DonneePart
from pope_foncier.modele.modes import ModeEtude
from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul, ErreurDonnees
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.memoire import garder_memoire, sans_cycles
from pope_foncier.socle.refus import refuser

TEL_QUEL = "tel_quel"
"""Montage of the study as it is written."""
DE_L_ETUDE = "etude"
"""Mode, or way of closing, that the study itself says."""
Etat = Literal["possible", "a_confirmer", "impossible"]


@dataclass(frozen=True, slots=True)
class Option:
    """One combination: its names, whether it is possible, and its figures when it is."""

    etude: str
    mode: str
    montage: str
    bouclage: str
    etat: Etat
    raisons: tuple[str, ...]
    """Why it is impossible, or what must be confirmed, with whom."""
    chiffres: Chiffres | None

    @property
    def cle(self) -> tuple[str, str, str, str]:
        """Its four names."""
        return (self.etude, self.mode, self.montage, self.bouclage)


@dataclass(frozen=True)
class Demande:
    """What to compare: names of modes, of montages and of ways of closing; the study's own by default."""

    modes: tuple[str, ...] = (DE_L_ETUDE,)
    montages: tuple[str, ...] = (TEL_QUEL,)
    bouclages: tuple[str, ...] = (DE_L_ETUDE,)

    @classmethod
    def lire(cls, modes: Sequence[str], montages: Sequence[str], bouclages: Sequence[str]) -> Demande:
        """Request from names; « tous » stands for all those known, nothing for the study's own.

        Raises:
            Inconnu: no such name; the near ones are offered.
        """
        connus = (
            ("Mode d'accueil inconnu", modes, list(lire_passages()), DE_L_ETUDE),
            ("Montage inconnu", montages, [TEL_QUEL, *lire_montages().montages], TEL_QUEL),
            ("Façon de boucler inconnue", bouclages, list(lire_bouclages().noms()), DE_L_ETUDE),
        )
        return cls(*(_noms(quoi, demandes, noms, sien) for quoi, demandes, noms, sien in connus))


def _noms(quoi: str, demandes: Sequence[str], connus: Sequence[str], sien: str) -> tuple[str, ...]:
    tous = tuple(dict.fromkeys(n for d in demandes for n in (connus if d == "tous" else (d,))))
    for nom in tous:
        if nom not in {*connus, sien}:
            raise refuser(quoi, nom, [*connus, sien, "tous"])
    return tous or (sien,)


@dataclass(frozen=True)
class _AuMode:
    """A study in one mode."""

    base: Dossier
    mode: ModeEtude
    moteur: Moteur
    rangees: RangeesDesEtudes


@sans_cycles()
def combiner(
    dossiers: Sequence[Dossier], demande: Demande, moteur: Moteur, fiches: Bouclages | None = None
) -> list[Option]:
    """Every combination of some studies, in order, evaluated when the law, the site and the mode allow it; once for each engine.

    Args:
        fiches: ways of closing in place of those of the project.
    """
    garder_memoire()
    lues = fiches or lire_bouclages()

    def d_une_etude(dossier: Dossier) -> list[Option]:
        options = moteur.une_fois(
            "combiner", dossier, lambda: tuple(_d_une_etude(dossier, demande, moteur, lues)), (demande, lues)
        )
        return [*options]

    return [option for dossier in dossiers for option in d_une_etude(dossier)]


def _d_une_etude(dossier: Dossier, demande: Demande, moteur: Moteur, fiches: Bouclages) -> Iterator[Option]:
    connus = {b.nom: b for b in fiches.bouclages}
    rangees = RangeesDesEtudes([connus[n] for n in demande.bouclages if n != DE_L_ETUDE], fiches.boucleurs)
    voisines = VariantesVoisines()
    for mode in _modes(dossier.etude, demande.modes):
        try:
            etude = _au_mode(dossier, mode, moteur)
        except ErreurDonnees as erreur:
            raisons = tuple(f"l'étude ne se lit pas dans ce mode : {p.message} {p.remede}" for p in erreur.problemes)
            for montage in demande.montages:
                yield from _refusees(dossier, mode, montage, demande.bouclages, raisons)
            continue
        base = replace(dossier, etude=etude, variantes={BASE: etude})
        au_mode = _AuMode(base, mode, moteur, rangees)
        # all are read before one is computed: a reading after a computation takes twice as long
        for prepare in [_preparer(base, montage, voisines) for montage in demande.montages]:
            yield from _d_un_montage(au_mode, prepare, demande.bouclages)


def _modes(etude: Etude, demandes: Sequence[str]) -> list[ModeEtude]:
    """Modes wanted, that of the study by its own name, each once."""
    lus = [etude.mode_accueil if nom == DE_L_ETUDE else nom for nom in demandes]
    return list(dict.fromkeys(lus))  # type: ignore[arg-type]


def _au_mode(dossier: Dossier, mode: ModeEtude, moteur: Moteur) -> Etude:
    """Study in a mode: as it is, as one of its scenarios describes it, or with the assumptions of the mode."""
    if mode == dossier.etude.mode_accueil:
        return dossier.etude
    sienne = next((e for e in dossier.variantes.values() if e.mode_accueil == mode), None)
    return sienne or varier(dossier, mode, surcharges_du_mode(dossier.etude, mode, moteur.catalogue))


class _Prepare(NamedTuple):
    """A montage on a study: whether it is possible, why it is not or what must be confirmed, and the study that it makes."""

    montage: str
    etat: Etat
    raisons: tuple[str, ...]
    etude: Etude | None


def _preparer(base: Dossier, montage: str, voisines: VariantesVoisines) -> _Prepare:
    if montage == TEL_QUEL:
        return _Prepare(montage, "possible", (), base.etude)
    if base.etude.foncier is None:
        dites = ("l'étude ne dit pas ce que le propriétaire accepte (section « foncier »)",)
        return _Prepare(montage, "impossible", dites, None)
    cas = preparer(base, base.etude.foncier, montage, lire_montages().montages[montage], varier=voisines.varier)
    return _Prepare(montage, cas.etat, cas.raisons, cas.etude)


def _d_un_montage(au_mode: _AuMode, prepare: _Prepare, bouclages: Sequence[str]) -> Iterator[Option]:
    base, mode = au_mode.base, au_mode.mode
    if prepare.etude is None:
        yield from _refusees(base, mode, prepare.montage, bouclages, prepare.raisons)
        return
    for nom, lu in _boucler(au_mode, prepare.etude, bouclages).items():
        cle = (base.nom, mode, prepare.montage, nom)
        if isinstance(lu, str):
            yield Option(*cle, "impossible", (lu,), None)
        else:
            yield Option(*cle, prepare.etat, prepare.raisons, lu)


def _refusees(
    dossier: Dossier, mode: str, montage: str, bouclages: Sequence[str], raisons: tuple[str, ...]
) -> Iterator[Option]:
    for nom in bouclages:
        yield Option(dossier.nom, mode, montage, nom, "impossible", raisons, None)


def _boucler(au_mode: _AuMode, etude: Etude, noms: Sequence[str]) -> dict[str, Chiffres | str]:
    """Figures under each way of closing, or why it has none; those of the catalogue in one evaluation."""
    lus = _au_catalogue(au_mode, etude)
    if DE_L_ETUDE in noms:
        lus[DE_L_ETUDE] = _evaluer(au_mode, etude, {}, 1)[0]
    return {nom: lus[nom] for nom in noms}


def _au_catalogue(au_mode: _AuMode, etude: Etude) -> dict[str, Chiffres | str]:
    """Ways of the catalogue: all together, else one by one when one of them cannot be."""
    refus, rangees = au_mode.rangees.pour(etude)
    trouves = _en_rangees(au_mode, etude, rangees)
    if len(rangees.bouclages) > 1 and all(isinstance(x, str) for x in trouves):
        seules = (Rangees.de((b,), rangees.boucleurs) for b in rangees.bouclages)
        trouves = [_en_rangees(au_mode, etude, seule)[0] for seule in seules]
    return {**refus, **{b.nom: x for b, x in zip(rangees.bouclages, trouves, strict=True)}}


def _en_rangees(au_mode: _AuMode, etude: Etude, rangees: Rangees) -> list[Chiffres | str]:
    """Several ways as rows of one evaluation, whose closers differ by their shares alone."""
    if not rangees.bouclages:
        return []
    bouclee = etude.model_copy(update={"bouclage": rangees.boucleurs})
    return _evaluer(au_mode, bouclee, rangees.parts, len(rangees.bouclages))


def _evaluer(au_mode: _AuMode, etude: Etude, parts: Mapping[str, Tableau], nombre: int) -> list[Chiffres | str]:
    """Figures of several rows of closers, or why there is none; each row at the price of the works and at both ends of its range."""
    prix = prix_des_travaux(etude)
    tirages = {champ: np.concatenate([v] * len(prix)) for champ, v in parts.items()}
    if len(prix) > 1:
        tirages["travaux.cout_m2_ht"] = np.repeat(prix, nombre)
    moteur, base = au_mode.moteur, au_mode.base
    try:
        ev, lus = fermer_en_rangees(moteur.contexte(base, etude), tirages, lire, AUX_BORNES, _exiger_un_lieu)
    except (ErreurCalcul, ErreurBareme) as erreur:
        return [str(erreur)] * nombre
    return [*chiffrer(ev, lus, nombre)]


def _exiger_un_lieu(ev: Evaluation) -> None:
    """Refuse a plan that nothing opens under.

    Raises:
        ErreurCalcul: its tenure ends before the opening, or it holds no place.
    """
    cal = ev.calendrier
    if np.any(cal.fin_titre.valeur <= cal.ouverture.valeur):
        raise ErreurCalcul("le titre finit avant l'ouverture")
    if sans := raison_sans_place(ev):
        raise ErreurCalcul(f"{AUCUNE_PLACE} : {sans}")


def etude_de(dossier: Dossier, option: Option, moteur: Moteur) -> Etude:
    """Study that an evaluated option stands for, the shares of its closers written in its sheet.

    Raises:
        ErreurCalcul: an option that is impossible stands for none.
    """
    au_mode = _au_mode(dossier, option.mode, moteur)  # type: ignore[arg-type]
    base = replace(dossier, etude=au_mode, variantes={BASE: au_mode})
    etude = _preparer(base, option.montage, VariantesVoisines()).etude
    if etude is None or option.chiffres is None:
        raise ErreurCalcul(f"Combinaison impossible, donc sans étude : {', '.join(option.cle)}.")
    if option.bouclage == DE_L_ETUDE:
        return etude
    fiches = lire_bouclages()
    bouclage = next(b for b in fiches.bouclages if b.nom == option.bouclage)
    parts = {c: DonneePart(valeur=part, base=bouclage.base) for c, part in bouclage.parts.items() if part}
    boucleurs = (b for b in boucleurs_pour(Termes.de(etude), fiches.boucleurs) if b.id in parts)
    gardes = tuple(b.model_copy(update={"part": parts[b.id]}) for b in boucleurs)
    return etude.model_copy(update={"bouclage": gardes})
