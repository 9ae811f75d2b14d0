"""Routes of the room, and the server of the phones: an application of its own, which has no kernel and no route of Voilà."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.web

from pope_foncier.ateliers.salle.adresses import adresses_locales
from pope_foncier.ateliers.salle.animation import CompteRendu, Geste
from pope_foncier.ateliers.salle.entrees import Entree
from pope_foncier.ateliers.salle.flux import Flux
from pope_foncier.ateliers.salle.pages import Accueil, EntreeParLeCode, Evenements, Feuille, PageDeSalle, Renvoi
from pope_foncier.ateliers.salle.piece import PAGES, Salle
from pope_foncier.ateliers.salle.portier import Introuvable

_ADRESSES_S = 10.0
"""Time between two looks at the addresses of this computer."""
_DELAI_CORPS_S, _DELAI_OISIF_S, _ENTETES_MAX = 10.0, 60.0, 16_384
"""Time left to send a body, time that a silent connection lasts, longest headers [bytes]."""


def routes(salle: Salle, flux: Flux, locale: bool) -> list[Any]:
    """Routes under ``salle.base``: ``salle/`` and its parts on both servers, the facilitator's and the projector's pages on this computer alone.

    Args:
        salle: the room.
        flux: its state and those who follow it.
        locale: whether these routes are those of the server that this computer alone reaches.
    """
    commun = {"salle": salle, "flux": flux, "locale": locale}
    dossier = str(Path(__file__).parent)
    sous = f"{salle.base}salle/"
    liste: list[Any] = [
        (sous, EntreeParLeCode, commun),
        (f"{sous}flux", Evenements, commun),
        (f"{sous}entree", Entree, commun),
        (rf"{sous}([a-z]+\.(?:css|js))", Feuille, {**commun, "path": dossier}),
    ]
    if locale:
        liste += [(salle.base, Accueil, commun)]
        liste += [(f"{sous}{nom}", PageDeSalle, {**commun, "page": nom}) for nom, page in PAGES.items() if page.locale]
        liste += [(rf"{sous}animer/compte_rendu/([0-9]{{1,4}})\.(html|docx|md|yaml)", CompteRendu, commun)]
        liste += [(rf"{sous}animer/([a-z_]{{1,20}})", Geste, commun)]
    else:
        liste += [(rf"(?:/|{salle.base}|{sous[:-1]})", Renvoi, commun)]
    return liste


class ServeurDesTelephones:
    """Server of the phones on the local network."""

    def __init__(self, salle: Salle, flux: Flux) -> None:
        self.salle, self.flux = salle, flux
        commun = {"salle": salle, "flux": flux, "locale": False}
        self._application = tornado.web.Application(
            routes(salle, flux, locale=False),
            default_handler_class=Introuvable,
            default_handler_args=commun,
            log_function=lambda _: None,
        )
        self._serveur = tornado.httpserver.HTTPServer(
            self._application,
            idle_connection_timeout=_DELAI_OISIF_S,
            body_timeout=_DELAI_CORPS_S,
            max_header_size=_ENTETES_MAX,
        )
        self._ecoutees: set[str] = set()

    def ouvrir(self) -> None:
        """Listen on every address of the room that is not listened on yet."""
        for adresse in self.salle.adresses:
            if adresse not in self._ecoutees:
                self._serveur.listen(self.salle.port, adresse)
                self._ecoutees.add(adresse)

    async def suivre_les_adresses(self) -> None:
        """Follow a computer that changes network, as long as the server lives."""
        while True:
            await asyncio.sleep(_ADRESSES_S)
            self.salle.adresses = adresses_locales()
            with contextlib.suppress(OSError):  # an address that has just gone
                self.ouvrir()
