"""Sheets whose readers are ready: what a first reading would build of each, built once where many processes are born of one."""

from pydantic import BaseModel

import pope_foncier.baremes.catalogue
import pope_foncier.etude.fiche
import pope_foncier.lieu.site  # noqa: F401 — the sheets of a study, of its site and of the law


def _completer(modele: type[BaseModel]) -> None:
    for heritier in modele.__subclasses__():
        if heritier.__module__.startswith("pope_foncier."):
            heritier.model_rebuild()
        _completer(heritier)


_completer(BaseModel)
