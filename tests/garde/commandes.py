"""Commands run inside this process: what they print, how they end, whatever they are given."""

import contextlib
import io
from dataclasses import dataclass

from pope_foncier import cli
from pope_foncier.socle.erreurs import ErreurPope


@dataclass(frozen=True)
class Fin:
    """End of a command: exit code, what it printed, its refusal."""

    code: int
    dit: str
    refus: str


def lancer(*arguments) -> Fin:
    """Run a command as ``principal`` does; anything else than a French refusal or a usage error goes through."""
    sorties, refus = io.StringIO(), ""
    with contextlib.redirect_stdout(sorties), contextlib.redirect_stderr(sorties):
        try:
            cli.app(args=[str(a) for a in arguments], prog_name="pope-foncier")
            code = 0
        except SystemExit as fin:
            code = int(fin.code or 0)
        except ErreurPope as erreur:
            code, refus = 2, str(erreur)
    return Fin(code, sorties.getvalue(), refus)
