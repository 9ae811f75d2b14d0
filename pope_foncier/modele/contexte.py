"""Context: turns the inputs of a study into quantities — one value, one per scenario, or one per draw."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Generic, Self

import numpy as np
from typing_extensions import TypeVar

from pope_foncier.baremes.catalogue import BAREME_PAR_TRANCHES, Catalogue, exiger
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.modele.declaration import ChampAbsent, Declaration, chemin_lu, declaration_de, declaree, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.entrees_communes import ENTREE, EntreesCommunes, Partage
from pope_foncier.modele.etude_lue import EtudeLue
from pope_foncier.modele.evolutions import Evolution, Evolutions
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.socle.aiguillages import relever_les_aiguillages, reprendre_les_aiguillages
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.francais import de
from pope_foncier.socle.grandeur import VIDE, Grandeur, Tableau, dire, maximum, poser
from pope_foncier.socle.nombres import pourcent
from pope_foncier.socle.operations import Operation, Phrase, Raison
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.temps import Echelle, date_en_clair, mois_en_clair, mois_entre
from pope_foncier.socle.vocabulaire import puissance, si

E = TypeVar("E", bound=EtudeLue, default=Any)
"""Sheet of the study: each room reads its own section of it."""
T = TypeVar("T")
S = TypeVar("S", default=Any)
"""Sheet of the site."""


_TOUS = "[*]"
"""Written in the path of a field: every element of the list."""


@enregistrement
class Choc:
    """Shock on one quantity, wherever it is read: ``valeur × facteur + ajoute``; a quantity of several rows strikes each apart.

    Attributes:
        champ: field of the study, or named point of the chain (``calendrier.ouverture``); ``[*]`` stands for any element.
        libelle: what happens, in French, quoted by the sentences.
    """

    champ: str
    libelle: str
    facteur: Grandeur | float = 1.0
    ajoute: Grandeur | float = 0.0
    mois: tuple[int, int] | None = None
    """Months that it strikes on a monthly quantity, the second excluded; without them, all."""

    def frappe(self, champ: str) -> bool:
        """Whether it strikes a field."""
        if _TOUS not in self.champ:
            return self.champ == champ
        return bool(re.fullmatch(re.escape(self.champ).replace(r"\[\*\]", r"\[[^\]]+\]"), champ))


@dataclass(frozen=True)
class Contexte(Generic[E, S]):
    """Context of one evaluation: variants of a study that share the same structure, law, paths and draws.

    Args:
        variantes: one study per scenario; they differ by the value of inputs only.
        tirages: draws by field of the study (or ``evolution.<path>``, added to the yearly rate), shape (D,).
    """

    variantes: tuple[E, ...]
    site: S
    catalogue: Catalogue
    evolutions: Evolutions
    tirages: Mapping[str, Tableau] = field(default_factory=dict)
    bouclage: Mapping[str, Grandeur] = field(default_factory=dict)
    """Amount of each closer, shape (…, 1) [€]; empty for the plan as it stands."""
    aides_arretees: Mapping[str, Grandeur] = field(default_factory=dict)
    """Amount of each grant once funding is frozen, shape (…, 1) [€]; without it, the rule of the grant."""
    besoins_arretes: Mapping[str, Grandeur] = field(default_factory=dict)
    """What the plan set aside for the start once funding is frozen, shape (…, 1) [€]: a shock may ask for more, not give back."""
    charges_arretees: Grandeur | None = None
    """Depreciation and interest by month once funding is frozen [€]: the Caf does not pay for more, which nobody funds."""
    soutien_arrete: Grandeur | None = None
    """Years in which the commune supports the places (1 or 0) once funding is frozen; without it, what its contribution says."""
    chocs: tuple[Choc, ...] = ()
    """What strikes after funding is frozen."""
    _memoire: dict[tuple[str, ...], Grandeur] = field(default_factory=dict, repr=False, compare=False)
    """Inputs already built, before any shock: each is one quantity, however many lines use it."""
    communes: EntreesCommunes[E] | None = field(default=None, repr=False, compare=False)
    """Inputs shared with the studies beside, and with the same one computed again; without it, all is read and worked out here."""
    _points: set[str] | None = field(default=None, repr=False, compare=False)
    """Named points that it went by, when what it works out is to be shared."""
    _frappees: dict[str, Grandeur] = field(init=False, default_factory=dict, repr=False, compare=False)
    """Inputs of the study once the shocks have struck."""

    @property
    def est_arrete(self) -> bool:
        """Whether funding is frozen, or a shock strikes."""
        geles = (self.aides_arretees, self.besoins_arretes, self.chocs)
        return any(geles) or self.charges_arretees is not None or self.soutien_arrete is not None

    def __repr__(self) -> str:
        return f"Contexte({len(self.variantes)} variantes, {len(self.tirages)} champs tirés)"

    @cached_property
    def etude(self) -> E:
        """Any variant: what all share."""
        return self.variantes[0]

    @cached_property
    def boucleurs(self) -> Sequence[Boucleur]:
        """Closers of the study, in order of call."""
        return self.etude.boucleurs

    @cached_property
    def echelle(self) -> Echelle:
        """Time axis of the study."""
        return Echelle(self.etude.date_depart, self.etude.horizon_mois)

    @cached_property
    def _partagees(self) -> EntreesCommunes[E] | None:
        """Inputs shared with the studies beside, or with the same one computed again; none for other variants, site or draws than theirs."""
        communes = self.communes
        return (
            communes if communes is not None and communes.sont_pour(self.variantes, self.site, self.tirages) else None
        )

    @cached_property
    def mois(self) -> Grandeur:
        """Month ranks, shape (M,)."""
        return Grandeur(self.echelle.mois, "rang du mois", "", axe="mois")

    def entree(self, champ: str, *, sinon: float | None = None) -> Grandeur:
        """Quantity of an input of the study, as its sheet declares it; a scale reference is read at the date of the request.

        Args:
            champ: path of the input.
            sinon: what stands for an input that the study does not give.

        Raises:
            ChampAbsent: an input that the sheets do not declare, or that the study does not give.
        """
        if sinon is not None and lire_champ(self.etude, champ) is None:
            declaration = self.declaration(champ)
            return Grandeur(sinon, declaration.libelle, declaration.unite)
        lue = self._une_fois((ENTREE, champ), lambda: self._feuille(champ, champ, self.variantes))
        if not self.chocs:
            return lue
        if champ not in self._frappees:
            self._frappees[champ] = self.choquer(champ, lue)
        return self._frappees[champ]

    def declaration(self, champ: str) -> Declaration:
        """Label and unit of an input of the study, given or not."""
        return declaration_de(self.etude, champ)

    def entree_site(self, champ: str) -> Grandeur:
        """Quantity of a fact of the site, as its sheet declares it."""
        return self._une_fois(("site", champ), lambda: self._feuille(f"site.{champ}", champ, (self.site,)))

    def choquer(self, champ: str, grandeur: Grandeur) -> Grandeur:
        """Quantity once the shocks on it have struck; itself when there is none."""
        if self._points is not None:
            self._points.add(champ)
        for choc in self.chocs:
            if choc.frappe(champ):
                nom, unite, mois = grandeur.nom, grandeur.unite, self.echelle.mois
                frappee = grandeur * choc.facteur + choc.ajoute
                if choc.mois is not None:
                    touches = ((mois >= choc.mois[0]) & (mois < choc.mois[1])).astype(np.float64)
                    frappee = si(Grandeur(touches, "mois du choc", axe=frappee.axe), frappee, grandeur)
                grandeur = dire(frappee, f"{{0}} sous le choc « {choc.libelle} »", grandeur).nommer(nom, unite)
        return grandeur

    def partager(self, quoi: str, sections: Collection[str], faire: Callable[[Self], T], de: Collection[str] = ()) -> T:
        """What a room works out of some sections of the study alone; made once for the studies beside that say the same there.

        Where a shock strikes what it comes from, the room works it out again. Under a shock nothing is kept: ``faire`` may take what
        other rooms have worked out struck.

        Args:
            quoi: its name.
            sections: every section of the study that it reads itself, beside what the law and the time axis come from.
            faire: works it out in a context, every quantity that a line may be named after having its name; nothing frozen is its business.
            de: what the rooms before it worked out and that ``faire`` takes, by name.
        """
        assert self._points is None, f"« {quoi} » se partage à part : le nommer dans « de »."
        communes = self._partagees
        if communes is None:
            return faire(self)
        if not self.chocs:
            partage = communes.partager(quoi, de, lambda avant: self._a_partager(sections, faire, avant))
        else:
            deja = communes.deja(quoi)
            if deja is None or any(choc.frappe(ou) for choc in self.chocs for ou in deja.lus):
                return faire(self)
            partage = deja
        for cle, lue in partage.entrees.items():
            self._memoire.setdefault(cle, lue)
        reprendre_les_aiguillages(partage.aiguillages)
        resultat: T = partage.resultat
        return resultat

    def _a_partager(self, sections: Collection[str], faire: Callable[[Self], Any], avant: Sequence[Partage]) -> Partage:
        """What a room works out, with all that it comes from, points where a shock may strike included, and the decisions that it takes."""
        seul = replace(self, bouclage={}, _memoire={}, _points=set())
        with relever_les_aiguillages() as aiguillages:
            resultat = faire(seul)
        fait = Partage(resultat, frozenset(sections), seul._memoire, frozenset(seul._points or ()), tuple(aiguillages))
        return fait.venu_de(avant)

    def _une_fois(self, cle: tuple[str, ...], construire: Callable[[], Grandeur]) -> Grandeur:
        if cle not in self._memoire:
            communes = self._partagees
            self._memoire[cle] = construire() if communes is None else communes.une_fois(cle, construire)
        return self._memoire[cle]

    def _feuille(self, champ: str, chemin: str, fiches: Sequence[Any]) -> Grandeur:
        """Quantity of an input: ``champ`` names it in the study, ``chemin`` finds it in each sheet."""
        *avant, donnee = chemin_lu(fiches[0], chemin)
        declaration = declaree(avant, chemin)
        nom, unite = declaration.libelle, declaration.unite
        if declaration.unite_du_bareme and donnee.bareme is not None:
            unite = self.valeur_datee(donnee.bareme).unite
        if champ in self.tirages:
            origine = _origine(champ, donnee) if isinstance(donnee, Donnee) else _choisie(champ)
            return Grandeur(self.tirages[champ].reshape(-1, 1), nom, unite, [origine], tracee=False)
        resolues = [self._resoudre(champ, donnee)]
        if len(fiches) > 1:
            resolues += [self._resoudre(champ, lire_champ(fiche, chemin)) for fiche in fiches[1:]]
            if len({(str(valeur), origine) for valeur, origine in resolues}) == 1:
                resolues = resolues[:1]
        valeurs, origines = zip(*resolues, strict=True)
        inconnues = [o for v, o in resolues if math.isnan(v)]
        manques = frozenset(f"{nom} (à obtenir {de(o.a_obtenir_de)})" for o in inconnues) if inconnues else VIDE
        return Grandeur(
            valeurs if len(valeurs) == 1 else np.array(valeurs)[:, None], nom, unite, origines, manques=manques
        )

    def _resoudre(self, champ: str, donnee: Any) -> tuple[float, Origine]:
        if donnee is None:
            raise ChampAbsent(f"Entrée que l'étude ne donne pas : « {champ} ».")
        if not isinstance(donnee, Donnee):
            return float(donnee), _choisie(champ)
        if donnee.bareme is not None:
            datee = exiger(self.valeur_datee(donnee.bareme))
            return float(datee.valeur), self.origine_a_la_demande(datee)
        return (math.nan if donnee.valeur is None else float(donnee.valeur)), _origine(champ, donnee)

    def valeur_datee(self, chemin: str) -> ValeurDatee:
        """Value of a scale at the date of the request, or its last known one when the study prolongs it."""
        if any(p.bareme == chemin for p in self.etude.prolonger):
            return self.catalogue.derniere(chemin, self.etude.date_demande)
        return self.catalogue.a_la_date(chemin, self.etude.date_demande)

    def bareme(self, chemin: str) -> Grandeur:
        """Quantity of a scale at the date of the request."""
        return self._une_fois(("bareme", chemin), lambda: self._bareme(chemin))

    def _bareme(self, chemin: str) -> Grandeur:
        datee = exiger(self.valeur_datee(chemin))
        return Grandeur(float(datee.valeur), datee.libelle, datee.unite, [self.origine_a_la_demande(datee)])

    def dernier_publie(self, chemin: str) -> Grandeur:
        """Quantity of a scale that indicates a size and sets nothing: last value published before the request, else the first."""
        valeurs = self.catalogue.bareme(chemin).valeurs
        datee = exiger(self.catalogue.derniere(chemin, max(self.etude.date_demande, valeurs[0].depuis)))
        jour = self.etude.date_demande
        complement = datee.admise(jour) if datee.couvre(jour) else "la plus proche valeur publiée, par hypothèse"
        return Grandeur(float(datee.valeur), datee.libelle, datee.unite, [origine_bareme(datee, complement)])

    def bareme_par_rang(self, chemin: str, rangs: Grandeur, nom: str = "") -> Grandeur:
        """Quantity of a scale given as a table, by rank of its rows (categories in order); ranks of any shape."""
        datee = exiger(self.valeur_datee(chemin))
        lignes = np.array([*datee.valeur.values()], dtype=np.float64)
        lue = poser(BAREME_PAR_RANG, rangs, parametres=(lignes,))
        return lue.comme_entree(nom or datee.libelle, datee.unite, [self.origine_a_la_demande(datee)])

    def bareme_par_tranches(self, chemin: str, assiette: Grandeur) -> Grandeur:
        """Amount of a scale by brackets of a base, each bracket at its own rate [€]."""
        datee = exiger(self.valeur_datee(chemin))
        tranches = Grandeur(len(datee.valeur), datee.libelle, "tranches", [self.origine_a_la_demande(datee)])
        return poser(BAREME_PAR_TRANCHES, assiette, tranches, parametres=(datee.valeur,))

    def serie(self, chemin: str, evolution: str) -> Grandeur:
        """Scale year by year: known values, then the evolution path (or flat if the study prolongs it)."""
        return self._une_fois(("serie", chemin, evolution), lambda: self._serie(chemin, evolution))

    def _serie(self, chemin: str, evolution: str) -> Grandeur:
        connue = self._une_fois(("publie", chemin), lambda: self._publie(chemin))
        fin = date(self.echelle.annees[-1], 7, 1)
        derniere = exiger(self.catalogue.derniere(chemin, fin))
        if any(p.bareme == chemin for p in self.etude.prolonger) or derniere.couvre(fin):
            return connue
        assert derniere.jusqu_au is not None
        return connue * self.indice(evolution, derniere.jusqu_au.year)

    def _publie(self, chemin: str) -> Grandeur:
        """Values of a scale that are known, by calendar year, the last one held."""
        jours = [date(a, 7, 1) for a in self.echelle.annees]
        datees = [exiger(self.catalogue.derniere(chemin, j)) for j in jours]
        derniere = datees[-1]
        origine = origine_bareme(derniere, self._motif(chemin, derniere, jours[-1]))
        return Grandeur([d.valeur for d in datees], derniere.libelle, derniere.unite, [origine], axe="annee")

    def taux_suivi(self, chemin: str, evolution: str) -> Grandeur:
        """Rate of a scale month by month: known values, then the level of the path, shape (…, M)."""
        return self._une_fois(("taux", chemin, evolution), lambda: self._taux_suivi(chemin, evolution))

    def _taux_suivi(self, chemin: str, evolution: str) -> Grandeur:
        path = self._chemin(evolution, "niveau")
        jours = [self.echelle.date_du_mois(m) for m in range(self.echelle.duree_mois)]
        datees = [exiger(self.catalogue.derniere(chemin, j)) for j in jours]
        connu = np.array([d.couvre(j) for d, j in zip(datees, jours, strict=True)], dtype=np.float64)
        cle = f"evolution.{evolution}"
        mention = f"niveau « {self.etude.evolution} » après la dernière valeur connue ({path.base})"
        origine = Origine("hypothese", cle, mention, "hypothese")
        apres = self.evolution(evolution).alias().comme_entree(f"hypothèse {path.libelle}", "%", [origine])
        derniere = datees[-1]
        avant = Grandeur(
            [float(d.valeur) for d in datees], derniere.libelle, "%", [origine_bareme(derniere)], axe="mois"
        )
        publie = Grandeur(connu, "mois à taux publié", "", axe="mois")
        return dire(si(publie, avant, apres), "{} si {}, sinon {}", avant, publie, apres).nommer(derniere.libelle, "%")

    def _chemin(self, evolution: str, genre: str) -> Evolution:
        chemin = self.evolutions.chemins.get(evolution)
        if chemin is None or chemin.genre != genre:
            connus = ", ".join(n for n, e in self.evolutions.chemins.items() if e.genre == genre)
            raise ErreurCalcul(f"Évolution inconnue : « {evolution} ». Choisir parmi : {connus}.")
        return chemin

    def indice(self, evolution: str, annee_base: int) -> Grandeur:
        """Index of an evolution path by calendar year, 1 up to the base year, shape (…, years)."""
        self._chemin(evolution, "croissance")
        self.evolution(evolution)  # what the index is made of is read with it, even if a study beside has made it
        return self._une_fois(("indice", evolution, str(annee_base)), lambda: self._indice(evolution, annee_base))

    def _indice(self, evolution: str, annee_base: int) -> Grandeur:
        croissance, origine = self._croissance(evolution, str(annee_base))
        ecarts = Grandeur(np.maximum(np.array(self.echelle.annees) - annee_base, 0), axe="annee")
        nom = f"indice {self._chemin(evolution, 'croissance').libelle}, base {annee_base}"
        return puissance(croissance, ecarts).comme_entree(nom, "", [origine])

    def indice_au_mois(self, evolution: str, depuis: date, mois: Grandeur) -> Grandeur:
        """Index of an evolution path at a month of the study (real rank), 1 up to the month of ``depuis``, shape (…, 1)."""
        croissance, origine = self._croissance(evolution, mois_en_clair(depuis))
        nom = f"croissance annuelle {self._chemin(evolution, 'croissance').libelle} (1 + taux)"
        taux = croissance.comme_entree(nom, "", [origine])
        ecoules = (mois + mois_entre(depuis, self.etude.date_depart)).nommer(
            f"mois écoulés depuis {mois_en_clair(depuis)}", "mois"
        )
        return dire(puissance(taux, maximum(ecoules, 0.0) / 12.0), "{} puissance ({} ÷ 12)", taux, ecoules)

    def _croissance(self, evolution: str, depuis: str) -> tuple[Grandeur, Origine]:
        """One plus the yearly growth of a path, and where it comes from."""
        chemin = self._chemin(evolution, "croissance")
        taux = pourcent(chemin.taux(self.etude.evolution))
        mention = f"évolution « {self.etude.evolution} », {taux} par an après {depuis} ({chemin.base})"
        return 1.0 + self.evolution(evolution), Origine("hypothese", f"evolution.{evolution}", mention, "hypothese")

    def evolution(self, nom: str) -> Grandeur:
        """Yearly growth (or level) of a path in the reading of the study; draws are added to it."""
        return self._une_fois((EVOLUTION, nom), lambda: self._evolution(nom))

    def evolutions_lues(self) -> dict[int, str]:
        """Name of each path that the evaluation has read, by the identity of its quantity."""
        return {id(g): ".".join(cle) for cle, g in self._memoire.items() if cle[0] == EVOLUTION}

    def _evolution(self, nom: str) -> Grandeur:
        chemin, cle = self.evolutions.chemins[nom], f"{EVOLUTION}.{nom}"
        taux = np.atleast_1d(chemin.taux(self.etude.evolution))
        ecart = self.tirages.get(cle)
        return Grandeur(
            taux if ecart is None else taux + ecart.reshape(-1, 1), chemin.libelle, "%", tracee=ecart is None
        )

    def origine_a_la_demande(self, datee: ValeurDatee) -> Origine:
        """Origin of a scale read at the date of the request; it says so when the study prolongs it."""
        return origine_bareme(datee, self._motif(datee.chemin, datee, self.etude.date_demande))

    def _motif(self, chemin: str, datee: ValeurDatee, jour: date) -> str:
        if datee.couvre(jour):
            return datee.admise(jour)
        motifs = [p.motif for p in self.etude.prolonger if p.bareme == chemin]
        return f"prolongé à plat par hypothèse : {motifs[0]}" if motifs else ""


EVOLUTION = "evolution"
"""Beginning of the name of a path among the inputs."""


def _au_rang_du_bareme(rangs: Tableau, lignes: Tableau) -> Tableau:
    return np.asarray(lignes[rangs.astype(np.intp)])


BAREME_PAR_RANG = Operation(
    "bareme_par_rang",
    _au_rang_du_bareme,
    Phrase("ligne de rang {} du barème"),
    "CHOOSE({0}+1,{p0})",
    Raison("marche", "une ligne du barème, ou la suivante"),
)
"""Row of a scale given as a table."""
CHOIX_DE_L_ETUDE = "choix de l'étude"
"""Mention of a plain field, which the study decides."""


def origine_bareme(datee: ValeurDatee, complement: str = "") -> Origine:
    """Origin of a value of the law or of a public scheme."""
    mention = f"{datee.mention}, {complement}" if complement else datee.mention
    return Origine(
        "bareme",
        datee.chemin,
        mention,
        "hypothese" if complement else datee.fiabilite,
        datee.source.titre,
        datee.source.url,
    )


def _choisie(champ: str) -> Origine:
    """Origin of a plain field."""
    return Origine("hypothese", champ, CHOIX_DE_L_ETUDE, "hypothese")


def _origine(champ: str, donnee: Donnee[Any]) -> Origine:
    demande = donnee.a_obtenir_de or ""
    if donnee.source is not None:
        mention = f"{donnee.source.titre}, consulté le {date_en_clair(donnee.source.consulte_le)}"
        return Origine(
            "fait", champ, mention, donnee.fiabilite or "secondaire", donnee.source.titre, donnee.source.url, demande
        )
    if donnee.valeur is None:
        return Origine("inconnu", champ, f"inconnu, à obtenir {de(demande)}", "inconnu", a_obtenir_de=demande)
    suite = f" ; à obtenir {de(demande)}" if demande else ""
    return Origine("hypothese", champ, f"hypothèse : {donnee.base}{suite}", "hypothese", a_obtenir_de=demande)
