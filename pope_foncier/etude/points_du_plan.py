"""Points of a plan to confirm: what its sheet leaves out or takes for granted, and rates quoted for another term."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from pope_foncier.acquisition.entree import taxe_sur_l_activite
from pope_foncier.acquisition.titres import titre_de
from pope_foncier.aides.cumul import autre_regle_publique, regle_publique
from pope_foncier.aides.fctva import QUI, conditions_du_fctva
from pope_foncier.aides.reversement import inconnu_a_la_fin
from pope_foncier.baremes.modele import ValeurDatee
from pope_foncier.etude.resultats import Vue
from pope_foncier.modele.financement import Achat
from pope_foncier.modele.modes import MODES_PSU
from pope_foncier.modele.registre_des_lignes import libelle
from pope_foncier.prets.produits import CHAMPS
from pope_foncier.prets.tranches_de_taux import en_clair, tranche_de
from pope_foncier.prets.verification import ecarts_du_produit
from pope_foncier.socle.nombres import euros, pourcent

Point = tuple[str, str, str, str]
"""What, value retained, why, whom to ask."""
HEURES_DE_PREPARATION = "exploitation.psu.heures_de_preparation"
BONUS_PLACES_EXISTANTES = "exploitation.bonus.territoire_place_existante"
"""Income of the Caf without a published amount."""


def points_du_plan(vue: Vue) -> Iterator[Point]:
    """Points of one scenario, in the order of the plan."""
    yield from _titre(vue)
    yield from _achat(vue)
    yield from _fctva(vue)
    yield from _part_publique(vue)
    yield from _travaux(vue)
    yield from _reversements(vue)
    yield from _taux(vue)
    yield from _produits(vue)
    yield from _exploitation(vue)


def _titre(vue: Vue) -> Iterator[Point]:
    etude = vue.ev.ctx.etude
    titre, fiche = etude.titre_occupation, titre_de(etude.titre_occupation.genre)
    proprietaire = etude.acteurs.proprietaire
    if fiche.voie in ("bail_simple", "convention"):
        for valeur, quoi, etat in (
            (titre.tva_part, libelle("tresorerie.loyer.tva"), "non comptée"),
            (titre.charges_m2_an, libelle("tresorerie.loyer.charges"), "non comptées"),
            (titre.depot_garantie_mois, libelle("besoins.depot_garantie"), "non compté"),
        ):
            if valeur is None:
                yield quoi, etat, "champ absent de la section « titre_occupation »", proprietaire
    if fiche.voie == "convention" and titre.remise_en_etat_m2 is None:
        pourquoi = "une convention demande souvent de rendre les lieux dans leur premier état ; coût inconnu"
        yield "Remise en état des lieux à la fin de la convention", "non comptée", pourquoi, proprietaire
    seuil = vue.valeur(vue.ev.ctx.bareme("fiscalite.mutation.bail_long_seuil_mois"))
    cal = vue.ev.calendrier
    if fiche.voie == "convention" and vue.valeur(cal.fin_titre) - vue.valeur(cal.debut_titre) > seuil:
        yield (
            "Publication et taxe d'une convention de plus de douze ans",
            "non comptées",
            "due pour un bail ; pour une convention, à lire avec le notaire, surtout avec droits réels",
            "le notaire",
        )
    if etude.bail_gestionnaire is not None and vue.valeur(cal.fin_usage) - vue.valeur(cal.ouverture) > seuil:
        yield (
            "Publication et taxe du bail au gestionnaire",
            "non comptées",
            "dues si ce bail est fait pour plus de douze ans, pas s'il est de neuf ans et renouvelé",
            "le notaire",
        )


def _achat(vue: Vue) -> Iterator[Point]:
    """Tax of Île-de-France on business premises, of a purchase whose sheet does not say what they are used for."""
    ctx = vue.ev.ctx
    for champ in ("acquisition", "achat_bailleur"):
        fiche: Achat | None = getattr(ctx.etude, champ)
        if fiche is None or fiche.locaux_d_activite_part is not None:
            continue
        taux = taxe_sur_l_activite(ctx, fiche.regime)
        exonere = fiche.droits_part_due is not None and fiche.droits_part_due.valeur == 0
        if taux is None or exonere:
            continue
        part, prix = vue.valeur(taux), vue.valeur(ctx.entree(f"{champ}.prix"))
        montant = "" if np.isnan(prix) else f", {euros(part * prix)}"
        yield (
            "Taxe additionnelle d'Île-de-France sur la vente d'un local d'activité",
            "non comptée",
            f"« {champ}.locaux_d_activite_part » absent : {pourcent(part)} du prix{montant} en plus si le local est un bureau, un "
            "commerce ou un lieu de stockage le jour de l'acte (code général des impôts, 1599 sexies)",
            "le notaire",
        )


def _fctva(vue: Vue) -> Iterator[Point]:
    """Conditions of the FCTVA that the sheet does not settle: it is counted, and to confirm."""
    for condition in conditions_du_fctva(vue.ev.ctx):
        if condition.etat == "a_verifier":
            yield f"FCTVA : {condition.quoi}", "compté, à vérifier", condition.pourquoi, QUI


def _part_publique(vue: Vue) -> Iterator[Point]:
    """What the other reading of who leads would leave to public persons, for a client that their share binds."""
    publiques = [(s, t) for s in vue.ev.subventions for t in s.candidats if t.publique]
    if not publiques:
        return
    suivie, autre = regle_publique(vue.ev.ctx), autre_regle_publique(vue.ev.ctx)
    en_tout = vue.valeur(publiques[0][1].montant)
    recu = sum(vue.valeur(s.subvention) + (0.0 if s.pret is None else vue.valeur(s.pret)) for s, _ in publiques)
    laisse = en_tout / vue.valeur(suivie.part) * vue.valeur(autre.part)
    yield (
        "Part des personnes publiques dans le financement",
        suivie.libelle,
        f"l'autre lecture, {autre.en_phrase}, leur laisserait {euros(laisse)} ; le plan en compte {euros(recu)}",
        "la préfecture",
    )


def _travaux(vue: Vue) -> Iterator[Point]:
    etude = vue.ev.ctx.etude
    if etude.travaux.assurances_part is None:
        pourquoi = "« travaux.assurances_part » absent : la TVA est comptée sur la prime, qui n'en porte pas"
        yield "Assurance dommages-ouvrage", "dans les études", pourquoi, "l'assureur"
    if not etude.delais.phases and etude.delais.reception_ouverture_mois is None:
        pourquoi = "« delais.reception_ouverture_mois » absent : on ouvre le mois de la réception"
        yield "Délai entre la réception des travaux et l'ouverture", "aucun", pourquoi, "la PMI et la commune"
    yield from _renouvellement(vue)
    if etude.exploitation is not None and etude.demarrage is None:
        pourquoi = "section « demarrage » absente : direction, recrutement et communication avant l'ouverture"
        yield "Frais de démarrage", "non comptés", pourquoi, etude.acteurs.gestionnaire


def _renouvellement(vue: Vue) -> Iterator[Point]:
    """Equipment whose life ends before the use of the premises: its purchase again is in no line."""
    ctx, cal = vue.ev.ctx, vue.ev.calendrier
    vie = vue.valeur(ctx.entree("travaux.duree_vie_equipement_mois"))
    usage = min(vue.valeur(cal.fin_usage), float(ctx.echelle.duree_mois)) - vue.valeur(cal.ouverture)
    fois = math.ceil(usage / vie) - 1 if vie > 0 and usage > 0 else 0
    prix = vue.montant("besoins.equipement")
    if fois > 0 and not prix <= 0:
        yield (
            "Équipement à racheter",
            "non compté",
            f"il dure {vie:.0f} mois et le lieu sert {usage:.0f} mois : {fois} rachat{'s' if fois > 1 else ''} de {euros(prix)} "
            "aux prix de l'ouverture, à provisionner ; après cette durée, plus rien n'est amorti",
            ctx.etude.acteurs.gestionnaire,
        )


def _reversements(vue: Vue) -> Iterator[Point]:
    """Grants counted whose refund at the end of the use is unknown, when the use ends within the study."""
    ctx, cal = vue.ev.ctx, vue.ev.calendrier
    fin = vue.valeur(cal.fin_usage)
    if np.isnan(fin) or fin > ctx.echelle.duree_mois or ctx.etude.titre_occupation.renouvellement is not None:
        return
    quand = ctx.echelle.mois_en_clair(int(fin) - 1)
    for aide in vue.ev.subventions:
        dispositif = aide.aide.dispositif
        fiche = ctx.catalogue.fichier(f"subventions.{dispositif}").dispositif if dispositif else None
        if vue.valeur(aide.subvention) != 0 and inconnu_a_la_fin(ctx, aide.aide, fiche):
            yield (
                f"Reversement à la fin de l'usage : {aide.aide.libelle}",
                "inconnu",
                f"l'usage finit en {quand} ; durée d'engagement ou règle de reversement non dites : rien n'est compté",
                aide.aide.financeur,
            )


def _taux(vue: Vue) -> Iterator[Point]:
    """Loans whose term leaves the band that their rate was published for."""
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    for pret in etude.prets:
        if pret.tranche_taux is None or pret.duree_mois is None:
            continue
        duree = vue.valeur(ctx.entree(f"prets[{pret.id}].duree_mois"))
        if np.isnan(duree):
            continue
        attendue, publie = tranche_de(ctx.catalogue, duree, etude.date_demande)
        revisable = pret.tranche_taux == "variable" and pret.indexation is not None and attendue != "moins_2_ans"
        if pret.tranche_taux != attendue and not revisable:
            yield (
                f"{pret.libelle} : taux d'une autre durée",
                f"taux de « {en_clair(pret.tranche_taux)} » pour {duree:.0f} mois",
                f"dernier taux moyen publié de « {en_clair(attendue)} » : {pourcent(float(publie.valeur))}, "
                f"{publie.periode_en_clair()}",
                pret.preteur,
            )


def _produits(vue: Vue) -> Iterator[Point]:
    """What a loan asks of its product that nobody published, or that its figures of the day no longer keep."""
    ctx = vue.ev.ctx
    etude = ctx.variantes[vue.rang if len(ctx.variantes) > 1 else 0]
    dettes = {d.id: d for d in vue.ev.dettes}
    for pret in etude.prets:
        if pret.produit is None:
            continue
        champs = {n: c for n, c in CHAMPS.items() if n != "montant" and getattr(pret, c) is not None}
        mesures = {n: vue.valeur(ctx.entree(f"prets[{pret.id}].{c}")) for n, c in champs.items()}
        capital = vue.valeur(dettes[pret.id].capital)
        mesures["montant"] = capital
        autres = sum(vue.valeur(d.capital) for d in vue.ev.dettes if d.id != pret.id)
        autres += sum(vue.valeur(a.montant) for a in vue.ev.apports if a.est_apport)
        connues = {n: v for n, v in mesures.items() if not np.isnan(v)}
        besoin = vue.valeur(vue.ev.plan.besoins)
        lus = (
            None if np.isnan(besoin) or besoin <= 0 else besoin,
            None if np.isnan(autres) or capital <= 0 else autres,
        )
        for ecart in ecarts_du_produit(etude, pret, ctx.catalogue, connues, *lus):
            statut = "indéterminé" if ecart.statut == "indetermine" else "hors du produit"
            yield f"{pret.libelle} : borne du produit", statut, ecart.message, pret.preteur


def _exploitation(vue: Vue) -> Iterator[Point]:
    etude = vue.ev.ctx.etude
    exploitation = etude.exploitation
    if exploitation is None:
        return
    if exploitation.paje is not None and exploitation.paje.part_familles_eligibles is None:
        yield (
            "Condition d'activité des parents (CMG)",
            "supposée remplie par toutes les familles",
            "« exploitation.paje.part_familles_eligibles » absent : le CMG demande qu'un des parents travaille, ou soit dans un cas assimilé",
            etude.acteurs.gestionnaire,
        )
    if etude.mode_accueil not in MODES_PSU:
        return
    if exploitation.taux_facturation is None:
        bas = vue.valeur(vue.ev.ctx.bareme("exploitation.psu.taux_facturation_bas"))
        yield (
            "Taux de facturation (heures facturées ÷ heures réalisées)",
            f"supposé d'au plus {pourcent(bas, 0)}",
            "« exploitation.taux_facturation » absent : le plafond de la PSU est pris entier ; au-dessus, il baisse",
            etude.acteurs.gestionnaire,
        )
    for du in recettes_inconnues(vue):
        yield du.libelle, "inconnu", f"{du.note} ; rien n'est compté", etude.acteurs.caf_locale


def recettes_inconnues(vue: Vue) -> tuple[ValeurDatee, ...]:
    """Income of the Caf that is due and whose amount nobody published: named, so that nobody takes it for zero.

    An amount that the study states (``produits_annexes`` of the same identifier) takes its place.
    """
    ctx, exploitation = vue.ev.ctx, vue.ev.ctx.etude.exploitation
    if exploitation is None or ctx.etude.mode_accueil not in MODES_PSU:
        return ()
    dites, existantes = {p.id for p in exploitation.produits_annexes}, ctx.etude.territoire.places_existantes
    agrandit = existantes is not None and existantes.valeur != 0
    dues = {"heures_de_preparation": HEURES_DE_PREPARATION} | (
        {"bonus_places_existantes": BONUS_PLACES_EXISTANTES} if agrandit else {}
    )
    lues = [ctx.catalogue.bareme(chemin).valeurs for id, chemin in dues.items() if id not in dites]
    return tuple(v for valeurs in lues for v in valeurs if v.couvre(ctx.etude.date_demande) and v.valeur is None)
