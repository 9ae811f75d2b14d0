"""Every text field of a file filled at once: fields are found by trying, so that a new one is not forgotten."""

import re

from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.yaml_strict import charger_yaml
from tests.fuzz.mutations import ecrire, lieux, lire, poser

JAMAIS = (
    "site",
    "nom_de_fichier",
    "url",
    "code_insee",
    "bareme",
    "evolution",
    "dispositif",
    "champ",
    "lot",
    "plan",
    "devis",
)
"""Fields that name something else: their text is not free."""


def remplir(fichier, texte, *epreuves):
    """Fill every free text of a YAML file with what ``texte(rang)`` gives; returns how many fields took it.

    Args:
        fichier: file to change in place.
        texte: gives the text of the field of a rank.
        epreuves: what the file must pass, the cheapest first; each raises when the file is refused.
    """
    arbre = charger_yaml(fichier)[0]
    places = [x for x in lieux(arbre) if isinstance(lire(arbre, x), str) and not set(x) & set(JAMAIS)]
    pris = places
    for accepter in epreuves:
        pris = _admises(fichier, arbre, pris, accepter)
    for rang, place in enumerate(pris):
        poser(arbre, place, texte(rang))
    fichier.write_text(ecrire(arbre), encoding="utf-8", errors="replace")
    for accepter in epreuves:
        accepter()
    return len(pris)


def _admises(fichier, arbre, places, accepter):
    """Places that take a free text: what each fault quotes last is left, then halves are tried until each refusal is one field."""
    while places:
        fautes = _fautes(fichier, arbre, places, accepter)
        if not fautes:
            return places
        cites = {int(rangs[-1]) for faute in fautes if (rangs := re.findall(r"\[libre\] (\d+) ", faute))}
        if not cites:
            break
        places = [place for rang, place in enumerate(places) if rang not in cites]
    if len(places) < 2:
        return []
    milieu = len(places) // 2
    gauche = _admises(fichier, arbre, places[:milieu], accepter)
    droite = _admises(fichier, arbre, places[milieu:], accepter)
    return [*gauche, *droite]


def _fautes(fichier, arbre, places, accepter):
    """Faults of a file that has a free text in each of some places; none when it takes them all."""
    avant = {x: lire(arbre, x) for x in places}
    for rang, place in enumerate(places):
        poser(arbre, place, f"<essai> [libre] {rang} {place[-1]}")
    fichier.write_text(ecrire(arbre), encoding="utf-8")
    for place, valeur in avant.items():
        poser(arbre, place, valeur)
    try:
        accepter()
    except (ErreurPope, ValueError, KeyError) as refus:
        return [p.message for p in getattr(refus, "problemes", ())] or [str(refus)]
    return []
