"""Notebook run on a study file, and its page: the same bytes at each run, nothing that runs, nothing fetched from outside."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pope_foncier.socle.chemins import RACINE, dossier_carnets
from pope_foncier.socle.erreurs import ErreurPope, ErreurSortie
from pope_foncier.socle.imports_alleges import sans_grammaire_des_adresses
from pope_foncier.socle.refus import paquet_absent
from pope_foncier.vues.formes.gabarits import balises, rendre
from pope_foncier.vues.formes.page import STYLE_CARNET, page

MODE_D_EMPLOI = "mode_d_emploi"
"""Tag of the cells that say how to run a notebook."""
_DELAI_CELLULE_S = 120
_STYLE = (
    STYLE_CARNET.removeprefix("<style>").removesuffix("</style>")
    + """
body{font-size:16px;line-height:1.5;display:grid;grid-template-columns:minmax(0,66em);justify-content:center;gap:0 3em;padding:1.5em 1em 4em}
h1{font-size:2em;margin:0 0 .4em}
h2{font-size:1.5em;margin:1.8em 0 .5em}
h3{font-size:1.2em}
nav{background:#f2f5f8;padding:.8em 1em;margin-bottom:1em}
nav ol{list-style:none;margin:.4em 0 0;padding:0;columns:18em}
nav li{margin:.25em 0;break-inside:avoid}
nav a,a{color:var(--bleu)}
.pf{margin:.8em 0 1.2em;font-size:.86rem}
.pf table{width:auto}
.pf td,.pf th{padding:.15em .4em}
.pf caption{font-size:1.1em;color:var(--bleu)}
img{max-width:100%;height:auto}
pre{white-space:pre-wrap;font-size:.9em}
details summary{cursor:pointer;font-weight:bold}
@media screen and (min-width:1500px){body{grid-template-columns:17em minmax(0,66em);grid-template-rows:auto 1fr}
header{grid-column:2}nav{grid-column:1;grid-row:1/span 2;position:sticky;top:1.5em;align-self:start}nav ol{columns:auto}main{grid-column:2}}
@media print{body{display:block;font-size:10pt}h2{break-after:avoid}.pf,img{break-inside:avoid}}
"""
)
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
    carnet = _executer(dossier_carnets() / nom, parametres)
    import nbformat

    return str(nbformat.writes(_sans_hasard(carnet)))


def exiger_de_quoi_executer() -> None:
    """Refuse at once, before anything is computed, when the libraries of the notebooks are not there.

    Raises:
        ErreurSortie: says which one, and how to do without.
    """
    sans_grammaire_des_adresses()
    try:
        import papermill  # noqa: F401
    except ModuleNotFoundError as erreur:
        raise ErreurSortie(f"{paquet_absent(erreur, 'exécuter le carnet')} Sans carnet : --no-carnet.") from None


def _executer(source: Path, parametres: dict[str, str]) -> Any:
    exiger_de_quoi_executer()
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    try:
        with _meme_paquet():
            return papermill.execute_notebook(
                source,
                None,
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
    """Page of an executed notebook: its title, its contents, its words and outputs.

    Its markup is cleaned, its links go to the web or to mail alone, its policy forbids the rest. The cells that say how to run the
    notebook are left out, as is the title that a cell shows: the page has its own.
    """
    import nbformat
    from nbconvert import HTMLExporter

    carnet = nbformat.reads(texte, as_version=4)
    carnet.cells = [c for c in carnet.cells if MODE_D_EMPLOI not in c.metadata.get("tags", ())]
    export = HTMLExporter(
        template_name="basic",
        exclude_input=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        embed_images=True,
    )
    html, _ = export.from_notebook_node(carnet)
    corps = re.sub(r"<h1\b.*?</h1>", "", nettoyer(html), count=1, flags=re.S)
    rangs = itertools.count(1)
    corps = re.sub("<h2>", lambda _: f'<h2 id="partie-{next(rangs)}">', corps)
    parties = [balises(mots) for mots in re.findall(r"<h2 .*?>(.*?)</h2>", corps, flags=re.S)]
    contenu = rendre("carnet.html", titre=titre, parties=parties, corps=balises(corps))
    return page(titre, contenu, _STYLE)


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
