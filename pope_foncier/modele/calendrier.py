"""Calendar: start of works, reception, opening, end of tenure, and the month masks that follow."""

from __future__ import annotations

from pope_foncier.modele.contexte import Contexte
from pope_foncier.modele.planning import Planning, au_mois_suivant, placer
from pope_foncier.socle import vocabulaire
from pope_foncier.socle.enregistrements import enregistrement
from pope_foncier.socle.grandeur import Grandeur, dire, maximum


@enregistrement
class Calendrier:
    """Dates as month ranks, shape (…, 1), and masks over months (0 or 1), shape (…, M)."""

    debut_travaux: Grandeur
    debut_titre: Grandeur
    """Start of the tenure and of its rent: that of the works, or the handover of premises that their owner makes."""
    reception: Grandeur
    """Reception of the works: that of the opening, unless the study or its phases set them apart."""
    ouverture: Grandeur
    fin_titre: Grandeur
    """End of the first term of the tenure."""
    fin_usage: Grandeur
    """End of the use of the premises: that of the tenure, or of the study when it is renewed term after term."""
    en_etudes: Grandeur
    en_travaux: Grandeur
    occupe: Grandeur
    """Premises held by who orders the works: from the start of works to the end of the use."""
    loue: Grandeur
    """Premises held by the tenure: from its start to the end of the use."""
    ouvert: Grandeur
    """Crèche open: from the opening to the end of the use."""
    avant_ouverture: Grandeur
    """Before the opening: what is paid then belongs to the investment."""
    milieu_travaux: Grandeur
    """Middle of the works, which a payment may follow."""
    planning: Planning | None = None
    """Phases, when the study gives them."""


def etablir(ctx: Contexte) -> Calendrier:
    """Build the calendar of a study: studies, then works, then what leads to the opening, then operation until the tenure ends.

    The phases of the study, when it has some, set the start of works and the opening (whole months, rounded up).
    """
    duree = ctx.entree("titre_occupation.duree_mois")
    avant = ctx.partager("dates", ("delais",), _dater)
    debut_titre = avant.reception if livre_amenage(ctx) else avant.debut_travaux
    usage = fin = (debut_titre + duree).nommer("Fin du titre d'occupation", _APRES)
    if ctx.etude.titre_occupation.renouvellement is not None:
        usage = maximum(fin, float(ctx.echelle.duree_mois)).nommer("Fin d'usage, titre renouvelé", _APRES)
    return Calendrier(
        avant.debut_travaux,
        debut_titre,
        avant.reception,
        avant.ouverture,
        fin,
        usage,
        en_etudes=avant.en_etudes,
        en_travaux=avant.en_travaux,
        occupe=entre(ctx, avant.debut_travaux, usage).nommer("Mois d'occupation", ""),
        loue=entre(ctx, debut_titre, usage).nommer("Mois de titre", ""),
        ouvert=entre(ctx, avant.ouverture, usage).nommer("Mois d'ouverture", ""),
        avant_ouverture=avant.avant_ouverture,
        milieu_travaux=avant.milieu_travaux,
        planning=avant.planning,
    )


_APRES = "mois après le départ"


@enregistrement
class _Dates:
    """What does not depend on the tenure."""

    debut_travaux: Grandeur
    reception: Grandeur
    ouverture: Grandeur
    en_etudes: Grandeur
    en_travaux: Grandeur
    avant_ouverture: Grandeur
    milieu_travaux: Grandeur
    planning: Planning | None


def _dater(ctx: Contexte) -> _Dates:
    """Dates of the studies, of the works and of the opening, from the delays of the study."""
    planning = placer(ctx) if ctx.etude.delais.phases else None
    if planning:
        debut = au_mois_suivant(planning.du_role("travaux").debut, "Début des travaux")
        reception = au_mois_suivant(planning.du_role("travaux").fin, "Réception des travaux")
        ouverture = au_mois_suivant(planning.du_role("ouverture").debut, "Ouverture")
    else:
        etudes = ctx.entree("delais.etudes_mois")
        debut, fait = etudes.nommer("Début des travaux", _APRES), etudes + ctx.entree("delais.travaux_mois")
        reception = ouverture = fait.nommer("Ouverture", _APRES)
        if ctx.etude.delais.reception_ouverture_mois is not None:
            reception = fait.nommer("Réception des travaux", _APRES)
            ouverture = (reception + ctx.entree("delais.reception_ouverture_mois")).nommer("Ouverture", _APRES)
    ouverture = ctx.choquer("calendrier.ouverture", ouverture)
    depart = Grandeur(0.0, "Départ", "mois")
    milieu = vocabulaire.plancher((debut + reception) / 2.0)
    return _Dates(
        debut,
        reception,
        ouverture,
        en_etudes=entre(ctx, depart, reception).nommer("Mois d'études et de travaux", ""),
        en_travaux=entre(ctx, debut, reception).nommer("Mois de travaux", ""),
        avant_ouverture=entre(ctx, depart, ouverture).nommer("Mois avant l'ouverture", ""),
        milieu_travaux=dire(milieu, "milieu de [{}] et [{}]", debut, reception),
        planning=planning,
    )


def livre_amenage(ctx: Contexte) -> bool:
    """Whether the operator takes premises that their owner makes: it pays no rent for a place under works."""
    etude = ctx.etude
    return etude.acteurs.maitre_ouvrage == "proprietaire" and etude.bail_gestionnaire is None


def entre(ctx: Contexte, debut: Grandeur, fin: Grandeur) -> Grandeur:
    """Mask of the months from ``debut`` (included) to ``fin`` (excluded), shape (…, M); unknown when a bound is."""
    return vocabulaire.entre(ctx.mois, debut, fin)


def au_mois(ctx: Contexte, montant: Grandeur, rang: Grandeur) -> Grandeur:
    """Pay an amount in one month; beyond the horizon it is not paid; an unknown month leaves the payment unknown."""
    return vocabulaire.au_mois(ctx.mois, montant, rang)
