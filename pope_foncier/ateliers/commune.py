"""Workshop with a municipality: the answer in a band, three scenarios as cards, the story in order; levers, votes, remarks, decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import ipywidgets as w

from pope_foncier.ateliers import bandeau, bulles, champs, lecture, mise_en_page, recit, teintes, textes
from pope_foncier.ateliers.cartes import Carte, Cartes
from pope_foncier.ateliers.contributions import ChoixContribution
from pope_foncier.ateliers.doute import Doutes
from pope_foncier.ateliers.groupes_de_leviers import GroupesDeLeviers
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.mise_en_discussion import MiseEnDiscussion
from pope_foncier.ateliers.modele import Modele, Plats, Reglages
from pope_foncier.ateliers.options_comparees import OptionsComparees
from pope_foncier.ateliers.panneau import Panneau
from pope_foncier.ateliers.premiers_leviers import AIDE, CONTRIBUTION, peser
from pope_foncier.ateliers.reponse import Reponse, repondre
from pope_foncier.ateliers.vitrine import Vitrine
from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.etude import graphiques
from pope_foncier.vues.formes import lectures


class AtelierCommune:
    """Application of the municipality."""

    nom = "commune"

    def __init__(self, modele: Modele, journal: Journal, au_changement: Callable[[], None] | None = None) -> None:
        self.modele, self._au_changement = modele, au_changement
        etude = modele.dossier.etude
        self.aides = [a for a in etude.aides if a.statut != "non_demandee" and a.financeur != etude.acteurs.commune]
        self.teintes = graphiques.teintes_de(modele.base)
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
        self.avis, self.bande, self.image, self.tableau, self.fermees = (w.HTML() for _ in range(5))
        self.devrait, self.doute, self.ecarts, self.temps, self.questions = (w.HTML() for _ in range(5))
        self.papier = w.HTML()
        self.vitrine = Vitrine(self.choisir, self.montrer)
        self.options = OptionsComparees(modele, self.etude_affichee)
        self.reste = champs.Apres(self._dire_ce_qu_il_faudrait, delai_s=0.5)
        self.ensuite = champs.Apres(self._douter, delai_s=1.0)
        self.enfin = champs.Apres(self._douter_des_autres, delai_s=0.05)
        self._doutes = Doutes(modele)
        self._muet = self._touche = False
        self.panneau = Panneau(modele, journal, self)
        self.cartes = Cartes(modele, self.nom, self.panneau.atelier)
        self.discussion = MiseEnDiscussion(modele, self.panneau, self.nom, lambda: self.cartes)
        self.vues = [self._voir_carte(c) for c in self.cartes.cartes]
        self._tout_montrer()
        self.reste.tout_de_suite()
        self.boite = self._encadrer()

    def _encadrer(self) -> w.Widget:
        """Page of the application."""
        self.vitrine.boite.children = (*self.vitrine.boite.children, self.discussion.boite)
        for html in (self.doute, self.questions):
            html.add_class("pf-bloc")
        recits = {
            recit.QUI_PAIE: (self.image, self.ecarts, self.tableau, self.devrait, self.options.boite),
            recit.DANS_LE_TEMPS: (self.temps,),
            recit.CE_QUI_PEUT_ARRIVER: (self.doute,),
            recit.A_SAVOIR: (self.questions, self.fermees),
        }
        return mise_en_page.encadrer(
            self.modele.dossier.etude,
            self.bande,
            self.vitrine.boite,
            (self.groupes.boite, self.avis),
            recits,
            self.papier,
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
        affiches = self.cartes.active.reglages or Reglages()
        depart = Reglages(depart=affiches.depart, mode=affiches.mode, montage=affiches.montage)
        if depart == self._classe:
            return
        self._classe = depart
        try:
            self.groupes.classer(peser(self.modele, depart, list(self.obtenues)))
        except ErreurPope:
            self.groupes.classer(())

    def reprendre(self) -> None:
        """Follow the journal: titles and numbers always; the cards too, as long as nobody has touched the page."""
        avant = self.cartes.etat
        self.discussion.suivre()
        if self._touche:
            self.cartes.suivre(self.panneau.atelier)
        else:
            self.cartes = Cartes(self.modele, self.nom, self.panneau.atelier)
        if self.cartes.etat == avant:
            self.vitrine.offrir(self.cartes)
            return
        self.vues = [self._voir_carte(c) for c in self.cartes.cartes]
        self._tout_montrer()

    def choisir(self, rang: int) -> None:
        """Put a card on the levers."""
        self._touche = True
        self.cartes.rang = rang
        self._tout_montrer()

    def montrer(self, rang: int, cle: str) -> None:
        """Show another scenario on a card; what can no longer be computed says why, on the card."""
        self._touche = True
        self.cartes.montrer(rang, cle)
        if self.cartes.active.reglages is None:
            self.cartes.rang = next((r for r, c in enumerate(self.cartes.cartes) if c.reglages is not None), 0)
        self.vues = [self._voir_carte(c) for c in self.cartes.cartes]
        self._tout_montrer()

    def _voir_carte(self, carte: Carte) -> Vue | str:
        """View of a card, its plan closed; why there is none, when its study no longer takes its levers."""
        try:
            self._exiger_reglable(carte.reglages or Reglages())
            return self.modele.voir_bouclee(carte.etude(self.modele))
        except (ErreurPope, ValueError, ArithmeticError, KeyError, StopIteration) as erreur:
            return f"Les leviers ont changé depuis : ce scénario ne se calcule plus. {erreur if isinstance(erreur, ErreurPope) else ''}".strip()

    def _exiger_reglable(self, reglages: Reglages) -> None:
        """A choice that the page no longer offers cannot be put on its levers.

        Raises:
            KeyError: no such choice.
        """
        for liste, valeur in (
            (self.depart, reglages.depart),
            (self.mode, reglages.mode),
            (self.montage, reglages.montage),
            (self.contribution.mode, reglages.contribution),
        ):
            if valeur not in [choix for _, choix in liste.options]:
                raise KeyError(valeur)

    def _tout_montrer(self) -> None:
        self._poser()
        self.options.oublier()
        self._avertir()
        self._dessiner()
        self.reste.demander()

    def _poser(self) -> None:
        """Put the scenario chosen on the levers."""
        reglages = self.cartes.active.reglages
        if reglages is None or self.vue is None:
            return
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

    @property
    def vue(self) -> Vue | None:
        """View of the scenario on the levers; None when it cannot be computed."""
        lue = self.vues[self.cartes.rang]
        return None if isinstance(lue, str) else lue

    def etude_affichee(self) -> Etude:
        """Study of the scenario that the levers set."""
        return self.cartes.active.etude(self.modele)

    def reglages_affiches(self) -> Plats:
        """Its levers, in plain form."""
        return (self.cartes.active.reglages or Reglages()).a_plat()

    def remettre(self, reglages: Plats) -> None:
        """Put levers back on the screen."""
        lus = Reglages.de_plat(reglages)
        self.modele.etude(lus)
        self._touche = True
        self.cartes.active.reglages = lus
        self.cartes.suivre(self.panneau.atelier)
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
        self.cartes.active.reglages = Reglages(
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
        carte = self.cartes.active
        avant = carte.reglages or Reglages()
        depart, mode = str(self.depart.value), str(self.mode.value)
        carte.reglages = replace(avant, montage=str(self.montage.value), depart=depart, mode=mode)
        try:
            self.modele.etude(carte.reglages)
            self._poser()
        except ErreurPope as erreur:
            carte.reglages = avant
            self._tout_montrer()
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        self._calculer()

    def _calculer(self) -> None:
        try:
            self.vues[self.cartes.rang] = self.modele.voir_bouclee(self.etude_affichee())
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        self.options.oublier()
        self._avertir()
        self._dessiner()
        self.reste.demander()

    def _avertir(self) -> None:
        """What must be confirmed, and what is missing, in the scenario on the levers; its locked rules."""
        reglages, vue = self.cartes.active.reglages or Reglages(), self.vue
        if vue is None:
            self.avis.value = self.fermees.value = ""
            return
        self.groupes.marquer(self._changes(reglages))
        cas = self.modele.depuis(reglages.depart, reglages.mode).montages.get(reglages.montage)
        doutes = " ; ".join(cas.raisons) if cas is not None else ""
        manques = " ; ".join(sorted(vue.ev.plan.reste_a_financer.manques))
        phrases = [f"Montage à confirmer : {doutes}"] if doutes else []
        phrases += [f"Inconnu tant qu'il manque : {manques}"] if manques else []
        if any(c.levier.est_du_foncier and c.valeur is None for c in self.curseurs.values()) and manques:
            phrases.append("Pour essayer, supposer un prix ou une redevance avec leur levier")
        self.avis.value = textes.message(". ".join(phrases), bon=False) if phrases else ""
        self.fermees.value = bulles.expliquer(textes.repli(lecture.regles_fixes(vue)))

    def _changes(self, reglages: Reglages) -> set[str]:
        """Levers that left the starting point, by the names of the groups."""
        choix = {nom for nom in ("depart", "mode", "montage", CONTRIBUTION) if getattr(reglages, nom)}
        return choix | (set(reglages.leviers) & set(self.curseurs)) | {f"{AIDE}{a}" for a in reglages.refusees}

    @property
    def vues_par_titre(self) -> dict[str, Vue]:
        """Views of the cards that can be computed, under the titles that they have everywhere."""
        return {t: v for t, v in zip(self.cartes.titres, self.vues, strict=True) if isinstance(v, Vue)}

    def _dessiner(self) -> None:
        """Band, cards and picture: what follows the hand."""
        self._repondre()
        self.vitrine.offrir(self.cartes)
        vues = zip(self.cartes.cartes, self.vues, strict=True)
        couleurs = [teintes.du_scenario(c.numero).fond for c, vue in vues if isinstance(vue, Vue)]
        self.image.value = recit.qui_paie(self.vues_par_titre, self.teintes, couleurs)
        self.papier.value = recit.pied(self.modele.base, self.panneau.journal.horloge())

    def _repondre(self) -> None:
        """Band and cards, with the ranges known so far."""
        pages = []
        for rang, (carte, titre, vue) in enumerate(zip(self.cartes.cartes, self.cartes.titres, self.vues, strict=True)):
            if isinstance(vue, str):
                pages.append(bandeau.panne(titre, carte, vue))
                if rang == self.cartes.rang:
                    self.bande.value = pages[-1]
                continue
            pages.append(self.en_carte(titre, carte, vue))
            if rang == self.cartes.rang:
                self.bande.value = bulles.expliquer(bandeau.bande(titre, carte, self._reponse(carte, vue)))
        self.vitrine.peindre(pages)
        if self._au_changement is not None:
            self._au_changement()

    def en_carte(self, titre: str, carte: Carte, vue: Vue) -> str:
        """Card of a scenario of this study, with the ranges known so far."""
        return bandeau.carte(self.modele, titre, carte, vue, self._reponse(carte, vue), self.teintes)

    def carte_affichee(self) -> str:
        """Card of the scenario on the levers, for a page that shows several places."""
        rang = self.cartes.rang
        carte, titre, vue = self.cartes[rang], self.cartes.titres[rang], self.vues[rang]
        return bandeau.panne(titre, carte, vue) if isinstance(vue, str) else self.en_carte(titre, carte, vue)

    def _reponse(self, carte: Carte, vue: Vue) -> Reponse:
        return repondre(vue, self._doutes.connu(carte))

    def _douter(self) -> None:
        """Questions, ranges and first risk of the scenario on the levers: once nothing else waits; then those of the other cards."""
        carte, vue = self.cartes.active, self.vue
        self.questions.value = "" if vue is None else recit.a_savoir(vue)
        if vue is None or vue.aucune_place:
            self.doute.value = ""
        else:
            lu = self._doutes.de(carte)
            self.doute.value = bulles.expliquer(recit.ce_qui_peut_arriver(self.cartes.titres[self.cartes.rang], lu))
            self._repondre()
        self.enfin.demander()

    def _douter_des_autres(self) -> None:
        """Ranges of one card that has none yet, then of the next one."""
        for carte, vue in zip(self.cartes.cartes, self.vues, strict=True):
            if isinstance(vue, Vue) and not vue.aucune_place and self._doutes.connu(carte) is None:
                self._doutes.de(carte)
                self._repondre()
                self.enfin.demander()
                return

    def _dire_ce_qu_il_faudrait(self) -> None:
        """What separates the scenarios, their figures, the calendar, what balance asks of the city: made when the hand rests."""
        self.ensuite.demander()
        self._classer()
        vue, titre = self.vue, self.cartes.titres[self.cartes.rang]
        self.ecarts.value = recit.ecarts(self.vues_par_titre)
        self.tableau.value = bulles.expliquer(recit.cote_a_cote(self.vues_par_titre))
        if vue is None:
            self.temps.value = self.devrait.value = ""
            return
        self.temps.value = bulles.expliquer(recit.dans_le_temps(vue))
        sans = lectures.sans_place(vue)
        self.devrait.value = (
            textes.message(sans, bon=False) if sans else bulles.expliquer(recit.ce_qu_il_faudrait(titre, vue))
        )
