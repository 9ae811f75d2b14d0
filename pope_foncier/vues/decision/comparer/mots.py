"""Difference of two scenarios in French: one sentence for a card, a table for a page."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pope_foncier.decision.autres_modes import lire_passages
from pope_foncier.decision.comparer.difference import (
    AVEC_LE_RESTE,
    COMMUNE_EN_TOUT,
    COUVERTURE,
    Difference,
    Effet,
    EntreeChangee,
)
from pope_foncier.etude.lecteur import A_TROUVER, MANQUE
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.socle.nombres import euros, formater, formater_nombre
from pope_foncier.socle.temps import mois_en_clair
from pope_foncier.travaux.cout import lire_couts
from pope_foncier.vues.formes import cases
from pope_foncier.vues.formes.boucleurs_en_clair import boucleur_en_clair
from pope_foncier.vues.formes.cases import Case, Cellule, Rang
from pope_foncier.vues.formes.lectures import STATUTS
from pope_foncier.vues.formes.modes_de_soutien import MODES
from pope_foncier.vues.formes.table import Table

_EN_MILLIERS = 10_000.0
"""From here on an amount of a sentence is told in thousands."""
_CAUSES = 3
"""Uses or resources that a sentence names, the largest first."""
_TRANCHE = re.compile(r"(\d+)_(\d+)_ans")
_ENTREES = 4
"""Inputs that a sentence names."""


def phrase(difference: Difference, nom: str = "") -> str:
    """Difference in one sentence: what changed, then what it does along the chain of causes.

    Args:
        nom: what the change is called, in place of its inputs (the title of blocks).
    """
    tete = nom[:1].upper() + nom[1:] or entrees_changees(difference)
    if difference.sans_place:
        return f"{tete} : pas de chiffre à comparer, {difference.sans_place}."
    if not difference.effets:
        return f"{tete} : aucun chiffre ne bouge."
    morceaux = [dire_l_effet(e) for e in difference.de("places")]
    morceaux += [*_du_plan(difference), *(dire_l_effet(e) for e in difference.de("commune", "dette", "caisse"))]
    return f"{tete} : {' ; '.join(morceaux)}."


def entrees_changees(difference: Difference) -> str:
    """What changed in the study, the first inputs named."""
    dites = [dire_l_entree(e) for e in difference.entrees[:_ENTREES]]
    reste = len(difference.entrees) - len(dites)
    if reste:
        dites.append(f"et {reste} autre{'s' if reste > 1 else ''} entrée{'s' if reste > 1 else ''}")
    return ", ".join(dites) or "Aucune entrée ne change"


def _du_plan(difference: Difference) -> list[str]:
    """Uses, then resources, then what is to find."""
    dits = []
    besoins = difference.de("besoins")
    if besoins:
        dits.append(f"besoins {signe(difference.total('besoins'))} ({_causes(besoins)})")
    ressources = difference.de("ressources")
    if ressources:
        dits.append(f"ressources {signe(difference.total('ressources'))} ({_causes(ressources)})")
    return dits + [dire_l_effet(e) for e in difference.de("a_trouver")]


def _causes(effets: Sequence[Effet]) -> str:
    rangees = sorted(effets, key=lambda e: -abs(e.ecart) if math.isfinite(e.ecart) else -math.inf)
    dites = [f"{e.libelle} {signe(e.ecart)}" for e in rangees[:_CAUSES]]
    return ", ".join([*dites, "…"] if len(rangees) > _CAUSES else dites)


_COURTS = {
    A_TROUVER: "à trouver",
    "contribution_par_place": "commune au fonctionnement, par place en croisière",
    COMMUNE_EN_TOUT: "commune en tout, par place et par an",
    AVEC_LE_RESTE: "commune si elle apportait aussi tout ce qui est à trouver, trésorerie comprise, par place et par an",
    COUVERTURE: "couverture minimale de la dette",
    MANQUE: "trésorerie manquante au pire mois",
}


def dire_l_effet(effet: Effet) -> str:
    """One figure: its change for an amount, before and after for the others, and the threshold that it crosses."""
    nom = _COURTS.get(effet.code, effet.libelle[:1].lower() + effet.libelle[1:])
    if math.isnan(effet.ecart) or math.isinf(effet.ecart) or effet.unite != "€":
        avant, apres = valeurs(effet)
        return f"{nom} {avant} → {apres}{_seuil(effet)}"
    if effet.code in (A_TROUVER, MANQUE):
        dire = en_milliers if abs(effet.ecart) >= _EN_MILLIERS else euros
        return f"{nom} {signe(effet.ecart)} ({dire(effet.avant)} → {dire(effet.apres)})"
    return f"{nom} {signe(effet.ecart)}"


def valeurs(effet: Effet) -> tuple[str, str]:
    """Values before and after in French; one that does not exist says why."""
    lus = ((effet.avant, effet.motif_avant), (effet.apres, effet.motif_apres))
    avant, apres = (_valeur(effet, v, motif) for v, motif in lus)
    return avant, apres


def _valeur(effet: Effet, valeur: float, motif: str) -> str:
    if math.isnan(valeur) or math.isinf(valeur):
        return f"indéterminé ({motif})" if motif else formater_nombre(valeur)
    if effet.echelle is not None:
        return mois_en_clair(effet.echelle.date_du_mois(int(valeur)))
    if effet.unite.startswith("€"):
        return euros(valeur)
    return formater(valeur, effet.unite) if effet.unite else formater_nombre(valeur, 2)


def _seuil(effet: Effet) -> str:
    """Threshold crossed, in words."""
    if not effet.franchit or effet.controle is None or effet.statuts is None:
        return ""
    controle, (avant, apres) = effet.controle, effet.statuts
    au_moins = controle.sens == "au_moins"
    seuil, alerte = (_valeur(effet, x, "") for x in (controle.seuil, controle.alerte))
    if apres == "respecte":
        return f", repasse {'au-dessus du' if au_moins else 'sous le'} seuil de {seuil}"
    passe = f"{'sous le' if au_moins else 'au-dessus du'} seuil de {seuil}" if avant == "respecte" else ""
    if apres == "a_surveiller":
        return f", {passe}" if passe else f", repasse {'au-dessus de' if au_moins else 'sous'} l'alerte de {alerte}"
    alarme = f"{'sous' if au_moins else 'au-dessus de'} l'alerte de {alerte}"
    return f", {' et '.join(x for x in (passe, alarme if alerte != seuil or not passe else '') if x)}"


def signe(ecart: float) -> str:
    """Amount with its sign: « +118 k€ », « −1 250 € »."""
    if math.isnan(ecart):
        return "inconnu"
    dit = en_milliers(abs(ecart))
    return f"{'+' if ecart >= 0 else '−'}{dit}"


def en_milliers(montant: float) -> str:
    """Amount, in thousands when it is large."""
    if abs(montant) < _EN_MILLIERS or not math.isfinite(montant):
        return euros(montant)
    return f"{formater_nombre(montant / 1000.0)}\u00a0k€"


def dire_l_entree(entree: EntreeChangee) -> str:
    """One input: its label, its change, and its value before and after in its unit."""
    nom = _nom(entree)
    lus = entree.nombres
    if entree.champ == "realiser" and lus is not None:
        return "projet réalisé" if lus[1] else "projet non réalisé"
    if lus is None:
        return f"{nom} : {_liste_en_mots(entree) or f'{_choix(entree, entree.avant)} → {_choix(entree, entree.apres)}'}"
    avant, apres = (formater(v, entree.unite) if entree.unite else formater_nombre(v, 4, 0) for v in lus)
    return f"{nom}{_variation(entree)} ({avant}{_du_bareme(entree.avant)} → {apres}{_du_bareme(entree.apres)})"


def _du_bareme(lu: Any) -> str:
    """Says that a value is read from a scale."""
    return " au barème" if isinstance(lu, dict) and "bareme" in lu else ""


def _liste_en_mots(entree: EntreeChangee) -> str:
    """What a list loses, gains or changes, by label; nothing for what is no list of named elements."""
    if entree.champ == "bouclage" or not (_sont_nommes(entree.avant) and _sont_nommes(entree.apres)):
        return ""
    avant, apres = _seuls(entree.avant, entree.apres), _seuls(entree.apres, entree.avant)
    tries = (
        ("sans", [avant[i] for i in avant if i not in apres]),
        ("avec", [apres[i] for i in apres if i not in avant]),
        ("change", [apres[i] for i in apres if i in avant]),
    )
    return ", ".join(f"{mot} {', '.join(f'« {nom} »' for nom in noms)}" for mot, noms in tries if noms)


def _sont_nommes(lu: Any) -> bool:
    return lu is None or (
        isinstance(lu, list | tuple) and all(isinstance(x, dict) and {"id", "libelle"} <= set(x) for x in lu)
    )


def _seuls(liste: Any, autre: Any) -> dict[str, str]:
    """Labels of the elements of a list that the other does not hold as they are, by id."""
    return {x["id"]: x["libelle"] for x in liste or () if x not in (autre or ())}


def _variation(entree: EntreeChangee) -> str:
    """Change of an input: points of a rate, months, per cent of anything else; nothing from zero."""
    ecart, part = entree.ecart, entree.variation
    if entree.unite == "%":
        return f" {_signee(ecart * 100, 2)}\u00a0point{'s' if abs(ecart) >= 0.02 else ''}"
    if entree.unite == "mois":
        return f" {_signee(ecart, 0)}\u00a0mois"
    return "" if part is None else f" {_signee(part * 100, 1)}\u00a0%"


def _signee(valeur: float, decimales: int) -> str:
    return f"{'+' if valeur >= 0 else '−'}{formater_nombre(abs(valeur), decimales, 0)}"


def _nom(entree: EntreeChangee) -> str:
    if entree.libelle:
        return entree.libelle
    champ = entree.champ.rpartition(".")[2].partition("[")[0]
    nom = _CHAMPS.get(entree.champ) or _CHAMPS.get(champ) or champ.replace("_", " ")
    return f"{entree.element}, {nom}" if entree.element else nom[:1].upper() + nom[1:]


_CHAMPS = {
    "mode_accueil": "mode d'accueil",
    "travaux.genre": "genre de travaux",
    "titre_occupation.genre": "titre d'occupation",
    "statut": "aide",
    "bouclage": "bouclage du plan",
    "contribution_commune": "contribution de la commune",
    "decisions": "décisions de la commune",
    "lecture_densite": "lecture de la densité",
    "lecture_espace": "espace à distance en place de la cour",
    "lecture_cour": "crèches qui doivent une cour",
    "lecture_chef_de_file": "place du maître d'ouvrage public",
    "locaux": "locaux de la taxe sur les bureaux",
    "maitre_ouvrage": "maître d'ouvrage",
    "proprietaire": "propriétaire",
    "tranche_taux": "tranche du taux",
    "prets": "prêts",
    "relais": "prêt relais",
    "demarrage": "démarrage",
    "prolonger": "barèmes prolongés",
    "evolution": "évolution des prix",
}
"""Fields that hold a choice, in French."""
_RIEN = {
    "bouclage": "personne",
    "prets": "aucun",
    "relais": "aucun",
    "aides": "aucune",
    "apports": "aucun",
    "prolonger": "aucun",
}
"""How a list or a section that is not there is said."""


def _choix(entree: EntreeChangee, lu: Any) -> str:
    """Choice, or what is no known number, in French."""
    champ = entree.champ.rpartition(".")[2]
    if lu is None:
        return _RIEN.get(champ, "non dit")
    if champ == "bouclage":
        return " ; ".join(boucleur_en_clair(Boucleur.model_validate(b)) for b in lu) or "personne"
    if isinstance(lu, dict):
        return _table(champ, lu, entree.unite)
    if isinstance(lu, list | tuple):
        if not lu:
            return _RIEN.get(champ, "rien")
        if _sont_nommes(lu):
            return " ; ".join(_seuls(lu, entree.apres if lu is entree.avant else entree.avant).values()) or "—"
        return f"{len(lu)} ligne{'s' if len(lu) > 1 else ''}"
    if isinstance(lu, bool):
        return "oui" if lu else "non"
    if isinstance(lu, int | float):
        return formater(float(lu), entree.unite)
    titres: dict[str, Mapping[Any, str]] = {
        "statut": STATUTS,
        "lecture_espace": {
            "site": "selon la fiche du site",
            "admis": "admis par la PMI",
            "refuse": "refusé par la PMI",
        },
        "lecture_cour": {"toutes": "toutes", "trois_plus_petites": "jusqu'à la crèche, trois plus petites catégories"},
        "lecture_chef_de_file": {
            "hors_chef_de_file": "20 % au moins des financements publics",
            "chef_de_file": "chef de file, 30 % au moins des financements publics",
        },
        "mode_accueil": {nom: p.libelle for nom, p in lire_passages().items()},
        "genre": {nom: g.libelle for nom, g in lire_couts().genres.items()} if "travaux" in entree.champ else {},
    }
    dit = titres.get(champ, {}).get(str(lu), str(lu))
    return _TRANCHE.sub(r"de \1 à \2 ans", dit).replace("_", " ")


def _table(champ: str, lu: dict[str, Any], unite: str) -> str:
    if champ == "contribution_commune":
        mots = MODES[lu["mode"]]
        montant = lu.get(mots.champ or "", {})
        dit = formater(montant["valeur"], "€/place/an") if isinstance(montant, dict) and "valeur" in montant else "…"
        votes = " ; ".join(f"{vote['annee']} : {vote['motif']}" for vote in lu.get("decisions", ()))
        phrase = mots.phrase.format(dit if mots.champ != "cible" else dit.split("\u00a0")[0])
        return f"{phrase} (votes supposés : {votes})" if votes else phrase
    if "valeur" in lu:
        valeur = lu["valeur"]
        return formater(float(valeur), unite) if isinstance(valeur, int | float) else str(valeur)
    if "bareme" in lu:
        return f"barème « {lu.get('libelle', lu['bareme'])} »"
    if "a_obtenir_de" in lu:
        return f"inconnu (à obtenir de {lu['a_obtenir_de']})"
    return f"de « {lu['preteur']} »" if "preteur" in lu else "dit"


def table(difference: Difference) -> Table:
    """Same difference as a table: inputs, then figures of the closed plan, before, after and change."""
    rangs = [*(_rang_d_entree(e) for e in difference.entrees), *(_rang_d_effet(e) for e in difference.effets)]
    titre = f"De « {difference.avant} » à « {difference.apres} » (plan bouclé)"
    note = difference.sans_place or "Ce qui ne bouge pas n'est pas montré ; plan bouclé par ceux que l'étude nomme."
    return Table(titre, ("", "Avant", "Après", "Écart"), tuple(rangs), note=note)


def _rang_d_entree(entree: EntreeChangee) -> Rang:
    lus = entree.nombres
    if lus is None:
        return (_nom(entree), _choix(entree, entree.avant), _choix(entree, entree.apres), _liste_en_mots(entree) or "—")
    avant, apres = (cases.mesure(v, entree.unite) for v in lus)
    return (_nom(entree), avant, apres, _variation(entree).strip() or "—")


def _rang_d_effet(effet: Effet) -> Rang:
    avant, apres = valeurs(effet)
    return (effet.libelle, _case(effet, effet.avant, avant), _case(effet, effet.apres, apres), _ecart(effet))


def _case(effet: Effet, valeur: float, dit: str) -> Case:
    return Case(valeur, "mesure", effet.unite).dite(dit)


def _ecart(effet: Effet) -> Cellule:
    seuil = _seuil(effet).removeprefix(", ")
    if math.isnan(effet.ecart) or math.isinf(effet.ecart) or effet.echelle is not None:
        return seuil or "—"
    if effet.unite.startswith("€"):
        return Case(effet.ecart, "montant", effet.unite).signee()
    dit = f"{_signee(effet.ecart * 100, 2)}\u00a0points" if effet.unite == "%" else _signee(effet.ecart, 2)
    return f"{dit}, {seuil}" if seuil else dit
