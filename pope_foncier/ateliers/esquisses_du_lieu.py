"""First fits in the workshop of the architect: asked on demand, shown side by side, taken as a plan like another one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import ipywidgets as w

from pope_foncier.ateliers import champs, pieces_du_site, textes
from pope_foncier.etude.resultats import Vue
from pope_foncier.lieu.plan import PlanTrace
from pope_foncier.lieu.plan_ecriture import en_yaml
from pope_foncier.places.esquisse.variantes import Esquisse, Esquisses
from pope_foncier.socle.ecriture import ecrire
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.lieu.lieu_ouvert import Lieu
from pope_foncier.vues.places.esquisses import demander, table_controles, table_esquisses, table_surfaces

_PRENDRE = "Prendre l'esquisse {} comme plan"


class EsquissesDuLieu:
    """Panel under the plan of the page.

    Args:
        ou: view and place on the screen, with the plan to start from if any.
        prendre: told of a sketch that the architect takes, and of its file.
    """

    def __init__(self, ou: Callable[[], tuple[Vue, Lieu]], prendre: Callable[[PlanTrace, Path], None]) -> None:
        self._ou, self._prendre = ou, prendre
        self._dossier, self._pris = TemporaryDirectory(prefix="esquisses_"), 0
        self.esquisses = Esquisses((), ())
        self.contour = w.Text(
            "",
            description="Contour, s'il n'y a pas de plan",
            placeholder="12 x 20",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        self.avis, self.zone = w.HTML(), w.VBox([])
        entete = w.HTML("<h2>Première esquisse</h2>")
        bouton = champs.bouton("Placer les pièces du programme", self.chercher)
        self.boites = [entete, self.contour, bouton, self.avis, self.zone]

    def chercher(self) -> None:
        """Sketch the places retained in the outline of the plan chosen, of the site, or of the size typed."""
        self.zone.children = ()
        self.avis.value = textes.message("Recherche en cours, quelques secondes.")
        try:
            vue, lieu = self._ou()
            places = int(vue.valeur(vue.ev.capacite.places))
            site = vue.ev.ctx.etude.site
            demande = demander(lieu, site, places, self.contour.value.strip())
            self.esquisses = demande.esquisser()
        except ErreurPope as erreur:
            self.avis.value = textes.message(str(erreur), bon=False)
            return
        if not self.esquisses.variantes:
            self.avis.value = textes.message(" ".join(self.esquisses.motifs), bon=False)
            return
        self.avis.value = ""
        tables = textes.tables(table_esquisses(self.esquisses, lieu, demande.programme)) + textes.repli(
            table_surfaces(self.esquisses)
        )
        self.zone.children = (w.HTML(tables), *(self._montrer(vue, lieu, e) for e in self.esquisses.variantes))

    def _montrer(self, vue: Vue, lieu: Lieu, esquisse: Esquisse) -> w.Widget:
        titre = esquisse.plan.fiche.titre
        dessin = pieces_du_site.plan(vue, esquisse.plan, f"{titre} : {esquisse.plan.fiche.base}.")
        controles = textes.repli(table_controles(esquisse, lieu))
        rang = self.esquisses.variantes.index(esquisse) + 1
        return w.VBox([w.HTML(dessin + controles), champs.bouton(_PRENDRE.format(rang), lambda: self.prendre(rang))])

    def prendre(self, rang: int) -> None:
        """Take a sketch as the plan of the page."""
        trace = self.esquisses.variantes[rang - 1].plan
        self._pris += 1
        fichier = ecrire(Path(self._dossier.name) / f"esquisse_{self._pris}.yaml", en_yaml(trace.fiche))
        self._prendre(trace, fichier)
        self.avis.value = textes.message(
            "Esquisse prise : les surfaces, les places et le coût la suivent. « Modifier ce plan à la main » la corrige et la garde en YAML."
        )
