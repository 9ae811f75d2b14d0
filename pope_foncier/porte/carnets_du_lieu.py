"""Notebooks on a place: its sheet, plan, map, files of the trade and sketches, opened for the notebooks and for the commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.etude.genres_de_lieu import batiment_neuf
from pope_foncier.lieu.depot import depot_du_site
from pope_foncier.lieu.locaux import lire_programme
from pope_foncier.lieu.plan_lecture import lire_fiche_de_plan
from pope_foncier.lieu.site import Site
from pope_foncier.porte.attendu import verifie
from pope_foncier.porte.etude import Etude
from pope_foncier.porte.etude import ouvrir as ouvrir_etude
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.refus import NomsProches, paquet_absent
from pope_foncier.socle.temps import en_date
from pope_foncier.socle.trouver import trouver

if TYPE_CHECKING:
    from pope_foncier.vues.dossier.carnet_carte import CarnetCarte
    from pope_foncier.vues.lieu.carnet import CarnetPlans
    from pope_foncier.vues.lieu.carnet_import import CarnetImport
    from pope_foncier.vues.lieu.carnet_locaux import CarnetLocaux
    from pope_foncier.vues.lieu.editeur import Editeur
    from pope_foncier.vues.places.carnet import CarnetSite
    from pope_foncier.vues.places.esquisses import CarnetEsquisse


class CarnetsDuLieu(NomsProches):
    """What a place shows: places that fit, plan, map, a file that becomes a plan, first fits."""

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
