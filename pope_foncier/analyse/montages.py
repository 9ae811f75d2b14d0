"""Montages: the same site bought, leased, carried or occupied — possible or not, and the study that each one makes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pope_foncier.analyse.chaine import Evaluation, Moteur
from pope_foncier.analyse.scenarios import BASE, Dossier, varier
from pope_foncier.projet.donnee import Donnee
from pope_foncier.projet.etude import Etude
from pope_foncier.projet.foncier import Foncier, Possibilite
from pope_foncier.projet.titres import PLEINE_PROPRIETE, GenreTitre, Titre, titre_de
from pope_foncier.socle.chemins import dossier_donnees
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, Probleme
from pope_foncier.socle.fiches import Fiche, Part, Texte, lire_fiche

Etat = Literal["possible", "a_confirmer", "impossible"]
Porteur = Literal["gestionnaire", "sci", "commune", "fonciere"]


CAPITAL_SCI = "capital_sci"
"""Identifier of the equity that a montage adds to a company."""


class Due(Fiche):
    """Whether a tax is due, and why."""

    due: Part
    raison: Texte


class BailType(Fiche):
    """Letting of a montage."""

    genre: GenreTitre
    loyer: Literal["equilibre", "gratuit"]
    tva: Literal["oui", "non"] = "non"


class Montage(Fiche):
    """Montage: who holds the walls, under which tenure, who lets to whom."""

    titre: Texte
    porteur: Porteur
    forme: Literal["association", "scic", "sci", "collectivite", "entreprise"]
    genre: GenreTitre | Literal["achat"]
    """Tenure of the holder; ``achat`` is full ownership or an off-plan purchase, as the site allows."""
    bail: BailType | None = None
    compensation: Literal["recuperation", "fctva"] | None = None
    portage: Literal["oui", "non"] = "non"
    """Whether the public land body buys first and sells at cost."""
    domaine_communal: Literal["oui", "non"] = "non"
    sans_aides: tuple[Texte, ...] = ()
    """Schemes or aids refused in this reading."""
    bureaux: Due
    amenagement: Due
    a_confirmer: tuple[Texte, ...] = ()


class Montages(Fiche):
    """Montages by name, in the order of the tables."""

    montages: dict[str, Montage]


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
    evaluation: Evaluation | None = None

    @property
    def titre(self) -> Titre:
        """Tenure of the holder."""
        return titre_de(self.genre)


@lru_cache(maxsize=4)
def lire_montages(chemin: Path | None = None) -> Montages:
    """Read the montages."""
    return lire_fiche(Montages, chemin or dossier_donnees() / "montages.yaml")


def comparer(dossier: Dossier, moteur: Moteur, montages: Montages | None = None) -> list[Cas]:
    """Every montage on the site of a study, evaluated when the law and the site allow it.

    The conditions of the grants apply as written: what the study sets aside (``dispenses``) is not carried over, so that
    tenures are compared on the same reading.

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
    cas = []
    for nom, montage in (montages or lire_montages()).montages.items():
        un = preparer(dossier, foncier, nom, montage)
        if un.etude is not None:
            seul = replace(dossier, etude=un.etude, variantes={BASE: un.etude})
            try:
                un = replace(un, evaluation=moteur.evaluer(seul)[0])
            except ErreurCalcul as erreur:
                un = replace(un, etat="impossible", raisons=(f"sans prêt possible : {erreur}",), etude=None)
        cas.append(un)
    return cas


def preparer(dossier: Dossier, foncier: Foncier, nom: str, montage: Montage) -> Cas:
    """State of a montage on a site, and its study."""
    achat: GenreTitre = "vefa" if foncier.regime == "neuf_ou_vefa" else "propriete"
    genre: GenreTitre = achat if montage.genre == "achat" else montage.genre
    titre = titre_de(genre)
    non, inconnus = _juger(dossier, foncier, montage, titre)
    if non:
        return Cas(nom, montage, genre, "impossible", tuple(non), None)
    a_confirmer = (*inconnus, *titre.a_confirmer, *montage.a_confirmer)
    etat: Etat = "a_confirmer" if inconnus else "possible"
    surcharges = _surcharges(dossier, foncier, montage, genre, titre)
    return Cas(nom, montage, genre, etat, a_confirmer, varier(dossier, nom, surcharges))


def _juger(dossier: Dossier, foncier: Foncier, montage: Montage, titre: Titre) -> tuple[list[str], list[str]]:
    """What forbids a montage, and what is not known."""
    non: list[str] = []
    inconnus: list[str] = []
    voie = foncier.voies.get(titre.voie)
    if voie is None:
        voie = Possibilite(
            reponse="inconnu",
            raison=f"{titre.libelle} : l'étude ne dit pas si cette voie est ouverte",
            aupres_de=foncier.proprietaire_actuel,
        )
    voies = [voie]
    if montage.portage == "oui":
        voies.append(foncier.portage_public)
    for possibilite in voies:
        if possibilite.reponse == "non":
            non.append(possibilite.raison)
        elif possibilite.reponse == "inconnu":
            inconnus.append(f"{possibilite.raison} (demander : {possibilite.aupres_de})")
    if dossier.site.domaine == "public_ferroviaire" and titre.voie in ("bail_reel", "bail_reel_solidaire"):
        non.append(f"{titre.libelle} : pas de droit réel sur le domaine public ferroviaire en l'état")
    if montage.forme in titre.exclus and titre.raison_exclusion:
        non.append(titre.raison_exclusion)
    if montage.domaine_communal == "oui" and dossier.site.domaine != "public_communal":
        non.append(f"{titre.libelle} : il faut un bien de la commune")
    duree = _duree(dossier, foncier, titre)
    if duree.valeur is None:
        inconnus.append(f"durée du titre (demander : {duree.a_obtenir_de})")
    elif titre.voie != "vente":
        refus = titre.refus_de_duree(duree.valeur)
        non += [refus] if refus else []
    return list(dict.fromkeys(non)), inconnus


def _duree(dossier: Dossier, foncier: Foncier, titre: Titre) -> Donnee[int]:
    """Term of the tenure on this site [months]; ownership lasts as long as the study."""
    if titre.voie == "vente":
        duree = dossier.etude.horizon_mois
        return Donnee[int](valeur=duree, base="propriété, menée jusqu'à la fin de l'étude")
    return {
        "bail_reel": foncier.bail_long_mois,
        "bail_reel_solidaire": foncier.bail_long_mois,
        "bail_simple": foncier.bail_simple_mois,
        "convention": foncier.convention_mois,
        "mise_a_disposition": foncier.bail_simple_mois,
    }[titre.voie]


def _surcharges(
    dossier: Dossier, foncier: Foncier, montage: Montage, genre: GenreTitre, titre: Titre
) -> dict[str, Any]:
    """Overrides that turn the study of a site into the study of a montage."""
    etude = dossier.etude
    chez_gestionnaire = montage.porteur == "gestionnaire"
    donnee = _brut
    duree = _duree(dossier, foncier, titre)
    loyers = {
        "bail_reel": foncier.loyer_long_m2_an,
        "bail_reel_solidaire": foncier.loyer_long_m2_an,
        "bail_simple": foncier.loyer_simple_m2_an,
        "convention": foncier.redevance_m2_an,
    }
    loyer = loyers.get(titre.voie)
    surcharges: dict[str, Any] = {
        "acteurs.proprietaire": _nom_du_porteur(etude, foncier, montage),
        "acteurs.maitre_ouvrage": "gestionnaire" if chez_gestionnaire else "proprietaire",
        "acteurs.forme_maitre_ouvrage": montage.forme,
        "titre_occupation": {
            "genre": genre,
            "droits_reels": titre.droits_reels == "oui",
            "duree_mois": donnee(duree),
            "loyer_m2_an": donnee(loyer) if loyer else {"valeur": 0, "base": "aucun loyer pour ce titre"},
        },
        "immobilier": _immobilier(foncier, titre),
        "acquisition": _acquisition(foncier, montage) if genre in PLEINE_PROPRIETE else None,
        "bail_gestionnaire": _bail(etude, foncier, montage, titre) if montage.bail else None,
        "compensation_tva": _compensation(foncier, montage),
        "aides": _aides(etude, montage),
        "prets": _prets(etude, foncier, None if titre.voie == "vente" else duree, chez_gestionnaire),
        "apports": _apports(etude, foncier, montage),
    }
    if montage.bail is not None and montage.bail.loyer == "equilibre":
        surcharges["relais"] = None
    if etude.taxes is not None:
        surcharges["taxes.bureaux_part_due"] = {"valeur": montage.bureaux.due, "base": montage.bureaux.raison}
        surcharges["taxes.amenagement_part_due"] = {
            "valeur": montage.amenagement.due,
            "base": montage.amenagement.raison,
        }
        if genre in PLEINE_PROPRIETE:
            surcharges["taxes.terrain"] = _terrain(foncier)
    return surcharges


def _terrain(foncier: Foncier) -> dict[str, Any]:
    """Price of the land in a purchase: base of the cap of the office-creation tax; unknown as long as the price is."""
    if foncier.prix.valeur is None or foncier.part_terrain.valeur is None:
        return {"a_obtenir_de": foncier.prix.a_obtenir_de or foncier.part_terrain.a_obtenir_de or "le vendeur"}
    return {
        "valeur": foncier.prix.valeur * foncier.part_terrain.valeur,
        "base": "part du terrain dans le prix de l'étude",
    }


def _brut(donnee: Donnee[Any]) -> dict[str, Any]:
    return donnee.model_dump(mode="python", exclude_defaults=True)


def _nom_du_porteur(etude: Etude, foncier: Foncier, montage: Montage) -> str:
    return {
        "gestionnaire": foncier.proprietaire_actuel,
        "sci": "SCI solidaire",
        "commune": f"{etude.acteurs.commune} (patrimoine)",
        "fonciere": "Foncière solidaire",
    }[montage.porteur]


def _immobilier(foncier: Foncier, titre: Titre) -> dict[str, Any]:
    charges = _brut(foncier.immobilier)  # type: ignore[arg-type]
    if titre.taxe_fonciere == "proprietaire":
        charges["taxe_fonciere_m2_an"] = {"valeur": 0, "base": f"{titre.libelle} : à la charge du propriétaire"}
    if titre.gros_travaux == "proprietaire":
        charges["entretien_m2_an"] = {"valeur": 0, "base": f"{titre.libelle} : gros travaux au propriétaire"}
    return charges


def _acquisition(foncier: Foncier, montage: Montage) -> dict[str, Any]:
    prix = _brut(foncier.prix)
    if montage.portage == "oui" and foncier.prix.valeur is not None and foncier.frais_portage_part.valeur is not None:
        part = foncier.frais_portage_part.valeur
        prix = {
            "valeur": foncier.prix.valeur * (1 + part),
            "base": f"prix de l'étude et frais de portage : {foncier.frais_portage_part.base}",
        }
    return {
        "vendeur": "EPFIF" if montage.portage == "oui" else foncier.proprietaire_actuel,
        "regime": foncier.regime,
        "prix": prix,
        "debours": _brut(foncier.debours),
        "part_terrain": _brut(foncier.part_terrain),
        "duree_vie_mois": _brut(foncier.duree_vie_mois),
    }


def _bail(etude: Etude, foncier: Foncier, montage: Montage, titre: Titre) -> dict[str, Any]:
    assert montage.bail is not None
    rendements = {"sci": foncier.rendement_sci, "fonciere": foncier.rendement_fonciere}
    bail: dict[str, Any] = {"genre": montage.bail.genre, "loyer": montage.bail.loyer, "tva": montage.bail.tva == "oui"}
    if titre.voie != "vente":
        bail["bailleur"] = foncier.proprietaire_actuel
    if montage.bail.loyer == "equilibre":
        rendement = rendements.get(montage.porteur)
        bail["rendement"] = (
            _brut(rendement) if rendement else {"valeur": 0, "base": "une commune ne cherche pas de rendement"}
        )
    return bail


def _compensation(foncier: Foncier, montage: Montage) -> dict[str, Any] | None:
    if montage.compensation is None:
        return None
    if montage.compensation == "recuperation":
        return {"nature": "recuperation", "delai_mois": _brut(foncier.tva_delai_mois)}
    return {"nature": "fctva", "annees": foncier.fctva_annees, "mois_versement": _brut(foncier.fctva_mois)}


def _aides(etude: Etude, montage: Montage) -> list[dict[str, Any]]:
    """Grants of the study, their conditions as written, those that the reading refuses at nothing."""
    aides = [a.model_dump(mode="python", exclude_defaults=True) for a in etude.aides]
    for aide in aides:
        aide.pop("dispenses", None)
        if aide["id"] in montage.sans_aides or aide.get("dispositif") in montage.sans_aides:
            aide["coefficient"] = 0.0
    return aides


def _prets(etude: Etude, foncier: Foncier, duree: Donnee[int] | None, chez_gestionnaire: bool) -> list[dict[str, Any]]:
    """Loans of the study, borrowed by the holder, each cut to what the tenure allows; unknown when that is unknown."""
    prets = [p.model_dump(mode="python", exclude_defaults=True) for p in etude.prets]
    limite = duree_de_pret(foncier, duree)
    for pret in prets:
        pret["emprunteur"] = "gestionnaire" if chez_gestionnaire else "proprietaire"
        voulue = pret["duree_mois"].get("valeur")
        if limite is None:
            pret["duree_mois"] = {"a_obtenir_de": foncier.pret_duree_max_mois.a_obtenir_de or "le prêteur"}
        elif voulue is not None and voulue > limite:
            pret["duree_mois"] = {"valeur": limite, "base": "durée de l'étude, ramenée à ce que le titre permet"}
    return prets


def duree_de_pret(foncier: Foncier, titre: Donnee[int] | None) -> int | None:
    """Longest loan that a tenure allows [months]: its term less a margin, within what the lender accepts; None if unknown.

    Args:
        titre: term of the tenure; None for ownership, which does not end.
    """
    plafond, marge = foncier.pret_duree_max_mois.valeur, foncier.pret_marge_mois.valeur
    if titre is None:
        return plafond
    if titre.valeur is None or plafond is None or marge is None:
        return None
    return max(min(plafond, titre.valeur - marge), 1)


def _apports(etude: Etude, foncier: Foncier, montage: Montage) -> list[dict[str, Any]]:
    apports = [a.model_dump(mode="python", exclude_defaults=True) for a in etude.apports]
    if montage.porteur == "sci":
        apports.append(
            {
                "id": CAPITAL_SCI,
                "libelle": "Parts de la SCI solidaire",
                "apporteur": "Membres et épargnants solidaires",
                "nature": "fonds_propres",
                "montant": _brut(foncier.apport_sci),
                "mois_versement": {"valeur": 0, "base": "parts souscrites au départ"},
            }
        )
    return apports
