"""Study: the sheet that combines a site, a mode d'accueil, a montage, its assumptions and its named scenarios."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from pope_foncier.acquisition.fiche import BailGestionnaire, Foncier, Immobilier, TitreOccupation
from pope_foncier.acquisition.titres import titre_de
from pope_foncier.aides.fctva import refuser as refuser_le_fctva
from pope_foncier.etude.fiche_doute import Doute
from pope_foncier.etude.fiche_scenarios import Bloc, Scenario
from pope_foncier.exploitation.champs_du_mode import verifier_mode
from pope_foncier.exploitation.charges_a_part import paie_un_loyer, verifier_charges
from pope_foncier.exploitation.fiche import Demarrage, Exploitation
from pope_foncier.modele.declaration import Declaration
from pope_foncier.modele.donnee import (
    DonneeAuMoinsUn,
    DonneeEuros,
    DonneeMois,
    DonneePart,
    DonneePositif,
    DonneeSurface,
    Reponse,
)
from pope_foncier.modele.fiche_bouclage import DEMARRAGE, RESTE, RESTE_EN_CAPITAL, Boucleur
from pope_foncier.modele.fiche_pret import Pret
from pope_foncier.modele.financement import (
    Achat,
    Acquisition,
    Aide,
    Apport,
    CompensationTva,
    PretRelais,
    Reglements,
    Taxes,
)
from pope_foncier.modele.modes import ModeEtude
from pope_foncier.modele.phases import Phase, verifier_phases
from pope_foncier.socle.fiches import (
    ANNEES,
    DureeMois,
    Fiche,
    Jour,
    NomDeFichier,
    Part,
    Texte,
    faute,
)
from pope_foncier.socle.phrases import minuscule
from pope_foncier.travaux.lots import PlanTravaux


class Acteurs(Fiche):
    """Parties by role; owner and operator are two parties even when one legal person is both."""

    proprietaire: Texte
    gestionnaire: Texte
    commune: Texte
    caf_locale: Texte = "Caf"
    """Family-allowance fund that pays the operating aid."""
    forme_maitre_ouvrage: Literal["association", "scic", "sci", "collectivite", "entreprise", "bailleur_social"]
    """Legal form of the party that orders the works: it decides which schemes are open and whether VAT is recovered."""
    maitre_ouvrage: Literal["proprietaire", "gestionnaire"]
    """Who orders and pays the works, and receives the capital grants."""

    @model_validator(mode="after")
    def _deux_acteurs(self) -> Acteurs:
        noms = [self.proprietaire, self.gestionnaire, self.commune, self.caf_locale]
        if len(set(noms)) < len(noms):
            raise faute(
                "deux acteurs portent le même nom : leurs flux se confondraient.",
                "distinguer les rôles, par exemple « Association (propriétaire) » et « Association (gestionnaire) ».",
            )
        return self

    @property
    def nom_maitre_ouvrage(self) -> str:
        """Name of the party that orders the works."""
        return self.proprietaire if self.maitre_ouvrage == "proprietaire" else self.gestionnaire


class Programme(Fiche):
    """Brief: areas from which the places follow."""

    surface_m2: Annotated[DonneeSurface, Declaration("Surface de plancher", "m²")]
    """Gross floor area (SDO) of the premises [m²]."""
    surface_exterieure_m2: Annotated[DonneeSurface, Declaration("Surface extérieure", "m²")]
    coefficient_sdo_su: Annotated[DonneeAuMoinsUn, Declaration("Surface de plancher sur surface utile", "")]
    """Gross over usable area."""
    services_fixes_m2: Annotated[DonneePositif, Declaration("Services, part fixe", "m²")]
    services_par_place_m2: Annotated[DonneePositif, Declaration("Services par place", "m²/place")]
    places_voulues: Annotated[DonneePositif | None, Declaration("Places voulues", "places")] = None
    """Upper limit wanted by the partners; the site may hold fewer."""


GenreTravaux = Literal["amenagement", "conversion", "restructuration", "modulaire", "neuf"]
"""Kinds of works of ``data/hypotheses/couts.yaml``."""


class Travaux(Fiche):
    """Works: cost by ratio, fees and contingencies as shares of works excluding tax."""

    genre: GenreTravaux | None = None
    """Kind of works: which published operations the cost is set beside; None when not said."""
    construction_neuve: bool | None = None
    """New building, modules or extension (True), works in a standing building (False); None when not said."""
    cout_m2_ht: Annotated[DonneePositif, Declaration("Coût des travaux au m²", "€/m² HT")]
    date_valeur: Jour
    honoraires_part: Annotated[DonneePart, Declaration("Taux d'honoraires", "%")]
    etudes_assurances_part: Annotated[DonneePart, Declaration("Part des études, contrôles et assurances", "%")]
    assurances_part: Annotated[
        DonneePart | None,
        Declaration("Part des assurances des travaux, sans TVA, comprise dans les études et contrôles", "%"),
    ] = None
    """Share of works that insures them (dommages-ouvrage), within the share above: tax on insurance included, no VAT."""
    aleas_part: Annotated[DonneePart, Declaration("Taux d'aléas", "%")]
    equipement_par_place_ttc: Annotated[DonneeEuros, Declaration("Équipement par place", "€/place TTC")]
    equipement_date_valeur: Jour | None = None
    """Date of the price of the equipment when it is not that of the works."""
    duree_vie_mois: Annotated[DonneeMois, Declaration("Durée de vie des travaux", "mois")]
    duree_vie_equipement_mois: Annotated[DonneeMois, Declaration("Durée de vie de l'équipement", "mois")]
    plan: PlanTravaux | None = None
    """Plan by lots; without it the cost stays one ratio."""

    @model_validator(mode="after")
    def _lignes_uniques(self) -> Travaux:
        ensemble = self.etudes_assurances_part.valeur
        assurances = self.assurances_part.valeur if self.assurances_part else None
        if ensemble is not None and assurances is not None and assurances > ensemble:
            raise faute(
                "« assurances_part » dépasse « etudes_assurances_part », dont elle fait partie.",
                "baisser l'une, ou relever l'autre.",
            )
        noms = [x.id for x in self.plan.lignes] if self.plan else []
        doubles = sorted({n for n in noms if noms.count(n) > 1})
        if doubles:
            raise faute(f"ligne de travaux en double : {', '.join(doubles)}.", "donner un « id » différent à chacune.")
        return self


class Delais(Fiche):
    """Calendar: durations of the phases [months]."""

    etudes_mois: Annotated[DonneeMois, Declaration("Durée des études et autorisations", "mois")]
    travaux_mois: Annotated[DonneeMois, Declaration("Durée des travaux", "mois")]
    montee_en_charge_mois: Annotated[DonneeMois, Declaration("Montée en charge", "mois")]
    reception_ouverture_mois: Annotated[
        DonneeMois | None, Declaration("Délai entre la réception et l'ouverture", "mois")
    ] = None
    """Between the reception of the works and the opening: reserves lifted, safety visit, PMI; none when left out [months]."""
    phases: tuple[Phase, ...] = Field((), max_length=100)
    """Phases and dependencies; when given, they set the start of works, their reception and the opening, in place of the delays above."""

    @model_validator(mode="after")
    def _phases_liees(self) -> Delais:
        verifier_phases(self.phases)
        return self


class Territoire(Fiche):
    """Facts that the schemes ask about; « inconnu » leaves a condition to check, it never counts as met."""

    quartier_prioritaire: Reponse = "inconnu"
    renouvellement_urbain: Reponse = "inconnu"
    friche: Reponse = "inconnu"
    local_jamais_occupe: Reponse = "inconnu"
    appel_a_projets_ouvert: Reponse = "inconnu"
    taux_couverture: Annotated[DonneePart | None, Declaration("Taux de couverture", "%")] = None
    """Childcare places per child under three."""
    potentiel_financier: Annotated[DonneeEuros | None, Declaration("Potentiel financier", "€")] = None
    """Potentiel financier of the commune [€/inhabitant]."""
    part_gros_oeuvre: Annotated[DonneePart | None, Declaration("Part du gros œuvre", "%")] = None
    places_existantes: Annotated[DonneePositif | None, Declaration("Places existantes", "places")] = None
    ctg_signee: Literal["oui", "non", "supposee", "inconnu"] = "inconnu"
    """Whether the commune signed a convention territoriale globale with the Caf; unknown, what hangs on it is not counted."""
    ctg_hypothese: Texte | None = None
    """Why the study supposes it signed (``supposee``); left aside under another answer, that a scenario may give."""

    @model_validator(mode="after")
    def _supposee(self) -> Territoire:
        if self.ctg_signee == "supposee" and self.ctg_hypothese is None:
            raise faute(
                "une convention territoriale globale supposée signée dit pourquoi.",
                "ajouter « ctg_hypothese », ou répondre « oui », « non » ou « inconnu ».",
            )
        return self


class Prolongation(Fiche):
    """Declared flat prolongation of a scale beyond its known period."""

    bareme: Texte
    motif: Texte


_RESSOURCES_RESERVEES = ("total", "reste_a_financer", "compensation_tva", "prets_du_gestionnaire")


class Etude(Fiche):
    """Study as a data sheet."""

    titre: Texte
    question: Texte
    site: NomDeFichier
    date_depart: Jour
    """Month 0: start of studies."""
    date_demande: Jour
    """Day of the requests (licence, aid): the law of that day applies."""
    horizon_mois: DureeMois
    mode_accueil: ModeEtude
    acteurs: Acteurs
    territoire: Territoire = Territoire.model_construct()
    lecture_densite: Literal["carreau", "ordinaire", "tres_dense"] = "carreau"
    """Density of the zone: that of the INSEE square, or a reading of the study when the square is near the threshold."""
    lecture_espace: Literal["site", "admis", "refuse"] = "site"
    """Whether an outdoor space at a distance stands for the yard: what the site sheet says, or a reading of the PMI's answer."""
    lecture_cour: Literal["toutes", "trois_plus_petites"] = "toutes"
    """Who owes a yard outside very dense squares: every category (prudent), or the three smallest, the only ones that a source names."""
    lecture_caf: Literal["hors_calcul", "personne_publique"] = "hors_calcul"
    """Whether the Caf counts among public persons in the 80 % rule (CGCT L1111-10): two readings, to ask the prefecture."""
    lecture_chef_de_file: Literal["hors_chef_de_file", "chef_de_file"] = "hors_chef_de_file"
    """Whether a public client acts as the lead authority of a shared competence: it then keeps 30 % of the public money and not 20 % (CGCT L1111-9)."""
    realiser: Annotated[Part, Declaration("Projet réalisé (1) ou non (0)", "")]
    """1 for the project, 0 for « ne rien faire »."""
    titre_occupation: TitreOccupation
    acquisition: Acquisition | None = None
    achat_bailleur: Achat | None = None
    """Purchase by the party that then gives the tenure (a commune that buys, then grants a long lease)."""
    immobilier: Immobilier | None = None
    bail_gestionnaire: BailGestionnaire | None = None
    foncier: Foncier | None = None
    """What the montages of the site choose from."""
    programme: Programme
    travaux: Travaux
    taxes: Taxes | None = None
    reglements: Reglements | None = None
    delais: Delais
    compensation_tva: CompensationTva | None = None
    apports: tuple[Apport, ...] = Field((), max_length=100)
    aides: tuple[Aide, ...] = Field((), max_length=100)
    prets: tuple[Pret, ...] = Field((), max_length=100)
    relais: PretRelais | None = None
    bouclage: tuple[Boucleur, ...] = Field((), max_length=50)
    """How the gap is closed, in order; what they leave is « à trouver »."""
    exploitation: Exploitation | None = None
    demarrage: Demarrage | None = None
    """Costs before the opening; none is counted when left out."""
    evolution: Literal["bas", "central", "haut"]
    prolonger: tuple[Prolongation, ...] = Field((), max_length=200)
    doute: Doute | None = None
    """How the inputs are drawn; nothing of it changes the figures of the study."""
    questions_ouvertes: tuple[Texte, ...] = Field((), max_length=200)
    blocs: tuple[Bloc, ...] = Field((), max_length=100)
    """Blocks that the scenarios combine; one of the name of a common block stands in its place."""
    scenarios: tuple[Scenario, ...] = Field((), max_length=100)

    def __repr__(self) -> str:
        return f"Etude({self.titre!r})"

    @property
    def boucleurs(self) -> tuple[Boucleur, ...]:
        """Closers that always close the plan: those declared, then « à trouver » for what they leave.

        An owner that orders the works and lets is paid by its rent: it brings the rest as capital, and its operator has a start
        of its own to fund, which the closers of the owner do not.
        """
        chez_proprietaire = self.acteurs.maitre_ouvrage == "proprietaire"
        dit = any(b.id == DEMARRAGE.id for b in self.bouclage)
        demarre = chez_proprietaire and self.exploitation is not None and not dit
        premiers = (DEMARRAGE, *self.bouclage) if demarre else self.bouclage
        if self.bouclage and self.bouclage[-1].prend_le_reste:
            return premiers
        return (*premiers, RESTE_EN_CAPITAL if chez_proprietaire else RESTE)

    def _verifier_les_tiers(self) -> None:
        """A party neither lends, gives nor sells to itself: its flow would vanish from its treasury."""
        porteur = self.acteurs.nom_maitre_ouvrage
        tiers = [("apporteur", a.apporteur, porteur) for a in self.apports]
        tiers += [("financeur", a.financeur, porteur) for a in self.aides if a.statut != "non_demandee"]
        tiers += [("preteur", p.preteur, getattr(self.acteurs, p.emprunteur)) for p in self.prets]
        tiers += [("bouclage", b.nom_apporteur, porteur) for b in self.bouclage]
        tiers += [("relais.preteur", self.relais.preteur, porteur)] if self.relais else []
        for champ, achat, acheteur in (
            ("acquisition", self.acquisition, porteur),
            ("achat_bailleur", self.achat_bailleur, self.acteurs.proprietaire),
        ):
            if achat is not None:
                tiers.append((f"{champ}.vendeur", achat.vendeur, acheteur))
                if achat.portage is not None:
                    tiers += [(f"{champ}.portage.porteur", achat.portage.porteur, x) for x in (acheteur, achat.vendeur)]
        meme = sorted({f"{champ} « {nom} »" for champ, nom, autre in tiers if nom == autre})
        if meme:
            raise faute(
                f"un acteur se verse de l'argent à lui-même : {', '.join(meme)}.",
                f"nommer d'où vient l'argent, par exemple « Réserves de {porteur} ».",
            )

    @model_validator(mode="after")
    def _hypotheque_et_achats(self) -> Etude:
        titre = titre_de(self.titre_occupation.genre)
        porteur = "gestionnaire" if self.acteurs.maitre_ouvrage == "gestionnaire" else "proprietaire"
        sans = titre.hypotheque == "non" or not self.titre_occupation.droits_reels
        hypotheques = [p.id for p in self.prets if p.garantie is not None and p.garantie.genre == "hypotheque"]
        if sans and any(p.id in hypotheques and p.emprunteur == porteur for p in self.prets):
            raise faute(
                f"hypothèque sans droit réel ({minuscule(titre.libelle)}) : {', '.join(hypotheques)}.",
                "retirer « garantie », ou choisir « genre: caution ».",
            )
        communales = [p for p in self.prets if p.garantie is not None and p.garantie.genre == "garantie_communale"]
        if self.acteurs.forme_maitre_ouvrage == "collectivite" and any(p.emprunteur == porteur for p in communales):
            raise faute(
                f"une collectivité ne se garantit pas elle-même : {', '.join(p.id for p in communales)}.",
                "retirer « garantie » : le prêt d'une collectivité n'en demande pas.",
            )
        if self.achat_bailleur is not None and self.acteurs.maitre_ouvrage == "proprietaire":
            raise faute(
                "« achat_bailleur » est l'achat par un bailleur qui ne fait pas les travaux.",
                "écrire « acquisition », ou « maitre_ouvrage: gestionnaire ».",
            )
        return self

    @model_validator(mode="after")
    def _exploitation_du_mode(self) -> Etude:
        if self.exploitation is not None:
            verifier_mode(self.mode_accueil, self.exploitation)
            vises = [b.id for b in self.bouclage if b.pret is not None and b.pret.couverture_cible is not None]
            if vises and self.exploitation.contribution_commune.est_calculee():
                raise faute(
                    f"prêt dimensionné sur une couverture ({', '.join(vises)}) et contribution que l'étude calcule : chacun "
                    "attend l'autre, et la commune paierait n'importe quel prêt.",
                    "écrire une contribution annoncée (« forfait » ou « plafonnee »), ou fixer le montant du prêt.",
                )
            loyer = paie_un_loyer(self.titre_occupation, self.bail_gestionnaire)
            travaux = self.acteurs.maitre_ouvrage == "gestionnaire"
            propriete = travaux and self.immobilier is not None
            verifier_charges(self.exploitation, loyer=loyer, travaux=travaux, propriete=propriete)
        elif self.demarrage is not None:
            raise faute("« demarrage » sans « exploitation ».", "décrire l'exploitation, ou retirer « demarrage ».")
        return self

    @model_validator(mode="after")
    def _noms_uniques(self) -> Etude:
        for quoi, noms in (
            ("scénario", [s.nom for s in self.scenarios]),
            ("bloc", [b.nom for b in self.blocs]),
            ("aide", [a.id for a in self.aides]),
            ("apport", [a.id for a in self.apports]),
            ("prêt", [p.id for p in self.prets]),
            ("apport de bouclage", [b.id for b in self.bouclage]),
        ):
            doubles = sorted({n for n in noms if noms.count(n) > 1})
            if doubles:
                raise faute(f"{quoi} en double : {', '.join(doubles)}.", "donner un nom différent à chacun.")
        premiers = self.bouclage[:-1] if self.bouclage and self.bouclage[-1].prend_le_reste else self.bouclage
        if any(b.id == RESTE.id for b in premiers) or any(b.id == DEMARRAGE.id for b in self.bouclage):
            raise faute(
                f"« {RESTE.id} » et « {DEMARRAGE.id} » sont les noms de ce qui reste à trouver après les apports de bouclage.",
                "donner un autre identifiant, ou en faire le dernier apport, sans montant ni plafond.",
            )
        ressources = [*(a.id for a in self.aides), *(p.id for p in self.prets), *(a.id for a in self.apports)]
        ressources += [f"pret_{a.id}" for a in self.aides if a.part_subvention is not None]
        pris = sorted({n for n in ressources if ressources.count(n) > 1 or n in _RESSOURCES_RESERVEES or "." in n})
        if pris:
            raise faute(f"identifiant de ressource déjà pris : {', '.join(pris)}.", "donner un identifiant différent.")
        self._verifier_les_tiers()
        if self.compensation_tva is not None:
            forme = self.acteurs.forme_maitre_ouvrage
            refuser_le_fctva(self.compensation_tva, forme, self.mode_accueil, self.bail_gestionnaire)
        if (
            self.compensation_tva is not None
            and self.compensation_tva.nature == "recuperation"
            and self.acteurs.maitre_ouvrage == "gestionnaire"
        ):
            raise faute(
                "une crèche est hors TVA : son gestionnaire ne récupère pas la TVA des travaux.",
                "retirer « compensation_tva », ou confier les travaux au propriétaire qui loue avec TVA.",
            )
        if self.bail_gestionnaire is not None and self.acteurs.maitre_ouvrage == "gestionnaire":
            raise faute(
                "le gestionnaire ne se loue pas à lui-même.",
                "retirer « bail_gestionnaire », ou choisir « maitre_ouvrage: proprietaire ».",
            )
        fin = self.date_depart.year + self.horizon_mois // 12 + 1
        if fin > ANNEES[1]:
            raise faute(f"l'étude va jusqu'en {fin}.", f"partir plus tôt : elle finit au plus tard en {ANNEES[1]}.")
        if not 12 <= self.horizon_mois <= 600:
            raise faute(f"horizon de {self.horizon_mois} mois.", "choisir entre 12 et 600 mois.")
        if self.exploitation is not None:
            derniere = (self.date_depart.year * 12 + self.date_depart.month - 1 + self.horizon_mois - 1) // 12
            self.exploitation.contribution_commune.verifier_les_annees(self.date_depart.year, derniere)
        return self
