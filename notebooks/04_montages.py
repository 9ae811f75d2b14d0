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
# # Montages : qui doit tenir les murs ?
#
# La question du PôPE n'est pas seulement « combien », mais « qui doit tenir les murs ». Le même lieu peut être acheté par
# l'association, une SCI solidaire ou la commune, pris à bail long, loué, porté par un établissement foncier, ou occupé par
# convention. Chaque choix change les droits de mutation, la TVA, les taxes, les aides, la garantie, la durée de la dette,
# et ce qui reste à la fin.

# %% tags=["parameters"]
fichiers_etudes = ["../data/etudes/coque_la_courneuve.yaml", "../data/etudes/gare_saint_denis.yaml"]

# %%
from pope_foncier.vues.carnet_montages import CarnetMontages

carnet = CarnetMontages.ouvrir(fichiers_etudes)
carnet.matrice()

# %% [markdown]
# Une case « impossible » dit que la loi ou le lieu l'interdit ; « à confirmer », qu'une réponse manque. Les conditions des
# aides s'appliquent telles qu'elles sont écrites : une convention de dix ans perd la Piaje, dont l'usage doit être tenu quinze
# ans. La coque de La Courneuve est une démonstration : surface, prix et loyers y sont des hypothèses.
#
# ## 1. La coque : ce qui est possible, et pourquoi

# %%
carnet.table(0)

# %% [markdown]
# ## 2. Ce que coûtent les murs, et le loyer qui ferme le compte
#
# Le coût des murs compte tout ce que le gestionnaire et le porteur paient à d'autres, aides et revente déduites. Le loyer
# d'équilibre ferme le compte du porteur au rendement qu'il veut ; le loyer supportable est le plus haut que le gestionnaire
# puisse payer sans dépasser la contribution que la commune accepte.

# %%
carnet.table(1)

# %% [markdown]
# ## 3. Ce qui reste à la commune

# %%
carnet.table(2)

# %% [markdown]
# ## 4. Les taxes, et la taxe sur les bureaux sous ses deux lectures

# %%
carnet.table(3)

# %%
carnet.table(4)

# %% [markdown]
# ## 5. Les durées : titre, autorisation, prêt, engagement

# %%
carnet.image_frise()

# %% [markdown]
# ## 6. Qui paie qui : la SCI solidaire

# %%
carnet.image_flux("sci_loue")

# %% [markdown]
# ## 7. Si l'on part plus tôt

# %%
carnet.table(5)

# %% [markdown]
# ## 8. La gare de Saint-Denis : deux voies ouvertes, une à confirmer
#
# Sur le domaine public ferroviaire, seules les conventions sont ouvertes en l'état. Une vente par SNCF Immobilier suppose
# un déclassement ; son prix n'est pas connu, donc rien de ce qui en dépend ne l'est.

# %%
carnet.table(0, site=1)

# %%
carnet.table(1, site=1)

# %%
carnet.image_frise(site=1)

# %% [markdown]
# ## 9. Plusieurs lieux dans une même SCI
#
# Réunir les lieux met en commun le capital, la trésorerie et la gestion. Le tableau montre ce que fait aux autres un lieu
# qui se vide, ou une aide qui tarde, et ce qu'il en serait du lieu seul.

# %%
from pope_foncier.vues.carnet_montages import portefeuille

portefeuille("../data/portefeuilles/sci_plaine_commune.yaml")

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# Le prix et le loyer de chaque lieu ; la Piaje versée à une SCI ou à une foncière ; le redevable de la taxe sur les bureaux
# sans droit réel ; l'exonération de taxe d'aménagement d'une crèche associative ; le prix de sortie d'un portage. Chaque
# montage dit à qui le demander.
#
# **Que faire ensuite.** Poser ces questions par écrit, remplacer les hypothèses de la section « foncier » de l'étude par les
# réponses, et relancer ce carnet.
