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
# # En Python : une séance d'analyste
#
# Ouvrir une étude, comparer des structures de prêt, croiser deux hypothèses, tirer au sort, dessiner : tout tient dans
# `import pope_foncier as pf`, et tout se rend en pandas. Les montants essayés dans ce carnet sont ceux d'une séance, sans valeur
# d'avis ; chaque chiffre du modèle dit d'où il vient.

# %%
import pope_foncier as pf

etude = pf.ouvrir("gare_saint_denis")
etude

# %% [markdown]
# ## 1. Un résultat, sous ses deux lectures
#
# Le *plan bouclé* suppose trouvé ce que personne n'a promis, et le dit : « à trouver ». Le *plan tel quel* garde son manque ; ce
# que boucler le plan changerait n'y a pas de valeur.

# %%
resultat = etude.calculer()
resultat

# %%
resultat["ressources.piaje"].expliquer()

# %%
resultat.tel_quel["couverture_minimale"]

# %%
resultat.comparer().round(2)

# %% [markdown]
# ## 2. Vingt structures de prêt
#
# Chaque combinaison est une ligne ; toutes se calculent ensemble.

# %%
montants, durees = [100_000, 150_000, 200_000, 250_000, 300_000], [60, 72, 84, 108]
prets = {"prets[banque].montant": montants, "prets[banque].duree_mois": durees}
pf.croiser(etude, prets, ["a_trouver", "couverture_moyenne", "tresorerie_manquante"]).round(2)

# %% [markdown]
# ## 3. Deux hypothèses croisées
#
# La couverture moyenne de la dette, selon le coût des travaux et ce que la Ville annonce par place et par an : le coût des travaux
# n'y change rien, car le plan bouclé suppose l'écart apporté en subvention. Il se lit dans « à trouver ».

# %%
croisees = {
    "travaux.cout_m2_ht": [2200, 2700, 3200],
    "exploitation.contribution_commune.par_place": [4250, 7000, 10_000, 13_000],
}
grille = pf.croiser(etude, croisees, ["couverture_moyenne", "a_trouver"]).round(2)
grille.unstack("travaux.cout_m2_ht")

# %% [markdown]
# ## 4. Dix mille tirages
#
# Trois hypothèses tirées chacune en triangle sur l'intervalle que l'étude déclare, sans lien entre elles.

# %%
tirages = pf.tirer(etude, ["travaux.cout_m2_ht", "exploitation.taux_occupation", "prets[banque].taux"], n=10_000)
tirages.quantile([0.1, 0.5, 0.9]).T.round(3)

# %%
resultat.tracer("tresorerie")

# %%
tirages["a_trouver"].plot.hist(bins=40, xlabel="à trouver, plan bouclé (€)", ylabel="tirages")

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# Les intervalles sont des hypothèses, et leur indépendance aussi : un chantier plus cher vient souvent avec un autre calendrier.
# Personne ne s'est engagé sur ce qui est à trouver.
#
# **Que faire ensuite.** `resultat.chiffres` liste les codes que l'on peut demander, `etude.champs` ceux que l'on peut varier ; la page
# `docs/en_python.md` montre le reste : aides, montages, recherche d'une valeur, portefeuille.
