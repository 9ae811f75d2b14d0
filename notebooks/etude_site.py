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
# Ce carnet mène une étude-action d'un bout à l'autre : le lieu, les places, les travaux, qui tient les murs, le plan, la
# trésorerie, l'exploitation, les épreuves, et ce qui reste à savoir. Il se lance sur n'importe quelle étude :
#
#     pope-foncier etude data/etudes/coque_la_courneuve.yaml

# %% tags=["parameters"]
fichier_etude = "../data/etudes/coque_la_courneuve.yaml"

# %%
from pope_foncier.vues.carnet_etude import CarnetEtude

carnet = CarnetEtude.ouvrir(fichier_etude)
carnet.titre()

# %% [markdown]
# ## Le besoin, commune par commune

# %%
carnet.besoin("plaine_commune")

# %% [markdown]
# ## 1. Le lieu : ce qui est su, ce qui ne l'est pas

# %%
carnet.site()

# %%
carnet.faits()

# %%
carnet.contraintes()

# %% [markdown]
# ## 2. Les places qui tiennent, et ce qui limite

# %%
carnet.capacite()

# %%
carnet.densites()

# %%
carnet.places()

# %%
carnet.plan_du_lieu()

# %%
carnet.pieces()

# %% [markdown]
# ## 3. Les travaux

# %%
carnet.travaux()

# %% [markdown]
# ## 4. Qui peut tenir les murs
#
# Ici les conditions des aides s'appliquent telles qu'elles sont écrites : une aide que l'étude garde par dispense peut tomber,
# et le reste à financer différer de celui de la section 5.

# %%
carnet.montages("possibilites")

# %%
carnet.montages("couts")

# %%
carnet.image_frise()

# %% [markdown]
# ## 5. Le plan de financement

# %%
carnet.image_plan()

# %%
carnet.plan()

# %%
carnet.aides()

# %%
carnet.leviers()

# %% [markdown]
# ## 6. La trésorerie de celui qui conduit les travaux

# %%
carnet.image_tresorerie()

# %%
carnet.echeancier()

# %%
carnet.relais()

# %% [markdown]
# ## 7. L'exploitation d'une année pleine, et la commune

# %%
carnet.image_exploitation()

# %%
carnet.exploitation()

# %%
carnet.commune()

# %% [markdown]
# ## 8. Les épreuves

# %%
carnet.incidents()

# %%
carnet.chances()

# %%
carnet.ratios()

# %% [markdown]
# ## 9. Les scénarios, côte à côte

# %%
carnet.scenarios()

# %% [markdown]
# ## 10. Ce que l'on ne sait pas encore

# %%
carnet.a_confirmer()

# %%
carnet.questions()

# %% [markdown]
# ## 11. Conclusion

# %%
carnet.conclusion()
