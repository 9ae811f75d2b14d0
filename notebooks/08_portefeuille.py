# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Portefeuille : plusieurs lieux dans une même société
#
# Les membres du PôPE souhaitent mettre en commun l'investissement, la trésorerie et des emplois. Une même société peut tenir
# plusieurs lieux : une SCI solidaire qui les loue, ou une Scic qui les achète et y exploite les crèches. Que gagne-t-on à
# réunir, et que fait aux autres un lieu qui ferme ou une aide qui tarde ?
#
# Les deux sociétés de ce carnet sont des démonstrations : aucune n'existe, leur capital, leurs postes et leur réserve sont des
# hypothèses écrites dans leur fichier.
#
# Le capital de la société boucle les plans des lieux, partagé selon ce qui manque à chacun. Ce qu'il ne couvre pas reste « à trouver » : il
# manque à la trésorerie, et la commune ne le rembourse pas.
#
# ## 1. Une SCI solidaire tient deux coques et les loue

# %%
import pope_foncier as pf

sci = pf.carnets.portefeuille("sci_plaine_commune")
sci.image()

# %%
sci.tables()

# %% [markdown]
# ## 2. Une Scic achète et exploite
#
# Elle partage aussi des postes : une direction pour deux petites crèches, dans les bornes de la loi. L'économie reste à la
# société ou revient aux communes, selon ce que dit le fichier.

# %%
scic = pf.carnets.portefeuille("scic_plaine_commune")
scic.image()

# %%
scic.tables()

# %% [markdown]
# Le tableau du risque tire mille fois chaque lieu. Réunis, les mauvais tirages de l'un rencontrent rarement ceux de l'autre :
# le risque de manquer baisse, sans disparaître ; la dernière colonne donne le capital qui le ramène à une fois sur dix.
#
# ## Ce que l'on ne sait pas encore
#
# La rédaction, en vigueur depuis septembre 2026, de la règle qui permet de partager une direction ; si le temps de santé se
# partage aussi ; ce que coûterait le licenciement de l'équipe d'un lieu qui ferme ; ce que vaudrait le lieu revendu ; si la
# Caf et les prêteurs acceptent une société qui réunit plusieurs lieux.
#
# **Que faire ensuite.** Remplacer les deux coques par des lieux réels (`data/portefeuilles/`), demander aux gestionnaires le coût
# de leurs postes, convenir avec le financeur solidaire des mois de réserve, et relancer ce carnet.
