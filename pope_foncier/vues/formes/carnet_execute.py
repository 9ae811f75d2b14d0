"""Notebook run on a study file, and its page: the same bytes at each run, nothing that runs, nothing fetched from outside."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pope_foncier.socle.chemins import RACINE, dossier_carnets
from pope_foncier.socle.erreurs import ErreurPope, ErreurSortie
from pope_foncier.vues.formes.page import STYLE_CARNET
from pope_foncier.vues.formes.proteger import META_POLITIQUE, proteger

_DELAI_CELLULE_S = 120
_BALISES = {
    *(
        "main",
        "section",
        "div",
        "p",
        "span",
        "br",
        "hr",
        "blockquote",
        "pre",
        "code",
        "details",
        "summary",
        "figure",
        "figcaption",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "b", "em", "i", "s", "small", "strong", "sub", "sup", "a", "img"),
    *("dd", "dl", "dt", "li", "ol", "ul"),
    *("caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
}
_ATTRIBUTS = {
    "*": {"aria-label", "class", "id", "role", "tabindex", "title"},
    "a": {"href"},
    "div": {"data-mime-type"},
    "details": {"open"},
    "img": {"alt", "src", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_LIENS = ("https://", "http://", "mailto:", "#")


def executer(nom: str, parametres: dict[str, str]) -> str:
    """Run a notebook of the project, with a time limit per cell, and give it as text.

    Raises:
        ErreurPope: a cell refused the study; the message is its own.
        ErreurSortie: the notebook could not be run, and why.
    """
    import nbformat

    with tempfile.TemporaryDirectory() as essai:
        _executer(dossier_carnets() / nom, Path(essai) / nom, parametres)
        carnet = nbformat.read(Path(essai) / nom, as_version=4)
    return str(nbformat.writes(_sans_hasard(carnet)))


def _executer(source: Path, sortie: Path, parametres: dict[str, str]) -> None:
    try:
        import papermill
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from papermill.exceptions import PapermillExecutionError
    except ModuleNotFoundError as erreur:
        raise ErreurSortie(
            f"Le paquet « {erreur.name} » manque pour exécuter le carnet : python -m pip install -e '.[notebooks]', ou --no-carnet."
        ) from None
    try:
        with _meme_paquet():
            papermill.execute_notebook(
                source,
                sortie,
                parametres,
                cwd=source.parent,
                execution_timeout=_DELAI_CELLULE_S,
                progress_bar=False,
                log_output=False,
            )
    except PapermillExecutionError as erreur:
        if erreur.ename in _famille(ErreurPope):
            raise ErreurPope(f"{erreur.evalue}\n(dit par le carnet de l'étude ; rien n'a été écrit)") from None
        raise ErreurSortie(
            f"Le carnet de l'étude s'est arrêté ({erreur.ename} : « {erreur.evalue} ») ; rien n'a été écrit. Le signaler avec le "
            "fichier de l'étude ; en attendant : --no-carnet."
        ) from None
    except (CellTimeoutError, DeadKernelError) as erreur:
        quoi = (
            f"une cellule dépasse {_DELAI_CELLULE_S} s"
            if isinstance(erreur, CellTimeoutError)
            else "son noyau s'est arrêté"
        )
        raise ErreurSortie(
            f"Le carnet de l'étude s'est arrêté : {quoi} ; rien n'a été écrit. Essayer --no-carnet."
        ) from None
    except (OSError, ValueError, RuntimeError, LookupError) as erreur:
        raise ErreurSortie(
            f"Le carnet de l'étude ne peut pas s'exécuter ici ({type(erreur).__name__} : « {erreur} ») ; rien n'a été écrit. "
            "Réinstaller le paquet avec ses carnets (python -m pip install -e '.[notebooks]'), ou --no-carnet."
        ) from None


def _famille(erreur: type[Exception]) -> set[str]:
    """Names of an error and of all those that derive from it."""
    return {erreur.__name__}.union(*map(_famille, erreur.__subclasses__()))


@contextmanager
def _meme_paquet() -> Iterator[None]:
    """Let the kernel import this very package, wherever another copy is installed."""
    avant = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(RACINE), *filter(None, [avant])])
    try:
        yield
    finally:
        if avant is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = avant


def _sans_hasard(carnet: Any) -> Any:
    """Same notebook at each run: cells named by their rank, no time of execution, no name of this machine's kernel."""
    for rang, cellule in enumerate(carnet.cells):
        cellule.id = f"cellule-{rang}"
        for cle in ("papermill", "execution"):
            cellule.metadata.pop(cle, None)
    carnet.metadata.pop("papermill", None)
    return carnet


def page_du_carnet(texte: str, titre: str) -> str:
    """Page of an executed notebook: its markup cleaned, links to the web or to mail alone, a policy that forbids the rest."""
    import nbformat
    from nbconvert import HTMLExporter

    carnet = nbformat.reads(texte, as_version=4)
    html, _ = HTMLExporter(exclude_input=True, exclude_output_prompt=True, embed_images=True).from_notebook_node(carnet)
    tete, corps = html[: html.index("<body")], html[html.index("<main") : html.index("</main>")]
    styles = "".join(re.findall(r"<style\b.*?</style>", tete, flags=re.S))
    return (
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">{META_POLITIQUE}<title>{proteger(titre)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{styles}{STYLE_CARNET}</head>\n'
        '<body class="jp-Notebook" data-jp-theme-light="true" data-jp-theme-name="JupyterLab Light">\n'
        f"{nettoyer(corps)}\n</body></html>\n"
    )


def nettoyer(html: str) -> str:
    """Markup that runs nothing and fetches nothing: known tags and attributes, pictures carried inside, links to the web or to mail."""
    import nh3

    def garder(balise: str, attribut: str, valeur: str) -> str | None:
        if balise == "img" and attribut == "src":
            return valeur if re.match(r"data:image/(png|jpeg);base64,", valeur) else None
        if balise == "a" and attribut == "href":
            return valeur if valeur.lower().startswith(_LIENS) else None
        return valeur

    return nh3.clean(
        html,
        tags=_BALISES,
        attributes=_ATTRIBUTS,
        attribute_filter=garder,
        url_schemes={"http", "https", "mailto", "data"},
    )
