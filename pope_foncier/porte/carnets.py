"""Notebooks by subject: what each shows is opened here, for the notebooks and for the commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.decision.assise_du_pret import PretADimensionner
from pope_foncier.decision.delais import appliquer_variante
from pope_foncier.decision.taille_du_pret import dimensionner
from pope_foncier.etude.bilan import prevoir
from pope_foncier.etude.genres_de_lieu import batiment_neuf
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat as TousLesScenarios
from pope_foncier.exploitation.emprunteur import lire_emprunteur
from pope_foncier.lieu.depot import depot_du_site
from pope_foncier.lieu.locaux import lire_programme
from pope_foncier.lieu.plan_lecture import lire_fiche_de_plan
from pope_foncier.lieu.site import Site
from pope_foncier.porte.attendu import verifie
from pope_foncier.porte.decider import Portefeuille
from pope_foncier.porte.decider import portefeuille as ouvrir_portefeuille
from pope_foncier.porte.etude import Etude, etudes
from pope_foncier.porte.etude import ouvrir as ouvrir_etude
from pope_foncier.prets import SIMPLES
from pope_foncier.prets.fiche import ouvrir_prets
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.refus import NomsProches, paquet_absent
from pope_foncier.socle.temps import en_date
from pope_foncier.socle.trouver import trouver
from pope_foncier.territoire.fiche import lire_territoire

if TYPE_CHECKING:
    from pope_foncier.porte.rendu import ClasseurRendu
    from pope_foncier.vues.baremes.carnet import CarnetBaremes
    from pope_foncier.vues.decision.carnet_offre import CarnetOffre
    from pope_foncier.vues.decision.comparer.carnet import CarnetComparer
    from pope_foncier.vues.decision.montages.carnet import CarnetMontages
    from pope_foncier.vues.decision.portefeuille.carnet import CarnetPortefeuille
    from pope_foncier.vues.decision.sensibilite.carnet import CarnetSensibilite
    from pope_foncier.vues.documents.carnet_depart import Depart
    from pope_foncier.vues.documents.carnet_etude import CarnetEtude
    from pope_foncier.vues.dossier.carnet_carte import CarnetCarte
    from pope_foncier.vues.dossier.carnet_variantes import CarnetVariantes
    from pope_foncier.vues.etude.carnet import CarnetEmprunteur
    from pope_foncier.vues.exploitation.carnet import CarnetExploitation
    from pope_foncier.vues.lieu.carnet import CarnetPlans
    from pope_foncier.vues.lieu.carnet_import import CarnetImport
    from pope_foncier.vues.lieu.carnet_locaux import CarnetLocaux
    from pope_foncier.vues.lieu.editeur import Editeur
    from pope_foncier.vues.places.carnet import CarnetSite
    from pope_foncier.vues.places.esquisses import CarnetEsquisse
    from pope_foncier.vues.prets.carnet import CarnetPret
    from pope_foncier.vues.territoire.carnet import CarnetBesoins
    from pope_foncier.vues.travaux.carnet import CarnetTravaux


class Carnets(NomsProches):
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
    def nouveau_lieu(self, **reponses: str | float | Date) -> Etude:
        """Study of a new place, its sheets written in the data folder.

        Args:
            reponses: what is answered, by question (``pope-foncier nouveau-site --liste``), as a French hand types it; a question
                left out takes what it proposes, « ? » is an unknown.

        Raises:
            ErreurDonnees: every answer that cannot be read or is missing, or a place of that name already there.
        """
        from pope_foncier.etude.nouveau import creer, lire_reponses

        _, fichier = creer(lire_reponses({champ: f"{dite}" for champ, dite in reponses.items()}))
        return ouvrir_etude(fichier)

    @verifie
    def depart(self) -> Depart:
        """Every study of the project, side by side."""
        from pope_foncier.vues.documents.carnet_depart import Depart

        return Depart(tuple(_calculer(ouvrir_etude(nom)) for nom in etudes()))

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
    def site(
        self,
        site: str | Path,
        date: str | Date | None = None,
        mode: str = "multi_accueil",
        plan: str | Path | None = None,
        *,
        surface: str = "",
        tolerance: str = "",
        cour: str = "",
        neuf: bool | None = False,
        locaux: str | Path | None = None,
        surnombre: bool | None = None,
    ) -> CarnetSite:
        """Site at a filing date, under a mode d'accueil, with a drawn plan or without.

        Args:
            date: filing day; by default that of the only study of the site.
            surface, tolerance, cour: areas that the user supposes, as typed in French (« 200 m² », « 5 % »).
            neuf: whether the building is new; None: as the study of the date says, or the kind of place, if they do.
            locaux: programme of rooms (YAML) in the stead of those of the plan, for instance imported from a table.
            surnombre: whether more children than places are declared at one time (115 %); None when nobody says.
        """
        from pope_foncier.vues.lieu.lieu_ouvert import Lieu
        from pope_foncier.vues.places.carnet import CarnetSite

        fichier, trace = trouver(site, "sites"), None if plan is None else trouver(plan, "plans")
        pieces = None if locaux is None else Path(locaux)
        jour, etude = (en_date(date), None) if date is not None else depot_du_site(fichier)
        lieu = Lieu.ouvrir(fichier, mode, jour, trace, surface, tolerance, cour, neuf, pieces)
        if neuf is None:
            neuf = batiment_neuf(lieu.site, etude)
        return CarnetSite(replace(lieu, surnombre=surnombre, neuf=neuf), etude)

    @verifie
    def esquisse(
        self,
        site: str | Path,
        places: int | None = None,
        date: str | Date | None = None,
        mode: str = "multi_accueil",
        plan: str | Path | None = None,
        *,
        contour: str = "",
        facades: Sequence[str] = (),
        programme: str | Path | None = None,
        graine: int = 1,
        percer: bool = True,
        combien: int = 3,
        neuf: bool | None = None,
    ) -> CarnetEsquisse:
        """First fits: the rooms of a number of places, or of a programme, in the outline of a place.

        Args:
            places: places wanted; those of the comfort programme by default, when they are known.
            plan: plan to start from; by default that of the site sheet, then its outline.
            contour: size typed instead (« 12 x 20 »), the street at the south.
            facades: sides of that size that take daylight; all of them by default.
            programme: list of rooms wanted (YAML) in the stead of the programme of the places.
            graine: seed; the same gives the same sketches.
            percer: whether windows may be opened beside those drawn.
        """
        from pope_foncier.vues.lieu.lieu_ouvert import Lieu
        from pope_foncier.vues.places.esquisses import CarnetEsquisse, demander

        fichier = trouver(site, "sites")
        jour = en_date(date) if date is not None else depot_du_site(fichier)[0]
        trace = None if plan is None or contour else trouver(plan, "plans")
        lieu = Lieu.ouvrir(fichier, mode, jour, trace, neuf=neuf)
        demande = demander(
            lieu,
            fichier.stem,
            places,
            contour,
            facades,
            None if programme is None else lire_programme(trouver(programme, "cas/programmes")),
            graine,
            percer,
        )
        return CarnetEsquisse(lieu, demande, demande.esquisser(combien))

    @verifie
    def plans(self, *plans: str | Path, date: str | Date, mode: str = "multi_accueil") -> CarnetPlans:
        """Drawn plan of a site, or its variants, at a filing date."""
        from pope_foncier.vues.lieu.carnet import CarnetPlans

        return CarnetPlans(tuple(trouver(p, "plans") for p in plans), mode, en_date(date))

    @verifie
    def carte(
        self,
        site: str | Path,
        plan: str | Path | None = None,
        couches: Mapping[str, str | Path] | None = None,
        rayon: float | None = None,
        date: str | Date | None = None,
    ) -> CarnetCarte:
        """Map of a place: INSEE squares, other places studied, and the layers given; what is absent is said.

        Args:
            plan: plan of the place; placed on the ground (Lambert-93, degrees), its outline is drawn and distances start from it.
            couches: files by kind: communes, parcs, voies, arrets, creches; those laid in ``data/couches`` need not be named.
            rayon: what the map shows around the place [m].
            date: day of the threshold of density; by default that of the only study of the site.
        """
        from pope_foncier.vues.dossier.carnet_carte import CarnetCarte
        from pope_foncier.vues.lieu.carte import RAYON_M, alentours_de
        from pope_foncier.vues.lieu.lieu_ouvert import Lieu

        fichier, trace = trouver(site, "sites"), None if plan is None else trouver(plan, "plans")
        jour = depot_du_site(fichier)[0] if date is None else en_date(date)
        lieu = Lieu.ouvrir(fichier, "multi_accueil", jour, trace)
        return CarnetCarte(lieu, alentours_de(lieu, couches), RAYON_M if rayon is None else rayon)

    @verifie
    def editer(
        self,
        plan: str | Path,
        date: str | Date | None = None,
        mode: str = "multi_accueil",
        site: str | Path | None = None,
    ) -> Editeur:
        """Editor of a plan by handles, its areas, places and checks beside; ``enregistrer`` writes it in YAML.

        A plan with faults opens too: they are told beside it.

        Args:
            plan: plan, by name or file.
            date: filing day, which the places are read at; by default that of the only study of the site.
            mode: mode d'accueil whose places follow.
            site: site of the plan when its sheet does not say; without any, areas and faults alone.
        """
        try:
            from pope_foncier.vues.lieu.editeur import Editeur
        except ModuleNotFoundError as erreur:
            raise ErreurPope(paquet_absent(erreur, "modifier un plan")) from None
        from pope_foncier.vues.lieu.lieu_ouvert import Lieu

        fiche, *_ = lire_fiche_de_plan(trouver(plan, "plans"))
        nom = fiche.site if site is None else site
        if nom is None:
            return Editeur(fiche)
        fichier = trouver(nom, "sites")
        jour = depot_du_site(fichier)[0] if date is None else en_date(date)
        return Editeur(fiche, Lieu(lire_fiche(Site, fichier), Catalogue(), mode, jour))

    @verifie
    def importer(
        self,
        fichier: str | Path,
        *,
        site: str | Path = "",
        choisir: Sequence[str] = (),
        natures: Sequence[str] = (),
        calques: str | Path = "",
        fonctions: Sequence[str] = (),
        systeme: str = "",
        unite: str = "",
        statut: str = "",
        titre: str = "",
        date: str | Date | None = None,
    ) -> CarnetImport | CarnetLocaux:
        """File of an architect, a surveyor or a map (DXF, IFC, GeoJSON, GeoPackage, Shapefile, KML): what it holds, then its plan.

        A table of rooms (XLSX, CSV) draws nothing: it makes a programme of rooms.

        Args:
            site: site of the plan; its sheet gives an area and a position to check against.
            choisir: what to keep (« plus_grand », « couche=batiments », a rank…), all together.
            natures: what each layer draws, « murs=batiment ».
            calques: file (YAML, « calques: {NOM: role} ») that says what the layers of a DXF bear, for names that are not usual ones.
            fonctions: what each room is for, « Salle 2=eveil ».
            systeme, unite: reference system and unit of the file, when it does not say them.
            statut: « releve », « publie » or « hypothese ».
            date: day of the import, written in the plan.
        """
        from pope_foncier.lieu.fichiers.calques import lire_calques
        from pope_foncier.lieu.fichiers.choix import Choix, lire_les_fonctions, lire_natures
        from pope_foncier.lieu.fichiers.importer import Importation
        from pope_foncier.lieu.fichiers.lecteurs import TABLES
        from pope_foncier.lieu.fichiers.locaux_importes import ImportationLocaux
        from pope_foncier.lieu.fichiers.questions import lire_statut
        from pope_foncier.lieu.site import Site
        from pope_foncier.vues.lieu.carnet_import import CarnetImport
        from pope_foncier.vues.lieu.carnet_locaux import CarnetLocaux

        fiche = trouver(site, "sites") if site else None
        choix = Choix(
            choisir=tuple(choisir),
            natures=lire_natures(natures),
            calques=lire_calques(Path(calques)) if calques else {},
            fonctions=lire_les_fonctions(fonctions),
            systeme=systeme,
            unite=unite,
            statut=lire_statut(statut) if statut else "",
            titre=titre,
            site=fiche.stem if fiche else "",
        )
        chemin, jour = Path(fichier), en_date(date) if date is not None else None
        if chemin.suffix.lower() in TABLES:
            return CarnetLocaux(ImportationLocaux(chemin, choix, jour))
        return CarnetImport(Importation(chemin, choix, lire_fiche(Site, fiche) if fiche else None, jour))

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
        """Law and schemes: scales with their last value, those to read again, schemes known."""
        from pope_foncier.vues.baremes.carnet import CarnetBaremes

        return CarnetBaremes(Catalogue())

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
