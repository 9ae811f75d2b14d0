"""Portfolio: several sites held by one company — pooled treasury, reserve and jobs, and what one failure does to the others."""

from pope_foncier.decision.portefeuille.assemblage import assembler, preparer_lieux, reunir
from pope_foncier.decision.portefeuille.employeur import employeur_commun
from pope_foncier.decision.portefeuille.ensemble import Ensemble, annees_du_depart
from pope_foncier.decision.portefeuille.epreuves import Creux, Epreuve, EtatReserve, eprouver, ferme
from pope_foncier.decision.portefeuille.fiche import (
    LignePortefeuille,
    NaturePoste,
    Portefeuille,
    PostePartage,
    RegleReserve,
    lire_portefeuille,
)
from pope_foncier.decision.portefeuille.hasard import ChampTire, ReglesRisque, lire_regles_risque, tirer
from pope_foncier.decision.portefeuille.lecture import lire_lieu
from pope_foncier.decision.portefeuille.lieu import Lieu, fermer
from pope_foncier.decision.portefeuille.postes import PosteCalcule, calculer_postes
from pope_foncier.decision.portefeuille.prepare import Prepare
from pope_foncier.decision.portefeuille.risque import Risque, Tresorerie, tirer_risque
from pope_foncier.decision.portefeuille.tirages import Tirages

__all__ = [
    "ChampTire",
    "Creux",
    "Ensemble",
    "Epreuve",
    "EtatReserve",
    "Lieu",
    "LignePortefeuille",
    "NaturePoste",
    "Portefeuille",
    "PosteCalcule",
    "PostePartage",
    "Prepare",
    "RegleReserve",
    "ReglesRisque",
    "Risque",
    "Tirages",
    "Tresorerie",
    "annees_du_depart",
    "assembler",
    "calculer_postes",
    "employeur_commun",
    "eprouver",
    "ferme",
    "fermer",
    "lire_lieu",
    "lire_portefeuille",
    "lire_regles_risque",
    "preparer_lieux",
    "reunir",
    "tirer",
    "tirer_risque",
]
