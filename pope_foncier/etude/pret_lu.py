"""Loan of a study as a loan alone: the terms that the engine of loans reads, for its effective rate, its page, other structures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.modele.fiche_pret import Pret
from pope_foncier.prets.clauses import Deblocage, Frais, Revision
from pope_foncier.prets.depuis_fiche import en_clause, en_emprunt
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.profils import PROFILS
from pope_foncier.prets.termes import Emprunt
from pope_foncier.socle.grandeur import Grandeur, Tableau
from pope_foncier.socle.refus import refuser


def emprunt_de(ev: Evaluation, pret: str, scenario: int | None = None) -> Emprunt:
    """Terms of a loan of the study by its ``id``.

    Args:
        ev: evaluation, open or closed.
        pret: identifier of the loan.
        scenario: row that is read, its drawdown dated; every row by default, without date.

    Raises:
        Inconnu: a loan that the study does not have.
        ErreurCalcul: a term that is unknown.
    """
    fiches = {p.id: p for p in ev.ctx.etude.prets}
    if pret not in fiches:
        raise refuser("Prêt inconnu", pret, fiches)
    fiche, dette = fiches[pret], {d.id: d for d in ev.dettes}[pret]

    def ligne(g: Grandeur) -> Tableau:
        """Rows of a quantity, or the one that is read, shape (D, …)."""
        lignes = g.valeur.reshape(-1, g.valeur.shape[-1])
        return lignes if scenario is None else lignes[scenario : scenario + 1] if len(lignes) > 1 else lignes

    def lire(chemin: str, _: Any) -> Tableau:
        return ligne(ev.ctx.entree(f"prets[{pret}].{chemin}"))

    debloque = ligne(ev.livre[f"emprunts.{pret}.deblocage"])
    premier = int(np.flatnonzero((debloque != 0).any(axis=0))[:1].sum())
    autres: dict[str, Any] = _indexe(ev, fiche, premier, ligne)
    autres["capital"] = (
        None if PROFILS[fiche.profil].capital_trouve and fiche.montant is None else _capital(ev, fiche, dette, ligne)
    )
    if fiche.differe is None:
        durees = ligne(ev.ctx.entree(f"prets[{pret}].differe_mois")) if fiche.differe_mois is not None else np.zeros(1)
        autres["differe"] = "partiel" if np.any(durees > 0) else "aucun"
    if fiche.suit_les_travaux:
        autres |= _avec_les_travaux(debloque[:1], premier)
        attente = sum(
            float(np.max(lire(n, None)))
            for n in ("prefinancement_mois", "differe_mois")
            if getattr(fiche, n) is not None
        )
        if not attente:
            duree = float(np.max(lire("duree_mois", None)))
            autres["prefinancement_mois"] = int(ligne(dette.fin)[0, 0] - premier - duree)
    if fiche.date_debut is None and scenario is not None:
        autres["date_debut"] = ev.ctx.echelle.date_du_mois(premier)
    seule = fiche
    if fiche.garantie is not None and fiche.garantie.genre != "caution":
        seule = fiche.model_copy(update={"garantie": None})
    emprunt = en_emprunt(seule, lire, **autres)
    acte = f"emprunts.{pret}.garantie"
    if seule is fiche or acte not in ev.livre.lignes:
        return emprunt
    cout = ligne(ev.livre[acte]).sum(axis=-1, keepdims=True)
    return emprunt.avec(frais=(*emprunt.frais, Frais(montant=cout, dans_teg=False, libelle="acte d'hypothèque")))


def _capital(ev: Evaluation, fiche: Pret, dette: Dette, ligne: Any) -> Tableau:
    """Amount asked, without the fees that the loan finances."""
    if fiche.montant is None:
        return np.asarray(ligne(dette.capital))
    return np.asarray(ligne(ev.ctx.entree(f"prets[{fiche.id}].montant")) * ligne(ev.ctx.entree("realiser")))


def _indexe(ev: Evaluation, fiche: Pret, premier: int, ligne: Any) -> dict[str, Any]:
    """Rate of a loan that follows the index of the study, from its drawdown on; nothing for another one."""
    if fiche.indexation is None:
        return {}
    marge = ev.ctx.entree(f"prets[{fiche.id}].indexation.marge")
    chemin = ligne(ev.ctx.taux_suivi(fiche.indexation.bareme, fiche.indexation.evolution) + marge)[:, premier:]
    clause = Revision(indices=chemin, marge=0.0)
    if fiche.revision is not None:
        lue = en_clause(fiche.revision, lambda ou, _: ligne(ev.ctx.entree(f"prets[{fiche.id}].{ou}")), "revision.")
        clause = replace(lue, indices=chemin, marge=0.0)
    return {"taux": chemin[:, :1], "revision": clause}


def _avec_les_travaux(debloque: Tableau, premier: int) -> dict[str, Any]:
    """Drawdowns of a loan that follows the works, as the ledger paid them."""
    parts = debloque[0] / debloque[0].sum()
    mois = np.flatnonzero(parts)
    return {"deblocages": tuple(Deblocage(int(m) - premier, part=float(parts[m])) for m in mois)}
