"""Build step: the data and the notebooks of the repository travel inside the package of a wheel."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DOSSIERS = {"data": "_donnees", "notebooks": "_carnets"}
"""Folder of the repository, folder of the package (see ``pope_foncier/socle/chemins.py``)."""
GARDES = (".yaml", ".csv", ".ipynb", ".py")


class ConstruireAvecDonnees(build_py):
    """Usual build, then the data and the notebooks; an editable install reads them where they lie."""

    def run(self):
        """Build, then copy."""
        super().run()
        if not self.editable_mode:
            for source, copie in self._copies().items():
                Path(copie).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copie)

    def get_outputs(self, include_bytecode=True):
        """Files that the build makes, the copies included."""
        copies = [] if self.editable_mode else list(self._copies().values())
        return [*super().get_outputs(include_bytecode), *copies]

    def _copies(self):
        return {
            str(f): str(Path(self.build_lib, "pope_foncier", nom, f.relative_to(dossier)))
            for dossier, nom in DOSSIERS.items()
            for f in sorted(Path(dossier).rglob("*"))
            if f.suffix in GARDES and ".ipynb_checkpoints" not in f.parts
        }


setup(cmdclass={"build_py": ConstruireAvecDonnees})
