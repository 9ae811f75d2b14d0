"""Size of a loan on the closed plan of a study: what each test allows, the one that binds, by how much the next follows.

The cash is that of the closed plan, year by year from the opening; what the borrower owes on its other loans is served first. The plan
is not closed again at each amount (``decision.recherche`` does it); it is at the size found, for a loan of the study: a contribution
that follows the loan may then cover less, and the size says so.
A test whose base is unknown gives no amount, and says so; unknown cash refuses the whole size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pope_foncier.decision.limites_du_pret import Code, Essai, Seuils, lire_limites
from pope_foncier.etude.annees import CROISIERE, a_l_annee, annee_de_croisiere
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.chaine import Moteur
from pope_foncier.etude.flux_emprunteur import FluxEmprunteur, lire_flux
from pope_foncier.etude.pret_lu import emprunt_de
from pope_foncier.etude.ratios_annuels import calculer
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.etude.service_dette import dettes_de
from pope_foncier.prets import Emprunt, echeancier, placer_sur_mois
from pope_foncier.prets.dimensionnement import DetteSculptee, mois_hors_duree, sculpter, soutenable
from pope_foncier.prets.prets_de_l_etude import Dette
from pope_foncier.prets.produits import produit
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, maximum, par_annee, somme
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.refus import refuser
from pope_foncier.socle.temps import mois_en_clair

_RIEN = 0.005
"""Amount under which nothing is served [€]."""


@dataclass(frozen=True)
class Demande:
    """Loan asked for.

    Attributes:
        emprunt: terms proposed, whose capital does not matter; None to keep those of the loan of the study.
        pret: loan of the study that is sized, or whose place the terms take.
        emprunteur: party that borrows; that of the loan of the study, else the one that orders the works.
        seuils: thresholds by test, in place of those of the data.
        valeur: value of the pledge [€]; by default the price paid for the walls, when the borrower buys them.
        depuis: first calendar year that counts; by default that of the opening, ramp-up included.
        plafond: ceiling of a product [€], and its sentence.
    """

    emprunt: Emprunt | None = None
    pret: str | None = None
    emprunteur: str | None = None
    seuils: dict[str, float] = field(default_factory=dict)
    valeur: float | None = None
    depuis: int | None = None
    plafond: tuple[float, str] | None = None


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
        return float("inf") if self.suivant is None else self.suivant.montant - self.montant

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


def dimensionner(vue: Vue, demande: Demande) -> Taille:
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


def sculpter_sur(vue: Vue, demande: Demande) -> DetteSculptee:
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


@dataclass(frozen=True)
class Assise:
    """What a loan is sized on: the closed plan, the cash of the borrower and its other loans."""

    vue: Vue
    demande: Demande
    pret: Dette | None
    qui: str
    flux: FluxEmprunteur
    autres: Grandeur
    capitaux: Grandeur
    seuils: Seuils

    @property
    def libelle(self) -> str:
        """Name of the loan."""
        if self.demande.emprunt is not None:
            return self.demande.emprunt.libelle
        assert self.pret is not None
        return self.pret.libelle

    @property
    def horizon(self) -> int:
        """Months of the study."""
        return self.vue.ev.ctx.echelle.duree_mois

    def au_rang(self, g: Grandeur) -> float:
        """Value of the scenario."""
        return g.au_point(self.vue.rang)

    def mensuel(self, g: Grandeur) -> Tableau:
        """Months of the scenario, shape (M,)."""
        return np.broadcast_to(self.vue._ligne(g), (self.horizon,))

    def annuel(self, g: Grandeur) -> Tableau:
        """Sums by calendar year of the scenario, shape (years,)."""
        return np.asarray(self.vue._ligne(par_annee(g, self.vue.ev.ctx.echelle)), dtype=np.float64)

    @cached_property
    def apres(self) -> Grandeur:
        """One from the opening on."""
        return 1.0 - self.vue.ev.calendrier.avant_ouverture

    @cached_property
    def debut(self) -> float:
        """Month of the drawdown: that of the loan of the study, or the start of the works for terms proposed.

        Raises:
            ErreurCalcul: unknown.
        """
        sien = self.pret.debut if self.pret is not None and self.demande.emprunt is None else None
        mois = self.au_rang(self.vue.ev.calendrier.debut_travaux if sien is None else sien)
        if np.isnan(mois):
            raise ErreurCalcul("Le départ des travaux est inconnu : le prêt n'a pas de date. Compléter le calendrier.")
        return mois

    @cached_property
    def _termes(self) -> Emprunt:
        """Terms proposed, or those of the loan of the study."""
        if self.demande.emprunt is not None:
            return self.demande.emprunt
        assert self.demande.pret is not None
        return emprunt_de(self.vue.ev, self.demande.pret, self.vue.rang)

    def exiger_des_termes(self) -> Emprunt:
        """Terms for one euro.

        Raises:
            ErreurCalcul: terms written in euros, which one euro does not scale.
        """
        e = self._termes
        montants = [
            *(d.montant for d in e.deblocages),
            *(a.montant for a in e.anticipes),
            *(p.montant for p in e.paliers_echeance),
        ]
        if any(m is not None for m in montants) or e.duree_mois is None or e.forme.duree == "de_la_liste":
            raise ErreurCalcul(
                "Un prêt dont les échéances, les déblocages ou le remboursement sont écrits en euros, ou sans durée, ne se "
                "dimensionne pas : choisir un autre profil, ou des parts."
            )
        return e.avec(capital=1.0, frais=(), assurance=None, garantie=None, participation=None, arrondi="aucun")

    @cached_property
    def duree(self) -> int:
        """Term proposed [months]."""
        if self.demande.emprunt is not None:
            return int(np.max(np.asarray(self.exiger_des_termes().duree_mois)))
        assert self.pret is not None
        return int(self.au_rang(self.pret.fin) - self.debut)

    @cached_property
    def avant(self) -> int:
        """Months on top of the term: drawdown phase, grace that does not count in it, holidays, stored interest."""
        return 0 if self.demande.emprunt is None else mois_hors_duree(self.demande.emprunt)

    @cached_property
    def tenable(self) -> float:
        """Longest term that ends before the tenure, its margin kept; infinite for an owner, NaN when the end is unknown."""
        if self.vue.ev.ctx.etude.titre_occupation.genre == "propriete":
            return float("inf")
        return self.au_rang(self.vue.ev.calendrier.fin_titre) - self.seuils.valeur("titre") - self.debut - self.avant

    @property
    def trop_long(self) -> bool:
        """Whether the term proposed runs past the tenure."""
        return self.duree > self.tenable

    @cached_property
    def duree_tenue(self) -> int:
        """Term kept: that proposed, or the longest that the tenure allows."""
        if not self.trop_long:
            return self.duree
        pas = self._termes.pas_mois
        return max(int(self.tenable // pas * pas), 0)

    def un_euro(self, duree: int | None = None) -> Grandeur:
        """Service of one euro lent over a term (that kept by default), by month once open, shape (…, M).

        Raises:
            ErreurCalcul: the study stops before the loan; or the grace lasts as long as the loan.
        """
        duree = self.duree_tenue if duree is None else duree
        fin = self.debut + self.avant + duree
        if fin > self.horizon:
            raise ErreurCalcul(
                f"Le prêt finit au mois {fin:.0f}, l'étude au mois {self.horizon} : le disponible n'est pas connu jusque-là. "
                "Écourter le prêt, ou allonger « duree_mois » dans l'étude."
            )
        nom = "Annuité d'un euro prêté"
        if self.demande.emprunt is None and duree == self.duree:
            assert self.pret is not None
            if not self.au_rang(self.pret.capital) > 0:
                raise ErreurCalcul(f"« {self.pret.libelle} » ne prête rien dans ce scénario : donner ses conditions.")
            du = somme(self.pret.echeances, "Échéances")
            return (du / self.pret.capital * self.apres).nommer(nom, "€/€")
        if duree == 0:
            return (self.apres * 0.0).nommer(nom, "€/€")
        e = self.exiger_des_termes()
        reste = duree if self.demande.emprunt is not None else duree - mois_hors_duree(e)
        if reste <= (0.0 if e.differe_en_plus else float(np.max(np.asarray(e.differe_mois)))):
            raise ErreurCalcul("Le titre d'occupation finit avant le remboursement : écourter le différé.")
        tableau = echeancier(e.avec(duree_mois=reste))
        mois = placer_sur_mois(tableau, self.horizon, int(self.debut), ("echeance",))["echeance"]
        return (Grandeur(mois, "Échéances d'un euro prêté", "€/€", axe="mois") * self.apres).nommer(nom, "€/€")

    def besoin(self, ouverte: Vue) -> float:
        """What the plan as it stands lacks without this loan [€]; NaN when unknown."""
        return self.au_rang(self._besoin(ouverte))

    def _besoin(self, ouverte: Vue) -> Grandeur:
        plan, acteurs = ouverte.ev.plan, ouverte.ev.ctx.etude.acteurs
        if self.qui != acteurs.nom_maitre_ouvrage:
            reste = plan.manque_du_gestionnaire
        elif acteurs.maitre_ouvrage == "gestionnaire":
            reste = plan.reste_a_financer
        else:
            reste = plan.reste_a_financer - plan.manque_du_gestionnaire
        if self.pret is None:
            return reste
        return reste + {d.id: d for d in ouverte.ev.dettes}[self.pret.id].capital


def asseoir(vue: Vue, demande: Demande) -> Assise:
    """Closed plan read for a loan.

    Raises:
        Inconnu: a loan or a test that does not exist.
        ErreurCalcul: no place, nothing asked, cash or other loans that are unknown.
    """
    if vue.aucune_place:
        raise ErreurCalcul(f"Aucun prêt à dimensionner : aucune place ({vue.aucune_place}).")
    bouclee, ev = vue.bouclee, vue.bouclee.ev
    for code in demande.seuils:
        if code not in lire_limites():
            raise refuser("Limite inconnue", code, lire_limites())
    dettes = {d.id: d for d in ev.dettes}
    if demande.pret is not None and demande.pret not in dettes:
        raise refuser("Prêt inconnu", demande.pret, dettes)
    pret = None if demande.pret is None else dettes[demande.pret]
    if pret is None and demande.emprunt is None:
        raise ErreurCalcul("Dire quel prêt dimensionner : un prêt de l'étude, ou des conditions.")
    qui = demande.emprunteur or (pret.emprunteur if pret else ev.ctx.etude.acteurs.nom_maitre_ouvrage)
    flux = lire_flux(ev, qui)
    autres = [d for d in dettes_de(ev, qui) if pret is None or d.id != pret.id]
    echeances = somme([g for d in autres for g in d.echeances], "Échéances des autres prêts")
    assise = Assise(
        bouclee,
        demande,
        pret,
        qui,
        flux,
        (echeances * (1.0 - ev.calendrier.avant_ouverture)).nommer("Annuité des autres prêts"),
        somme([d.capital for d in autres], "Capital des autres prêts"),
        Seuils(demande.seuils),
    )
    for lu in (flux.disponible, assise.autres):
        exiger_connu(lu, assise.mensuel(lu))
    return assise


def exiger_connu(lu: Grandeur, valeurs: Tableau) -> None:
    """Refuse to size on cash that is unknown.

    Raises:
        ErreurCalcul: some value is; says what is missing.
    """
    if np.isnan(valeurs).any():
        manques = ", ".join(sorted(lu.manques)) or "une donnée de l'étude"
        raise ErreurCalcul(f"{lu.nom} : inconnu, il manque {manques}. Un prêt ne se dimensionne pas sur une inconnue.")


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
