"""What separates the scenarios of a workshop, in words; and, on demand, montages and ways of closing of the scenario on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import ipywidgets as w

from pope_foncier.ateliers import champs, clair, textes
from pope_foncier.ateliers.modele import Modele
from pope_foncier.decision.comparer.combinaisons import Demande
from pope_foncier.decision.comparer.comparaison import Comparaison
from pope_foncier.decision.comparer.difference import differencier
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.resultats import Vue
from pope_foncier.etude.scenarios import BASE
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.decision.comparer import tableaux

_AU_PLUS = 12
"""Options that the page shows."""


def ecarts(vues: Mapping[str, Vue]) -> str:
    """What separates each scenario from the first, a sentence each; nothing where nothing moves."""
    (premier, base), *autres = vues.items()
    lues = {nom: differencier(base, vue) for nom, vue in autres}
    dites = {
        f"{nom}, par rapport à {premier}": clair.sans_projet(vues[nom]) or clair.ce_qui_change(x)
        for nom, x in lues.items()
        if x.entrees
    }
    return textes.liste(dites)


class OptionsComparees:
    """Montages and ways of closing of the scenario on the screen, compared when asked for."""

    def __init__(self, modele: Modele, etude: Callable[[], Etude]) -> None:
        self._modele, self._etude = modele, etude
        self.trouve = w.HTML()
        self.boite = w.VBox(
            [
                w.HTML("<h2>Qui tient les murs, qui comble le manque</h2>"),
                champs.bouton("Comparer montages et façons de boucler", self.comparer),
                self.trouve,
            ]
        )
        self.boite.add_class("pf-a-la-demande")

    def comparer(self) -> None:
        """Evaluate every montage under every way of closing, or say why it cannot be."""
        try:
            etude = self._etude()
            dossier = replace(self._modele.dossier, etude=etude, variantes={BASE: etude})
            lue = Comparaison.de([dossier], Demande.lire((), ("tous",), ("tous",)), self._modele.moteur)
        except ErreurPope as erreur:
            self.trouve.value = textes.message(textes.refus(erreur), bon=False)
            return
        dites = "".join(textes.message(p) for p in tableaux.phrases(lue))
        tables = textes.tables(tableaux.options(lue, _AU_PLUS), tableaux.classement(lue, _AU_PLUS))
        self.trouve.value = dites + tables + textes.repli(tableaux.impossibles(lue))

    def oublier(self) -> None:
        """Leave out what was found on another scenario."""
        self.trouve.value = ""
