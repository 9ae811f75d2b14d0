"""Templates of the pages: Jinja2, every value protected as text unless it is markup made by a template or checked before."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pope_foncier.vues.formes.proteger import proteger

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def rendre(gabarit: str, /, **valeurs: Any) -> Markup:
    """Markup of a template filled with values, as HTML or, by its name, as Markdown; a value that it does not know of raises.

    Args:
        gabarit: template of this folder, or of the folder ``gabarits`` of another package as « package:template ».
    """
    paquet, _, nom = gabarit.rpartition(":")
    return balises(_environnement(paquet, nom.endswith(".md")).get_template(nom).render(valeurs))


def morceau(gabarit: str, nom: str, *valeurs: Any) -> Markup:
    """Markup of one piece (macro) of a template, named as for ``rendre``."""
    paquet, _, fichier = gabarit.rpartition(":")
    return balises(getattr(_environnement(paquet, False).get_template(fichier).module, nom)(*valeurs))


def balises(texte: str) -> Markup:
    """Markup that a template writes as it is: made by another one, or cleaned."""
    from markupsafe import Markup

    return Markup(texte)


@cache
def _environnement(paquet: str, markdown: bool) -> Environment:
    """Environment of the templates: a text goes through ``proteger``, as everywhere."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    texte = partial(proteger, markdown=markdown)
    return Environment(
        loader=PackageLoader(paquet, "gabarits") if paquet else PackageLoader(__name__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda valeur: valeur if hasattr(valeur, "__html__") else balises(texte(valeur)),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=markdown,
    )
