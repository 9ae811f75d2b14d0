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
# # Travaux et calendrier : combien, à quel point sûr, et quand
#
# Un coût de travaux n'est honnête qu'avec sa fourchette et la preuve de ce que vaut la méthode. Ce carnet commence donc par
# mesurer l'outil sur des opérations réelles, puis détaille les travaux d'une gare lot par lot, et place les phases jusqu'à
# l'ouverture.

# %% tags=["parameters"]
etude = "gare_saint_denis"
variante = "travaux_par_lots"

# %%
import pope_foncier as pf

carnet = pf.carnets.travaux(etude, variante)

# %% [markdown]
# ## 1. À quelle distance de la réalité ?
#
# Chaque opération publiée est prévue sans elle-même. Le détail, les réserves et la liste sont dans `docs/calage.md`.

# %%
carnet.image_calage()

# %%
carnet.calage()

# %% [markdown]
# **À retenir.** En réemploi, qui est le cas des gares, l'erreur médiane dépasse un quart du coût et
# quelques opérations en sont très loin : c'est la fourchette qui compte, pas le chiffre du milieu. Sur ces cas, le modèle ne
# fait pas mieux qu'un prix constant au m² : il dit d'où vient un coût, il ne le prédit pas mieux.

# %% [markdown]
# ## 2. Un réemploi qui échoue : Perrecy-les-Forges
#
# À discuter en atelier : qu'aurait-il fallu regarder avant la première annonce ?

# %%
carnet.abandon("perrecy-les-forges")

# %% [markdown]
# ## 3. Les travaux, lot par lot
#
# Trois niveaux sur le même plan : le ratio réparti entre les lots, des lignes métrées, des lignes de devis lues dans un
# tableau (ici `data/devis/exemple.csv`, fictif). Le plus fin remplace le plus grossier, lot par lot.

# %%
carnet.lots()

# %%
carnet.frais()

# %% [markdown]
# ## 4. Ce qui resserre la fourchette

# %%
carnet.fourchettes()

# %% [markdown]
# ## 5. Prix repères, et trois façons d'évacuer des terres

# %%
carnet.reperes()

# %% [markdown]
# ## 6. Le même lieu, cinq façons de faire

# %%
carnet.modes()

# %% [markdown]
# ## 7. Les phases, et celles qui commandent l'ouverture

# %%
carnet.image_phases()

# %%
carnet.phases()

# %%
carnet.chemin_critique()

# %% [markdown]
# ## 8. Quand ouvrira-t-on vraiment ?
#
# Chaque durée est tirée dans sa fourchette. Plusieurs chemins sont presque aussi longs : l'un ou l'autre dérape, et
# l'ouverture médiane vient après la date calculée avec les durées probables. Ce calendrier par phases est plus long que les
# deux durées simples de l'étude de base (carnets 01 et 03) : il compte les phases qu'elles taisent.

# %%
carnet.ouverture()

# %% [markdown]
# ## 9. Ce que coûte un mois de plus

# %%
carnet.un_mois()

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# Aucun prix public ne calibre les diagnostics d'une ancienne gare (amiante, structure, vibrations) ; la répartition entre
# lots et la vitesse à laquelle la fourchette se resserre sont des valeurs de travail ; le délai de négociation d'une
# convention avec SNCF Gares & Connexions n'est pas publié.
#
# **Que faire ensuite.** Faire visiter le lieu par l'architecte, commander les diagnostics qui resserrent le plus, remplacer
# les lignes de démonstration, puis importer les premiers devis.
