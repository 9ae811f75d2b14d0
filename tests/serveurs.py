"""Servers of the workshops, and JupyterLab on their notebooks, born of one process that has already imported them, each with the germ of its kernels.

A server, then each of its kernels, spends two seconds of processor in imports before it answers. Here they fork; what they read, set
and say afterwards is theirs, as if they had been started by the command. Where that start is what is looked at, the command is run.
"""

import os
import pkgutil
import re
import sys
from types import SimpleNamespace

from tests.noyaux import DEJA_LUS, Germe, bourgeonner, germer, naitre_noyau, noyaux_de, s_etablir, se_nommer

AILLEURS = re.compile("__main__")


class GermeDeServeurs(Germe):
    """Process that imports, then makes servers of itself, or kernels that no server asks for."""

    module = "tests.serveurs"

    def servir(self, programme, arguments, cwd, env, sortie):
        """Server of a program (``module:function``) with these arguments; what it says goes to a file."""
        return self.demander(
            programme=programme, arguments=list(map(str, arguments)), cwd=str(cwd), env=env, sortie=str(sortie)
        )


class GermeDeNoyaux(Germe):
    """Germ of the kernels of a server, forked from it while it is nothing yet; it ends with it, and its kernels then as those of any server."""

    def __init__(self):
        ordres, reponses = os.pipe(), os.pipe()
        if os.fork() == 0:
            for bout, flux in ((ordres[0], 0), (reponses[1], 1)):
                os.dup2(bout, flux)
            for bout in (*ordres, *reponses):
                os.close(bout)
            se_nommer("germe")
            bourgeonner(open(0, encoding="utf-8", closefd=False), naitre_noyau)  # noqa: SIM115
            os._exit(0)
        os.close(ordres[0])
        os.close(reponses[1])
        self.processus = SimpleNamespace(
            stdin=open(ordres[1], "w", encoding="utf-8"),  # noqa: SIM115
            stdout=open(reponses[0], encoding="utf-8"),  # noqa: SIM115
        )


def naitre_serveur(programme, arguments, cwd, env, sortie):
    """Become a server."""
    code = 1
    try:
        noyaux = GermeDeNoyaux()
        s_etablir(cwd, env, sortie)
        se_nommer(programme, *arguments)
        sys.argv = [programme, *arguments]
        with noyaux_de(noyaux):
            pkgutil.resolve_name(programme)()
        code = 0
    except SystemExit as fin:
        code = int(fin.code or 0)
    finally:
        for flux in (sys.stdout, sys.stderr):
            flux.flush()
        os._exit(code)


def naitre(**ordre):
    """Become a server, or a kernel of notebook."""
    (naitre_serveur if "programme" in ordre else naitre_noyau)(**ordre)


if __name__ == "__main__":
    germer(DEJA_LUS, AILLEURS, naitre)
