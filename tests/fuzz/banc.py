"""Runs the cases: each is a result or one French refusal of a readable length, within its time; all in one process, one engine."""

import contextlib
import gc
import io
import random
import re
import resource
import shutil
import signal
import time
import traceback
import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from pope_foncier.etude import moteur
from pope_foncier.socle.erreurs import ErreurPope, IdentiteRompue
from pope_foncier.socle.memoire import rendre_memoire
from tests.conftest import DONNEES
from tests.fuzz import cibles, commandes
from tests.fuzz.mutations import DOUX, RUDES
from tests.peu_de_tirages import peu_de_tirages

DELAI_S, ATTENTE_S = 20, 120
"""Time of a case: that of the processor, and that of the clock on a busy machine; beyond, it hangs."""
REFUS_MAX = 20_000
_NON_SENS = re.compile(r"(?<![\w.])(nan|None|inf|infini|infinie)(?![\w.])")
"""What no user may read: the words of the machine for a figure that is not one."""
MOT = "motdelusager"


PIC_MO = 700
"""Most memory of a run [MB]: a study with its note draws some thousand plans, 140 MB at the worst of 400 cases, over the 400 MB of the libraries."""
COLLECTE_MO = 30
"""Memory that cases may leave before what nobody uses is looked for [MB]; each case hands its memory back, as a command that ends does."""


EN_ENTIER = 4
"""One case in so many draws as many plans as a user would, for the memory and the time that they take; the others draw few: words are the same."""


GESTES = (*DOUX, *DOUX, *RUDES)
"""Changes that a file of plain data begins with, in turn: two soft ones for a rude one."""


class Pendu(BaseException):
    """A case that does not end."""


@dataclass
class Bilan:
    """What the cases gave."""

    genres: Counter = field(default_factory=Counter)
    """Answers by kind: result, refusal, usage."""
    par_cible: Counter = field(default_factory=Counter)
    fautes: dict = field(default_factory=lambda: defaultdict(list))
    """Cases by class of fault."""
    plus_long_s: float = 0.0
    duree_s: float = 0.0

    @property
    def pic_mo(self):
        """Largest memory that this process held [MB]."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000

    def en_clair(self):
        lignes = [
            f"{sum(self.genres.values())} cas en {self.duree_s:.0f} s, le plus long {self.plus_long_s:.1f} s, pic {self.pic_mo:.0f} Mo"
        ]
        lignes.append(", ".join(f"{nom} : {n}" for nom, n in self.genres.most_common()))
        lignes.append(", ".join(f"{nom} : {n}" for nom, n in self.par_cible.most_common()))
        for classe, cas in sorted(self.fautes.items(), key=lambda x: -len(x[1])):
            lignes.append(f"{len(cas)} × {classe}  (cas {', '.join(map(str, cas[:6]))})")
        return "\n".join(lignes)


class Banc:
    """Cases of a seed, in a folder of their own."""

    def __init__(self, dossier, graine, garder=None):
        self.dossier, self.graine, self.garder = Path(dossier), graine, garder
        (self.dossier / "depart").mkdir(parents=True, exist_ok=True)
        self.cibles = cibles.cibles(self.dossier / "depart")
        self.bilan, self.poids_des_commandes = Bilan(), 5
        self._tenue_mo = 0.0

    def lancer(self, premier, dernier):
        """Run the cases from a rank to another."""
        debut = time.monotonic()
        anciens = {s: signal.signal(s, _pendre) for s in (signal.SIGALRM, signal.SIGPROF)}
        try:
            for rang in range(premier, dernier):
                self.un(rang)
        finally:
            _minuter(0, 0)
            for signe, ancien in anciens.items():
                signal.signal(signe, ancien)
        self.bilan.duree_s += time.monotonic() - debut
        return self.bilan

    def un(self, rang):
        """Run a case: the same seed and the same rank give the same file."""
        hasard = random.Random(f"{self.graine}:{rang}")
        travail = self.dossier / "cas"
        shutil.rmtree(travail, ignore_errors=True)
        travail.mkdir()
        cible, numero = self._servie(rang)
        geste = self._tour(rang, GESTES)[rang % len(GESTES)]
        nom = cible.nom if cible is not None else "commande"
        debut = time.monotonic()
        with (
            warnings.catch_warnings(),
            peu_de_tirages() if rang % EN_ENTIER else contextlib.nullcontext(),
            contextlib.redirect_stderr(io.StringIO()),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            warnings.simplefilter("error", RuntimeWarning)
            _minuter(DELAI_S, ATTENTE_S)
            try:
                genre = (
                    self._une_commande(hasard, travail, numero)
                    if cible is None
                    else self._un_fichier(cible, hasard, travail, geste)
                )
            except (Exception, Pendu) as erreur:
                genre = "faute"
                self._noter(rang, nom, erreur, travail)
            finally:
                _minuter(0, 0)
        rendre_memoire()
        if tenue_mo() > self._tenue_mo + COLLECTE_MO:
            oublier_les_moteurs()
            gc.collect()
            rendre_memoire()
            self._tenue_mo = tenue_mo()
        self.bilan.genres[genre] += 1
        self.bilan.par_cible[f"{nom} {genre}"] += 1
        self.bilan.plus_long_s = max(self.bilan.plus_long_s, time.monotonic() - debut)

    def _servie(self, rang):
        """Kind of file of a rank, by turns in which each comes as often as its weight; for a command, none and its number."""
        poids = ((c, self.poids_des_commandes if c is None else c.poids) for c in (*self.cibles, None))
        tour = self._tour(rang, [c for c, fois in poids for _ in range(fois)])
        nombre, place = divmod(rang, len(tour))
        return tour[place], nombre * self.poids_des_commandes + tour[:place].count(None)

    def _tour(self, rang, tous):
        """All of a list, in the order of the turn of a rank."""
        tour = list(tous)
        random.Random(f"{self.graine}:tour {rang // len(tour)} de {len(tour)}").shuffle(tour)
        return tour

    def _un_fichier(self, cible, hasard, travail, geste):
        fichier = cibles.preparer(cible, travail, hasard, geste)
        if cible.nom == "etude":
            (travail / "sites").symlink_to(DONNEES / "sites")
        depart = hasard.getstate()
        try:
            textes = cible.essayer(fichier, hasard, travail)
            if faux := _non_sens(textes):
                hasard.setstate(depart)
                fichier.write_bytes(_autre_mot(fichier.read_bytes().decode(errors="replace")).encode())
                verifier_mot(faux, lambda: cible.essayer(fichier, hasard, travail))
        except IdentiteRompue:
            raise
        except ErreurPope as refus:
            verifier_refus(str(refus))
            return "refus"
        return "résultat"

    def _une_commande(self, hasard, travail, numero):
        cibles.poser_le_bassin(travail)
        (travail / "neuf" / "hypotheses").parent.mkdir()
        (travail / "neuf" / "hypotheses").symlink_to(DONNEES / "hypotheses")
        arguments = commandes.commande(hasard, travail, numero)
        fin = commandes.essayer(arguments)
        if fin.refus:
            verifier_refus(fin.refus)
            return "refus"
        assert "Traceback" not in fin.dit
        if fin.code == 0 and (faux := _non_sens([fin.dit])):
            verifier_mot(faux, lambda: [commandes.essayer([_autre_mot(str(a)) for a in arguments]).dit])
        return "usage" if fin.code else "résultat"

    def _noter(self, rang, nom, erreur, travail):
        trace = traceback.extract_tb(erreur.__traceback__)
        lieu = next((t for t in reversed(trace) if "pope_foncier" in t.filename), trace[-1])
        ou = f"{lieu.filename.rpartition('pope_foncier/')[2]}:{lieu.lineno} {lieu.name}"
        quoi = str(erreur).splitlines()[0][:160] if str(erreur) else ""
        self.bilan.fautes[f"{nom} | {type(erreur).__name__} | {ou} | {quoi}"].append(rang)
        if self.garder is not None:
            place = Path(self.garder) / f"cas_{self.graine}_{rang}"
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(travail, place, symlinks=True)
            (place / "trace.txt").write_text(
                "".join(traceback.format_exception(erreur)), encoding="utf-8", errors="replace"
            )


def oublier_les_moteurs():
    """Let go of the engines and of what they keep of the cases before: each command opens its own."""
    moteur._moteur_de.cache_clear()
    cibles.moteur.cache_clear()


def tenue_mo():
    """Memory that this process holds [MB]."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _non_sens(textes):
    """First word of the machine for a figure that is not one, with what surrounds it, or nothing."""
    for texte in textes:
        if trouve := _NON_SENS.search(texte):
            return " ".join(texte[max(0, trouve.start() - 60) : trouve.end() + 20].split())
    return ""


def _autre_mot(texte):
    return _NON_SENS.sub(MOT, texte)


def verifier_mot(faux, rejouer):
    """A word that the user wrote, as a name to ask, is his: under another word the same case shows that word and nothing wrong.

    A word read as a number would be refused under the other one, and a figure that is not one would still be there.
    """
    try:
        textes = rejouer()
    except ErreurPope:
        textes = []
    c_est_un_mot = any(MOT in texte for texte in textes) and not _non_sens(textes)
    assert c_est_un_mot, f"non-sens : …{faux}…"


def verifier_refus(texte):
    """A refusal is French words of a readable length: every line, and all of them."""
    assert texte.strip(), "refus sans un mot"
    assert len(texte) <= REFUS_MAX, f"refus de {len(texte)} signes"
    assert max(len(x) for x in texte.split("\n")) <= 4200, "ligne de refus trop longue"
    assert "\x00" not in texte
    assert not re.search(r"Traceback|pydantic|Field required|Input should be", texte), texte[:200]


def _minuter(travail_s, attente_s):
    signal.setitimer(signal.ITIMER_PROF, travail_s)
    signal.setitimer(signal.ITIMER_REAL, attente_s)


def _pendre(*_):
    raise Pendu(f"plus de {DELAI_S} s de calcul, ou {ATTENTE_S} s d'attente")
