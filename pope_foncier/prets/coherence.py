"""Terms that contradict each other, or that the engine does not take together, refused in words: one idea, one function."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from pope_foncier.prets.clauses import exiger, verifier_taux
from pope_foncier.prets.conditions import Conditions
from pope_foncier.prets.conversions import BASES_JOURS, CONVERSIONS
from pope_foncier.prets.profils import PROFILS, Profil
from pope_foncier.socle.nombres import formater_nombre


def verifier(c: Conditions) -> None:
    """Refuse terms that have no meaning, alone or together.

    Raises:
        ErreurCalcul: the contradiction, and how to mend it.
    """
    for idee in (
        _chaque_champ,
        _profil,
        _progression,
        _differe,
        _interets_stockes,
        _taux_variable,
        _terme_a_echoir,
        _dates,
        _deblocages,
        _anticipes,
        _suspensions,
    ):
        idee(c)


def _chaque_champ(c: Conditions) -> None:
    exiger(
        c.profil in PROFILS,
        f"Profil inconnu : « {c.profil} ». Choisir parmi : {', '.join(PROFILS)}.",
    )
    exiger(c.periodes_par_an in (1, 2, 4, 6, 12), "Périodicité : 12, 6, 4, 2 ou 1 échéances par an.")
    exiger(c.conversion in CONVERSIONS, f"Conversion inconnue : « {c.conversion} ».")
    for base in (c.base_jours, c.base_premiere_periode):
        exiger(base is None or base in BASES_JOURS, f"Base de jours inconnue : « {base} ».")
    verifier_taux(c.taux, "Taux du prêt")
    verifier_taux(c.progression, "Progression des échéances")
    verifier_taux(c.commission_non_utilisation, "Commission de non-utilisation")
    if c.capital is not None:
        exiger(bool(np.all(np.asarray(c.capital) > 0)), "Le capital doit être positif.")
    if c.duree_mois is not None:
        exiger(bool(np.all(np.asarray(c.duree_mois) > 0)), "La durée doit être d'au moins une période.")
    exiger(bool(np.all(np.asarray(c.differe_mois) >= 0)), "Le différé ne peut pas être négatif.")
    exiger(
        c.arrondi in ("aucun", "echeance", "centime"),
        f"Règle d'arrondi inconnue : « {c.arrondi} » (aucun, echeance ou centime).",
    )


def _noms(admet: Callable[[Profil], bool]) -> str:
    """Names of the profiles that admit something, as a sentence lists them."""
    return " ou ".join(f"« {nom} »" for nom, profil in PROFILS.items() if admet(profil))


def _renseigne(c: Conditions, nom: str) -> bool:
    valeur = getattr(c, nom)
    return valeur is not None and not (isinstance(valeur, tuple) and not valeur)


def _profil(c: Conditions) -> None:
    for nom, profil in PROFILS.items():
        if profil.exige is None:
            continue
        donne = _renseigne(c, profil.exige)
        if c.profil == nom:
            exiger(donne, f"Le profil « {nom} » demande le champ « {profil.exige} » : l'ajouter.")
        else:
            exiger(not donne, f"Le champ « {profil.exige} » ne vaut que pour le profil « {nom} » : le retirer.")
    sien = PROFILS[c.profil]
    exiger(
        c.duree_mois is not None or sien.duree != "donnee",
        f"La durée manque : la donner, ou choisir le profil {_noms(lambda p: p.duree == 'calculee')} dont elle est le "
        "résultat.",
    )
    exiger(
        c.duree_mois is None or sien.duree != "calculee",
        "Échéance fixe : la durée est le résultat du calcul ; retirer « duree_mois ».",
    )
    exiger(c.capital is not None or sien.capital_trouve, "Le capital manque : le donner.")
    exiger(
        c.capital is not None or not (c.paliers or c.revision or c.deblocages),
        "Dette sculptée à taux variable ou débloquée en plusieurs fois : donner le capital.",
    )


def _progression(c: Conditions) -> None:
    progressive = bool(np.any(np.asarray(c.progression) != 0))
    double = c.revision is not None and c.revision.mode != "simple"
    sien, progressifs = PROFILS[c.profil], _noms(lambda p: p.progresse)
    exiger(
        not progressive or sien.progresse or (double and sien.recalculee),
        f"Une progression des échéances n'a pas de sens avec le profil « {c.profil} » : choisir {progressifs}.",
    )
    exiger(
        c.progression_annees is None or sien.progresse,
        f"« progression_annees » ne vaut que pour le profil {progressifs}.",
    )
    exiger(
        not double or sien.recalculee,
        f"La double révisabilité porte sur la progression des échéances : profil {_noms(lambda p: p.recalculee)}.",
    )
    exiger(
        not double or c.periodes_par_an == 1,
        "La double révisabilité se calcule ici sur des échéances annuelles, les seules dont la règle a été lue : écrire "
        "« periodes_par_an: 1 » ou « mode: simple », ou demander au prêteur sa clause pour un autre rythme.",
    )


def _un_differe(c: Conditions) -> bool:
    return bool(np.any(np.asarray(c.differe_mois) > 0))


def _differe(c: Conditions) -> None:
    exiger(
        c.differe != "interets_retenus"
        or not PROFILS[c.profil].au_terme
        or c.duree_mois is None
        or not _un_differe(c)
        or bool(np.all(np.asarray(c.differe_mois) >= np.asarray(c.duree_mois))),
        "Intérêts retenus sur un prêt in fine : ils le sont sur toute la durée ; donner un différé de cette durée.",
    )
    exiger(
        not _un_differe(c) or c.differe != "aucun",
        "Différé : dire s'il est « partiel », « total_capitalise », « total_simple », « interets_stockes » ou "
        "« interets_retenus ».",
    )


def _interets_stockes(c: Conditions) -> None:
    if c.differe != "interets_stockes":
        return
    exiger(
        PROFILS[c.profil].niveau,
        f"Intérêts stockés : l'échéance du capital est tenue et les rembourse d'abord, ce qui n'a pas de sens avec le profil "
        f"« {c.profil} » ; choisir {_noms(lambda p: p.niveau)}, ou « differe: total_simple ».",
    )
    exiger(
        not (c.revision or c.paliers),
        "Intérêts stockés à taux variable : non pris en compte, l'échéance étant tenue ; choisir un taux fixe, ou "
        "« differe: total_simple ».",
    )
    exiger(
        all(a.montant is None and a.part in (None, 1.0) for a in c.anticipes),
        "Intérêts stockés : seul un remboursement anticipé total est pris en compte ; retirer « montant » et « part ».",
    )
    exiger(
        not c.suspensions, "Intérêts stockés et suspension d'échéances : non pris en compte ensemble ; en retirer une."
    )


def _taux_variable(c: Conditions) -> None:
    exiger(not (c.paliers and c.revision), "Paliers de taux connus et révision sur indice : choisir l'un des deux.")
    exiger(
        c.revision is None or c.revision.coefficient_echeance_max is None or PROFILS[c.profil].recalculee,
        f"Un plafond d'échéance suppose une échéance recalculée : profil {_noms(lambda p: p.recalculee)}.",
    )
    exiger(
        PROFILS[c.profil].duree != "calculee"
        or np.size(c.differe_mois) == 1
        or not (c.revision or c.paliers or c.suspensions),
        "Échéance fixe à taux variable ou suspendue : un même différé pour tous les tirages est nécessaire.",
    )


def _terme_a_echoir(c: Conditions) -> None:
    exiger(
        c.terme == "echu"
        or not (
            _un_differe(c)
            or c.prefinancement_mois
            or c.deblocages
            or c.revision
            or c.paliers
            or c.anticipes
            or c.suspensions
        ),
        "Un prêt à terme à échoir n'admet ici ni différé, ni déblocages, ni révision, ni remboursement anticipé, ni "
        "suspension : choisir « terme: echu ».",
    )
    exiger(
        c.terme == "echu" or PROFILS[c.profil].d_avance,
        f"Le profil « {c.profil} » se paie à terme échu ; pour des intérêts payés d'avance, choisir "
        "« differe: interets_retenus ».",
    )


def _dates(c: Conditions) -> None:
    exiger(
        c.base_jours == "30/360" or c.date_debut is not None,
        f"La base « {c.base_jours} » compte des jours réels : donner « date_debut ».",
    )
    exiger(
        c.date_premiere_echeance is None or c.date_debut is not None,
        "La date de première échéance demande aussi « date_debut ».",
    )
    exiger(
        c.base_premiere_periode is None or c.date_premiere_echeance is not None,
        "« base_premiere_periode » compte les jours de la première période : donner « date_premiere_echeance ».",
    )
    if c.date_premiere_echeance is not None and c.date_debut is not None:
        exiger(c.date_premiere_echeance > c.date_debut, "La première échéance doit suivre le premier déblocage.")
        exiger(c.terme == "echu", "Première période brisée : seulement à terme échu.")
        exiger(
            not c.deblocages or c.premier_mois == c.pas_mois,
            "Première période brisée et déblocages en plusieurs fois : non pris en compte ensemble ; retirer "
            "« date_premiere_echeance » ou « deblocages ».",
        )
    exiger(
        c.conversion == "proportionnelle" or (c.base_jours == "30/360" and c.base_premiere_periode in (None, "30/360")),
        "Intérêts en jours réels et conversion équivalente ne vont pas ensemble : choisir « proportionnelle ».",
    )


def _deblocages(c: Conditions) -> None:
    financee = c.assurance is not None and c.assurance.financee
    exiger(
        not (c.deblocages and (financee or any(f.finances for f in c.frais))),
        "Frais ou prime financés par un prêt débloqué en plusieurs fois : les payer à part, ou les mettre dans le capital.",
    )
    exiger(
        c.interets_prefinancement != "finances" or (c.prefinancement_mois > 0 and c.deblocages != ()),
        "Intérêts financés dans les déblocages : donner « prefinancement_mois » et « deblocages ».",
    )
    exiger(
        c.interets_prefinancement != "avance" or c.prefinancement_mois > 0,
        "Intérêts payés d'avance pendant les déblocages : donner « prefinancement_mois ».",
    )
    exiger(
        not np.any(np.asarray(c.commission_non_utilisation)) or len(c.deblocages) > 1,
        "Commission de non-utilisation : elle porte sur ce qui reste à débloquer ; donner plusieurs « deblocages ».",
    )
    if not c.deblocages:
        return
    mois = [d.mois for d in c.deblocages]
    exiger(
        c.interets_prefinancement != "avance" or all(m % c.pas_mois == 0 for m in mois),
        "Intérêts payés d'avance : les déblocages tombent au début d'une période ; choisir un mois d'échéance, ou un rythme "
        "mensuel.",
    )
    limite = c.prefinancement_mois + float(np.min(np.asarray(c.differe_mois)))
    exiger(
        max(mois) <= max(limite, 0) or limite == 0,
        "Le dernier déblocage tombe après la fin du préfinancement et du différé : allonger « prefinancement_mois ».",
    )
    exiger(min(mois) == 0, "Le premier déblocage est au mois 0.")
    if c.duree_mois is not None:
        exiger(
            -(-max(mois) // c.pas_mois) * c.pas_mois < limite + float(np.min(np.asarray(c.duree_mois))),
            "Le dernier déblocage tombe après la fin du prêt : l'avancer, ou allonger « duree_mois ».",
        )
    parts = [np.asarray(d.part, dtype=np.float64) for d in c.deblocages if d.part is not None]
    if parts:
        exiger(len(parts) == len(c.deblocages), "Déblocages : tout en « part » ou tout en « montant ».")
        ecarts = np.ravel(sum(parts)) - 1.0
        pire = 1.0 + float(ecarts[np.argmax(np.abs(ecarts))])
        exiger(
            abs(pire - 1.0) < 1e-9,
            f"Les parts des déblocages font {formater_nombre(pire, 6, 0)} au lieu de 1 : les corriger.",
        )


def _anticipes(c: Conditions) -> None:
    exiger(
        len({a.mois for a in c.anticipes}) == len(c.anticipes),
        "Deux remboursements anticipés au même mois : les réunir en un seul.",
    )
    exiger(
        not (c.paliers or c.revision)
        or all(a.indemnite.mode != "plafond_legal" or a.indemnite.taux_moyen is not None for a in c.anticipes),
        "Plafond légal de l'indemnité à taux variable : il se lit au taux moyen du prêt ; donner « taux_moyen », celui du "
        "contrat.",
    )


def _suspensions(c: Conditions) -> None:
    """A holiday stands after the grace, alone, and is not crossed by an early repayment."""
    if not c.suspensions:
        return
    ordre = sorted(c.suspensions, key=lambda s: s.mois)
    exiger(
        all(a.mois + a.duree_mois <= b.mois for a, b in pairwise(ordre)),
        "Deux suspensions d'échéances se recouvrent : les réunir, ou en déplacer une.",
    )
    attente = c.prefinancement_mois + float(np.max(np.asarray(c.differe_mois)))
    exiger(
        ordre[0].mois >= attente,
        f"La suspension du mois {ordre[0].mois} tombe pendant le préfinancement ou le différé : la placer après.",
    )
    exiger(c.differe != "interets_retenus", "Intérêts retenus et suspension d'échéances ne vont pas ensemble.")
    exiger(
        not c.deblocages or max(d.mois for d in c.deblocages) <= ordre[0].mois,
        "Une suspension avant le dernier déblocage : la placer après.",
    )
    exiger(
        PROFILS[c.profil].duree != "calculee" or all(s.allonge for s in ordre),
        "Suspension d'un prêt à échéance fixe : la durée est le résultat du calcul ; écrire « allonge: true ».",
    )
    exiger(
        not PROFILS[c.profil].au_terme or all(s.allonge or s.interets == "capitalises" for s in ordre),
        "Suspension du capital d'un prêt in fine à durée inchangée : elle ne change rien ; la retirer, ou écrire "
        "« allonge: true » ou « interets: capitalises ».",
    )
    exiger(
        c.revision is None or c.revision.coefficient_echeance_max is None,
        "Suspension d'échéances et échéance plafonnée : non prises en compte ensemble ; en retirer une.",
    )
    exiger(
        not any(s.mois < a.mois <= s.mois + s.duree_mois for s in ordre for a in c.anticipes),
        "Remboursement anticipé pendant une suspension d'échéances : l'avancer, ou le placer après la première échéance qui "
        "la suit.",
    )
    exiger(
        all(a.indemnite.mode != "actuarielle" and a.mode != "reduire_duree" for a in c.anticipes),
        "Suspension d'échéances avec une indemnité actuarielle ou une durée réduite : non prises en compte ensemble ; choisir "
        "« mode: reduire_echeance » et une autre indemnité.",
    )
