# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Atelier architecte
#
# Choisir un lieu, un mode d'accueil, un genre de travaux ; bouger les surfaces et les places : le plan, la courbe des places, le
# coût et le calendrier suivent. Lancer la cellule ci-dessous, ou ouvrir la même page dans le navigateur avec `make atelier`.
#
# Ce qui est proposé, voté ou noté va dans le journal de l'étude, sous `sorties/ateliers`.

# %%
import pope_foncier as pf

pf.atelier("architecte")
