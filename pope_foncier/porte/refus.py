"""Refusals that belong to the door: a figure that has no value, a name that the package does not have."""

from __future__ import annotations

from pope_foncier.socle.erreurs import ErreurCalcul


class Indetermine(ErreurCalcul):
    """Undetermined figure: closing the plan would change it, so the plan as it stands gives it no value; or there is no place.

    >>> import pope_foncier as pf
    >>> tel_quel = pf.ouvrir("gare_saint_denis").calculer("tel_quel")
    >>> try:
    ...     tel_quel.serie("tresorerie.cumul")
    ... except pf.Indetermine as erreur:
    ...     print(erreur)  # doctest: +ELLIPSIS
    « tresorerie.cumul » est indéterminé sur le plan tel quel : le plan ne boucle pas : ... à trouver. ...
    """


class MauvaisObjet(ErreurCalcul, TypeError):
    """Object of another kind than the one expected; a ``TypeError`` too."""
