"""Reference, generated from the docstrings of the public names, and pages of the commands, generated from their help."""

from __future__ import annotations

import ast
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from types import FunctionType
from typing import Any

import typer
from pages import Page

import pope_foncier as pf
from pope_foncier.cli import app
from pope_foncier.vues.formes.proteger import proteger

PAQUET = Path(pf.__file__).parent


def pages_generees() -> list[Page]:
    """Public names, and commands."""
    return [
        Page("guide", "guide/commandes.md", _commandes()),
        Page("reference", "reference/noms.md", _noms()),
        Page("reference", "reference/paquet.md", _paquet()),
    ]


def _noms() -> str:
    """Every public name by module, with the signature, the words and the example of its docstring."""
    corps = [
        "# Public names",
        "",
        "What `import pope_foncier as pf` gives. Every name is loaded when first used; refusals are in French and derive from `ErreurPope`.",
        "",
        "| Name | What it is |",
        "|---|---|",
    ]
    resumes = {nom: (getdoc(getattr(pf, nom)) or "").split("\n\n")[0].replace("\n", " ") for nom in pf.__all__}
    corps += [f"| [`pf.{nom}`](#{_ancre(nom)}) | {_code(resume)} |" for nom, resume in resumes.items()]
    for module, noms in pf._MODULES.items():
        chemin = f"pope_foncier.{module}"
        titre = (getdoc(import_module(chemin)) or module).split("\n")[0].rstrip(".")
        corps += ["", f"## {_code(titre)}", ""]
        for nom in noms:
            objet = getattr(pf, nom)
            genre = "function" if isinstance(objet, FunctionType) else "class"
            montre = nom if isinstance(objet, FunctionType | type) else type(objet).__name__
            corps += [f"({_ancre(nom)})=", "```{eval-rst}", f".. auto{genre}:: {chemin}.{montre}", "```", ""]
    return "\n".join(corps) + "\n"


def _paquet() -> str:
    """Every public class and function of the package, room by room, with the first sentence of its docstring."""
    corps = ["# Names by room", "", "Classes and functions of every module, for who reads or changes the code."]
    salle = ""
    for fichier in sorted(PAQUET.rglob("*.py")):
        arbre = ast.parse(fichier.read_text(encoding="utf-8"))
        noms = [x for x in arbre.body if isinstance(x, ast.ClassDef | ast.FunctionDef) and not x.name.startswith("_")]
        if not noms:
            continue
        chemin = fichier.relative_to(PAQUET).with_suffix("").as_posix().replace("/", ".")
        if chemin.partition(".")[0] != salle:
            salle = chemin.partition(".")[0]
            corps += ["", f"## {salle}"]
        corps += ["", f"**`{chemin}`** {_phrase(arbre)}", "", "| Name | What it is |", "|---|---|"]
        corps += [f"| `{x.name}` | {_phrase(x)} |" for x in noms]
    return "\n".join(corps) + "\n"


def _phrase(noeud: ast.Module | ast.ClassDef | ast.FunctionDef) -> str:
    """First sentence of a docstring, as Markdown."""
    return proteger((ast.get_docstring(noeud) or "").split("\n\n")[0].replace("``", ""), markdown=True)


def _ancre(nom: str) -> str:
    """Name of a place in the page; a class and a function may differ by their first letter alone."""
    return f"nom-{'c-' if nom[0].isupper() else ''}{nom.lower()}"


def _code(texte: str) -> str:
    return texte.replace("``", "`").replace("|", "\\|")


def _commandes() -> str:
    """Every command with its arguments and options."""
    racine: Any = typer.main.get_command(app)
    corps = ["# Commandes", "", "Aide de chaque commande, telle que `pope-foncier COMMANDE --help` la donne.", ""]
    for nom, commande in sorted(_une_a_une(racine).items()):
        corps += [f"## {nom}", "", proteger(commande.help or "", markdown=True), ""]
        lignes = [(_nom(p), p) for p in commande.params if getattr(p, "help", None) and not getattr(p, "hidden", False)]
        if lignes:
            corps += ["| Donnée | Sens |", "|---|---|"]
            corps += [f"| `{quoi}` | {proteger(p.help, markdown=True)} |" for quoi, p in lignes]
            corps.append("")
    return "\n".join(corps)


def _une_a_une(groupe: Any, tete: str = "") -> dict[str, Any]:
    """Commands by name, those of a group under its own."""
    commandes: dict[str, Any] = {}
    for nom, commande in groupe.commands.items():
        commandes |= (
            _une_a_une(commande, f"{tete}{nom} ") if hasattr(commande, "commands") else {f"{tete}{nom}": commande}
        )
    return commandes


def _nom(parametre: Any) -> str:
    if parametre.param_type_name == "argument":
        return str(parametre.metavar or parametre.name).upper()
    return ", ".join([*parametre.opts, *parametre.secondary_opts])
