"""What would change an answer, and what to know first, in sentences: those of the commands, of the notebook and of the decision note."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from pope_foncier.decision.sensibilite.bascules import Bascule, Question
from pope_foncier.decision.sensibilite.decisions import CONTRIBUTION, RIEN
from pope_foncier.decision.sensibilite.en_bref import EnBref
from pope_foncier.decision.sensibilite.etudes_a_commander import EtudeACommander
from pope_foncier.decision.sensibilite.savoir import Inconnue, Savoir
from pope_foncier.socle.nombres import euros, formater, formater_nombre, pourcent
from pope_foncier.socle.phrases import minuscule

_SEUILS_DITS = 3


def en_gros(valeur: float) -> str:
    """Amount without the euros that draws cannot tell: to the hundred, to the thousand above ten thousand."""
    return euros(round(valeur, -3 if abs(valeur) >= 10_000 else -2))


def nom_de(bascule: Bascule | Inconnue) -> str:
    """Input of one site, or of all."""
    site = bascule.cle.rpartition("/")[0]
    return f"{bascule.entree.libelle} ({site})" if site else bascule.entree.libelle


def seuils(bascule: Bascule) -> str:
    """Values at which the answer changes, or the range over which it does not."""
    e = bascule.entree
    if not bascule.seuils:
        return f"ne bascule pas {_entre(bascule)}"
    dits = ", ".join(e.dire(v) for v in bascule.seuils[:_SEUILS_DITS])
    return dits if not e.tout_ou_rien else f"si elle est {dits}"


def _entre(bascule: Bascule) -> str:
    e = bascule.entree
    if e.tout_ou_rien:
        return f"qu'elle soit {e.dire(e.bas)} ou {e.dire(e.haut)}"
    bas, haut = e.dire(e.bas), e.dire(e.haut)
    return f"entre {bas.removesuffix(f'{chr(160)}{e.unite}')} et {haut}"


def au_plus_pres(bascule: Bascule, question: Question) -> str:
    """How near an input brings what is compared to the target."""
    lu = bascule.au_plus_pres(question.cible)
    return "sans chiffre" if math.isnan(lu) else formater(lu, question.unite)


def constat(bref: EnBref) -> str:
    """Where the study stands against its ceiling, and what is best on the mean of the draws."""
    choix, question = bref.savoir.choix, bref.question
    if choix.lit != CONTRIBUTION:
        cote = _cote(question.centrale, choix.seuil)
        lu = f"Coût actualisé pour la commune, tout ce qui est à trouver compris, {formater_nombre(question.centrale)}"
        return f"{lu}, {cote} ; en moyenne des tirages, {choisi(bref)}"
    dit = f"Contribution en croisière, {formater_nombre(bref.contribution)}, {_cote(bref.contribution, choix.seuil)}"
    if question.unite != "€":
        return f"{dit}, plan bouclé ; en moyenne des tirages, {choisi(bref)}"
    return f"{dit} ; mais {en_gros(question.centrale)} à trouver, caisse comprise : sans eux on ne bâtit pas"


def _cote(valeur: float, plafond: float) -> str:
    cote = "sous" if valeur <= plafond else "au-dessus de"
    return f"{cote} son plafond, {formater(plafond, '€/place/an')}"


def ce_qui_renverse(bref: EnBref) -> str:
    """What an input would do alone, before those that do it."""
    boucle = bref.savoir.choix.lit == CONTRIBUTION and bref.question.unite == "€"
    return "Ferait boucler le plan, seule" if boucle else "Passe le plafond, seule"


def choisi(bref: EnBref) -> str:
    """What is best on the mean of the draws, and the ceiling at which that changes."""
    if math.isnan(bref.savoir.plafond_qui_bascule):
        return "ne pas bâtir, faute de plan bouclé"
    plafond = formater_nombre(round(bref.savoir.plafond_qui_bascule, -2))
    return (
        f"ne pas bâtir sous un plafond de {plafond}"
        if bref.savoir.retenue == RIEN
        else f"bâtir dès un plafond de {plafond}"
    )


def changer_d_avis(bref: EnBref, nombre: int) -> str:
    """Inputs that, alone, bring the cost of the study across its ceiling, else those that come nearest to it."""
    dits = [d_une_bascule(b) for b in bref.bascules[: nombre - 1] if b.seuils]
    proches = [b for b in bref.bascules[: nombre - 1] if not b.seuils]
    seule = "aucune autre entrée" if dits else "aucune entrée"
    au_plus = f"{seule} ; au plus près, {', '.join(_au_bout(b, bref.question) for b in proches)}" if proches else ""
    return " ; ".join(filter(None, (*dits, au_plus)))


def d_une_bascule(bascule: Bascule) -> str:
    """One input that crosses, in a few words: « loyer ou redevance à 53 €/m²/an (75 dans l'étude) »."""
    e, nom, dit = bascule.entree, minuscule(nom_de(bascule)), bascule.entree.dire(bascule.seuils[0])
    return f"{nom} {dit}" if e.tout_ou_rien else f"{nom} à {dit} ({e.dire(e.centrale)} dans l'étude)"


def _au_bout(bascule: Bascule, question: Question) -> str:
    """How near one input that does not cross comes: « loyer ou redevance à 30 €/m²/an (encore 653 096 €) »."""
    e, lu = bascule.entree, bascule.au_plus_pres(question.cible)
    dit = f"encore {euros(lu)}" if question.unite == "€" else f"{formater_nombre(lu)}\u00a0{question.unite}".strip()
    return f"{minuscule(nom_de(bascule))} à {e.dire(_bout(bascule, question))} ({dit})"


def _bout(bascule: Bascule, question: Question) -> float:
    """End of an input that comes nearest to the target."""
    return bascule.entree.bas if bascule.au_plus_pres(question.cible) == bascule.aux_bouts[0] else bascule.entree.haut


def prix(etude: EtudeACommander) -> str:
    """Price of a study in French."""
    bas, haut = etude.cout
    if haut == 0:
        return "sans frais"
    return f"{formater_nombre(bas)} à {euros(haut)}" if bas else f"{euros(haut)} au plus"


def coute(etude: EtudeACommander) -> str:
    """The same as a sentence."""
    return "ne coûte rien" if etude.cout[1] == 0 else f"coûte {prix(etude)}"


def delai(etude: EtudeACommander) -> str:
    """Delay of a study in French."""
    bas, haut = etude.delai_mois
    return f"{bas} mois" if bas == haut else f"{bas} à {haut} mois"


def d_une_inconnue(x: Inconnue) -> str:
    """What knowing an input is worth, and what would tell it, in a few words."""
    vaut = f"{minuscule(nom_de(x))}, jusqu'à {en_gros(x.vaut.valeur)}"
    if x.etude is None:
        return f"{vaut} (personne ne le dit d'avance)"
    return f"{vaut} ({x.etude.libelle}, {prix(x.etude)})"


def des_inconnues(inconnues: Sequence[Inconnue]) -> str:
    """What knowing each of some inputs is worth; those worth nothing are named, and said to change nothing."""
    dites = [d_une_inconnue(x) for x in inconnues if x.vaut.est_mesurable]
    nulles = [f"« {minuscule(nom_de(x))} »" for x in inconnues if not x.vaut.est_mesurable]
    if nulles:
        noms = nulles[0] if len(nulles) == 1 else f"{', '.join(nulles[:-1])} ou {nulles[-1]}"
        dites.append(f"savoir {noms} ne changerait pas le choix")
    return " ; ".join(dites)


def savoir_d_abord(lu: Savoir) -> str:
    """What to know first, for a mayor."""
    comptent = lu.qui_comptent
    if not comptent:
        tout = "" if lu.tout.valeur <= 0 else f" Tout savoir à la fois vaudrait au plus {en_gros(lu.tout.valeur)}."
        return f"Aucune inconnue, levée seule, ne changerait ce choix.{tout}"
    x = comptent[0]
    quoi = nom_de(x) if x.etude is None else x.etude.sait
    vaut = f"Savoir d'abord : {minuscule(quoi)}. Le savoir vaudrait jusqu'à {en_gros(x.vaut.valeur)}"
    if x.etude is None:
        return f"{vaut}, mais personne ne le dit d'avance."
    return f"{vaut} ; {x.etude.libelle} {coute(x.etude)}, en {delai(x.etude)}."


def retenir(lu: Savoir) -> str:
    """Option to choose without knowing more, how often it is the best, and what it would be regretted by."""
    regret = lu.regrets[lu.retenue]
    part = pourcent(regret.part_meilleure, 0)
    dit = "ne rien faire" if lu.retenue == RIEN else f"« {lu.retenue} »"
    cause = f" Plafond : {formater(lu.choix.plafond, '€/place/an')}." if math.isfinite(lu.choix.plafond) else ""
    if lu.choix.lit == CONTRIBUTION:
        cause = f" Plafond de la contribution, plan bouclé : {formater(lu.choix.contribution, '€/place/an')}.{_jamais_boucle(lu)}"
    if math.isfinite(lu.choix.a_trouver):
        cause = f" Somme que l'on peut trouver : {euros(lu.choix.a_trouver)}."
    return (
        f"Sans en savoir plus : {dit}, le meilleur choix dans {part} des {formater_nombre(lu.tirages)} tirages ; "
        f"regret moyen {en_gros(regret.regret_moyen)}, et {en_gros(regret.regret_90)} ou moins neuf fois sur dix.{cause}"
    )


def _jamais_boucle(lu: Savoir) -> str:
    """Says that no draw closes, so that a ceiling of the contribution decides of nothing."""
    if not lu.jamais_boucle:
        return ""
    return (
        " Chaque tirage laisse à trouver : sans quelqu'un pour l'apporter, on ne bâtit pas, quel que soit ce plafond. Pour compter ce reste comme un "
        "coût de la commune, donner le plafond de ce coût (plafond, --plafond)."
    )


def sans_issue(lu: Savoir) -> str:
    """Draws in which an option does not come true, counted; nothing when there is none."""
    comptes: tuple[tuple[str, Mapping[str, int]], ...] = (
        ("Tirages sans place ou sans plan", lu.lues.sans_issue),
        ("Tirages où un événement arrête le projet, ce qui est payé étant perdu", lu.lues.abandons),
    )
    if lu.choix.lit == CONTRIBUTION:
        comptes = (*comptes, ("Tirages où il reste à trouver : on ne bâtit pas, ce qui vaut zéro", lu.non_boucles))
    dits = [(quoi, ", ".join(f"« {nom} » {formater_nombre(n)}" for nom, n in c.items() if n)) for quoi, c in comptes]
    return " ".join(f"{quoi} : {noms}." for quoi, noms in dits if noms)
