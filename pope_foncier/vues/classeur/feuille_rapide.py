"""Sheet of the library that takes a formula as it is written: no function of ours is of the dynamic kind that it looks for in each cell."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


class FeuilleRapide(Worksheet):  # type: ignore[misc]
    """Sheet with hundreds of thousands of formulas."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")
