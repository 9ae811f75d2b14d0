"""Notebook view of a bank's offer that enters a study: what it changes in the plan, the cash and the cover, and what the plan bears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.decision.limites_du_pret import Seuils
from pope_foncier.decision.offre_dans_l_etude import Changement, changement_du_creux, changements_du_plan
from pope_foncier.decision.structures_de_pret import Structures
from pope_foncier.decision.taille_du_pret import Taille
from pope_foncier.etude.caisses import CaisseDePartie, caisses
from pope_foncier.etude.ratios_annuels import RatioAnnuel, calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.grandeur import Tableau, par_annee
from pope_foncier.vues.decision import graphiques, tableaux_structures, tableaux_taille
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.cellules import html_de, montrer
from pope_foncier.vues.formes.image import LOOKS, MARGE, Axe, Courbe, Image, Marque, Mots, Repere
from pope_foncier.vues.formes.proteger import proteger
from pope_foncier.vues.formes.table import Table

if TYPE_CHECKING:
    from IPython.display import HTML
    from IPython.display import Image as ImageDeCarnet

_SANS, _AVEC = "Sans l'offre", "Avec l'offre"


@dataclass(frozen=True)
class CarnetOffre:
    """Study before and after a bank's offer, and the size of that loan.

    Attributes:
        avant, apres: scenario without the offer, and with it.
        libelle: name of the loan.
        taille: largest loan at the terms of the offer; None when it cannot be told (nor ``structures``), ``refus`` then says why.
        structures: the offer repaid otherwise, and over the term that the tenure allows, each on its own closed plan.
    """

    avant: Vue
    apres: Vue
    libelle: str
    taille: Taille | None = None
    structures: Structures | None = None
    refus: str = ""

    def changements(self) -> HTML:
        """What the offer changes: plan, money left to find, cash, cover."""
        return html_de(changements(self.avant, self.apres, self.libelle))

    def couvertures(self) -> HTML:
        """Cover of the debt by year, without the offer and with it."""
        return html_de(couvertures(self.avant, self.apres))

    def tresorerie(self) -> ImageDeCarnet | HTML:
        """Cash of the party that borrows, without the offer and with it."""
        return montrer(tresorerie(self.avant, self.apres))

    def dimensionnement(self) -> HTML:
        """Largest loan that the plan bears at the terms of the offer, what binds and what follows."""
        from IPython.display import HTML

        if self.taille is None:
            return HTML(f"<p>{proteger(self.refus)}</p>")
        dit = f"<p><b>{proteger(tableaux_taille.phrase(self.taille))}</b></p>"
        return HTML(dit + str(html_de(tableaux_taille.limites(self.taille)).data))

    def image_structures(self) -> ImageDeCarnet | HTML:
        """The offer repaid otherwise: one row a profile, one panel a measure."""
        if self.structures is None:
            return self.dimensionnement()
        seuil = Seuils({}).valeur("couverture")
        return montrer(graphiques.structures(self.structures, seuil, lectures.source(self.apres)))

    def table_structures(self) -> HTML:
        """The offer repaid otherwise, in numbers."""
        return (
            self.dimensionnement() if self.structures is None else html_de(tableaux_structures.table(self.structures))
        )


def changements(avant: Vue, apres: Vue, libelle: str) -> Table:
    """Plan, money left to find, cash and cover of both closed plans, and their difference."""
    lignes: list[Rang] = [_ecart(nom, c) for nom, c in changements_du_plan(avant, apres).items()]
    for rang, (vieille, neuve) in enumerate(zip(caisses(avant), caisses(apres), strict=True)):
        creux = changement_du_creux(avant, apres, rang)
        lignes.append(_ecart(f"Point bas de trésorerie, {neuve.acteur}", creux))
        lignes.append((f"… en, {neuve.acteur}", _mois(avant, vieille), _mois(apres, neuve), "—"))
    pires = [_pire(v) for v in (avant, apres)]
    lignes.append(("Couverture de la dette, pire année", *(_couverture(p[0]) for p in pires), "—"))
    lignes.append(("… en", *(_annee(p[1]) for p in pires), "—"))
    titre = lectures.nommer(f"Ce que change l'offre : {libelle}", lectures.BOUCLE)
    return Table(titre, ("", _SANS, _AVEC, "Écart"), tuple(lignes))


def couvertures(avant: Vue, apres: Vue) -> Table:
    """Cash for the debt, service and cover by year that serves some debt, without the offer and with it."""
    lus = [_couvertures(v) for v in (avant, apres)]
    services = [_service(v) for v in (avant, apres)]
    lignes: list[Rang] = []
    for rang, annee in enumerate(lus[1].annees):
        valeurs = [r.valeurs(v.rang)[rang] for r, v in zip(lus, (avant, apres), strict=True)]
        if np.isnan(valeurs).all() and not any(r.concerne.reshape(-1, len(r.annees))[:, rang].any() for r in lus):
            continue
        service = [float(s[rang]) for s in services]
        lignes.append(
            (
                cases.annee(annee),
                cases.montant(service[0]),
                _couverture(valeurs[0]),
                cases.montant(service[1]),
                _couverture(valeurs[1]),
            )
        )
    entetes = ("Année", f"Échéances, {_SANS.lower()}", "Couverture", f"Échéances, {_AVEC.lower()}", "Couverture ")
    controle = lus[1].controle
    note = f"Seuil : {cases.nombre(controle.seuil, 2)} ({controle.origine})."
    return Table(
        lectures.nommer("Couverture de la dette, année par année", lectures.BOUCLE), entetes, tuple(lignes), note=note
    )


def tresorerie(avant: Vue, apres: Vue) -> Image:
    """Cumulated cash of who orders the works, on both closed plans."""
    lues = [caisses(v)[0] for v in (avant, apres)]
    titre = f"Trésorerie cumulée de « {lues[1].acteur} », plan bouclé"
    source = lectures.source(apres)
    if not all(c.est_connue for c in lues):
        manques = apres.bouclee.ev.livre[f"solde.{lues[1].acteur}"].manques
        return Image(titre, titre, source).sans("La trésorerie", manques)
    echelle = apres.ev.ctx.echelle
    fin_titre = apres.valeur(apres.ev.calendrier.fin_titre)
    fin = echelle.duree_mois if np.isnan(fin_titre) else int(min(fin_titre + 6, echelle.duree_mois))
    x, marques = echelle.en_annees(np.arange(fin)), list[Marque]([Repere("y", 0.0)])
    for lue, nom, look in zip(lues, (_SANS, _AVEC), LOOKS, strict=False):
        marques.append(Courbe(x, lue.cumul[:fin] / 1000, Mots(nom, colonne=MARGE), *look))
    texte = f"{titre} ; " + " ; ".join(
        f"{nom.lower()}, point bas {cases.montant(c.point_bas)}" for nom, c in zip((_SANS, _AVEC), lues, strict=True)
    )
    y = Axe.autour([c.cumul[:fin] / 1000 for c in lues], "milliers d'euros")
    return Image(titre, texte, source, Axe.des_annees(x), y, marques, 0.42)


def _ecart(nom: str, change: Changement) -> Rang:
    return (nom, cases.montant(change.avant), cases.montant(change.apres), cases.montant(change.ecart).signee())


def _mois(vue: Vue, caisse: CaisseDePartie) -> Cellule:
    return cases.mois(vue.ev.ctx.echelle, caisse.mois_du_creux) if caisse.est_connue else "inconnu"


def _couvertures(vue: Vue) -> RatioAnnuel:
    return calculer(vue.bouclee.ev)["couverture"]


def _service(vue: Vue) -> Tableau:
    """Debt service by calendar year."""
    ev = vue.bouclee.ev
    return np.asarray(vue._ligne(par_annee(calculer(ev).flux.service, ev.ctx.echelle)), dtype=np.float64)


def _pire(vue: Vue) -> tuple[float, float]:
    ratio = _couvertures(vue)
    return vue.au_rang(ratio.pire()), vue.au_rang(ratio.annee_du_pire())


def _couverture(valeur: float) -> Case:
    return cases.nombre(float(valeur), 2).sinon("sans dette")


def _annee(valeur: float) -> Cellule:
    return "—" if np.isnan(valeur) else cases.annee(int(valeur))
