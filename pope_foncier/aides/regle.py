"""Amount of one grant: mode, base and own caps; what limits it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pope_foncier.acquisition.entree import Entree
from pope_foncier.aides.conditions import EtatCondition
from pope_foncier.baremes.dispositif import FicheDispositif
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.financement import Aide
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, Tableau, somme
from pope_foncier.socle.phrases import Origine
from pope_foncier.socle.vocabulaire import connu_ou_zero, existe
from pope_foncier.travaux.cout import CoutTravaux

REGLE = "la règle du dispositif"


@enregistrement
class Terme:
    """Candidate amount: the rule itself or a cap, with its French name."""

    nom: str
    montant: Grandeur
    publique: bool = False
    """Whether it is the room that public persons leave to a public client, which all its public grants share."""


def depenses_du_projet(cout: CoutTravaux, entree: Entree) -> Grandeur:
    """Base of a grant that no scheme rules [€]: all that the project spends."""
    return (cout.total_ttc + entree.total + entree.loyer_capitalise).nommer("Dépenses du projet")


def assiette(ctx: Contexte, cout: CoutTravaux, dispositif: FicheDispositif, entree: Entree) -> Grandeur:
    """Base of a grant of a scheme [€]: its cost lines, with VAT when the client of the works does not recover it."""
    ht = {"travaux": cout.travaux_ht, "honoraires": cout.honoraires_ht, "aleas": cout.aleas_ht}
    ht["etudes"] = cout.etudes_assurances_ht
    postes, taxe = dispositif.assiette.postes, dispositif.assiette.taxe
    base = somme([ht[p] for p in postes if p in ht], "Dépenses éligibles HT")
    recuperent = ctx.etude.acteurs.forme_maitre_ouvrage in ("collectivite", "entreprise")
    recupere = ctx.etude.compensation_tva is not None or recuperent
    avec_taxe = taxe == "ttc" or (taxe == "ttc_si_non_recuperee" and not recupere)
    tva, equipement = ctx.bareme("fiscalite.tva.taux_normal"), cout.equipement_ttc
    if avec_taxe:
        base = base * (1.0 + tva)
        if "etudes" in postes and ctx.etude.travaux.assurances_part is not None:
            base = base - cout.assurances * tva
    if "equipement" in postes:
        base = base + (equipement if avec_taxe else equipement / (1.0 + tva))
    if "entree" in postes:
        base = base + entree.total
    if "loyer_capitalise" in postes and ctx.etude.titre_occupation.loyer_capitalise is not None:
        base = base + entree.loyer_capitalise
    return base.nommer(f"Dépenses éligibles, {dispositif.nom}")


def termes(
    ctx: Contexte,
    aide: Aide,
    dispositif: FicheDispositif | None,
    places: Grandeur,
    base: Grandeur,
    conditions: list[EtatCondition],
) -> list[Terme]:
    """Amount of the rule, then each cap; what the study states replaces what the scheme says.

    An empty slot of the scheme gives an unknown amount that names the document to ask for; beside an amount stated by
    the study, an empty cap is left aside.
    """
    champ, prefixe = f"aides[{aide.id}]", f"subventions.{aide.dispositif}"
    if aide.montant is not None:
        candidats = [Terme("le montant énoncé", ctx.entree(f"{champ}.montant").alias())]
    elif aide.par_place is not None:
        candidats = [Terme(REGLE, places * ctx.entree(f"{champ}.par_place"))]
    else:
        assert dispositif is not None
        candidats = [Terme(REGLE, _regle(ctx, dispositif, prefixe, places, base, conditions))]
    plafonds = dispositif.plafonds if dispositif else None
    if aide.plafond_par_place is not None:
        candidats.append(Terme("le plafond par place", places * ctx.entree(f"{champ}.plafond_par_place")))
    elif plafonds and plafonds.par_place:
        candidats.append(Terme("le plafond par place", places * _lire(ctx, f"{prefixe}.{plafonds.par_place}")))
    if aide.part_max is not None:
        candidats.append(Terme("la part maximale des dépenses", base * ctx.entree(f"{champ}.part_max")))
    elif plafonds and plafonds.part_assiette:
        part = _lire(ctx, f"{prefixe}.{plafonds.part_assiette}")
        candidats.append(Terme("la part maximale des dépenses", base * part))
    if plafonds and plafonds.montant:
        candidats.append(Terme("le plafond en euros", _lire(ctx, f"{prefixe}.{plafonds.montant}").alias()))
    candidats.append(Terme("les dépenses elles-mêmes", base.alias()))
    if aide.montant is None:
        return candidats
    return [candidats[0], *(c for c in candidats[1:] if not c.montant.manques - base.manques)]


def _lire(ctx: Contexte, chemin: str) -> Grandeur:
    """Number of a scheme at the date of the request; an empty slot is unknown and says whom to ask."""
    datee = ctx.valeur_datee(chemin)
    if datee.valeur is not None:
        return ctx.bareme(chemin)
    mention = f"barème {chemin}, case vide {datee.periode_en_clair()}"
    origine = Origine("inconnu", chemin, mention, "inconnu", a_obtenir_de=datee.document)
    manque = frozenset({f"{datee.libelle} (document à demander : {datee.document})"})
    return Grandeur(float("nan"), datee.libelle, datee.unite, [origine], manques=manque)


def _regle(
    ctx: Contexte,
    dispositif: FicheDispositif,
    prefixe: str,
    places: Grandeur,
    base: Grandeur,
    conditions: list[EtatCondition],
) -> Grandeur:
    calcul = dispositif.calcul
    chemin = f"{prefixe}.{calcul.nom_bareme}"
    if calcul.mode == "taux_sur_assiette":
        return base * _lire(ctx, chemin)
    if calcul.mode == "forfait":
        return _lire(ctx, chemin) * existe(places)
    if calcul.mode == "tranches":
        return ctx.bareme_par_tranches(chemin, base)
    aidees = places
    if calcul.places != "ajoutees":
        existantes = ctx.entree("territoire.places_existantes", sinon=0.0)
        aidees = places + existantes if calcul.places == "toutes" else existantes.alias()
    par_place = _lire(ctx, chemin)
    for majoration in calcul.majorations:
        bonus = ctx.valeur_datee(f"{prefixe}.{majoration.montant}")
        acquise = next((c for c in conditions if c.type == majoration.condition), None)
        if bonus.valeur is not None and acquise is not None:
            par_place = par_place + ctx.bareme(f"{prefixe}.{majoration.montant}") * connu_ou_zero(acquise.remplie)
    return aidees * par_place


def rang_limite(candidats: Sequence[Terme]) -> Tableau:
    """Rank of the smallest candidate, shape (…, 1): what sets the amount; the first in case of a tie."""
    formes = np.broadcast_arrays(*(t.montant.valeur for t in candidats))
    return np.asarray(np.argmin(np.stack(formes), axis=0))
