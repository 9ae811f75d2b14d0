"""Loans of a study: the schedule of each on the study's months, written in the ledger, with all that it costs."""

from __future__ import annotations

from collections.abc import Sequence

from pope_foncier.acquisition.immobilier import ASSUREURS
from pope_foncier.aides.cumul import Subvention
from pope_foncier.modele.calendrier import Calendrier, au_mois
from pope_foncier.modele.clauses_de_pret import CONDITION_ECRITE, FicheAnticipe
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.donnee import DonneeTaux
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.modele.fiche_pret import Pret, TermesDansUneEtude
from pope_foncier.modele.livre import Livre
from pope_foncier.modele.paiements import retard
from pope_foncier.modele.registre_des_lignes import libelle, nommer
from pope_foncier.prets import mensualites
from pope_foncier.prets.colonnes import Echeances, Structure
from pope_foncier.prets.depuis_fiche import entrees_donnees
from pope_foncier.prets.dette import Dette
from pope_foncier.prets.garantie_communale import verifier_garantie_communale
from pope_foncier.prets.lignes_de_pret import AUTRES_FRAIS, Demande, LignesDuPret, Operandes, finance_ses_frais
from pope_foncier.prets.surete import cout_au_deblocage, montant_garanti, receveur_de
from pope_foncier.socle.aiguillages import aiguiller
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.erreurs import ErreurCalcul
from pope_foncier.socle.grandeur import Grandeur, dire, somme
from pope_foncier.socle.temps import date_en_clair, mois_entre
from pope_foncier.socle.vocabulaire import au_rang, cumul, decaler, superieur

_AIDE = TermesDansUneEtude.model_construct(
    profil="capital_constant", taux=DonneeTaux.model_construct(valeur=0.0, base=CONDITION_ECRITE)
)


@enregistrement
class ObjetDuFinancement:
    """What the loans read of the works: cost, purchase included, shape (…, 1) [€], and payments by month, shape (…, M) [€]."""

    cout: Grandeur
    paiements: Grandeur


def calculer(
    ctx: Contexte, livre: Livre, cal: Calendrier, aides: Sequence[Subvention], objet: ObjetDuFinancement
) -> list[Dette]:
    """Compute the loans of the study and the loan part of its aids; write them in the ledger."""
    acteurs = ctx.etude.acteurs
    dettes: list[Dette] = []
    rachats = {p.refinance.pret: p for p in ctx.etude.prets if p.refinance is not None}
    debuts: dict[str, Grandeur] = {}
    for pret in sorted(ctx.etude.prets, key=lambda p: p.refinance is not None):
        champ = f"prets[{pret.id}]"
        emprunteur = acteurs.gestionnaire if pret.emprunteur == "gestionnaire" else acteurs.proprietaire
        if pret.garantie is not None and pret.garantie.genre == "garantie_communale":
            verifier_garantie_communale(ctx, pret, emprunteur)
        capital, debut = _capital(ctx, pret, objet), _debut(ctx, cal, pret)
        if pret.refinance is not None:
            capital, debut = _racheter(ctx, pret, dettes, debuts)
        debuts[pret.id] = debut
        par = rachats.get(pret.id)
        qui = (pret.id, pret.libelle, _rachetee(pret, par), champ, emprunteur, pret.preteur)
        rachat = pret.refinance is not None
        demande = Demande(*qui, capital, debut, champ, rachete_par=par, rachat=rachat)
        dettes.append(_preter(ctx, livre, cal, demande, objet))
    for aide in aides:
        if aide.pret is None or aide.aide.pret_duree_mois is None:
            continue
        champ, nom = f"aides[{aide.aide.id}]", f"{aide.aide.libelle}, prêt à taux zéro"
        pose = (f"pret_{aide.aide.id}", nom, _AIDE, champ, acteurs.nom_maitre_ouvrage, aide.aide.financeur)
        duree = ctx.entree(f"{champ}.pret_duree_mois")
        dettes.append(_preter(ctx, livre, cal, Demande(*pose, aide.pret, cal.ouverture, champ, duree), objet))
    return dettes


def _capital(ctx: Contexte, pret: Pret, objet: ObjetDuFinancement) -> Grandeur | None:
    """Amount lent, or share of the cost of what is funded; None for a sculpted loan, which finds it."""
    if pret.montant is not None:
        return (ctx.entree(f"prets[{pret.id}].montant") * ctx.entree("realiser")).nommer(pret.libelle)
    if pret.part is not None:
        return (objet.cout * ctx.entree(f"prets[{pret.id}].part")).nommer(pret.libelle)
    return None


RACHAT = "rachat"
"""Identifier of the early repayment of a loan that another pays off."""


def _rachetee(pret: Pret, par: Pret | None) -> Pret:
    """Sheet of a loan, with the early repayment of the loan that pays it off."""
    if par is None or par.refinance is None:
        return pret
    anticipe = FicheAnticipe(id=RACHAT, mois=par.refinance.mois, indemnite=par.refinance.indemnite)
    return pret.model_copy(update={"anticipes": (*pret.anticipes, anticipe)})


def _racheter(
    ctx: Contexte, pret: Pret, dettes: Sequence[Dette], debuts: dict[str, Grandeur]
) -> tuple[Grandeur, Grandeur]:
    """Amount and month of a loan that pays off another: its balance and its indemnity, at the month of the repayment.

    Raises:
        ErreurCalcul: a loan that the study does not have, or that itself pays off another.
    """
    assert pret.refinance is not None
    ancien = next((d for d in dettes if d.id == pret.refinance.pret and d.rachat is None), None)
    if ancien is None or ancien.anticipes is None:
        raise ErreurCalcul(
            f"Prêt « {pret.libelle} » : il rachète « {pret.refinance.pret} », qui n'est pas un prêt de l'étude à racheter. "
            f"Choisir parmi : {', '.join(p.id for p in ctx.etude.prets if p.refinance is None)}."
        )
    debut = (debuts[ancien.id] + ctx.entree(f"prets[{pret.id}].refinance.mois")).nommer("Mois du rachat", "mois")
    return au_rang(ancien.anticipes, debut, "[{}] au mois {}").nommer(pret.libelle), debut


def _debut(ctx: Contexte, cal: Calendrier, fiche: TermesDansUneEtude) -> Grandeur:
    """Month of the first drawdown: that of its date, the start of the works, or the opening.

    Raises:
        ErreurCalcul: a date out of the months of the study.
    """
    if fiche.date_debut is None:
        return cal.ouverture if fiche.depart == "ouverture" else cal.debut_travaux
    rang, jour = mois_entre(ctx.etude.date_depart, fiche.date_debut), date_en_clair(fiche.date_debut)
    if rang < 0:
        depart = f"le départ de l'étude ({date_en_clair(ctx.etude.date_depart)})"
        raise ErreurCalcul(f"Prêt débloqué le {jour}, avant {depart} : retirer « date_debut », ou la reculer.")
    if rang >= ctx.echelle.duree_mois:
        fin = f"la fin de l'étude ({ctx.echelle.duree_mois} mois)"
        raise ErreurCalcul(
            f"Prêt débloqué le {jour}, après {fin} : avancer « date_debut », ou allonger « horizon_mois »."
        )
    return Grandeur(float(rang), f"Déblocage le {jour}", "mois")


def service_d_un_euro(ctx: Contexte, cal: Calendrier, champ: str, boucleur: Boucleur) -> Grandeur:
    """Service of one euro of a closing loan by month, shape (…, M) [€ a euro]; its terms read at ``champ``."""
    demande = _pour_boucler(ctx, cal, champ, boucleur, Grandeur(1.0, boucleur.libelle, "€"))
    echeances = _calculer(ctx, cal, demande, None)[0]
    payees = ("interets", "remboursement", "assurance", "commissions", "frais")
    service = somme(echeances.colonne(nom) for nom in payees if getattr(echeances.m, nom) is not None)
    return service if echeances.m.anticipes is None else service - echeances.colonne("anticipes")


def dette_de_bouclage(
    ctx: Contexte, livre: Livre, cal: Calendrier, champ: str, boucleur: Boucleur, objet: ObjetDuFinancement
) -> Dette:
    """Loan to the project owner whose amount closes the plan, its terms read at ``champ``."""
    demande = _pour_boucler(ctx, cal, champ, boucleur, ctx.bouclage[boucleur.id])
    return _preter(ctx, livre, cal, demande, objet)


def _pour_boucler(ctx: Contexte, cal: Calendrier, champ: str, boucleur: Boucleur, capital: Grandeur) -> Demande:
    termes, porteur = boucleur.pret, ctx.etude.acteurs.nom_maitre_ouvrage
    assert termes is not None
    qui = (boucleur.cle, boucleur.libelle, termes, f"{champ}.pret", porteur, boucleur.nom_apporteur)
    return Demande(*qui, capital, _debut(ctx, cal, termes), f"bouclage[{boucleur.id}]")


def _taux(ctx: Contexte, demande: Demande) -> tuple[Grandeur, tuple[Grandeur, ...]]:
    """Fixed rate, shape (…, 1), or rate of each month of the study, shape (…, M), with the index and the margin that it sums."""
    indexation = demande.fiche.indexation
    if indexation is not None:
        indice = ctx.taux_suivi(indexation.bareme, indexation.evolution)
        marge = ctx.entree(f"{demande.champ}.indexation.marge")
        return (indice + marge).nommer(f"{demande.libelle}, taux", "%"), (indice, marge)
    return Grandeur(0.0, "Taux", "%") if demande.fiche is _AIDE else ctx.entree(f"{demande.champ}.taux"), ()


def _lire(ctx: Contexte, demande: Demande) -> dict[str, Grandeur]:
    """Inputs that the schedule of a loan reads, by path under it: what is paid at the drawdown is read apart, by a finding on its month."""
    fiche = demande.fiche
    if demande.duree is not None:
        return {"duree_mois": demande.duree}
    for frais in fiche.frais:
        if frais.mois is not None and not frais.a_la_fin:
            aiguiller(superieur(ctx.entree(f"{demande.champ}.frais[{frais.id}].mois"), 0.0))
    a_part = [f"frais[{f.id}]." for f in mensualites.frais_au_depart(fiche) if not f.finances]
    if fiche.garantie is not None and fiche.garantie.assiette == "initiale":
        a_part.append("garantie.")
    chemins = (c for c in entrees_donnees(fiche) if not c.startswith(tuple(a_part)))
    rachat, par = f"anticipes[{RACHAT}].", demande.rachete_par
    return {
        c: ctx.entree(f"prets[{par.id}].refinance.{c.removeprefix(rachat)}")
        if par is not None and c.startswith(rachat)
        else ctx.entree(f"{demande.champ}.{c}")
        for c in chemins
    }


def _calculer(
    ctx: Contexte, cal: Calendrier, demande: Demande, objet: ObjetDuFinancement | None
) -> tuple[Echeances, Operandes]:
    """Schedule of a loan, and the quantities that its sentences quote."""
    lues, (taux, indexe) = _lire(ctx, demande), _taux(ctx, demande)
    capital = () if demande.capital is None else (demande.capital,)
    travaux = () if objet is None or not demande.fiche.suit_les_travaux else (objet.paiements, cal.reception)
    suivis = (*travaux, *(() if capital else (ctx.entree("realiser"),)))
    operandes = Operandes.de(demande, lues, taux, suivis, indexe)
    unites, tracee = {n: g.unite for n, g in lues.items()}, all(o.tracee for o in operandes.toutes)
    structure = Structure(demande.fiche, unites, ctx.echelle, bool(capital), bool(travaux), tracee)
    try:
        return Echeances.de(structure, (taux, demande.debut, *capital, *lues.values(), *suivis)), operandes
    except ErreurCalcul as erreur:
        raise ErreurCalcul(f"Prêt « {demande.libelle} » : {erreur}") from None


def _preter(ctx: Contexte, livre: Livre, cal: Calendrier, demande: Demande, objet: ObjetDuFinancement) -> Dette:
    """Schedule of one loan, written in the ledger; a shock on its delay moves the drawdown, the instalments keep their dates."""
    echeances, operandes = _calculer(ctx, cal, demande, objet)
    m, cle, nom, debut = echeances.m, demande.cle, demande.libelle, demande.debut
    lignes = LignesDuPret(demande, echeances, operandes)
    interets = lignes.ligne("interets", "interets", "intérêts")
    remboursement = lignes.ligne("remboursement", "remboursement", "remboursement")
    restant = lignes.ligne("restant", "restant", "capital restant dû")
    capital = _verse(demande, lignes)
    if m.deblocages is None:
        debloque = nommer(f"emprunts.{cle}.deblocage", au_mois(ctx, capital, debut), nom)
    else:
        debloque = lignes.ligne("deblocage", "deblocages", "déblocage")
    if ctx.chocs:
        attente = retard(ctx, demande.choc)
        if aiguiller(attente):
            au_jour = m.deblocages is None
            tard = au_mois(ctx, capital, debut + attente) if au_jour else decaler(debloque, attente, "{} retardé de {}")
            tard, phrase = tard.nommer(debloque.nom), "{} moins ce qui reste à débloquer ([{}], [{}])"
            du = restant - cumul(debloque - tard)
            restant = dire(du, phrase, restant, debloque, tard).nommer(restant.nom)
            debloque = tard
    emprunteur, preteur = demande.emprunteur, demande.preteur
    if emprunteur == ctx.etude.acteurs.nom_maitre_ouvrage and not demande.rachat:
        livre.inscrire(f"ressources.{cle}", capital)
    livre.inscrire(f"emprunts.{cle}.deblocage", debloque, preteur, emprunteur)
    livre.inscrire(f"emprunts.{cle}.interets", interets, emprunteur, preteur)
    livre.inscrire(f"emprunts.{cle}.remboursement", remboursement, emprunteur, preteur)
    livre.inscrire(f"emprunts.{cle}.restant", restant)
    fin = (debut + operandes.principales[2]).nommer(f"Fin : {nom}", "mois") if m.fin is None else lignes.fin()
    rachat = debloque if demande.rachat else None
    accessoires = _accessoires(livre, demande, lignes)
    capitalises, anticipes = _a_part(livre, demande, lignes)
    frais, garanti = _frais(ctx, livre, demande, capital)
    du_pret = (capital, interets, remboursement, restant, fin)
    en_plus = (frais, accessoires, capitalises, anticipes, garanti)
    return Dette(cle, nom, emprunteur, *du_pret, *en_plus, rachat, debut)


def _verse(demande: Demande, lignes: LignesDuPret) -> Grandeur:
    """All that is drawn: the capital, plus the fees and the premium that the loan finances, or what a sculpted loan finds."""
    fiche = demande.fiche
    if demande.capital is not None and not finance_ses_frais(fiche) and fiche.interets_prefinancement != "finances":
        return demande.capital
    dits = lignes.operandes.avec()
    verse = lignes.echeances.colonne("verse", axe="")
    return dire(verse, lignes.gabarit("total versé", len(dits)), *dits).nommer(demande.libelle)


def _accessoires(livre: Livre, demande: Demande, lignes: LignesDuPret) -> Grandeur | None:
    """Write the insurance, commissions and later fees; their sum by month, None without any."""
    garantie = demande.fiche.garantie
    garant = receveur_de(garantie) if garantie is not None else ""
    m, accessoires = lignes.m, []
    for code, nom, quoi, receveur, avec in (
        ("assurance", "assurance", "assurance", ASSUREURS, ("assurance.",)),
        ("commission", "commissions", "commission de garantie", garant, ("garantie.",)),
        ("autres_frais", "frais", "commissions, frais et indemnités", demande.preteur, AUTRES_FRAIS),
    ):
        if getattr(m, nom) is not None:
            ligne = lignes.ligne(code, nom, quoi, avec)
            livre.inscrire(f"emprunts.{demande.cle}.{code}", ligne, demande.emprunteur, receveur)
            accessoires.append(ligne)
    return somme(accessoires, f"Accessoires : {demande.libelle}") if accessoires else None


def _a_part(livre: Livre, demande: Demande, lignes: LignesDuPret) -> tuple[Grandeur | None, Grandeur | None]:
    """Write the interest added to the balance; it, and what is repaid early, by month, None where the loan has none."""
    capitalises = anticipes = None
    if lignes.m.capitalises is not None:
        capitalises = lignes.ligne("capitalises", "capitalises", "intérêts capitalisés")
        livre.inscrire(f"emprunts.{demande.cle}.capitalises", capitalises)
    if lignes.m.anticipes is not None:
        anticipes = lignes.ligne("remboursement", "anticipes", "remboursement anticipé")
    return capitalises, anticipes


def _frais(ctx: Contexte, livre: Livre, demande: Demande, capital: Grandeur) -> tuple[Grandeur | None, Grandeur | None]:
    """Write the fees to the lender and the cost of the security, as payments at the drawdown; their total, and the amount guaranteed."""
    fiche, champ = demande.fiche, demande.champ
    montants, garanti = [], None
    au_depart = mensualites.frais_au_depart(fiche)
    if au_depart:
        realiser = ctx.entree("realiser")
        dus = [
            ctx.entree(f"{champ}.frais[{f.id}].montant") * realiser
            if f.montant is not None
            else capital * ctx.entree(f"{champ}.frais[{f.id}].taux")
            for f in au_depart
        ]
        nom = f"Frais de dossier : {demande.libelle}"
        frais = dus[0].nommer(nom) if len(dus) == 1 else somme(dus, nom)
        montants.append(("frais", frais, demande.preteur))
    if fiche.garantie is not None:
        garanti = montant_garanti(ctx, champ, fiche.garantie, capital)
        cout = cout_au_deblocage(ctx, champ, fiche.garantie, capital, garanti)
        if cout is not None:
            montants.append(("garantie", cout.nommer(f"Garantie : {demande.libelle}"), receveur_de(fiche.garantie)))
    for code, montant, receveur in montants:
        paiement = au_mois(ctx, montant, demande.debut)
        livre.inscrire(f"emprunts.{demande.cle}.{code}", paiement, demande.emprunteur, receveur, nom=demande.libelle)
    nom = libelle(f"besoins.frais_{demande.cle}", demande.libelle)
    tout = somme([m for _, m, _ in montants], nom) if montants else None
    return tout, garanti
