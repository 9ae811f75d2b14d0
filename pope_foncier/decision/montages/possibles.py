"""Montages: the same site bought, leased, carried or occupied — possible or not, and the study that each one makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from pope_foncier.acquisition.fiche import Foncier, Possibilite
from pope_foncier.acquisition.montages import (
    Due,
    Lecture,
    Montage,
    Montages,
    lire_montages,
    taxe_due,
)
from pope_foncier.acquisition.titres import GenreTitre, Titre, titre_de
from pope_foncier.decision.montages.en_etude import duree_du_titre, est_a_la_commune, surcharges_de
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.moteur import Moteur
from pope_foncier.etude.sans_place import AUCUNE_PLACE, raison_sans_place
from pope_foncier.etude.scenarios import BASE, Dossier, varier
from pope_foncier.modele import calendrier
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.declaration import lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme

GARDES = 2
"""Studies whose montages an engine keeps: some forty megabytes each."""
RENOUVELE = "renouvele"
"""Name of the variant whose tenure is renewed to the end of the study."""
RELAIS_OTE = "Le prêt relais de l'étude n'est pas compté : son montant dépendrait du loyer d'équilibre."


Etat = Literal["possible", "a_confirmer", "impossible"]
Varier = Callable[[Dossier, str, Mapping[str, Any]], Etude]


@dataclass(frozen=True)
class Cas:
    """One montage on one site: state, reasons, and its study when it is not impossible."""

    nom: str
    montage: Montage
    genre: GenreTitre
    etat: Etat
    raisons: tuple[str, ...]
    """Why it is impossible, or what must be confirmed, with whom."""
    etude: Etude | None
    bureaux: Due
    """Tax on the creation of offices borne by the holder."""
    amenagement: Due
    """Taxe d'aménagement borne by the holder."""
    evaluation: Evaluation | None = None
    """Plan as it stands."""
    renouvelee: Evaluation | None = None
    """The same with the tenure renewed term after term to the end of the study; that of the study when it lasts."""

    def __repr__(self) -> str:
        return f"Cas({self.nom!r}, {self.etat})"

    @cached_property
    def bouclee(self) -> Evaluation:
        """The plan closed: what costs, contributions and covers are read on.

        Raises:
            ErreurCalcul: the montage was not evaluated, or its plan does not close.
        """
        if self.evaluation is None:
            raise ErreurCalcul(
                f"« {self.montage.titre} » n'a pas été évalué : rien à boucler. Choisir un montage possible."
            )
        return boucler(self.evaluation)

    @property
    def titre(self) -> Titre:
        """Tenure of the holder."""
        return titre_de(self.genre)

    @property
    def a_la_commune(self) -> bool:
        """Whether the walls are the commune's, held or given to lease by it."""
        return self.montage.porteur == "commune" or self.montage.bailleur != "proprietaire_actuel"


@dataclass(frozen=True)
class AutreLecture:
    """Result of one montage under the other answer to an unsettled point of law."""

    lecture: Lecture
    evaluation: Evaluation


def comparer(dossier: Dossier, moteur: Moteur, montages: Montages | None = None) -> list[Cas]:
    """Every montage on the site of a study, evaluated when the law and the site allow it.

    The conditions of the grants apply as written: what the study sets aside (``dispenses``) is not carried over, so that
    tenures are compared on the same reading. Who asks again for the same study is given the same.

    Raises:
        ErreurDonnees: the study does not describe its property (section ``foncier``).
    """
    foncier = dossier.etude.foncier
    if foncier is None:
        raise ErreurDonnees(
            [
                Probleme(
                    dossier.nom,
                    None,
                    "foncier",
                    "l'étude ne dit pas ce que le propriétaire accepte.",
                    "ajouter la section « foncier » (prix, loyers, durées, voies ouvertes), comme dans "
                    "data/etudes/gare_saint_denis.yaml.",
                )
            ]
        )
    fiches = montages or lire_montages()

    seule = replace(dossier, variantes={BASE: dossier.etude})

    def evaluer() -> list[Cas]:
        return [_evaluer(seule, preparer(seule, foncier, n, m, fiches), moteur) for n, m in fiches.montages.items()]

    return [*moteur.une_fois("montages", seule, evaluer, fiches, GARDES)]


def _evaluer(dossier: Dossier, cas: Cas, moteur: Moteur) -> Cas:
    if cas.etude is None:
        return cas
    assert dossier.etude.foncier is not None
    variantes = {BASE: cas.etude}
    cal = calendrier.etablir(Contexte((cas.etude,), dossier.site, moteur.catalogue, moteur.evolutions))
    if np.any(cal.fin_titre.valeur <= cal.ouverture.valeur):
        return replace(cas, etat="impossible", raisons=("le titre finit avant l'ouverture",), etude=None)
    a_renouveler = cas.titre.voie != "vente" and cas.montage.loyer == "annuel"
    if a_renouveler:
        renouvellement = dossier.etude.foncier.renouvellement.model_dump(mode="python", exclude_defaults=True)
        seul = replace(dossier, etude=cas.etude, variantes=variantes)
        variantes[RENOUVELE] = varier(seul, RENOUVELE, {"titre_occupation.renouvellement": renouvellement})
    try:
        evaluations = [_une_seule_fois(dossier, e, nom, moteur) for nom, e in variantes.items()]
    except ErreurCalcul as erreur:
        return replace(cas, etat="impossible", raisons=(f"sans prêt possible : {erreur}",), etude=None)
    if sans := raison_sans_place(evaluations[0]):
        return replace(cas, etat="impossible", raisons=(f"{AUCUNE_PLACE} : {sans}",), etude=None)
    evalue = replace(cas, evaluation=evaluations[0], renouvelee=evaluations[-1])
    try:
        evalue.bouclee  # noqa: B018
    except ErreurCalcul as erreur:
        return replace(cas, etat="impossible", raisons=(f"plan impossible à boucler : {erreur}",), etude=None)
    return evalue


def relire(dossier: Dossier, cas: Cas, moteur: Moteur, montages: Montages | None = None) -> list[AutreLecture]:
    """A montage under the other answer of each of its unsettled points of law; a point that its study ignores is left out."""
    if cas.etude is None:
        return []
    fiches = montages or lire_montages()
    seul = replace(dossier, etude=cas.etude, variantes={BASE: cas.etude})
    autres = []
    for nom in cas.montage.lectures:
        lecture = fiches.lectures[nom]
        surcharges = _autre_reponse(cas.etude, lecture, fiches)
        if surcharges and (not lecture.genres or cas.genre in lecture.genres):
            etude = varier(seul, nom, surcharges)
            autres.append(AutreLecture(lecture, _une_seule_fois(dossier, etude, BASE, moteur)))
    return autres


def _une_seule_fois(dossier: Dossier, etude: Etude, nom: str, moteur: Moteur) -> Evaluation:
    """Evaluation of one of so many structures that none comes back while it is remembered: recording it would cost two more."""
    return moteur.evaluer(replace(dossier, etude=etude, variantes={nom: etude}))[0]


def _autre_reponse(etude: Etude, lecture: Lecture, fiches: Montages) -> dict[str, object]:
    """Overrides of the other answer; nothing when the study has no such field, or settles the question."""
    champs = {**lecture.surcharges, **{c: lire_champ(etude, source) for c, source in lecture.copies.items()}}
    if any(getattr(etude, c.split(".")[0]) is None for c in champs):
        return {}
    if lecture.tranchee_par is not None and lire_champ(etude, lecture.tranchee_par) is not None:
        return {}
    surcharges: dict[str, object] = {
        c: v.model_dump(mode="python", exclude_defaults=True) if isinstance(v, Donnee) else v for c, v in champs.items()
    }
    for aide in etude.aides:
        if aide.id in lecture.aides_refusees or aide.dispositif in lecture.aides_refusees:
            surcharges[f"aides[{aide.id}].coefficient"] = 0.0
    if lecture.garantie == "communale":
        garantie = fiches.garanties.communale.model_dump(mode="python", exclude_defaults=True)
        surcharges |= {f"prets[{p.id}].garantie": garantie for p in etude.prets}
    return surcharges


def preparer(
    dossier: Dossier,
    foncier: Foncier,
    nom: str,
    montage: Montage,
    montages: Montages | None = None,
    varier: Varier = varier,
) -> Cas:
    """State of a montage on a site, and its study.

    Args:
        varier: makes the study, with the overrides of the montage.
    """
    fiches = montages or lire_montages()
    achat: GenreTitre = "vefa" if foncier.regime == "neuf_ou_vefa" else "propriete"
    genre: GenreTitre = achat if montage.genre == "achat" else montage.genre
    titre = titre_de(genre)
    non, inconnus = _juger(dossier, foncier, montage, titre)
    forme = fiches.forme_de(montage)
    bureaux, amenagement = taxe_due(titre.bureaux, forme.bureaux), taxe_due(titre.amenagement, forme.amenagement)
    if non:
        return Cas(nom, montage, genre, "impossible", tuple(non), None, bureaux, amenagement)
    try:
        etude = varier(dossier, nom, surcharges_de(dossier, foncier, montage, genre, fiches))
    except ErreurDonnees as erreur:
        raisons = tuple(f"l'étude et ce montage se contredisent : {p.message} {p.remede}" for p in erreur.problemes)
        return Cas(nom, montage, genre, "impossible", raisons, None, bureaux, amenagement)
    a_confirmer = (*inconnus, *titre.a_confirmer, *montage.a_confirmer)
    if dossier.etude.relais is not None and etude.relais is None:
        a_confirmer = (*a_confirmer, RELAIS_OTE)
    a_confirmer = (*a_confirmer, *_des_garanties(dossier.etude, etude, fiches))
    etat: Etat = "a_confirmer" if inconnus else "possible"
    return Cas(nom, montage, genre, etat, a_confirmer, etude, bureaux, amenagement)


def _des_garanties(avant: Etude, etude: Etude, fiches: Montages) -> list[str]:
    """What to confirm about the securities of the loans, and the guarantee of the commune that the holder cannot have."""
    prises, prevues = ({p.garantie.genre for p in e.prets if p.garantie is not None} for e in (etude, avant))
    raisons = []
    if "caution" in prises:
        raisons.append(fiches.garanties.garant_a_confirmer)
    if "garantie_communale" in prises:
        raisons.append(fiches.garanties.communale_a_confirmer)
    elif "garantie_communale" in prevues and etude.acteurs.forme_maitre_ouvrage != "collectivite":
        raisons.append(fiches.garanties.communale_refusee)
    return raisons


def _juger(dossier: Dossier, foncier: Foncier, montage: Montage, titre: Titre) -> tuple[list[str], list[str]]:
    """What forbids a montage, and what is not known."""
    non: list[str] = []
    inconnus: list[str] = []
    de_la_commune = est_a_la_commune(dossier, foncier)
    par_achat = montage.bailleur == "commune_apres_achat"
    if de_la_commune and montage.portage == "oui":
        non.append("le bien est déjà à la commune : rien à porter")
    possibilites = []
    if not (de_la_commune and montage.porteur == "commune" and titre.voie == "vente"):
        possibilites.append(_voie(foncier, titre, par_achat))
    if montage.portage == "oui":
        possibilites.append(foncier.portage_public)
    for possibilite in possibilites:
        if possibilite.reponse == "non":
            non.append(possibilite.raison)
        elif possibilite.reponse == "inconnu":
            inconnus.append(f"{possibilite.raison} (demander : {possibilite.aupres_de})")
    reel = titre.voie in ("bail_reel", "bail_reel_solidaire")
    if dossier.site.domaine == "public_ferroviaire" and reel and not par_achat and not non:
        inconnus.append(
            f"{titre.libelle} : un droit réel sur le domaine ferroviaire doit être accordé par le propriétaire "
            f"(demander : {foncier.proprietaire_actuel})"
        )
    if montage.forme in titre.exclus and titre.raison_exclusion:
        non.append(titre.raison_exclusion)
    elif montage.forme in titre.sous_condition and titre.raison_exclusion:
        inconnus.append(
            f"{titre.raison_exclusion} ; effectif et chiffre d'affaires de l'association entière à comparer"
        )
    if montage.bailleur == "domaine_communal" and not de_la_commune:
        non.append(f"{titre.libelle} : il faut un bien de la commune")
    if montage.bailleur == "commune_apres_achat" and de_la_commune:
        non.append("le bien est déjà à la commune : voir le bail emphytéotique administratif")
    duree = duree_du_titre(foncier, titre)
    if duree.valeur is None:
        inconnus.append(f"durée du titre (demander : {duree.a_obtenir_de})")
    elif titre.voie != "vente":
        refus = titre.refus_de_duree(duree.valeur)
        non += [refus] if refus else []
    return list(dict.fromkeys(non)), inconnus


def _voie(foncier: Foncier, titre: Titre, par_achat: bool) -> Possibilite:
    """Whether the site opens the way that a tenure needs; a commune that buys first needs a sale."""
    voie = foncier.voies.get("vente" if par_achat else titre.voie)
    return voie or Possibilite(
        reponse="inconnu",
        raison=f"{titre.libelle} : l'étude ne dit pas si cette voie est ouverte",
        aupres_de=foncier.proprietaire_actuel,
    )
