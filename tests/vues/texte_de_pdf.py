"""Words of a PDF that Typst wrote, read from the strings that its pages draw and the tables of its fonts: no place is worked out, as pypdf does for each."""

import re

_CHAINE = rb"(?:[^\\()]|\\.|\((?:[^\\()]|\\.|\((?:[^\\()]|\\.)*\))*\))*"
"""Inside of a string, whose parentheses go without a stroke where they are two by two."""
_SIGNES = re.compile(rb"/(\w+) [\d.]+ Tf\b|\((" + _CHAINE + rb")\)|\b(T[jJ]|BDC)\b", re.DOTALL)
"""A font taken; a string; what draws the strings before it, or opens a part that they describe."""
_ECHAPPES = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTRES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}
_LISTES = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_PAIRES = re.compile(r"<(\w+)>\s*<(\w+)>")


def texte(pdf):
    """Words of a reader of pypdf, page after page, in the order in which they are drawn."""
    tables = {}

    def table(police):
        if police.idnum not in tables:
            tables[police.idnum] = _table(police.get_object()["/ToUnicode"].get_data())
        return tables[police.idnum]

    return "".join(_texte_de(page, table) for page in pdf.pages)


def _texte_de(page, table):
    polices = page["/Resources"].get("/Font", {})
    mots, dites, lus = [], [], {}
    for police, chaine, signe in _SIGNES.findall(page.get_contents().get_data()):
        if police:
            lus = table(polices.raw_get(f"/{police.decode()}"))
        elif signe:
            if signe != b"BDC":
                codes = _ECHAPPES.sub(_signe, b"".join(dites))
                mots += [lus.get(codes[i : i + 2], "\ufffd") for i in range(0, len(codes), 2)]
            dites.clear()
        else:
            dites.append(chaine)
    return "".join(mots)


def _signe(echappe):
    lu = echappe[1]
    return bytes([int(lu, 8)]) if lu.isdigit() else _LETTRES.get(lu, lu)


def _table(dite):
    """Signs that each code of two bytes stands for; Typst lists them one by one."""
    assert b"beginbfrange" not in dite
    paires = _PAIRES.findall(b"".join(_LISTES.findall(dite)).decode())
    return {bytes.fromhex(code): bytes.fromhex(signes).decode("utf-16-be") for code, signes in paires}
