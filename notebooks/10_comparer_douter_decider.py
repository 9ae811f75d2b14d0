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
# # Comparer, douter, décider
#
# Quel lieu, quel montage, quel financement, et à quel point en est-on sûr ? Ce carnet suit une même question d'un bout à l'autre, sur
# l'ancien bâtiment voyageurs de Saint-Denis et la coque de La Courneuve : mettre les options côte à côte, dire ce qui est incertain et ce que cela change,
# savoir quoi vérifier d'abord, puis chercher le plan qui tient sous les règles.
#
# Les intervalles, les lois, les poids et les plafonds sont des hypothèses de travail, écrites dans les fichiers de données avec leur raison. Personne ne
# s'est engagé sur ce qui est « à trouver ».

# %%
import pope_foncier as pf

gare = pf.ouvrir("gare_saint_denis")

# %% [markdown]
# ## 1. Comparer : lieux, montages et façons de boucler le plan
#
# Chaque combinaison est possible, ou dit pourquoi elle ne l'est pas. Aucune note ne cache ses parts : les critères et leurs poids sont des données.

# %%
qui_possede = ["tel_quel", "commune_loue", "sci_loue", "bail_construction"]
options = pf.comparer("gare_saint_denis", "coque_la_courneuve", montages=qui_possede, bouclages=["personne", "commune"])
options

# %%
options.tracer(6)

# %% [markdown]
# ### Ce qui sépare deux scénarios, en mots

# %%
pf.difference(gare, gare.avec_blocs("travaux_plus_15"))

# %% [markdown]
# ## 2. Douter : ce que l'on sait mal, et ce que cela change
#
# Les hypothèses sont tirées au hasard, chacune selon sa loi, et le plan est bouclé à chaque tirage.

# %%
doute = pf.douter(gare, n=5_000)
doute

# %%
doute.dessiner("a_trouver")

# %%
doute.dessiner("eventail")

# %% [markdown]
# ### Un plan fermé par une aide fixe : à partir de quel forfait la dette est-elle couverte ?
#
# Une subvention au montant arrêté ferme le plan de départ. Trois choses seulement sont tirées : l'occupation, le prix des travaux et les salaires
# (leur évolution et l'ancienneté de l'équipe) ; tout le reste garde la valeur de l'étude, et aucun événement n'arrête le projet. On compte les tirages
# où une année au moins ne paie pas la dette, selon ce que la commune donne par place et par an.

# %%
versement = {"evenement": "demarrage_travaux", "part": 1, "delai_mois": 0}
aide = {
    "id": "fixe",
    "libelle": "Subvention fixe",
    "nature": "subvention",
    "apporteur": "à désigner",
    "versements": [versement],
}
ferme = gare.varier({"bouclage": [{**aide, "montant": {"valeur": 450_000, "base": "montant d'essai"}}], "doute": None})
forfait = "exploitation.contribution_commune.par_place"
salaires = ["exploitation.paie.points_anciennete", "evolution.salaires"]
tirees = ["exploitation.taux_occupation", "travaux.cout_m2_ht", *salaires]


def risque(par_place, dit):
    etude = ferme.varier({forfait: par_place})
    lu = pf.douter(etude, seulement=tirees, n=10_000, chiffres=["couverture_minimale"])
    print(f"Forfait de {dit} par place et par an")
    return lu.risques.round(3)


risque(9_000, "9 000 €")

# %%
risque(10_500, "10 500 €")

# %%
risque(14_000, "14 000 €")

# %% [markdown]
# À 9 000 € presque tous les tirages ont une année que l'exploitation ne paie pas ; à 10 500 €, un sur six environ ; à 14 000 €, aucun sur dix mille. Le
# seuil où le risque bascule est étroit : mille cinq cents euros par place le font presque disparaître.
#
# Avec toutes les hypothèses tirées, et pas trois seulement, le risque tombe moins vite :

# %%
pf.douter(ferme.varier({forfait: 10_500}), n=5_000).risques.round(3)

# %% [markdown]
# ### Ce qui fait bouger le chiffre

# %%
pf.sensibilite(gare).dessiner()

# %% [markdown]
# ### Ce qui ferait changer d'avis

# %%
pf.sensibilite(gare).bascules("a_trouver.total", seuil=700_000).dropna().round(3)

# %% [markdown]
# ## 3. Décider
#
# ### Que faut-il savoir d'abord ?
#
# Bâtir ou non sous un plafond de la commune : ce que vaudrait de connaître chaque inconnue avant de décider, à côté de l'étude qui la lèverait. Le plafond
# porte ici sur ce que le lieu coûte en tout, ce qui est à trouver compris. La contribution que la commune accepte (8 000 € par place, en croisière) ne décide
# de rien tant que le plan laisse à trouver : sans quelqu'un pour l'apporter, on ne bâtit pas.

# %%
choix = pf.savoir("coque_la_courneuve", plafond=9_000)
choix

# %%
choix.inconnues.head(5).round(0)

# %% [markdown]
# ### Viser une valeur

# %%
pf.viser(gare, "travaux.cout_m2_ht", "a_trouver", 400_000, entre=(1_500, 3_200))

# %% [markdown]
# ### Le meilleur plan sous les règles

# %%
plan = pf.meilleur_plan(pf.ouvrir("coque_la_courneuve"))
plan

# %%
plan.comparaison.round(2)

# %%
plan.autres.round(2).head(5)

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# Les lois sont des lectures d'intervalles que peu de sources appuient ; leur indépendance est une hypothèse de plus. Le plan proposé respecte les règles écrites :
# il n'engage ni la Caf, ni la Ville, ni une banque.
#
# **Que faire ensuite.** `pope-foncier comparer`, `douter`, `savoir`, `viser` et `meilleur-plan` disent la même chose en ligne de commande ; `pope-foncier balayage`
# étend la comparaison à des centaines de lieux.
