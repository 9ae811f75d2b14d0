"""Loans of a study checked when it is opened: terms that contradict each other, bounds of the product that they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.modele.donnee import Donnee, DonneeEntier, DonneeMois, DonneePart, DonneeTaux
from pope_foncier.modele.fiche_pret import Pret, TermesDansUneEtude
from pope_foncier.prets import produits
from pope_foncier.prets.depuis_fiche import en_emprunt
from pope_foncier.prets.fiche import probleme_du_pret
from pope_foncier.prets.moteur import echeancier
from pope_foncier.prets.profils import PROFILS
from pope_foncier.socle.erreurs import ErreurBareme, ErreurCalcul, Probleme
from pope_foncier.socle.yaml_strict import Chemin, Lignes, champ_en_clair

_QUALITES: Mapping[str, tuple[str, ...]] = {
    "association": ("association",),
    "scic": ("Scic",),
    "sci": ("SCI",),
    "collectivite": ("collectivité",),
    "bailleur_social": ("organisme de logement social",),
    "entreprise": (),
}
"""What a legal form is for sure, as products name borrowers."""
_POSSIBLES: Mapping[str, tuple[str, ...]] = {
    "association": (
        "entreprise solidaire",
        "gestionnaire médico-social, sans but lucratif compris",
        "protection de l'enfance",
    ),
    "scic": ("entreprise solidaire", "entreprise publique locale"),
    "sci": ("entreprise solidaire",),
    "collectivite": ("établissement public local",),
    "bailleur_social": ("établissement public local",),
    "entreprise": ("entreprise solidaire", "entreprise publique locale", "aménageur public"),
}
"""What it may be."""


def verifier(etude: Any, catalogue: Catalogue, fichier: str, lignes: Lignes) -> list[Probleme]:
    """Faults of the loans of a study, each at the line of the field that it names, else of the loan."""
    problemes: list[Probleme] = []
    rachetes: set[str] = set()
    for rang, pret in enumerate(etude.prets):
        problemes += _rachat_impossible(etude, pret, rachetes, fichier, lignes, ("prets", rang))
        problemes += _contradictions(pret, fichier, lignes, ("prets", rang))
        if pret.produit is not None:
            problemes += _hors_produit(etude, pret, catalogue, fichier, lignes, ("prets", rang))
    for rang, boucleur in enumerate(etude.bouclage):
        if boucleur.pret is not None:
            problemes += _contradictions(boucleur.pret, fichier, lignes, ("bouclage", rang, "pret"))
    return problemes


def _rachat_impossible(
    etude: Any, pret: Pret, rachetes: set[str], fichier: str, lignes: Lignes, lieu: Chemin
) -> Iterator[Probleme]:
    """A loan pays off another of the same borrower, once, which pays off none."""
    if pret.refinance is None:
        return
    admis = [p.id for p in etude.prets if p.refinance is None and p.emprunteur == pret.emprunteur]
    if pret.refinance.pret not in admis or pret.refinance.pret in rachetes:
        ou = (*lieu, "refinance")
        message = f"« {pret.refinance.pret} » n'est pas un prêt du même emprunteur à racheter, ou l'est déjà."
        remede = f"choisir parmi : {', '.join(admis)}." if admis else "retirer « refinance »."
        yield Probleme(fichier, _ligne(lignes, ou), champ_en_clair(ou), message, remede)
    rachetes.add(pret.refinance.pret)


def _contradictions(fiche: TermesDansUneEtude, fichier: str, lignes: Lignes, lieu: Chemin) -> Iterator[Probleme]:
    """Terms of a loan that the engine refuses, at the line of the loan."""
    erreur = _refus(fiche)
    if erreur is not None:
        yield probleme_du_pret(erreur, fichier, lignes, _au_plus_pres(lignes, lieu))


@lru_cache(maxsize=256)
def _refus(fiche: TermesDansUneEtude) -> ErreurCalcul | None:
    """What the engine would refuse whatever the unknown numbers, the schedule computed when all are known; once a loan, which scenarios share."""
    trouve = PROFILS[fiche.profil].capital_trouve
    montant = fiche.montant.valeur if isinstance(fiche, Pret) and fiche.montant is not None else None
    autres: dict[str, Any] = {} if trouve and montant is None else {"capital": montant or 1.0}
    if fiche.taux is None:
        autres["taux"] = 0.0
    if fiche.differe is None and fiche.differe_mois is not None:
        autres["differe"] = "partiel"
    if fiche.suit_les_travaux or fiche.base_jours != "30/360":
        return None  # dates and drawdowns are those of the calendar
    if fiche.garantie is not None and fiche.garantie.genre != "caution":
        autres["garantie"] = None
    inconnus: list[str] = [] if montant or trouve else ["montant"]

    def lire(chemin: str, donnee: Donnee[Any]) -> float:
        if donnee.valeur is None:
            inconnus.append(chemin)
        return _connu(chemin, donnee)

    try:
        emprunt = en_emprunt(fiche, lire, **autres)
        if not inconnus and fiche.taux is not None:
            echeancier(emprunt)
    except _Inconnu:
        return None
    except ErreurCalcul as erreur:
        return erreur.with_traceback(None)
    return None


class _Inconnu(Exception):
    """A duration that nobody gave yet: nothing can be told."""


def _connu(_: str, donnee: Donnee[Any]) -> float:
    """Number of an input; a rate or an amount that is not known stands for any."""
    if donnee.valeur is not None:
        return float(donnee.valeur)
    if isinstance(donnee, DonneeMois | DonneeEntier):
        raise _Inconnu
    return 0.0 if isinstance(donnee, DonneeTaux | DonneePart) else 1.0


def _hors_produit(
    etude: Any, pret: Pret, catalogue: Catalogue, fichier: str, lignes: Lignes, lieu: Chemin
) -> Iterator[Probleme]:
    """What a loan asks beyond the bounds of its product, its unknown numbers left aside."""
    lues = {nom: getattr(pret, champ) for nom, champ in produits.CHAMPS.items()}
    mesures = {nom: float(d.valeur) for nom, d in lues.items() if d is not None and d.valeur is not None}
    try:
        ecarts = ecarts_du_produit(etude, pret, catalogue, mesures)
    except (ErreurBareme, ErreurCalcul) as erreur:
        ou = (*lieu, "objet" if isinstance(erreur, ErreurCalcul) else "produit")
        yield Probleme(fichier, _ligne(lignes, ou), champ_en_clair(ou), str(erreur), "corriger.")
        return
    for ecart in ecarts:
        if ecart.statut == "non_respecte":
            ou = (*lieu, ecart.champ or "produit")
            remede = "rester dans ce que le produit admet, ou retirer « produit »."
            yield Probleme(fichier, _ligne(lignes, ou), champ_en_clair(ou), ecart.message, remede)


def ecarts_du_produit(
    etude: Any,
    pret: Pret,
    catalogue: Catalogue,
    mesures: Mapping[str, float],
    besoin: float | None = None,
    appariement: float | None = None,
) -> list[produits.EcartAuProduit]:
    """What a loan of a study asks beyond its product, or cannot be told.

    Args:
        mesures: quantities known.
        besoin, appariement: see ``produits.controler``.

    Raises:
        ErreurBareme: unknown product.
        ErreurCalcul: an object that the product does not name.
    """
    assert pret.produit is not None
    choisi = produits.produit(pret.produit, catalogue, etude.date_demande)
    demande = produits.PretVoulu(mesures, pret.periodes_par_an)
    ecarts = produits.controler_emprunteur(choisi, *_qualites(etude, pret))
    return [*ecarts, *produits.controler(choisi, demande, None, besoin, appariement, pret.objet)]


def _qualites(etude: Any, pret: Pret) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the borrower of a loan is for sure, and what it may be, as products name borrowers."""
    acteurs = etude.acteurs
    certaines: tuple[str, ...] = ()
    if pret.emprunteur == "gestionnaire":
        certaines = ("gestionnaire d'établissement d'accueil",)
        certaines += ("maison d'assistants maternels",) if etude.mode_accueil == "mam" else ()
    if pret.emprunteur != acteurs.maitre_ouvrage:
        toutes = {q for table in (_QUALITES, _POSSIBLES) for x in table.values() for q in x}
        return certaines, tuple(sorted(toutes))
    if etude.compensation_tva is not None:
        certaines += ("propriétaire qui récupère la TVA",)
    forme = acteurs.forme_maitre_ouvrage
    return (*_QUALITES[forme], *certaines), _POSSIBLES[forme]


def _ligne(lignes: Lignes, chemin: Chemin) -> int | None:
    return lignes.get(_au_plus_pres(lignes, chemin))


def _au_plus_pres(lignes: Lignes, lieu: Chemin) -> Chemin:
    """Place that the file has a line for: the loan, or its list when a scenario writes it."""
    return next((lieu[:n] for n in range(len(lieu), 0, -1) if lieu[:n] in lignes), lieu)
