"""Settings of the book (Sphinx, MyST, Furo): French, stored outputs, nothing fetched from outside."""

from functools import lru_cache

from sphinx.search.fr import SearchFrench

SearchFrench.stem = lru_cache(maxsize=None)(SearchFrench.stem)
"""The same words come on every page: the root of each is found once, not at each of its forty thousand uses."""

project = "pope_foncier"
author = copyright = "PôPE – Pôle Petite Enfance"
language = "fr"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}

html_theme = "furo"
html_title = "pope_foncier"
html_static_path = ["_static"]
html_css_files = ["livre.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_domain_indices = False

nb_execution_mode = "off"
nb_merge_streams = True
myst_heading_anchors = 3
myst_links_external_new_tab = False
suppress_warnings = ["myst.header"]

napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": False}
python_use_unqualified_type_names = True
add_module_names = False


def setup(app):
    """A class made by the package shows no signature of its own: its private fields are not for a reader."""

    def sans_champs_prives(app, genre, nom, objet, options, signature, retour):
        return ("", None) if genre == "class" and "_" in (signature or "")[:2] else None

    app.connect("autodoc-process-signature", sans_champs_prives)
