"""Export of a study as plain data: every figure of every scenario under its two readings, with formula, sources, reliability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pope_foncier.baremes.fiabilite import FIABILITE_EN_CLAIR
from pope_foncier.etude import lectures
from pope_foncier.etude.controles import Ratio
from pope_foncier.etude.resultats import Resultat, Vue, par_annee_civile
from pope_foncier.etude.sans_place import AUCUNE_PLACE, dit_le_lieu
from pope_foncier.socle.grandeur import Grandeur
from pope_foncier.socle.phrases import Origine

Fiche = dict[str, Any]

_ORDRE_FIABILITE = ("officiel", "secondaire", "estimation", "a_confirmer", "hypothese", "inconnu")


@dataclass(frozen=True, slots=True)
class Sources:
    """Table of sources of an export, filled as figures cite them: two readings of one input have two keys.

    Attributes:
        fiches: what is said of each source, by key.
        cles: key of each origin already cited.
    """

    fiches: dict[str, dict[str, str]] = field(default_factory=dict)
    cles: dict[Origine, str] = field(default_factory=dict)

    def citer(self, origine: Origine) -> str:
        """Key of an origin in the table."""
        if origine not in self.cles:
            self.cles[origine] = self._ranger(origine)
        return self.cles[origine]

    def _ranger(self, origine: Origine) -> str:
        fiche = {
            c: v
            for c, v in (
                ("nature", "hypothèse" if origine.fiabilite == "hypothese" else origine.nature),
                ("reference", origine.reference),
                ("mention", origine.mention),
                ("fiabilite", FIABILITE_EN_CLAIR.get(origine.fiabilite, origine.fiabilite)),
                ("url", origine.url),
            )
            if v
        }
        cle, rang = origine.reference, 1
        while self.fiches.setdefault(cle, fiche) != fiche:
            rang += 1
            cle = f"{origine.reference} ({rang})"
        return cle


def exporter(resultat: Resultat) -> Fiche:
    """Every figure of a study as plain data: value, unit, formula in words, sources, reliability.

    Each scenario has two readings: ``tel_quel``, where a figure that closing the plan would change is undetermined and says
    why, and ``boucle``, the plan closed by what ``bouclage`` lists.
    """
    sources = Sources()
    etude = resultat.dossier.etude
    return {
        "etude": resultat.dossier.nom,
        "titre": etude.titre,
        "depart": etude.date_depart.isoformat(),
        "horizon_mois": etude.horizon_mois,
        "sources": sources.fiches,
        "scenarios": {vue.nom: _scenario(vue, sources) for vue in resultat.vues()},
    }


def _scenario(vue: Vue, sources: Sources) -> Fiche:
    return {
        "titre": vue.titre,
        "aucune_place": vue.aucune_place or None,
        "bouclage": []
        if vue.aucune_place
        else [
            {
                "id": apport.boucleur.id,
                "libelle": apport.boucleur.libelle,
                "apporteur": apport.boucleur.nom_apporteur,
                "nature": apport.boucleur.nature,
                "montant": _nombre(montant),
                "a_trouver": apport.est_a_trouver,
            }
            for apport, montant in lectures.apports(vue)
        ],
        "tel_quel": {"chiffres": list(_tel_quel(vue, sources))},
        "boucle": {"chiffres": [_ecrire(vue.bouclee, sources, c) for c in _chiffres(vue.bouclee)]},
    }


@dataclass(frozen=True, slots=True)
class _Chiffre:
    """Figure to write: code, quantity, whether it is a balance; its ratio when it is one."""

    code: str
    grandeur: Grandeur
    stock: bool = False
    ratio: Ratio | None = None


def _chiffres(vue: Vue) -> Iterator[_Chiffre]:
    for code, ligne in vue.ev.livre.lignes.items():
        yield _Chiffre(code, ligne.grandeur, ligne.stock)
    for code, grandeur in vue.indicateurs.items():
        yield _Chiffre(f"indicateurs.{code}", grandeur)
    for ratio in vue.ratios:
        yield _Chiffre(f"ratios.{ratio.code}", ratio.grandeur, ratio=ratio)


def _tel_quel(vue: Vue, sources: Sources) -> Iterator[Fiche]:
    """Figures of the plan as it stands; one that closing changes keeps its name and unit, and says why it has no value."""
    bouclees = {c.code: c.grandeur for c in _chiffres(vue.bouclee)}
    for chiffre in _chiffres(vue):
        fiche = _ecrire(vue, sources, chiffre)
        if not vue.aucune_place and lectures.change(vue, chiffre.code, chiffre.grandeur, bouclees.get(chiffre.code)):
            fiche |= {"valeur": None, "formule": "indéterminée", "statut": "indetermine", "motif": lectures.motif(vue)}
            for cle in ("par_annee", "formule_du_mois"):
                fiche.pop(cle, None)
        yield fiche


def _ecrire(vue: Vue, sources: Sources, chiffre: _Chiffre) -> Fiche:
    echelle, grandeur, stock = vue.ev.ctx.echelle, chiffre.grandeur, chiffre.stock
    ligne = vue._ligne(grandeur)
    rang = grandeur._premier_rang_utile(vue.rang) if grandeur.axe else 0
    rang_mois = int(echelle.debuts_annee[rang]) if grandeur.axe == "annee" else rang
    rang_annee = rang if grandeur.axe == "annee" else int(echelle.rang_annee[rang])
    origines = grandeur.origines_du_scenario(vue.rang)
    fiche: Fiche = {
        "code": chiffre.code,
        "libelle": grandeur.nom,
        "unite": grandeur.unite or "sans unité",
        "nature": "solde en fin de période" if stock else "total",
        "valeur": _nombre(ligne[-1] if stock else ligne.sum() if grandeur.axe else ligne[0]),
        "formule": grandeur.formule(vue.rang, rang_mois, rang_annee),
        "fiabilite": FIABILITE_EN_CLAIR.get(fiabilite(origines), "indéterminée"),
        "sources": [sources.citer(o) for o in origines],
    }
    if grandeur.axe == "mois":
        mois = np.broadcast_to(ligne, (echelle.duree_mois,))
        fiche["formule_du_mois"] = echelle.mois_en_clair(rang)
        annuels = par_annee_civile(mois, echelle, stock)
        fiche["par_annee"] = {str(a): _nombre(v) for a, v in zip(echelle.annees, annuels, strict=True)}
    if grandeur.manques:
        fiche["manque"] = sorted(grandeur.manques)
    elif fiche["valeur"] is None:
        fiche["motif"] = "indéterminé : rien à rapporter"
    if vue.aucune_place and not dit_le_lieu(vue.ev.livre, chiffre.code):
        return _sans_valeur(fiche, vue)
    return fiche if chiffre.ratio is None else fiche | _du_ratio(chiffre.ratio, vue.rang)


def _sans_valeur(fiche: Fiche, vue: Vue) -> Fiche:
    """Figure of a scenario that holds no place: its name and unit, no value, and why."""
    gardes = ("code", "libelle", "unite", "nature")
    sans = {
        "valeur": None,
        "formule": AUCUNE_PLACE,
        "statut": "aucune_place",
        "motif": f"{AUCUNE_PLACE} : {vue.aucune_place}",
    }
    return {cle: fiche[cle] for cle in gardes} | sans | {"fiabilite": fiche["fiabilite"], "sources": fiche["sources"]}


def _du_ratio(ratio: Ratio, rang: int) -> Fiche:
    fiche: Fiche = {
        "seuil": ratio.controle.seuil,
        "origine_seuil": ratio.controle.origine,
        "statut": ratio.statut(rang),
    }
    return fiche | ({"motif": ratio.motif(rang)} if ratio.motif(rang) else {})


def fiabilite(origines: Sequence[Origine]) -> str:
    """Reliability of a figure: the least sure of its inputs; one assumption makes it an assumption.

    A figure without any input (a count, a flag) has none: empty text.
    """
    rangs = [_ORDRE_FIABILITE.index(o.fiabilite) for o in origines]
    return _ORDRE_FIABILITE[max(rangs)] if rangs else ""


def _nombre(valeur: float) -> float | None:
    return round(float(valeur), 6) + 0.0 if np.isfinite(valeur) else None
