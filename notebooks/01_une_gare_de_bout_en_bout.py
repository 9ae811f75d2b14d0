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
# # Une gare, de bout en bout
#
# Ce carnet suit une étude de bout en bout : le lieu, les places, les coûts, le financement, le fonctionnement, ce qui
# reste à payer et à qui. Aucun calcul n'est écrit ici : chaque cellule appelle le modèle, et chaque chiffre peut dire
# d'où il vient. Pour étudier un autre lieu, changer l'étude ci-dessous (son nom, ou son fichier) et tout relancer.

# %% tags=["parameters"]
etude = "gare_saint_denis"

# %%
import pope_foncier as pf

carnet = pf.carnets.etude(etude)
carnet.titre()

# %% [markdown]
# ## 1. Le lieu : ce qui est publié, ce qui ne l'est pas
#
# Les faits portent leur source. Une case « non publiée » reste vide dans la fiche du site : l'étude avance alors une
# hypothèse, qui est rappelée à la fin, dans la liste « À confirmer ».

# %%
carnet.site()

# %% [markdown]
# ## 2. Combien de places, et qu'est-ce qui limite ?
#
# La loi lit la densité du carreau Insee de 1 km qui contient le lieu, pas celle de la commune. En zone très dense,
# 5,5 m² par place suffisent, mais l'absence de cour se compense par une surface intérieure de plus.

# %%
carnet.places()

# %%
carnet.expliquer("programme.places", "programme.surface_requise", "exploitation.etp.terrain")

# %% [markdown]
# ## 3. Combien cela coûte
#
# L'estimation est faite au ratio : elle n'a de sens qu'à la fourchette près, et s'affinera avec les diagnostics.

# %%
carnet.cout()

# %% [markdown]
# ## 4. Qui paie : le plan de financement
#
# Un plan qui ne ferme pas est une réponse : le « reste à financer » est une ligne du plan, pas une erreur. Le plan se lit
# alors deux fois : tel quel, avec ce qui manque et qui n'a pas été sollicité ; puis bouclé, ce qui est à trouver étant lu
# comme une subvention que personne n'a promise. La suite du carnet lit le plan bouclé.

# %%
carnet.image_plan()

# %%
carnet.plan()

# %%
carnet.expliquer("ressources.piaje", "ressources.caf93", "ressources.reste_a_financer")

# %% [markdown]
# ## 5. L'emprunt et la trésorerie
#
# L'emprunt ne peut pas dépasser la durée du titre d'occupation : sans droit réel, il n'y a pas d'hypothèque.

# %%
carnet.echeancier()

# %%
carnet.image_tresorerie()

# %%
carnet.tresorerie()

# %% [markdown]
# ## 6. Faire vivre la crèche : l'année de croisière
#
# La première année pleine est encore une année de montée en charge : elle est à côté.

# %%
carnet.image_exploitation()

# %%
carnet.exploitation()

# %%
carnet.expliquer("exploitation.produits.psu", "exploitation.produits.familles", "exploitation.charges.personnel")

# %% [markdown]
# ## 7. Ce que regarde le financeur
#
# Un ratio a une valeur, un seuil et l'origine de ce seuil. « Valeur de travail » : aucun texte ne le fixe, il se
# convient avec le partenaire. Tant que le plan ne boucle pas, ce que le manque pourrait changer est indéterminé.

# %%
carnet.ratios()

# %% [markdown]
# ## 8. Ce qui reste à la commune
#
# D'abord ce que l'étude suppose qu'elle paie, année par année ; puis ce qu'il faudrait qu'elle apporte, selon ce que l'on
# appelle équilibre.

# %%
carnet.commune()

# %%
carnet.soutien()

# %% [markdown]
# ## 9. Et si… : les scénarios, dont « ne rien faire »

# %%
carnet.scenarios()

# %% [markdown]
# ## 10. Ce que l'on ne sait pas encore

# %%
carnet.a_confirmer()

# %%
carnet.questions()

# %% [markdown]
# **Que faire ensuite.** Obtenir la surface et le titre, faire visiter le bâtiment par l'architecte, demander à la Caf sa
# lecture du titre de dix ans, puis remplacer dans le fichier d'étude chaque hypothèse par un fait sourcé.
