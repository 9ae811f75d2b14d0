"""Form of a new place: the questions of the terminal, each with its fault beside it; what is typed is kept, the same sheets are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.etude.nouveau import BROUILLON, creer, repondre
from pope_foncier.etude.questions_du_lieu import questions
from pope_foncier.socle.brouillon import fichier_du_brouillon, garder, textes_gardes
from pope_foncier.socle.chemins import dossier_a_completer
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.questions import Question
from pope_foncier.vues.formes.proteger import proteger

_ATTENDUE = "une réponse est attendue"


class Champ:
    """Question on the screen: a field or a list, its help, then its fault or what was understood."""

    def __init__(self, question: Question, au_changement: Callable[[], None]) -> None:
        self.question = question
        if question.choix is None:
            self.saisie: Any = w.Text(
                description=question.texte,
                continuous_update=False,
                style={"description_width": "initial"},
                layout=w.Layout(width="auto"),
            )
        else:
            self.saisie = champs.choix(question.texte, self._options(""), "")
        self.avis = w.HTML()
        aide = [w.HTML(textes.note(question.aide))] if question.aide else []
        self.boite = w.VBox([self.saisie, *aide, self.avis], layout=w.Layout(margin="0 0 6px 0"))
        self.boite.add_class("pf-aide")
        self.saisie.observe(lambda _: au_changement(), "value")

    @property
    def texte(self) -> str:
        """What is typed or chosen; nothing for what is proposed."""
        return str(self.saisie.value)

    def poser(self, texte: str) -> None:
        """Put a text of an earlier draft back; a choice that no longer reads is left aside."""
        try:
            self.saisie.value = texte if self.question.choix is None or not texte else self.question.lire(texte, {})
        except ValueError:
            self.saisie.value = ""

    def montrer(self, lues: dict[str, Any], faute: str, exige: bool) -> None:
        """Show it where the answers call for it, with what it proposes and its fault.

        Args:
            lues: answers read.
            faute: what is wrong with it; nothing when it reads.
            exige: whether a missing answer is a fault yet.
        """
        try:
            demandee, propose = self.question.si(lues), self.question.defaut_de(lues)
        except KeyError:
            demandee, propose = False, None
        self.boite.layout.display = None if demandee else "none"
        dit = {None: "", "": "non précisé", "?": "inconnu"}.get(propose, propose or "")
        if self.question.choix is None:
            self.saisie.placeholder = f"proposé : {dit}" if dit else ""
        else:
            self._proposer(dit)
        manque = faute == _ATTENDUE
        compris = self.question.dire(lues[self.question.champ]) if self.question.dire and not faute and demandee else ""
        if faute and (exige or not manque):
            self.avis.value = textes.message(f"{faute[:1].upper()}{faute[1:]}.", bon=False)
        else:
            self.avis.value = f"<p class=note>→ {proteger(compris)}</p>" if compris else ""

    def _options(self, propose: str) -> list[tuple[str, str]]:
        vide = f"proposé : {propose}" if propose else "à choisir"
        return [(vide, ""), *((mots, valeur) for valeur, mots in (self.question.choix or {}).items())]

    def _proposer(self, propose: str) -> None:
        """Name what is proposed, the choice kept."""
        options = tuple(self._options(propose))
        if self.saisie.options != options:
            garde = self.saisie.value
            self.saisie.options = options
            self.saisie.value = garde


class NouveauLieu:
    """Form of a new place.

    Args:
        cree: what is told of the study once its files are written.
        donnees: data folder to complete; that of the project by default.
    """

    def __init__(self, cree: Callable[[Path], None], donnees: Path | None = None) -> None:
        self._cree, self._donnees, self._muet, self._exige = cree, donnees, False, False
        self.questions = questions(donnees)
        self.champs = {q.champ: Champ(q, self._change) for q in self.questions}
        self.avis = w.HTML()
        self.bouton = champs.bouton("Écrire la fiche et l'étude de ce lieu", self.ecrire)
        self._reprendre()
        entete = w.HTML(
            "<p class=note>Un champ vide prend ce qui est proposé ; « ? » : on ne sait pas, et la fiche dira à qui demander. Ce qui est tapé "
            "est gardé, même si l'on ferme la page.</p>"
        )
        entete.add_class("pf-aide")
        self.boite = w.VBox([entete, *(c.boite for c in self.champs.values()), self.bouton, self.avis])
        self._lire()

    @property
    def textes(self) -> dict[str, str]:
        """What is typed, by question."""
        return {nom: c.texte for nom, c in self.champs.items() if c.texte.strip()}

    def ecrire(self) -> None:
        """Write the files once every answer reads; say what is missing otherwise, nothing being lost."""
        self._exige = True
        lues, fautes = self._lire()
        if fautes:
            noms = ", ".join(self.champs[champ].question.texte.partition(",")[0] for champ in fautes)
            self.avis.value = textes.message(f"À donner ou à corriger : {noms}.", bon=False)
            return
        try:
            site, etude = creer(lues, self._donnees)
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        self._vider()
        self.avis.value = textes.message(f"Écrit : {site.name} dans sites/ et {etude.name} dans etudes/.", bon=True)
        self._cree(etude)

    def _change(self) -> None:
        """An answer changed: keep it, read all again."""
        if self._muet:
            return
        self.avis.value = ""
        try:
            garder(self._brouillon(), self.textes)
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
        self._lire()

    def _lire(self) -> tuple[dict[str, Any], dict[str, str]]:
        lues, fautes = repondre(self.questions, self.textes)
        self._muet = True
        try:
            for nom, champ in self.champs.items():
                champ.montrer(lues, fautes.get(nom, ""), self._exige)
        finally:
            self._muet = False
        return lues, fautes

    def _reprendre(self) -> None:
        """Put back what an earlier session typed."""
        self._muet = True
        try:
            gardes = textes_gardes(self._brouillon())
            for nom, texte in gardes.items():
                if nom in self.champs:
                    self.champs[nom].poser(texte)
            if gardes:
                self.avis.value = textes.message("Les réponses d'avant sont reprises.", bon=True)
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
        finally:
            self._muet = False

    def _vider(self) -> None:
        self._brouillon().unlink(missing_ok=True)
        self._muet, self._exige = True, False
        for champ in self.champs.values():
            champ.saisie.value = ""
        self._muet = False
        self._lire()

    def _brouillon(self) -> Path:
        return fichier_du_brouillon((self._donnees or dossier_a_completer()).joinpath(BROUILLON))
