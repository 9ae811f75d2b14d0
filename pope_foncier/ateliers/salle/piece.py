"""The room: what it is about, where it is, and what its pages show at one instant."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from pope_foncier.ateliers.etat import Atelier
from pope_foncier.ateliers.journal import Journal
from pope_foncier.ateliers.journal_entrees import personne
from pope_foncier.ateliers.salle import contenu
from pope_foncier.ateliers.salle.acces import Acces, Limite
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.vues.formes.gabarits import balises

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Page:
    """Kind of page: « ``nom.html`` » of ``gabarits``, and its fragments, « ``nom_fragment.html`` », which follow the journal by themselves.

    Attributes:
        titre: title of the window.
        fragments: names of its fragments, each rendered once for everybody: nothing in them belongs to one phone alone.
        locale: whether this computer alone may open it.
    """

    titre: str
    fragments: tuple[str, ...]
    locale: bool = False


PAGES = {
    "participant": Page(
        "L'atelier sur votre téléphone", ("titre", "etape", "decision", "resultats", "scenarios", "choix", "remarques")
    ),
    "projecteur": Page("L'atelier, à l'écran", ("tete", "scene"), locale=True),
    "animer": Page("Animer l'atelier", ("vif",), locale=True),
}
"""Pages of the room, by name."""
_ANIMATEUR = "animateur"
"""Holder of the facilitator's name, among the phones that hold a name card."""
_ESSAIS = (5, 60)
"""Wrong codes admitted in a minute, from one address and in all: the codes of six signs would take some thirty years to go through."""
_ENVOIS = (60, 2_000)
"""Entries admitted in a minute, from one phone and in all."""


@dataclass(frozen=True, slots=True)
class Instant:
    """What the pages show: the workshop as its journal says, what is wrong with the journal, in words, and who follows it.

    Attributes:
        abime: whether the journal is damaged: nothing is noted any more until it is set aside.
        relies: phones that follow.
        presents: names of their cards.
    """

    atelier: Atelier
    avis: str = ""
    abime: bool = False
    relies: int = 0
    presents: frozenset[str] = frozenset()


@dataclass
class Salle:
    """Room of one workshop.

    Attributes:
        journal: its memory, the same as that of the Voilà pages.
        titre: title of the study.
        acces: code, secret and name cards.
        base: path before every route, « / » or « /prefix/ ».
        adresses: addresses on which phones are answered, best first; empty without the option ``--salle``.
        preferee: address that the screen shows, when the facilitator chose one of them.
        port: port of the phones.
        ouverte: whether phones were asked for.
        essais: wrong codes, by address.
        envois: entries, by phone.
    """

    journal: Journal
    titre: str
    acces: Acces
    base: str = "/"
    adresses: tuple[str, ...] = ()
    preferee: str = ""
    port: int = 0
    ouverte: bool = False
    essais: Limite = field(default_factory=lambda: Limite(*_ESSAIS))
    envois: Limite = field(default_factory=lambda: Limite(*_ENVOIS))

    @property
    def adresse(self) -> str:
        """Address that a participant types; empty when no phone can join."""
        if not self.adresses:
            return ""
        hote = self.preferee if self.preferee in self.adresses else self.adresses[0]
        return f"http://{hote}:{self.port}{self.base}salle/"

    @property
    def animateur(self) -> str:
        """Name under which the facilitator writes, which no phone may take; empty until he gives it."""
        return self.acces.cartes.get(_ANIMATEUR, "")

    @animateur.setter
    def animateur(self, nom: str) -> None:
        self.acces.cartes[_ANIMATEUR] = nom
        self.acces.garder()

    def est_une_carte(self, nom: str) -> bool:
        """Whether a phone holds a name."""
        return any(qui != _ANIMATEUR and personne(pris) == personne(nom) for qui, pris in self.acces.cartes.items())

    @property
    def code(self) -> str:
        """Code as it is read aloud."""
        return f"{self.acces.code[:3]} {self.acces.code[3:]}"

    def lire(self) -> Instant:
        """Workshop as its journal says now; what cannot be read is said, and the rest is shown."""
        try:
            lecture = self.journal.lire()
        except ErreurPope as erreur:
            return Instant(Atelier.rejouer(()), str(erreur), abime=True)
        return Instant(Atelier.rejouer(lecture.entrees), lecture.en_clair(self.journal.nom), lecture.abime)

    def valeurs(self, instant: Instant) -> dict[str, Any]:
        """Names that every template of the room may use; the code and the picture of the address are for pages of this computer."""
        return contenu.dire(instant.atelier, self.titre, len(instant.presents), bool(self.adresse)) | {
            "titre": self.titre,
            "atelier": instant.atelier,
            "avis": instant.avis,
            "relies": instant.relies,
            "ouverte": self.ouverte,
            "adresse": self.adresse,
            "code": self.code,
            "qr": image_du_lien(f"{self.adresse}?code={self.acces.code}") if self.adresse else "",
        }


@cache
def image_du_lien(lien: str) -> Markup | str:
    """QR code of a link, as SVG; nothing without segno: the address and the code are written beside."""
    try:
        import segno
    except ModuleNotFoundError:
        return ""
    return balises(segno.make(lien, error="m").svg_inline(border=4, dark="#1a1a1a", light="#fff", omitsize=True))
