"""Pages of the room, and the events that keep them up to date."""

from __future__ import annotations

import asyncio

import tornado.http1connection
import tornado.iostream
import tornado.web
from tornado.escape import parse_qs_bytes

from pope_foncier.ateliers.salle import contenu
from pope_foncier.ateliers.salle.flux import Flux
from pope_foncier.ateliers.salle.piece import PAGES, Salle
from pope_foncier.ateliers.salle.portier import Portier, Refus
from pope_foncier.vues.formes.gabarits import balises

APPLICATIONS = {
    "commune": ("Atelier commune", "Leviers, trois scénarios côte à côte, votes et décision."),
    "financeur": ("Financeur", "Prêts, aides, trésorerie, ratios et épreuves d'un mot."),
    "architecte": ("Architecte", "Site, places, plan, coût et calendrier."),
}
"""Applications of the workshops: their title, what they are for."""
_BATTEMENT_S, _LENT_S = 5.0, 30.0
"""Time after which a page that has nothing to learn is told that the link holds; time left to a phone to take what it is sent."""
_PLEINE_S = 10
"""Time after which a page that found the room full asks again."""


class PageDeSalle(Portier):
    """Page of one kind, whole, as the workshop is now (« ``nom.html`` »)."""

    def initialize(self, salle: Salle, flux: Flux, locale: bool, page: str = "participant") -> None:
        """Keep the kind of page."""
        super().initialize(salle, flux, locale)
        self.page = page

    async def prepare(self) -> None:
        """Take the code of a link (QR code) out of the address bar."""
        self.avec_code = self.request.method != "POST" and "code" not in self.request.query_arguments
        await super().prepare()

    async def get(self) -> None:
        """Serve the page."""
        if "code" in self.request.query_arguments:
            self._essayer(self.get_query_argument("code"))
            return
        await self.flux.rafraichir()
        fragments = {nom: balises(f.html) for nom, f in self.flux.fragments(self.page).items()}
        valeurs = self.flux.valeurs() | {"page": self.page, "fenetre": PAGES[self.page].titre}
        valeurs |= contenu.du_telephone(self.flux.instant.atelier, self.salle.acces.cartes.get(self.appareil, ""))
        self.montrer(f"{self.page}.html", fragments=fragments, repere=self.flux.repere, **valeurs)

    def demander_le_code(self) -> None:
        """Show where to type the code."""
        self._montrer_le_code("")

    def _essayer(self, tape: str) -> None:
        """Let in a phone that gives the right code; a wrong one is counted, and the next ones wait."""
        adresse = self.request.remote_ip or ""
        attente = self.salle.essais.attente_s(adresse)
        if attente:
            self.set_status(429)
            self.set_header("Retry-After", str(attente))
            self._montrer_le_code(f"Trop d'essais : attendre {attente} s, puis donner le code écrit sur l'écran.")
        elif self.salle.acces.juste(tape):
            if not self.appareil:
                self.admettre()
            self.redirect(f"{self.salle.base}salle/", status=303)
        else:
            self.salle.essais.compter(adresse)
            self.set_status(403)
            self._montrer_le_code("Ce code n'est pas celui de la salle : le relire sur l'écran.")

    def _montrer_le_code(self, faute: str) -> None:
        self.montrer("code.html", titre=self.salle.titre, faute=faute)


class Accueil(Portier):
    """Home page of the workshops, on this computer."""

    def get(self) -> None:
        """Serve the page."""
        self.montrer("accueil.html", applications=APPLICATIONS, **self.flux.valeurs())


class EntreeParLeCode(PageDeSalle):
    """Form of the code."""

    async def post(self) -> None:
        """Try a code."""
        self._essayer(parse_qs_bytes(self.corps).get("code", [b""])[0].decode("utf-8", "replace"))


class Evenements(Portier):
    """Server-sent events of one page: « etat », the fragments that changed as ``{name: HTML}``; « vivant » when nothing does.

    ``?page=`` is the kind of page, ``?repere=`` the mark of what it shows; a link made again says the last mark by itself.
    """

    en_json = True
    _suivi: asyncio.Future[None] | None = None

    async def get(self) -> None:
        """Tell what changes until the page leaves."""
        page = self.get_query_argument("page", "participant")
        if page not in PAGES or (PAGES[page].locale and not self.ici):
            raise Refus(404)
        if self.flux.pleine(self.appareil):
            mots = "La salle est pleine : fermer une page ouverte ailleurs. Celle-ci réessaie d'elle-même."
            raise Refus(503, mots, attendre_s=_PLEINE_S)
        with self.flux.suivie(self.appareil, page):
            self._suivi = asyncio.ensure_future(self._dire(page))
            try:
                await self._suivi
            except (asyncio.CancelledError, tornado.iostream.StreamClosedError, TimeoutError):
                if isinstance(self.request.connection, tornado.http1connection.HTTP1Connection):
                    self.request.connection.close()

    def on_connection_close(self) -> None:
        """The page left: nobody is there to be told."""
        super().on_connection_close()
        if self._suivi:
            self._suivi.cancel()

    async def _dire(self, page: str) -> None:
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("X-Accel-Buffering", "no")
        repere = self.request.headers.get("Last-Event-ID") or self.get_query_argument("repere", "")
        vu = self.flux.vu(repere)
        self.write("retry: 1500\n: bonjour\n\n")
        while True:
            self.write(self.flux.message(page, vu) or "event: vivant\ndata: oui\n\n")
            vu = self.flux.version
            await asyncio.wait_for(self.flush(), _LENT_S)
            await self.flux.attendre(vu, _BATTEMENT_S)


class Renvoi(Portier):
    """Any shorter address, as a hand types it."""

    avec_code = False

    def get(self) -> None:
        """Lead to the page of participants."""
        self.redirect(f"{self.salle.base}salle/")


class Feuille(Portier, tornado.web.StaticFileHandler):
    """Style and script of the room."""

    avec_code = False

    def initialize(self, salle: Salle, flux: Flux, locale: bool, path: str = "") -> None:  # type: ignore[override]
        """Keep the room and the folder."""
        Portier.initialize(self, salle, flux, locale)
        tornado.web.StaticFileHandler.initialize(self, path)
