"""Stacking of capital grants: declared order, exclusions, the 80 % rule of public clients; payments and statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pope_foncier.baremes.dispositif import FicheDispositif
from pope_foncier.finances.livre import Livre, verifier_nul
from pope_foncier.finances.subventions.conditions import EtatCondition, examiner
from pope_foncier.finances.subventions.regle import Terme, assiette, rang_limite, termes
from pope_foncier.projet.calendrier import Calendrier, au_mois
from pope_foncier.projet.contexte import Contexte
from pope_foncier.projet.cout_travaux import CoutTravaux
from pope_foncier.projet.financement import Aide
from pope_foncier.socle.grandeur import Grandeur, Tableau, appliquer, maximum, minimum, somme

_DISPOSITIFS = "subventions"


@dataclass(frozen=True, slots=True)
class Subvention:
    """Grant computed: what is given and what is lent by the same funder, shape (…, 1), and why that amount."""

    aide: Aide
    subvention: Grandeur
    pret: Grandeur | None
    versement: Grandeur
    """Payments by month, shape (…, M)."""
    assiette: Grandeur
    candidats: tuple[Terme, ...]
    limite: Tableau
    """Rank of the candidate that sets the amount, shape (…, 1)."""
    conditions: tuple[EtatCondition, ...]
    ecartee: str = ""
    """Why the aid is set aside whatever its amount: a beneficiary it does not admit, or an exclusion."""

    def limite_en_clair(self, scenario: int = 0) -> str:
        """What sets the amount, in French."""
        if self.ecartee:
            return self.ecartee
        if not self.candidats or np.isnan(self.subvention.valeur).all():
            return "montant inconnu"
        rangs = self.limite.reshape(-1)
        return self.candidats[int(rangs[scenario if len(rangs) > 1 else 0])].nom


def calculer(
    ctx: Contexte, livre: Livre, cal: Calendrier, places: Grandeur, cout: CoutTravaux, entree: Grandeur
) -> list[Subvention]:
    """Compute the grants that are counted, in the declared order; write them and their payments in the ledger.

    An aid that nobody asked for is absent; an aid of unknown amount is unknown, never zero. A public client of the works
    keeps at least a fifth of what public persons bring (CGCT L1111-10): the last public aids are cut down to that.

    Args:
        places: new places, shape (…, 1).
        cout: cost plan, the base of the grants.
        entree: entry cost (price and deed), which some schemes pay for.
    """
    faites: list[Subvention] = []
    for aide in ctx.etude.aides:
        if aide.statut != "non_demandee":
            faites.append(_une(ctx, livre, cal, aide, places, cout, entree, faites))
    return faites


def _une(
    ctx: Contexte,
    livre: Livre,
    cal: Calendrier,
    aide: Aide,
    places: Grandeur,
    cout: CoutTravaux,
    entree: Grandeur,
    avant: list[Subvention],
) -> Subvention:
    prefixe = f"{_DISPOSITIFS}.{aide.dispositif}"
    dispositif = ctx.catalogue.fichier(prefixe).dispositif if aide.dispositif else None
    base = assiette(ctx, cout, dispositif, entree)
    if dispositif is None and aide.par_place is None and aide.montant is None:
        inconnu = Grandeur(float("nan"), aide.libelle, "€", manques=frozenset({f"montant de {aide.libelle}"}))
        livre.inscrire(f"ressources.{aide.id}", "ressources", inconnu)
        return Subvention(
            aide, inconnu, None, _payer(ctx, livre, cal, aide, None, inconnu), base, (), np.zeros((1, 1)), ()
        )
    conditions = [examiner(ctx, cal, places, aide, prefixe, c) for c in dispositif.conditions] if dispositif else []
    candidats = termes(ctx, aide, dispositif, places, base, conditions)
    plafond = _plafond_public(ctx, dispositif, cout, entree, avant)
    if plafond is not None:
        candidats.append(plafond)
    montant = minimum(*(t.montant for t in candidats))
    ecartee = _ecartee(ctx, dispositif, avant)
    majorations = {m.condition for m in dispositif.calcul.majorations} if dispositif else set()
    for condition in conditions:
        if condition.type not in majorations and condition.bloque().any():
            ouverte = Grandeur(1.0 - condition.bloque(), f"condition « {condition.phrase} »")
            montant = montant * ouverte
    if ecartee:
        montant = Grandeur(0.0, ecartee) + 0.0
    montant = (montant * ctx.entree(f"aides[{aide.id}].coefficient", f"{aide.libelle}, part accordée", "%")).nommer(
        aide.libelle
    )
    verifier_nul((maximum(montant - base, 0.0)).valeur, f"{aide.libelle} dépasse son assiette")
    pret = None
    if aide.part_subvention is not None:
        part = ctx.entree(f"aides[{aide.id}].part_subvention", f"{aide.libelle}, part versée en subvention", "%")
        pret = (montant * (1.0 - part)).nommer(f"{aide.libelle}, part prêtée")
        montant = (montant * part).nommer(f"{aide.libelle}, part donnée")
    livre.inscrire(f"ressources.{aide.id}", "ressources", montant)
    versement = _payer(ctx, livre, cal, aide, dispositif, montant)
    return Subvention(
        aide, montant, pret, versement, base, tuple(candidats), rang_limite(candidats), tuple(conditions), ecartee
    )


def _ecartee(ctx: Contexte, dispositif: FicheDispositif | None, avant: list[Subvention]) -> str:
    """Why a scheme cannot be counted at all, or nothing."""
    if dispositif is None:
        return ""
    forme = ctx.etude.acteurs.forme_maitre_ouvrage
    if forme not in dispositif.beneficiaires:
        return f"bénéficiaire non admis : {forme} (admis : {', '.join(dispositif.beneficiaires)})"
    deja = [a.aide.libelle for a in avant if a.aide.dispositif in dispositif.exclusions and not a.ecartee]
    return f"non cumulable avec {', '.join(deja)}" if deja else ""


def _plafond_public(
    ctx: Contexte, dispositif: FicheDispositif | None, cout: CoutTravaux, entree: Grandeur, avant: list[Subvention]
) -> Terme | None:
    """Room left by the 80 % rule: public aids ≤ 80 % × (cost − private or uncounted aids), minus those already counted.

    Urban-renewal operations are outside the rule (CGCT L1111-10 III, law 2003-710).
    """
    if ctx.etude.acteurs.forme_maitre_ouvrage != "collectivite" or not _est_publique(ctx, dispositif):
        return None
    if ctx.etude.territoire.renouvellement_urbain == "oui":
        return None
    publiques: list[Grandeur] = []
    autres: list[Grandeur] = []
    for faite in avant:
        fiche = (
            ctx.catalogue.fichier(f"{_DISPOSITIFS}.{faite.aide.dispositif}").dispositif
            if faite.aide.dispositif
            else None
        )
        (publiques if _est_publique(ctx, fiche) else autres).append(faite.subvention)
    part = ctx.bareme("subventions.autres.part_publique_max")
    total = (cout.total_ttc + entree - somme(autres, "Aides hors personnes publiques")).nommer(
        "Financement des personnes publiques"
    )
    place = maximum(total * part - somme(publiques, "Aides publiques déjà comptées"), 0.0)
    return Terme("la règle des 80 % (CGCT L1111-10)", place)


def _est_publique(ctx: Contexte, dispositif: FicheDispositif | None) -> bool:
    if dispositif is None or dispositif.personne_publique == "non":
        return False
    return dispositif.personne_publique == "oui" or ctx.etude.lecture_caf == "personne_publique"


def _payer(
    ctx: Contexte, livre: Livre, cal: Calendrier, aide: Aide, dispositif: FicheDispositif | None, montant: Grandeur
) -> Grandeur:
    """Payments by month: instalments of the study, else a single delay after opening, else those of the scheme."""
    retard = ctx.entree(f"aides[{aide.id}].retard_mois", f"{aide.libelle}, retard", "mois")
    if aide.versements:
        calendrier = [(v.evenement, v.part, Grandeur(float(v.delai_mois), "délai", "mois")) for v in aide.versements]
    elif aide.delai_versement_mois is not None or dispositif is None:
        delai = (
            ctx.entree(f"aides[{aide.id}].delai_versement_mois", f"{aide.libelle}, délai de versement", "mois")
            if aide.delai_versement_mois is not None
            else Grandeur(0.0, "Délai de versement", "mois")
        )
        calendrier = [("reception", 1.0, delai)]
    else:
        calendrier = [
            (v.evenement, v.part, Grandeur(float(v.delai_mois), "délai", "mois")) for v in dispositif.versements
        ]
    rangs = {
        "accord": cal.debut_travaux,
        "demarrage_travaux": cal.debut_travaux,
        "mi_travaux": appliquer(
            lambda a, b: np.floor((a + b) / 2.0), "milieu de [{}] et [{}]", cal.debut_travaux, cal.ouverture
        ),
        "reception": cal.ouverture,
        "comptes_definitifs": cal.ouverture,
    }
    tranches = [
        au_mois(ctx, montant * part, rangs[evenement] + delai + retard) for evenement, part, delai in calendrier
    ]
    versement = somme(tranches, f"Versement : {aide.libelle}")
    beneficiaire = ctx.etude.acteurs.nom_maitre_ouvrage
    return livre.inscrire(f"tresorerie.aide.{aide.id}", "tresorerie", versement, aide.financeur, beneficiaire)


def part_publique(
    ctx: Contexte, aides: Sequence[Subvention], autres: Sequence[Grandeur], besoins: Grandeur
) -> Grandeur:
    """Public share: grants of public funders (the Caf included) and FCTVA over uses, shape (…, 1).

    A grant whose scheme says that its funder is private is left out; a grant without a scheme is counted.
    """

    def publique(aide: Aide) -> bool:
        dispositif = ctx.catalogue.fichier(f"{_DISPOSITIFS}.{aide.dispositif}").dispositif if aide.dispositif else None
        return dispositif is None or dispositif.personne_publique != "non"

    publics = [a.subvention for a in aides if publique(a.aide)]
    return appliquer(
        lambda a, b: np.divide(a, b, out=np.full(np.broadcast_shapes(a.shape, b.shape), np.nan), where=b > 0),
        "{} ÷ {}",
        somme([*publics, *autres], "Aides publiques"),
        besoins,
    ).nommer("Part publique du financement", "%")
