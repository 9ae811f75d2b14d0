"""Server of the workshops: Voilà on the loopback address, French pages, a limit of visitors, idle kernels culled."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tornado.ioloop
import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from traitlets import Int
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.places import Places, Tour
from pope_foncier.ateliers.salle.acces import Acces, exiger_un_code
from pope_foncier.ateliers.salle.adresses import adresses_locales
from pope_foncier.ateliers.salle.flux import Flux
from pope_foncier.ateliers.salle.pages import APPLICATIONS
from pope_foncier.ateliers.salle.piece import Salle
from pope_foncier.ateliers.salle.routes import ServeurDesTelephones, routes
from pope_foncier.socle.chemins import RACINE, dossier_carnets
from pope_foncier.socle.erreurs import ErreurPope, ErreurSortie
from pope_foncier.vues.formes.gabarits import rendre
from pope_foncier.vues.formes.page import page

_STYLE = "body{font-size:17px;max-width:46em;margin:2em auto;padding:0 1em}li{margin:.6em 0}a{color:#0b4a78}"
_POLITIQUE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_MESSAGE_MAX_OCTETS = 1_000_000
VISITEURS_MAX, RESERVE_MAX, OISIF_MAX_S = 200, 20, 86_400
"""Largest settings of a server that runs on one computer."""
_EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
"""All that a page of the workshops loads of JupyterLab: its widgets, and not what edits notebooks."""
_ATTENTE_MS, _COMPLET_MS = 1_500, 15_000
"""Time after which a page that waits for its turn, or for a place, asks again."""
_FAIRE_S = 120
"""Time left to a kernel to start, to compute its page and to say what it shows: on a busy computer what it shows comes some seconds
after the word that it has ended, and a page made without waiting for it would be empty for good."""
_BATTEMENT_S = 2
"""Time after which a page that is being made is looked at: still wanted, its kernel still alive."""
_NON_SERVIES = ("/voila/tree", "/voila/api/contents", "/voila/files", "/login", "/logout")
"""Routes of Voilà that no workshop needs: folders and their files, and the doors of a server that has no password."""


class Prise:
    """Kernel manager as one visit sees it: it remembers which kernel the visit took."""

    def __init__(self, gestion: Any) -> None:
        self._gestion = gestion
        self.noyau: str | None = None

    def __getattr__(self, nom: str) -> Any:
        return getattr(self._gestion, nom)

    async def start_kernel(self, **reglages: Any) -> str:
        """Start a kernel for this visit."""
        self.noyau = str(await ensure_async(self._gestion.start_kernel(**reglages)))
        return self.noyau

    async def get_rendered_notebook(self, **reglages: Any) -> tuple[Any, list[str], str]:
        """Take a kernel kept ready."""
        tache, rendu, self.noyau = await self._gestion.get_rendered_notebook(**reglages)
        return tache, rendu, str(self.noyau)


class Visite(TornadoVoilaHandler):
    """Page of an application, at its turn; before it, or beyond the limit of visitors, a page that says so and asks again."""

    kernel_manager: Any = None
    partie = False

    def on_connection_close(self) -> None:
        """The visitor left, or asked again, before the page was whole."""
        super().on_connection_close()
        self.partie = True

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Serve the application, or say why not yet."""
        if (path or "").removesuffix(".ipynb") not in APPLICATIONS:
            raise tornado.web.HTTPError(404)
        serveur: ServeurAtelier = self.settings["voila"]
        tour = serveur.places.demander(self.get_argument("billet", None))
        if tour.etat != "entrer":
            self._faire_attendre(tour, serveur.visiteurs_max)
            return
        prise = self.kernel_manager = Prise(serveur.kernel_manager)
        try:
            await serveur.garder_la_reserve(str(path))
            async with aclosing(self.get_generator(path=path)) as morceaux:
                await self._ecrire(morceaux, prise)
        finally:
            serveur.places.tenir(None if self.partie else prise.noyau)
            if self.partie and prise.noyau in serveur.kernel_manager:
                await ensure_async(serveur.kernel_manager.shutdown_kernel(prise.noyau, now=True))

    async def _ecrire(self, morceaux: AsyncIterator[str], prise: Prise) -> None:
        """Send the page as it is made; it ends, unfinished, with its visitor or with its kernel, which Voilà would wait for without end."""
        async for html in morceaux:
            if self.partie or not (prise.noyau is None or await _vit(self.settings["kernel_manager"], prise.noyau)):
                return
            self.write(html)
            self.flush()

    def _faire_attendre(self, tour: Tour, visiteurs: int) -> None:
        complet = tour.etat == "complet"
        titre = "L'atelier est complet" if complet else "La page se prépare"
        attente = _COMPLET_MS if complet else _ATTENTE_MS
        self.set_status(503 if complet else 202)
        self.set_header("Retry-After", str(-(-attente // 1000)))
        self.set_header("Cache-Control", "no-store")
        valeurs = {"etat": tour.etat, "avant": tour.avant, "billet": tour.billet, "attente_ms": attente}
        corps = rendre("attente.html", titre=titre, visiteurs=visiteurs, **valeurs)
        self.finish(page(titre, corps, _STYLE, exportee=False))


class Vivant(JupyterHandler):
    """Whether the kernel of an open page still runs: « oui » or « non »."""

    async def get(self, noyau: str) -> None:
        """Answer in one word; an unknown kernel is not alive. A page that asks is there: its kernel is not idle.

        On a busy computer, a page takes longer to join its kernel than an idle kernel is left alone.
        """
        noyaux = self.settings["kernel_manager"]
        vit = await _vit(noyaux, noyau)
        if vit:
            noyaux.get_kernel(noyau).last_activity = datetime.now(UTC)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("oui" if vit else "non")


class Fermeture(VoilaShutdownKernelHandler):
    """End of a visit: the page left says it by a beacon, which carries no token; only our own pages are heard."""

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """Free the place at once, then stop the kernel, which says nothing any more; a page may say twice that it leaves."""
        self.settings["voila"].places.quitter(kernel_id)
        if kernel_id in self.kernel_manager:
            await super().post(kernel_id)
        else:
            self.set_status(204)

    def check_xsrf_cookie(self) -> None:
        """Accept our own origin alone."""
        origine = urlsplit(self.request.headers.get("Origin") or self.request.headers.get("Referer", ""))
        if origine.netloc != self.request.host:
            raise tornado.web.HTTPError(403)


class ServeurAtelier(Voila):
    """Voilà application of the workshops."""

    name = "voila"
    visiteurs_max = Int(10, config=True, help="Visitors at once.")

    ouvertures_max = Int(os.cpu_count() or 1, config=True, help="Pages that may open at once.")

    def __init__(self, salle: Salle, **reglages: Any) -> None:
        super().__init__(**reglages)
        self.places = Places(self.visiteurs_max, self.ouvertures_max, self)
        self.salle, self.flux = salle, Flux(salle)

    def connu(self, noyau: str) -> bool:
        """Whether a kernel is there."""
        return noyau in self.kernel_manager

    def relie(self, noyau: str) -> bool:
        """Whether a page is joined to a kernel."""
        return bool(self.kernel_manager._kernel_connections.get(noyau, 0) > 0)

    def silence_s(self, noyau: str) -> float:
        """Seconds since a kernel or its page was last heard."""
        activite = getattr(self.kernel_manager.get_kernel(noyau), "last_activity", None)
        return 0.0 if activite is None else (datetime.now(UTC) - activite).total_seconds()

    async def garder_la_reserve(self, application: str) -> None:
        """Make the kernels kept ready fit to serve.

        The dead are replaced; the others count as just used, lest they be culled before their page connects.
        """
        noyaux = self.kernel_manager
        for tas in list(getattr(noyaux, "_pools", {}).values()):
            for tache in [t for t in tas if t.done()]:
                noyau = None if tache.exception() else tache.result()["kernel_id"]
                if await _vit(noyaux, noyau):
                    noyaux.get_kernel(noyau).last_activity = datetime.now(UTC)
                elif tache in tas:
                    tas.remove(tache)
                    if noyau in noyaux:
                        await ensure_async(noyaux.shutdown_kernel(noyau, now=True))
        if noyaux.get_pool_size(application) == 0 and hasattr(noyaux, "fill_if_needed"):
            noyaux.fill_if_needed(delay=0, notebook_name=application)

    def init_handlers(self) -> list[Any]:
        """Handlers of Voilà, less the browsing of folders and the doors; ours for the home page, the visits and their end."""
        handlers, base = [], self.salle.base
        for route in super().init_handlers():
            motif = route[0]
            if motif == base or any(x in motif for x in _NON_SERVIES):
                continue
            if "/voila/templates" in motif:
                handlers.append((rf"{base}voila/templates/([a-z0-9_-]+/static/.+)", *route[1:]))
            elif "/voila/render" in motif:
                handlers.append((motif, Visite, *route[2:]))
            elif "/voila/api/shutdown" in motif:
                handlers.append((motif, Fermeture))
            else:
                handlers.append(route)
        notres = [(rf"{base}voila/vivant/([0-9a-f-]{{36}})", Vivant)]
        return [*notres, *routes(self.salle, self.flux, locale=True), *handlers]

    def listen(self) -> None:
        """Say where, then serve until stopped; the room follows its journal in the same loop."""
        boucle = tornado.ioloop.IOLoop.current()
        boucle.spawn_callback(self.flux.suivre)
        if self.salle.ouverte:
            telephones = ServeurDesTelephones(self.salle, self.flux)
            telephones.ouvrir()
            boucle.spawn_callback(telephones.suivre_les_adresses)
        print(f"Ateliers ouverts : http://127.0.0.1:{self.port}{self.salle.base}  (Ctrl+C pour arrêter)", flush=True)
        super().listen()


async def _vit(noyaux: Any, noyau: str | None) -> bool:
    """Whether a kernel is known and runs."""
    return noyau in noyaux and bool(await ensure_async(noyaux.get_kernel(noyau).is_alive()))


def configurer(port: int, visiteurs: int, reserve: int, oisif_s: int, base: str = "/") -> Config:
    """Settings of the server.

    Args:
        base: path before every route, « / » or « /prefix/ ».
        visiteurs: visitors at once.
        reserve: kernels kept ready for each application.
        oisif_s: seconds after which a kernel without a page is stopped.
    """
    c = Config()
    c.ServeurAtelier.visiteurs_max = visiteurs
    c.Voila.ip, c.Voila.port, c.Voila.port_retries, c.Voila.open_browser = "127.0.0.1", port, 0, False
    c.Voila.base_url = base
    c.Voila.root_dir = str(dossier_carnets() / "ateliers")
    c.Voila.tornado_settings = {
        "headers": {
            "Content-Security-Policy": _POLITIQUE,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        },
        "allow_remote_access": False,
        "local_hostnames": ["localhost", "127.0.0.1"],
        "websocket_max_message_size": _MESSAGE_MAX_OCTETS,
    }
    v = c.VoilaConfiguration
    v.template, v.theme, v.strip_sources, v.show_tracebacks = "pope", "light", True, False
    v.allow_template_override, v.allow_theme_override = "NO", "NO"
    v.file_allowlist, v.extension_allowlist = [], _EXTENSIONS
    v.preheat_kernel, v.default_pool_size = reserve > 0, reserve
    v.http_keep_alive_timeout = _BATTEMENT_S
    c.HTMLExporter.language_code = "fr"
    c.VoilaExecutor.timeout = c.VoilaExecutor.iopub_timeout = c.VoilaExecutor.startup_timeout = _FAIRE_S
    c.MappingKernelManager.cull_idle_timeout = oisif_s
    c.MappingKernelManager.cull_interval = max(min(oisif_s // 4, 60), 2)
    c.MappingKernelManager.cull_connected = False
    c.KernelManager.autorestart = False  # a kernel started again under the same name knows nothing of its page
    return c


def ouvrir_la_salle(
    journal: Journal,
    titre: str,
    port: int,
    telephones: bool = False,
    code: str | None = None,
    base: str = "/",
    adresse: str = "",
) -> Salle:
    """Room of a workshop; its phones, when asked for, are answered on the addresses of this computer, which it says first.

    Raises:
        ErreurPope: no local network, or a code, a path or an address that cannot serve.
        ErreurSortie: the folder of the journals is closed.
    """
    if not re.fullmatch(r"(/[A-Za-z0-9_~.-]{1,40}){0,4}/?", base) or ".." in base:
        raise ErreurPope(f"--base-url : un chemin comme /atelier/ est attendu ; trouvé : « {base} ».")
    base = f"{base.rstrip('/')}/"
    acces = Acces.ouvrir(journal.chemin, code and exiger_un_code(code))
    salle = Salle(journal, titre, acces, base=base, port=port, ouverte=telephones, preferee=adresse)
    if telephones:
        salle.adresses = adresses_locales()
        if not salle.adresses:
            raise ErreurPope(
                "Aucun réseau local : relier cet ordinateur au réseau de la salle, ou ouvrir sans --salle."
            )
        if adresse not in ("", *salle.adresses):
            raise ErreurPope(f"--adresse : une de celles de cet ordinateur est attendue ({', '.join(salle.adresses)}).")
        acces.garder()
        print("Cet ordinateur va écouter sur le réseau local, pour les téléphones qui donneront le code :", flush=True)
        for hote in salle.adresses:
            print(f"  http://{hote}:{port}{base}salle/", flush=True)
        if len(salle.adresses) > 1:
            print(f"L'écran montre {salle.adresse} ; une autre avec --adresse.", flush=True)
        print(f"Code : {salle.code}. À projeter : http://127.0.0.1:{port}{base}salle/projecteur", flush=True)
    return salle


def servir(
    etudes: Sequence[Path],
    salle: Salle,
    visiteurs: int = 10,
    reserve: int = 1,
    oisif_s: int = 300,
) -> None:
    """Serve the workshops of one study or several, and their room, until stopped; their journals lie in the folder of that of the room.

    Raises:
        ErreurPope: a setting out of its bounds.
        ErreurSortie: the port is taken.
    """
    for nom, valeur, mini, maxi in (
        ("port", salle.port, 1, 65_535),
        ("visiteurs", visiteurs, 1, VISITEURS_MAX),
        ("reserve", reserve, 0, RESERVE_MAX),
        ("oisif", oisif_s, 1, OISIF_MAX_S),
    ):
        if not mini <= valeur <= maxi:
            raise ErreurPope(f"Réglage refusé : --{nom} de {mini} à {maxi} ; trouvé : {valeur}.")
    for adresse in ("127.0.0.1", *salle.adresses):
        _exiger_le_port(adresse, salle.port)
    gabarit = Path(__file__).parent / "gabarit"
    chemins = [str(gabarit), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(chemins)
    os.environ["POPE_ATELIER_ETUDE"] = os.pathsep.join(str(etude.resolve()) for etude in etudes)
    os.environ["POPE_ATELIER_JOURNAUX"] = str(salle.journal.chemin.parent.resolve())
    racine = [str(RACINE), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(racine)
    serveur = ServeurAtelier(salle, config=configurer(salle.port, visiteurs, reserve, oisif_s, salle.base))
    serveur.initialize(argv=[])
    serveur.start()


def _exiger_le_port(adresse: str, port: int) -> None:
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((adresse, port))
        except OSError:
            raise ErreurSortie(f"Le port {port} est pris : en choisir un autre avec --port.") from None
