"""What a hand, a spreadsheet or an attacker may put in a field: numbers, texts, dates and shapes that break careless code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Brut:
    """Scalar written as it is in the file, without quotation marks."""

    texte: str


NOMBRES = (
    *(0, -0.0, 1, -1, 2, 12, 13, 0.1, 0.5, 0.999999, 1.0000001, 3.5, 30, 60, 100, 365, 599, 600, 601, 1199, 1200, 1201),
    *(
        1e-12,
        1e-300,
        5e-324,
        1e5,
        999_999,
        1e6,
        1e9,
        1e9 + 1,
        1e12,
        1e15,
        1e16,
        1e22,
        1e27,
        1e30,
        1e308,
        -1e9,
        -2026,
        2**31,
        2**63,
    ),
    *(
        Brut(x)
        for x in ("1e999", "-1e999", "1e400", ".inf", ".nan", "1_000", "0x10", "0o7", "1.200", "3,5", "007", "1e", "+1")
    ),
    *(Brut("9" * 400), Brut("9" * 5000), Brut("-" + "1" * 5000), Brut("0." + "3" * 5000)),
)
NOMBRES_EN_TEXTE = (
    *(
        "1e999",
        "1e400 %",
        "-1e999",
        "1e30",
        "1 200 000 €",
        "3,5 %",
        "12 k€",
        "1.200",
        "100 %",
        "1000 %",
        "-5 %",
        "NaN",
        "inf",
    ),
    *("٣", "１２", "1e99999999999999999999", "9" * 5000, "1 2 3", "1,2,3", "5 M€", "0,0 m²", "−3"),
)
PIEGES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "[clic](javascript:alert(1))",
    "![x](http://exemple.invalid/x.png)",
    "Coque [/x]",
    "Coque [phase deux] test",
    "[bold red]rouge[/]",
    "=HYPERLINK(1)",
    "@SOMME(A1)",
    "$x^2$ et $\\frac{1}{0}$ et $\\badcommand",
    "{0} {nom!r} {} %s %(x)s ${y} $nom",
    "a | b\n|---|---|",
    "# titre\n\n- liste",
    "ligne une\nligne deux",
    "\u0000nul",
    "\u001b[31mrouge\u0007",
    "\u202ereversé\u2066",
    "\ud800seul",
    "\ufffe\uffff",
    "é" * 5000,
    "x" * 300,
    "x" * 100_000,
    "mot " * 20_000,
    "« " * 20_000,
    "../../etc/passwd",
    "/etc/passwd",
    "a/b",
    "C:\\x",
    "con",
    "😀👩‍👩‍👧",
    "Association gestionnaire",
    "base",
    "total",
    "",
    "   ",
    "?",
    "~",
    "null",
    "oui",
    "a_obtenir_de",
)
DATES = (
    *(
        Brut(x)
        for x in ("0001-01-01", "1899-12-31", "1900-01-01", "2200-12-31", "2201-01-01", "9999-12-31", "2026-02-30")
    ),
    *(
        Brut(x)
        for x in ("2024-02-29", "2026-12-31", "2027-01-01", "2019-06-15", "2035-07-01", "2100-01-01", "0000-00-00")
    ),
    *("2026-12-01", "31/12/2026", "31/02/2026", "hier"),
)
FORMES = (
    *(None, True, False, [], {}, [[]], [None], [{}], {"a": {}}, {"": 1}, {"valeur": 3}, {"a": [1, {"b": None}]}),
    *({"valeur": 1e9, "base": "x"}, {"valeur": -1, "base": "x"}, {"valeur": Brut("1e999"), "base": "x"}),
    *(
        {"a_obtenir_de": "l'architecte"},
        {"a_obtenir_de": "x", "valeur": None},
        {"valeur": None},
        {"bareme": "subventions.piaje.base_par_place"},
    ),
    *(
        {"bareme": ".."},
        {"bareme": "x" * 300},
        {"bareme": "a\0b.c"},
        {"bareme": "taux.livret_a.taux"},
        {"valeur": 5, "base": "x", "intervalle": [1, 9]},
    ),
    *({"valeur": 5, "base": "x", "intervalle": [9, 1]}, list(range(300)), {f"c{i}": i for i in range(50)}),
)
INCONNUE = {"a_obtenir_de": "le propriétaire"}
