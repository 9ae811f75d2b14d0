"""Mutations of a tree of plain data, and of raw text; every choice comes from the generator given, so that a case can be replayed."""

import copy
import json
import math
from collections import Counter
from datetime import date

from tests.fuzz.valeurs import DATES, FORMES, INCONNUE, NOMBRES, NOMBRES_EN_TEXTE, PIEGES, Brut


def ecrire(arbre):
    """Tree as YAML in one flow, close to JSON: raw scalars are written as they are."""
    if isinstance(arbre, dict):
        return "{" + ", ".join(f"{ecrire(str(c))}: {ecrire(v)}" for c, v in arbre.items()) + "}"
    if isinstance(arbre, list | tuple):
        return "[" + ", ".join(ecrire(v) for v in arbre) + "]"
    if isinstance(arbre, Brut):
        return arbre.texte
    if isinstance(arbre, date):
        return arbre.isoformat()
    if isinstance(arbre, float) and not math.isfinite(arbre):
        return "1e999"
    if arbre is None or isinstance(arbre, bool | int | float):
        return json.dumps(arbre)
    return json.dumps(str(arbre), ensure_ascii=False).replace("\x7f", "\\u007f")


def lieux(arbre, chemin=()):
    """Paths of all the values of a tree, the root left out."""
    suite = arbre.items() if isinstance(arbre, dict) else enumerate(arbre) if isinstance(arbre, list) else ()
    for pas, valeur in suite:
        yield (*chemin, pas)
        yield from lieux(valeur, (*chemin, pas))


def lire(arbre, chemin):
    for pas in chemin:
        arbre = arbre[pas]
    return arbre


def poser(arbre, chemin, valeur):
    lire(arbre, chemin[:-1])[chemin[-1]] = valeur


def muter(arbre, hasard, donneurs, choix, premier=None):
    """Mutated copy of a tree, one to three changes.

    Args:
        donneurs: other trees of the same kind, whose parts may be taken.
        choix: words admitted by field name.
        premier: first change, drawn when it is not given; the others are of its kind, soft or rude.
    """
    arbre = copy.deepcopy(arbre)
    premier = premier or hasard.choice(DOUX if hasard.random() < 0.75 else RUDES)
    suivants = DOUX if premier in DOUX else RUDES
    for rang in range(hasard.choice((1, 1, 1, 1, 2, 2, 3))):
        tous = list(lieux(arbre))
        if not tous:
            break
        geste = hasard.choice(suivants) if rang else premier
        FAITS[geste.__name__] += 1
        geste(arbre, hasard.choice(tous), hasard, donneurs, choix)
    return arbre


def _echelle(arbre, lieu, hasard, *_):
    """Another order of magnitude for a number, one at or under the place, else anywhere."""
    nombres = [x for x in lieux(arbre) if _nombre(lire(arbre, x))]
    proches = [x for x in nombres if x[: len(lieu)] == lieu] or nombres
    if proches:
        choisi = hasard.choice(proches)
        valeur = lire(arbre, choisi)
        facteur = hasard.choice((0, 0.1, 0.5, 0.9, 1.1, 2, 3, 10, 100, 1000, 1e6, -1, 1e-6))
        poser(arbre, choisi, type(valeur)(valeur * facteur) if abs(valeur * facteur) < 1e15 else valeur * facteur)


def _nombre(valeur):
    return isinstance(valeur, int | float) and not isinstance(valeur, bool)


def _borne(arbre, _, hasard, *__):
    """A number at an edge: nothing, one, everything."""
    nombres = [x for x in lieux(arbre) if _nombre(lire(arbre, x))]
    if nombres:
        poser(
            arbre,
            hasard.choice(nombres),
            hasard.choice((0, 1, 2, 12, 0.5, 1.0, 24, 60, 120, 360, 600, 1200, 1_000_000)),
        )


def _inconnu(arbre, _, hasard, *__):
    """An input becomes unknown."""
    entrees = [x for x in lieux(arbre) if isinstance(v := lire(arbre, x), dict) and {"valeur", "bareme"} & set(v)]
    if entrees:
        poser(arbre, hasard.choice(entrees), copy.deepcopy(INCONNUE))


def _mot(arbre, _, hasard, __, choix):
    """Another word of those that the field admits."""
    mots = [x for x in lieux(arbre) if x[-1] in choix and not isinstance(lire(arbre, x), dict | list)]
    if mots:
        choisi = hasard.choice(mots)
        poser(arbre, choisi, hasard.choice(choix[choisi[-1]]))


def _non(arbre, _, hasard, *__):
    """The other side of a yes or no."""
    oui = [x for x in lieux(arbre) if isinstance(lire(arbre, x), bool)]
    if oui:
        choisi = hasard.choice(oui)
        poser(arbre, choisi, not lire(arbre, choisi))


def _greffe(arbre, lieu, hasard, donneurs, _):
    """The same field, taken from another file; or a field of another file at the same rank."""
    donneur = hasard.choice(donneurs)
    memes = [x for x in lieux(donneur) if x[-1] == lieu[-1]]
    if memes and hasard.random() < 0.7:
        poser(arbre, lieu, copy.deepcopy(lire(donneur, hasard.choice(memes))))
        return
    parent = lire(arbre, lieu[:-1])
    freres = [x for x in lieux(donneur) if len(x) == len(lieu)]
    if isinstance(parent, dict) and freres:
        choisi = hasard.choice(freres)
        if isinstance(choisi[-1], str):
            parent[choisi[-1]] = copy.deepcopy(lire(donneur, choisi))


def _retirer(arbre, lieu, *_):
    del lire(arbre, lieu[:-1])[lieu[-1]]


def _doubler(arbre, lieu, hasard, *_):
    """An element of a list again, once or many times."""
    listes = [x for x in lieux(arbre) if isinstance(lire(arbre, x), list) and lire(arbre, x)]
    if listes:
        liste = lire(arbre, hasard.choice(listes))
        liste += [copy.deepcopy(hasard.choice(liste)) for _ in range(hasard.choice((1, 1, 2, 60)))]


def _vider(arbre, lieu, *_):
    valeur = lire(arbre, lieu)
    poser(arbre, lieu, [] if isinstance(valeur, list) else {} if isinstance(valeur, dict) else None)


def _echanger(arbre, lieu, hasard, *_):
    autre = hasard.choice(list(lieux(arbre)))
    court = min(len(lieu), len(autre))
    if lieu[:court] != autre[:court]:
        un, deux = lire(arbre, lieu), lire(arbre, autre)
        poser(arbre, lieu, deux)
        poser(arbre, autre, un)


def _renommer(arbre, lieu, hasard, *_):
    parent = lire(arbre, lieu[:-1])
    if isinstance(parent, dict):
        valeur = parent.pop(lieu[-1])
        parent[hasard.choice((f"{lieu[-1]}x", str(lieu[-1])[:-1], "", "[a]", "valeur", *PIEGES[:12]))] = valeur


def _intrus(arbre, lieu, hasard, *_):
    parent = lire(arbre, lieu[:-1])
    valeur = copy.deepcopy(hasard.choice(FORMES))
    if isinstance(parent, dict):
        parent[hasard.choice(("intrus", "base", "source", "valeur", "id", "intervalle", "[0]", *PIEGES[:6]))] = valeur
    else:
        parent.insert(0, valeur)


def _nombre_fou(arbre, lieu, hasard, *_):
    poser(arbre, lieu, hasard.choice((*NOMBRES, *NOMBRES_EN_TEXTE)))


def _texte_fou(arbre, lieu, hasard, *_):
    textes = [x for x in lieux(arbre) if isinstance(lire(arbre, x), str)]
    poser(arbre, hasard.choice(textes) if textes and hasard.random() < 0.7 else lieu, hasard.choice(PIEGES))


def _date_folle(arbre, lieu, hasard, *_):
    dates = [x for x in lieux(arbre) if isinstance(lire(arbre, x), date)]
    poser(arbre, hasard.choice(dates) if dates and hasard.random() < 0.8 else lieu, hasard.choice(DATES))


def _forme_folle(arbre, lieu, hasard, *_):
    poser(arbre, lieu, copy.deepcopy(hasard.choice(FORMES)))


DOUX = (
    _echelle,
    _echelle,
    _echelle,
    _borne,
    _borne,
    _inconnu,
    _inconnu,
    _mot,
    _mot,
    _non,
    _greffe,
    _greffe,
    _retirer,
    _date_folle,
)
RUDES = (
    *(
        _nombre_fou,
        _nombre_fou,
        _texte_fou,
        _texte_fou,
        _date_folle,
        _forme_folle,
        _forme_folle,
        _retirer,
        _doubler,
        _vider,
    ),
    *(_echanger, _renommer, _intrus, _greffe, _mot, _echelle),
)

FAITS = Counter()
"""How many times each kind of damage was done in this process, by its name."""

MORCEAUX = (
    *(
        "\t",
        "\r",
        "\x00",
        "\x1b",
        "\ufeff",
        "\u2028",
        ": ",
        "- ",
        "? ",
        "&a ",
        "*a",
        "<<: ",
        "!!python/object:x ",
        "%YAML 3\n",
        "---\n",
    ),
    *(
        "...",
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "|",
        ">",
        "#",
        "@",
        "`",
        ",",
        "\n",
        "\n  ",
        "\\",
        "1e999",
        "9" * 5000,
        "null",
        "~",
        "true",
    ),
    *(" " * 500, "[" * 500, "é", "\ud800", "💥"),
)


def salir(octets, hasard):
    """Mutated copy of raw bytes: lines moved, bits flipped, pieces inserted, alphabets changed."""
    for _ in range(hasard.choice((1, 1, 2, 3, 5))):
        salete = hasard.choice(SALETES)
        FAITS[salete.__name__] += 1
        octets = salete(octets, hasard)
    return octets


def _bit(octets, hasard):
    if not octets:
        return octets
    neuf = bytearray(octets)
    for _ in range(hasard.choice((1, 1, 4, 30))):
        neuf[hasard.randrange(len(neuf))] ^= 1 << hasard.randrange(8)
    return bytes(neuf)


def _couper(octets, hasard):
    return octets[: hasard.randrange(len(octets) + 1)]


def _inserer(octets, hasard):
    place = hasard.randrange(len(octets) + 1)
    return octets[:place] + hasard.choice(MORCEAUX).encode("utf-8", "surrogatepass") + octets[place:]


def _lignes(octets, hasard):
    lignes = octets.split(b"\n")
    un, deux = hasard.randrange(len(lignes)), hasard.randrange(len(lignes))
    match hasard.randrange(5):
        case 0:
            del lignes[un]
        case 1:
            lignes.insert(deux, lignes[un])
        case 2:
            lignes[un], lignes[deux] = lignes[deux], lignes[un]
        case 3:
            lignes[un] = b"  " + lignes[un]
        case _:
            lignes[un] = lignes[un].lstrip()
    return b"\n".join(lignes)


def _morceau(octets, hasard):
    debut = hasard.randrange(len(octets) + 1)
    fin = min(len(octets), debut + hasard.choice((1, 5, 40, 300)))
    return octets[:debut] + octets[fin:]


def _repeter(octets, hasard):
    debut = hasard.randrange(len(octets) + 1)
    return octets[:debut] + octets[debut : debut + 80] * hasard.choice((2, 20, 200)) + octets[debut:]


def _alphabet(octets, hasard):
    texte = octets.decode("utf-8", "replace")
    return texte.encode(hasard.choice(("latin-1", "cp1252", "utf-16", "utf-8-sig", "utf-32")), "replace")


def _fins(octets, hasard):
    return octets.replace(b"\n", hasard.choice((b"\r\n", b"\r", b"\n\n", b"")))


SALETES = (
    _bit,
    _bit,
    _couper,
    _inserer,
    _inserer,
    _inserer,
    _lignes,
    _lignes,
    _lignes,
    _morceau,
    _repeter,
    _alphabet,
    _fins,
)
