"""Entries of a workshop's journal: what a participant may say, checked before it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from pope_foncier.etude.fiche_scenarios import Surcharge
from pope_foncier.socle.fiches import Fiche, faute
from pope_foncier.socle.temps import date_en_clair

POINTS_MAX = 10
FUSEAU = ZoneInfo("Europe/Paris")
"""Clock of the room and of the minutes; the journal itself is in universal time."""
TEINTES = 12
"""Colours of name cards."""
REGLAGES_MAX, REGLAGE_MAX, TEXTE_REGLAGE_MAX = 300, 10**9, 200
"""Levers of a scenario: how many, the largest, the longest word."""


def _libre(longueur: int) -> BeforeValidator:
    """Text typed by a visitor: control and direction characters dropped, length limited, never empty."""

    def verifier(brut: Any) -> str:
        if not isinstance(brut, str):
            raise faute("un texte est attendu.", "écrire un texte.")
        texte = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", brut)
        texte = texte.strip()
        if not texte:
            raise faute("un texte est attendu ; trouvé : un texte vide.", "le remplir.")
        if len(texte) > longueur:
            raise faute(f"texte de {len(texte)} signes.", f"le raccourcir à {longueur} signes.")
        return texte

    return BeforeValidator(verifier)


def _nom(brut: Any) -> str:
    if not isinstance(brut, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", brut):
        raise faute(
            "nom de scénario refusé.",
            "prendre des minuscules sans accent, des chiffres et « _ », 40 signes au plus, par exemple ecole_24_places.",
        )
    return brut


def _points(brut: Any) -> int:
    if isinstance(brut, bool) or not isinstance(brut, int) or not 0 <= brut <= POINTS_MAX:
        raise faute(f"un nombre entier de 0 à {POINTS_MAX} est attendu ; trouvé : « {brut} ».", "corriger les points.")
    return brut


def _reglages(brut: Any) -> Any:
    """Levers of a page, or of a file changed by hand: a few short words and whole numbers."""
    if not isinstance(brut, dict) or len(brut) > REGLAGES_MAX:
        raise faute(
            f"une table d'au plus {REGLAGES_MAX} réglages est attendue.", "reprendre le scénario dans l'atelier."
        )
    for nom, valeur in brut.items():
        grand = isinstance(valeur, int) and abs(valeur) > REGLAGE_MAX
        if grand or len(str(nom)) > TEXTE_REGLAGE_MAX or (isinstance(valeur, str) and len(valeur) > TEXTE_REGLAGE_MAX):
            raise faute("réglage hors de toute mesure.", "reprendre le scénario dans l'atelier.")
    return brut


def personne(nom: str) -> str:
    """Key of a participant: « Karim B. », « karim b » and « KARIM  B » are one person; a name of signs alone is its own key."""
    plat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", nom).casefold())
    mots = re.sub(r"[^\w]+|_", " ", "".join(x for x in plat if not unicodedata.combining(x))).split()
    return " ".join(mots or unicodedata.normalize("NFKC", nom).casefold().split())


NomScenario = Annotated[str, BeforeValidator(_nom)]
TexteCourt = Annotated[str, _libre(80)]
TexteLong = Annotated[str, _libre(2000)]


class Chiffre(Fiche):
    """Figure seen when a scenario was proposed: its name and its French text.

    Attributes:
        cle: key of a figure that the band and the cards show (``CLES`` of ``reponse.py``), none for the others.
        fourchette: its range, in words.
        lecture: reading of the plan that it belongs to, in words (plan tel quel, plan bouclé).
    """

    libelle: TexteCourt
    valeur: TexteCourt
    cle: NomScenario | None = None
    fourchette: TexteCourt | None = None
    lecture: TexteCourt | None = None


class Proposition(Fiche):
    """Scenario proposed: the levers as they were set, the overrides that they make, the figures that people saw.

    Attributes:
        mots: what it changes, in French, as people saw it.
        etude: study that it varies; none in an older journal, which holds one.
        lieu: name of its place.
        reponse: figures of the band and of the card, as displayed.
        risque: first risk, in words, as displayed.
    """

    nom: NomScenario
    titre: TexteCourt
    reglages: Annotated[dict[str, int | str | bool], BeforeValidator(_reglages)]
    surcharges: tuple[Surcharge, ...]
    chiffres: tuple[Chiffre, ...] = ()
    mots: tuple[TexteLong, ...] = ()
    etude: TexteCourt | None = None
    lieu: TexteLong | None = None
    reponse: tuple[Chiffre, ...] = ()
    risque: TexteLong | None = None


class Vote(Fiche):
    """Points that a participant gives to a scenario; the last one of a session counts.

    Attributes:
        version: rank of the proposal that was on the screen, whose figures are those that the voter saw.
    """

    scenario: NomScenario
    points: Annotated[int, BeforeValidator(_points)]
    version: Annotated[int, Field(ge=1)] | None = None


class Remarque(Fiche):
    """Remark, on a scenario or on the whole."""

    texte: TexteLong
    scenario: NomScenario | None = None


class Decision(Fiche):
    """Decision of the workshop; the last one stands.

    Attributes:
        version: rank of the proposal decided on, whose figures are those that people saw.
    """

    texte: TexteLong
    scenario: NomScenario | None = None
    version: Annotated[int, Field(ge=1)] | None = None


class Seance(Fiche):
    """Opening of a session: study (name of its file) and title, then what the facilitator says of it.

    Attributes:
        etudes: studies of the workshop, when it holds several.
        jour: day of the session; the day of the entry when nobody says.
        lieu: where it is held.
        participants: who is expected.
    """

    etude: TexteCourt
    titre: TexteLong
    etudes: tuple[TexteCourt, ...] = ()
    jour: date | None = None
    lieu: TexteCourt | None = None
    participants: tuple[TexteCourt, ...] = ()


class CarteDeNom(Fiche):
    """Name card of a participant who joins: the author of the entry, and a colour of ``TEINTES``."""

    teinte: Annotated[int, Field(ge=0, lt=TEINTES)]


class Rapprochement(Fiche):
    """Word of the facilitator: a name is that of somebody else, or a correction of it; nobody's any more without « est »."""

    nom: TexteCourt
    est: TexteCourt | None = None


class Conduite(Fiche):
    """How the facilitator leads: the last one stands, whole.

    Attributes:
        etape: what the room does.
        figee: whether the phones wait: they see, and give nothing.
        resultats: whether the points are shown to the room.
        noms: whether they bear the names of those who gave them, and the remarks of those who made them.
        remarques: whether the remarks are shown to the room.
        acces: whether the projector shows in large how to join.
    """

    etape: Literal["decouvrir", "noter", "decider"] = "decouvrir"
    figee: bool = False
    resultats: bool = False
    noms: bool = False
    remarques: bool = False
    acces: bool = False


class Retrait(Fiche):
    """Word of the facilitator: a remark, a decision, or the opening of the session in progress no longer counts; the journal keeps it.

    Attributes:
        rang: rank of the entry.
    """

    rang: Annotated[int, Field(ge=1)]


Contenu = Proposition | Vote | Remarque | Decision | Seance | CarteDeNom | Rapprochement | Conduite | Retrait
GENRES: dict[str, type[Contenu]] = {
    "scenario": Proposition,
    "vote": Vote,
    "remarque": Remarque,
    "decision": Decision,
    "seance": Seance,
    "carte": CarteDeNom,
    "rapprochement": Rapprochement,
    "conduite": Conduite,
    "retrait": Retrait,
}


@dataclass(frozen=True, slots=True)
class EntreeJournal:
    """Entry of the journal: rank, date (UTC), author, content."""

    rang: int
    quand: datetime
    qui: str
    contenu: Contenu

    @property
    def ici(self) -> datetime:
        """Its date by the clock of the room."""
        return self.quand.astimezone(FUSEAU)


class Auteur(Fiche):
    """Author of an entry."""

    qui: TexteCourt


def qui_et_quand(entree: EntreeJournal) -> dict[str, str]:
    """Author of an entry, and when it was written, in French, by the clock of the room."""
    ici = entree.ici
    return {"qui": entree.qui, "quand": f"{date_en_clair(ici.date())}, {ici:%H h %M}"}


def lecture_en_clair(chiffres: Iterable[Chiffre]) -> str:
    """Reading of the amounts and of the ranges that people saw, « de … à … », in one sentence; nothing when they bear none."""
    lus = list(chiffres)
    lecture = next((c.lecture for c in lus if c.lecture), "")
    etendues = " Fourchettes : huit fois sur dix." if any(" à " in (c.fourchette or "") for c in lus) else ""
    return f"Lecture : {lecture}.{etendues}" if lecture else ""
