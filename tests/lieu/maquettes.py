"""A small building model written by ifcopenshell, in millimetres, whose areas are known by hand."""

import math


class Maquette:
    """Two storeys and foundations, in no order: rooms, walls, a door and a window, quantities in several units.

    Ground floor: « 01 Salle d'éveil » 8 × 6 m less a shaft of 1 × 1, 47 m²; « 02 Dortoir » 4 × 6, 24 m², declared 26; outer walls
    of 0.20 m around both and the 0.10 m between them: 12.50 × 6.40, 80 m². Upper floor: « 11 Bureau » 5 × 4, 20 m², declared in
    square feet, under a sloping roof; « Terrasse » outdoors. North is 30° clockwise from the y axis.
    """

    def __init__(self, schema="IFC4", prefixe="MILLI", long_dortoir="Dortoir"):
        import ifcopenshell

        self.f = ifcopenshell.file(schema=schema)
        self.mm = 1000.0 if prefixe else 1.0
        unites = [
            self.f.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Prefix=prefixe, Name="METRE"),
            self.f.create_entity("IfcSIUnit", UnitType="AREAUNIT", Name="SQUARE_METRE"),
        ]
        nord = self.f.create_entity("IfcDirection", (math.sin(math.radians(30)), math.cos(math.radians(30))))
        self.contexte = self.f.create_entity(
            "IfcGeometricRepresentationContext", None, "Model", 3, 1e-5, self.axes(0, 0, 0), nord
        )
        projet = self.cree("IfcProject", Name="P", LongName="École démontée")
        projet.RepresentationContexts = [self.contexte]
        projet.UnitsInContext = self.f.create_entity("IfcUnitAssignment", unites)
        terrain, batiment = self.cree("IfcSite", Name="T"), self.cree("IfcBuilding", Name="B")
        etage, rez, fondations = (
            self.cree("IfcBuildingStorey", Name=n, Elevation=z * self.mm, place=self.lieu(0, 0, z))
            for n, z in (("Étage haut", 3.0), ("RDC", 0.0), ("Fondations", -1.2))
        )
        for tout, parties in ((projet, [terrain]), (terrain, [batiment]), (batiment, [etage, rez, fondations])):
            self.lie("IfcRelAggregates", tout, parties)
        self.pieces(rez, etage, long_dortoir)
        self.murs(rez)

    def cree(self, genre, place=None, **champs):
        import ifcopenshell.guid

        objet = self.f.create_entity(genre, GlobalId=ifcopenshell.guid.new(), **champs)
        if place is not None:
            objet.ObjectPlacement = place
        return objet

    def lie(self, genre, un, autres):
        a, b = {
            "IfcRelAggregates": (4, 5),
            "IfcRelContainedInSpatialStructure": (5, 4),
            "IfcRelDefinesByProperties": (5, 4),
        }[genre]
        lien = self.cree(genre)
        lien[a], lien[b] = un, autres

    def axes(self, x, y, z):
        return self.f.create_entity(
            "IfcAxis2Placement3D",
            self.f.create_entity("IfcCartesianPoint", [v * self.mm for v in map(float, (x, y, z))]),
        )

    def lieu(self, x, y, z):
        return self.f.create_entity("IfcLocalPlacement", None, self.axes(x, y, z))

    def courbe(self, points):
        return self.f.create_entity(
            "IfcPolyline",
            [self.f.create_entity("IfcCartesianPoint", [float(v) * self.mm for v in p]) for p in [*points, points[0]]],
        )

    def bloc(self, points, hauteur, trous=()):
        if trous:
            profil = self.f.create_entity(
                "IfcArbitraryProfileDefWithVoids", "AREA", None, self.courbe(points), [self.courbe(t) for t in trous]
            )
        else:
            profil = self.f.create_entity("IfcArbitraryClosedProfileDef", "AREA", None, self.courbe(points))
        vers = self.f.create_entity("IfcDirection", (0.0, 0.0, 1.0))
        return self.forme(
            "SweptSolid",
            self.f.create_entity("IfcExtrudedAreaSolid", profil, self.axes(0, 0, 0), vers, hauteur * self.mm),
        )

    def sous_rampant(self, x, y, bas, haut):
        """Solid of brep: a rectangle on the floor, a ceiling that rises from one height to the other."""
        s = [(0, 0, 0), (x, 0, 0), (x, y, 0), (0, y, 0), (0, 0, bas), (x, 0, haut), (x, y, haut), (0, y, bas)]
        sommets = [self.f.create_entity("IfcCartesianPoint", [float(v) * self.mm for v in p]) for p in s]
        faces = []
        for rangs in ((3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)):
            boucle = self.f.create_entity("IfcPolyLoop", [sommets[r] for r in rangs])
            faces.append(self.f.create_entity("IfcFace", [self.f.create_entity("IfcFaceOuterBound", boucle, True)]))
        return self.forme("Brep", self.f.create_entity("IfcFacetedBrep", self.f.create_entity("IfcClosedShell", faces)))

    def forme(self, genre, solide):
        corps = self.f.create_entity("IfcShapeRepresentation", self.contexte, "Body", genre, [solide])
        return self.f.create_entity("IfcProductDefinitionShape", None, None, [corps])

    def piece(self, etage, z, nom, long, coin, forme, **champs):
        place = self.lieu(*coin, z)
        return self.cree("IfcSpace", place, Name=nom, LongName=long, Representation=forme, **champs)

    def pieces(self, rez, etage, long_dortoir):
        rectangle = lambda x, y: [(0, 0), (x, 0), (x, y), (0, y)]  # noqa: E731
        gaine = [(3, 3), (4, 3), (4, 4), (3, 4)]
        eveil = self.piece(rez, 0, "01", "Salle d'éveil", (0, 0), self.bloc(rectangle(8, 6), 2.7, [gaine]))
        dortoir = self.piece(rez, 0, "02", long_dortoir, (8.1, 0), self.bloc(rectangle(4, 6), 2.5))
        bureau = self.piece(etage, 3, "11", "Bureau", (0, 0), self.sous_rampant(5, 4, 1.2, 3.0))
        terrasse = self.piece(etage, 3, "12", "Terrasse", (6, 0), self.bloc(rectangle(4, 4), 2.5))
        muette = self.cree("IfcSpace", self.lieu(0, 0, 0), Name="03", LongName="Réserve")
        for lieu, siennes in ((rez, [eveil, dortoir, muette]), (etage, [bureau, terrasse])):
            self.lie("IfcRelAggregates", lieu, siennes)
        self.quantite(eveil, "NetFloorArea", 47.0)
        self.propriete(dortoir, "Pset_SpaceCommon", "NetPlannedArea", 26.0)
        pied = self.f.create_entity(
            "IfcConversionBasedUnit",
            self.f.create_entity("IfcDimensionalExponents", 2, 0, 0, 0, 0, 0, 0),
            "AREAUNIT",
            "SQUARE FOOT",
            self.f.create_entity(
                "IfcMeasureWithUnit",
                self.f.create_entity("IfcAreaMeasure", 0.09290304),
                self.f.create_entity("IfcSIUnit", UnitType="AREAUNIT", Name="SQUARE_METRE"),
            ),
        )
        self.propriete(bureau, "GSA Space Areas", "GSA BIM Area", 20.0 / 0.09290304, pied)

    def quantite(self, objet, nom, valeur):
        q = self.f.create_entity("IfcQuantityArea", Name=nom, AreaValue=valeur)
        ensemble = self.cree("IfcElementQuantity", Name="Qto_SpaceBaseQuantities", Quantities=[q])
        self.lie("IfcRelDefinesByProperties", ensemble, [objet])

    def propriete(self, objet, ensemble, nom, valeur, unite=None, mesure="IfcAreaMeasure"):
        p = self.f.create_entity("IfcPropertySingleValue", nom, None, self.f.create_entity(mesure, valeur), unite)
        self.lie("IfcRelDefinesByProperties", self.cree("IfcPropertySet", Name=ensemble, HasProperties=[p]), [objet])

    def murs(self, rez):
        rect = lambda x0, y0, x1, y1: [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]  # noqa: E731
        traces = [
            rect(-0.2, -0.2, 12.3, 0),
            rect(12.1, 0, 12.3, 6),
            rect(-0.2, 6, 12.3, 6.2),
            rect(-0.2, 0, 0, 6),
            rect(8, 0, 8.1, 6),
        ]
        murs = [
            self.cree("IfcWall", self.lieu(0, 0, 0), Name=f"M{n}", Representation=self.bloc(t, 2.8))
            for n, t in enumerate(traces)
        ]
        porte = self.cree(
            "IfcDoor", self.lieu(0, 0, 0), Name="P1", OverallWidth=0.9 * self.mm, OverallHeight=2.1 * self.mm
        )
        fenetre = self.cree(
            "IfcWindow", self.lieu(0, 0, 0), Name="F1", OverallWidth=1.2 * self.mm, OverallHeight=1.1 * self.mm
        )
        for baie, mur, trace, z, haut in (
            (porte, murs[0], rect(2, -0.2, 2.9, 0), 0, 2.1),
            (fenetre, murs[2], rect(5, 6, 6.2, 6.2), 1.0, 1.1),
        ):
            trou = self.cree("IfcOpeningElement", self.lieu(0, 0, z), Representation=self.bloc(trace, haut))
            vide, plein = self.cree("IfcRelVoidsElement"), self.cree("IfcRelFillsElement")
            vide[4], vide[5], plein[4], plein[5] = mur, trou, trou, baie
        if self.f.schema != "IFC2X3":
            porte.OperationType = "DOUBLE_DOOR_SINGLE_SWING"
        self.propriete(porte, "Pset_DoorCommon", "FireExit", True, mesure="IfcBoolean")
        meuble = self.cree("IfcFurnishingElement", self.lieu(0, 0, 0), Name="Table")
        self.lie("IfcRelContainedInSpatialStructure", rez, [*murs, porte, fenetre, meuble])

    def ecrire(self, chemin):
        self.f.write(str(chemin))
        return chemin
