"""Progress bar of a command, on the screen of errors: what is written on the other one stays clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def barre(premiere: str, etapes: int) -> Iterator[Callable[[str], None]]:
    """Bar of some steps; what it gives is told of each one as it begins."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    from pope_foncier.vues.documents.terminal import ecran

    colonnes = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    with Progress(*colonnes, console=ecran(erreurs=True), transient=True) as progres:
        tache = progres.add_task(premiere, total=etapes)
        yield lambda quoi: progres.update(tache, description=quoi, advance=1)
