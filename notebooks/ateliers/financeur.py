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
# # Atelier financeur
#
# Empiler des prêts et des aides, dire qui boucle le plan, l'éprouver d'un mot sur un financement arrêté, garder des structures côte
# à côte : l'échéancier, la trésorerie et les ratios suivent. Lancer la cellule ci-dessous, ou ouvrir la même page dans le navigateur
# avec `make atelier`.
#
# Ce qui est proposé, voté ou noté va dans le journal de l'étude, sous `sorties/ateliers`.

# %%
import pope_foncier as pf

pf.atelier("financeur")
