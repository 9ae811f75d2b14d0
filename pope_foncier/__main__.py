"""Run as ``python -m pope_foncier``."""

from pope_foncier.cli import principal

principal()
