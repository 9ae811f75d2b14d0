"""Commands as the console runs them: inside this process, or in their own when the process itself is what is tested."""

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from unittest import mock

from pope_foncier import cli
from tests.conftest import RACINE

LARGEUR = {"COLUMNS": "160"}


@dataclass(frozen=True)
class Fait:
    """End of a command: exit code, what it wrote on both outputs."""

    returncode: int
    stdout: str
    stderr: str


def lancer(*arguments, entree=None) -> Fait:
    """Run a command through its entry point, here; an error that is not told in French goes through."""
    sortie, erreurs = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["pope-foncier", *arguments]),
        mock.patch.object(sys, "stdin", io.StringIO(entree or "")),
        mock.patch.dict(os.environ, LARGEUR),
        contextlib.chdir(RACINE),
        contextlib.redirect_stdout(sortie),
        contextlib.redirect_stderr(erreurs),
    ):
        try:
            cli.principal()
            code = 0
        except SystemExit as fin:
            code = int(fin.code or 0)
    return Fait(code, sortie.getvalue(), erreurs.getvalue())


def lancer_a_part(*arguments, entree=None):
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pope_foncier", *arguments],
        cwd=RACINE,
        input=entree,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, **LARGEUR, "PYTHONIOENCODING": "utf-8"},
    )
