"""Notebooks by subject: what each shows is opened here, for the notebooks and for the commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.baremes.veille import a_veiller
from pope_foncier.decision.assise_du_pret import PretADimensionner
from pope_foncier.decision.delais import appliquer_variante
from pope_foncier.decision.taille_du_pret import dimensionner
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat as TousLesScenarios
from pope_foncier.etude.veille import peser_la_veille
from pope_foncier.exploitation.emprunteur import lire_emprunteur
from pope_foncier.porte.attendu import verifie
from pope_foncier.porte.carnets_du_lieu import CarnetsDuLieu
from pope_foncier.porte.decider import Portefeuille
from pope_foncier.porte.decider import portefeuille as ouvrir_portefeuille
from pope_foncier.porte.etude import Etude
from pope_foncier.porte.etude import etudes as etudes_du_projet
from pope_foncier.porte.etude import ouvrir as ouvrir_etude
from pope_foncier.prets import SIMPLES
from pope_foncier.prets.fiche import ouvrir_prets
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.temps import en_date
from pope_foncier.socle.trouver import trouver
from pope_foncier.territoire.fiche import lire_territoire

if TYPE_CHECKING:
    from pope_foncier.porte.rendu import ClasseurRendu
    from pope_foncier.vues.baremes.carnet import CarnetBaremes, CarnetVeille
    from pope_foncier.vues.decision.carnet_offre import CarnetOffre
    from pope_foncier.vues.decision.comparer.carnet import CarnetComparer
    from pope_foncier.vues.decision.montages.carnet import CarnetMontages
    from pope_foncier.vues.decision.portefeuille.carnet import CarnetPortefeuille
    from pope_foncier.vues.decision.sensibilite.carnet import CarnetSensibilite
    from pope_foncier.vues.documents.carnet_depart import Depart
    from pope_foncier.vues.documents.carnet_etude import CarnetEtude
    from pope_foncier.vues.dossier.carnet_variantes import CarnetVariantes
    from pope_foncier.vues.etude.carnet import CarnetEmprunteur
    from pope_foncier.vues.exploitation.carnet import CarnetExploitation
    from pope_foncier.vues.prets.carnet import CarnetPret
    from pope_foncier.vues.territoire.carnet import CarnetBesoins
    from pope_foncier.vues.travaux.carnet import CarnetTravaux


class Carnets(CarnetsDuLieu):
    """Notebook of each subject: it opens what is named, then shows one thing a call (a table, a picture, a sentence).

    A study is named, given by its file, or is an open one with its changes (``pf.ouvrir("…").varier(…)``).

    >>> import pope_foncier as pf
    >>> carnet = pf.carnets.etude("gare_saint_denis")
    >>> "Besoins" in carnet.plan().data
    True
    >>> pf.carnets.pret("pret_bancaire").taux().data.count("<table>")
    1
    """

    @verifie
    def depart(self) -> Depart:
        """Every study of the project, side by side."""
        from pope_foncier.vues.documents.carnet_depart import Depart

        return Depart(tuple(_calculer(ouvrir_etude(nom)) for nom in etudes_du_projet()))

    @verifie
    def etude(self, etude: str | Path | Etude) -> CarnetEtude:
        """Study from the need to the conclusion, with all its scenarios."""
        from pope_foncier.vues.documents.carnet_etude import CarnetEtude

        return CarnetEtude(_calculer(_ouverte(etude)), moteur_du_projet())

    @verifie
    def pret(self, fichier: str | Path) -> CarnetPret:
        """Loan of a file, or of its tranches: schedule, effective rates, profiles side by side, published tables."""
        from pope_foncier.vues.prets.carnet import CarnetPret

        return CarnetPret(*ouvrir_prets(trouver(fichier, "exemples")))

    @verifie
    def offre(self, pret: str | Path, etude: str | Path | Etude, a_la_place_de: str | None = None) -> CarnetOffre:
        """Bank's offer that enters a study: what it changes in the plan, the cash, the cover, and what the plan bears.

        Args:
            pret: file of the offer, by its path or the name of an example.
            a_la_place_de: loan of the study whose place it takes.
        """
        from pope_foncier.vues.decision.carnet_offre import CarnetOffre

        depart = _ouverte(etude)
        suivante = (depart.sans(a_la_place_de) if a_la_place_de else depart).avec_pret(pret)
        nouveau = suivante.fiche.prets[-1]
        avant, apres = (_calculer(e).vue(e.scenario) for e in (depart, suivante))
        try:
            taille = dimensionner(apres, PretADimensionner(pret=nouveau.id))
            durees = {d for d in (nouveau.duree_mois and nouveau.duree_mois.valeur, taille.duree_mois) if d}
            autrement = suivante.comparer_prets(nouveau.id, profils=SIMPLES, durees=sorted(durees)).structures
        except ErreurCalcul as erreur:
            return CarnetOffre(avant, apres, nouveau.libelle, refus=str(erreur))
        return CarnetOffre(avant, apres, nouveau.libelle, taille, autrement)

    @verifie
    def montages(self, *etudes: str | Path | Etude) -> CarnetMontages:
        """Who may hold the walls of one or several places; the first is shown in detail."""
        from pope_foncier.vues.decision.montages.carnet import CarnetMontages, Comparatif

        moteur = moteur_du_projet()
        return CarnetMontages(tuple(Comparatif.de(_ouverte(e).dossier_entier(), moteur) for e in etudes))

    @verifie
    def comparer(
        self,
        *etudes: str | Path | Etude,
        modes: Sequence[str] = (),
        montages: Sequence[str] = (),
        bouclages: Sequence[str] = (),
        criteres: str | Path | None = None,
    ) -> CarnetComparer:
        """Sites × modes × montages × ways of closing, as ``pf.comparer`` reads them."""
        from pope_foncier.porte.comparer import comparer
        from pope_foncier.vues.decision.comparer.carnet import CarnetComparer

        lue = comparer(*etudes, modes=modes, montages=montages, bouclages=bouclages, criteres=criteres)
        return CarnetComparer(lue._options)

    @verifie
    def variantes(
        self,
        etude: str | Path | Etude,
        *plans: str | Path,
        scenarios: Sequence[str] = (),
        etudes: Sequence[str | Path | Etude] = (),
    ) -> CarnetVariantes:
        """Variants of premises side by side: a study on plans of its site, its scenarios, other studies.

        Args:
            plans: plans of the site of the study; without any variant named, those known, or else its scenarios.
            scenarios: scenarios of the study.
            etudes: other studies, of other places too.
        """
        from pope_foncier.porte.variantes import variantes
        from pope_foncier.vues.dossier.carnet_variantes import CarnetVariantes

        fichiers = [trouver(p, "plans") for p in plans]
        return CarnetVariantes(variantes(_ouverte(etude), fichiers, scenarios, [_ouverte(e) for e in etudes]))

    @verifie
    def besoins(self, territoire: str) -> CarnetBesoins:
        """Needs of a territory."""
        from pope_foncier.vues.territoire.carnet import CarnetBesoins

        return CarnetBesoins(lire_territoire(territoire))

    @verifie
    def baremes(self) -> CarnetBaremes:
        """Law and schemes: scales with their last value, schemes known."""
        from pope_foncier.vues.baremes.carnet import CarnetBaremes

        return CarnetBaremes(Catalogue())

    @verifie
    def veille(self, date: str | Date, *etudes: str | Path | Etude) -> CarnetVeille:
        """Values of the law to look at again on a day: why, whom to ask, and what a step of each weighs on some studies.

        Args:
            date: day of the watch, ``2026-12-01`` or a date.
            etudes: studies that weigh them; by default every study of the project.

        >>> import pope_foncier as pf
        >>> veille = pf.carnets.veille("2026-12-01", "gare_saint_denis")
        >>> any("début inconnu" in ligne[2] for ligne in veille.lues().lignes)
        True
        """
        from pope_foncier.vues.baremes.carnet import CarnetVeille

        jour, catalogue = en_date(date), moteur_du_projet().catalogue
        choses = a_veiller(catalogue, jour)
        baremes = [catalogue.bareme(c.valeur.chemin) for c in choses]
        vues = [_calculer(_ouverte(e)).vue() for e in etudes or etudes_du_projet()]
        return CarnetVeille(jour, peser_la_veille(choses, baremes, vues))

    @verifie
    def travaux(self, etude: str | Path | Etude, variante: str | Path | None = None) -> CarnetTravaux:
        """Works by lots and calendar of a study, with a file of overrides if any."""
        from pope_foncier.vues.travaux.carnet import CarnetTravaux

        dossier = _ouverte(etude).dossier_entier()
        if variante is not None:
            dossier = appliquer_variante(dossier, trouver(variante, "exemples"))
        return CarnetTravaux(dossier, moteur_du_projet())

    @verifie
    def exploitation(self, etude: str | Path | Etude, territoire: str) -> CarnetExploitation:
        """Running of the modes that a study compares, and needs of a territory."""
        from pope_foncier.vues.exploitation.carnet import CarnetExploitation

        return CarnetExploitation(_calculer(_ouverte(etude)), moteur_du_projet(), lire_territoire(territoire))

    @verifie
    def emprunteur(self, etude: str | Path | Etude, emprunteur: str | Path) -> CarnetEmprunteur:
        """Accounts of a borrower with a study that it carries, its plan closed."""
        from pope_foncier.vues.etude.carnet import CarnetEmprunteur

        comptes = lire_emprunteur(trouver(emprunteur, "emprunteurs"))
        return CarnetEmprunteur(prevoir(_calculer(_ouverte(etude)).vue().bouclee.ev, comptes))

    @verifie
    def portefeuille(self, portefeuille: str | Path | Portefeuille) -> CarnetPortefeuille:
        """Several places held by one company."""
        from pope_foncier.vues.decision.portefeuille.carnet import CarnetPortefeuille

        lu = portefeuille if isinstance(portefeuille, Portefeuille) else ouvrir_portefeuille(portefeuille)
        return CarnetPortefeuille(lu.nom, lu._ensemble, moteur_du_projet())

    @verifie
    def sensibilite(self, etude: str | Path | Etude) -> CarnetSensibilite:
        """What moves the figures of a study, and what its decisions hang on."""
        from pope_foncier.vues.decision.sensibilite.carnet import CarnetSensibilite

        ouverte = _ouverte(etude)
        return CarnetSensibilite(ouverte.nom, TousLesScenarios.calculer(ouverte.dossier(), moteur_du_projet()).vue())

    @verifie
    def classeur_rendu(
        self, classeur: str | Path, etude: str | Path | None = None, nom: str = "classeur_rendu"
    ) -> ClasseurRendu:
        """Workbook that a partner filled: the scenario that it makes of its study, and what it changes.

        Args:
            etude: study, when the workbook was written of a file of yours; by default the one that it names.
            nom: name of the scenario.

        Raises:
            ErreurDonnees: not a workbook of ours, or all the cells that cannot be read, each with what is expected.
        """
        from pope_foncier.porte.rendu import relire

        return relire(Path(classeur), etude, nom)

    def __repr__(self) -> str:
        return f"Carnets : {', '.join(n for n in dir(self) if not n.startswith('_'))}"


carnets = Carnets()


def _ouverte(etude: str | Path | Etude) -> Etude:
    return etude if isinstance(etude, Etude) else ouvrir_etude(etude)


def _calculer(etude: Etude) -> TousLesScenarios:
    return TousLesScenarios.calculer(etude.dossier_entier(), moteur_du_projet())
