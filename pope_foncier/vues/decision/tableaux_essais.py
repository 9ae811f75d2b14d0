"""Tables of the trials of a plan: levers that would close it, grants drawn, three plans by what is obtained, bridge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pope_foncier.decision.essais import Chance, EffetDeLevier, LectureRelais
from pope_foncier.decision.plans_des_aides import PlanDesAides, PlansDesAides
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.prets.relais import Relais
from pope_foncier.socle.nombres import formater_nombre, pourcent
from pope_foncier.vues.formes import cases, lectures
from pope_foncier.vues.formes.cases import Case, Rang
from pope_foncier.vues.formes.table import Table

_LECTURES = {"attendu": "Plan attendu", "toutes": "Toutes obtenues", "aucune": "Aucune obtenue"}


def leviers(titre: str, liste: Sequence[EffetDeLevier]) -> Table:
    """Levers against the base: places when one changes them, gap and its change, change of the contribution once closed."""
    bougent = any(e.ecart_places for e in liste)
    lignes: list[Rang] = [
        (
            e.libelle,
            *((_places(e),) if bougent else ()),
            cases.montant(e.reste_a_financer),
            _signe(e.ecart_reste),
            _signe(e.ecart_contribution),
        )
        for e in liste
    ]
    entetes = (
        "Essai",
        *(("Places",) if bougent else ()),
        "Reste à financer (plan tel quel)",
        "Écart",
        "Commune, écart par an (plan bouclé)",
    )
    return Table(titre, entetes, tuple(lignes))


def _places(effet: EffetDeLevier) -> Case:
    places = cases.nombre(effet.places)
    return places.dite(f"{places} ({effet.ecart_places:+.0f})") if effet.ecart_places else places


def _signe(valeur: float) -> Case:
    return cases.montant(valeur).signee()


def chances(chance: Chance) -> Table:
    """Gap of the plan when the grants are drawn at their probability."""
    lignes: list[Rang] = [
        ("En moyenne", cases.montant(chance.moyenne)),
        *(
            (f"{nom} fois sur dix, au plus", cases.montant(chance.quantiles[q]))
            for nom, q in (("Une", 10), ("Cinq", 50), ("Neuf", 90))
        ),
        ("Toutes les aides obtenues", _des_tirages(chance.toutes)),
    ]
    note = f"Aides tirées, obtenues ou refusées sans lien entre elles : {', '.join(chance.tirees)}. Les probabilités sont des hypothèses."
    return Table(
        lectures.nommer("Reste à financer selon les aides obtenues", lectures.TEL_QUEL),
        ("Lecture", libelle("ressources.reste_a_financer")),
        tuple(lignes),
        note=note,
    )


def _des_tirages(part: float) -> Case:
    return cases.part(part).dite(f"{formater_nombre(100 * part)} % des tirages")


def plans_des_aides(plans: PlansDesAides) -> Table:
    """The expected plan, that with every grant and that with none, side by side: uses, each resource, gap."""

    def ligne(nom: str, lire: Callable[[PlanDesAides], float]) -> Rang:
        return (nom, *(cases.montant(lire(plans.plans[lecture])) for lecture in _LECTURES))

    lignes: list[Rang] = [ligne("Besoins", lambda p: p.besoins)]
    for cle, nom in plans.libelles.items():
        chance = f" (chance de {pourcent(plans.chances[cle], 0)})" if cle in plans.chances else " (acquise)"
        lignes.append(ligne(f"{nom}{chance}", lambda p, cle=cle: p.aides.get(cle, 0.0)))  # type: ignore[misc]
    lignes += [
        ligne("Autres ressources", lambda p: p.autres),
        ligne(libelle("ressources.total"), lambda p: p.ressources),
        ligne(libelle("ressources.reste_a_financer"), lambda p: p.reste),
        ("Subventions et fonds propres / besoins", *(cases.mesure(plans.plans[x].part_propre, "%") for x in _LECTURES)),
    ]
    note = "Plan attendu : chaque aide comptée à sa chance d'être obtenue, qui est une hypothèse. Une aide acquise est dans les trois plans."
    if plans.sans_probabilite:
        note += f" Sans chance déclarée, comptées entières : {', '.join(plans.sans_probabilite)}."
    return Table(
        lectures.nommer("Trois plans selon les aides obtenues", lectures.TEL_QUEL),
        ("", *_LECTURES.values()),
        tuple(lignes),
        note=note,
        totaux=(len(lignes) - 3, len(lignes) - 2),
    )


def relais(ponts: Sequence[tuple[LectureRelais, Relais]]) -> Table:
    """Bridge of a study under each reading: need, size, uncovered, interest, duration."""
    lignes: list[Rang] = []
    for lecture, pont in ponts:
        valeurs = (pont.besoin_maximal, pont.taille, pont.non_couvert, pont.cout)
        lignes.append(
            (
                lecture.libelle,
                *(cases.montant(float(v.flat[0])) for v in valeurs),
                _duree(float(pont.duree_mois.flat[0])),
            )
        )
    entetes = ("Lecture", "Besoin au creux", "Relais", "Resté à découvert", "Intérêts", "Durée")
    note = "Lectures de travail ; le taux est le dernier publié pour un prêt comparable, prolongé par hypothèse."
    return Table(lectures.nommer("Prêt relais sur les aides", lectures.BOUCLE), entetes, tuple(lignes), note=note)


def _duree(mois: float) -> Case:
    return cases.nombre(mois, unite="mois").dite(f"{mois:.0f} mois")
