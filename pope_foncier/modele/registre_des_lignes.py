"""Register of the ledger: each line declared once — code, label, unit, table, heading and family, flow or balance, who pays whom.

Braces in a code stand for what the study names: ``emprunts.{pret}.interets``. A label with « … » is completed by the label that the study gives
it; a line whose label depends on the mode d'accueil or on VAT declares its variants, chosen by a word. No computation types a label: the ledger
names what is written, and ``nommer`` what another sentence quotes before.
Computations choose lines by heading or family, never by the spelling of a code.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache, lru_cache

from pope_foncier.modele.lignes import LigneDeclaree, Poste
from pope_foncier.socle.erreurs import ErreurCalcul, IdentiteRompue, abreger
from pope_foncier.socle.grandeur import Grandeur

_D = LigneDeclaree
_PORTEUR, _GESTIONNAIRE, _PRENEUR = "maître d'ouvrage", "gestionnaire", "preneur du titre"
_ENTREPRISES, _NOTAIRE, _ETAT, _PRETEUR = "entreprises", "notaire", "État", "prêteur"

_LIGNES_DE_PRET: tuple[tuple[str, Poste, str, str, str], ...] = (
    ("deblocage", "deblocage", "Déblocage", _PRETEUR, "emprunteur"),
    ("interets", "interets", "Intérêts", "emprunteur", _PRETEUR),
    ("remboursement", "remboursement", "Remboursement", "emprunteur", _PRETEUR),
    ("restant", "restant", "Capital restant dû", "", ""),
    ("capitalises", "capitalises", "Intérêts ajoutés à la dette", "", ""),
    ("frais", "frais", "Paiement : Frais de dossier", "emprunteur", _PRETEUR),
    ("garantie", "frais", "Paiement : Garantie", "emprunteur", "garant ou notaire"),
    ("assurance", "accessoires", "Assurance du prêt", "emprunteur", "assureurs"),
    ("commission", "accessoires", "Commission de garantie", "emprunteur", "garant"),
    ("autres_frais", "accessoires", "Commissions, frais et indemnités", "emprunteur", _PRETEUR),
)
"""Lines of a loan: end of its code, heading, label, who pays whom."""


def _de_pret(
    prefixe: str, code: str, poste: Poste, libelle: str, payeur: str, receveur: str, boucle: bool = False
) -> LigneDeclaree:
    stock = code == "restant"
    return _D(f"{prefixe}.{code}", "emprunts", poste, f"{libelle} : …", payeur, receveur, stock=stock, boucle=boucle)


# fmt: off
LIGNES: tuple[LigneDeclaree, ...] = (
    # --- the place
    _D("programme.places", "programme", "lieu", "Places retenues", unite="places"),
    _D("programme.surface_requise", "programme", "lieu", "Surface de plancher requise par les places retenues", unite="m²",
       variantes={"sans_objet": "Surface de plancher requise (sans objet)"}),
    _D("programme.surface_place_suivante", "programme", "lieu", "Surface de plancher pour une place de plus", unite="m²",
       variantes={"sans_objet": "Surface de plancher requise (sans objet)"}),
    # --- plan: uses, resources, totals
    _D("besoins.travaux_ht", "besoins", "besoins", "Travaux HT, révisés"),
    _D("besoins.honoraires_ht", "besoins", "besoins", "Honoraires HT"),
    _D("besoins.etudes_assurances_ht", "besoins", "besoins", "Études, contrôles et assurances HT"),
    _D("besoins.aleas_ht", "besoins", "besoins", "Aléas HT"),
    _D("besoins.tva", "besoins", "besoins", "TVA non récupérée", variantes={"rendue": "TVA"}),
    _D("besoins.equipement", "besoins", "besoins", "Équipement TTC, révisé"),
    _D("besoins.prix_achat", "besoins", "besoins", "Prix d'achat", variantes={"ttc": "Prix d'achat TTC"}),
    _D("besoins.droits_mutation", "besoins", "besoins", "Droits de mutation"),
    _D("besoins.notaire", "besoins", "besoins", "Émoluments du notaire TTC"),
    _D("besoins.securite_immobiliere", "besoins", "besoins", "Contribution de sécurité immobilière"),
    _D("besoins.debours", "besoins", "besoins", "Débours du notaire"),
    _D("besoins.droit_bail", "besoins", "besoins", "Taxe de publicité foncière du bail"),
    _D("besoins.securite_bail", "besoins", "besoins", "Contribution de sécurité immobilière du bail"),
    _D("besoins.notaire_bail", "besoins", "besoins", "Notaire du bail TTC"),
    _D("besoins.depot_garantie", "besoins", "besoins", "Dépôt de garantie"),
    _D("besoins.loyer_capitalise", "besoins", "besoins", "Loyer capitalisé"),
    _D("besoins.taxe_amenagement", "besoins", "besoins", "Taxe d'aménagement"),
    _D("besoins.taxe_bureaux", "besoins", "besoins", "Taxe pour création de bureaux"),
    _D("besoins.loyer_travaux", "besoins", "besoins", "Loyer pendant les travaux"),
    _D("besoins.charges_travaux", "besoins", "besoins", "Charges de propriété pendant les travaux"),
    _D("besoins.interets_travaux", "besoins", "besoins", "Intérêts pendant les travaux"),
    _D("besoins.interets_relais", "besoins", "besoins", "Intérêts du prêt relais"),
    _D("besoins.frais_{pret}", "besoins", "besoins", "Frais et garantie : …"),
    _D("besoins.frais_bouclage.{boucleur}", "besoins", "besoins", "Frais et garantie : …", boucle=True),
    _D("besoins.pertes_ouverture", "besoins", "besoins", "Pertes d'ouverture"),
    _D("besoins.fonds_de_roulement", "besoins", "besoins", "Besoin en fonds de roulement"),
    _D("besoins.direction_avant_ouverture", "besoins", "besoins", "Direction avant l'ouverture"),
    _D("besoins.recrutement", "besoins", "besoins", "Recrutement et communication avant l'ouverture"),
    _D("besoins.loyer_avant_ouverture", "besoins", "besoins", "Loyer du gestionnaire avant l'ouverture"),
    _D("besoins.interets_avant_ouverture", "besoins", "besoins", "Intérêts du gestionnaire avant l'ouverture"),
    _D("ressources.{ressource}", "ressources", "ressources"),
    _D("ressources.bouclage.{boucleur}", "ressources", "ressources", boucle=True),
    _D("ressources.compensation_tva", "ressources", "ressources", "Compensation de la TVA (FCTVA)", variantes={"recuperation": "TVA récupérée"}),
    _D("ressources.prets_du_gestionnaire", "ressources", "ressources", "Emprunts du gestionnaire, pour son démarrage"),
    _D("besoins.total", "resultat", "total_du_plan", "Total des besoins"),
    _D("ressources.total", "resultat", "total_du_plan", "Total des ressources"),
    _D("ressources.reste_a_financer", "resultat", "total_du_plan", "Reste à financer"),
    # --- premises: entry
    _D("tresorerie.prix_achat", "tresorerie", "acquisition", "Paiement : Prix d'achat", _PORTEUR, "vendeur",
       variantes={"ttc": "Paiement : Prix d'achat TTC"}),
    _D("tresorerie.droits_mutation", "tresorerie", "acquisition", "Paiement : Droits de mutation", _PORTEUR, _NOTAIRE),
    _D("tresorerie.notaire", "tresorerie", "acquisition", "Paiement : Émoluments du notaire TTC", _PORTEUR, _NOTAIRE),
    _D("tresorerie.securite_immobiliere", "tresorerie", "acquisition", "Paiement : Contribution de sécurité immobilière", _PORTEUR, _NOTAIRE),
    _D("tresorerie.debours", "tresorerie", "acquisition", "Paiement : Débours du notaire", _PORTEUR, _NOTAIRE),
    _D("tresorerie.droit_bail", "tresorerie", "acquisition", "Paiement : Taxe de publicité foncière du bail", _PRENEUR, _NOTAIRE),
    _D("tresorerie.securite_bail", "tresorerie", "acquisition", "Paiement : Contribution de sécurité immobilière du bail", _PRENEUR, _NOTAIRE),
    _D("tresorerie.notaire_bail", "tresorerie", "acquisition", "Paiement : Notaire du bail TTC", _PRENEUR, _NOTAIRE),
    _D("tresorerie.loyer_capitalise", "tresorerie", "acquisition", "Paiement : Loyer capitalisé", _PORTEUR, "propriétaire"),
    _D("tresorerie.taxe_amenagement", "tresorerie", "acquisition", "Paiement : Taxe d'aménagement", _PORTEUR, _ETAT),
    _D("tresorerie.taxe_bureaux", "tresorerie", "acquisition", "Paiement : Taxe pour création de bureaux", _PORTEUR, _ETAT),
    _D("tresorerie.depot_garantie", "tresorerie", "depot", "Paiement : Dépôt de garantie", _PRENEUR, "propriétaire"),
    _D("tresorerie.depot_rendu", "tresorerie", "depot", "Dépôt de garantie rendu", "propriétaire", _PRENEUR),
    _D("bailleur.prix", "tresorerie", "bailleur", "Paiement : Prix d'achat, par le bailleur", "propriétaire", "vendeur",
       variantes={"ttc": "Paiement : Prix d'achat TTC, par le bailleur"}),
    _D("bailleur.frais", "tresorerie", "bailleur", "Paiement : Frais d'acquisition du bailleur, par le bailleur", "propriétaire", _NOTAIRE),
    _D("portage.achat", "tresorerie", "portage", "Achat par le porteur foncier", "porteur foncier", "vendeur"),
    _D("portage.frais", "tresorerie", "portage", "Frais de portage", "porteur foncier", _NOTAIRE),
    # --- premises: works
    _D("tresorerie.etudes", "tresorerie", "travaux", "Paiement des honoraires et études TTC", _PORTEUR, _ENTREPRISES),
    _D("tresorerie.travaux", "tresorerie", "travaux", "Paiement des travaux et aléas TTC", _PORTEUR, _ENTREPRISES),
    _D("tresorerie.assurances", "tresorerie", "travaux", "Paiement des assurances des travaux", _PORTEUR, "assureurs"),
    _D("tresorerie.equipement", "tresorerie", "equipement", "Paiement de l'équipement TTC", _PORTEUR, _ENTREPRISES),
    _D("tresorerie.bouclage.{boucleur}.evite", "tresorerie", "report", "Travaux non faits : …", _ENTREPRISES, _PORTEUR, boucle=True),
    _D("tresorerie.bouclage.{boucleur}.fait", "tresorerie", "report", "Travaux reportés : …", _PORTEUR, _ENTREPRISES, boucle=True),
    _D("tresorerie.bouclage.{boucleur}.hausse", "tresorerie", "report", "Hausse des prix : …", _PORTEUR, _ENTREPRISES, boucle=True),
    _D("tresorerie.compensation_tva", "tresorerie", "tva_rendue", "Versement : Compensation de la TVA (FCTVA)", "Trésor", _PORTEUR,
       variantes={"recuperation": "Versement : TVA récupérée"}),
    # --- premises: rents and charges
    _D("tresorerie.loyer", "tresorerie", "loyer", "Loyer ou redevance", _PRENEUR, "propriétaire"),
    _D("tresorerie.loyer.tva", "tresorerie", "loyer", "TVA du loyer ou de la redevance", _PRENEUR, _ETAT),
    _D("tresorerie.loyer.charges", "tresorerie", "loyer", "Charges récupérables du local", _PRENEUR, "propriétaire"),
    _D("tresorerie.loyer.remise_en_etat", "tresorerie", "loyer", "Remise en état des lieux", _PRENEUR, "artisans"),
    _D("bail.loyer", "tresorerie", "bail", "Loyer versé au porteur", _GESTIONNAIRE, _PORTEUR),
    _D("bail.tva", "tresorerie", "bail", "TVA du loyer", _GESTIONNAIRE, _ETAT),
    _D("immobilier.taxe_fonciere", "tresorerie", "propriete", "Taxe foncière", _PORTEUR, _ETAT),
    _D("immobilier.assurance", "tresorerie", "propriete", "Assurance du bâtiment", _PORTEUR, "assureurs"),
    _D("immobilier.entretien", "tresorerie", "propriete", "Gros entretien", _PORTEUR, "artisans"),
    _D("immobilier.reinstallation", "tresorerie", "propriete", "Travaux au renouvellement du titre", _PORTEUR, "artisans"),
    # --- grants, closing grants, contributions
    _D("tresorerie.aide.{aide}", "tresorerie", "aide", "Versement : …", "financeur", _PORTEUR),
    _D("tresorerie.reversement.{aide}", "tresorerie", "aide_rendue", "Reversement : …", _PORTEUR, "financeur"),
    _D("tresorerie.bouclage.{boucleur}", "tresorerie", "don", "Versement : …", "apporteur", "maître d'ouvrage ou gestionnaire", boucle=True),
    _D("tresorerie.apport.{apport}", "tresorerie", "apport", "Versement : …", "apporteur", _PORTEUR),
    _D("tresorerie.apport.bouclage.{boucleur}", "tresorerie", "apport", "Versement : …", "apporteur", _PORTEUR, boucle=True),
    _D("tresorerie.reprise.{apport}", "emprunts", "reprise", "Reprise : …", _PORTEUR, "apporteur"),
    _D("tresorerie.reprise.bouclage.{boucleur}", "emprunts", "reprise", "Reprise : …", _PORTEUR, "apporteur", boucle=True),
    _D("tresorerie.remuneration.{apport}", "emprunts", "remuneration", "Rémunération : …", _PORTEUR, "apporteur"),
    # --- loans
    *(_de_pret("emprunts.{pret}", *x) for x in _LIGNES_DE_PRET),
    *(_de_pret("emprunts.bouclage.{boucleur}", *x, boucle=True) for x in _LIGNES_DE_PRET),
    _D("relais.deblocage", "emprunts", "relais", "Déblocage du prêt relais", _PRETEUR, _PORTEUR),
    _D("relais.remboursement", "emprunts", "relais", "Remboursement du prêt relais", _PORTEUR, _PRETEUR),
    _D("relais.interets", "emprunts", "relais", "Intérêts du prêt relais", _PORTEUR, _PRETEUR),
    _D("relais.encours", "emprunts", "relais", "Encours du prêt relais", stock=True),
    # --- operation: staff, hours, income
    _D("exploitation.etp.terrain", "programme", "effectif", "ETP auprès des enfants", unite="ETP", stock=True, variantes={
        "salaries": "ETP salariés auprès des enfants", "familiale": "Assistants maternels salariés", "mam": "ETP, auprès des enfants"}),
    _D("exploitation.etp.direction", "programme", "effectif", "ETP de direction", unite="ETP", stock=True,
       variantes={"familiale": "Temps de direction", "mam": "ETP, direction"}),
    _D("exploitation.etp.sante", "programme", "effectif", "ETP de santé", unite="ETP", stock=True,
       variantes={"familiale": "Temps de santé", "mam": "ETP, santé"}),
    _D("exploitation.etp.logistique", "programme", "effectif", "ETP de logistique", unite="ETP", stock=True, variantes={"mam": "ETP, logistique"}),
    _D("exploitation.etp.total", "programme", "effectif", "ETP au total", unite="ETP", stock=True),
    _D("exploitation.etp.diplomes_exiges", "programme", "effectif", "Diplômés d'État exigés auprès des enfants, moyenne", unite="adultes"),
    _D("exploitation.heures_facturees", "produits", "heures", "Heures facturées", unite="h"),
    _D("exploitation.produits.familles", "produits", "produits", "Participations des familles", "familles", _GESTIONNAIRE,
       variantes={"cmg_compris": "Familles, CMG compris"}),
    _D("exploitation.produits.assistants", "produits", "produits", "Loyers des assistants", "assistants maternels", _GESTIONNAIRE),
    _D("exploitation.produits.psu", "produits", "produits", "PSU", "Caf", _GESTIONNAIRE, parfois=True),
    _D("exploitation.produits.journees_pedagogiques", "produits", "produits", "PSU, journées pédagogiques", "Caf", _GESTIONNAIRE, parfois=True),
    _D("exploitation.produits.aide_demarrage", "produits", "produits", "Aide au démarrage de la Mam", "Caf", _GESTIONNAIRE, parfois=True),
    _D("exploitation.produits.{produit}", "produits", "produits", "…", "Caf, commune ou financeur", _GESTIONNAIRE, parfois=True),
    _D("exploitation.produits.contribution", "produits", "produits", "Contribution de la commune", "commune", _GESTIONNAIRE, parfois=True),
    _D("exploitation.produits.quote_part", "produits", "quote_part", "Quote-part de subvention"),
    _D("tresorerie.caf", "tresorerie", "encaissement", "Versements de la Caf", "Caf", _GESTIONNAIRE),
    _D("tresorerie.contribution", "tresorerie", "encaissement", "Versements de la commune", "commune", _GESTIONNAIRE),
    _D("tresorerie.contribution.{produit}", "tresorerie", "encaissement", "Versement : …", "commune ou financeur", _GESTIONNAIRE),
    _D("tresorerie.creance_caf", "tresorerie", "creance", "Créance sur la Caf", stock=True),
    _D("tresorerie.creance_commune", "tresorerie", "creance", "Créance sur la commune (en moins : avance)", stock=True),
    # --- operation: charges, results
    _D("exploitation.charges.personnel", "charges", "personnel", "Personnel", _GESTIONNAIRE, "salariés"),
    _D("exploitation.charges.autres", "charges", "courantes", "Autres charges de fonctionnement", _GESTIONNAIRE, "fournisseurs"),
    _D("exploitation.charges.detail.{charge}", "charges", "courantes", "…", _GESTIONNAIRE, "fournisseurs"),
    _D("exploitation.charges.action.{action}", "charges", "actions", "…", _GESTIONNAIRE, "salariés"),
    _D("exploitation.charges.loyer", "charges", "du_plan", "Loyer ou redevance d'occupation"),
    _D("exploitation.charges.interets", "charges", "du_plan", "Intérêts des emprunts",
       variantes={"accessoires": "Intérêts des emprunts, assurances et commissions comprises"}),
    _D("exploitation.charges.dotation", "charges", "du_plan", "Dotation aux amortissements"),
    _D("exploitation.charges.propriete", "charges", "du_plan", "Charges de propriété"),
    _D("tresorerie.avant_ouverture.direction", "tresorerie", "avant_ouverture", "Direction avant l'ouverture", _GESTIONNAIRE, "salariés"),
    _D("tresorerie.avant_ouverture.recrutement", "tresorerie", "avant_ouverture", "Recrutement et communication", _GESTIONNAIRE, "fournisseurs"),
    _D("exploitation.produits_hors_contribution", "resultat", "resultat", "Produits hors contribution"),
    _D("exploitation.total_charges", "resultat", "resultat", "Charges d'exploitation"),
    _D("exploitation.resultat", "resultat", "resultat", "Résultat d'exploitation"),
    _D("exploitation.quote_part_a_trouver", "resultat", "resultat", "Quote-part de ce qui reste à trouver"),
    _D("exploitation.resultat_sans_a_trouver", "resultat", "resultat", "Résultat sans la quote-part de ce qui reste à trouver"),
    _D("exploitation.capacite_autofinancement", "resultat", "resultat", "Capacité d'autofinancement"),
    _D("commune.contribution", "commune", "commune", "Ce que la commune paie au fonctionnement"),
    # --- cash, and what is to be found
    _D("solde.{acteur}", "tresorerie", "solde", "Solde : …"),
    _D("tresorerie.cumul.{acteur}", "tresorerie", "cumul", "Trésorerie : …", stock=True),
    _D("tresorerie.point_bas.{acteur}", "resultat", "point_bas", "Point bas de trésorerie : …"),
    _D("a_trouver.investissement", "resultat", "a_trouver", "À trouver pour l'investissement"),
    _D("a_trouver.exploitation", "resultat", "a_trouver", "À trouver en trésorerie (exploitation, prêt, fin du titre)"),
    _D("a_trouver.total", "resultat", "a_trouver", "À trouver en tout"),
    _D("a_trouver.definitif", "resultat", "a_trouver", "dont jamais rendu avant la fin de l'étude"),
    _D("a_trouver.attente", "resultat", "a_trouver", "dont rendu plus tard (aides et soldes attendus)"),
    _D("a_trouver.interets_decouvert", "resultat", "a_trouver", "Intérêts qu'un découvert de ce montant porterait (indication)"),
)
# fmt: on

_NOMS = {"acteur": r"(?s:.+)"}
"""What a brace may stand for; an identifier unless it is said here."""


@cache
def _exactes() -> dict[str, LigneDeclaree]:
    return {x.modele: x for x in LIGNES if "{" not in x.modele}


@cache
def _modeles() -> tuple[tuple[re.Pattern[str], LigneDeclaree], ...]:
    """Patterns with a name in them; those of the closers first, since an identifier holds no dot."""

    def motif(modele: str) -> str:
        textes = re.split(r"\{(\w+)\}", modele)
        return "".join(f"({_NOMS.get(t, '[^.]+')})" if rang % 2 else re.escape(t) for rang, t in enumerate(textes))

    return tuple((re.compile(motif(x.modele)), x) for x in LIGNES if "{" in x.modele)


@lru_cache(maxsize=4096)
def declaration(code: str) -> tuple[LigneDeclaree, str]:
    """Declaration of a code, and the name that its pattern holds, empty for a code written whole.

    Raises:
        ErreurCalcul: a code outside the register; the nearest ones are offered.
    """
    exacte = _exactes().get(code)
    if exacte is not None:
        return exacte, ""
    for motif, declaree in _modeles():
        trouve = motif.fullmatch(code)
        if trouve:
            return declaree, trouve[1]
    proches = get_close_matches(code, [x.modele for x in LIGNES], n=3, cutoff=0.4)
    conseil = f" Peut-être : {', '.join(proches)}." if proches else ""
    raise ErreurCalcul(
        f"La ligne « {abreger(code)} » n'est pas au registre.{conseil} La déclarer dans modele/registre_des_lignes.py, "
        "avec son poste : une ligne sans poste ne serait comptée nulle part."
    )


@lru_cache(maxsize=4096)
def libelle(code: str, nom: str = "") -> str:
    """Label of a line, completed by a name of the study, or the variant that a word chooses.

    Raises:
        IdentiteRompue: a label that lacks its name, or a name that the label has no place for.
    """
    declaree, _ = declaration(code)
    trouve = declaree.libelle_de(nom)
    if not trouve:
        raise mal_nommee(code, nom, declaree)
    return trouve


@lru_cache(maxsize=4096)
def porte(code: str, libelle: str) -> bool:
    """Whether a label is one that the register gives to a line, whatever name of the study it holds."""
    return declaration(code)[0].porte(libelle)


def mal_nommee(code: str, nom: str, declaree: LigneDeclaree) -> IdentiteRompue:
    """Refusal of a line that has another name than its own."""
    dite = f"s'appelle « {nom or 'sans nom'} », et « {declaree.libelle} »"
    return IdentiteRompue(f"La ligne « {code} » {dite} au registre des lignes.")


def nommer(code: str, grandeur: Grandeur, nom: str = "") -> Grandeur:
    """A quantity under the label and the unit of its line: for what a sentence quotes before the ledger holds it."""
    return grandeur.nommer(*_libelle_et_unite(code, nom))


@lru_cache(maxsize=4096)
def _libelle_et_unite(code: str, nom: str) -> tuple[str, str]:
    return libelle(code, nom), declaration(code)[0].unite
