"""Kernels of notebooks born of one process that has already imported the libraries: each is a process of its own, as fresh as a new one.

A kernel spends two seconds of processor in imports before its first cell. Here a germ imports once, then forks: what a kernel imports
or sets afterwards stays with it. ``noyaux_de`` puts it in the place of the program that Jupyter starts, for one process.
``tests/serveurs.py`` makes the servers of the workshops in the same way.
"""

import ctypes
import json
import os
import re
import select
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from unittest import mock

RACINE = Path(__file__).resolve().parents[1]
DEJA_LUS = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "matplotlib.backends.backend_agg",
    "matplotlib.figure",
    "babel.dates",
    "babel.numbers",
    "shapely",
    "scipy.optimize",
    "scipy.stats",
    "tests.modeles_complets",
)
"""With all the rooms of the package. Not ``pandas``, which looks at whether a notebook imports it."""
AILLEURS = re.compile(r"\.ateliers\b|__main__")
PLACE_D_UN_NOM = "-" * 400
"""Room for the command line that each one born of a germ shows."""


class Germe:
    """Process that imports, then makes kernels of itself."""

    module = "tests.noyaux"

    def __init__(self):
        self.processus = subprocess.Popen(
            [sys.executable, "-m", self.module, PLACE_D_UN_NOM],
            cwd=RACINE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        )

    def lancer(self, commande, cwd=None, env=None, independent=False, **_):
        """Kernel of a connection file, as ``jupyter_client.launcher.launch_kernel`` starts it."""
        env = dict(os.environ if env is None else env)
        return self.demander(arguments=commande[commande.index("-f") :], cwd=str(cwd or Path.cwd()), env=env)

    def demander(self, **ordre):
        """Process born of an order."""
        print(json.dumps(ordre), file=self.processus.stdin, flush=True)
        return Noyau(int(self.processus.stdout.readline()))

    def arreter(self):
        self.processus.stdin.close()
        self.processus.wait(timeout=60)
        self.processus.stdout.close()


class Noyau:
    """Kernel as Jupyter holds it: what it asks of a process that it started."""

    stdin = stdout = stderr = None

    def __init__(self, pid):
        self.pid, self.returncode = pid, None
        self.fin = os.pidfd_open(pid)

    def poll(self):
        """Whether it ended; its code stays with the germ: zero."""
        if self.returncode is None and select.select([self.fin], [], [], 0)[0]:
            os.close(self.fin)
            self.returncode = 0
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None and not select.select([self.fin], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("noyau", timeout)
        return self.poll()

    def send_signal(self, signe):
        if self.poll() is None:
            os.kill(self.pid, signe)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        self.send_signal(signal.SIGTERM)


def noyaux_de(germe):
    """Within, the kernels that this process starts are born of a germ."""
    return mock.patch("jupyter_client.provisioning.local_provisioner.launch_kernel", germe.lancer)


_PILE = ExitStack()


def pytest_configure():
    """As a plugin (``-p tests.noyaux``): the kernels of nbval."""
    germe = Germe()
    _PILE.callback(germe.arreter)
    _PILE.enter_context(noyaux_de(germe))


def pytest_unconfigure():
    _PILE.close()


def germer(deja_lus, ailleurs, naitre):
    """Import, then fork at each order; what ended is counted with this process."""
    import gc
    import importlib
    import pkgutil

    import psutil

    import pope_foncier
    from pope_foncier.socle.imports_alleges import sans_grammaire_des_adresses

    sans_grammaire_des_adresses()
    salles = (
        x.name for x in pkgutil.walk_packages(pope_foncier.__path__, "pope_foncier.") if not ailleurs.search(x.name)
    )
    for nom in (*deja_lus, *salles):
        importlib.import_module(nom)
    gc.collect()
    gc.freeze()
    bourgeonner(sys.stdin, naitre)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for reste in psutil.Process().children():  # of tests that were stopped before their end
        reste.terminate()
    with suppress(ChildProcessError):
        while True:
            os.wait()


def bourgeonner(ordres, naitre):
    """Fork at each order, until there are no more."""
    signal.signal(signal.SIGCHLD, _compter)
    for ligne in iter(ordres.readline, ""):
        if os.fork() == 0:
            naitre(**json.loads(ligne))


def _compter(*_):
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def s_etablir(cwd, env, sortie=os.devnull):
    """Become a process of its own: its session, folder, environment, paths and standard streams; its number is said once it leads its group."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.write(1, b"%d\n" % os.getpid())
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    ecrit = os.open(sortie, os.O_WRONLY | os.O_APPEND)
    for flux in (1, 2):
        os.dup2(ecrit, flux)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    places = [x for x in env.get("PYTHONPATH", "").split(os.pathsep) if x]
    sys.path[:] = [*places, *(x for x in sys.path if x not in ("", str(RACINE), *places))]


def se_nommer(*mots):
    """Show these words as its command line, where Linux keeps those it was started with."""
    debut, fin = map(int, Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[45:47])
    nom = "\0".join(mots).encode()[: fin - debut - 1]
    ctypes.memmove(debut, nom.ljust(fin - debut, b"\0"), fin - debut)


def naitre_noyau(arguments, cwd, env):
    """Become a kernel."""
    code = 1
    try:
        s_etablir(cwd, env | {"JPY_PARENT_PID": str(os.getppid())})
        se_nommer("python", "-m", "ipykernel_launcher", *arguments)
        from ipykernel.kernelapp import IPKernelApp

        sys.argv = ["ipykernel_launcher", *arguments]
        application = IPKernelApp.instance()
        application.initialize()
        if "ipywidgets" in sys.modules:
            sys.modules["ipywidgets"].register_comm_target()  # as its import does in a kernel
        application.start()
        code = 0
    except SystemExit as fin:
        code = int(fin.code or 0)
    finally:
        os._exit(code)


if __name__ == "__main__":
    germer(DEJA_LUS, AILLEURS, naitre_noyau)
