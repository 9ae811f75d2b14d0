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
# # Atelier commune
#
# Régler trois scénarios côte à côte avec quelques leviers et la façon dont la Ville paie chaque année, voir qui donne quoi, ce qui
# reste à trouver et ce que la Ville paierait en tout, voter, noter la décision. Lancer la cellule ci-dessous, ou ouvrir la même page
# dans le navigateur avec `make atelier`.
#
# Ce qui est proposé, voté ou noté va dans le journal de l'étude, sous `sorties/ateliers`.

# %%
import pope_foncier as pf

pf.atelier("commune")
