"""Room opened in the test's own process: the server of the phones and that of this computer, both on the loopback address, on free ports."""

import asyncio
import contextlib
import socket
import threading

import tornado.web

from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import Proposition
from pope_foncier.ateliers.salle.acces import Acces
from pope_foncier.ateliers.salle.banc import Telephone
from pope_foncier.ateliers.salle.flux import Flux
from pope_foncier.ateliers.salle.piece import Salle
from pope_foncier.ateliers.salle.routes import ServeurDesTelephones, routes

CODE = "K7M4QX"
ECOLE = Proposition(nom="ecole", titre="École de 24 places", reglages={}, surcharges=())


class Ouverte:
    def __init__(self, salle, flux, ici, telephones):
        self.telephones = telephones
        self.salle, self.flux, self.journal = salle, flux, salle.journal
        self.adresse, self.ici = salle.adresse, f"http://127.0.0.1:{ici}{salle.base}salle/"

    async def entrer(self, nom=None, teinte=3):
        """Phone that gave the code, and took a card."""
        telephone = Telephone(self.adresse)
        assert (await telephone.demander("GET", f"?code={CODE}")).code == 303
        if nom is not None:
            assert (await telephone.envoyer("carte", {"teinte": teinte}, nom=nom, cle="carte"))[0] == 200
        return telephone


@contextlib.asynccontextmanager
async def ouvrir(dossier, base="/", ports=None):
    """Room on the journal of a folder, left as a killed server would leave it; on free ports, or on those of the one before."""
    port, ici = ports or (_port_libre(), _port_libre())
    journal = Journal(dossier / "gare.sqlite")
    salle = Salle(journal, "Gare <b>", Acces.ouvrir(journal.chemin, CODE), base=base, ouverte=True)
    salle.acces.garder()
    salle.adresses, salle.port = ("127.0.0.1",), port
    flux = Flux(salle)
    telephones = ServeurDesTelephones(salle, flux)
    telephones.ouvrir()
    local = tornado.web.Application(routes(salle, flux, locale=True)).listen(ici, "127.0.0.1")
    suivi = asyncio.create_task(flux.suivre())
    try:
        yield Ouverte(salle, flux, ici, telephones)
    finally:
        suivi.cancel()
        for serveur in (telephones._serveur, local):
            serveur.stop()
            await serveur.close_all_connections()


class EnFil:
    """Room in a thread of its own, for a browser; closed and opened again at the same addresses, as a server that fell and came back."""

    def __init__(self, dossier):
        self.dossier, self.ports = dossier, (_port_libre(), _port_libre())
        self.rouvrir()

    def rouvrir(self):
        self._boucle, self._fin, pret = asyncio.new_event_loop(), asyncio.Event(), threading.Event()

        async def tenir():
            async with ouvrir(self.dossier, ports=self.ports) as self.ouverte:
                pret.set()
                await self._fin.wait()

        self._fil = threading.Thread(target=self._boucle.run_until_complete, args=(tenir(),), daemon=True)
        self._fil.start()
        assert pret.wait(20), "la salle ne s'ouvre pas"

    def fermer(self):
        self._boucle.call_soon_threadsafe(self._fin.set)
        self._fil.join(20)
        self._boucle.close()

    @property
    def journal(self):
        return self.ouverte.journal


def _port_libre():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]
