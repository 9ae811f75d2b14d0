"""« À confirmer »: figures that somebody must confirm, what is missing first, and what the study does not count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from pope_foncier.baremes.dispositif import FORME_EN_CLAIR
from pope_foncier.etude.effort import inconnues_de_l_effort, poids_sur_l_effort, sans_l_aide
from pope_foncier.etude.pentes import REALISER
from pope_foncier.etude.poids import Poids
from pope_foncier.etude.points_du_lieu import points_du_lieu
from pope_foncier.etude.points_du_plan import points_du_plan
from pope_foncier.etude.resultats import Vue, douteuse, entrees
from pope_foncier.etude.service_public import avis_de_la_commune
from pope_foncier.exploitation.conditions import (
    CTG,
    CTG_INCONNUE,
    NON_SOUTENU,
    commune_paie,
    soutien_de_la_commune,
)
from pope_foncier.modele.contexte import CHOIX_DE_L_ETUDE
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.places.places_du_mode import mode_de_l_etude
from pope_foncier.socle.francais import de
from pope_foncier.socle.grandeur import Grandeur, par_annee
from pope_foncier.socle.phrases import Origine

SI_ELLE_MANQUE = "si elle manque"
"""Range of a grant: all of it, or nothing."""
INDISPENSABLE = "sans valeur : l'effort demandé reste inconnu"
"""What is said of an unknown input that nothing stands for."""
SANS_EFFET = "ne change pas l'effort demandé"
"""What is said of an unknown input that the effort does not read."""


@dataclass(frozen=True, slots=True)
class AConfirmer:
    """Row of « À confirmer »: a figure that is an assumption, unsure, prolonged, or missing."""

    quoi: str
    valeur: str
    pourquoi: str
    aupres_de: str
    nombre: float = np.nan
    """The value, in its unit; NaN when the words say all."""
    unite: str = ""
    poids: float = np.nan
    """What it moves of the effort asked, more or less [€/place/year]; NaN when it has no number to move."""
    selon: str = ""
    """Over what range, or why it has no weight."""

    @property
    def rang(self) -> int:
        """What is missing first (0), then what somebody must answer (1), then working assumptions that nobody is asked (2)."""
        return 0 if self.valeur == "inconnu" else 1 if self.aupres_de else 2


def a_confirmer(vue: Vue) -> list[AConfirmer]:
    """Figures of a scenario that somebody must confirm, each once, and the aids that are not counted; what is missing first.

    Then what weighs most on the effort asked (``etude.effort``). What the study itself decides (a whole grant, no delay) is not a doubt
    and is left out.
    """
    return vue.une_fois(_a_confirmer)


def _a_confirmer(vue: Vue) -> list[AConfirmer]:
    lignes = _des_entrees(vue)
    _ajouter_les_aides(vue, lignes)
    poids, manquantes = poids_sur_l_effort(vue, lignes), inconnues_de_l_effort(vue)
    comptees = [a.id for a in vue.ev.ctx.etude.aides if a.id in lignes and a.statut != "non_demandee"]
    refusees = sans_l_aide(vue, comptees)
    pesees = [_pesee(cle, ligne, poids, refusees, manquantes) for cle, ligne in lignes.items()]
    points = (AConfirmer(*point) for lus in (points_du_plan, avis_de_la_commune, points_du_lieu) for point in lus(vue))
    return sorted([*pesees, *points, *_beneficiaires(vue), *_non_comptes(vue)], key=_ordre)


def a_demander(vue: Vue, nombre: int) -> list[AConfirmer]:
    """What to ask somebody first, the most pressing first: what leaves the effort unknown, then what weighs most."""
    demandes = (x for x in a_confirmer(vue) if x.aupres_de and (x.selon == INDISPENSABLE or x.poids > 0))
    return sorted(demandes, key=urgence)[:nombre]


def _ordre(ligne: AConfirmer) -> tuple[int, float]:
    if ligne.rang == 0:
        return 0, float(ligne.selon != INDISPENSABLE)
    return ligne.rang, np.inf if np.isnan(ligne.poids) else -ligne.poids


def urgence(ligne: AConfirmer) -> tuple[bool, float]:
    """What to ask first: what leaves the effort unknown, then what weighs most, then what weighs nothing that is known."""
    return ligne.selon != INDISPENSABLE, np.inf if np.isnan(ligne.poids) else -ligne.poids


def _pesee(
    cle: str,
    ligne: AConfirmer,
    poids: Mapping[str, Poids],
    refusees: Mapping[str, float],
    manquantes: Collection[str],
) -> AConfirmer:
    """Row with its weight: of the input, or of a grant that would be refused."""
    if cle in refusees:
        return replace(ligne, poids=refusees[cle], selon=SI_ELLE_MANQUE)
    if (lu := poids.get(cle)) is not None:
        return replace(ligne, poids=lu.montant, selon=lu.selon)
    if cle in manquantes:
        return replace(ligne, selon=INDISPENSABLE)
    return replace(ligne, selon=SANS_EFFET) if ligne.rang == 0 and not manquantes else ligne


def _des_entrees(vue: Vue) -> dict[str, AConfirmer]:
    """Inputs in doubt, by field or path."""
    lignes: dict[str, AConfirmer] = {}
    appeles = {id(g) for g in vue.ev.ctx.bouclage.values()}
    for grandeur, origine in entrees(vue):
        if origine.reference in lignes or not douteuse(origine):
            continue
        if origine.reference == REALISER or origine.mention == CHOIX_DE_L_ETUDE or id(grandeur) in appeles:
            continue
        if origine.reference == CTG and vue.ev.ctx.etude.territoire.ctg_signee == "inconnu":
            continue  # said with the income that it leaves out
        lignes[origine.reference] = _de_l_entree(grandeur, origine, vue.rang)
    return lignes


def _ajouter_les_aides(vue: Vue, lignes: dict[str, AConfirmer]) -> None:
    """Grants and other income that are not counted, or have something to say."""
    etude = vue.ev.ctx.etude
    for aide in etude.aides:
        if aide.statut == "non_demandee":
            lignes[aide.id] = AConfirmer(
                aide.libelle, "non demandée", aide.remarque or "aide non comptée dans le plan", aide.financeur
            )
        elif aide.remarque:
            lignes[aide.id] = AConfirmer(
                aide.libelle,
                aide.statut.replace("esperee", "espérée").replace("demandee", "demandée"),
                aide.remarque,
                aide.financeur,
            )
    for produit in etude.exploitation.produits_annexes if etude.exploitation else ():
        etat = _non_du(vue) if produit.statut != "non_demandee" and produit.condition else ""
        if etat:
            lignes[produit.id] = AConfirmer(produit.libelle, etat, *_pourquoi_non_du(vue, produit.payeur))
        elif produit.statut == "non_demandee" or produit.remarque:
            etat = "non compté" if produit.statut == "non_demandee" else "compté"
            lignes[produit.id] = AConfirmer(produit.libelle, etat, produit.remarque or "non compté", produit.payeur)


def _beneficiaires(vue: Vue) -> Iterator[AConfirmer]:
    """Grants counted for a legal form that their scheme may not admit."""
    etude, catalogue = vue.ev.ctx.etude, vue.ev.ctx.catalogue
    forme = etude.acteurs.forme_maitre_ouvrage
    for aide in etude.aides:
        if aide.statut == "non_demandee" or aide.dispositif is None:
            continue
        regle = catalogue.fichier(f"subventions.{aide.dispositif}").dispositif
        if regle is not None and forme in regle.beneficiaires_a_confirmer:
            pourquoi = "la règle publiée ne dit pas si cette forme est admise : aide comptée"
            yield AConfirmer(f"Bénéficiaire : {aide.libelle}", FORME_EN_CLAIR[forme], pourquoi, aide.financeur)


def _de_l_entree(grandeur: Grandeur, origine: Origine, rang: int) -> AConfirmer:
    """Row of an input: its value, or that it is unknown or follows a path."""
    nom, mots = f"{grandeur.nom[:1].upper()}{grandeur.nom[1:]}", (_pourquoi(origine), origine.a_obtenir_de)
    if origine.reference.startswith("evolution."):
        return AConfirmer(nom, "hypothèse d'évolution", *mots)
    if origine.nature == "inconnu":
        return AConfirmer(nom, "inconnu", *mots)
    return AConfirmer(nom, grandeur.lire(rang), *mots, grandeur.au_point(rang), grandeur.unite)


def _non_du(vue: Vue) -> str:
    """« non dû », and the open years in which the commune pays nothing if it pays in others; '' when it always pays."""
    ev = vue.ev
    soutien = soutien_de_la_commune(ev.ctx, ev.calendrier, ev.capacite.places)
    ouverts = par_annee(ev.calendrier.ouvert, ev.ctx.echelle)
    ouvertes = [r for r in range(len(vue.annees)) if ouverts.au_point(vue.rang, rang_annee=r) > 0]
    sans = [r for r in ouvertes if soutien.au_point(vue.rang, rang_annee=r) == 0]
    if not sans or len(sans) == len(ouvertes):
        return "non dû" if sans else ""
    return f"non dû en {', '.join(str(vue.annees[r]) for r in sans)}"


def _pourquoi_non_du(vue: Vue, payeur: str) -> tuple[str, str]:
    """Why an income under the support of the commune is not counted, and whom to ask."""
    ev = vue.ev
    paie = np.any(commune_paie(ev.ctx, ev.calendrier, ev.capacite.places).valeur != 0.0)
    if paie and ev.ctx.etude.territoire.ctg_signee == "inconnu":
        return CTG_INCONNUE, f"{ev.ctx.etude.acteurs.commune} et {payeur}"
    return NON_SOUTENU, payeur


def _pourquoi(origine: Origine) -> str:
    """Why a figure is in doubt, without what the other columns say already (its path, whom to ask)."""
    if origine.nature == "inconnu":
        return "à obtenir"
    mention = origine.mention.removeprefix("hypothèse : ")
    if origine.a_obtenir_de:
        mention = mention.removesuffix(f" ; à obtenir {de(origine.a_obtenir_de)}")
    return mention.replace(f"barème {origine.reference}, ", "")


def _non_comptes(vue: Vue) -> Iterator[AConfirmer]:
    """Costs and receipts that the study does not state: named, so that nobody takes them for zero."""
    etude = vue.ev.ctx.etude
    if etude.titre_occupation.genre == "propriete" and etude.acquisition is None:
        yield AConfirmer(
            "Prix d'achat, droits et frais d'acquisition",
            "non comptés",
            "section « acquisition » absente : la valeur du bien n'entre pas dans les besoins",
            "le propriétaire et le notaire",
        )
    if _cour_manque(vue):
        yield AConfirmer(
            "Espace extérieur à distance",
            "aucun compté",
            "zone ordinaire : la cour limite les places ; un espace admis assez près la remplacerait dans les petites catégories",
            "la PMI et la commune",
        )
    if etude.taxes is None:
        yield AConfirmer(
            "Taxe d'aménagement et taxe sur les bureaux",
            "non comptées",
            "section « taxes » absente",
            "le service d'urbanisme et la Drieat",
        )
    if etude.acteurs.forme_maitre_ouvrage == "collectivite" and etude.compensation_tva is None:
        yield AConfirmer(
            libelle("ressources.compensation_tva"),
            "non comptée",
            "section « compensation_tva » absente : la TVA reste une dépense du plan",
            "la commune",
        )
    if etude.reglements is None:
        yield AConfirmer(
            "Délais de paiement et retenue de garantie des travaux",
            "non comptés",
            "section « reglements » absente : travaux payés à mesure",
            "le maître d'ouvrage",
        )
    if etude.exploitation is None or etude.exploitation.versements_caf is None:
        yield AConfirmer(
            "Fonds de roulement",
            "non compté",
            "calendrier des versements de la Caf absent (« exploitation.versements_caf »)",
            "le gestionnaire",
        )


def _cour_manque(vue: Vue) -> bool:
    """Whether the yard of an ordinary zone forbids a place that the law would otherwise have allowed."""
    ctx, due = vue.ev.ctx, vue.ev.capacite.cour_suivante
    if due is None or not mode_de_l_etude(ctx.etude.mode_accueil).referentiel:
        return False
    cour = ctx.entree("programme.surface_exterieure_m2")
    return bool(vue.valeur(due) > vue.valeur(cour))
