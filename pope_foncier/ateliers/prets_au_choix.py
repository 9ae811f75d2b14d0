"""What a lender asks of one loan of the stack: how much the plan bears, what binds, and other structures side by side."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import ipywidgets as w

from pope_foncier.ateliers import champs, textes
from pope_foncier.ateliers.modele import Modele
from pope_foncier.ateliers.pret_en_plus import produits_proposes
from pope_foncier.decision.assise_du_pret import PretADimensionner
from pope_foncier.decision.familles_de_pret import Famille, famille_du_produit
from pope_foncier.decision.limites_du_pret import Seuils
from pope_foncier.decision.structures_de_pret import comparer
from pope_foncier.decision.taille_du_pret import dimensionner, sculpter_sur
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.prets import PROFILS, SIMPLES
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurPope
from pope_foncier.socle.saisie import lire_duree, lire_montant, lire_taux
from pope_foncier.vues.decision import graphiques, tableaux_structures, tableaux_taille
from pope_foncier.vues.formes import lectures

_AXES: tuple[tuple[str, str, str, Callable[[str], float]], ...] = (
    ("montant", "Montants", "150 k€ ; 200 k€", lire_montant),
    ("duree_mois", "Durées", "7 ans ; 9 ans", lire_duree),
    ("taux", "Taux", "3 % ; 4 %", lire_taux),
    ("differe_mois", "Différés", "0 mois ; 12 mois", lire_duree),
)


class PretAuChoix:
    """Size of a loan of the stack on demand, and structures compared on demand."""

    def __init__(self, modele: Modele, vue: Callable[[], Vue], etude: Callable[[], Etude]) -> None:
        self._modele, self._vue, self._etude = modele, vue, etude
        self.pret = champs.choix("Prêt de la pile", [("aucun", "")], "")
        self.axes = {
            champ: w.Text(
                "",
                description=f"{libelle} à comparer",
                placeholder=exemple,
                continuous_update=False,
                style={"description_width": "initial"},
                layout=w.Layout(width="auto"),
            )
            for champ, libelle, exemple, _ in _AXES
        }
        self.profils = {
            nom: w.Checkbox(value=False, description=PROFILS[nom].libelle, indent=False, layout=w.Layout(width="auto"))
            for nom in SIMPLES
        }
        proposes = [("aucun", ""), *((titre, cle) for cle, titre in produits_proposes().items())]
        self.produit = champs.choix("Produit à comparer", proposes, "")
        self.taille, self.structures = w.HTML(), w.HTML()
        titre = "<h2>Dimensionner, comparer</h2>"
        aide = "<p class=note>Plusieurs valeurs séparées par « ; » ; un champ vide garde celle du prêt.</p>"
        self.boite = w.VBox(
            [
                champs.rangee([w.HTML(titre), self.pret, champs.bouton("Dimensionner ce prêt", self.dimensionner)]),
                self.taille,
                champs.rangee([w.HTML(aide), *self.axes.values(), *self.profils.values(), self.produit]),
                champs.bouton("Comparer ces structures", self.comparer),
                self.structures,
            ]
        )

    def proposer(self) -> None:
        """Offer the loans of the stack on the screen, and leave out what was found on another one."""
        self.taille.value = self.structures.value = ""
        connus = [(p.libelle, p.id) for p in self._etude().prets] or [("aucun", "")]
        if list(self.pret.options) != connus:
            garde = self.pret.value
            self.pret.options = connus
            self.pret.value = garde if garde in {cle for _, cle in connus} else connus[0][1]

    def dimensionner(self) -> None:
        """Size the loan chosen, level and sculpted, or say why it cannot be."""
        try:
            vue, demande = self._vue(), PretADimensionner(pret=self._choisi())
            taille = dimensionner(vue, demande)
        except ErreurPope as erreur:
            self.taille.value = textes.message(textes.refus(erreur), bon=False)
            return
        tables = textes.tables(tableaux_taille.limites(taille), tableaux_taille.annees(taille))
        trouve = textes.message(tableaux_taille.phrase(taille), bon=taille.tient_une_fois_boucle)
        self.taille.value = trouve + tables + self._sculptee(vue, demande)

    def _sculptee(self, vue: Vue, demande: PretADimensionner) -> str:
        """Debt sculpted on the same cash, or why there is none."""
        try:
            return textes.tables(tableaux_taille.sculptee(sculpter_sur(vue, demande)))
        except ErreurPope as erreur:
            return textes.message(textes.refus(erreur), bon=False)

    def comparer(self) -> None:
        """Compare the structures typed, or say what cannot be read."""
        try:
            choisi, etude = self._choisi(), self._etude()
            axes = {champ: self._lire(champ, libelle, lire) for champ, libelle, _, lire in _AXES}
            axes = {champ: valeurs for champ, valeurs in axes.items() if valeurs}
            for champ, valeur in chain.from_iterable(((c, min(v)), (c, max(v))) for c, v in axes.items()):
                self._varier(etude, choisi, champ, valeur)
            seuils = Seuils({})
            dossier = self._modele.dossier
            lues = comparer(self._modele.moteur, dossier, choisi, self._familles(etude, choisi), axes, seuils)
        except ErreurPope as erreur:
            self.structures.value = textes.message(textes.refus(erreur), bon=False)
            return
        seuil, source = seuils.valeur("couverture"), lectures.source(self._vue())
        image = textes.image(graphiques.structures(lues, seuil, source, essentielles=True))
        self.structures.value = image + textes.tables(tableaux_structures.table(lues))

    def _choisi(self) -> str:
        """Loan chosen.

        Raises:
            ErreurCalcul: the stack holds none.
        """
        if not self.pret.value:
            raise ErreurCalcul("La pile n'a aucun prêt : en ajouter un d'abord.")
        return str(self.pret.value)

    def _lire(self, champ: str, libelle: str, lire: Callable[[str], float]) -> list[float]:
        """Values typed for an axis.

        Raises:
            ErreurCalcul: one that cannot be read.
        """
        try:
            return [float(lire(morceau)) for morceau in self.axes[champ].value.split(";") if morceau.strip()]
        except ValueError as erreur:
            raise ErreurCalcul(f"{libelle} : {erreur}.") from None

    def _varier(self, etude: Etude, pret: str, champ: str, valeur: float | str) -> Etude:
        donnee = {"valeur": int(valeur) if float(valeur).is_integer() else valeur, "base": "essai en atelier"}
        return self._modele.varier(etude, {f"prets[{pret}].{champ}": donnee})

    def _familles(self, etude: Etude, pret: str) -> list[Famille]:
        """Profiles ticked and the product chosen; without any, the loan as it is."""
        familles = [
            Famille(PROFILS[nom].libelle, self._modele.varier(etude, {f"prets[{pret}].profil": nom}))
            for nom, case in self.profils.items()
            if case.value
        ]
        if self.produit.value:
            familles.append(famille_du_produit(etude, pret, str(self.produit.value)))
        return familles or [Famille(next(p.libelle for p in etude.prets if p.id == pret), etude)]
