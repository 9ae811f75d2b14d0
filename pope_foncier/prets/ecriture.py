"""Loans written short in a study: by the file of a bank's offer, or by a product of the catalogue; here they are written in full.

What is written full is plain data, as the file of a study would hold it: scenarios, draws and changes then meet an ordinary loan, whose
numbers say where they were read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pope_foncier.baremes.catalogue import Catalogue
from pope_foncier.modele.clauses_de_pret import en_donnees
from pope_foncier.prets import produits
from pope_foncier.prets.fiche import FicheDossierPret, FichePret
from pope_foncier.prets.profils import PROFILS
from pope_foncier.socle.chemins import chemin_court, dossier_donnees
from pope_foncier.socle.erreurs import ErreurDonnees, ErreurPope, Probleme
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.lecture import existe
from pope_foncier.socle.trouver import trouver
from pope_foncier.socle.yaml_strict import Chemin, Lignes, champ_en_clair, charger_yaml

PRETEUR, GARANT = "Prêteur à choisir", "Garant à choisir"
"""Parties that an offer does not name."""
INDICES = {"Livret A": ("taux.livret_a.taux", "livret_a", "marge_livret_a")}
"""Scale and path of an index that products and offers name, and the margin that products add to it."""
_EN_PLUS = ("id", "preteur", "emprunteur", "montant", "part", "produit", "objet", "tranche_taux")
"""Fields of a loan that a loan which closes a plan does not have: its closer says them."""


def est_court(brut: Any) -> bool:
    """Whether some loan of a study is written by a file or a product."""
    return any("fichier" in x or "produit" in x for x in _prets(brut))


def _prets(brut: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Loans of a study as written, those of its closers included."""
    for section, sous in (("prets", False), ("bouclage", True)):
        liste = brut.get(section)
        for element in liste if isinstance(liste, list | tuple) else ():
            pret = element.get("pret") if sous and isinstance(element, Mapping) else element
            if isinstance(pret, Mapping):
                yield pret


def developper(
    brut: Mapping[str, Any], fichier: str, lignes: Lignes, dossier: Path | None = None, donnees: Path | None = None
) -> tuple[dict[str, Any], Lignes, list[Probleme]]:
    """Plain data of a study whose loans are written in full, the lines of its fields, and the faults of what could not be.

    Args:
        fichier: name of the study in the refusals.
        dossier: folder where the files that it names are looked for first.
        donnees: data folder; that of the project by default.

    Returns:
        Data and lines without the loans at fault, and all the faults of the files and products named, each at its line.
    """
    court = _Court(brut, fichier, lignes, dossier, donnees or dossier_donnees())
    sortie, nouvelles = dict(brut), dict(lignes)
    if isinstance(brut.get("prets"), list | tuple):
        nouvelles = {c: n for c, n in lignes.items() if c[:1] != ("prets",) or len(c) == 1}
        sortie["prets"] = []
        for rang, element in enumerate(brut["prets"]):
            for pret in court.ecrire(element, ("prets", rang)) if isinstance(element, Mapping) else [element]:
                place = ("prets", len(sortie["prets"]))
                sortie["prets"].append(pret)
                nouvelles |= {(*place, *c[2:]): n for c, n in lignes.items() if c[:2] == ("prets", rang)}
    if isinstance(brut.get("bouclage"), list | tuple):
        sortie["bouclage"] = [court.ecrire_le_boucleur(x, ("bouclage", r)) for r, x in enumerate(brut["bouclage"])]
    return sortie, nouvelles, court.problemes


class _Court:
    """Loans written short: each is written in full, and what is wrong is kept."""

    def __init__(
        self, brut: Mapping[str, Any], fichier: str, lignes: Lignes, dossier: Path | None, donnees: Path
    ) -> None:
        self.fichier, self.lignes, self.dossier, self.donnees = fichier, lignes, dossier, donnees
        acteurs = brut.get("acteurs")
        self.emprunteur = acteurs.get("maitre_ouvrage", "") if isinstance(acteurs, Mapping) else ""
        self.jour = brut.get("date_demande")
        self.problemes: list[Probleme] = []

    def ecrire(self, entree: Mapping[str, Any], lieu: Chemin) -> list[dict[str, Any]]:
        """Loans of one entry: several for a file of several tranches."""
        if "fichier" in entree and "produit" in entree:
            deux = "« fichier » et « produit » à la fois."
            self._refuser(lieu, "produit", deux, "n'en garder qu'un : le fichier dit déjà tout.")
            return []
        try:
            if "fichier" in entree:
                return self._du_fichier(dict(entree))
            return [self._du_produit(dict(entree))] if "produit" in entree else [dict(entree)]
        except ErreurDonnees as erreur:
            for p in erreur.problemes:
                ici, champ = p.ligne is None and p.champ == "", "fichier" if "fichier" in entree else "produit"
                self.problemes.append(self._place(lieu, champ, f"{p.fichier} : {p.message}", p.remede) if ici else p)
        except ErreurPope as erreur:
            self._refuser(lieu, "produit", str(erreur), "reprendre le nom du produit.")
        return []

    def ecrire_le_boucleur(self, boucleur: Any, lieu: Chemin) -> Any:
        """Closer whose loan is written in full; its amount and its lender are those of the closer."""
        if not isinstance(boucleur, Mapping) or not isinstance(boucleur.get("pret"), Mapping):
            return boucleur
        ecrits = self.ecrire(boucleur["pret"], (*lieu, "pret"))
        if len(ecrits) > 1:
            self._refuser((*lieu, "pret"), "fichier", "plusieurs tranches.", "un prêt de bouclage n'en a qu'une.")
        court = {"fichier", "produit"} & set(boucleur["pret"])
        if not ecrits:
            return {c: v for c, v in boucleur.items() if c != "pret"}
        sans = {*_EN_PLUS, "libelle"} if court else ()
        return {**boucleur, "pret": {c: v for c, v in ecrits[0].items() if c not in sans}}

    def _du_fichier(self, entree: dict[str, Any]) -> list[dict[str, Any]]:
        nom = entree.pop("fichier")
        if not isinstance(nom, str):
            raise ErreurDonnees.une(str(nom), "un nom de fichier est attendu.", "l'écrire.")
        chemin = self._trouver(nom)
        donnees, lignes = charger_yaml(chemin)
        fiche = valider(FicheDossierPret, donnees, chemin_court(chemin), lignes)
        bruts = [donnees["pret"]] if fiche.pret is not None else donnees["tranches"]
        base: Any = f"offre « {fiche.titre} » ({chemin.name})"
        preteur = PRETEUR
        if fiche.offre is not None:
            preteur = fiche.offre.preteur
            if fiche.offre.date_offre is not None:
                base = {"titre": f"Offre de {preteur} ({chemin.name})", "consulte_le": fiche.offre.date_offre}
        ecrits = []
        for rang, brut in enumerate(bruts, 1):
            suffixe = f"_{rang}" if len(bruts) > 1 else ""
            lu = _selon_l_etude(en_donnees(FichePret, brut, base))
            if "capital" in lu:
                lu["montant"] = lu.pop("capital")
            if isinstance(lu.get("garantie"), Mapping):
                lu["garantie"] = {"garant": GARANT, "commission": _aucune(base), **lu["garantie"]}
            dits = {"libelle": fiche.prets[rang - 1].libelle, "preteur": preteur, "emprunteur": self.emprunteur}
            sien = {c: f"{v}{suffixe}" if c == "id" and suffixe else v for c, v in entree.items()}
            ecrits.append(_poser_dessus({"id": f"{chemin.stem}{suffixe}", **dits, **lu}, sien))
        return ecrits

    def _trouver(self, nom: str) -> Path:
        """File beside the study, at its path, or among the shipped examples."""
        if self.dossier is not None and existe(self.dossier / nom):
            return self.dossier / nom
        chemin = trouver(nom, "exemples")
        if not existe(chemin):
            remede = "le chemin se donne depuis le dossier de l'étude."
            raise ErreurDonnees.une(nom, "ce fichier n'existe pas.", remede)
        return chemin

    def _du_produit(self, entree: dict[str, Any]) -> dict[str, Any]:
        """Loan whose terms are those that the product publishes; the others are unknown, to ask of its lender."""
        catalogue = catalogue_de(self.donnees)
        jour = self.jour if isinstance(self.jour, date) else date.max
        choisi = produits.produit(str(entree["produit"]), catalogue, jour)
        if choisi.fiche.genre == "garantie":
            remede = "l'écrire dans « garantie » d'un prêt."
            raise ErreurDonnees.une(choisi.titre, "une garantie, pas un prêt.", remede)
        preteur = choisi.titre.partition(",")[0] if "," in choisi.titre else PRETEUR
        inconnu = {"a_obtenir_de": "le prêteur" if preteur == PRETEUR else preteur}
        dits: dict[str, Any] = {
            "id": choisi.cle,
            "libelle": choisi.titre,
            "preteur": preteur,
            "emprunteur": self.emprunteur,
            "profil": choisi.fiche.profil if choisi.fiche.profil in PROFILS else None,
            "periodes_par_an": choisi.fiche.periodes_par_an[0] if choisi.fiche.periodes_par_an else None,
            "duree_mois": inconnu,
        }
        dits |= {"montant": inconnu} if "montant" not in entree and "part" not in entree else {}
        if "taux" not in entree and "indexation" not in entree:
            dits |= _taux_du_produit(choisi, inconnu)
        ecrit = _poser_dessus({c: v for c, v in dits.items() if v is not None}, entree)
        return {"progression": inconnu, **ecrit} if _progresse(ecrit) else ecrit

    def _place(self, lieu: Chemin, champ: str, message: str, remede: str) -> Probleme:
        ligne = self.lignes.get((*lieu, champ)) or self.lignes.get(lieu)
        return Probleme(self.fichier, ligne, champ_en_clair((*lieu, champ)), message, remede)

    def _refuser(self, lieu: Chemin, champ: str, message: str, remede: str) -> None:
        self.problemes.append(self._place(lieu, champ, message, remede))


def _selon_l_etude(pret: dict[str, Any]) -> dict[str, Any]:
    """Loan whose index follows the path of the study: the rate and the index that its file holds for the loan alone are left."""
    if pret.get("indexation") is None:
        return pret
    suivi = {c: v for c, v in pret.items() if c != "taux"}
    if isinstance(suivi.get("revision"), Mapping):
        suivi["revision"] = {c: v for c, v in suivi["revision"].items() if c not in ("indices", "marge")}
    return suivi


def _taux_du_produit(choisi: produits.Produit, inconnu: dict[str, str]) -> dict[str, Any]:
    """Rate that a product publishes: an index and its margin, no interest at all, else unknown."""
    if choisi.fiche.index in INDICES:
        bareme, evolution, marge = INDICES[choisi.fiche.index]
        if choisi.borne(marge) is not None:
            lue = {"bareme": f"{produits.DOSSIER}.{choisi.cle}.{marge}"}
            return {"indexation": {"bareme": bareme, "evolution": evolution, "marge": lue}}
    if choisi.borne("taux_max") == 0.0:
        return {"taux": {"bareme": f"{produits.DOSSIER}.{choisi.cle}.taux_max"}}
    return {"taux": inconnu}


def _poser_dessus(dessous: dict[str, Any], dessus: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says over what its file or product says; tables of clauses are joined, an empty value takes away."""
    uni = dict(dessous)
    for exclus, autre in (("taux", "indexation"), ("montant", "part")):
        if dessus.get(autre) is not None:
            uni.pop(exclus, None)
        if dessus.get(exclus) is not None:
            uni.pop(autre, None)
    for champ, valeur in dessus.items():
        sous = uni.get(champ)
        if valeur is None:
            uni.pop(champ, None)
        elif isinstance(valeur, Mapping) and isinstance(sous, Mapping) and not _est_donnee(sous):
            uni[champ] = {**sous, **valeur}
        else:
            uni[champ] = valeur
    return uni


def _progresse(ecrit: Mapping[str, Any]) -> bool:
    profil = PROFILS.get(str(ecrit.get("profil")))
    return profil is not None and profil.progresse


def _est_donnee(table: Mapping[str, Any]) -> bool:
    """Whether a table is one input; an indexation is a clause, though it names a scale."""
    return bool({"valeur", "bareme", "a_obtenir_de"} & set(table)) and "evolution" not in table


def _aucune(base: Any) -> dict[str, Any]:
    """Commission that an offer does not mention."""
    dite = {"source": base} if isinstance(base, Mapping) else {"base": f"{base}, aucune commission dite"}
    return {"valeur": 0.0, **dite}


def catalogue_de(donnees: Path | None = None) -> Catalogue:
    """Scales of a data folder, read once."""
    return _catalogue(donnees or dossier_donnees())


@lru_cache(maxsize=4)
def _catalogue(donnees: Path) -> Catalogue:
    return Catalogue(donnees / "baremes")
