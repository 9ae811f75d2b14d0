"""The study that a montage makes of a site: the overrides of parties, tenure, purchase, letting, taxes, loans and equity."""

from __future__ import annotations

from typing import Any

import numpy as np

from pope_foncier.acquisition.fiche import SUITES_DU_TITRE, Foncier
from pope_foncier.acquisition.montages import (
    FormeJuridique,
    Montage,
    Montages,
    taxe_due,
)
from pope_foncier.acquisition.titres import PLEINE_PROPRIETE, GenreTitre, Titre, titre_de
from pope_foncier.decision.montages.prets_du_montage import prets_du_montage
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.scenarios import Dossier
from pope_foncier.modele.donnee import Donnee, DonneeEntier
from pope_foncier.modele.fiche_bouclage import A_TROUVER, Boucleur
from pope_foncier.modele.financement import Aide, Apport
from pope_foncier.socle.fiches import champs_dits

CAPITAL_SCI = "capital_sci"
"""Identifier of the equity that a montage adds to a company."""
CAPITAL_SCIC = "capital_scic"
"""Identifier of the equity that a montage adds to a Scic."""
SANS_FIN_MOIS = 99 * 12
"""Term written for ownership [months]."""
EPARGNANTS = "Membres et épargnants solidaires"
EPFIF = "EPFIF"


def surcharges_de(
    dossier: Dossier, foncier: Foncier, montage: Montage, genre: GenreTitre, fiches: Montages
) -> dict[str, Any]:
    """Overrides that turn the study of a site into the study of a montage, by field of the study."""
    etude, titre, forme = dossier.etude, titre_de(genre), fiches.forme_de(montage)
    chez_gestionnaire = montage.porteur == "gestionnaire"
    duree = duree_du_titre(foncier, titre)
    achat = genre in PLEINE_PROPRIETE and not (montage.porteur == "commune" and est_a_la_commune(dossier, foncier))
    surcharges: dict[str, Any] = {
        "acteurs.proprietaire": _nom_du_proprietaire(dossier, foncier, montage),
        "acteurs.maitre_ouvrage": "gestionnaire" if chez_gestionnaire else "proprietaire",
        "acteurs.forme_maitre_ouvrage": montage.forme,
        "titre_occupation": _titre(etude, foncier, montage, genre, duree),
        "immobilier": _immobilier(foncier, titre, forme),
        "acquisition": _acquisition(dossier, foncier, montage, forme) if achat else None,
        "achat_bailleur": _achat(dossier, foncier, montage, fiches.formes["collectivite"])
        if montage.bailleur == "commune_apres_achat" and not est_a_la_commune(dossier, foncier)
        else None,
        "bail_gestionnaire": _bail(dossier, foncier, montage, titre) if montage.bail else None,
        "compensation_tva": _compensation(etude, foncier, montage),
        "aides": _aides(etude),
        "prets": prets_du_montage(
            foncier,
            etude,
            None if titre.voie == "vente" else duree,
            montage,
            titre,
            droits_reels(etude, genre),
            fiches,
        ),
        "apports": _apports(etude, foncier, montage),
    }
    if montage.bail is not None and montage.bail.loyer == "equilibre":
        surcharges["relais"] = None
        surcharges["bouclage"] = _bouclage_en_capital(etude)
    if montage.forme == "scic":
        surcharges["acteurs.gestionnaire"] = "Scic"
    if etude.taxes is not None:
        for quoi, due in (
            ("bureaux", taxe_due(titre.bureaux, forme.bureaux)),
            ("amenagement", taxe_due(titre.amenagement, forme.amenagement)),
        ):
            surcharges[f"taxes.{quoi}_part_due"] = {"valeur": due.due, "base": due.raison}
        if achat:
            surcharges["taxes.terrain"] = _terrain(foncier, montage)
    return surcharges


def duree_du_titre(foncier: Foncier, titre: Titre) -> Donnee[int]:
    """Term of the tenure on this site [months]; ownership has no end, which no commitment outlasts."""
    if titre.voie == "vente":
        return DonneeEntier(valeur=SANS_FIN_MOIS, base="propriété : sans fin, écrite 99 ans")
    return {
        "bail_reel": foncier.bail_long_mois,
        "bail_reel_solidaire": foncier.bail_long_mois,
        "bail_simple": foncier.bail_simple_mois,
        "convention": foncier.convention_mois,
        "mise_a_disposition": foncier.bail_simple_mois,
    }[titre.voie]


def _titre(etude: Etude, foncier: Foncier, montage: Montage, genre: GenreTitre, duree: Donnee[int]) -> dict[str, Any]:
    titre = titre_de(genre)
    loyer = {
        "bail_reel": foncier.loyer_long_m2_an,
        "bail_reel_solidaire": foncier.loyer_long_m2_an,
        "bail_simple": foncier.loyer_simple_m2_an,
        "convention": foncier.redevance_m2_an,
    }.get(titre.voie)
    fiche: dict[str, Any] = {
        "genre": genre,
        "droits_reels": droits_reels(etude, genre),
        "duree_mois": _brut(duree),
        "loyer_m2_an": loyer if loyer else {"valeur": 0, "base": "aucun loyer pour ce titre"},
    }
    if montage.loyer == "capitalise":
        fiche["loyer_capitalise"] = _capitaliser(etude, foncier, duree)
    elif genre == etude.titre_occupation.genre:
        sien = champs_dits(etude.titre_occupation)
        fiche |= {champ: sien[champ] for champ in SUITES_DU_TITRE if champ in sien}
    return fiche


def droits_reels(etude: Etude, genre: GenreTitre) -> bool:
    """Whether a tenure gives a real right; one that depends on the contract follows the study, when it has that tenure."""
    titre = titre_de(genre)
    if titre.droits_reels == "selon_contrat" and etude.titre_occupation.genre == genre:
        return etude.titre_occupation.droits_reels
    return titre.droits_reels == "oui"


def _capitaliser(etude: Etude, foncier: Foncier, duree: Donnee[int]) -> dict[str, Any]:
    """Rents of the whole term paid at once: their present value at the discount rate of the study, before indexation."""
    loyer, taux, surface = foncier.loyer_long_m2_an, foncier.taux_actualisation, etude.programme.surface_m2
    inconnu = next((d for d in (loyer, taux, surface, duree) if d.valeur is None), None)
    if inconnu is not None:
        return {"a_obtenir_de": inconnu.a_obtenir_de}
    par_m2, par_an, m2, mois = (float(d.valeur or 0.0) for d in (loyer, taux, surface, duree))
    facteur = ((1.0 + par_an) ** (-np.arange(mois) / 12.0)).sum()
    mensuel = par_m2 * m2 / 12.0
    return {
        "valeur": float(mensuel * facteur),
        "base": "loyers de tout le bail, sans indexation, actualisés au taux de l'étude ; le vrai prix se négocie",
    }


def _terrain(foncier: Foncier, montage: Montage) -> dict[str, Any]:
    """Price of the land in a purchase, carrying included: base of the cap of the office-creation tax; unknown while the price is."""
    donnees: list[Donnee[Any]] = [foncier.prix, foncier.part_terrain]
    if montage.portage == "oui":
        donnees += [foncier.frais_portage_part, foncier.frais_portage_an_part, foncier.portage_mois]
    inconnu = next((d for d in donnees if d.valeur is None), None)
    if inconnu is not None:
        return {"a_obtenir_de": inconnu.a_obtenir_de or "le vendeur"}
    prix, part, *portage = (float(d.valeur or 0.0) for d in donnees)
    frais = portage[0] + portage[1] * portage[2] / 12 if portage else 0.0
    return {"valeur": prix * (1.0 + frais) * part, "base": "part du terrain dans le prix payé"}


def _brut(donnee: Donnee[Any]) -> dict[str, Any]:
    return donnee.model_dump(mode="python", exclude_defaults=True)


def est_a_la_commune(dossier: Dossier, foncier: Foncier) -> bool:
    """Whether the commune already owns the premises."""
    commune = dossier.etude.acteurs.commune
    return dossier.site.domaine == "public_communal" or foncier.proprietaire_actuel in (commune, patrimoine(commune))


def patrimoine(commune: str) -> str:
    """Party that holds the property of a commune, apart from its budget for childcare."""
    return f"{commune} (patrimoine)"


def proprietaire_actuel(dossier: Dossier, foncier: Foncier) -> str:
    """Today's owner; the commune's property has one name whatever the study writes."""
    if est_a_la_commune(dossier, foncier):
        return patrimoine(dossier.etude.acteurs.commune)
    return foncier.proprietaire_actuel


def _nom_du_proprietaire(dossier: Dossier, foncier: Foncier, montage: Montage) -> str:
    commune = patrimoine(dossier.etude.acteurs.commune)
    if montage.bailleur != "proprietaire_actuel":
        return commune
    return {
        "gestionnaire": proprietaire_actuel(dossier, foncier),
        "sci": "SCI solidaire",
        "commune": commune,
        "fonciere": "Foncière solidaire",
    }[montage.porteur]


def _immobilier(foncier: Foncier, titre: Titre, forme: FormeJuridique) -> dict[str, Any]:
    charges = champs_dits(foncier.immobilier)
    if titre.taxe_fonciere == "titulaire" and forme.taxe_fonciere.due == 0:
        charges["taxe_fonciere_m2_an"] = {"valeur": 0, "base": forme.taxe_fonciere.raison}
    if titre.taxe_fonciere == "proprietaire":
        charges["taxe_fonciere_m2_an"] = {"valeur": 0, "base": f"{titre.libelle} : à la charge du propriétaire"}
    if titre.gros_travaux == "proprietaire":
        charges["entretien_m2_an"] = {"valeur": 0, "base": f"{titre.libelle} : gros travaux au propriétaire"}
    return charges


def _acquisition(dossier: Dossier, foncier: Foncier, montage: Montage, forme: FormeJuridique) -> dict[str, Any]:
    """Purchase by who orders the works, whose account depreciates it."""
    amorti = {"part_terrain": foncier.part_terrain, "duree_vie_mois": foncier.duree_vie_mois}
    return _achat(dossier, foncier, montage, forme) | amorti


def _achat(dossier: Dossier, foncier: Foncier, montage: Montage, forme: FormeJuridique) -> dict[str, Any]:
    fiche: dict[str, Any] = {
        "vendeur": proprietaire_actuel(dossier, foncier),
        "regime": foncier.regime,
        "prix": foncier.prix,
        "droits_part_due": {"valeur": forme.droits_mutation.due, "base": forme.droits_mutation.raison},
        "debours": foncier.debours,
    }
    if foncier.locaux_d_activite_part is not None:
        fiche["locaux_d_activite_part"] = foncier.locaux_d_activite_part
    if montage.portage == "oui":
        fiche["portage"] = {
            "porteur": EPFIF,
            "duree_mois": foncier.portage_mois,
            "frais_part": foncier.frais_portage_part,
            "frais_an_part": foncier.frais_portage_an_part,
        }
    return fiche


def _bail(dossier: Dossier, foncier: Foncier, montage: Montage, titre: Titre) -> dict[str, Any]:
    assert montage.bail is not None
    rendements = {"sci": foncier.rendement_sci, "fonciere": foncier.rendement_fonciere}
    bail: dict[str, Any] = {"genre": montage.bail.genre, "loyer": montage.bail.loyer, "tva": montage.bail.tva == "oui"}
    if titre.voie != "vente":
        bail["bailleur"] = proprietaire_actuel(dossier, foncier)
    if montage.bail.loyer == "equilibre":
        rendement = rendements.get(montage.porteur)
        bail["rendement"] = rendement if rendement else {"valeur": 0, "base": "une commune ne cherche pas de rendement"}
        bail["reserve_part"] = (
            foncier.reserve_part if rendement else {"valeur": 0, "base": "une commune ne met pas de loyer en réserve"}
        )
    return bail


def _compensation(etude: Etude, foncier: Foncier, montage: Montage) -> dict[str, Any] | None:
    """VAT that comes back to the holder; none to a commune that takes in a maison d'assistants maternels (``aides.fctva``)."""
    if montage.compensation is None or (montage.compensation == "fctva" and etude.mode_accueil == "mam"):
        return None
    if montage.compensation == "recuperation":
        return {"nature": "recuperation", "delai_mois": foncier.tva_delai_mois}
    return {"nature": "fctva", "annees": foncier.fctva_annees, "mois_versement": foncier.fctva_mois}


def _aides(etude: Etude) -> list[Aide]:
    """Grants of the study, their conditions as written; the sheets themselves, which need not be read again."""
    return [a.model_copy(update={"dispenses": ()}) if a.dispenses else a for a in etude.aides]


def _bouclage_en_capital(etude: Etude) -> list[Boucleur]:
    """Closers of a holder whose rent pays what it brings: those that somebody brings.

    What is asked of nobody is then a capital, never a grant: it would lower the rent without anybody giving it.
    """
    donne = ("subvention", "a_trouver")
    return [b for b in etude.bouclage if not (b.nom_apporteur == A_TROUVER and b.nature in donne)]


def _apports(etude: Etude, foncier: Foncier, montage: Montage) -> list[Apport | dict[str, Any]]:
    """Contributions of the study, and the shares of the company: those of an SCI bear its capped return.

    A Scic that operates pays no return here: its account is balanced by the commune, it has no profit to share.
    """
    apports: list[Apport | dict[str, Any]] = [*etude.apports]
    commun = {
        "apporteur": EPARGNANTS,
        "nature": "fonds_propres",
        "mois_versement": {"valeur": 0, "base": "parts souscrites au départ"},
    }
    if montage.porteur == "sci":
        sci = {"id": CAPITAL_SCI, "libelle": "Parts de la SCI solidaire", "montant": foncier.apport_sci}
        apports.append(commun | sci | {"remuneration": foncier.rendement_sci})
    if montage.forme == "scic":
        apports.append(commun | {"id": CAPITAL_SCIC, "libelle": "Parts de la Scic", "montant": foncier.apport_scic})
    return apports
