"""Kernels of notebooks born of one process that has already imported the libraries: each is a process of its own, as fresh as a new one.

A kernel spends two seconds of processor in imports before its first cell. Here a germ imports once, then forks: what a kernel imports
or sets afterwards stays with it. ``noyaux_bourgeonnes`` puts it in the place of the program that Jupyter starts, for one process.
"""

import json
import os
import re
import select
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
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


class Germe:
    """Process that imports, then makes kernels of itself."""

    def __init__(self):
        self.processus = subprocess.Popen(
            [sys.executable, "-m", "tests.noyaux"],
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
        ordre = {"arguments": commande[commande.index("-f") :], "cwd": str(cwd or Path.cwd()), "env": env}
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


@contextmanager
def noyaux_bourgeonnes():
    """Within, the kernels that this process starts are born of a germ."""
    germe = Germe()
    try:
        with mock.patch("jupyter_client.provisioning.local_provisioner.launch_kernel", germe.lancer):
            yield
    finally:
        germe.arreter()


_PILE = ExitStack()


def pytest_configure():
    """As a plugin (``-p tests.noyaux``): the kernels of nbval."""
    _PILE.enter_context(noyaux_bourgeonnes())


def pytest_unconfigure():
    _PILE.close()


def _germer():
    """Import, then fork at each order; what ended is counted with this process."""
    import gc
    import importlib
    import pkgutil

    import pope_foncier
    from pope_foncier.socle.imports_alleges import sans_grammaire_des_adresses

    sans_grammaire_des_adresses()
    salles = (
        x.name for x in pkgutil.walk_packages(pope_foncier.__path__, "pope_foncier.") if not AILLEURS.search(x.name)
    )
    for nom in (*DEJA_LUS, *salles):
        importlib.import_module(nom)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, _compter)
    for ligne in iter(sys.stdin.readline, ""):
        if os.fork() == 0:
            _naitre(**json.loads(ligne))
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _compter(*_):
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _naitre(arguments, cwd, env):
    """Become a kernel: its own session, folder, environment, paths and standard streams."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.write(1, b"%d\n" % os.getpid())  # said once it leads its group, which Jupyter signals
        rien = os.open(os.devnull, os.O_RDWR)
        for flux in (0, 1, 2):
            os.dup2(rien, flux)
        os.environ.clear()
        os.environ.update(env, JPY_PARENT_PID=str(os.getppid()))
        os.chdir(cwd)
        places = [x for x in env.get("PYTHONPATH", "").split(os.pathsep) if x]
        sys.path[:] = [*places, *(x for x in sys.path if x not in ("", str(RACINE), *places))]
        from ipykernel.kernelapp import IPKernelApp

        sys.argv = ["ipykernel_launcher", *arguments]
        IPKernelApp.launch_instance()
        code = 0
    except SystemExit as fin:
        code = int(fin.code or 0)
    finally:
        os._exit(code)


if __name__ == "__main__":
    _germer()
