"""Sketch asked for: the outline to start from (plan, sheet of the site, sizes typed), the rooms wanted, then the search."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import partial

from pope_foncier.lieu.locaux import ProgrammeLocaux
from pope_foncier.lieu.plan import Plan, PlanTrace
from pope_foncier.lieu.plan_controles import tracer
from pope_foncier.lieu.plan_lecture import plans_du_site
from pope_foncier.lieu.site import Site
from pope_foncier.places.esquisse.besoins import Besoin, besoins_du_programme
from pope_foncier.places.esquisse.hypotheses import lire_hypotheses
from pope_foncier.places.esquisse.terrain import terrain_du_plan
from pope_foncier.places.esquisse.variantes import Esquisses, esquisser, tient
from pope_foncier.places.programme_type import programme_des_places
from pope_foncier.places.regles_locaux import ReglesLocaux
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.fiches import NomDeFichier, valider
from pope_foncier.socle.nombres import formater_nombre

_TAILLE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(?:m\s*)?[x×]\s*(\d+(?:[.,]\d+)?)\s*m?\s*", re.IGNORECASE)
_ESSAIS, _PAS = 4, 0.7
"""Numbers of places tried when those asked do not hold, each at this part of what stays open."""
_PART_DES_PIECES = 0.95
"""Part of an outline that rooms may fill, at most."""
_COTES = ("sud", "est", "nord", "ouest")


@enregistrement
class Demande:
    """What a sketch is asked of."""

    depart: PlanTrace
    programme: ProgrammeLocaux
    besoins: tuple[Besoin, ...]
    graine: int = 1
    percer: bool = True
    moins: Callable[[int], ProgrammeLocaux] | None = None
    """Programme of another number of places; None when the rooms were given."""

    @staticmethod
    def pour(
        depart: PlanTrace,
        places: int | None,
        regles: ReglesLocaux,
        dense: bool = False,
        cour_m2: float = 0.0,
        programme: ProgrammeLocaux | None = None,
        graine: int = 1,
        percer: bool = True,
    ) -> Demande:
        """Rooms of a number of places under the rules of a mode, or those of a programme given.

        Raises:
            ErreurCalcul: neither places nor programme.
        """
        moins = None
        if programme is None:
            if places is None:
                raise ErreurCalcul(
                    "Aucune esquisse sans nombre de places : dire --places, ou donner un programme de locaux."
                )
            moins = partial(programme_des_places, regles=regles, dense=dense, cour_m2=cour_m2)
            programme = moins(places)
        return Demande(depart, programme, besoins_du_programme(programme, lire_hypotheses()), graine, percer, moins)

    def esquisser(self, combien: int = 3) -> Esquisses:
        """Sketches, or why there is none and how many places would hold.

        Raises:
            ErreurCalcul: OR-Tools is not installed; no outline.
        """
        precision = self.programme.titre[:1].lower() + self.programme.titre[1:]
        trouvees = esquisser(
            self.depart,
            self.besoins,
            lire_hypotheses(),
            self.graine,
            combien,
            precision=f"{precision}, graine {self.graine}",
            percer=self.percer,
        )
        if trouvees.variantes:
            return trouvees
        motifs = (
            f"{self.programme.titre} : {trouvees.motifs[0][:1].lower()}{trouvees.motifs[0][1:]}",
            *trouvees.motifs[1:],
        )
        if (places := self.places_qui_tiennent()) is None:
            return Esquisses((), motifs)
        suite = (
            f"Avec {places} places, une esquisse tient." if places else "Aucun nombre de places plus petit n'y tient."
        )
        return Esquisses((), (*motifs, suite))

    def places_qui_tiennent(self) -> int | None:
        """Most places found to hold below those asked, 0 when none does; None when the rooms were given.

        A few tries, each a short search: one more place may hold that was not found.
        """
        if self.moins is None or self.programme.places is None:
            return None
        h = lire_hypotheses()
        terrain = terrain_du_plan(self.depart, h, percer=self.percer)
        serre = _PART_DES_PIECES * float(terrain.libre.area) / sum(b.surface_m2 for b in self.besoins)
        bas, haut = 0, min(self.programme.places, math.ceil(serre * self.programme.places))
        for _ in range(_ESSAIS):
            if haut - bas < 2:
                break
            milieu = bas + max(1, round(_PAS * (haut - bas)))
            try:
                tenu = tient(terrain, besoins_du_programme(self.moins(milieu), h), h, self.graine)
            except ErreurCalcul:
                break
            bas, haut = (milieu, haut) if tenu else (bas, milieu)
        return bas


def contour_saisi(texte: str, facades: Sequence[str] = (), site: NomDeFichier | None = None) -> PlanTrace:
    """Plan of a rectangle typed as « 12 x 20 »: width along the street (south), then depth; blind but for the sides named.

    Raises:
        ErreurCalcul: not two lengths, or a side that is none of the four.
    """
    lu = _TAILLE.fullmatch(texte)
    if lu is None:
        raise ErreurCalcul(
            f"--contour : « {texte} » n'est ni un fichier de plan ni une taille. Écrire par exemple « 12 x 20 »."
        )
    large, long = (float(v.replace(",", ".")) for v in lu.groups())
    coins = [(0.0, 0.0), (large, 0.0), (large, long), (0.0, long)]
    if inconnus := [f for f in facades if f not in _COTES]:
        raise ErreurCalcul(f"--facades : « {', '.join(inconnus)} » inconnu. Choisir parmi : {', '.join(_COTES)}.")
    elements: list[dict[str, object]] = [{"nature": "batiment", "nom": "Contour saisi", "points": coins}]
    for k, cote in enumerate(_COTES if facades else ()):
        if cote not in facades:
            mur = [coins[k], coins[(k + 1) % 4]]
            elements.append({"nature": "facade_aveugle", "nom": f"Mur aveugle, {cote}", "points": mur})
    taille = f"{formater_nombre(large, 2, 0)} × {formater_nombre(long, 2, 0)} m"
    base = f"contour saisi, {taille}" + (f", façades éclairées : {', '.join(facades)}" if facades else "")
    return _plan(f"Contour de {taille}", base, elements, site)


def contour_de_la_fiche(site: Site, nom: NomDeFichier | None = None) -> PlanTrace:
    """Plan of the outline of a site sheet.

    Raises:
        ErreurCalcul: the sheet has none.
    """
    if site.contour_m is None:
        connus = ", ".join(f.stem for f in plans_du_site(nom)) if nom else ""
        raise ErreurCalcul(
            f"« {site.nom} » : ni plan ni contour dans la fiche du site. Donner un plan "
            f"(--plan{f', par exemple {connus}' if connus else ''}), une taille (--contour « 12 x 20 »), ou remplir « contour_m »."
        )
    elements: list[dict[str, object]] = [{"nature": "batiment", "nom": "Contour de la fiche", "points": site.contour_m}]
    return _plan(f"Contour de {site.nom}", "contour de la fiche du site", elements, nom)


def _plan(titre: str, base: str, elements: list[dict[str, object]], site: NomDeFichier | None) -> PlanTrace:
    brut = {"titre": titre, "statut": "hypothese", "systeme": "local", "base": base, "site": site, "elements": elements}
    plan, problemes = tracer(valider(Plan, brut, titre), titre, {})
    assert not problemes
    return plan
