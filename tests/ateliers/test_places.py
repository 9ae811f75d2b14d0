"""Queue and count of the visitors, without a server: who comes in, who waits, who is told that the room is full."""

import pytest

from pope_foncier.ateliers.places import BILLET_S, RELIER_S, SANS_PAGE_S, Places


class Noyaux:
    """Kernels as a test says they are."""

    def __init__(self):
        self.la, self.relies, self.tus = set(), set(), {}

    def connu(self, noyau):
        return noyau in self.la

    def relie(self, noyau):
        return noyau in self.relies

    def silence_s(self, noyau):
        return self.tus.get(noyau, 0.0)


class Salle:
    """Room of ten places where two pages open at once, its clock in the hand of the test."""

    def __init__(self, nombre=10, ouvertures=2):
        self.noyaux, self.temps = Noyaux(), 0.0
        self.places = Places(nombre, ouvertures, self.noyaux, heure=lambda: self.temps)

    def servir(self, noyau, relie=True):
        """The page of a visitor who came in is made and, perhaps, joins its kernel."""
        self.noyaux.la.add(noyau)
        self.places.tenir(noyau)
        if relie:
            self.noyaux.relies.add(noyau)


@pytest.fixture
def salle():
    return Salle()


def test_dix_visiteurs_entrent_deux_par_deux_dans_leur_ordre(salle):
    """Ten at once: two come in, eight wait by rank; an eleventh is told that the room is full, before any kernel started."""
    tours = [salle.places.demander() for _ in range(10)]
    assert [t.etat for t in tours] == ["entrer"] * 2 + ["attendre"] * 8
    assert [t.avant for t in tours[2:]] == list(range(8))
    assert salle.places.demander().etat == "complet"
    for rang in range(2, 10):
        assert salle.places.demander(tours[rang].billet).etat == "attendre"
        salle.servir(f"n{rang - 2}")
        assert salle.places.demander(tours[rang].billet).etat == "entrer"
    assert salle.places.demander().etat == "complet"
    for rang in (8, 9):
        salle.servir(f"n{rang}")
    assert salle.places.visiteurs() == 10
    assert salle.places.demander().etat == "complet"


def test_une_page_servie_mais_pas_encore_reliee_s_ouvre_encore(salle):
    """The next page waits until this one has joined its kernel, or has taken too long."""
    for _ in range(2):
        salle.places.demander()
    attend = salle.places.demander()
    salle.servir("a", relie=False)
    assert salle.places.demander(attend.billet).etat == "attendre"
    salle.temps = RELIER_S + 1
    assert salle.places.demander(attend.billet).etat == "entrer"


def test_une_page_qui_part_rend_sa_place_avant_l_arret_de_son_noyau():
    """A page that opens again in a full room is not its own eleventh visitor: its old kernel, still stopping, counts no more."""
    salle = Salle(nombre=2)
    for noyau in "ab":
        salle.places.demander()
        salle.servir(noyau)
    assert salle.places.demander().etat == "complet"
    salle.places.quitter("a")
    assert salle.noyaux.connu("a")
    assert salle.places.demander().etat == "entrer"


def test_qui_s_en_va_sans_le_dire_ne_tient_pas_la_salle():
    """A waiting page closed, a page left while it was made, a kernel without a page: each place comes back."""
    salle = Salle(nombre=3, ouvertures=1)
    salle.places.demander()
    parti, patient = salle.places.demander(), salle.places.demander()
    salle.temps = BILLET_S
    assert salle.places.demander(patient.billet).avant == 1
    salle.temps = BILLET_S + 1
    assert salle.places.demander(patient.billet).avant == 0
    assert salle.places.demander(parti.billet).etat == "attendre"
    salle.places.tenir(None)
    assert salle.places.demander(patient.billet).etat == "entrer"
    salle.servir("a", relie=False)
    assert salle.places.visiteurs() == 2
    salle.noyaux.tus["a"] = SANS_PAGE_S + 1
    assert salle.places.visiteurs() == 1


def test_un_noyau_arrete_ne_compte_plus(salle):
    salle.places.demander()
    salle.servir("a")
    salle.noyaux.la.clear()
    assert salle.places.visiteurs() == 0
