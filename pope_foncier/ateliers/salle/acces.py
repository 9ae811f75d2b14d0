"""Right of entry of the phones: a code that can be read aloud, kept for the day in a private file, and few attempts to guess it."""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pope_foncier.socle.ecriture import en_francais
from pope_foncier.socle.erreurs import ErreurPope, ErreurSortie
from pope_foncier.socle.json_strict import charger_json
from pope_foncier.socle.lecture import existe

SIGNES = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of a code: those that a hand or an ear takes for another (0 and O, 1 and I) are left out."""
LONGUEUR = 6
_VALABLE_S = 12 * 3600.0
"""Time that a code lasts: a workshop, and its restarts."""
_PERIODE_S = 60.0
_FICHIER_MAX = 200_000


def normaliser(tape: str) -> str:
    """Code as typed by hand: capitals, spaces and dashes do not count."""
    return re.sub(r"[\s-]+", "", tape).upper()


def exiger_un_code(tape: str) -> str:
    """Code chosen by the facilitator.

    Raises:
        ErreurPope: too short or too long, or with other signs.
    """
    code = normaliser(tape)
    if len(code) != LONGUEUR or set(code) - set(SIGNES):
        raise ErreurPope(
            f"Code refusé : {LONGUEUR} signes sont attendus, lettres et chiffres, sans 0, O, 1 ni I ; trouvé : « {tape} »."
        )
    return code


@dataclass
class Acces:
    """Code of the day, secret that signs the cookies, and which phone holds which name card; private file rewritten at each change."""

    chemin: Path
    code: str
    secret: str
    depuis: float
    cartes: dict[str, str] = field(default_factory=dict)
    """Name of the card of each phone."""

    @classmethod
    def ouvrir(cls, journal: Path, code: str | None = None, horloge: Callable[[], float] = time.time) -> Acces:
        """Right of entry of the day: that of the file when it still holds, else a new one, not written yet.

        Args:
            journal: journal of the workshop, beside which the private file lies.
            code: code chosen by the facilitator; that of the file, or a random one, without it.
            horloge: clock, in seconds.
        """
        chemin, maintenant = journal.with_name(f".salle_{journal.stem}.json"), horloge()
        lu = _lire(chemin)
        tient = lu is not None and abs(maintenant - lu["depuis"]) < _VALABLE_S
        if lu is not None and tient and code in (None, lu["code"]):
            return cls(chemin, lu["code"], lu["secret"], lu["depuis"], lu["cartes"])
        hasard = "".join(secrets.choice(SIGNES) for _ in range(LONGUEUR))
        return cls(chemin, code or hasard, secrets.token_hex(32), maintenant)

    def juste(self, tape: str) -> bool:
        """Whether a typed code is the right one."""
        return secrets.compare_digest(normaliser(tape).encode("utf-8", "replace"), self.code.encode())

    def garder(self) -> None:
        """Write the private file, that this user alone may read.

        Raises:
            ErreurSortie: the folder or the file is closed.
        """
        contenu = {"code": self.code, "secret": self.secret, "depuis": self.depuis, "cartes": self.cartes}
        try:
            self.chemin.parent.mkdir(parents=True, exist_ok=True)
            poignee, neuf = tempfile.mkstemp(dir=self.chemin.parent, prefix=".salle")  # made with mode 600
            with os.fdopen(poignee, "w", encoding="utf-8") as fichier:
                json.dump(contenu, fichier, ensure_ascii=False)
            os.replace(neuf, self.chemin)
        except (OSError, ValueError) as erreur:
            raise ErreurSortie(f"Impossible d'écrire {self.chemin} : {en_francais(erreur)}.") from erreur


def _lire(chemin: Path) -> Any:
    """Content of the private file; None when there is none, or when it is not ours."""
    if not existe(chemin):
        return None
    try:
        lu = charger_json(chemin, "l'effacer : un autre code sera tiré.", _FICHIER_MAX)
        exiger_un_code(lu["code"])
        cartes = lu["cartes"].items()
        juste = isinstance(lu["depuis"], float) and len(lu["secret"]) == 64
        return lu if juste and all(isinstance(x, str) for carte in cartes for x in carte) else None
    except (ErreurPope, AttributeError, KeyError, TypeError):
        return None


class Limite:
    """What was done in the last minute, by whom: beyond a few for one, or too many in all, the next one waits."""

    def __init__(self, chacun: int, en_tout: int, horloge: Callable[[], float] = time.monotonic) -> None:
        self._chacun, self._horloge = chacun, horloge
        self._faits: deque[tuple[float, str]] = deque(maxlen=en_tout)

    def attente_s(self, qui: str) -> int:
        """Seconds before somebody may try again; 0 when it may now."""
        debut = self._horloge() - _PERIODE_S
        while self._faits and self._faits[0][0] <= debut:
            self._faits.popleft()
        siens = [quand for quand, auteur in self._faits if auteur == qui]
        barrieres = [siens[-self._chacun]] if len(siens) >= self._chacun else []
        barrieres += [self._faits[0][0]] if len(self._faits) == self._faits.maxlen else []
        return max((int(quand - debut) + 1 for quand in barrieres), default=0)

    def compter(self, qui: str) -> None:
        """Count one more."""
        self._faits.append((self._horloge(), qui))
