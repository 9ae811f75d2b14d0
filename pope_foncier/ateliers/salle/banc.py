"""Benchmark of the room: from the tap of one phone to the page of every other, forty phones simulated on this computer."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import TEINTES, Conduite, Proposition
from pope_foncier.socle.json_strict import decoder

TELEPHONES, _TAPES = 40, 20
_PAUSE_S, _PATIENCE_S = 0.2, 20.0


class Reponse(NamedTuple):
    """Answer of the server to one request."""

    code: int
    entetes: Mapping[str, str]
    texte: str


class Evenement(NamedTuple):
    """Event of a page that follows."""

    genre: str
    repere: str
    texte: str


class Telephone:
    """Phone without a screen: it keeps its cookie, writes entries, follows a page."""

    def __init__(self, adresse: str) -> None:
        """Aim at the address of a room, which ends with « salle/ »."""
        lu = urlsplit(adresse)
        self._hote, self._port, self._chemin = str(lu.hostname), int(lu.port or 80), lu.path
        self.entetes = {"Host": lu.netloc, "Origin": f"http://{lu.netloc}"}

    async def demander(self, methode: str, chemin: str = "", corps: str = "", **entetes: str) -> Reponse:
        """Ask once."""
        lecteur, plume = await self._ouvrir(methode, chemin, corps, entetes)
        try:
            reponse = await _tete(lecteur)
            texte = await asyncio.wait_for(lecteur.read(), _PATIENCE_S)
            temoin = reponse.entetes.get("set-cookie", "").partition(";")[0]
            if temoin:
                self.entetes["Cookie"] = temoin
            return reponse._replace(texte=texte.decode("utf-8"))
        finally:
            plume.close()

    async def envoyer(self, genre: str, contenu: Mapping[str, Any], **plus: Any) -> tuple[int, Any]:
        """Write an entry: status and answer."""
        corps = json.dumps({"genre": genre, "contenu": contenu, **plus})
        reponse = await self.demander("POST", "entree", corps)
        return reponse.code, decoder(reponse.texte)

    async def suivre(self, page: str = "participant", repere: str = "") -> AsyncIterator[Evenement]:
        """Events of a page, until the link is cut."""
        lecteur, plume = await self._ouvrir("GET", f"flux?page={page}&repere={repere}", "", {})
        try:
            code = (await _tete(lecteur)).code
            if code != http.client.OK:
                raise ConnectionRefusedError(code)
            champs: dict[str, str] = {}
            async for ligne in _lignes(lecteur):
                if ligne:
                    nom, _, valeur = ligne.partition(": ")
                    champs[nom] = valeur
                elif "event" in champs:
                    yield Evenement(champs["event"], champs.get("id", ""), champs.get("data", ""))
                    champs = {}
        finally:
            plume.close()

    async def _ouvrir(
        self, methode: str, chemin: str, corps: str, entetes: Mapping[str, str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        lecteur, plume = await asyncio.open_connection(self._hote, self._port)
        octets = corps.encode()
        tete = {
            **self.entetes,
            "Connection": "close",
            **({"Content-Length": str(len(octets))} if octets else {}),
            **entetes,
        }
        lignes = [f"{methode} {self._chemin}{chemin} HTTP/1.1", *(f"{nom}: {valeur}" for nom, valeur in tete.items())]
        plume.write("\r\n".join([*lignes, "", ""]).encode() + octets)
        await plume.drain()
        return lecteur, plume


async def _tete(lecteur: asyncio.StreamReader) -> Reponse:
    lignes = (await asyncio.wait_for(lecteur.readuntil(b"\r\n\r\n"), _PATIENCE_S)).decode("latin-1").split("\r\n")
    paires = (ligne.partition(": ") for ligne in lignes[1:] if ligne)
    return Reponse(int(lignes[0].split()[1]), {nom.lower(): valeur for nom, _, valeur in paires}, "")


async def _lignes(lecteur: asyncio.StreamReader) -> AsyncIterator[str]:
    """Lines of a body sent by chunks, whose sizes are left out."""
    reste = ""
    while taille := (await lecteur.readline()).strip():
        morceau = await lecteur.readexactly(int(taille, 16) + 2)
        *lignes, reste = (reste + morceau[:-2].decode("utf-8")).split("\n")
        for ligne in lignes:
            yield ligne


def mesurer_la_salle(adresse: str, journal: Journal) -> float:
    """Milliseconds from the tap of one phone to the page of the last of forty: the worst of twenty taps.

    Args:
        adresse: room, on this computer.
        journal: its journal, still empty.
    """
    journal.noter("Animation", Proposition(nom="essai", titre="Essai", reglages={}, surcharges=()))
    journal.noter("Animation", Conduite(etape="noter", resultats=True))
    return asyncio.run(_mesurer(adresse))


async def _mesurer(adresse: str) -> float:
    telephones = [Telephone(adresse) for _ in range(TELEPHONES)]
    for rang, telephone in enumerate(telephones):
        await telephone.demander("GET")
        await telephone.envoyer("carte", {"teinte": rang % TEINTES}, nom=f"Téléphone {rang}")
    async with Suivis(telephones) as suivis:
        durees = []
        for tape in range(_TAPES):
            await asyncio.sleep(_PAUSE_S)
            depuis = suivis.recus()
            debut = time.perf_counter()
            await telephones[tape].envoyer("vote", {"scenario": "essai", "points": 1 + tape % 2})
            await suivis.attendre(depuis)
            durees.append(1000 * (time.perf_counter() - debut))
        return max(durees)


class Suivis:
    """Pages that follow at once, and how many changes each was told of."""

    def __init__(self, telephones: Sequence[Telephone]) -> None:
        self._telephones, self._recus = telephones, [0] * len(telephones)
        self._nouveau = asyncio.Event()
        self._taches: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Follow, once every page has been told of the state that it finds."""
        self._taches = [asyncio.create_task(self._suivre(rang)) for rang in range(len(self._telephones))]
        await self.attendre([0] * len(self._telephones))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        for tache in self._taches:
            tache.cancel()
        await asyncio.gather(*self._taches, return_exceptions=True)

    def recus(self) -> list[int]:
        """Changes that each page was told of."""
        return list(self._recus)

    async def attendre(self, depuis: Sequence[int]) -> None:
        """Wait until every page was told of something more.

        Raises:
            TimeoutError: a page was told of nothing.
        """
        async with asyncio.timeout(_PATIENCE_S):
            while any(recu <= avant for recu, avant in zip(self._recus, depuis, strict=True)):
                self._nouveau.clear()
                await self._nouveau.wait()

    async def _suivre(self, rang: int) -> None:
        async for evenement in self._telephones[rang].suivre():
            self._recus[rang] += evenement.genre == "etat"
            self._nouveau.set()
