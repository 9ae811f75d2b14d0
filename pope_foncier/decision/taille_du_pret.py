"""Size of a loan on the closed plan of a study: what each test allows, the one that binds, by how much the next follows.

The cash is that of the closed plan, year by year from the opening; what the borrower owes on its other loans is served first. The plan
is not closed again at each amount (``decision.recherche`` does it); it is at the size found, for a loan of the study: a contribution
that follows the loan may then cover less, and the size says so.
A test whose base is unknown gives no amount, and says so; unknown cash refuses the whole size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pope_foncier.decision.assise_du_pret import Assise, PretADimensionner, asseoir
from pope_foncier.decision.limites_du_pret import Code, Essai, lire_limites
from pope_foncier.etude.annees import CROISIERE, a_l_annee, annee_de_croisiere
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.prets.dimensionnement import DetteSculptee, sculpter, soutenable
from pope_foncier.prets.produits import produit
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, par_annee
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import mois_en_clair

_RIEN = 0.005
"""Amount under which nothing is served [€]."""


@dataclass(frozen=True)
class Taille:
    """Size of a loan.

    Attributes:
        essais: every test: those that give an amount first, from the smallest.
        duree_mois: term kept, cut by the end of the tenure when needed.
        annees: calendar years that serve some debt of the borrower.
        disponible, autres, un_euro: cash, service of the other loans, service of one euro of this one, by year [€].
        besoin: what the plan as it stands lacks without this loan [€].
        bouclee: lowest cover of the plan closed again with the loan at its size, and its year; NaN when it was not.
    """

    vue: Vue
    emprunteur: str
    libelle: str
    essais: tuple[Essai, ...]
    duree_mois: int
    annees: tuple[int, ...]
    disponible: Tableau
    autres: Tableau
    un_euro: Tableau
    besoin: float
    bouclee: tuple[float, float] = (float("nan"), float("nan"))

    @property
    def tient_une_fois_boucle(self) -> bool:
        """Whether the plan closed again with the loan still covers as wanted; true when it was not closed again."""
        cible = next(e.seuil for e in self.essais if e.code == "couverture")
        return not self.bouclee[0] < cible - 0.005

    @cached_property
    def limites(self) -> tuple[Essai, ...]:
        """Tests that give an amount, from the smallest."""
        return tuple(e for e in self.essais if e.limite)

    @property
    def lie(self) -> Essai:
        """Test that binds."""
        return self.limites[0]

    @property
    def suivant(self) -> Essai | None:
        """Test that would bind next."""
        return self.limites[1] if len(self.limites) > 1 else None

    @property
    def montant(self) -> float:
        """Largest loan that every test allows [€]."""
        return self.lie.montant

    @property
    def ecart(self) -> float:
        """By how much the next test follows [€]; infinite when there is none."""
        return float("inf") if self.suivant is None else self.au_dela(self.suivant)

    @property
    def reste_a_trouver(self) -> float:
        """What the plan still lacks with the largest loan [€]; below zero, what it would have too much."""
        return self.besoin - self.montant

    def au_dela(self, essai: Essai) -> float:
        """How much above the binding test another one allows [€]."""
        return essai.montant - self.montant

    @property
    def service(self) -> Tableau:
        """Service of the loan at its size, by year [€]."""
        return self.montant * self.un_euro

    @property
    def couverture(self) -> Tableau:
        """Cover of all the debt of the borrower at that size, by year; NaN without any."""
        du = self.autres + self.service
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(du > _RIEN, np.maximum(self.disponible, 0.0) / du, np.nan)


def dimensionner(vue: Vue, demande: PretADimensionner) -> Taille:
    """Size a loan on the closed plan of a scenario.

    Raises:
        Inconnu: a loan or a test that does not exist.
        ErreurCalcul: no place, cash that is unknown, a loan that outlives the study, or terms that a euro does not scale.
    """
    assise = asseoir(vue, demande)
    essais = [*_couverture_et_titre(assise), *_autres_essais(assise, vue)]
    donnent = sorted((e for e in essais if e.limite), key=lambda e: e.montant)
    muets = (e for e in essais if not e.limite)
    d, a, u = (assise.annuel(g) for g in (assise.flux.disponible, assise.autres, assise.un_euro()))
    sert = (a > _RIEN) | (u > 0)
    annees = tuple(an for an, oui in zip(vue.annees, sert, strict=True) if oui)
    montant = donnent[0].montant
    return Taille(
        vue.bouclee,
        assise.qui,
        assise.libelle,
        (*donnent, *muets),
        assise.duree_tenue,
        annees,
        d[sert],
        a[sert],
        u[sert],
        assise.besoin(vue),
        _boucler_avec(assise, montant) if montant >= 1.0 else (float("nan"), float("nan")),
    )


def sculpter_sur(vue: Vue, demande: PretADimensionner) -> DetteSculptee:
    """Debt sculpted on the cash of the closed plan: each year from the opening serves cash / DSCR less what the other loans ask.

    Its amount is what these services are worth at the opening, at the rate of the terms, over their term.

    Raises:
        ErreurCalcul: as ``dimensionner``; or a year that leaves nothing for this loan.
    """
    assise = asseoir(vue, demande)
    emprunt = assise.exiger_des_termes()
    debut, nombre = int(assise.au_rang(vue.bouclee.ev.calendrier.ouverture)), assise.duree_tenue // 12
    if debut + 12 * nombre > assise.horizon:
        raise ErreurCalcul("Dette sculptée : l'étude s'arrête avant la fin du prêt ; l'écourter.")

    def par_an(g: Grandeur) -> Tableau:
        return np.asarray(assise.mensuel(g)[debut : debut + 12 * nombre].reshape(nombre, 12).sum(axis=1))

    cible = assise.seuils.valeur("couverture")
    taux = float(np.ravel(np.asarray(emprunt.taux))[0])
    return sculpter(par_an(assise.flux.disponible) - cible * par_an(assise.autres), cible, taux)


def _couverture_et_titre(assise: Assise) -> list[Essai]:
    """Cover at the term proposed; at the longest one that the tenure allows, when it is shorter: nothing pays a loan after it."""
    seuils = assise.seuils
    if not assise.trop_long:
        marge = assise.tenable - assise.duree
        dit = "fin du titre inconnue"
        if not np.isnan(marge):
            dit = (
                "propriété : pas de fin"
                if np.isinf(marge)
                else f"le titre laisse {marge:.0f} mois de plus, marge gardée"
            )
        return [_par_annee(assise, "couverture", assise.duree), seuils.essai("titre", float("nan"), dit)]
    fin = mois_en_clair(assise.vue.ev.ctx.echelle.date_du_mois(int(assise.au_rang(assise.vue.ev.calendrier.fin_titre))))
    garde = formater_nombre(seuils.valeur("titre"))
    cause = (
        f"durée ramenée de {assise.duree} à {assise.duree_tenue} mois : le titre finit en {fin}, {garde} mois de marge"
    )
    court = _par_annee(assise, "titre", assise.duree_tenue)
    tenu = seuils.essai("titre", court.montant, f"{cause} ; {court.phrase}", court.annee)
    return [seuils.essai("couverture", float("nan"), "lue à la durée que le titre permet, ligne « titre »"), tenu]


def _par_annee(assise: Assise, code: Code, duree: int) -> Essai:
    """Largest loan whose service, with that of the others, every year covers over a term."""
    cible = assise.seuils.valeur("couverture")
    if not cible > 0:
        raise ErreurCalcul("Couverture demandée : un nombre positif est attendu.")
    d, a, u = (assise.annuel(g) for g in (assise.flux.disponible, assise.autres, assise.un_euro(duree)))
    compte = np.asarray(assise.vue.annees) >= (assise.demande.depuis or 0)
    if not compte.any():
        raise ErreurCalcul(f"Aucune année de l'étude à partir de {assise.demande.depuis}.")
    porte = np.where(compte, soutenable(d, u, cible, a), np.inf)
    rang = int(np.argmin(porte))
    if not np.isfinite(porte[rang]):
        if duree == 0:
            return assise.seuils.essai(code, 0.0, "aucune durée ne tient dans le titre")
        return assise.seuils.essai(code, float("nan"), "aucune échéance après l'ouverture : rien à couvrir")
    annee = assise.vue.annees[rang]
    phrase = (
        f"en {annee}, {euros(d[rang])} disponibles ÷ {formater_nombre(cible, 2, 0)} − {euros(a[rang])} aux autres prêts = "
        f"{euros(d[rang] / cible - a[rang])} d'annuité ; un euro prêté en demande {formater_nombre(u[rang], 4)} €"
    )
    return assise.seuils.essai(code, float(porte[rang]), phrase, annee)


def _autres_essais(assise: Assise, ouverte: Vue) -> list[Essai]:
    """Tests that are read once: pledge, cost, debt yield, need, product."""
    seuils, ev = assise.seuils, assise.vue.ev
    capitaux = assise.capitaux

    def lu(code: Code, montant: Grandeur) -> Essai:
        nomme = montant.nommer(lire_limites()[code].libelle)
        manques = f" ; il manque {', '.join(sorted(nomme.manques))}" if nomme.manques else ""
        return seuils.essai(code, assise.au_rang(nomme), f"= {nomme.formule(assise.vue.rang)}{manques}")

    essais = []
    gage = _gage(assise)
    if gage is None:
        essais.append(seuils.essai("ltv", float("nan"), "ni achat des murs, ni valeur de gage donnée"))
    else:
        essais.append(lu("ltv", gage * seuils.grandeur("ltv") - capitaux))
    essais.append(
        lu("ltc", maximum(ev.plan.besoins, 0.0).nommer("Besoins du plan") * seuils.grandeur("ltc") - capitaux)
    )
    disponible = par_annee(assise.flux.disponible, ev.ctx.echelle).nommer("Disponible de l'année")
    croisiere = a_l_annee(disponible, annee_de_croisiere(ev), CROISIERE).nommer("Disponible en croisière")
    essais.append(lu("rendement_dette", croisiere / seuils.grandeur("rendement_dette") - capitaux))
    essais.append(lu("besoin", maximum(assise._besoin(ouverte), 0.0)))
    if assise.demande.plafond is not None:
        essais.append(seuils.essai("produit", *assise.demande.plafond))
    return essais


def _gage(assise: Assise) -> Grandeur | None:
    """Value of the pledge: that given, else the price of the walls that the borrower buys; None without any."""
    if assise.demande.valeur is not None:
        return Grandeur(assise.demande.valeur, "Valeur du gage", "€")
    ctx = assise.vue.ev.ctx
    achete = ctx.etude.acquisition is not None and assise.qui == ctx.etude.acteurs.nom_maitre_ouvrage
    return ctx.entree("acquisition.prix") if achete else None


def _boucler_avec(assise: Assise, montant: float) -> tuple[float, float]:
    """Lowest cover of the plan closed again with the loan of the study at an amount, and its year; NaN for other terms."""
    if assise.demande.emprunt is not None or assise.pret is None:
        return float("nan"), float("nan")
    ctx, pret = assise.vue.ev.ctx, f"prets[{assise.pret.id}]"
    champs = {f"{pret}.montant": montant}
    if assise.trop_long:
        champs[f"{pret}.duree_mois"] = float(assise.duree_tenue)
    etude = ctx.variantes[assise.vue.rang if len(ctx.variantes) > 1 else 0]
    moteur, dossier = Moteur(ctx.catalogue, ctx.evolutions), Dossier(assise.vue.nom, etude, ctx.site, {BASE: etude})
    if not all(moteur.se_tire(champ, etude) for champ in champs):
        return float("nan"), float("nan")
    essai = moteur.tirer(dossier, {champ: np.array([v]) for champ, v in champs.items()})
    ratio = calculer(boucler(essai), assise.qui)["couverture"]
    compte = ratio.concerne & (np.asarray(ratio.annees) >= (assise.demande.depuis or 0))
    valeurs = np.ravel(np.where(compte, ratio.grandeur.valeur, np.inf))
    pire = int(np.argmin(valeurs))
    return (float(valeurs[pire]), float(ratio.annees[pire])) if np.isfinite(valeurs[pire]) else (float("nan"),) * 2


def plafond_du_produit(vue: Vue, cle: str) -> tuple[float, str]:
    """Largest amount of a product and its sentence; NaN when it has none, or when nobody published it.

    Raises:
        ErreurBareme: unknown product.
    """
    choisi = produit(cle, vue.ev.ctx.catalogue, vue.ev.ctx.etude.date_demande)
    borne = choisi.bornes.get("montant_max")
    if borne is None:
        return float("nan"), f"{choisi.titre} : pas de montant maximal dans sa fiche"
    if borne.valeur is None:
        return float("nan"), f"{borne.libelle} : inconnu, à demander : {borne.document}"
    return float(borne.valeur), f"= {euros(float(borne.valeur))} ({borne.libelle}, {borne.source.titre})"
