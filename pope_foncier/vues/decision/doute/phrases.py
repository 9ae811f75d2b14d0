"""Doubt in sentences, by reader: what a page of a workshop says of the study on its screen."""

from __future__ import annotations

import math
import re

from pope_foncier.decision.doute.lecture import Fourchette, LectureDuDoute
from pope_foncier.socle.nombres import euros, formater_nombre
from pope_foncier.socle.temps import mois_en_clair
from pope_foncier.vues.decision.doute.tableaux import METHODES, en_chances, en_une_phrase
from pope_foncier.vues.formes import cases

_EURO = "\u00a0€"
_MUETS = "aucun risque ne se lit : sans objet, ou une donnée manque"
_RIEN = "aucun des risques lus n'est arrivé dans les cas essayés"


def de_la_commune(lu: LectureDuDoute) -> dict[str, str]:
    """Sentences of a mayor, by name."""
    dits = {}
    for nom, libelle in (
        ("cout_commune", "Ce que la Ville paierait, tout ce qui est à trouver compris, par place et par an"),
        ("contribution_par_place", "La Ville paie au fonctionnement, par place, en croisière"),
    ):
        if nom in lu.tiree.chiffres:
            dits[libelle] = _en_trois(lu.fourchette(nom))
    return {**dits, **_ouverture_en_trois(lu), **_arret(lu, "cas essayés"), "Premier risque": premier_risque(lu)}


def du_financeur(lu: LectureDuDoute) -> dict[str, str]:
    """Sentences of a lender, by name."""
    dits = {"À trouver": _fourchette(lu.fourchette("a_trouver"), -3)}
    return {**dits, **{r.phrase[:1].upper() + r.phrase[1:]: en_chances(r.probabilite) for r in lu.risques}}


def de_l_architecte(lu: LectureDuDoute) -> dict[str, str]:
    """Sentences of an architect, by name."""
    return {"Coût total TTC": _fourchette(lu.fourchette("cout_total"), -3), **_ouverture(lu), **_arret(lu)}


def comment_en_clair(lu: LectureDuDoute) -> str:
    """How these numbers were drawn, as a citizen reads it."""
    return (
        f"De … à … : huit fois sur dix, sur {formater_nombre(lu.tiree.nombre)} cas essayés où {len(lu.tiree.tirages)} hypothèses varient "
        "ensemble ; ce que les leviers règlent garde sa valeur."
    )


def comment(lu: LectureDuDoute) -> str:
    """How these numbers were drawn, in small letters."""
    return (
        f"De … à … : huit fois sur dix. {formater_nombre(lu.tiree.nombre)} tirages {METHODES[lu.tiree.reglages.methode]}, "
        f"{len(lu.tiree.tirages)} entrées tirées selon leur loi ou leur intervalle ; ce que la main a réglé garde sa valeur. La commande "
        "« douter » montre tout."
    )


def _fourchette(f: Fourchette, decimales: int = -2) -> str:
    muets = f", sans valeur dans {formater_nombre(f.indefinis)} tirages" if f.indefinis else ""
    return f"{en_une_phrase(f, decimales)}{muets}"


def _ouverture(lu: LectureDuDoute) -> dict[str, str]:
    if "ouverture" not in lu.tiree.chiffres:
        return {}
    connus = _mois(lu)
    if not connus:
        return {"Ouverture": "inconnue"}
    entre = etendue_de_l_ouverture(lu)
    return {"Ouverture": f"{connus[1]}, {entre}" if entre else connus[1]}


def _en_trois(f: Fourchette) -> str:
    """Figure of the study, then its range and its middle in the draws: it may lie at the lower end, and says so."""
    lue, milieu = cases.centaines(f.centrale), cases.centaines(f.quantiles[0.50].valeur)
    entre = etendue(f)
    if milieu.manque or not entre.startswith("de "):
        return " ; ".join(x for x in (f"{lue} dans l'étude", entre) if x)
    return f"{lue} dans l'étude ; huit fois sur dix {entre} ; une fois sur deux, plus de {milieu}"


def _ouverture_en_trois(lu: LectureDuDoute) -> dict[str, str]:
    """Opening of the study, then its range and its middle in the draws."""
    dite, connus = _ouverture(lu), _mois(lu) if "ouverture" in lu.tiree.chiffres else []
    etude = lu.fourchette("ouverture").centrale if connus else math.nan
    if math.isnan(etude) or connus[0] == connus[2]:
        return dite
    ecrite = mois_en_clair(lu.ev.ctx.echelle.date_du_mois(int(etude)))
    entre = etendue_de_l_ouverture(lu)
    return {"Ouverture": f"{ecrite} dans l'étude ; huit fois sur dix {entre} ; une fois sur deux, après {connus[1]}"}


def etendue_de_l_ouverture(lu: LectureDuDoute) -> str:
    """Range of the opening, « d'août 2028 à mai 2029 »; nothing when all the draws open in one month, « inconnue » when none does."""
    connus = _mois(lu)
    if not connus:
        return "fourchette inconnue"
    bas, _, haut = connus
    return "" if bas == haut else f"{_de(bas)} à {haut}"


def etendue(f: Fourchette) -> str:
    """Range of an amount, « de 12 100 à 15 900 € »; nothing when it is one value, « inconnue » when no draw has any."""
    if math.isnan(f.quantiles[0.50].valeur):
        return "fourchette inconnue"
    bas, haut = (cases.centaines(f.quantiles[p].valeur) for p in (0.10, 0.90))
    muets = f", inconnu dans {formater_nombre(f.indefinis)} essais" if f.indefinis else ""
    if str(bas) == str(haut):
        return muets.removeprefix(", ")
    return f"de {str(bas).removesuffix(_EURO)} à {haut}{muets}"


def _mois(lu: LectureDuDoute) -> list[str]:
    """Months of the opening at 10, 50 and 90 %; none when they are not all known."""
    f, echelle = lu.fourchette("ouverture"), lu.ev.ctx.echelle
    connus = [q.valeur for p, q in f.quantiles.items() if p in (0.10, 0.50, 0.90) and q.valeur == q.valeur]
    return [mois_en_clair(echelle.date_du_mois(int(v))) for v in connus] if len(connus) == 3 else []


def _de(mois: str) -> str:
    """« de juin 2028 », « d'août 2028 »."""
    return f"d'{mois}" if mois[:1] in "ao" else f"de {mois}"


def fois_sur_dix(part: float) -> str:
    """Chance as one says it aloud; never « toujours » nor « jamais » for what only almost is."""
    fois = round(10 * part)
    if part in (0.0, 1.0):
        return "dans tous les cas essayés" if part else "dans aucun des cas essayés"
    if fois in (0, 10):
        return "presque toujours" if fois else "rarement, moins d'une fois sur vingt"
    return f"{fois}\u00a0fois sur 10"


def _arret(lu: LectureDuDoute, cas: str = "tirages") -> dict[str, str]:
    """How often the project ends before it is done, and what is then lost; nothing when no event ends it.

    Args:
        cas: what the draws are called.
    """
    perdu = lu.perdu
    if perdu is None:
        return {}
    if math.isnan(perdu.valeur):
        suite = ", où ce qui est perdu est inconnu"
    elif perdu.valeur > 0:
        suite = f", où {euros(round(perdu.valeur, -2))} sont perdus (médiane)"
    else:
        suite = ", où rien n'est encore payé"
    return {"Le projet s'arrête avant d'être fait": f"{en_chances(lu.tiree.abandon, cas)}{suite}"}


def premier_risque(lu: LectureDuDoute) -> str:
    """First risk as a citizen reads it: without what stands in brackets, its chance out of ten."""
    risque = lu.premier_risque
    if risque is not None:
        p = risque.probabilite
        tus = f", sans réponse dans {formater_nombre(p.indefinis)} cas essayés" if p.indefinis else ""
        return f"{re.sub(r' [(][^()]*[)]', '', risque.phrase)}, {fois_sur_dix(p.valeur)}{tus}"
    if lu.est_muette:
        return _MUETS
    muets = lu.risques_muets
    return f"{_RIEN} ; {formater_nombre(muets)} ne se lisent pas (sans objet, ou une donnée manque)" if muets else _RIEN
