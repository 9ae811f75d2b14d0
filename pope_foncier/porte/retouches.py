"""Changes of a study, made on its plain data: a value, an element added, changed or taken off, a loan however it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

from pope_foncier.etude.blocs import Groupe, appliquer, contradictions
from pope_foncier.etude.fiche import Etude as FicheEtude
from pope_foncier.etude.fiche_scenarios import Bloc
from pope_foncier.etude.surcharges import copie_de, poser
from pope_foncier.modele.clauses_de_pret import en_donnees
from pope_foncier.modele.declaration import ChampAbsent, declaration_de
from pope_foncier.modele.fiche_pret import Pret as FichePretEtude
from pope_foncier.porte.attendu import dire
from pope_foncier.porte.champs import ESSAI, essayer
from pope_foncier.porte.pret import Pret
from pope_foncier.prets.depuis_fiche import en_brut
from pope_foncier.prets.ecriture import PRETEUR, developper
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees
from pope_foncier.socle.nombres import formater, formater_nombre
from pope_foncier.socle.phrases import minuscule
from pope_foncier.socle.refus import refuser

Retouche = Callable[[dict[str, Any]], None]
_SANS = {"prets": "prêt", "aides": "aide", "apports": "apport", "relais": "prêt relais", "demarrage": "démarrage"}
"""Sections as they are said once taken off."""
_LISTES = ("prets", "apports", "bouclage")


def en_entier(brut: dict[str, Any], nom: str) -> dict[str, Any]:
    """Plain data whose loans are written in full, so that the next change finds them by their name.

    Raises:
        ErreurDonnees: a file or a product that cannot be read.
    """
    entier, _, problemes = developper(brut, nom, {})
    if problemes:
        raise ErreurDonnees(problemes)
    return entier


def ecrire_le_pret(
    pret: float | Pret | str | Path | Mapping[str, Any] | None,
    produit: str | None,
    ecrit: dict[str, Any],
    emprunteur: str,
) -> dict[str, Any]:
    """Loan as the file of a study would hold it, whatever it is given by.

    Raises:
        ErreurCalcul: an amount without a rate or a term, or several loans at once.
    """
    if isinstance(pret, str | Path):
        return {"fichier": str(pret), **ecrit}
    if produit is not None and not isinstance(pret, Emprunt | Mapping):
        return {**({} if pret is None else {"montant": essayer(pret)}), **ecrit}
    defauts = {"id": "pret_ajoute", "libelle": "Prêt ajouté", "preteur": PRETEUR, "emprunteur": emprunteur}
    if isinstance(pret, Mapping):
        court = {"fichier", "produit"} & set(pret)
        return {**({} if court else defauts), **en_donnees(FichePretEtude, pret, ESSAI), **ecrit}
    termes: dict[str, Any] = {"profil": "annuite_constante", "differe_mois": 0}
    if isinstance(pret, Emprunt):
        termes |= en_brut(pret)
    else:
        termes |= {} if pret is None else {"montant": pret}
        if "taux" not in ecrit and "indexation" not in ecrit:
            raise ErreurCalcul("Prêt sans taux : donner « taux » (fraction de 1, par exemple 0.04).")
        if "duree_mois" not in ecrit:
            raise ErreurCalcul("Prêt sans durée : donner « duree_mois ».")
    return {**defauts, **en_donnees(FichePretEtude, termes, ESSAI), **ecrit}


def poser_la_valeur(chemin: str, valeur: Any) -> Retouche:
    """Give a field a value; the sections that lack on the way are made. What is given is copied: it may be changed afterwards."""
    donnee = copie_de(valeur)

    def retoucher(brut: dict[str, Any]) -> None:
        section = brut
        for nom in chemin.partition("[")[0].split(".")[:-1]:
            section = section.setdefault(nom, {})
        poser(brut, chemin, donnee, ESSAI)

    return retoucher


def ajouter(liste: str, element: dict[str, Any]) -> Retouche:
    """Add an element to a list."""
    donne = copie_de(element)

    def retoucher(brut: dict[str, Any]) -> None:
        brut[liste] = [*brut.get(liste, ()), copie_de(donne)]

    return retoucher


def changer(liste: str, id: str, valeurs: Mapping[str, Any]) -> Retouche:
    """Change values of an element of a list."""
    donnees = copie_de(dict(valeurs))

    def retoucher(brut: dict[str, Any]) -> None:
        brut[liste] = [{**x, **copie_de(donnees)} if x["id"] == id else x for x in brut[liste]]

    return retoucher


def oter(id: str) -> Retouche:
    """Take off a loan, a contribution or a closer; a grant becomes one that nobody asks for."""

    def retoucher(brut: dict[str, Any]) -> None:
        if id in (x["id"] for x in brut.get("aides", ())):
            changer("aides", id, {"statut": "non_demandee"})(brut)
            return
        for liste in _LISTES:
            gardes = [x for x in brut.get(liste, ()) if x["id"] != id]
            if len(gardes) < len(brut.get(liste, ())):
                brut[liste] = gardes
                return
        connus = [x["id"] for liste in ("aides", *_LISTES) for x in brut.get(liste, ())]
        raise refuser("Ni prêt, ni aide, ni apport de ce nom", id, connus)

    return retoucher


def combiner(fiche: FicheEtude, blocs: Sequence[Bloc], nom: str) -> Retouche:
    """Make the changes of blocks, in order.

    Raises:
        ErreurDonnees: when it is made, all that the study does not admit.
    """

    def retoucher(brut: dict[str, Any]) -> None:
        fautes = [*contradictions(blocs), *appliquer(brut, fiche, [Groupe(b.surcharges, b, ()) for b in blocs])]
        if fautes:
            raise ErreurDonnees([f.situee("blocs", nom, {}) for f in fautes])

    return retoucher


def dire_le_changement(fiche: FicheEtude, chemin: str, valeur: Any) -> str:
    """Change of a field in words: its declared label and unit, « sans prêt » for what is emptied; its path when nothing declares it."""
    try:
        declaration = declaration_de(fiche, chemin)
        nom, unite = minuscule(declaration.libelle), declaration.unite
    except ChampAbsent:
        nom, unite = "", ""
    lue = valeur.get("valeur", valeur) if isinstance(valeur, Mapping) else valeur
    if lue is None or (isinstance(lue, list | tuple) and not lue):
        dernier = chemin.rpartition(".")[2].replace("_", " ")
        return f"sans {nom or _SANS.get(dernier, dernier)}"
    nombre = isinstance(lue, Real) and not isinstance(lue, bool)
    if nom and nombre:
        dite = unite and unite not in nom.split()
        return f"{nom} {formater(float(lue), unite) if dite else formater_nombre(float(lue), 4, 0)}"
    return f"{nom or chemin} = {dire_la_valeur(valeur)}"


def dire_la_valeur(valeur: Any) -> str:
    """Value tried, in a word."""
    return dire(valeur.get("valeur", valeur) if isinstance(valeur, Mapping) else valeur)
