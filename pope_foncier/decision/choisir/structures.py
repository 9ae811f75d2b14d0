"""Structures of a plan: montage × terms of the loans × bridge, each a study whose amounts are left to choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from pope_foncier.decision.choisir.aides_possibles import AidesPossibles
from pope_foncier.decision.choisir.regles import Regles, lire_limites_du_plan
from pope_foncier.decision.essais import avec_relais, lire_relais
from pope_foncier.decision.familles_de_pret import Famille, famille_du_produit
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.scenarios import BASE, Dossier, en_clair, lire_etude
from pope_foncier.modele.fiche_pret import Pret
from pope_foncier.prets.produits import cles, produit
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope
from pope_foncier.socle.grandeur import Tableau

CONTRIBUTION = "exploitation.contribution_commune.par_place"
VILLE = "plan_ville"
"""Identifier of what the city gives to the works, which closes the plan."""
FONDS = "plan_fonds_propres"
"""Identifier of the own funds of a plan."""
FONDS_PROPRES = "Fonds propres"
DEMARRAGE = "plan_demarrage"
"""Identifier of the loan of an operator who does not order the works: it pays its start, which the closers of the owner do not."""
LOYER = "loyer"
"""Code of the rent of an operator who rents from who orders the works, chosen with the rest [€/m²/year]."""
CHOISI = "montant choisi par la recherche du meilleur plan"
SANS_PRET = "sans prêt"
_CHAMP_LOYER = "bail_gestionnaire.loyer_m2_an"
_ETUDIE = "conditions de l'étude"
_SANS_LIMITE = 1e9
_ECARTES = ("non_respecte",)
_DUREE_D_ESSAI = 1.0
"""Any term [months]: whether a product says its bounds does not depend on it."""

Genre = Literal["aide", "pret", "demarrage", "loyer", "contribution", "fonds"]


@dataclass(frozen=True, slots=True)
class Levier:
    """Amount of a plan: field of the study that holds it, its bounds, how far to move it to measure what it changes.

    A grant is a share of its whole amount, all or part of it being asked.
    """

    code: str
    libelle: str
    champ: str
    genre: Genre
    haut: float
    pas: float
    entier: float = 1.0
    """Euros (or euros by place and year) in one unit of the field."""


@dataclass(frozen=True)
class Structure:
    """Study whose amounts are left to choose.

    Attributes:
        montage: who holds the walls and how, in words.
        conditions: terms of the main loan, in words; ``complement`` those of a second one.
        leviers: amounts, in order.
        durees: terms of the main loan tried [months]; one zero without a loan.
        a_verifier: what the products leave unknown, in words.
    """

    montage: str
    conditions: str
    complement: str
    relais: bool
    dossier: Dossier
    leviers: tuple[Levier, ...]
    exclusions: tuple[tuple[int, int], ...]
    champ_duree: str
    durees: tuple[float, ...]
    a_verifier: tuple[str, ...]

    def tirages(self, points: Tableau, durees: Tableau) -> dict[str, Tableau]:
        """Fields of the study at some amounts, shape (D, n), and at some terms, shape (D,)."""
        champs = {levier.champ: points[:, i] for i, levier in enumerate(self.leviers)}
        return champs | ({self.champ_duree: durees} if self.champ_duree else {})

    def rang(self, code: str) -> int | None:
        """Rank of an amount; None when the structure has none of this code."""
        return next((i for i, x in enumerate(self.leviers) if x.code == code), None)


@dataclass(frozen=True, slots=True)
class Ecartee:
    """Structure left out, and the rule or the reason."""

    nom: str
    raison: str


def structures(
    aides: AidesPossibles, moteur: Moteur, regles: Regles, montage: str, a_verifier: tuple[str, ...] = ()
) -> tuple[list[Structure], list[Ecartee]]:
    """Structures of one montage, and those left out with their reason."""
    dossier = aides.dossier
    trouvees: list[Structure] = []
    ecartees: list[Ecartee] = []
    for famille in _familles(dossier.etude, moteur, regles, ecartees):
        for relais in _relais(famille.etude):
            try:
                etude = _plan_libre(famille.etude, regles, relais)
            except ErreurDonnees as erreur:
                ecartees.append(Ecartee(f"{montage}, {famille.nom}", erreur.problemes[0].message))
                continue
            seul = replace(dossier, etude=etude, variantes={BASE: etude})
            leviers = tuple(_leviers(etude, aides, famille, regles))
            if _loyer_libre(famille.etude):
                leviers = (*leviers, Levier(LOYER, "Loyer du gestionnaire", _CHAMP_LOYER, "loyer", _SANS_LIMITE, 5.0))
            durees = _durees(famille, dossier.etude)
            rangs = {x.code: i for i, x in enumerate(leviers)}
            exclusions = tuple((rangs[a], rangs[b]) for a, b in aides.exclusions)
            champ = f"prets[{famille.principal}].duree_mois" if famille.principal else ""
            inconnus = (*a_verifier, *famille.inconnus)
            trouvees.append(
                Structure(
                    montage, famille.nom, famille.complement, relais, seul, leviers, exclusions, champ, durees, inconnus
                )
            )
    return trouvees, ecartees


@dataclass(frozen=True)
class _Conditions:
    """Terms of the loans of a structure: study that has them, main loan, product whose bounds hold."""

    nom: str
    etude: Etude
    principal: str = ""
    famille: Famille | None = None
    complement: str = ""
    montants_max: Mapping[str, float] | None = None
    inconnus: tuple[str, ...] = ()


def _familles(etude: Etude, moteur: Moteur, regles: Regles, ecartees: list[Ecartee]) -> Iterator[_Conditions]:
    """Terms tried: no loan, those of the study, each product open to the borrower, and a second loan of a capped product."""
    porteur = etude.acteurs.nom_maitre_ouvrage
    cherches = [p for p in etude.prets if getattr(etude.acteurs, p.emprunteur) == porteur and p.se_cherche]
    yield _Conditions(SANS_PRET, _sans_prets(etude, [p.id for p in cherches]))
    if not cherches or regles.plafond("pret") <= 0.0:
        return
    principal, a_part = cherches[0], {x.produit: x.raison for x in lire_limites_du_plan().produits_a_part}
    siennes = _Conditions(f"{principal.libelle} ({_ETUDIE})", etude, principal.id)
    yield siennes
    for cle in cles(moteur.catalogue):
        choisi = produit(cle, moteur.catalogue, etude.date_demande)
        if choisi.fiche.genre != "pret":
            continue
        try:
            famille = famille_du_produit(etude, principal.id, cle)
        except ErreurPope as erreur:
            ecartees.append(Ecartee(choisi.titre, str(erreur)))
            continue
        refus = [a_part[cle]] if cle in a_part else [e.message for e in famille.ecarts({})]
        if refus:
            ecartees.append(Ecartee(choisi.titre, refus[0]))
            continue
        inconnus = tuple(e.message for e in famille.ecarts({"duree": _DUREE_D_ESSAI}) if e.statut not in _ECARTES)
        plafond = choisi.borne("montant_max")
        plafonds = {} if plafond is None else {principal.id: plafond}
        yield _Conditions(choisi.titre, famille.etude, principal.id, famille, "", plafonds, inconnus)
        if plafond is not None:
            second = _second(siennes, famille, choisi.titre, cle, plafond, inconnus)
            if second is not None:
                yield second


def _second(
    siennes: _Conditions, famille: Famille, titre: str, cle: str, plafond: float, inconnus: tuple[str, ...]
) -> _Conditions | None:
    """Terms of the study, and a second loan of a product whose amount is capped."""
    brut, de_la_famille = en_clair(siennes.etude), en_clair(famille.etude)
    pret = next(p for p in de_la_famille["prets"] if p["id"] == siennes.principal)
    ajoute = {**pret, "id": cle, "libelle": titre}
    etude = lire_etude({**brut, "prets": [*brut["prets"], ajoute]}, titre)[0]
    return replace(siennes, etude=etude, complement=titre, montants_max={cle: plafond}, inconnus=inconnus)


def _sans_prets(etude: Etude, ids: list[str]) -> Etude:
    brut = en_clair(etude)
    return lire_etude({**brut, "prets": [p for p in brut.get("prets", ()) if p["id"] not in ids]}, SANS_PRET)[0]


def _relais(etude: Etude) -> tuple[bool, ...]:
    """Whether a bridge is taken: that of the study is kept; otherwise without one, then with one."""
    return (True,) if etude.relais is not None else (False, True)


def _plan_libre(etude: Etude, regles: Regles, relais: bool) -> Etude:
    """Study whose contribution is a lump, whose city closes the plan, with own funds when some may come and a bridge when asked."""
    assert etude.exploitation is not None
    brut = en_clair(etude)
    contribution = etude.exploitation.contribution_commune
    un = {"valeur": 1.0, "base": CHOISI}
    if contribution.mode != "forfait":
        brut["exploitation"]["contribution_commune"] = contribution.sous("forfait", {"par_place": un})
    brut["bouclage"] = [
        {
            "id": VILLE,
            "libelle": f"{etude.acteurs.commune}, subvention d'investissement",
            "nature": "subvention",
            "apporteur": etude.acteurs.commune,
        }
    ]
    if regles.plafond("fonds_propres") > 0.0:
        brut["apports"] = [*brut.get("apports", ()), _fonds_propres()]
    bail = etude.bail_gestionnaire
    if bail is not None and _loyer_libre(etude):
        brut["bail_gestionnaire"] = {"loyer": "fixe", "loyer_m2_an": {"valeur": 1.0, "base": CHOISI}, "tva": bail.tva}
        brut["bail_gestionnaire"] |= {"bailleur": bail.bailleur} if bail.bailleur else {}
    if etude.acteurs.maitre_ouvrage == "proprietaire":
        brut["prets"] = [*brut.get("prets", ()), _pret_de_demarrage()]
    if relais and etude.relais is None:
        fiche = lire_relais()
        brut |= avec_relais(etude, fiche, fiche.lectures[lire_limites_du_plan().relais.lecture])
    return lire_etude(brut, etude.titre)[0]


def _loyer_libre(etude: Etude) -> bool:
    """Whether the rent of the operator follows the plan of its landlord: it is then an amount to choose, which both plans bear."""
    return etude.bail_gestionnaire is not None and etude.bail_gestionnaire.loyer == "equilibre"


def _pret_de_demarrage() -> dict[str, Any]:
    """Loan of an operator whose owner orders the works, on the terms of the data."""
    fiche = lire_limites_du_plan().demarrage
    return {
        "id": DEMARRAGE,
        "libelle": fiche.libelle,
        "preteur": "Prêteur du gestionnaire",
        "emprunteur": "gestionnaire",
        "profil": "annuite_constante",
        "montant": {"valeur": 0.0, "base": CHOISI},
        "taux": fiche.taux.model_dump(exclude_none=True),
        "duree_mois": fiche.duree_mois.model_dump(exclude_none=True),
    }


def _fonds_propres() -> dict[str, Any]:
    return {
        "id": FONDS,
        "libelle": "Fonds propres du plan",
        "apporteur": "Réserves et membres",
        "nature": "fonds_propres",
        "montant": {"valeur": 0.0, "base": CHOISI},
        "mois_versement": {"valeur": 0, "base": "apportés au départ"},
    }


def avec_fonds_propres(structure: Structure, haut: float) -> Structure:
    """Same structure, whose members may bring some money where they bring none, at most ``haut`` [€]."""
    brut = en_clair(structure.dossier.etude)
    brut["apports"] = [*brut.get("apports", ()), _fonds_propres()]
    etude = lire_etude(brut, structure.dossier.nom)[0]
    dossier = replace(structure.dossier, etude=etude, variantes={BASE: etude})
    return replace(structure, dossier=dossier, leviers=(*structure.leviers, _levier_des_fonds(haut)))


def _levier_des_fonds(haut: float) -> Levier:
    return Levier(FONDS, FONDS_PROPRES, f"apports[{FONDS}].montant", "fonds", haut, 1000.0)


def _leviers(etude: Etude, aides: AidesPossibles, conditions: _Conditions, regles: Regles) -> Iterator[Levier]:
    for id, montant in aides.montants.items():
        yield Levier(id, aides.libelle(id), f"aides[{id}].coefficient", "aide", 1.0, 0.02, montant)
    porteur, maxi = etude.acteurs.nom_maitre_ouvrage, conditions.montants_max or {}
    for pret in etude.prets:
        if getattr(etude.acteurs, pret.emprunteur) == porteur and pret.se_cherche:
            sien = min(
                maxi.get(pret.id, _SANS_LIMITE), regles.plafond("pret") if pret.id == conditions.principal else np.inf
            )
            yield Levier(pret.id, pret.libelle, f"prets[{pret.id}].montant", "pret", sien, 1000.0)
        elif pret.id == DEMARRAGE:
            yield Levier(pret.id, pret.libelle, f"prets[{pret.id}].montant", "demarrage", _SANS_LIMITE, 1000.0)
    if regles.plafond("fonds_propres") > 0.0:
        yield _levier_des_fonds(min(regles.plafond("fonds_propres"), _SANS_LIMITE))
    libelle = "Contribution de la commune par place et par an"
    yield Levier("contribution", libelle, CONTRIBUTION, "contribution", _SANS_LIMITE, 10.0)


def _durees(conditions: _Conditions, etude: Etude) -> tuple[float, ...]:
    """Terms tried for the main loan: that of the study and those of the data that its product admits and its grace leaves."""
    if not conditions.principal:
        return (0.0,)
    pret: Pret = next(p for p in conditions.etude.prets if p.id == conditions.principal)
    essayees = set(lire_limites_du_plan().durees_mois.valeurs)
    siennes = next((p.duree_mois for p in etude.prets if p.id == conditions.principal), None)
    if siennes is not None and siennes.valeur is not None:
        essayees.add(int(siennes.valeur))
    differe = 0 if pret.differe_mois is None or pret.differe_mois.valeur is None else pret.differe_mois.valeur
    admises = [d for d in sorted(essayees) if d > differe]
    if conditions.famille is not None:
        refuse = {d: any(e.statut in _ECARTES for e in conditions.famille.ecarts({"duree": float(d)})) for d in admises}
        admises = [d for d in admises if not refuse[d]]
    return tuple(float(d) for d in admises)
