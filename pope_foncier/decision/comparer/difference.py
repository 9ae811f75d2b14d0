"""Difference of two scenarios: what changed in the inputs, and what it does line by line, on the closed plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from pope_foncier.decision.commune.cout import PAYE, TOUT_COMPRIS, ce_que_paie_la_commune, tout_compris
from pope_foncier.etude.budget_commune import compte_de_la_commune
from pope_foncier.etude.controles import Controle, Statut
from pope_foncier.etude.ecarts import Ecart, ecarts
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.lecteur import A_TROUVER, MANQUE, Lecteur
from pope_foncier.etude.lectures import a_trouver
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import en_clair
from pope_foncier.modele.declaration import ChampAbsent, chemin_lu, declaration_de, lire_champ
from pope_foncier.socle.erreurs import ErreurBareme
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.temps import Echelle

Etage = Literal["places", "besoins", "ressources", "a_trouver", "commune", "dette", "caisse"]
"""Links of the chain of causes, in order: a use more expensive, the resources that follow or not, what is then to find, who pays."""
_TUS = ("titre", "question", "scenarios", "blocs", "questions_ouvertes", "foncier", "doute")
"""Fields that no figure of the study reads."""
COUVERTURE = "couverture_minimale"
COMMUNE_EN_TOUT, AVEC_LE_RESTE = "par_place_an", "tout_compris"
_DE_LA_COMMUNE = {COMMUNE_EN_TOUT: PAYE, AVEC_LE_RESTE: TOUT_COMPRIS}
"""What the commune pays, investment and operation (``decision/commune``)."""
Vues = tuple[Vue, Vue]
_TOTAUX = ("besoins.total", "ressources.total", "ressources.reste_a_financer")
_UN_CENTIEME = 0.005
_UN_DEMI_EURO = 0.5


@dataclass(frozen=True, slots=True)
class EntreeChangee:
    """One field of the sheet that differs.

    Attributes:
        libelle: label of its declaration; empty for a choice, which has none.
        element: label of the element of a list that holds it.
        avant: value before, in plain data; None when the sheet did not give it.
    """

    champ: str
    libelle: str
    unite: str
    element: str
    avant: Any
    apres: Any

    @property
    def nombres(self) -> tuple[float, float] | None:
        """Values before and after when both are known numbers."""
        lus = [_nombre(v) for v in (self.avant, self.apres)]
        return None if None in lus else (lus[0], lus[1])  # type: ignore[return-value]

    @property
    def ecart(self) -> float:
        """Change in the unit of the sheet; NaN without two known numbers."""
        lus = self.nombres
        return lus[1] - lus[0] if lus else float("nan")

    @property
    def variation(self) -> float | None:
        """Relative change [fraction]; None without two known numbers, or from zero."""
        lus = self.nombres
        return lus[1] / lus[0] - 1.0 if lus and lus[0] else None


@dataclass(frozen=True, slots=True)
class Effet:
    """One figure of the closed plan that differs.

    Attributes:
        avant: value before; NaN when it has none, and ``motif_avant`` says why.
        controle: threshold that the figure is read against, when it is a ratio.
    """

    etage: Etage
    code: str
    libelle: str
    unite: str
    avant: float
    apres: float
    motif_avant: str = ""
    motif_apres: str = ""
    controle: Controle | None = None
    statuts: tuple[Statut, Statut] | None = None
    echelle: Echelle | None = None
    """Time axis of a figure that is the rank of a month."""

    @property
    def ecart(self) -> float:
        """Change, NaN when either has no value."""
        return self.apres - self.avant

    @property
    def franchit(self) -> bool:
        """Whether it crosses a threshold, one way or the other."""
        return self.statuts is not None and self.statuts[0] != self.statuts[1] and "indetermine" not in self.statuts


@dataclass(frozen=True, slots=True)
class Difference:
    """Difference of two scenarios; what does not move is left out."""

    avant: str
    apres: str
    entrees: tuple[EntreeChangee, ...]
    effets: tuple[Effet, ...]
    sans_place: str = ""
    """Why one of the two has no figure."""

    def de(self, *etages: Etage) -> list[Effet]:
        """Effects of some links of the chain."""
        return [e for e in self.effets if e.etage in etages]

    def total(self, *etages: Etage) -> float:
        """Change of all the lines of some links [€]; NaN when one is unknown."""
        return sum((e.ecart for e in self.de(*etages)), 0.0)

    def effet(self, code: str) -> Effet | None:
        """Effect on a figure; None when it does not move."""
        return next((e for e in self.effets if e.code == code), None)


def differencier(avant: Vue, apres: Vue, titres: tuple[str, str] | None = None) -> Difference:
    """What separates two scenarios: inputs, then the figures of their closed plans along the chain of causes.

    Args:
        titres: what the two are called; the titles of their scenarios by default.
    """
    noms = titres or (avant.titre, apres.titre)
    entrees = tuple(
        replace(e, avant=_au_bareme(avant, e.avant), apres=_au_bareme(apres, e.apres))
        for e in entrees_changees(_etude(avant), _etude(apres))
    )
    raisons = [f"{nom} : {v.aucune_place}" for nom, v in zip(noms, (avant, apres), strict=True) if v.aucune_place]
    if raisons:
        return Difference(*noms, entrees, (), " ; ".join(raisons))
    vues = (avant, apres)
    effets = (*_de_la_place(vues), *_du_plan(vues), *_de_la_commune(vues), *_des_ratios(vues), *_de_la_caisse(vues))
    return Difference(*noms, entrees, tuple(e for e in effets if _bouge(e)))


def entrees_changees(avant: Etude, apres: Etude) -> Iterator[EntreeChangee]:
    """Fields of the sheet whose value differs; a reason or a range alone is no difference."""
    for ecart in ecarts(en_clair(avant), en_clair(apres)):
        if ecart.champ.split(".")[0].split("[")[0] in _TUS or _valeur(ecart.avant) == _valeur(ecart.apres):
            continue
        yield _declaree(avant, apres, ecart)


def _au_bareme(vue: Vue, lu: Any) -> Any:
    """Plain value of a field; a reference to a scale with what the scale says at the date of the request, and its label."""
    if not (isinstance(lu, dict) and "bareme" in lu and "valeur" not in lu):
        return lu
    try:
        datee = vue.ev.ctx.valeur_datee(lu["bareme"])
    except ErreurBareme:  # a scale that no computation reads may say nothing at that date
        return lu
    connue = isinstance(datee.valeur, int | float)
    return {**lu, "libelle": datee.libelle, **({"valeur": float(datee.valeur)} if connue else {})}


def _declaree(avant: Etude, apres: Etude, ecart: Ecart) -> EntreeChangee:
    """Difference with the words of its declaration; a number left out is read at its default."""
    fiche = apres if _dans(apres, ecart.champ) else avant
    libelle, unite = "", ""
    try:
        declaration = declaration_de(fiche, ecart.champ)
        libelle, unite = declaration.libelle, declaration.unite
    except ChampAbsent:
        pass
    elements = chemin_lu(fiche, ecart.champ)[:-1] if _dans(fiche, ecart.champ) else []
    nommes = [x.libelle for x in elements if getattr(x, "libelle", "") and hasattr(x, "id")]
    lus = [_ou_defaut(e, ecart.champ, lu) for e, lu in ((avant, ecart.avant), (apres, ecart.apres))]
    return EntreeChangee(ecart.champ, libelle, unite, nommes[-1] if nommes else "", *lus)


def _ou_defaut(fiche: Etude, champ: str, lu: Any) -> Any:
    """Plain value of a field, or the number or word that its sheet takes when it is left out."""
    if lu is not None or not _dans(fiche, champ):
        return lu
    defaut = lire_champ(fiche, champ)
    return defaut if isinstance(defaut, int | float | str) else lu


def _dans(fiche: Etude, champ: str) -> bool:
    try:
        chemin_lu(fiche, champ)
    except ChampAbsent:
        return False
    return True


def _valeur(lu: Any) -> Any:
    """What decides a figure in an input: its value, its scale, or that it is unknown."""
    if isinstance(lu, dict) and {"valeur", "bareme", "a_obtenir_de"} & set(lu):
        return lu.get("valeur", lu.get("bareme", "inconnu"))
    return lu


def _nombre(lu: Any) -> float | None:
    valeur = _valeur(lu)
    return float(valeur) if isinstance(valeur, int | float) and not isinstance(valeur, bool) else None


def _etude(vue: Vue) -> Etude:
    variantes = vue.ev.ctx.variantes
    return variantes[vue.rang if len(variantes) > 1 else 0]


def _bouge(effet: Effet) -> bool:
    """Whether a figure moves by what is shown of it, or is known on one side only."""
    if np.isnan(effet.avant) or np.isnan(effet.apres):
        return bool(np.isnan(effet.avant) != np.isnan(effet.apres))
    if np.isinf(effet.avant) or np.isinf(effet.apres):
        return effet.avant != effet.apres
    return abs(effet.ecart) > (_UN_DEMI_EURO if effet.unite.startswith("€") else _UN_CENTIEME)


def _effet(etage: Etage, code: str, libelle: str, unite: str, lus: Sequence[tuple[float, str]]) -> Effet:
    """Effect from its values before and after, each with why it would have none."""
    (avant, pourquoi_avant), (apres, pourquoi_apres) = lus
    return Effet(
        etage,
        code,
        libelle,
        unite,
        avant,
        apres,
        pourquoi_avant if np.isnan(avant) else "",
        pourquoi_apres if np.isnan(apres) else "",
    )


def _de_la_place(vues: Vues) -> Iterator[Effet]:
    for code, libelle in (("places", "Places"), ("ouverture", "Ouverture")):
        lu = _couple("places", code, libelle, vues, [v.indicateurs[code] for v in vues])
        yield replace(lu, echelle=vues[1].ev.ctx.echelle if code == "ouverture" else None)


def _du_plan(vues: Vues) -> Iterator[Effet]:
    """Uses and resources of the closed plans line by line, then what is to find: the first less the second."""
    sans_nom = {f"ressources.bouclage.{nom}" for nom in _a_trouver_de(vues)}
    etages: tuple[Literal["besoins", "ressources"], ...] = ("besoins", "ressources")
    for etage in etages:
        livres = [{x.code: x.grandeur for x in v.bouclee.ev.livre.du_groupe(etage)} for v in vues]
        for code in {**livres[0], **livres[1]}:
            if code in sans_nom or code in _TOTAUX:
                continue
            nom = next(livre[code].nom for livre in reversed(livres) if code in livre)
            lus = [_montant(v.bouclee, livre.get(code)) for v, livre in zip(vues, livres, strict=True)]
            yield _effet(etage, code, nom, "€", lus)
    restes = [(a_trouver(v), _motif(v.ev.plan.reste_a_financer)) for v in vues]
    yield _effet("a_trouver", A_TROUVER, "À trouver", "€", restes)


def _montant(vue: Vue, ligne: Grandeur | None) -> tuple[float, str]:
    """Amount of a line of the plan, and why it would have none; a line that the plan does not have brings nothing."""
    return (0.0, "") if ligne is None else (vue.valeur(ligne), _motif(ligne))


def _a_trouver_de(vues: Vues) -> set[str]:
    """Closers that ask nobody in particular: what is to find, told as one figure."""
    return {b.id for v in vues for b in v.ev.ctx.boucleurs if b.est_a_trouver}


def _de_la_commune(vues: Vues) -> Iterator[Effet]:
    code = "contribution_par_place"
    if all(code in v.bouclee.indicateurs for v in vues):
        libelle = "Commune au fonctionnement, par place, année de croisière"
        yield _couple("commune", code, libelle, vues, [v.bouclee.indicateurs[code] for v in vues])
    payes = [ce_que_paie_la_commune(v) for v in vues]
    for code, libelle in _DE_LA_COMMUNE.items():
        lus = [(getattr(paye, code), _sans_cout(v)) for paye, v in zip(payes, vues, strict=True)]
        yield _effet("commune", code, libelle, "€/place/an", lus)


def _sans_cout(vue: Vue) -> str:
    """Why what the commune pays would have no value: no operation first, then any other unknown."""
    du_compte = compte_de_la_commune(vue.bouclee.ev)
    lue = du_compte if du_compte.manques else tout_compris(vue.bouclee.ev)
    return _motif(lue) if lue.manques else "aucune place ouverte"


def _des_ratios(vues: Vues) -> Iterator[Effet]:
    """Lowest cover, then each ratio whose status changes."""
    avant, apres = ({r.code: r for r in v.bouclee.ratios} for v in vues)
    for code, ratio in avant.items():
        if code not in apres:
            continue
        lus = [(r, v.rang) for r, v in zip((ratio, apres[code]), vues, strict=True)]
        un, autre = (r.statut(rang) for r, rang in lus)
        if code != COUVERTURE and (un == autre or "indetermine" in (un, autre)):
            continue
        valeurs = [(v.au_rang(r.grandeur.valeur), r.motif(rang)) for (r, rang), v in zip(lus, vues, strict=True)]
        controle = ratio.controle
        effet = _effet("dette", code, controle.libelle, controle.unite, valeurs)
        yield replace(effet, controle=controle, statuts=(un, autre))


def _de_la_caisse(vues: Vues) -> Iterator[Effet]:
    libelle = "Trésorerie manquante, au pire mois"
    yield _couple("caisse", MANQUE, libelle, vues, [Lecteur(v.bouclee.ev).manque for v in vues])


def _couple(etage: Etage, code: str, libelle: str, vues: Vues, grandeurs: Sequence[Grandeur]) -> Effet:
    lus = [(v.au_rang(g.valeur), _motif(g)) for v, g in zip(vues, grandeurs, strict=True)]
    return _effet(etage, code, libelle, grandeurs[1].unite, lus)


def _motif(grandeur: Grandeur) -> str:
    manques = ", ".join(sorted(grandeur.manques))
    return f"il manque {manques}" if manques else "rien à rapporter"
