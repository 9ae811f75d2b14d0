"""Compare: two studies in words; sites, modes, montages and closings side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pope_foncier.decision.comparer.combinaisons import Demande
from pope_foncier.decision.comparer.comparaison import Comparaison as Options
from pope_foncier.decision.comparer.criteres import lire_criteres
from pope_foncier.decision.comparer.difference import Difference as Ecarts
from pope_foncier.decision.comparer.difference import differencier
from pope_foncier.etude.moteur import moteur_du_projet
from pope_foncier.etude.scenarios import BASE, Dossier
from pope_foncier.porte.attendu import donnee_par, verifie
from pope_foncier.porte.etude import Etude, ouvrir
from pope_foncier.porte.etude import etudes as etudes_livrees
from pope_foncier.porte.textes import espaces_simples
from pope_foncier.socle.refus import NomsProches
from pope_foncier.vues.decision.comparer import mots, tableaux
from pope_foncier.vues.formes.page import STYLE_CARNET, tableau
from pope_foncier.vues.formes.proteger import proteger

if TYPE_CHECKING:
    import pandas as pd

    from pope_foncier.vues.formes.figures import Figure


@donnee_par('pf.difference(pf.ouvrir("gare_saint_denis"), pf.ouvrir("gare_saint_denis").avec_blocs("travaux_plus_15"))')
@dataclass(frozen=True, repr=False)
class Difference(NomsProches):
    """Difference of two studies: printed, it is a sentence; its tables hold the numbers.

    >>> import pope_foncier as pf
    >>> etude = pf.ouvrir("gare_saint_denis")
    >>> pf.difference(etude, etude).phrase
    'Aucune entrée ne change : aucun chiffre ne bouge.'
    """

    _ecarts: Ecarts
    _nom: str = ""

    @property
    def phrase(self) -> str:
        """Difference in one sentence."""
        return mots.phrase(self._ecarts, self._nom)

    @property
    def entrees(self) -> pd.DataFrame:
        """Inputs that differ, by path: label, unit, value before and after (NaN when it is no known number, or a choice)."""
        import pandas as pd

        rangs = []
        for e in self._ecarts.entrees:
            avant, apres = e.nombres or (float("nan"), float("nan"))
            rangs.append((e.champ, e.libelle, e.unite, avant, apres, mots.dire_l_entree(e)))
        return pd.DataFrame(rangs, columns=["champ", "libelle", "unite", "avant", "apres", "dit"]).set_index("champ")

    @property
    def effets(self) -> pd.DataFrame:
        """Figures of the closed plan that differ, by code: value before, after and change; NaN says why in ``dit``."""
        import pandas as pd

        rangs = [
            (e.code, e.etage, e.libelle, e.unite, e.avant, e.apres, e.ecart, e.franchit, mots.dire_l_effet(e))
            for e in self._ecarts.effets
        ]
        colonnes = ["code", "etage", "libelle", "unite", "avant", "apres", "ecart", "franchit_un_seuil", "dit"]
        return pd.DataFrame(rangs, columns=colonnes).set_index("code")

    def __repr__(self) -> str:
        return self.phrase

    def _repr_html_(self) -> str:
        return f'{STYLE_CARNET}<div class="pf">{tableau(mots.table(self._ecarts), titre="caption", repete=False)}</div>'


@verifie
def difference(avant: Etude, apres: Etude) -> Difference:
    """What separates two studies, or two scenarios of one, on their closed plans: inputs, then figures, thresholds crossed.

    >>> import pope_foncier as pf
    >>> etude = pf.ouvrir("gare_saint_denis")
    >>> lue = pf.difference(etude, etude.avec_blocs("travaux_plus_15"))
    >>> lue.effets.loc["besoins.travaux_ht", ["avant", "apres"]].round().tolist()
    [524748.0, 603460.0]
    """
    titres = [_titre(e) for e in (avant, apres)]
    nom = ""
    if avant.scenario == apres.scenario and apres.retouches[: len(avant.retouches)] == avant.retouches:
        nom = " ; ".join(apres.retouches[len(avant.retouches) :])
    vues = [e.calculer()._ouverte for e in (avant, apres)]
    return Difference(differencier(vues[0], vues[1], (titres[0], titres[1])), nom)


@donnee_par('pf.comparer("gare_saint_denis", bouclages=["tous"])')
@dataclass(frozen=True, repr=False)
class Comparaison(NomsProches):
    """Options side by side: sites × modes × montages × ways of closing, ranked by criteria that are data.

    >>> import pope_foncier as pf
    >>> lue = pf.comparer("gare_saint_denis", bouclages=["personne", "commune"])
    >>> lue.options["a_trouver"].round().tolist()
    [519973.0, 0.0]
    """

    _options: Options

    @property
    def options(self) -> pd.DataFrame:
        """Every option in numbers, indexed by study, mode, montage and way of closing; an impossible one says why in ``raisons``."""
        return tableaux.cadre(self._options)

    @property
    def classement(self) -> pd.DataFrame:
        """Ranking: what each criterion brings to the score (weight × mark), and the share of drawn weights where the option is first."""
        import pandas as pd

        lu, evaluees = self._options.classement, self._options.evaluees
        index = pd.MultiIndex.from_tuples(
            [evaluees[i].cle for i in lu.rangs], names=["etude", "mode", "montage", "bouclage"]
        )
        parts = pd.DataFrame(lu.parts[list(lu.rangs)], index=index, columns=[c.code for c in lu.criteres])
        return parts.assign(note=lu.scores[list(lu.rangs)], premiere=lu.premieres[list(lu.rangs)])

    @property
    def phrases(self) -> list[str]:
        """Options that nothing beats, those that another beats, ties, those left out, and what would change the first."""
        return tableaux.phrases(self._options)

    def tracer(self, au_plus: int = 9) -> Figure:
        """Small panels on the same scales, one an option, with the plan of the place where one is drawn."""
        from pope_foncier.vues.decision.comparer.graphiques import dessiner
        from pope_foncier.vues.formes.figures import montrable

        return montrable(dessiner(self._options, au_plus))

    def __repr__(self) -> str:
        return "\n".join(
            [f"{len(self._options.options)} options, {len(self._options.evaluees)} calculées.", *self.phrases]
        )

    def _repr_html_(self) -> str:
        tables = [
            tableaux.options(self._options),
            tableaux.classement(self._options),
            tableaux.impossibles(self._options),
        ]
        corps = "".join(tableau(t, titre="caption", repete=False) for t in tables if t is not None)
        return f'{STYLE_CARNET}<div class="pf">{"".join(f"<p>{proteger(p)}</p>" for p in self.phrases)}{corps}</div>'


@verifie
def comparer(
    *etudes: str | Path | Etude,
    modes: Sequence[str] = (),
    montages: Sequence[str] = (),
    bouclages: Sequence[str] = (),
    criteres: str | Path | None = None,
) -> Comparaison:
    """Compare sites, modes d'accueil, montages and ways of closing: every combination, possible or why not, on its closed plan.

    Args:
        etudes: studies by name, by file, or open with their changes; all those of the project by default.
        modes: modes d'accueil (``micro_creche_psu``…), or ``tous``; that of each study by default.
        montages: who holds the walls (``commune_loue``…), ``tel_quel``, or ``tous``; that of each study by default.
        bouclages: ways of closing (``personne``, ``commune``, ``pret``, ``fonds_et_commune``, ``partage``), or ``tous``; that of each study by default.
        criteres: file of criteria and weights in place of that of the project.

    Raises:
        Inconnu: no such study, mode, montage or way; the near names are offered.

    >>> import pope_foncier as pf
    >>> pf.comparer("gare_saint_denis", montages=["bail_construction"]).options["raisons"].iloc[0]
    "domaine public ferroviaire : pas de droit réel en l'état"
    """
    demande = Demande.lire(modes, montages, bouclages)
    fiches = None if criteres is None else lire_criteres(Path(criteres))
    lues = [e if isinstance(e, Etude) else ouvrir(e) for e in etudes or etudes_livrees()]
    dossiers = [_sous_son_scenario(e) for e in lues]
    return Comparaison(Options.de(dossiers, demande, moteur_du_projet(), fiches))


def _sous_son_scenario(etude: Etude) -> Dossier:
    """Study ready to combine: the scenario read is its base, and the others say which modes it describes."""
    dits = [etude._dossier.titre(etude.scenario)] if etude.scenario != BASE else []
    suite = " ; ".join([*dits, *etude.retouches])
    nom = espaces_simples(f"{etude.nom} ({suite})") if suite else etude.nom
    titre = f"{etude.fiche.titre} ({suite})" if suite else etude.fiche.titre
    return replace(etude.dossier_entier(), nom=nom, etude=etude.fiche.model_copy(update={"titre": titre}))


def _titre(etude: Etude) -> str:
    """Title of the scenario, and the changes made since."""
    return " ; ".join((etude._dossier.titre(etude.scenario), *etude.retouches))
