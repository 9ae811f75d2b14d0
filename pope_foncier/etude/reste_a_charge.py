"""Who pays the running cost of a place of childcare: families, Caf, commune, employers, capital grants, the association."""

from __future__ import annotations

from pope_foncier.etude.evaluation import Evaluation
from pope_foncier.exploitation.compte import QUOTE_A_TROUVER
from pope_foncier.modele.fiche_bouclage import A_TROUVER
from pope_foncier.modele.livre import verifier_nul
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, par_annee, somme

INVESTISSEURS = "Financeurs de l'investissement (quote-part)"
ASSOCIATION = "Gestionnaire (déficit, ou excédent en moins)"


def nom_du_cmg(caf: str) -> str:
    """Part of the Caf that it gives back to families."""
    return f"{caf} (CMG)"


def restes_a_charge(ev: Evaluation) -> dict[str, Grandeur]:
    """What each party pays of the running cost by calendar year [€], shape (…, years); their sum is the cost.

    Families are counted net of the CMG that the Caf gives back to them. Tax credits are left out: their amounts were not
    found. The grant quota is what those who funded the investment pay through the account, and apart what nobody has promised
    on a closed plan, which pays what named grants leave; the operator bears a deficit, and a surplus comes in minus.

    Raises:
        ErreurCalcul: the study has no operating account.
        IdentiteRompue: the parts do not add up to the cost.
    """
    compte, echelle = ev.compte, ev.ctx.echelle
    if compte is None:
        raise ErreurCalcul(
            "L'étude n'a pas de compte d'exploitation : pas de reste à charge. Compléter « exploitation »."
        )
    acteurs = ev.ctx.etude.acteurs
    lignes = {payeur: list(montants) for payeur, montants in compte.par_payeur.items()}
    lignes.setdefault(acteurs.commune, []).append(compte.contribution)
    quote_part = ev.livre["exploitation.produits.quote_part"]
    lignes[INVESTISSEURS] = [quote_part]
    if QUOTE_A_TROUVER in ev.livre.lignes:
        lignes[A_TROUVER] = [ev.livre[QUOTE_A_TROUVER]]
        lignes[INVESTISSEURS] = [quote_part - ev.livre[QUOTE_A_TROUVER]]
    parts = {p: par_annee(somme(m, f"Payé par {p}"), echelle) for p, m in lignes.items()}
    if compte.cmg is not None:
        cmg = par_annee(compte.cmg, echelle)
        famille = next(iter(parts))
        parts[famille] = parts[famille] - cmg
        parts[nom_du_cmg(acteurs.caf_locale)] = cmg
    parts[ASSOCIATION] = par_annee(compte.resultat, echelle) * -1.0
    nommees = {p: g.nommer(f"Reste à charge : {p}") for p, g in parts.items()}
    cout = par_annee(compte.charges, echelle)
    verifier_nul(somme(nommees.values(), "Somme").valeur - cout.valeur, "somme des restes à charge = coût")
    return nommees
