"""Templates of the pages: Jinja2, every value protected as text unless it is markup made by a template or checked before."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pope_foncier.vues.formes.proteger import proteger

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def rendre(gabarit: str, **valeurs: Any) -> Markup:
    """Markup of a template filled with values; a value that the template does not know of raises."""
    return balises(_environnement().get_template(gabarit).render(valeurs))


def balises(texte: str) -> Markup:
    """Markup that a template writes as it is: made by another one, or cleaned."""
    from markupsafe import Markup

    return Markup(texte)


@cache
def _environnement() -> Environment:
    """Environment of the templates: a text goes through ``proteger``, as everywhere."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(__name__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda valeur: valeur if hasattr(valeur, "__html__") else balises(proteger(valeur)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
