"""Drawings made by the tests, in the unit that each asks, and what is read of them."""

from pope_foncier.lieu.fichiers.dxf import lire_dxf

INSUNITS = {"m": (6, 1.0), "cm": (5, 0.01), "mm": (4, 0.001), "pouce": (1, 0.0254), "pied": (2, 0.3048)}


def rectangle(x, y, long, haut):
    return [(x, y), (x + long, y), (x + long, y + haut), (x, y + haut)]


def dessin(unite="m", dit=True):
    """New drawing, and the function that brings metres to its unit."""
    code, metres = INSUNITS[unite]
    import ezdxf

    document = ezdxf.new("R2010")
    document.header["$INSUNITS"] = code if dit else 0
    return document, document.modelspace(), 1 / metres


def lu(tmp_path, document, **dits):
    chemin = tmp_path / "essai.dxf"
    document.saveas(chemin)
    return lire_dxf(chemin, **dits)


def metres_de(releve):
    return (releve.unite_probable or (releve.metres_par_unite,))[0]


def aires(releve, nature):
    k = metres_de(releve)
    return {o.nom: round(o.forme.area * k * k, 6) for o in releve.objets if o.nature == nature}
