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
etudes = ["coque_la_courneuve", "gare_saint_denis"]

# %%
import pope_foncier as pf

carnet = pf.carnets.montages(*etudes)
carnet.matrice()

# %% [markdown]
# Une case « impossible » dit que la loi ou le lieu l'interdit ; « à confirmer », qu'une réponse manque. Les conditions des
# aides s'appliquent telles qu'elles sont écrites : une convention de dix ans perd la Piaje, dont l'usage doit être tenu quinze
# ans. La coque de La Courneuve est une démonstration : surface, prix et loyers y sont des hypothèses.
#
# ## 1. La coque : ce qui est possible, et pourquoi

# %%
carnet.table("possibilites")

# %% [markdown]
# ## 2. Qui fait quoi, et ce que donne chaque titre
#
# Le titre décide de quatre choses à la fois : la garantie qu'un prêteur peut prendre, les taxes qui s'appliquent, la durée
# sur laquelle le prêt et les aides tiennent, et qui retrouve les murs à la fin.

# %%
carnet.table("qui")

# %%
carnet.table("titres")

# %% [markdown]
# ## 3. Ce que coûtent les murs, et le loyer qui ferme le compte
#
# Tant qu'un plan n'est pas financé, ce qu'il coûte ne dit pas tout. Le tableau dit ce qui manque à chacun (plan tel quel), puis comment
# il se boucle : ce que personne n'a promis reste « à trouver », lu comme une subvention, ou comme un capital quand le porteur loue au loyer
# d'équilibre. Ce qui est à trouver ne baisse ni le coût des murs ni ce loyer.

# %%
carnet.table("bouclage")

# %% [markdown]
# Le coût des murs compte tout ce que le gestionnaire et le porteur paient à d'autres, aides et revente déduites, garantie du
# prêt comprise. Le loyer d'équilibre ferme le compte du porteur au rendement qu'il veut, une part du loyer gardée en
# réserve ; le loyer supportable est le plus haut que le gestionnaire puisse payer sans dépasser la contribution que la
# commune accepte.

# %%
carnet.table("couts")

# %% [markdown]
# ## 4. Sur un même horizon
#
# Un bail de seize ans et une propriété ne se comparent pas sur leur seule durée. Le tableau mène chaque titre jusqu'à la fin
# de l'étude : il est renouvelé, le loyer monte, une part des travaux est refaite. C'est une lecture, pas un droit.

# %%
carnet.table("horizon")

# %% [markdown]
# ## 5. Ce qui reste à la commune
#
# Une commune achète sans droits de mutation et reçoit le FCTVA : à prix égal, elle est ici le porteur le moins coûteux. Si elle
# prête au lieu de louer, elle ne doit pas non plus la taxe foncière.
# Le tableau dit ce qu'elle avance et ce qu'elle paie chaque année, plan bouclé : elle ne rend pas, année après année, des travaux que
# personne n'a payés. Deux montages ne se comparent donc qu'avec ce qui leur reste à trouver, et par an et par place, car les titres
# ne durent pas tous autant.

# %%
carnet.table("commune")

# %% [markdown]
# ## 6. Les durées : titre, autorisation, prêt, engagement

# %%
carnet.image_frise()

# %% [markdown]
# ## 7. Qui paie qui : la SCI solidaire
#
# Les épargnants apportent le capital, reçoivent un rendement plafonné et gardent leurs parts au nominal. L'EPFIF, quand il
# porte le bien, le revend à ce qu'il a dépensé : son compte se ferme à zéro.

# %%
carnet.image_flux("sci_loue")

# %%
carnet.comptes("epfif_sci")

# %% [markdown]
# ## 8. Pour aller plus loin : chaque tableau se déplie
#
# Les taxes, la taxe sur les bureaux sous ses deux lectures, ce que change chaque point de droit à confirmer, ce que chacun
# possède à la fin, ce qui arrive si l'on part plus tôt.

# %%
carnet.table("taxes", plie=True)

# %%
carnet.table("bureaux", plie=True)

# %%
carnet.table("lectures", plie=True)

# %%
carnet.table("avoirs", plie=True)

# %%
carnet.table("retraits", plie=True)

# %% [markdown]
# ## 9. La gare de Saint-Denis : deux voies ouvertes, une à confirmer
#
# Sur le domaine public ferroviaire, seules les conventions sont ouvertes en l'état. Une vente par SNCF Immobilier suppose
# un déclassement ; son prix n'est pas connu, donc rien de ce qui en dépend ne l'est.

# %%
carnet.table("possibilites", site=1)

# %%
carnet.table("couts", site=1)

# %%
carnet.table("horizon", site=1)

# %%
carnet.table("lectures", site=1, plie=True)

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# Le prix et le loyer de chaque lieu ; la Piaje versée à une SCI ou à une foncière ; le redevable de la taxe sur les bureaux
# sans droit réel ; l'exonération de taxe d'aménagement d'une crèche associative ; le prix de sortie d'un portage ; si la commune
# garantirait le prêt d'une association, en tout si elle est d'intérêt général. Chaque montage dit à qui le demander.
#
# **Que faire ensuite.** Poser ces questions par écrit, remplacer les hypothèses de la section « foncier » de l'étude par les
# réponses, et relancer ce carnet. Pour réunir plusieurs lieux dans une même société : [08 Portefeuille](08_portefeuille.ipynb).
