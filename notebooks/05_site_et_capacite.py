# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Le lieu : combien de places, et qu'est-ce qui limite ?
#
# La question d'un architecte est souvent posée à l'envers : voici des mètres carrés, que peut-on y faire ? Ce carnet part
# d'un lieu et d'un plan, lit ce que la loi admet, ce qu'un programme confortable demande, et ce qui reste à vérifier sur
# place.
#
# Aucun plan de l'ancien bâtiment voyageurs de Saint-Denis n'est publié : **les deux plans de ce carnet sont supposés**, et
# le disent sur chaque dessin. La position et la densité du carreau, elles, sont des faits.

# %% tags=["parameters"]
site = "gare_saint_denis"
plan = "gare_saint_denis_suppose"
variante = "gare_saint_denis_cour"
etude = "gare_saint_denis"
mode = "multi_accueil"
depot = "2026-12-01"

# %%
import pope_foncier as pf

carnet = pf.carnets.site(site, depot, mode, plan)
carnet.titre()

# %% [markdown]
# ## 1. Le plan, à l'échelle
#
# `pope-foncier plan` écrit le même dessin en SVG et en PDF, et le plan en GeoJSON pour la CAO.

# %%
carnet.image_plan()

# %%
carnet.mesures()

# %% [markdown]
# Déplacer une cloison à la main, voir aussitôt les surfaces, les places et les contrôles, annuler, puis garder le plan en YAML :
# `pf.carnets.editer(plan)` ouvre le plan avec ses poignées ; l'atelier de l'architecte le fait aussi.

# %% [markdown]
# ### Autour du lieu
#
# La carte se dessine sans réseau, avec ce que le projet sait et les fichiers donnés (`couches={"arrets": "gares.geojson"}`) ; elle
# dit ce qui lui manque.

# %%
carte = pf.carnets.carte(site, plan, date=depot)
carte.carte()

# %%
carte.alentours()

# %% [markdown]
# ## 2. Les places, et ce qui limite
#
# Le texte qui dit quels mètres carrés comptent n'a pas été vu en entier : trois lectures sont tenues. Si la lecture usuelle
# suffit, c'est admis ; si seule la lecture large suffit, c'est à faire confirmer par la PMI.

# %%
carnet.places()

# %%
carnet.modes("multi_accueil", "micro_creche", "creche_parentale", "creche_familiale", "mam")

# %% [markdown]
# Une cour change le calcul en zone très dense : elle remplace la surface intérieure supplémentaire due par la catégorie.

# %%
pf.carnets.site(site, depot, mode, variante).places()

# %%
carnet.image_plan(plan, variante)

# %% [markdown]
# ### Les variantes côte à côte
#
# Chaque variante est l'étude menée sur un plan. Aucune n'est classée : ce qui n'est pas tenu est à corriger, ce qui est inconnu à
# demander. `variantes.ecrire("variantes.pdf")` en fait une planche A3.

# %%
variantes = pf.carnets.variantes(etude, plan, variante)
variantes.cartes()

# %%
variantes.table()

# %% [markdown]
# ## 3. Marche par marche

# %%
carnet.image_marches()

# %%
carnet.marches()

# %% [markdown]
# ## 4. Les locaux
#
# D'abord ce que demande le nombre de places, puis un programme de départ (estimation, à remplacer pièce par pièce), puis le
# contrôle des pièces dessinées.

# %%
carnet.equipement()

# %%
carnet.programme()

# %%
carnet.pieces()

# %%
carnet.locaux()

# %% [markdown]
# Puis les portes, les fenêtres et les passages : issues selon les personnes présentes, accessibilité, jour, équipements, voisinage.
# [Ce qui est lu, comment, et d'après quel texte](../docs/regles_du_plan.md).

# %%
carnet.regles_du_plan()

# %% [markdown]
# Le même contrôle sur un programme publié, celui d'Orgeval (2013) : le nombre de places n'est pas dit, la surface d'enfants
# est donc comptée sans être comparée.

# %%
carnet.programme_publie("orgeval_2013")

# %% [markdown]
# ## 5. Les contraintes à lever

# %%
carnet.contraintes()

# %% [markdown]
# ## 6. Des lieux réels entre le confort et la loi
#
# Les places publiées tombent-elles entre le programme de confort et le maximum légal ? Ceux qui n'y tombent pas restent dans
# la liste.

# %%
carnet.lieux_publies()

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# Les chapitres II.1 (ce qui compte), III.3 (sommeil) et III.7 (extérieurs) de l'annexe de l'arrêté du 31 août 2021 n'ont pas
# été lus dans le texte : les seuils viennent de sources secondaires, marquées comme telles dans les barèmes.
#
# **Que faire ensuite.** Faire relever le bâtiment, remplacer le plan supposé par le relevé, et poser à la PMI les deux
# questions qui changent le nombre de places : le change et les circulations comptent-ils, et un espace à moins de 300 m
# peut-il être public ?
