"""Doorkeeper of the room: what every request goes through, whatever it asks for.

A request must bear the address of this computer (and, to write, come from our own pages), be short, and hold the cookie that the code gave.
On this computer itself no code is asked for. Nothing is fetched from elsewhere, nothing is kept by the browser, every refusal is in French.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any

import tornado.web

from pope_foncier.ateliers.salle.adresses import BOUCLE
from pope_foncier.ateliers.salle.flux import GABARITS, Flux
from pope_foncier.ateliers.salle.piece import Salle
from pope_foncier.socle.erreurs import Probleme
from pope_foncier.vues.formes.gabarits import rendre

CORPS_MAX = 16_000
"""Longest body of a request [bytes]: a remark of 2,000 signs and its frame."""
_TEMOIN, _JOURS, _JOUR_S = "pope_salle", 1, 86_400
_POLITIQUE = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_MOTS = {
    400: "Demande illisible.",
    404: "Cette page n'existe pas.",
    405: "Cette page ne se demande pas ainsi.",
    411: "Demande refusée : sa longueur n'est pas dite.",
    413: f"Envoi trop long : {CORPS_MAX // 1000} ko au plus sont admis. Raccourcir le texte.",
}
_PANNE = "Une erreur est survenue. Recharger la page ; ce qui était noté est gardé."


class Refus(tornado.web.HTTPError):
    """Refusal in words.

    Attributes:
        mots: why, and what to do, in French.
        champs: what is wrong, field by field.
        attendre_s: time after which the same may be asked again; 0 when waiting changes nothing.
        a_confirmer: whether the same, confirmed, would be admitted.
    """

    def __init__(
        self, code: int, mots: str = "", champs: Sequence[Probleme] = (), attendre_s: int = 0, a_confirmer: bool = False
    ) -> None:
        super().__init__(code)
        self.mots, self.champs = mots or _MOTS.get(code, _PANNE), tuple(champs)
        self.attendre_s, self.a_confirmer = attendre_s, a_confirmer


@tornado.web.stream_request_body
class Portier(tornado.web.RequestHandler):
    """Base of every handler of the room; « ici » says that the server is the one that this computer alone reaches."""

    en_json = False
    """Whether refusals are JSON (« erreur », « champs »), else a page."""
    avec_code = True
    """Whether the cookie given by the code is required."""

    def initialize(self, salle: Salle, flux: Flux, locale: bool) -> None:
        """Keep the room."""
        self.salle, self.flux, self.ici = salle, flux, locale
        self.corps = b""
        self.appareil = ""
        """Number of the phone, the same as long as it keeps its cookie; empty before the code."""

    def set_default_headers(self) -> None:
        """Say what a page may do: nothing but what comes from here."""
        self.clear_header("Server")
        for nom, valeur in {
            "Content-Security-Policy": _POLITIQUE,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Content-Language": "fr",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items():
            self.set_header(nom, valeur)

    async def prepare(self) -> None:
        """Let in, or refuse in words before the body is read."""
        self._exiger_notre_adresse()
        self._exiger_un_corps_court()
        if self.request.method not in ("GET", "HEAD"):
            self._exiger_notre_origine()
        brut = tornado.web.decode_signed_value(
            self.salle.acces.secret, _TEMOIN, self.get_cookie(_TEMOIN), max_age_days=_JOURS
        )
        self.appareil = brut.decode("ascii", "replace") if brut else ""
        if not self.appareil and self.ici:
            self.admettre()
        if self.avec_code and not self.appareil:
            self.demander_le_code()

    def data_received(self, chunk: bytes) -> None:
        """Keep the body, whose length was found short."""
        self.corps += chunk

    def admettre(self) -> None:
        """Give the cookie of a phone that knows the code."""
        self.appareil = secrets.token_hex(8)
        signe = tornado.web.create_signed_value(self.salle.acces.secret, _TEMOIN, self.appareil)
        chemin = f"{self.salle.base}salle/"
        self.set_cookie(_TEMOIN, signe, path=chemin, httponly=True, samesite="Lax", max_age=_JOUR_S)

    def demander_le_code(self) -> None:
        """Answer to a phone without the cookie: the page of the code instead of a page, a refusal instead of anything else."""
        raise Refus(403, "Donner d'abord le code de la salle, écrit sur l'écran.")

    def montrer(self, gabarit: str, **valeurs: Any) -> None:
        """Send a page made from a template of the room."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(rendre(f"{GABARITS}:{gabarit}", racine=f"{self.salle.base}salle/", **valeurs))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say a refusal in French, as a page or as JSON."""
        erreur = kwargs.get("exc_info", (None, None))[1]
        refus = erreur if isinstance(erreur, Refus) else Refus(status_code)
        if refus.attendre_s:
            self.set_header("Retry-After", str(refus.attendre_s))
        if self.en_json:
            champs = [{"champ": p.champ, "message": p.message, "remede": p.remede} for p in refus.champs]
            self.repondre({"erreur": refus.mots, "champs": champs, "a_confirmer": refus.a_confirmer})
        else:
            self.montrer("refus.html", titre=self.salle.titre, mots=refus.mots)

    def repondre(self, valeurs: dict[str, Any]) -> None:
        """Send JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(valeurs, ensure_ascii=False))

    def _exiger_notre_adresse(self) -> None:
        if self.request.host_name not in (BOUCLE if self.ici else self.salle.adresses):
            raise Refus(403, "Adresse refusée : ouvrir celle qui est écrite sur l'écran de la salle.")

    def _exiger_un_corps_court(self) -> None:
        longueur = self.request.headers.get("Content-Length")
        if (
            longueur is None
            and self.request.method in ("GET", "HEAD")
            and "Transfer-Encoding" not in self.request.headers
        ):
            return
        if longueur is None or not longueur.isdecimal():
            raise Refus(411)
        if int(longueur) > CORPS_MAX:
            raise Refus(413)

    def _exiger_notre_origine(self) -> None:
        origine = self.request.headers.get("Origin") or self.request.headers.get("Referer", "")
        if origine.partition("://")[2].partition("/")[0] != self.request.host:
            raise Refus(403, "Envoi refusé : il ne vient pas d'une page de la salle.")


class Introuvable(Portier):
    """Anything else."""

    avec_code = False

    def get(self, *_: str) -> None:
        """Refuse."""
        raise Refus(404)

    post = put = delete = patch = get
