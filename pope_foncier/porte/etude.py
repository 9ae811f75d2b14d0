"""Study as a Python user handles it: open, vary, add or take off a loan or a grant, compute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.decision.familles_de_pret import Famille, famille_du_produit
from pope_foncier.etude.blocs import blocs_de
from pope_foncier.etude.fiche import Etude as FicheEtude
from pope_foncier.etude.lecteur import BOUCLE, verifier_lecture
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.resultats import Resultat as TousLesScenarios
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE, Dossier, en_clair, lire_etude, variantes_de
from pope_foncier.etude.scenarios import ouvrir as ouvrir_fichier
from pope_foncier.etude.surcharges import copie_de
from pope_foncier.lieu.site import Site
from pope_foncier.modele.clauses_de_pret import en_donnees
from pope_foncier.modele.declaration import declaration_de
from pope_foncier.modele.donnee import donnees_de
from pope_foncier.modele.fiche_pret import Pret as FichePretEtude
from pope_foncier.porte import classeur, ecrits
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.champs import ESSAI, en_chemins, essayer
from pope_foncier.porte.pret import Pret
from pope_foncier.porte.resultat import Resultat
from pope_foncier.porte.retouches import (
    Retouche,
    ajouter,
    changer,
    combiner,
    dire_le_changement,
    ecrire_le_pret,
    en_entier,
    oter,
    poser_la_valeur,
)
from pope_foncier.porte.scenarios import Scenarios
from pope_foncier.porte.structures import AXES, ComparaisonDePrets, comparer_les_prets
from pope_foncier.porte.textes import en_html
from pope_foncier.prets import PROFILS
from pope_foncier.prets.ecriture import est_court
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul
from pope_foncier.socle.fiches import lire_fiche
from pope_foncier.socle.refus import NomsProches, refuser
from pope_foncier.socle.trouver import fiches_livrees, trouver

if TYPE_CHECKING:
    import pandas as pd

Essai = float | Mapping[str, Any]
"""Value tried: a bare number, which is an assumption, or an input as a file writes it."""


@verifie
def etudes() -> list[str]:
    """Names of the studies that the project holds.

    >>> import pope_foncier as pf
    >>> "gare_saint_denis" in pf.etudes()
    True
    """
    return list(fiches_livrees("etudes"))


@verifie
def ouvrir(etude: str | Path | Mapping[str, Any]) -> Etude:
    """Open a study by its name, by the path of its file, or from plain data laid out as a file.

    Raises:
        ErreurDonnees: no such study (the near names are offered), or all its faults at once.

    >>> import pope_foncier as pf
    >>> pf.ouvrir("gare_saint_denis")
    Étude gare_saint_denis, scénario base : Gare de Saint-Denis, ancien bâtiment voyageurs
    """
    if isinstance(etude, Mapping):
        return _ouvrir_table(dict(etude))
    dossier = ouvrir_fichier(trouver(etude, "etudes"))
    return Etude(dossier.nom, BASE, dossier)


def _ouvrir_table(brut: dict[str, Any]) -> Etude:
    """Study from plain data; its scenarios are validated when they are read."""
    fiche, _, _ = lire_etude(brut, "étude donnée en table")
    nom = str(brut["site"])
    site = lire_fiche(Site, trouver(fiche.site, "sites"))
    return Etude(nom, BASE, Dossier(nom, fiche, site, variantes_de(fiche, nom)))


@donnee_par('pf.ouvrir("gare_saint_denis")')
@dataclass(frozen=True, repr=False)
class Etude(NomsProches):
    """Study of a place, under one of its scenarios; every change gives another study, checked at once.

    >>> import pope_foncier as pf
    >>> etude = pf.ouvrir("gare_saint_denis")
    >>> list(etude.scenarios)[:3]
    ['base', 'cas_bas', 'aides_basses']
    >>> plus_chere = etude.varier(travaux__cout_m2_ht=3200)
    >>> plus_chere.calculer()["cout_total"].valeur > etude.calculer()["cout_total"].valeur
    True
    """

    nom: str
    scenario: str
    _dossier: Dossier
    _retouches: tuple[tuple[str, Retouche], ...] = ()

    @cached_property
    def fiche(self) -> FicheEtude:
        """Sheet of the study, with its changes."""
        depart = self._dossier.variantes[self.scenario]
        if not self._retouches:
            return depart
        brut = en_clair(depart)
        for _, retoucher in self._retouches:
            retoucher(brut)
            if est_court(brut):
                brut = en_entier(brut, self.nom)
        return lire_etude(brut, self.nom)[0]

    @property
    def retouches(self) -> list[str]:
        """Changes made since the file, in words."""
        return [dit for dit, _ in self._retouches]

    @property
    def scenarios(self) -> Scenarios[Etude]:
        """Scenarios of the study by name; the changes made follow."""
        return Scenarios(self._dossier, self._sous)

    def _sous(self, scenario: str) -> Etude:
        return replace(self, scenario=scenario)

    @property
    def champs(self) -> pd.DataFrame:
        """Inputs of the study by path: label, value, unit, range, and where it comes from (a scale is read when computing)."""
        import pandas as pd

        rangs = []
        for chemin, d in donnees_de(self.fiche):
            bas, haut = d.intervalle or (None, None)
            origine = d.bareme or (d.source.titre if d.source else d.base) or f"à obtenir de {d.a_obtenir_de}"
            dite = declaration_de(self.fiche, chemin)
            rangs.append((chemin, dite.libelle, d.valeur, dite.unite, bas, haut, origine))
        colonnes = ["champ", "libelle", "valeur", "unite", "bas", "haut", "origine"]
        cadre = pd.DataFrame(rangs, columns=colonnes).set_index("champ")
        return cadre.astype({"valeur": float, "bas": float, "haut": float})

    # --- changes ----------------------------------------------------------------------------------------------
    @verifie
    def varier(self, champs: Mapping[str, Any] | None = None, /, **mots: Any) -> Etude:
        """Same study with other values: ``travaux__cout_m2_ht=2800``, ``prets__banque__taux=0.04``, or a dict of paths.

        Raises:
            Inconnu: a field that the study does not have; the near ones are offered.
            ErreurDonnees: a value that the field does not admit.
        """
        suivante = self
        for chemin, valeur in en_chemins(self.fiche, champs, mots).items():
            dit = dire_le_changement(self.fiche, chemin, valeur)
            suivante = suivante._retoucher(dit, poser_la_valeur(chemin, valeur))
        return suivante._verifiee()

    @verifie
    def avec_pret(
        self,
        pret: Essai | Pret | str | Path | Mapping[str, Any] | None = None,
        taux: Essai | None = None,
        duree_mois: Essai | None = None,
        *,
        produit: str | None = None,
        id: str | None = None,
        libelle: str | None = None,
        preteur: str | None = None,
        **autres: Any,
    ) -> Etude:
        """Same study with one more loan, borrowed by the party that orders the works unless said.

        Args:
            pret: amount [€] (then ``taux`` and ``duree_mois``); or a ``Pret``, every convention of which is kept; the file of an offer,
                by its path or the name of a shipped example; or a table laid out as a loan of a study.
            produit: product of the catalogue whose terms are taken; what it does not publish is unknown, or given here.
            autres: other fields of the sheet of a loan (``garantie``, ``frais``, ``periodes_par_an``…); they win over the rest.

        Raises:
            ErreurDonnees: a loan that the study does not admit, that its product does not, or an identifier already taken.

        >>> import pope_foncier as pf
        >>> etude = pf.ouvrir("gare_saint_denis").avec_pret("pret_bancaire", garantie=None)
        >>> [p.id for p in etude.fiche.prets]
        ['banque', 'pret_bancaire']
        """
        nombres = {"taux": taux, "duree_mois": duree_mois}
        textes = {"id": id, "libelle": libelle, "preteur": preteur, "produit": produit}
        dits = {c: v for c, v in (nombres | textes).items() if v is not None} | autres
        ecrit = en_donnees(FichePretEtude, dits, ESSAI) if dits else {}
        if pret is None and produit is None and "montant" not in autres and "part" not in autres:
            raise ErreurCalcul("Prêt sans montant : donner un montant, un fichier, un pf.Pret ou « produit ».")
        entree = ecrire_le_pret(pret, produit, ecrit, self.fiche.acteurs.maitre_ouvrage)
        nom = entree.get("id") or entree.get("produit") or Path(str(entree.get("fichier"))).stem
        return self._retoucher(f"avec le prêt {nom}", ajouter("prets", entree))._verifiee()

    @verifie
    def avec_aide(
        self,
        id: str,
        *,
        montant: Essai | None = None,
        par_place: Essai | None = None,
        statut: str = "esperee",
        libelle: str | None = None,
        financeur: str | None = None,
        **autres: Any,
    ) -> Etude:
        """Same study with a grant: one of the study that nobody asked for, a scheme of the catalogue, or any other.

        Args:
            id: identifier of a grant of the study, name of a scheme (``piaje``), or a new one.
            montant, par_place: amount, or amount by place [€]; without them, what the study or the scheme says.

        Raises:
            ErreurDonnees: a grant that the study does not admit.
        """
        dits = {"montant": montant, "par_place": par_place}
        valeurs = {c: essayer(v) for c, v in dits.items() if v is not None}
        textes = {c: v for c, v in (("libelle", libelle), ("financeur", financeur)) if v is not None}
        nouveaux = {"statut": statut, **valeurs, **textes, **autres}
        if id in {a.id for a in self.fiche.aides}:
            return self._retoucher(f"avec l'aide {id}", changer("aides", id, nouveaux))._verifiee()
        connue = {"libelle": id, "financeur": "Financeur à nommer"}
        try:
            dispositif = Catalogue(dossier_donnees() / "baremes").fichier(f"subventions.{id}").dispositif
        except ErreurBareme:
            dispositif = None
            if not valeurs:
                raise
        if dispositif is not None:
            connue = {"libelle": dispositif.nom, "financeur": dispositif.financeur, "dispositif": id}
        return self._retoucher(f"avec l'aide {id}", ajouter("aides", {"id": id, **connue, **nouveaux}))._verifiee()

    @verifie
    def sans(self, *ids: str) -> Etude:
        """Same study without some loans, contributions or closers; a grant becomes one that nobody asks for.

        Raises:
            Inconnu: no such identifier; the near ones are offered.
        """
        suivante = self
        for id in ids:
            suivante = suivante._retoucher(f"sans {id}", oter(id))
        return suivante._verifiee()

    @property
    def blocs(self) -> dict[str, str]:
        """Blocks that the study may take, its own and the common ones: their title by name."""
        return {nom: bloc.titre for nom, bloc in blocs_de(self.fiche).items()}

    @verifie
    def avec_blocs(self, *noms: str) -> Etude:
        """Same study with the changes of some blocks, in order: ``etude.avec_blocs("travaux_plus_15", "region_refusee")``.

        Raises:
            Inconnu: no such block; the near ones are offered.
            ErreurDonnees: blocks that contradict each other, or that change nothing in the study; all of it at once.

        >>> import pope_foncier as pf
        >>> etude = pf.ouvrir("gare_saint_denis").avec_blocs("travaux_plus_15")
        >>> etude.champs.loc["travaux.cout_m2_ht", "valeur"]
        np.float64(3105.0)
        """
        connus = blocs_de(self.fiche)
        for nom in noms:
            if nom not in connus:
                raise refuser("Bloc inconnu", nom, connus)
        pris = [connus[nom] for nom in noms]
        dit = " ; ".join(b.titre for b in pris)
        return self._retoucher(dit, combiner(self.fiche, pris, self.nom))._verifiee() if pris else self

    def _retoucher(self, dit: str, retouche: Retouche) -> Etude:
        return replace(self, _retouches=(*self._retouches, (dit, retouche)))

    def _verifiee(self) -> Etude:
        """Itself, once its sheet is checked."""
        self.fiche  # noqa: B018
        return self

    # --- computing --------------------------------------------------------------------------------------------
    @verifie
    def calculer(self, lecture: str = BOUCLE) -> Resultat:
        """Compute the study.

        Args:
            lecture: ``boucle``, the plan closed by those that the study names (what they leave is « à trouver »), or
                ``tel_quel``, the plan as it stands with what it lacks.
        """
        lue = verifier_lecture(lecture)
        seule = _evaluer(self.dossier()).vue()
        return Resultat(self.nom, self.scenario, seule, lue, self._tous, tuple(self.retouches))

    @verifie
    def classeur(self, chemin: str | Path) -> classeur.ClasseurEcrit:
        """Write the study as a workbook whose formulas are alive: change an input in a spreadsheet, all follows."""
        return classeur.ecrire(self.dossier_entier(), self.scenario, Path(chemin))

    @verifie
    def ecrire_dossier(self, lieu: str | Path) -> list[Path]:
        """Write in a folder the dossier of the scenario for its partners: PDF, workbook, Word synthesis, figures as JSON, manifest (extra ``dossier``)."""
        return ecrits.dossier(self.dossier_entier(), self.scenario, Path(lieu))

    @verifie
    def synthese(self, chemin: str | Path) -> Path:
        """Write the decision, the figures, the montage and the questions as a Word document that partners edit (extra ``dossier``)."""
        return ecrits.synthese(self.dossier_entier(), self.scenario, Path(chemin))

    def au_produit(self, produit: str, pret: str | None = None) -> Etude:
        """Same study whose loan has the terms of a product; its amount and term stay, its rate too when the product publishes none.

        The bounds of the product are not refused: ``dimensionner`` and ``comparer_prets`` say what is beyond them.

        Raises:
            ErreurBareme: unknown product.
            Inconnu: a loan that the study does not have.
        """
        id = self._un_pret(pret)
        prets = en_clair(famille_du_produit(self.fiche, id, produit).etude)["prets"]

        def retoucher(brut: dict[str, Any]) -> None:
            brut["prets"] = copie_de(prets)

        return self._retoucher(f"{id} aux conditions de {produit}", retoucher)._verifiee()

    def comparer_prets(
        self,
        pret: str | None = None,
        *,
        montants: Iterable[float] = (),
        taux: Iterable[float] = (),
        durees: Iterable[float] = (),
        differes: Iterable[float] = (),
        profils: Sequence[str] = (),
        produits: Sequence[str] = (),
        seuils: Mapping[str, float] | None = None,
        depuis: int | None = None,
    ) -> ComparaisonDePrets:
        """Compare structures of a loan of the study: amount × rate × term × grace × profile or product, each on its own closed plan.

        Args:
            pret: loan whose terms vary; the only one of the study by default.
            durees, differes: in months.
            produits: products of the catalogue; what a structure asks beyond one is said in its row.
            depuis: first calendar year that counts in the cover.

        Raises:
            Inconnu: a loan that the study does not have.
            ErreurDonnees: a value that a loan does not admit.
        """
        id = self._un_pret(pret)
        listes = {"montants": [*montants], "taux": [*taux], "durees": [*durees], "differes": [*differes]}
        for nom, valeurs in listes.items():
            for borne in (min(valeurs), max(valeurs)) if valeurs else ():
                self.varier({f"prets[{id}].{AXES[nom]}": int(borne) if float(borne).is_integer() else float(borne)})
        self.calculer()._exiger_une_place()
        for nom in profils:
            if nom not in PROFILS:
                raise refuser("Profil inconnu", nom, PROFILS)
        libelle = next(p.libelle for p in self.fiche.prets if p.id == id)
        familles = [Famille(PROFILS[n].libelle, self.varier({f"prets[{id}].profil": n}).fiche) for n in profils]
        familles += [famille_du_produit(self.fiche, id, cle) for cle in produits]
        familles = familles or [Famille(libelle, self.fiche)]
        return comparer_les_prets(self.dossier(), id, familles, listes, seuils or {}, depuis)

    def _un_pret(self, pret: str | None) -> str:
        """Identifier of a loan of the study: that named, else the only one."""
        connus = [p.id for p in self.fiche.prets]
        if pret is None and len(connus) != 1:
            raise ErreurCalcul(
                f"Dire quel prêt de l'étude : {', '.join(connus) or 'elle n’en a aucun, en ajouter un'}."
            )
        if pret is not None and pret not in connus:
            raise refuser("Prêt inconnu", pret, connus)
        return pret or connus[0]

    def dossier(self) -> Dossier:
        """Study ready for the engine, its changes made, alone."""
        return Dossier(self.nom, self.fiche, self._dossier.site, {BASE: self.fiche})

    def dossier_entier(self) -> Dossier:
        """Study ready for the engine with all its scenarios, the changes made in each."""
        if not self._retouches:
            return self._dossier
        variantes = {nom: e.fiche for nom, e in self.scenarios.items()}
        return replace(self._dossier, etude=variantes[BASE], variantes=variantes)

    def _tous(self) -> Mapping[str, Vue]:
        tous = _evaluer(self.dossier_entier())
        return {nom: tous.vue(nom) for nom in self.scenarios}

    # --- display ----------------------------------------------------------------------------------------------
    def __repr__(self) -> str:
        suite = f" ({' ; '.join(self.retouches)})" if self._retouches else ""
        return f"Étude {self.nom}, scénario {self.scenario} : {self.fiche.titre}{suite}"

    def _repr_html_(self) -> str:
        fiche = self.fiche
        lignes = [("Question", fiche.question), ("Lieu", f"{self._dossier.site.nom}, {self._dossier.site.commune}")]
        lignes.append(("Prêts", ", ".join(p.id for p in fiche.prets) or "aucun"))
        lignes.append(("Aides", ", ".join(a.id for a in fiche.aides if a.statut != "non_demandee") or "aucune"))
        lignes.append(("Scénarios", ", ".join(self.scenarios)))
        lignes += [("Retouches", " ; ".join(self.retouches))] if self._retouches else []
        return en_html(f"{fiche.titre}, scénario « {self.scenario} »", lignes)


def _evaluer(dossier: Dossier) -> TousLesScenarios:
    """Scenarios evaluated together: those of equal structure are rows of one evaluation."""
    return TousLesScenarios.calculer(dossier, moteur_du_projet())
