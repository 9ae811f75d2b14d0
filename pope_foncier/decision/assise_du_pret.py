"""What a loan is sized on: the request, and the closed plan read for it (cash, other loans, term, tenure, need)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from pope_foncier.decision.limites_du_pret import Seuils, lire_limites
from pope_foncier.etude.flux_emprunteur import FluxEmprunteur, lire_flux
from pope_foncier.etude.pret_lu import emprunt_de
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.service_dette import dettes_de
from pope_foncier.prets import Emprunt, echeancier, placer_sur_mois
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.dimensionnement import mois_hors_duree
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, Tableau, par_annee, somme
from pope_foncier.socle.refus import refuser


@dataclass(frozen=True)
class PretADimensionner:
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
class Assise:
    """What a loan is sized on: the closed plan, the cash of the borrower and its other loans."""

    vue: Vue
    demande: PretADimensionner
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


def asseoir(vue: Vue, demande: PretADimensionner) -> Assise:
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
