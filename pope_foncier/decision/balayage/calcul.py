"""One part of a sweep computed: its rows, from what it carries and the law of the machine alone; the same everywhere, to the last bit.

The engine starts empty with each part and takes its sites in order, on one thread, so that neither what a machine computed before nor how
many there are leaves a trace. Each site and field has its own stream of chances: a site more changes no other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

from pope_foncier.acquisition.montages import lire_montages
from pope_foncier.decision.autres_modes import surcharges_du_mode
from pope_foncier.decision.balayage.empreintes import exiger_le_meme
from pope_foncier.decision.balayage.fiche_balayage import DE_L_ETUDE
from pope_foncier.decision.balayage.morceaux import Combinaison, Modele, Morceau, SiteABalayer, TiragesVoulus
from pope_foncier.decision.balayage.table_des_sites import appliquer
from pope_foncier.decision.doute.etude_tiree import lus, tirer_l_etude
from pope_foncier.decision.doute.reglages import Reglages, reglages
from pope_foncier.decision.montages.possibles import Etat, evaluer, preparer
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.etude.fiche import Etude
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.moteur import Moteur, moteur_du_projet
from pope_foncier.etude.sans_place import AUCUNE_PLACE, raison_sans_place
from pope_foncier.etude.scenarios import BASE, Dossier, lire_etude, varier
from pope_foncier.lieu.site import Site
from pope_foncier.socle.erreurs import ErreurCalcul, ErreurDonnees, ErreurPope, IdentiteRompue
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.refus import Inconnu

Ligne = dict[str, Any]
"""Row of the result: a combination of one site."""
CLES = ("site", "mode", "montage", "bouclage")
"""What names a row."""


@dataclass(frozen=True)
class MorceauFait:
    """Part computed: its rows in the order of its sites, and the time that it took."""

    rang: int
    empreinte: str
    lignes: list[Ligne]
    secondes: float
    secondes_de_calcul: float
    """Time of the processor alone: what else the machine does, does not count."""


@dataclass(frozen=True)
class CasBalaye:
    """One combination on one site: what is known of it before its figures are read."""

    etat: Etat
    raisons: tuple[str, ...] = ()
    dossier: Dossier | None = field(default=None, repr=False)
    """Its study, when it is not impossible."""
    bouclee: Evaluation | None = field(default=None, repr=False)
    """Its closed plan."""


def calculer(morceau: Morceau) -> MorceauFait:
    """Compute a part.

    Raises:
        ErreurCalcul: this machine has another version of the program or of its data.
    """
    exiger_le_meme(morceau.programme)
    debut, debut_calcul = time.perf_counter(), time.thread_time()
    projet = moteur_du_projet()
    moteur = Moteur(projet.catalogue, projet.evolutions)
    modeles = {nom: ouvrir(nom, modele) for nom, modele in morceau.modeles.items()}
    lignes = [_ligne(morceau, site, modeles[site.modele], moteur) for site in morceau.sites]
    fini, fini_calcul = time.perf_counter(), time.thread_time()
    return MorceauFait(morceau.rang, morceau.empreinte, lignes, fini - debut, fini_calcul - debut_calcul)


def ouvrir(nom: str, modele: Modele) -> Dossier:
    """Study of a model from its plain data."""
    etude, _, _ = lire_etude(modele.etude, nom)
    return Dossier(nom, etude, valider(Site, modele.site, nom), {BASE: etude})


def _ligne(morceau: Morceau, site: SiteABalayer, modele: Dossier, moteur: Moteur) -> Ligne:
    voulue = morceau.combinaison
    ligne: Ligne = dict(zip(CLES, (site.nom, voulue.mode, voulue.montage, voulue.bouclage.nom), strict=True))
    cas = essayer(appliquer(modele, site), voulue, moteur)
    ligne |= {"etat": cas.etat, "raisons": " ; ".join(cas.raisons)}
    if cas.dossier is None or cas.bouclee is None:
        return ligne
    ligne |= _chiffres(cas.bouclee, morceau.chiffres)
    if morceau.tirages is not None:
        ligne |= _tirages(cas.dossier, moteur, site.nom, morceau.chiffres, morceau.tirages)
    return ligne


def essayer(dossier: Dossier, voulue: Combinaison, moteur: Moteur) -> CasBalaye:
    """One combination on the study of a site: possible, to confirm, or why not."""
    try:
        surcharges = {} if voulue.mode == DE_L_ETUDE else dict(_du_mode(dossier.etude, voulue.mode, moteur))
        if voulue.bouclage.boucleurs is not None:
            surcharges["bouclage"] = list(voulue.bouclage.boucleurs)
        if surcharges:
            etude = varier(dossier, voulue.mode, surcharges)
            dossier = replace(dossier, etude=etude, variantes={BASE: etude})
        return _monter(dossier, voulue.montage, moteur)
    except ErreurDonnees as erreur:
        return CasBalaye("impossible", tuple(f"{p.champ} : {p.message}" for p in erreur.problemes))
    except IdentiteRompue:
        raise
    except ErreurPope as erreur:
        return CasBalaye("impossible", (str(erreur),))


def _du_mode(etude: Etude, mode: str, moteur: Moteur) -> dict[str, Any]:
    return surcharges_du_mode(etude, mode, moteur.catalogue)  # type: ignore[arg-type]


def _monter(dossier: Dossier, montage: str, moteur: Moteur) -> CasBalaye:
    """Study of a site under a montage, or as it stands."""
    if montage == DE_L_ETUDE:
        ouverte = moteur.reprendre(moteur.contexte(dossier), [BASE])
        if sans := raison_sans_place(ouverte):
            return CasBalaye("impossible", (f"{AUCUNE_PLACE} : {sans}",))
        return CasBalaye("possible", (), dossier, boucler(ouverte))
    fiches, foncier = lire_montages(), dossier.etude.foncier
    assert foncier is not None
    cas = evaluer(
        dossier, preparer(dossier, foncier, montage, fiches.montages[montage], fiches), moteur, renouveler=False
    )
    if cas.etude is None:
        return CasBalaye(cas.etat, cas.raisons)
    return CasBalaye(cas.etat, cas.raisons, replace(dossier, etude=cas.etude, variantes={BASE: cas.etude}), cas.bouclee)


def _chiffres(bouclee: Evaluation, noms: tuple[str, ...]) -> Ligne:
    """Figures of the closed plan at the central values; what is unknown in them is named."""
    lecteur = Lecteur(bouclee)
    ligne: Ligne = {}
    inconnus: set[str] = set()
    for nom in noms:
        try:
            code = lecteur.code(nom)
        except Inconnu:
            ligne[nom] = math.nan
            continue
        ligne[nom] = float(lecteur.valeurs(code)[0])
        if math.isnan(ligne[nom]):
            inconnus |= set(lecteur.grandeur(code).manques)
    rang = float(bouclee.calendrier.ouverture.valeur.ravel()[0])
    echelle = bouclee.ctx.echelle
    ligne["ouverture_le"] = None if math.isnan(rang) else echelle.date_du_mois(int(rang)).isoformat()
    return ligne | {"inconnus": " ; ".join(sorted(inconnus))}


def _tirages(dossier: Dossier, moteur: Moteur, site: str, noms: tuple[str, ...], voulus: TiragesVoulus) -> Ligne:
    """What the draws of a combination say; why there is none otherwise."""
    lecteur = Lecteur(boucler(moteur.reprendre(moteur.contexte(dossier), [BASE])))
    connus = [nom for nom in noms if _existe(lecteur, nom)]
    try:
        tiree = tirer_l_etude(dossier, moteur, connus, regles(dossier, moteur, site, voulus), fils=1)
    except ErreurCalcul as erreur:
        return {"sans_tirage": str(erreur)}
    ligne: Ligne = {"tirages": tiree.nombre, "abandons": int(tiree.abandonnes.sum())}
    for nom in connus:
        ligne[f"{nom}.indefinis"] = tiree.indefinis[nom]
        for part in voulus.quantiles:
            ligne[f"{nom}.{nom_du_quantile(part)}"] = tiree.quantile(nom, part).valeur
        if voulus.garder:
            ligne[f"{nom}.tirages"] = tiree.chiffres[nom].tolist()
    for seuil in (s for s in voulus.seuils if s.chiffre in connus):
        chance = tiree.probabilite(seuil.chiffre, seuil.valeur, sous=seuil.sous)
        ligne |= {f"p.{seuil.nom}": chance.valeur, f"p.{seuil.nom}.bas": chance.bas, f"p.{seuil.nom}.haut": chance.haut}
    return ligne


def regles(dossier: Dossier, moteur: Moteur, site: str, voulus: TiragesVoulus) -> Reglages:
    """How a combination is drawn: as its study says, on the streams of its site; a law on what it does not have or read is left out."""
    etude = dossier.etude
    dit = etude.doute
    if dit is not None:
        dit = dit.model_copy(update={"lois": {c: loi for c, loi in dit.lois.items() if moteur.se_tire(c, etude)}})
    lues = lus(dossier, moteur, reglages(etude.model_copy(update={"doute": dit}), moteur))
    return replace(
        lues,
        tirages=voulus.nombre,
        graine=graine_du_site(lues.graine if voulus.graine is None else voulus.graine, site),
        methode=voulus.methode or lues.methode,
        correlations={deux: v for deux, v in lues.correlations.items() if set(deux) <= lues.lois.keys()},
    )


def graine_du_site(graine: int, site: str) -> int:
    """Seed of a site: with the name of a field, it makes the stream of that field there."""
    return crc32(f"{graine}/{site}".encode())


def nom_du_quantile(part: float) -> str:
    """Name of the column of a quantile: ``q10`` for one draw in ten below."""
    return f"q{part * 100:.6g}".replace(".", "_")


def _existe(lecteur: Lecteur, nom: str) -> bool:
    try:
        lecteur.code(nom)
    except Inconnu:
        return False
    return True


def colonnes(chiffres: tuple[str, ...], voulus: TiragesVoulus | None) -> Iterator[tuple[str, str]]:
    """Columns of the result and their kinds (``texte``, ``nombre``, ``entier``, ``nombres``), in order: the plan says them before anything is computed."""
    yield from ((cle, "texte") for cle in (*CLES, "etat", "raisons"))
    yield from ((nom, "nombre") for nom in chiffres)
    yield from (("ouverture_le", "texte"), ("inconnus", "texte"))
    if voulus is None:
        return
    yield from (("tirages", "entier"), ("abandons", "entier"), ("sans_tirage", "texte"))
    for nom in chiffres:
        yield from ((f"{nom}.{nom_du_quantile(part)}", "nombre") for part in voulus.quantiles)
        yield f"{nom}.indefinis", "entier"
        if voulus.garder:
            yield f"{nom}.tirages", "nombres"
    for seuil in voulus.seuils:
        yield from ((f"p.{seuil.nom}{bout}", "nombre") for bout in ("", ".bas", ".haut"))
