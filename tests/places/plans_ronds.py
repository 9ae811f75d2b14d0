"""Plans in round numbers that several tests draw."""

BATIMENT = """titre: Salles
statut: hypothese
base: "essai"
systeme: local
sans_cour: true
elements:
  - {{nature: batiment, points: [[0, 0], [20, 0], [20, 10], [0, 10]]}}
"""
"""Twenty metres by ten, without a yard: rooms come after, and what they say is filled in."""

DEUX_SALLES = (
    BATIMENT
    + """\
  - {{nature: piece, fonction: eveil, nom: Basse, hauteur_m: {hauteur}, points: [[0.5, 0.5], [10, 0.5], [10, 9.5], [0.5, 9.5]]}}
  - {{nature: piece, fonction: eveil, nom: Haute, hauteur_m: 3, points: [[10.5, 0.5], [17.5, 0.5], [17.5, 9.5], [10.5, 9.5]]}}
"""
)
