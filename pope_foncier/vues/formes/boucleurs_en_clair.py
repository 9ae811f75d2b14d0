"""Closer of a plan in French: who brings what, up to what, and on what terms."""

from __future__ import annotations

from typing import Any

from pope_foncier.modele.declaration import declaration_de, lire_champ
from pope_foncier.modele.donnee import Donnee
from pope_foncier.modele.fiche_bouclage import Boucleur
from pope_foncier.socle.fiches import Fiche
from pope_foncier.socle.nombres import formater


def boucleur_en_clair(boucleur: Boucleur) -> str:
    """Closer in French: who brings what, up to what, and on what terms."""
    combien = "tout ce qui manque encore"
    if boucleur.montant is not None:
        combien = _lue(boucleur, "montant")
    elif boucleur.part is not None:
        combien = f"{_lue(boucleur, 'part')} de ce qui manque"
    termes = [f"{boucleur.libelle}, {boucleur.nom_apporteur} : {combien}"]
    termes += [f"au plus {_lue(boucleur, 'plafond')}"] if boucleur.plafond is not None else []
    if boucleur.pret is not None:
        pret = boucleur.pret
        if pret.couverture_cible is not None:
            termes.append(f"tant que la dette est couverte {_lue(boucleur, 'pret.couverture_cible')} fois chaque année")
        termes += [f"au taux de {_lue(boucleur, 'pret.taux')}"] if pret.taux is not None else []
        termes += [f"sur {_lue(boucleur, 'pret.duree_mois')}, différé {_lue(boucleur, 'pret.differe_mois')}"]
    if boucleur.reprise_duree_mois is not None and boucleur.reprise_differe_mois is not None:
        differe, duree = (_lue(boucleur, c) for c in ("reprise_differe_mois", "reprise_duree_mois"))
        termes.append(f"repris en {duree} à partir de {differe} après le versement")
    termes += [f"travaux faits {_lue(boucleur, 'report_mois')} après l'ouverture"] if boucleur.report_mois else []
    return ", ".join(termes)


def _lue(fiche: Fiche, champ: str) -> str:
    """Value of an input of a sheet, by its path, in its unit, or where it is read."""
    donnee: Donnee[Any] = lire_champ(fiche, champ)
    if donnee.valeur is None:
        return donnee.bareme or "inconnu"
    return formater(float(donnee.valeur), declaration_de(fiche, champ).unite)
