"""Cross-checks of loan terms: what contradicts something else, or has no meaning for a profile, is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pope_foncier.finances.emprunts.clauses import exiger

if TYPE_CHECKING:
    from pope_foncier.finances.emprunts.termes import Emprunt

_EXIGENCES: dict[str, tuple[str, ...]] = {
    "ballon": ("duree_profil_mois",),
    "echeance_fixe": ("echeance",),
    "echeances_par_paliers": ("paliers_echeance",),
    "sculpte": ("service",),
    "tableau_libre": ("tableau",),
}


def _renseigne(emprunt: Emprunt, nom: str) -> bool:
    valeur = getattr(emprunt, nom)
    return valeur is not None and not (isinstance(valeur, tuple) and not valeur)


def _verifier_profil(e: Emprunt) -> None:
    for profil, noms in _EXIGENCES.items():
        for nom in noms:
            if e.profil == profil:
                exiger(_renseigne(e, nom), f"Le profil « {profil} » demande le champ « {nom} » : l'ajouter.")
            else:
                exiger(
                    not _renseigne(e, nom), f"Le champ « {nom} » ne vaut que pour le profil « {profil} » : le retirer."
                )
    exiger(
        e.duree_mois is not None or e.profil in ("echeance_fixe", "sculpte", "tableau_libre"),
        "La durée manque : la donner, ou choisir le profil « echeance_fixe » dont elle est le résultat.",
    )
    exiger(
        e.duree_mois is None or e.profil != "echeance_fixe",
        "Échéance fixe : la durée est le résultat du calcul ; retirer « duree_mois ».",
    )
    exiger(e.capital is not None or e.profil == "sculpte", "Le capital manque : le donner.")
    exiger(
        e.capital is not None or not (e.paliers or e.revision or e.deblocages),
        "Dette sculptée à taux variable ou débloquée en plusieurs fois : donner le capital.",
    )
    progressive = bool(np.any(np.asarray(e.progression) != 0))
    double = e.revision is not None and e.revision.mode != "simple"
    exiger(
        not progressive or e.profil == "progressif" or (double and e.profil == "annuite_constante"),
        f"Une progression des échéances n'a pas de sens avec le profil « {e.profil} » : choisir « progressif ».",
    )
    exiger(
        e.progression_annees is None or e.profil == "progressif",
        "« progression_annees » ne vaut que pour le profil « progressif ».",
    )
    exiger(
        not double or e.profil in ("annuite_constante", "progressif"),
        "La double révisabilité porte sur la progression des échéances : profil « annuite_constante » ou « progressif ».",
    )
    exiger(
        not double or e.periodes_par_an == 1,
        "La double révisabilité se calcule ici sur des échéances annuelles, les seules dont la règle a été lue : écrire "
        "« periodes_par_an: 1 » ou « mode: simple », ou demander au prêteur sa clause pour un autre rythme.",
    )


def verifier_ensemble(e: Emprunt) -> None:
    """Refuse terms that contradict each other.

    Raises:
        ErreurCalcul: the contradiction, and how to mend it.
    """
    _verifier_profil(e)
    differe = bool(np.any(np.asarray(e.differe_mois) > 0))
    financee = e.assurance is not None and e.assurance.financee
    exiger(
        not (e.deblocages and (financee or any(f.finances for f in e.frais))),
        "Frais ou prime financés par un prêt débloqué en plusieurs fois : les payer à part, ou les mettre dans le capital.",
    )
    exiger(
        e.differe != "interets_retenus"
        or e.profil != "in_fine"
        or e.duree_mois is None
        or not differe
        or bool(np.all(np.asarray(e.differe_mois) >= np.asarray(e.duree_mois))),
        "Intérêts retenus sur un prêt in fine : ils le sont sur toute la durée ; donner un différé de cette durée.",
    )
    exiger(
        not differe or e.differe != "aucun",
        "Différé : dire s'il est « partiel », « total_capitalise », « total_simple » ou « interets_retenus ».",
    )
    exiger(
        len({a.mois for a in e.anticipes}) == len(e.anticipes),
        "Deux remboursements anticipés au même mois : les réunir en un seul.",
    )
    exiger(not (e.paliers and e.revision), "Paliers de taux connus et révision sur indice : choisir l'un des deux.")
    exiger(
        e.terme == "echu"
        or not (differe or e.prefinancement_mois or e.deblocages or e.revision or e.paliers or e.anticipes),
        "Un prêt à terme à échoir n'admet ici ni différé, ni déblocages, ni révision, ni remboursement anticipé : "
        "choisir « terme: echu ».",
    )
    exiger(
        e.terme == "echu" or e.profil not in ("in_fine", "ballon", "tableau_libre", "sculpte"),
        f"Le profil « {e.profil} » se paie à terme échu ; pour des intérêts payés d'avance, choisir "
        "« differe: interets_retenus ».",
    )
    exiger(
        e.base_jours == "30/360" or e.date_debut is not None,
        f"La base « {e.base_jours} » compte des jours réels : donner « date_debut ».",
    )
    exiger(
        e.date_premiere_echeance is None or e.date_debut is not None,
        "La date de première échéance demande aussi « date_debut ».",
    )
    if e.date_premiere_echeance is not None and e.date_debut is not None:
        exiger(e.date_premiere_echeance > e.date_debut, "La première échéance doit suivre le premier déblocage.")
        exiger(e.terme == "echu", "Première période brisée : seulement à terme échu.")
        exiger(
            not e.deblocages or e.premier_mois == e.pas_mois,
            "Première période brisée et déblocages en plusieurs fois : non pris en compte ensemble ; retirer "
            "« date_premiere_echeance » ou « deblocages ».",
        )
    exiger(
        e.conversion == "proportionnelle" or e.base_jours == "30/360",
        "Intérêts en jours réels et conversion équivalente ne vont pas ensemble : choisir « proportionnelle ».",
    )
    exiger(
        e.interets_prefinancement != "finances" or (e.prefinancement_mois > 0 and e.deblocages != ()),
        "Intérêts financés dans les tirages : donner « prefinancement_mois » et « deblocages ».",
    )
    exiger(
        e.revision is None
        or e.revision.coefficient_echeance_max is None
        or e.profil in ("annuite_constante", "progressif"),
        "Un plafond d'échéance suppose une échéance recalculée : profil « annuite_constante » ou « progressif ».",
    )
    exiger(
        e.profil != "echeance_fixe" or np.size(e.differe_mois) == 1 or not (e.revision or e.paliers),
        "Échéance fixe à taux variable : un même différé pour tous les tirages est nécessaire.",
    )
    limite = e.prefinancement_mois + float(np.min(np.asarray(e.differe_mois)))
    if e.deblocages:
        exiger(
            max(d.mois for d in e.deblocages) <= max(limite, 0) or limite == 0,
            "Le dernier déblocage tombe après la fin du préfinancement et du différé : allonger « prefinancement_mois ».",
        )
        exiger(min(d.mois for d in e.deblocages) == 0, "Le premier déblocage est au mois 0.")
        if e.duree_mois is not None:
            exiger(
                -(-max(d.mois for d in e.deblocages) // e.pas_mois) * e.pas_mois
                < limite + float(np.min(np.asarray(e.duree_mois))),
                "Le dernier déblocage tombe après la fin du prêt : l'avancer, ou allonger « duree_mois ».",
            )
        parts = [d.part for d in e.deblocages if d.part is not None]
        if parts:
            exiger(len(parts) == len(e.deblocages), "Déblocages : tout en « part » ou tout en « montant ».")
            exiger(
                abs(sum(parts) - 1) < 1e-9, f"Les parts des déblocages font {sum(parts):g} au lieu de 1 : les corriger."
            )
    exiger(
        e.arrondi in ("aucun", "echeance", "centime"),
        f"Règle d'arrondi inconnue : « {e.arrondi} » (aucun, echeance ou centime).",
    )
