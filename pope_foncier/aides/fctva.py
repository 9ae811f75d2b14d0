"""FCTVA of a local authority: what the law asks of the spending, and what a sheet leaves to the prefecture."""

from __future__ import annotations

from pope_foncier.acquisition.fiche import BailGestionnaire
from pope_foncier.acquisition.titres import PLEINE_PROPRIETE
from pope_foncier.aides.conditions import Etat
from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.financement import CompensationTva
from pope_foncier.modele.modes import ModeEtude
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.fiches import faute

QUI = "la préfecture et le trésorier de la commune"


@enregistrement
class ConditionFctva:
    """Condition of the FCTVA: what it asks, its state, and why."""

    quoi: str
    etat: Etat
    pourquoi: str


def refuser(fiche: CompensationTva, forme: str, mode: ModeEtude, bail: BailGestionnaire | None) -> None:
    """Refuse a FCTVA that the sheet itself excludes.

    Owner other than a local authority (L. 1615-2 CGCT); rent with VAT, whose works give a deduction (R. 1615-2); maison d'assistants maternels,
    which the ministry leaves out, unless the prefecture admits it.

    Raises:
        PydanticCustomError: what excludes it, and what to write.
    """
    if fiche.nature != "fctva":
        return
    if forme != "collectivite":
        raise faute(
            "le FCTVA ne va qu'à une collectivité maître d'ouvrage.",
            "retirer « compensation_tva », ou choisir « forme_maitre_ouvrage: collectivite ».",
        )
    if bail is not None and bail.tva:
        raise faute(
            "le FCTVA et un loyer avec TVA s'excluent : la TVA des travaux se déduit alors (CGCT, R. 1615-2).",
            "écrire « compensation_tva: {nature: recuperation} », ou retirer « tva: true » du bail.",
        )
    if mode == "mam" and fiche.accord_prefecture is None:
        raise faute(
            "une maison d'assistants maternels n'ouvre pas droit au FCTVA selon le ministère (réponse 18034 du 25 février 2021).",
            "retirer « compensation_tva », ou écrire l'accord de la préfecture dans « compensation_tva.accord_prefecture ».",
        )


def conditions_du_fctva(ctx: Contexte) -> tuple[ConditionFctva, ...]:
    """Conditions of the FCTVA of a study, in order; none without one.

    The spending is on a property of the authority, and no VAT is deducted on it. Since 2021 a third party may hold the premises, when its activity
    gives no right to deduct (L. 1615-13 CGCT). What the text leaves open is settled by the prefecture alone.
    """
    fiche = ctx.etude.compensation_tva
    if fiche is None or fiche.nature != "fctva":
        return ()
    lues = (_patrimoine(ctx), _hors_tva(ctx.etude.bail_gestionnaire), _occupant(ctx))
    if fiche.accord_prefecture is None:
        return lues
    accord = f"accord de la préfecture : {fiche.accord_prefecture}"
    return tuple(x if x.etat == "remplie" else ConditionFctva(x.quoi, "remplie", accord) for x in lues)


def _patrimoine(ctx: Contexte) -> ConditionFctva:
    """Works on its own property: the walls of the owner who orders them, or those that an operator has bought."""
    quoi, bail = "dépense sur un bien de la collectivité", ctx.etude.bail_gestionnaire
    proprietaire = ctx.etude.acteurs.maitre_ouvrage == "proprietaire" and (bail is None or bail.bailleur is None)
    if proprietaire or ctx.etude.titre_occupation.genre in PLEINE_PROPRIETE:
        return ConditionFctva(quoi, "remplie", "elle est propriétaire des murs")
    return ConditionFctva(
        quoi, "a_verifier", "travaux faits chez un tiers : la collectivité n'est pas propriétaire des murs"
    )


def _hors_tva(bail: BailGestionnaire | None) -> ConditionFctva:
    """No VAT deducted: a rent without VAT, which the law taxes when premises are let fitted out for a profession."""
    quoi = "TVA non récupérée autrement"
    if bail is None or bail.loyer == "gratuit":
        return ConditionFctva(quoi, "remplie", "aucun loyer")
    pourquoi = "loyer compté sans TVA : un local loué aménagé pour un usage professionnel la porte en principe"
    return ConditionFctva(quoi, "a_verifier", pourquoi)


def _occupant(ctx: Contexte) -> ConditionFctva:
    """Whoever holds the premises deducts no VAT: a crèche is exempt; a MAM stands here only with the word of the prefecture."""
    quoi = "occupant sans droit à déduire la TVA"
    if ctx.etude.mode_accueil == "mam":
        return ConditionFctva(quoi, "a_verifier", "maison d'assistants maternels, exclue selon le ministère")
    seul = ctx.etude.acteurs.gestionnaire == ctx.etude.acteurs.commune
    return ConditionFctva(
        quoi, "remplie", "crèche de la commune" if seul else "crèche exonérée de TVA, confiée à un tiers"
    )
