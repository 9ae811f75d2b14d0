"""One part of a sweep computed: its rows, from what it carries and the law of the machine alone; the same everywhere, to the last bit.

Combinations are those of ``comparer``. The engine starts empty with each part and takes its sites in order, on one thread, so that neither
what a machine computed before nor how many there are leaves a trace. Each site and field has its own stream of chances: a site more changes
no other.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from zlib import crc32

from pope_foncier.decision.balayage.colonnes import Ligne, de_l_option, nom_du_quantile
from pope_foncier.decision.balayage.empreintes import exiger_le_meme
from pope_foncier.decision.balayage.morceaux import Modele, Morceau, SiteABalayer, TiragesVoulus
from pope_foncier.decision.balayage.table_des_sites import appliquer
from pope_foncier.decision.comparer.combinaisons import Demande, Option, combiner, etude_de
from pope_foncier.decision.doute.etude_tiree import lus, tirer_l_etude
from pope_foncier.decision.doute.reglages import Reglages, reglages
from pope_foncier.etude.bouclage import boucler
from pope_foncier.etude.lecteur import Lecteur
from pope_foncier.etude.moteur import Moteur, moteur_du_projet
from pope_foncier.etude.scenarios import BASE, Dossier, lire_etude, variantes_de
from pope_foncier.lieu.site import Site
from pope_foncier.socle.erreurs import ErreurPope
from pope_foncier.socle.fiches import valider
from pope_foncier.socle.refus import Inconnu


@dataclass(frozen=True)
class MorceauFait:
    """Part computed: its rows in the order of its sites, and the time that it took."""

    rang: int
    empreinte: str
    lignes: list[Ligne]
    secondes: float
    secondes_de_calcul: float
    """Time of the processor alone: what else the machine does, does not count."""


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
    lignes = [x for site in morceau.sites for x in _lignes(morceau, site, modeles[site.modele], moteur)]
    fini, fini_calcul = time.perf_counter(), time.thread_time()
    return MorceauFait(morceau.rang, morceau.empreinte, lignes, fini - debut, fini_calcul - debut_calcul)


def ouvrir(nom: str, modele: Modele) -> Dossier:
    """Study of a model from its plain data."""
    etude, _, _ = lire_etude(modele.etude, nom)
    return Dossier(nom, etude, valider(Site, modele.site, nom), variantes_de(etude, nom))


def _lignes(morceau: Morceau, site: SiteABalayer, modele: Dossier, moteur: Moteur) -> Iterator[Ligne]:
    """Rows of one site; what the engine refuses is said in its rows, and stops no other."""
    dossier = appliquer(modele, site)
    try:
        options = combiner([dossier], Demande((morceau.mode,), (morceau.montage,), morceau.bouclages), moteur)
    except ErreurPope as erreur:
        refus = (f"non calculée : {erreur}",)
        options = [
            Option(site.nom, morceau.mode, morceau.montage, bouclage, "impossible", refus, None)
            for bouclage in morceau.bouclages
        ]
    for option in options:
        ligne = de_l_option(option, morceau.mode)
        if option.chiffres is not None and morceau.tirages is not None:
            try:
                ligne |= _tirages(dossier, option, moteur, morceau.tirages)
            except ErreurPope as erreur:
                ligne["sans_tirage"] = str(erreur)
        yield ligne


def _tirages(du_site: Dossier, option: Option, moteur: Moteur, voulus: TiragesVoulus) -> Ligne:
    """What the draws of a combination say.

    Raises:
        ErreurPope: it cannot be drawn.
    """
    etude = etude_de(du_site, option, moteur)
    dossier = replace(du_site, etude=etude, variantes={BASE: etude})
    lecteur = Lecteur(boucler(moteur.reprendre(moteur.contexte(dossier), [BASE])))
    codes = {nom: code for nom in voulus.chiffres if (code := _code(lecteur, nom))}
    ligne: Ligne = {f"{nom}.centrale": float(lecteur.valeurs(code)[0]) for nom, code in codes.items()}
    tiree = tirer_l_etude(dossier, moteur, list(codes), regles(dossier, moteur, voulus), fils=1)
    ligne |= {"tirages": tiree.nombre, "abandons": int(tiree.abandonnes.sum())}
    for nom in codes:
        ligne[f"{nom}.indefinis"] = tiree.indefinis[nom]
        for part in voulus.quantiles:
            ligne[f"{nom}.{nom_du_quantile(part)}"] = tiree.quantile(nom, part).valeur
        if voulus.garder:
            ligne[f"{nom}.tirages"] = tiree.chiffres[nom].tolist()
    for seuil in (s for s in voulus.seuils if s.chiffre in codes):
        chance = tiree.probabilite(seuil.chiffre, seuil.valeur, sous=seuil.sous)
        valeur = math.nan if chance.indefinis == chance.tirages else chance.valeur
        ligne |= {f"p.{seuil.nom}": valeur, f"p.{seuil.nom}.bas": chance.bas, f"p.{seuil.nom}.haut": chance.haut}
    return ligne


def _code(lecteur: Lecteur, nom: str) -> str:
    """Full code of a figure; nothing when the combination does not have it."""
    try:
        return lecteur.code(nom)
    except Inconnu:
        return ""


def regles(dossier: Dossier, moteur: Moteur, voulus: TiragesVoulus) -> Reglages:
    """How a combination is drawn: as its study says, on the streams of its site; a law on what it does not have or read is left out."""
    etude = dossier.etude
    dit = etude.doute
    if dit is not None:
        dit = dit.model_copy(update={"lois": {c: loi for c, loi in dit.lois.items() if moteur.se_tire(c, etude)}})
    lues = lus(dossier, moteur, reglages(etude.model_copy(update={"doute": dit}), moteur))
    return replace(
        lues,
        tirages=voulus.nombre,
        graine=graine_du_site(lues.graine if voulus.graine is None else voulus.graine, dossier.nom),
        methode=voulus.methode or lues.methode,
        correlations={deux: v for deux, v in lues.correlations.items() if set(deux) <= lues.lois.keys()},
    )


def graine_du_site(graine: int, site: str) -> int:
    """Seed of a site: with the name of a field, it makes the stream of that field there."""
    return crc32(f"{graine}/{site}".encode())
