"""Terms that contradict each other, or that the engine does not take together, refused in words: one idea, one function."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from pope_foncier.prets.clauses import verifier_taux
from pope_foncier.prets.conditions import Conditions
from pope_foncier.prets.conversions import BASES_JOURS, CONVERSIONS
from pope_foncier.prets.profils import PROFILS
from pope_foncier.socle.erreurs import ErreurCalcul
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
        for refus in idee(c):
            raise ErreurCalcul(refus)


def _chaque_champ(c: Conditions) -> Iterator[str]:
    if c.profil not in PROFILS:
        yield f"Profil inconnu : « {c.profil} ». Choisir parmi : {', '.join(PROFILS)}."
    if c.periodes_par_an not in (1, 2, 4, 6, 12):
        yield "Périodicité : 12, 6, 4, 2 ou 1 échéances par an."
    if c.conversion not in CONVERSIONS:
        yield f"Conversion inconnue : « {c.conversion} »."
    for base in (c.base_jours, c.base_premiere_periode):
        if base is not None and base not in BASES_JOURS:
            yield f"Base de jours inconnue : « {base} »."
    verifier_taux(c.taux, "Taux du prêt")
    verifier_taux(c.progression, "Progression des échéances")
    verifier_taux(c.commission_non_utilisation, "Commission de non-utilisation")
    if c.capital is not None and not np.all(np.asarray(c.capital) > 0):
        yield "Le capital doit être positif."
    if c.duree_mois is not None and not np.all(np.asarray(c.duree_mois) > 0):
        yield "La durée doit être d'au moins une période."
    if not np.all(np.asarray(c.differe_mois) >= 0):
        yield "Le différé ne peut pas être négatif."
    if c.arrondi not in ("aucun", "echeance", "centime"):
        yield f"Règle d'arrondi inconnue : « {c.arrondi} » (aucun, echeance ou centime)."


def _noms(propriete: str, valeur: object = True) -> str:
    """Names of the profiles that have a property, as a sentence lists them."""
    return " ou ".join(f"« {nom} »" for nom, profil in PROFILS.items() if getattr(profil, propriete) == valeur)


def _renseigne(c: Conditions, nom: str) -> bool:
    valeur = getattr(c, nom)
    return valeur is not None and not (isinstance(valeur, tuple) and not valeur)


def _profil(c: Conditions) -> Iterator[str]:
    for nom, profil in PROFILS.items():
        donne = profil.exige is not None and _renseigne(c, profil.exige)
        if donne and c.profil != nom:
            yield f"Le champ « {profil.exige} » ne vaut que pour le profil « {nom} » : le retirer."
        if not donne and profil.exige is not None and c.profil == nom:
            yield f"Le profil « {nom} » demande le champ « {profil.exige} » : l'ajouter."
    sien = PROFILS[c.profil]
    if c.duree_mois is None and sien.duree == "donnee":
        yield (
            f"La durée manque : la donner, ou choisir le profil {_noms('duree', 'calculee')} dont elle est le résultat."
        )
    if c.duree_mois is not None and sien.duree == "calculee":
        yield "Échéance fixe : la durée est le résultat du calcul ; retirer « duree_mois »."
    if c.capital is None and not sien.capital_trouve:
        yield "Le capital manque : le donner."
    if c.capital is None and (c.paliers or c.revision or c.deblocages):
        yield "Dette sculptée à taux variable ou débloquée en plusieurs fois : donner le capital."


def _progression(c: Conditions) -> Iterator[str]:
    progressive = bool(np.any(np.asarray(c.progression) != 0))
    double = c.revision is not None and c.revision.mode != "simple"
    sien, progressifs = PROFILS[c.profil], _noms("progresse")
    if progressive and not sien.progresse and not (double and sien.recalculee):
        yield f"Une progression des échéances n'a pas de sens avec le profil « {c.profil} » : choisir {progressifs}."
    if c.progression_annees is not None and not sien.progresse:
        yield f"« progression_annees » ne vaut que pour le profil {progressifs}."
    if double and not sien.recalculee:
        yield f"La double révisabilité porte sur la progression des échéances : profil {_noms('recalculee')}."
    if double and c.periodes_par_an != 1:
        yield (
            "La double révisabilité se calcule ici sur des échéances annuelles, les seules dont la règle a été lue : écrire "
            "« periodes_par_an: 1 » ou « mode: simple », ou demander au prêteur sa clause pour un autre rythme."
        )


def _un_differe(c: Conditions) -> bool:
    return bool(np.any(np.asarray(c.differe_mois) > 0))


def _differe(c: Conditions) -> Iterator[str]:
    retenus = c.differe == "interets_retenus" and PROFILS[c.profil].au_terme and _un_differe(c)
    if retenus and c.duree_mois is not None and np.any(np.asarray(c.differe_mois) < np.asarray(c.duree_mois)):
        yield "Intérêts retenus sur un prêt in fine : ils le sont sur toute la durée ; donner un différé de cette durée."
    if _un_differe(c) and c.differe == "aucun":
        yield (
            "Différé : dire s'il est « partiel », « total_capitalise », « total_simple », « interets_stockes » ou "
            "« interets_retenus »."
        )


def _interets_stockes(c: Conditions) -> Iterator[str]:
    if c.differe != "interets_stockes":
        return
    if not PROFILS[c.profil].niveau:
        yield (
            f"Intérêts stockés : l'échéance du capital est tenue et les rembourse d'abord, ce qui n'a pas de sens avec le profil "
            f"« {c.profil} » ; choisir {_noms('niveau')}, ou « differe: total_simple »."
        )
    if c.revision or c.paliers:
        yield (
            "Intérêts stockés à taux variable : non pris en compte, l'échéance étant tenue ; choisir un taux fixe, ou "
            "« differe: total_simple »."
        )
    if any(a.montant is not None or a.part not in (None, 1.0) for a in c.anticipes):
        yield "Intérêts stockés : seul un remboursement anticipé total est pris en compte ; retirer « montant » et « part »."
    if c.suspensions:
        yield "Intérêts stockés et suspension d'échéances : non pris en compte ensemble ; en retirer une."


def _taux_variable(c: Conditions) -> Iterator[str]:
    if c.paliers and c.revision:
        yield "Paliers de taux connus et révision sur indice : choisir l'un des deux."
    plafonnee = c.revision is not None and c.revision.coefficient_echeance_max is not None
    if plafonnee and not PROFILS[c.profil].recalculee:
        yield f"Un plafond d'échéance suppose une échéance recalculée : profil {_noms('recalculee')}."
    calculee, change = PROFILS[c.profil].duree == "calculee", c.revision or c.paliers or c.suspensions
    if calculee and change and np.size(c.differe_mois) != 1:
        yield "Échéance fixe à taux variable ou suspendue : un même différé pour tous les tirages est nécessaire."


def _terme_a_echoir(c: Conditions) -> Iterator[str]:
    if c.terme == "echu":
        return
    clauses = (c.prefinancement_mois, c.deblocages, c.revision, c.paliers, c.anticipes, c.suspensions)
    if _un_differe(c) or any(clauses):
        yield (
            "Un prêt à terme à échoir n'admet ici ni différé, ni déblocages, ni révision, ni remboursement anticipé, ni "
            "suspension : choisir « terme: echu »."
        )
    if not PROFILS[c.profil].d_avance:
        yield (
            f"Le profil « {c.profil} » se paie à terme échu ; pour des intérêts payés d'avance, choisir "
            "« differe: interets_retenus »."
        )


def _dates(c: Conditions) -> Iterator[str]:
    if c.base_jours != "30/360" and c.date_debut is None:
        yield f"La base « {c.base_jours} » compte des jours réels : donner « date_debut »."
    if c.date_premiere_echeance is not None and c.date_debut is None:
        yield "La date de première échéance demande aussi « date_debut »."
    if c.base_premiere_periode is not None and c.date_premiere_echeance is None:
        yield "« base_premiere_periode » compte les jours de la première période : donner « date_premiere_echeance »."
    if c.date_premiere_echeance is not None and c.date_debut is not None:
        if c.date_premiere_echeance <= c.date_debut:
            yield "La première échéance doit suivre le premier déblocage."
        if c.terme != "echu":
            yield "Première période brisée : seulement à terme échu."
        if c.deblocages and c.premier_mois != c.pas_mois:
            yield (
                "Première période brisée et déblocages en plusieurs fois : non pris en compte ensemble ; retirer "
                "« date_premiere_echeance » ou « deblocages »."
            )
    en_jours = c.base_jours != "30/360" or c.base_premiere_periode not in (None, "30/360")
    if c.conversion != "proportionnelle" and en_jours:
        yield "Intérêts en jours réels et conversion équivalente ne vont pas ensemble : choisir « proportionnelle »."


def _deblocages(c: Conditions) -> Iterator[str]:
    financee = c.assurance is not None and c.assurance.financee
    if c.deblocages and (financee or any(f.finances for f in c.frais)):
        yield "Frais ou prime financés par un prêt débloqué en plusieurs fois : les payer à part, ou les mettre dans le capital."
    if c.interets_prefinancement == "finances" and not (c.prefinancement_mois > 0 and c.deblocages):
        yield "Intérêts financés dans les déblocages : donner « prefinancement_mois » et « deblocages »."
    if c.interets_prefinancement == "avance" and not c.prefinancement_mois > 0:
        yield "Intérêts payés d'avance pendant les déblocages : donner « prefinancement_mois »."
    if np.any(np.asarray(c.commission_non_utilisation)) and len(c.deblocages) <= 1:
        yield "Commission de non-utilisation : elle porte sur ce qui reste à débloquer ; donner plusieurs « deblocages »."
    if c.deblocages:
        yield from _mois_des_deblocages(c)
        yield from _parts_des_deblocages(c)


def _mois_des_deblocages(c: Conditions) -> Iterator[str]:
    mois = [d.mois for d in c.deblocages]
    if c.interets_prefinancement == "avance" and any(m % c.pas_mois for m in mois):
        yield (
            "Intérêts payés d'avance : les déblocages tombent au début d'une période ; choisir un mois d'échéance, ou un rythme "
            "mensuel."
        )
    limite = c.prefinancement_mois + float(np.min(np.asarray(c.differe_mois)))
    if max(mois) > max(limite, 0) and limite != 0:
        yield "Le dernier déblocage tombe après la fin du préfinancement et du différé : allonger « prefinancement_mois »."
    if min(mois) != 0:
        yield "Le premier déblocage est au mois 0."
    en_periodes = -(-max(mois) // c.pas_mois) * c.pas_mois
    if c.duree_mois is not None and en_periodes >= limite + float(np.min(np.asarray(c.duree_mois))):
        yield "Le dernier déblocage tombe après la fin du prêt : l'avancer, ou allonger « duree_mois »."


def _parts_des_deblocages(c: Conditions) -> Iterator[str]:
    parts = [np.asarray(d.part, dtype=np.float64) for d in c.deblocages if d.part is not None]
    if not parts:
        return
    if len(parts) < len(c.deblocages):
        yield "Déblocages : tout en « part » ou tout en « montant »."
    ecarts = np.ravel(sum(parts)) - 1.0
    pire = 1.0 + float(ecarts[np.argmax(np.abs(ecarts))])
    if not abs(pire - 1.0) < 1e-9:
        yield f"Les parts des déblocages font {formater_nombre(pire, 6, 0)} au lieu de 1 : les corriger."


def _anticipes(c: Conditions) -> Iterator[str]:
    if len({a.mois for a in c.anticipes}) < len(c.anticipes):
        yield "Deux remboursements anticipés au même mois : les réunir en un seul."
    au_plafond = [a.indemnite for a in c.anticipes if a.indemnite.mode == "plafond_legal"]
    if (c.paliers or c.revision) and any(i.taux_moyen is None for i in au_plafond):
        yield (
            "Plafond légal de l'indemnité à taux variable : il se lit au taux moyen du prêt ; donner « taux_moyen », celui du "
            "contrat."
        )


def _suspensions(c: Conditions) -> Iterator[str]:
    """A holiday stands after the grace, alone, and is not crossed by an early repayment."""
    if not c.suspensions:
        return
    ordre, profil = sorted(c.suspensions, key=lambda s: s.mois), PROFILS[c.profil]
    if any(a.mois + a.duree_mois > b.mois for a, b in pairwise(ordre)):
        yield "Deux suspensions d'échéances se recouvrent : les réunir, ou en déplacer une."
    if ordre[0].mois < c.prefinancement_mois + float(np.max(np.asarray(c.differe_mois))):
        yield f"La suspension du mois {ordre[0].mois} tombe pendant le préfinancement ou le différé : la placer après."
    if c.differe == "interets_retenus":
        yield "Intérêts retenus et suspension d'échéances ne vont pas ensemble."
    if c.deblocages and max(d.mois for d in c.deblocages) > ordre[0].mois:
        yield "Une suspension avant le dernier déblocage : la placer après."
    if profil.duree == "calculee" and not all(s.allonge for s in ordre):
        yield "Suspension d'un prêt à échéance fixe : la durée est le résultat du calcul ; écrire « allonge: true »."
    if profil.au_terme and not all(s.allonge or s.interets == "capitalises" for s in ordre):
        yield (
            "Suspension du capital d'un prêt in fine à durée inchangée : elle ne change rien ; la retirer, ou écrire "
            "« allonge: true » ou « interets: capitalises »."
        )
    if c.revision is not None and c.revision.coefficient_echeance_max is not None:
        yield "Suspension d'échéances et échéance plafonnée : non prises en compte ensemble ; en retirer une."
    if any(s.mois < a.mois <= s.mois + s.duree_mois for s in ordre for a in c.anticipes):
        yield (
            "Remboursement anticipé pendant une suspension d'échéances : l'avancer, ou le placer après la première échéance qui "
            "la suit."
        )
    if any(a.indemnite.mode == "actuarielle" or a.mode == "reduire_duree" for a in c.anticipes):
        yield (
            "Suspension d'échéances avec une indemnité actuarielle ou une durée réduite : non prises en compte ensemble ; choisir "
            "« mode: reduire_echeance » et une autre indemnité."
        )
