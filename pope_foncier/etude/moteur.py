"""Engine: the law and the assumptions of a data folder; evaluates a study in its scenarios, or thousands of draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.chaine import calculer, exiger_la_memoire
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.fichiers_nommes import EtatsDesFichiers, etats_des_fichiers, etats_du_dossier
from pope_foncier.etude.reprise import Reprise
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.etude.structure import changements, structure
from pope_foncier.lieu.site import Site
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.declaration import ChampAbsent, declaration_de, lire_champ
from pope_foncier.modele.donnee import DonneeEntier, DonneeMois, DonneePart
from pope_foncier.modele.entrees_communes import EntreesCommunes, communes_pour
from pope_foncier.modele.evolutions import Evolutions, lire_evolutions
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Tableau
from pope_foncier.socle.memoire import garder_memoire

T = TypeVar("T")

_REPRISES_GARDEES = 6
"""Structures recorded at once: each keeps a few megabytes of quantities."""
_SOUVENIRS_GARDES = 24
"""Results of a kind given again to who asks for the same studies."""
_LUES_GARDEES = 4
"""Studies whose inputs are kept for those beside them."""
_VUES_GARDEES = 24
"""Studies remembered as seen once: one with all its montages."""


@dataclass(frozen=True)
class Moteur:
    """Engine: the law and the assumptions of a data folder, read once."""

    catalogue: Catalogue
    evolutions: Evolutions
    _reprises: list[Reprise] = field(default_factory=list, repr=False, compare=False)
    """Structures recorded, the last one used first."""
    _vues: list[Etude] = field(default_factory=list, repr=False, compare=False)
    """Studies seen once: the next of the same structure is recorded."""

    _lues: list[tuple[EtatsDesFichiers, EntreesCommunes[Etude]]] = field(
        default_factory=list, repr=False, compare=False
    )
    """What the studies seen last have read and worked out, with the state of the files that they name, the last one first."""
    _souvenirs: dict[str, list[tuple[Any, Any]]] = field(default_factory=dict, repr=False, compare=False)
    """What was computed of some studies (``une_fois``), by kind, the last ones used first."""

    def __post_init__(self) -> None:
        garder_memoire()

    def __repr__(self) -> str:
        return f"Moteur({chemin_court(self.catalogue.dossier)!r})"

    @classmethod
    def ouvrir(cls, donnees: Path | None = None) -> Moteur:
        """Open the data folder of the project, or another one."""
        base = donnees or dossier_donnees()
        return cls(Catalogue(base / "baremes"), lire_evolutions(base / "hypotheses" / "evolutions.yaml"))

    def evaluer(self, dossier: Dossier, scenarios: Sequence[str] | None = None) -> list[Evaluation]:
        """Evaluate the scenarios of a study: one array call per group of the same structure, in order."""
        noms = list(scenarios or dossier.variantes)
        groupes: dict[object, list[str]] = {}
        for nom in noms:
            forme = structure(dossier.variantes[nom]) if len(noms) > 1 else None
            groupes.setdefault(forme, []).append(nom)
        return [
            calculer(self._contexte_de(dossier.site, [dossier.variantes[n] for n in groupe]), groupe)
            for groupe in groupes.values()
        ]

    def contexte(self, dossier: Dossier, etude: Etude | None = None) -> Contexte[Etude, Site]:
        """Context of the base study, or another."""
        return self._contexte_de(dossier.site, [etude or dossier.etude])

    def _contexte_de(self, site: Site, etudes: Sequence[Etude]) -> Contexte[Etude, Site]:
        """Context of some variants, with what holds for them of the studies seen last."""
        communes = EntreesCommunes(etudes, site) if len(etudes) > 1 else self._communes_pour(site, etudes[0])
        return Contexte(communes.variantes, communes.site, self.catalogue, self.evolutions, communes=communes)

    def _communes_pour(self, site: Site, etude: Etude) -> EntreesCommunes[Etude]:
        """What holds for a study of what those seen last on its site have read."""
        fichiers = etats_des_fichiers(site, etude)
        du_lieu = [x for etats, x in self._lues if etats == fichiers and (x.site is site or x.site == site)]
        siennes = communes_pour(etude, site, du_lieu)
        self._lues[:] = [(fichiers, siennes), *(x for x in self._lues if x[1] is not siennes)][:_LUES_GARDEES]
        return siennes

    def tirer(self, dossier: Dossier, tirages: Mapping[str, Tableau], etude: Etude | None = None) -> Evaluation:
        """Evaluate draws of the base study (or another) at once: ``{field: values (D,)}``.

        Raises:
            ErreurCalcul: a field or a path that the study does not have.
        """
        return self.reprendre(self.contexte_tire(dossier, tirages, etude), [BASE])

    def contexte_tire(
        self, dossier: Dossier, tirages: Mapping[str, Tableau], etude: Etude | None = None
    ) -> Contexte[Etude, Site]:
        """Context of draws of the base study (or another), as its sheet would admit them.

        Raises:
            ErreurCalcul: a field or a path that the study does not have; a draw of nothing would go unseen.
        """
        reference = etude or dossier.etude
        longueurs = sorted({len(v) for v in tirages.values()})
        if len(longueurs) > 1:
            raise ErreurCalcul(
                f"Tirages de longueurs différentes : {longueurs}. Donner le même nombre de valeurs à chaque champ."
            )
        inconnus = [c for c in tirages if not self.se_tire(c, reference)]
        if inconnus:
            raise ErreurCalcul(
                f"Tirages sur des champs que l'étude n'a pas : {', '.join(f'« {c} »' for c in inconnus)}. "
                "Reprendre le chemin d'un champ, par exemple travaux.cout_m2_ht, ou evolution.bt01."
            )
        valeurs = {c: admettre(c, lire_champ(reference, c), v) for c, v in tirages.items() if "evolution." not in c}
        return replace(self.contexte(dossier, reference), tirages={**tirages, **valeurs})

    def reprendre(self, ctx: Contexte[Etude, Site], noms: Sequence[str]) -> Evaluation:
        """Evaluate a variant, or draws of it: directly when its structure is new, recorded when it comes again, replayed from then on."""
        if ctx.est_arrete or ctx.bouclage:
            return calculer(ctx, noms)
        exiger_la_memoire(ctx)
        trouvee: tuple[Reprise, frozenset[str] | None] | None = self._reprise_de(ctx)
        if trouvee is None:
            if not any(changements(vue, ctx.etude) is not None for vue in self._vues):
                self._vues[:] = [ctx.etude, *self._vues][:_VUES_GARDEES]
                return calculer(ctx, noms)
            trouvee = self.reprise(ctx)
        reprise, champs = trouvee
        rejouee = None if champs is None else reprise.evaluer(ctx, noms, champs)
        return calculer(ctx, noms) if rejouee is None else rejouee

    def reprise(self, ctx: Contexte[Etude, Site]) -> tuple[Reprise, frozenset[str] | None]:
        """What was recorded of the structure of a study, now when it is new, and the inputs of the study that differ; None if it does not hold."""
        trouvee = self._reprise_de(ctx)
        if trouvee is not None:
            return trouvee
        reprise = Reprise(replace(ctx, tirages={}, _memoire={}), [BASE])
        self._garder(reprise)
        return reprise, reprise.champs_de(ctx)

    def _reprise_de(self, ctx: Contexte[Etude, Site]) -> tuple[Reprise, frozenset[str]] | None:
        for reprise in self._reprises:
            champs = reprise.champs_de(ctx)
            if champs is not None:
                self._garder(reprise)
                return reprise, champs
        return None

    def _garder(self, reprise: Reprise) -> None:
        """Keep a record, the last ones used first."""
        self._reprises[:] = [reprise, *(r for r in self._reprises if r is not reprise)][:_REPRISES_GARDEES]

    def une_fois(
        self,
        genre: str,
        dossier: Dossier,
        calculer: Callable[[], T],
        autres: Any = None,
        gardes: int = _SOUVENIRS_GARDES,
    ) -> T:
        """What a computation gives of a study, once for equal sheets whose files have not changed: those who ask again are given the same.

        Args:
            genre: what is computed.
            autres: what it depends on beside the study.
            gardes: how many of this kind are kept, the last ones used.
        """
        cle = (dossier, etats_du_dossier(dossier), autres)
        gardees = self._souvenirs.setdefault(genre, [])
        trouve = next((paire for paire in gardees if paire[0] == cle), None) or (cle, calculer())
        gardees[:] = [trouve, *(p for p in gardees if p is not trouve)][:gardes]
        return cast("T", trouve[1])

    def se_tire(self, champ: str, etude: Etude) -> bool:
        """Whether a field of a study may hold an array of values: a number, an input, or an evolution path."""
        if champ.startswith("evolution."):
            return champ.removeprefix("evolution.") in self.evolutions.chemins
        try:
            declaration_de(etude, champ)
        except ChampAbsent:
            return False
        return lire_champ(etude, champ) is not None


def admettre(champ: str, valeur: Any, tirages: Tableau) -> Tableau:
    """Draws of a field as its sheet would admit them: whole months are rounded, a share stays between 0 and 1."""
    if isinstance(valeur, int) or type(valeur) in (DonneeMois, DonneeEntier):
        return np.floor(tirages + 0.5)
    part = type(valeur) is DonneePart or champ.endswith(".coefficient")
    if part and (np.any(tirages < 0.0) or np.any(tirages > 1.0)):
        raise ErreurCalcul(f"Tirages de « {champ} » : une part va de 0 à 1. Borner les valeurs.")
    return tirages


def moteur_du_projet() -> Moteur:
    """Engine on the project's own data folder, opened once a folder."""
    return _moteur_de(dossier_donnees())


@lru_cache(maxsize=1)
def _moteur_de(donnees: Path) -> Moteur:
    return Moteur.ouvrir(donnees)
