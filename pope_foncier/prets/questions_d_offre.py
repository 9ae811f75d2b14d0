"""Lines of a bank's offer, in the order of such an offer, as questions: how each answer is read, and when it is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from pope_foncier.modele.clauses_de_pret import PROGRESSIFS
from pope_foncier.socle.erreurs import abreger
from pope_foncier.socle.nombres import formater_nombre, lire_nombre
from pope_foncier.socle.questions import Question, Reponses, choisir, enumerer, lire_liste, lire_texte, parmi
from pope_foncier.socle.saisie import lire_duree, lire_jour, lire_montant, lire_taux


def _montant(brut: str, _: Reponses) -> float:
    montant = lire_montant(brut)
    if montant <= 0:
        raise ValueError("un montant au-dessus de zéro est attendu")
    return montant


def _taux(brut: str, _: Reponses) -> float:
    taux = lire_taux(brut)
    if not -0.05 <= taux <= 0.5:
        raise ValueError(f"« {abreger(brut)} » : un taux de −5 % à 50 % est attendu")
    return taux


def _part(brut: str, _: Reponses) -> float:
    part = lire_taux(brut) if "%" in brut else lire_nombre(brut)
    if not 0 <= part <= 1:
        raise ValueError(f"« {abreger(brut)} » : une part de 0 à 100 % est attendue")
    return part


def _duree(brut: str, _: Reponses) -> int:
    mois = lire_duree(brut)
    if mois <= 0:
        raise ValueError("une durée d'au moins un mois est attendue")
    return mois


def _periodes(brut: str, avant: Reponses) -> str:
    """Rhythm whose period cuts the term in whole instalments."""
    rythme = parmi(_RYTHMES)(brut, avant)
    pas = 12 // int(rythme)
    if avant["duree_mois"] % pas:
        raise ValueError(f"{avant['duree_mois']} mois ne font pas un nombre entier d'échéances de {pas} mois")
    return rythme


def _differe(brut: str, avant: Reponses) -> int:
    mois, pas = lire_duree(brut), 12 // int(avant["rythme"])
    if mois >= avant["duree_mois"]:
        raise ValueError(
            f"le différé dure autant que le prêt ({avant['duree_mois']} mois) : il ne resterait rien pour rembourser"
        )
    if mois == 0 or mois % pas:
        raise ValueError(f"« {abreger(brut)} » : un nombre entier d'échéances ({pas} mois) est attendu")
    return mois


def _apres(champ: str, quoi: str) -> Callable[[str, Reponses], date]:
    """Reader of a day that follows another one."""

    def lire(brut: str, avant: Reponses) -> date:
        jour = lire_jour(brut)
        if avant.get(champ) is not None and jour <= avant[champ]:
            raise ValueError(f"« {abreger(brut)} » ne suit pas {quoi} ({avant[champ]:%d/%m/%Y})")
        return jour

    return lire


_DEBLOCAGE = re.compile(r"(.+?)\s+(?:au\s+)?mois\s+(\d+)", re.IGNORECASE)


def lire_deblocages(brut: str, avant: Reponses) -> tuple[tuple[float, int], ...]:
    """Drawdowns « 40 % mois 0 ; 60 % mois 6 », or in euros: shares of the loan and their months.

    Raises:
        ValueError: not so written, or shares that do not make the whole loan.
    """
    lus = []
    for morceau in filter(str.strip, brut.split(";")):
        trouve = _DEBLOCAGE.fullmatch(morceau.strip())
        if trouve is None:
            raise ValueError(f"« {abreger(morceau.strip())} » : écrire par exemple 40 % mois 0 ; 60 % mois 6")
        part = _part(trouve[1], avant) if "%" in trouve[1] else lire_montant(trouve[1]) / avant["montant"]
        lus.append((part, int(trouve[2])))
    total = sum(p for p, _ in lus)
    if abs(total - 1.0) > 1e-6:
        raise ValueError(
            f"les déblocages font {formater_nombre(100 * total, 2, 0)} % du prêt : ils doivent faire 100 %"
        )
    if [m for _, m in lus] != sorted({m for _, m in lus}) or lus[0][1] != 0:
        raise ValueError("les mois des déblocages partent de 0 et croissent")
    return tuple(lus)


def _frais(brut: str, avant: Reponses) -> tuple[str, float]:
    """Fee: an amount, or a share of the loan."""
    return ("taux", _part(brut, avant)) if "%" in brut else ("montant", lire_montant(brut))


def _vaut(champ: str, *valeurs: str) -> Callable[[Reponses], bool]:
    return lambda r: r.get(champ) in valeurs


_RYTHMES = {"12": "chaque mois", "4": "chaque trimestre", "2": "chaque semestre", "1": "chaque année"}


def _choix(
    texte: str, champ: str, defaut: str, si: Callable[[Reponses], bool] = lambda _: True, **choix: str
) -> Question:
    return choisir(texte, champ, choix, defaut, si)


_INDEXE, _CAUTION = _vaut("genre_taux", "indexe"), _vaut("caution", "caution")

QUESTIONS: tuple[Question, ...] = (
    Question("libelle", "Nom du prêt", lire_texte, "Prêt bancaire"),
    Question("preteur", "Prêteur", lire_texte),
    Question("emprunteur", "Emprunteur", lire_texte),
    _choix(
        "Qui emprunte",
        "nature_emprunteur",
        "association",
        association="association",
        societe="société",
        collectivite="collectivité",
        particulier="particulier",
    ),
    Question("date_offre", "Date de l'offre, par exemple 01/03/2027", lambda b, _: lire_jour(b), ""),
    Question("valable_jusqu_au", "Offre valable jusqu'au", _apres("date_offre", "la date de l'offre"), ""),
    Question("objet", "Objet du prêt", lire_texte),
    Question("montant", "Montant, par exemple 300 000 €", _montant),
    Question("duree_mois", "Durée, différé compris, par exemple 15 ans ou 180 mois", _duree),
    _choix("Taux", "genre_taux", "fixe", fixe="fixe", indexe="indexé"),
    Question("taux", "Taux annuel, par exemple 3,5 %", _taux, si=_vaut("genre_taux", "fixe")),
    Question("indice", "Indice, par exemple Livret A", lire_texte, si=_INDEXE),
    Question("valeur_indice", "Valeur de l'indice au jour de l'offre, par exemple 1,5 %", _taux, si=_INDEXE),
    Question("marge", "Marge sur l'indice, par exemple 0,6 %", _taux, si=_INDEXE),
    Question("revision_mois", "Révision du taux tous les (12 mois, 3 mois…)", _duree, "12 mois", _INDEXE),
    Question("plafond_taux", "Plafond du taux", _taux, "", _INDEXE),
    Question("plancher_taux", "Plancher du taux", _taux, "", _INDEXE),
    Question("rythme", f"Échéances ({enumerer(_RYTHMES)})", _periodes, "chaque mois"),
    _choix(
        "Remboursement",
        "profil",
        "échéances constantes",
        annuite_constante="échéances constantes",
        capital_constant="capital constant",
        in_fine="in fine",
        progressif="échéances progressives",
    ),
    Question(
        "progression", "Progression des échéances par an, par exemple 1 %", _taux, si=_vaut("profil", *PROGRESSIFS)
    ),
    Question("date_debut", "Date du premier déblocage", lambda b, _: lire_jour(b), ""),
    Question(
        "date_premiere_echeance",
        "Date de la première échéance",
        _apres("date_debut", "le premier déblocage"),
        "",
        lambda r: r.get("date_debut") is not None,
    ),
    _choix(
        "Intérêts comptés en jours",
        "base_jours",
        "mois égaux",
        lambda r: r.get("date_debut") is not None,
        **{"30/360": "mois égaux", "exact/365": "exacts sur 365", "exact/360": "exacts sur 360"},
    ),
    _choix(
        "Différé",
        "differe",
        "aucun",
        aucun="aucun",
        partiel="partiel, intérêts payés",
        total_capitalise="total, intérêts capitalisés",
        total_simple="total, intérêts simples ajoutés à la fin",
        interets_stockes="total, intérêts mis de côté sans en produire",
    ),
    Question(
        "differe_mois",
        "Durée du différé, par exemple 12 mois",
        _differe,
        si=lambda r: r.get("differe", "aucun") != "aucun",
    ),
    Question(
        "deblocages", "Déblocages s'il y en a plusieurs, par exemple 40 % mois 0 ; 60 % mois 6", lire_deblocages, ""
    ),
    Question(
        "non_utilisation",
        "Commission par an sur ce qui n'est pas débloqué, par exemple 0,5 %",
        _part,
        "",
        lambda r: bool(r.get("deblocages")),
    ),
    _choix(
        "Assurance",
        "assurance",
        "aucune",
        aucune="aucune",
        capital_initial="sur le capital initial",
        capital_restant_du="sur le capital restant dû",
    ),
    Question(
        "taux_assurance",
        "Taux annuel de l'assurance, par exemple 0,3 %",
        _taux,
        si=_vaut("assurance", "capital_initial", "capital_restant_du"),
    ),
    Question("frais_dossier", "Frais de dossier, en euros ou en part du prêt", _frais, "0 €"),
    Question("autres_frais", "Autres frais connus avant la signature (acte, enregistrement…)", _frais, "0 €"),
    _choix("Garant payé par une commission", "caution", "aucun", aucun="aucun", caution="caution"),
    Question("garant", "Garant", lire_texte, si=_CAUTION),
    Question("quotite", "Part du prêt garantie, par exemple 50 %", _part, si=_CAUTION),
    Question("commission", "Commission sur le montant garanti, par exemple 2,5 %", _part, si=_CAUTION),
    Question("plafond_garantie", "Montant garanti maximal", _montant, "", _CAUTION),
    Question(
        "suretes",
        "Autres sûretés, séparées par « ; » (hypothèque, nantissement, garantie de la commune…)",
        lire_liste,
        "",
    ),
    _choix(
        "Indemnité de remboursement anticipé",
        "anticipe",
        "non précisée",
        non_precisee="non précisée",
        aucune="aucune",
        pourcentage="part du capital remboursé",
        mois_interets="mois d'intérêts",
        actuarielle="actuarielle",
    ),
    Question("anticipe_part", "Part du capital remboursé, par exemple 3 %", _part, si=_vaut("anticipe", "pourcentage")),
    Question("anticipe_mois", "Mois d'intérêts, par exemple 6 mois", _duree, si=_vaut("anticipe", "mois_interets")),
    Question("anticipe_taux", "Taux de référence, par exemple 2 %", _taux, si=_vaut("anticipe", "actuarielle")),
    Question("reserves", "Conditions et pièces demandées, séparées par « ; »", lire_liste, ""),
)
"""Lines of an offer, in its order."""
