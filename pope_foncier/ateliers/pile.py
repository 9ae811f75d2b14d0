"""Stack of a lender: loans, grants, closers and contribution, moved by levers, and what is added; the study that they make."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ipywidgets as w

from pope_foncier.ateliers import champs, lecture, textes
from pope_foncier.ateliers.ajouts import AJOUTS_MAX, LIBRES, AideEnPlus, Ajout, dispositifs_proposes
from pope_foncier.ateliers.boucleurs import REGLES_PAR_CURSEUR, BoucleurEnPlus
from pope_foncier.ateliers.contributions import ChoixContribution
from pope_foncier.ateliers.modele import Modele, Plats, Reglages, donnee, lire_entree
from pope_foncier.ateliers.pret_en_plus import PretEnPlus
from pope_foncier.ateliers.regles import LevierAtelier
from pope_foncier.ateliers.textes import message
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.modele.fiche_pret import Pret

_LISTES = {"pret": "prets", "aide": "aides", "bouclage": "bouclage"}
"""Lists of the study, by kind of addition."""
_PREFIXES = {"pret": "ajoute_", "aide": "aide_ajoutee_", "bouclage": "bouclage_ajoute_"}
_CHAMPS = (
    ("montant_pret", "montant"),
    ("taux", "taux"),
    ("duree_pret", "duree_mois"),
    ("differe_pret", "differe_mois"),
)


class Pile:
    """Stack: its widgets, its settings, the study that it makes."""

    def __init__(self, modele: Modele, bouge: Callable[[], None]) -> None:
        self.modele, self._bouge = modele, bouge
        self._fixes: dict[str, champs.Curseur] = {}
        self.departs: dict[str, int | None] = {}
        self.ajouts: dict[str, Ajout] = {}
        etude = modele.dossier.etude
        prets = [boite for pret in etude.prets for boite in self._pret(pret)]
        aides = []
        for aide in etude.aides:
            if aide.statut != "non_demandee":
                levier = modele.regles.levier("part_aide")
                libelle = f"{aide.libelle}, part obtenue"
                aides.append(self._curseur(f"aide.{aide.id}", levier, libelle, aide.coefficient / levier.facteur))
        boucleurs = [boite for boucleur in etude.bouclage for boite in self._boucleur(boucleur)]
        self.noms = {**LIBRES, **dispositifs_proposes(modele.dossier.site.code_insee)}
        self.choix_aide = champs.choix(
            "Aide à ajouter", [(nom, cle) for cle, nom in self.noms.items()], "libre_publique"
        )
        self._proposes = {b.nature: b for b in modele.regles.boucleurs}
        self.choix_boucleur = champs.choix(
            "Qui boucle le plan",
            [(b.libelle, str(cle)) for cle, b in self._proposes.items()],
            next(iter(self._proposes)),
        )
        self._plus = {genre: champs.rangee([]) for genre in _LISTES}
        self.apports = w.HTML()
        self.contribution = ChoixContribution(modele, bouge)
        self.avis = w.HTML()
        self.boite = champs.rangee(
            [
                w.HTML("<h2>Prêts</h2>"),
                *prets,
                self._plus["pret"],
                champs.bouton("Ajouter un prêt", self.ajouter_pret),
                w.HTML("<h2>Aides</h2>"),
                *aides,
                self._plus["aide"],
                self.choix_aide,
                champs.bouton("Ajouter cette aide", lambda: self.ajouter_aide(str(self.choix_aide.value))),
                w.HTML("<h2>Bouclage du plan, dans cet ordre</h2>"),
                *boucleurs,
                self._plus["bouclage"],
                self.choix_boucleur,
                champs.bouton("Ajouter au bouclage", lambda: self.ajouter_boucleur(str(self.choix_boucleur.value))),
                self.apports,
                *(
                    (w.HTML("<h2>Fonctionnement</h2>"), self.contribution.boite)
                    if etude.exploitation is not None
                    else ()
                ),
                self.avis,
            ]
        )

    @property
    def curseurs(self) -> dict[str, champs.Curseur]:
        """Every lever by its key: ``pret.banque.montant``, ``aide.piaje``, ``pret.ajoute_1.montant``."""
        ajoutes = {f"{a.genre}.{cle}.{champ}": c for cle, a in self.ajouts.items() for champ, c in a.curseurs.items()}
        return {**self._fixes, **ajoutes}

    def _curseur(self, cle: str, levier: LevierAtelier, libelle: str, valeur: float) -> w.Widget:
        self.departs[cle] = None if math.isnan(valeur) else round(valeur)
        renomme = levier.model_copy(update={"libelle": libelle})
        self._fixes[cle] = champs.Curseur(renomme, self.departs[cle], self._bouge)
        return self._fixes[cle].boite

    def _pret(self, pret: Pret) -> list[w.Widget]:
        """Levers of a loan of the study."""
        morceaux = []
        for nom, champ in _CHAMPS:
            levier = self.modele.regles.levier(nom)
            lu, quoi = champ, "taux" if nom == "taux" else levier.libelle.lower()
            if champ == "taux" and pret.taux is None:
                lu, quoi = "indexation.marge", "marge sur l'indice"
            valeur = lire_entree(self.modele.base, f"prets[{pret.id}].{lu}")
            morceaux.append(
                self._curseur(f"pret.{pret.id}.{lu}", levier, f"{pret.libelle}, {quoi}", valeur / levier.facteur)
            )
        return morceaux

    def _boucleur(self, boucleur: Boucleur) -> list[w.Widget]:
        """Levers of a closer of the study: those of its amount, of its limit, of its target."""
        morceaux = []
        for champ, nom in REGLES_PAR_CURSEUR:
            valeur = lire_entree(self.modele.base, f"bouclage[{boucleur.id}].{champ}")
            if not math.isnan(valeur):
                levier = self.modele.regles.levier(nom).model_copy(update={"vide": None})
                libelle = f"{boucleur.libelle}, {levier.libelle[:1].lower()}{levier.libelle[1:]}"
                morceaux.append(
                    self._curseur(f"bouclage.{boucleur.id}.{champ}", levier, libelle, valeur / levier.facteur)
                )
        return morceaux

    def ajouter_pret(self) -> None:
        """Add a loan."""
        self._ajouter(self._nouveau("pret"))

    def ajouter_aide(self, dispositif: str) -> None:
        """Add a grant: a scheme of the catalogue, or a free one."""
        self._ajouter(self._nouveau("aide", dispositif))

    def ajouter_boucleur(self, nature: str) -> None:
        """Add a closer, called after the others for what they leave."""
        self._ajouter(self._nouveau("bouclage", nature))

    def montrer_le_bouclage(self, vue: Vue) -> None:
        """Say what each closer brings, in order, and what is left to find."""
        self.apports.value = textes.note(lecture.bouclage(vue))

    def _nouveau(self, genre: str, quoi: str = "", cle: str = "") -> Ajout | None:
        """Loan, grant (of a scheme) or closer (of a kind) under a key, the first free one by default; None beyond the limit.

        Raises:
            KeyError: a scheme or a kind that is not known any more.
        """
        libres = [f"{_PREFIXES[genre]}{rang}" for rang in range(1, AJOUTS_MAX + 1)]
        cle = cle or next((c for c in libres if c not in self.ajouts), "")
        if cle not in libres:
            self.avis.value = message(f"{AJOUTS_MAX} ajouts au plus : en retirer un d'abord.", bon=False)
            return None
        self.avis.value = ""
        regles = self.modele.regles
        if genre == "pret":
            jour = self.modele.dossier.etude.date_demande
            return PretEnPlus(cle, jour, regles, self._bouge, lambda: self.retirer(cle))
        if genre == "bouclage":
            commune = self.modele.dossier.etude.acteurs.commune
            propose = {str(n): b for n, b in self._proposes.items()}[quoi]
            return BoucleurEnPlus(cle, propose, commune, regles, self._bouge, lambda: self.retirer(cle))
        return AideEnPlus(cle, quoi, self.noms, regles, self._bouge, lambda: self.retirer(cle))

    def _ajouter(self, ajout: Ajout | None) -> None:
        if ajout is not None:
            self.ajouts[ajout.cle] = ajout
            self._montrer()
            self._bouge()

    def retirer(self, cle: str) -> None:
        """Remove an added loan, grant or closer."""
        del self.ajouts[cle]
        self.avis.value = ""
        self._montrer()
        self._bouge()

    def _montrer(self) -> None:
        for genre, boite in self._plus.items():
            boite.children = tuple(a.boite for a in self.ajouts.values() if a.genre == genre)

    def etude(self) -> Etude:
        """Study with the stack on the screen.

        Raises:
            ErreurDonnees: a stack that the study refuses.
        """
        etude = self.modele.dossier.etude
        surcharges = self.modele.contribution(etude, *self.contribution.lire())
        for cle, curseur in self._fixes.items():
            if curseur.valeur is None or curseur.valeur == self.departs[cle]:
                continue
            genre, ident, *champ = cle.split(".")
            valeur = curseur.valeur * curseur.levier.facteur
            if genre == "aide":
                surcharges[f"aides[{ident}].coefficient"] = round(valeur, 9)
            else:
                surcharges[f"{_LISTES[genre]}[{ident}].{'.'.join(champ)}"] = donnee(valeur)
        variee = self.modele.varier(etude, surcharges)
        return self.modele.varier(
            variee, {_LISTES[genre]: liste for genre in _LISTES if (liste := self._liste(variee, genre))}
        )

    def _liste(self, etude: Etude, genre: str) -> list[dict[str, Any]]:
        """List of the study with what was added; nothing when nothing was. A closer that takes all the rest stays the last."""
        ajoutes = [a.fiche(etude) for a in self.ajouts.values() if a.genre == genre]
        if not ajoutes:
            return []
        deja = [x.model_dump(exclude_defaults=True) for x in getattr(etude, _LISTES[genre])]
        prend_tout = genre == "bouclage" and bool(etude.bouclage) and etude.bouclage[-1].prend_le_reste
        return [*deja[: len(deja) - prend_tout], *ajoutes, *deja[len(deja) - prend_tout :]]

    def reglages(self) -> Plats:
        """Levers moved and what was added, in plain form."""
        plats: dict[str, int | str | bool] = {
            cle: c.valeur for cle, c in self._fixes.items() if c.valeur is not None and c.valeur != self.departs[cle]
        }
        for cle, ajout in self.ajouts.items():
            plats |= {f"{ajout.genre}.{cle}.{champ}": v for champ, v in ajout.a_plat().items()}
        return {**plats, **self.contribution.a_plat()}

    def poser(self, reglages: Plats) -> None:
        """Put a stack back on the screen, without telling anybody.

        Raises:
            KeyError: a lever or a scheme that is not there any more; nothing is then changed.
        """
        ajoutes: dict[tuple[str, str], dict[str, int | str | bool]] = {}
        paye = {c: v for c, v in reglages.items() if c == "contribution" or c.startswith("levier.")}
        for cle, valeur in reglages.items():
            if cle in paye:
                continue
            genre, _, suite = cle.partition(".")
            ident, _, champ = suite.partition(".")
            if genre in _PREFIXES and ident.startswith(_PREFIXES[genre]):
                ajoutes.setdefault((genre, ident), {})[champ] = valeur
            elif cle not in self._fixes:
                raise KeyError(cle)
        nouveaux = {}
        for (genre, ident), plats in ajoutes.items():
            ajout = self._nouveau(genre, str(plats.get("dispositif", plats.get("quoi", ""))), ident)
            if ajout is None:
                raise KeyError(ident)
            ajout.poser(plats)
            nouveaux[ident] = ajout
        self.contribution.poser(Reglages.de_plat(paye), self.modele)
        self.ajouts = nouveaux
        for cle, curseur in self._fixes.items():
            curseur.poser(int(reglages[cle]) if cle in reglages else self.departs[cle])
        self._montrer()
