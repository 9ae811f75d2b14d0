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
# # Emprunts : retrouver le tableau de la banque, au centime
#
# Une même somme ne coûte pas la même chose selon la façon de la rendre. Ce carnet compare les profils d'un prêt,
# rejoue trois tableaux publiés, puis montre ce que fait un choc de taux sur un prêt indexé. Les montants sont des
# valeurs de démonstration, écrites dans `data/exemples` ; aucun calcul n'est fait dans les cellules.

# %%
import pope_foncier as pf

carnet = pf.carnets.pret("pret_bancaire")

# %% [markdown]
# ## 1. Les profils côte à côte
#
# Le prêt de démonstration est de 300 000 € sur quinze ans. Seule change la façon de le rembourser ; frais et garantie n'y
# sont pas comptés, ils le sont dans le TEG de la partie 3.

# %%
carnet.image_profils()

# %%
carnet.comparer()

# %% [markdown]
# Le remboursement in fine coûte le plus cher et laisse tout le capital à rendre le dernier jour ; le capital constant
# coûte le moins, mais ses premières échéances sont les plus lourdes. Le TEG est le même : il mesure le prix de
# l'argent, pas la durée pendant laquelle on l'emploie.

# %% [markdown]
# ## 2. Trois tableaux publiés, rejoués
#
# Chaque valeur attendue vient de la publication nommée ; elle n'est jamais récrite d'après notre résultat.

# %%
carnet.publie("emprunts/ec_01")

# %%
carnet.publie("emprunts/iut_annuites")

# %%
carnet.publie("emprunts/arcones_12")

# %% [markdown]
# ## 3. Le prix d'un prêt : TEG et TAEG
#
# Une association est un emprunteur professionnel : son taux effectif est proportionnel (article R. 314-2). Le taux
# équivalent (R. 314-3) est donné à côté, pour comparer.

# %%
carnet.taux()

# %%
carnet.echeancier_annuel()

# %% [markdown]
# ## 4. Un prêt indexé sur le Livret A face à un choc
#
# L'indice est un chemin choisi, jamais une prévision : ici, +1,5 point la troisième année. En révisabilité simple,
# l'annuité monte d'un coup ; en double révisabilité, la hausse s'étale jusqu'au terme et le capital s'amortit moins vite.

# %%
indexe = pf.carnets.pret("pret_livret_a")
indexe.chocs()

# %%
indexe.taux()

# %% [markdown]
# ## 5. L'offre de la banque entre dans une étude
#
# Un tableau d'amortissement ne dit pas si le projet peut payer. La même fiche entre donc dans l'étude de la gare de
# Saint-Denis, à la place du prêt supposé, dans le scénario où la commune équilibre le fonctionnement : le plan est bouclé de
# nouveau, la trésorerie et la couverture suivent. Voici la page d'un comité d'engagement.

# %%
etude = pf.ouvrir("gare_saint_denis").scenarios["commune_a_l_equilibre"]
offre = pf.carnets.offre("pret_bancaire", etude, a_la_place_de="banque")
offre.changements()

# %% [markdown]
# L'offre apporte plus, et laisse donc moins à trouver ; mais elle dure plus longtemps que le titre d'occupation : les
# dernières échéances tombent quand la crèche a fermé, et rien ne les paie.

# %%
offre.tresorerie()

# %%
offre.couvertures()

# %% [markdown]
# Combien le plan porte-t-il, à ces conditions ? Chaque limite donne son montant ; la plus petite décide, et la suivante dit ce
# que l'on gagnerait à la lever. Le titre d'occupation raccourcit le prêt avant tout calcul.

# %%
offre.dimensionnement()

# %% [markdown]
# Rembourser autrement, ou plus vite, change peu le prix de l'argent et beaucoup l'année où il manque : chaque ligne est une
# étude bouclée avec ce prêt-là, à la durée de l'offre ou à celle que le titre permet. Une croix dit qu'une limite est dépassée.

# %%
offre.image_structures()

# %%
offre.table_structures()

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# La clause du contrat de la Banque des Territoires sur la double révisabilité limitée n'a pas été vue : à la baisse de
# l'indice, le comportement est à confirmer avec le prêteur. Les taux de 2026 de la Nef et du Crédit coopératif ne sont
# pas publiés, ni la durée et le taux de la part prêtée par la Caf 93.
#
# **Que faire ensuite.** Saisir l'offre de la banque, ligne à ligne, avec `pope-foncier pret nouveau pret.yaml`, comparer
# `pope-foncier echeancier pret.yaml` à son tableau, imprimer sa page avec `pope-foncier pret resume pret.yaml`, puis la mettre
# dans l'étude (`prets: - fichier: pret.yaml`).
