"""Workshop with a municipality: a few big levers, how the city pays, three scenarios side by side, votes, remarks, decision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ipywidgets as w

from pope_foncier.ateliers import champs, chiffres, doute, lecture, options_comparees, textes
from pope_foncier.ateliers.contributions import ChoixContribution
from pope_foncier.ateliers.groupes_de_leviers import AIDE, GroupesDeLeviers
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.modele import Modele, Plats, Reglages
from pope_foncier.ateliers.mots import en_bref
from pope_foncier.ateliers.options_comparees import OptionsComparees
from pope_foncier.ateliers.ouverture import ouvrir
from pope_foncier.ateliers.panneau import Panneau
from pope_foncier.ateliers.premiers_leviers import CONTRIBUTION, peser
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.decision import tableaux_soutien
from pope_foncier.vues.etude import graphiques
from pope_foncier.vues.formes import lectures
from pope_foncier.vues.formes.modes_de_soutien import MODES
from pope_foncier.vues.formes.table import Table

NOMS = ("A", "B", "C")


class AtelierCommune:
    """Application of the municipality."""

    nom = "commune"

    def __init__(self, modele: Modele, journal: Journal) -> None:
        self.modele = modele
        etude = modele.dossier.etude
        self.aides = [a for a in etude.aides if a.statut != "non_demandee" and a.financeur != etude.acteurs.commune]
        self.reglages = dict(zip(NOMS, self._departs(), strict=True))
        self.vues: dict[str, Vue] = {}
        self.teintes = graphiques.teintes_de(modele.base)
        self.actif = NOMS[0]
        self.onglets = w.ToggleButtons(options=[(f"Scénario {n}", n) for n in NOMS], description="Scénario réglé")
        self.onglets.style.description_width = "initial"
        self.onglets.observe(lambda _: self._choisir(self.onglets.value), "value")
        departs = [("le projet de base", ""), *((s.titre, s.nom) for s in etude.scenarios)]
        self.depart = champs.choix("Point de départ", departs, "")
        self.depart.observe(lambda _: self._repart(), "value")
        modes = [("celui du point de départ", ""), *((m.libelle, nom) for nom, m in lire_passages().items())]
        self.mode = champs.choix("Mode d'accueil", modes, "")
        self.mode.observe(lambda _: self._repart(), "value")
        options = [("celui de l'étude", "")]
        options += [(c.montage.titre, nom) for nom, c in modele.montages.items() if c.etude is not None]
        self.montage = champs.choix("Montage", options, "")
        self.montage.observe(lambda _: self._bouge(), "value")
        self.curseurs = {
            nom: champs.Curseur(levier, modele.depart(levier), self._bouge)
            for nom in modele.regles.commune
            for levier in [modele.regles.levier(nom)]
            if modele.admet(levier)
        }
        self.contribution = ChoixContribution(modele, self._bouge)
        self.obtenues = {
            a.id: w.Checkbox(True, description=f"{a.libelle} obtenue", indent=False, layout=w.Layout(width="auto"))
            for a in self.aides
        }
        for case in self.obtenues.values():
            case.observe(lambda _: self._bouge(), "value")
        self.groupes = GroupesDeLeviers(modele.regles, self._pieces())
        self._classe: Reglages | None = None
        self.avis, self.image, self.tableau, self.fermees = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.devrait, self.doute, self.ecarts = w.HTML(), w.HTML(), w.HTML()
        self.options = OptionsComparees(modele, self.etude_affichee)
        self.reste = champs.Apres(self._dire_ce_qu_il_faudrait, delai_s=0.5)
        self.ensuite = champs.Apres(self._douter, delai_s=1.0)
        self._muet = self._touche = False
        self.panneau = Panneau(modele, journal, self)
        self._reprendre()
        for nom in NOMS:
            self.vues[nom] = self._voir(self.reglages[nom])
        self._choisir(self.actif)
        self._dessiner()
        self.reste.tout_de_suite()
        self.boite = self._encadrer()

    def _encadrer(self) -> w.Widget:
        """Page of the application: levers beside the picture and the table."""
        etude = self.modele.dossier.etude
        return champs.encadrer(
            champs.titre(f"Atelier commune : {etude.titre}", etude.question),
            champs.deux_colonnes(
                [w.HTML("<h2>Leviers</h2>"), self.onglets, self.groupes.boite, self.avis],
                [self.image, self.tableau, self.ecarts, self.doute, self.devrait, self.fermees, self.options.boite],
            ),
            self.panneau.boite,
        )

    def _pieces(self) -> dict[str, w.Widget]:
        """Levers and choices by name, as the groups arrange them."""
        pieces: dict[str, w.Widget] = {"depart": self.depart, "mode": self.mode, "montage": self.montage}
        pieces |= {nom: c.boite for nom, c in self.curseurs.items()}
        if self.modele.dossier.etude.exploitation is not None:
            pieces[CONTRIBUTION] = self.contribution.boite
        return pieces | {f"{AIDE}{nom}": case for nom, case in self.obtenues.items()}

    def _classer(self) -> None:
        """Put first the levers that matter most from the starting point on the screen; nothing while it stays the same."""
        affiches = self.reglages[self.actif]
        depart = Reglages(depart=affiches.depart, mode=affiches.mode, montage=affiches.montage)
        if depart == self._classe:
            return
        self._classe = depart
        try:
            self.groupes.classer(peser(self.modele, depart, list(self.obtenues)))
        except ErreurPope:
            self.groupes.classer(())

    def _departs(self) -> tuple[Reglages, Reglages, Reglages]:
        """Starting scenarios: the study; its hoped grants refused; the city fills the gap, rounded up to the slider's step."""
        ville = self.modele.regles.levier("ville")
        reste = self.modele.base.montant("ressources.reste_a_financer")
        comble = Reglages()
        if reste > 0:
            pas = ville.pas * ville.facteur
            depart = self.modele.depart(ville) or 0
            comble = Reglages(leviers={"ville": depart + int(-(-reste // pas)) * ville.pas})
        refus = Reglages(refusees=frozenset(a.id for a in self.aides if a.statut == "esperee"))
        return Reglages(), refus, comble

    def _reprendre(self) -> None:
        """Reopening resumes: the last three proposals that have levers come back on the screen."""
        notes = [s.fiche for s in sorted(self.panneau.atelier.scenarios.values(), key=lambda s: s.entree.rang)]
        reglees = [fiche.reglages for fiche in notes if fiche.reglages.get("application") == self.nom]
        for nom, plats in zip(NOMS, reglees[-len(NOMS) :], strict=False):
            try:
                reglages = Reglages.de_plat(plats)
                self._voir(reglages)
                self.reglages[nom] = reglages
            except (ErreurPope, ValueError, ArithmeticError, StopIteration):
                continue

    def reprendre(self) -> None:
        """Take up the last proposals of the journal, if nobody has touched the levers."""
        if self._touche:
            return
        self._reprendre()
        for nom in NOMS:
            self.vues[nom] = self._voir(self.reglages[nom])
        self._choisir(self.actif)
        self._dessiner()

    def _voir(self, reglages: Reglages) -> Vue:
        """View with some settings, its plan closed: what does not close says so now."""
        return self.modele.voir_bouclee(self.modele.etude(reglages))

    def _choisir(self, nom: str) -> None:
        self.actif = nom
        self._poser()
        if nom in self.vues:
            self.options.oublier()
            self._avertir()
            self.reste.demander()

    def _poser(self) -> None:
        """Put the levers of the scenario on the screen."""
        reglages = self.reglages[self.actif]
        self._muet = True
        try:
            self.depart.value, self.mode.value = reglages.depart, reglages.mode
            self.montage.value = reglages.montage
            modele = self.modele.depuis(reglages.depart, reglages.mode)
            self.contribution.poser(reglages, modele)
            for levier, curseur in self.curseurs.items():
                curseur.poser(reglages.leviers.get(levier, modele.depart(curseur.levier)))
            for aide, case in self.obtenues.items():
                case.value = aide not in reglages.refusees
        finally:
            self._muet = False

    def etude_affichee(self) -> Etude:
        """Study of the scenario that the levers set."""
        return self.modele.etude(self.reglages[self.actif])

    def reglages_affiches(self) -> Plats:
        """Its levers, in plain form."""
        return self.reglages[self.actif].a_plat()

    def remettre(self, reglages: Plats) -> None:
        """Put levers back on the screen."""
        self.modele.etude(Reglages.de_plat(reglages))
        self.reglages[self.actif] = Reglages.de_plat(reglages)
        self._poser()
        self._calculer()

    def _bouge(self) -> None:
        if self._muet:
            return
        self._touche = True
        modele = self.modele.depuis(str(self.depart.value), str(self.mode.value))
        leviers = {
            nom: c.valeur
            for nom, c in self.curseurs.items()
            if c.valeur is not None and c.valeur != modele.depart(c.levier)
        }
        refusees = frozenset(a for a, case in self.obtenues.items() if not case.value)
        contribution, montant = self.contribution.lire()
        self.reglages[self.actif] = Reglages(
            montage=str(self.montage.value),
            leviers=leviers | montant,
            refusees=refusees,
            depart=str(self.depart.value),
            mode=str(self.mode.value),
            contribution=contribution,
        )
        self._calculer()

    def _repart(self) -> None:
        """Another starting point or mode: levers already moved are kept when it admits them; what it refuses is said and undone."""
        if self._muet:
            return
        self._touche = True
        avant = self.reglages[self.actif]
        depart, mode = str(self.depart.value), str(self.mode.value)
        self.reglages[self.actif] = replace(avant, montage=str(self.montage.value), depart=depart, mode=mode)
        try:
            self.modele.etude(self.reglages[self.actif])
            self._poser()
        except ErreurPope as erreur:
            self.reglages[self.actif] = avant
            self._choisir(self.actif)
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        self._calculer()

    def _calculer(self) -> None:
        try:
            self.vues[self.actif] = self._voir(self.reglages[self.actif])
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        self.options.oublier()
        self._avertir()
        self._dessiner()
        self.reste.demander()

    def _avertir(self) -> None:
        """What must be confirmed, and what is missing, in the scenario on the levers; its locked rules."""
        reglages, vue = self.reglages[self.actif], self.vues[self.actif]
        self.groupes.marquer(self._changes(reglages))
        cas = self.modele.depuis(reglages.depart, reglages.mode).montages.get(reglages.montage)
        doutes = " ; ".join(cas.raisons) if cas is not None else ""
        manques = " ; ".join(sorted(vue.ev.plan.reste_a_financer.manques))
        phrases = [f"Montage à confirmer : {doutes}"] if doutes else []
        phrases += [f"Inconnu tant qu'il manque : {manques}"] if manques else []
        if any(c.levier.est_du_foncier and c.valeur is None for c in self.curseurs.values()) and manques:
            phrases.append("Pour essayer, supposer un prix ou une redevance avec leur levier")
        self.avis.value = textes.message(". ".join(phrases), bon=False) if phrases else ""
        self.fermees.value = textes.tables(lecture.regles_fixes(vue))

    def _changes(self, reglages: Reglages) -> set[str]:
        """Levers that left the starting point, by the names of the groups."""
        choix = {nom for nom in ("depart", "mode", "montage", CONTRIBUTION) if getattr(reglages, nom)}
        return choix | (set(reglages.leviers) & set(self.curseurs)) | {f"{AIDE}{a}" for a in reglages.refusees}

    def _dessiner(self) -> None:
        vues = {f"Scénario {nom}": self.vues[nom] for nom in NOMS}
        image = textes.image(graphiques.ressources(vues, self.teintes))
        self.image.value = image + textes.repli(lecture.qui_donne_quoi(vues))
        bref = {
            f"Scénario {nom}": f"{en_bref(self.modele, r)}. {lectures.phrase(self.vues[nom])}"
            for nom, r in self.reglages.items()
        }
        self.tableau.value = textes.liste(bref) + textes.tables(chiffres.cote_a_cote(vues))

    def _douter(self) -> None:
        """Ranges and first risk of the scenario on the levers: the last thing computed, once nothing else waits."""
        if self.vues[self.actif].aucune_place:
            self.doute.value = ""
            return
        self.doute.value = doute.de_la_commune(self.modele, self.etude_affichee(), f"Scénario {self.actif}.")

    def _dire_ce_qu_il_faudrait(self) -> None:
        """What each meaning of balance asks of the city, in the scenario on the levers: made when the hand rests."""
        self.ensuite.demander()
        self._classer()
        self.ecarts.value = options_comparees.ecarts({f"Scénario {nom}": self.vues[nom] for nom in NOMS})
        if sans := lectures.sans_place(self.vues[self.actif]):
            self.devrait.value = textes.message(sans, bon=False)
            return
        try:
            table = tableaux_soutien.devrait(self.vues[self.actif])
        except ErreurPope as erreur:
            self.devrait.value = textes.message(str(erreur), bon=False)
            return
        self.devrait.value = textes.tables(table and self._du_scenario(table))

    def _du_scenario(self, table: Table) -> Table:
        """The same table, its title and first line naming the scenario that the levers set."""
        fiche = self.etude_affichee().exploitation
        assert fiche is not None
        premiere = (f"Ce que dit le scénario : {MODES[fiche.contribution_commune.mode].paye}", *table.cellules[0][1:])
        titre = f"Scénario {self.actif}. {table.titre}"
        return replace(table, titre=titre, cellules=(premiere, *table.cellules[1:]))


def application(fichier: Path | str | None = None, journal: Journal | None = None) -> w.Widget:
    """Application of the municipality, ready to show in JupyterLab or Voilà."""
    champs.nommer_les_poignees()
    return ouvrir(fichier, journal, lambda modele, tenu: AtelierCommune(modele, tenu).boite)
