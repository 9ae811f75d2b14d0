"""Stacking of capital grants: declared order, exclusions, the share of public persons for public clients; payments and statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from pope_foncier.acquisition.entree import Entree
from pope_foncier.acquisition.suites_du_titre import dernier_mois
from pope_foncier.aides.conditions import EtatCondition, examiner
from pope_foncier.aides.regle import Terme, assiette, depenses_du_projet, rang_limite, termes
from pope_foncier.aides.reversement import Reversement, montant_a_rendre, regle_de
from pope_foncier.baremes.dispositif import FicheDispositif
from pope_foncier.modele.calendrier import Calendrier, au_mois
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.modele.financement import Aide, StatutAide, Versement
from pope_foncier.modele.livre import Livre, verifier_nul
from pope_foncier.modele.paiements import retard
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.francais import en_phrase
from pope_foncier.socle.grandeur import Grandeur, dire, maximum, minimum, somme
from pope_foncier.socle.nombres import formater_nombre
from pope_foncier.socle.vocabulaire import connu_ou_zero, pareil, si, superieur
from pope_foncier.travaux.cout import CoutTravaux

_DISPOSITIFS = "subventions"
_MODES = {"collectif_psu": "multi_accueil"}
"""Mode of a study in the words of the schemes, when they differ."""


_PARTS_PUBLIQUES = {
    "hors_chef_de_file": ("part_publique_max", "CGCT L1111-10"),
    "chef_de_file": ("part_publique_max_chef_de_file", "CGCT L1111-9"),
}
"""Scale and article of what other public persons may bring to a public client, by reading of who leads."""


@enregistrement
class ReglePublique:
    """What other public persons may bring to a public client under the reading of the study: its share, its article."""

    part: Grandeur
    article: str

    @property
    def libelle(self) -> str:
        """Label, with the share of the scale."""
        return f"Règle des {formater_nombre(100.0 * self.part.au_point(), 1, 0)} %"

    @property
    def en_phrase(self) -> str:
        """The same inside a sentence, with its article."""
        return f"la {en_phrase(self.libelle)} ({self.article})"


def regle_publique(ctx: Contexte) -> ReglePublique:
    """Share left to other public persons (CGCT L1111-10, or L1111-9 for a lead authority), by the reading of the study."""
    return _regle_de(ctx, ctx.etude.lecture_chef_de_file)


def autre_regle_publique(ctx: Contexte) -> ReglePublique:
    """The same by the reading that the study does not follow."""
    (autre,) = set(_PARTS_PUBLIQUES) - {ctx.etude.lecture_chef_de_file}
    return _regle_de(ctx, autre)


def _regle_de(ctx: Contexte, lecture: str) -> ReglePublique:
    bareme, article = _PARTS_PUBLIQUES[lecture]
    return ReglePublique(ctx.bareme(f"{_DISPOSITIFS}.autres.{bareme}"), article)


@enregistrement
class Subvention:
    """Grant computed: what is given and what is lent by the same funder, shape (…, 1), and why that amount."""

    aide: Aide
    subvention: Grandeur
    pret: Grandeur | None
    versement: Grandeur
    """Payments by month, shape (…, M)."""
    assiette: Grandeur
    candidats: tuple[Terme, ...]
    conditions: tuple[EtatCondition, ...]
    bloquantes: tuple[EtatCondition, ...] = ()
    """Conditions that remove the grant when they fail; the others only open a bonus."""
    ecartee: str = ""
    """Why the aid is set aside: a beneficiary or a mode it does not admit, or an exclusion."""
    reversement: Reversement = "inconnu"
    """What is given back when the use stops early, as the study or the scheme says."""
    rendu: Grandeur | None = None
    """What is given back because the use ends before the commitment, by month, shape (…, M)."""
    a_rendre: Grandeur | None = None
    """Its total, shape (…, 1); None when nobody has said it, or nothing has to be."""

    @property
    def acquise(self) -> Grandeur:
        """Grant kept for good: what is carried to income."""
        if self.a_rendre is None or not aiguiller(self.a_rendre):
            return self.subvention
        return (self.subvention - self.a_rendre).nommer(f"{self.aide.libelle}, part gardée")

    def limite_en_clair(self, scenario: int = 0) -> str:
        """What sets the amount, in French."""
        nulle = self.subvention.au_point(scenario) == 0.0
        if self.ecartee and nulle:
            return self.ecartee
        if not self.candidats or np.isnan(self.subvention.valeur).all():
            return "montant inconnu"
        echouees = [c.phrase(scenario) for c in self.bloquantes if c.etat(scenario) == "non_remplie"]
        if echouees and nulle:
            return f"condition non remplie : {echouees[0]}"
        rangs = rang_limite(self.candidats).reshape(-1)
        return self.candidats[int(rangs[scenario if len(rangs) > 1 else 0])].nom


@enregistrement
class _Demande:
    """Grant before the rule on the share of public persons."""

    aide: Aide
    dispositif: FicheDispositif | None
    montant: Grandeur
    assiette: Grandeur
    candidats: tuple[Terme, ...] = ()
    conditions: tuple[EtatCondition, ...] = ()
    bloquantes: tuple[EtatCondition, ...] = ()
    ecartee: str = ""


def calculer(
    ctx: Contexte,
    livre: Livre,
    cal: Calendrier,
    places: Grandeur,
    cout: CoutTravaux,
    entree: Entree,
    apports: Sequence[Grandeur] = (),
) -> list[Subvention]:
    """Compute the grants that are counted; write them and their payments in the ledger.

    An aid that nobody asked for is absent; an aid of unknown amount is unknown, never zero. Each grant first follows its own
    rule, caps, conditions and exclusions, in the declared order. Then a public client of the works keeps at least a fifth
    of what public persons bring (CGCT L1111-10): the last public aids declared are cut down to that.

    Args:
        places: new places, shape (…, 1).
        cout: cost plan, the base of the grants.
        entree: entry costs (price, deed, rent paid at once), which some schemes pay for.
        apports: private equity of the plan, taken off what public persons bring.
    """
    demandes: list[_Demande] = []
    du_projet = depenses_du_projet(cout, entree)
    for aide in ctx.etude.aides:
        if aide.statut != "non_demandee":
            dispositif = _dispositif_de(ctx, aide)
            base = du_projet if dispositif is None else assiette(ctx, cout, dispositif, entree)
            demandes.append(_demander(ctx, cal, aide, dispositif, places, base, demandes))
    if ctx.aides_arretees:
        arretees = [replace(d, montant=_arretee(ctx, d.aide), candidats=()) for d in demandes]
        return [_accorder(ctx, livre, cal, d, None) for d in arretees]
    place = _place_publique(ctx, cout, entree, demandes, apports)
    faites = []
    for demande in demandes:
        plafond = None
        if place is not None and _est_publique(ctx, demande.aide, demande.dispositif):
            plafond = Terme(regle_publique(ctx).en_phrase, place, publique=True)
        faite = _accorder(ctx, livre, cal, demande, plafond)
        if place is not None and plafond is not None:
            recu = faite.subvention if faite.pret is None else faite.subvention + faite.pret
            place = maximum(place - recu, 0.0)
        faites.append(faite)
    return faites


def _demander(
    ctx: Contexte,
    cal: Calendrier,
    aide: Aide,
    dispositif: FicheDispositif | None,
    places: Grandeur,
    base: Grandeur,
    avant: Sequence[_Demande],
) -> _Demande:
    """Amount of one grant by its own rule, caps, conditions and exclusions, as the share really granted."""
    prefixe = f"{_DISPOSITIFS}.{aide.dispositif}"
    if dispositif is None and aide.par_place is None and aide.montant is None:
        inconnu = Grandeur(float("nan"), aide.libelle, "€", manques=frozenset({f"montant de {aide.libelle}"}))
        return _Demande(aide, dispositif, inconnu, base)
    conditions = [examiner(ctx, cal, places, aide, prefixe, c) for c in dispositif.conditions] if dispositif else []
    candidats = termes(ctx, aide, dispositif, places, base, conditions)
    montant = minimum(*(t.montant for t in candidats))
    majorations = {m.condition for m in dispositif.calcul.majorations} if dispositif else set()
    bloquantes = tuple(c for c in conditions if c.type not in majorations)
    for condition in bloquantes:
        if aiguiller(condition.bloque()):
            montant = montant * condition.laisse
    ecartee = _refus(ctx, dispositif)
    if ecartee:
        montant = Grandeur(0.0, ecartee).alias()
    for autre in avant:
        if dispositif is not None and _se_refusent(aide, dispositif, autre):
            ecartee = ecartee or f"non cumulable avec {autre.aide.libelle}"
            seule = si(connu_ou_zero(pareil(autre.montant, 0.0)), montant, 0.0)
            montant = dire(seule, "{} si « {} » n'est pas obtenue, sinon 0", montant, autre.montant)
    montant = (montant * ctx.entree(f"aides[{aide.id}].coefficient")).nommer(aide.libelle)
    verifier_nul((maximum(montant - base, 0.0)).valeur, f"{aide.libelle} dépasse son assiette")
    return _Demande(aide, dispositif, montant, base, tuple(candidats), tuple(conditions), bloquantes, ecartee)


def _dispositif_de(ctx: Contexte, aide: Aide) -> FicheDispositif | None:
    """Scheme of a grant; None for one that only the study states."""
    return ctx.catalogue.fichier(f"{_DISPOSITIFS}.{aide.dispositif}").dispositif if aide.dispositif else None


def _arretee(ctx: Contexte, aide: Aide) -> Grandeur:
    """Amount of a grant once funding is frozen: that of the closing, or what a shock leaves of it."""
    part = ctx.choquer(f"aides[{aide.id}].arretee", Grandeur(1.0, "Part du montant arrêté qui est versée", "%"))
    return (ctx.aides_arretees[aide.id] * part).nommer(aide.libelle)


def _refus(ctx: Contexte, dispositif: FicheDispositif | None) -> str:
    """Why a scheme cannot be counted at all, or nothing."""
    if dispositif is None:
        return ""
    forme = ctx.etude.acteurs.forme_maitre_ouvrage
    if forme not in dispositif.beneficiaires:
        return f"bénéficiaire non admis : {forme} (admis : {', '.join(dispositif.beneficiaires)})"
    mode = _MODES.get(ctx.etude.mode_accueil, ctx.etude.mode_accueil)
    if mode not in dispositif.modes_accueil:
        return f"mode d'accueil non admis : {mode} (admis : {', '.join(dispositif.modes_accueil)})"
    return ""


def _se_refusent(aide: Aide, dispositif: FicheDispositif, autre: _Demande) -> bool:
    """Whether an earlier grant excludes this one: an exclusion of the scheme, or the same scheme twice."""
    return autre.aide.dispositif is not None and (
        autre.aide.dispositif in dispositif.exclusions or autre.aide.dispositif == aide.dispositif
    )


def _place_publique(
    ctx: Contexte,
    cout: CoutTravaux,
    entree: Entree,
    demandes: Sequence[_Demande],
    apports: Sequence[Grandeur],
) -> Grandeur | None:
    """Room of public persons: their share × (cost − private money and aids that are not public), whatever the order.

    The cost is before VAT when the VAT comes back. Urban-renewal operations are outside the rule (CGCT L1111-10 III, law
    2003-710).
    """
    if ctx.etude.acteurs.forme_maitre_ouvrage != "collectivite" or ctx.etude.territoire.renouvellement_urbain == "oui":
        return None
    prives = [d.montant for d in demandes if not _est_publique(ctx, d.aide, d.dispositif)]
    depense = cout.total_ttc - cout.tva if ctx.etude.compensation_tva is not None else cout.total_ttc
    ailleurs = somme([*prives, *apports], "Financements hors personnes publiques")
    public = depense + entree.total + entree.loyer_capitalise - ailleurs
    public = public.nommer("Financement des personnes publiques")
    return maximum(public * regle_publique(ctx).part, 0.0)


def _est_publique(ctx: Contexte, aide: Aide, dispositif: FicheDispositif | None) -> bool:
    nature = aide.personne_publique if dispositif is None else dispositif.personne_publique
    return nature == "oui" or (nature == "deux_lectures" and ctx.etude.lecture_caf == "personne_publique")


def _accorder(ctx: Contexte, livre: Livre, cal: Calendrier, demande: _Demande, plafond: Terme | None) -> Subvention:
    """Apply the room of public persons, split grant and loan, write amount and payments."""
    aide, montant, candidats = demande.aide, demande.montant, list(demande.candidats)
    if plafond is not None:
        candidats.append(plafond)
        montant = minimum(montant, plafond.montant).nommer(aide.libelle)
    pret = None
    if aide.part_subvention is not None:
        part = ctx.entree(f"aides[{aide.id}].part_subvention")
        pret = (montant * (1.0 - part)).nommer(f"{aide.libelle}, part prêtée")
        montant = (montant * part).nommer(f"{aide.libelle}, part donnée")
    livre.inscrire(f"ressources.{aide.id}", montant)
    versement = _payer(ctx, livre, cal, aide, demande.dispositif, montant)
    a_rendre, rendu = montant_a_rendre(ctx, cal, aide, demande.dispositif, montant), None
    if a_rendre is not None:
        qui = (ctx.etude.acteurs.nom_maitre_ouvrage, aide.financeur, aide.libelle)
        rendu = livre.inscrire(f"tresorerie.reversement.{aide.id}", au_mois(ctx, a_rendre, dernier_mois(cal)), *qui)
    lu = (demande.assiette, tuple(candidats), demande.conditions, demande.bloquantes, demande.ecartee)
    return Subvention(aide, montant, pret, versement, *lu, regle_de(aide, demande.dispositif), rendu, a_rendre)


def don_de_bouclage(
    ctx: Contexte, livre: Livre, cal: Calendrier, boucleur: Boucleur, base: Grandeur, beneficiaire: str
) -> Subvention:
    """Grant to a party, whose amount closes the plan; without instalments it is paid when the works start.

    What is still to be found has no date of its own: it is called later, when the cash is known (``etude.a_trouver``).
    """
    montant, cle, nom, apporteur = ctx.bouclage[boucleur.id], boucleur.cle, boucleur.libelle, boucleur.nom_apporteur
    if ctx.chocs:
        part = ctx.choquer(f"bouclage[{boucleur.id}].arretee", Grandeur(1.0, "Part du montant arrêté versée", "%"))
        montant = (montant * part).nommer(nom)
    aide = _aide_de_bouclage(cle, nom, apporteur, boucleur.statut)
    livre.inscrire(f"ressources.{cle}", montant)
    if boucleur.sur_appel:
        return Subvention(aide, montant, None, montant * 0.0, base, (), ())
    rangs, attente = _evenements(cal), retard(ctx, f"bouclage[{boucleur.id}]")
    calendrier = boucleur.versements or (_au_demarrage(),)
    tranches = [au_mois(ctx, montant * v.part, rangs[v.evenement] + float(v.delai_mois) + attente) for v in calendrier]
    versement = livre.inscrire(f"tresorerie.{cle}", somme(tranches), apporteur, beneficiaire, nom)
    return Subvention(aide, montant, None, versement, base, (), ())


@lru_cache(maxsize=256)
def _aide_de_bouclage(cle: str, nom: str, apporteur: str, statut: StatutAide) -> Aide:
    """Sheet of a grant that closes a plan: the same closer serves many plans."""
    return Aide(id=cle, libelle=nom, financeur=apporteur, statut=statut)


@lru_cache(maxsize=1)
def _au_demarrage() -> Versement:
    return Versement(evenement="demarrage_travaux", part=1.0, delai_mois=0)


def _evenements(cal: Calendrier) -> dict[str, Grandeur]:
    """Month of each event that a payment may follow, shape (…, 1)."""
    return {
        "accord": cal.debut_travaux,
        "demarrage_travaux": cal.debut_travaux,
        "mi_travaux": cal.milieu_travaux,
        "reception": cal.reception,
        "comptes_definitifs": cal.ouverture,
    }


def _payer(
    ctx: Contexte, livre: Livre, cal: Calendrier, aide: Aide, dispositif: FicheDispositif | None, montant: Grandeur
) -> Grandeur:
    """Payments by month: instalments of the study, else a single delay after opening, else those of the scheme."""
    attente, rangs = ctx.entree(f"aides[{aide.id}].retard_mois"), _evenements(cal)
    versements = aide.versements or (dispositif.versements if dispositif else ())
    calendrier = [(v.evenement, v.part, Grandeur(float(v.delai_mois), "délai", "mois")) for v in versements]
    if not aide.versements and aide.delai_versement_mois is not None:
        calendrier = [("comptes_definitifs", 1.0, ctx.entree(f"aides[{aide.id}].delai_versement_mois"))]
    elif not aide.versements and dispositif is None:
        calendrier = [("comptes_definitifs", 1.0, Grandeur(0.0, "Délai de versement", "mois"))]
    tranches = [au_mois(ctx, montant * part, rangs[quand] + delai + attente) for quand, part, delai in calendrier]
    beneficiaire = ctx.etude.acteurs.nom_maitre_ouvrage
    return livre.inscrire(f"tresorerie.aide.{aide.id}", somme(tranches), aide.financeur, beneficiaire, aide.libelle)


def part_publique(
    ctx: Contexte, aides: Sequence[Subvention], autres: Sequence[Grandeur], besoins: Grandeur
) -> Grandeur:
    """Public share: grants of public funders (the Caf included) and FCTVA over uses, shape (…, 1).

    A grant whose funder is private, as its scheme or the study says, is left out.
    """

    def publique(aide: Aide) -> bool:
        dispositif = _dispositif_de(ctx, aide)
        return (aide if dispositif is None else dispositif).personne_publique != "non"

    donne = somme([*(a.subvention for a in aides if publique(a.aide)), *autres], "Aides publiques")
    part = si(superieur(besoins, 0.0), donne / besoins, float("nan"))
    return dire(part, "{} ÷ {}", donne, besoins).nommer("Part publique du financement", "%")
