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
# # Commencer ici : pope_foncier en cinq minutes
#
# **Une question.** Sur ce lieu — une gare, une coque, une parcelle —, quel mode d'accueil du jeune enfant tient, que coûtent
# l'achat et les travaux, qui doit tenir les murs, quelles aides et quels prêts le portent, et que reste-t-il à la commune et
# aux familles ?
#
# **Trois lecteurs.** L'architecte compare des surfaces, des places et des travaux. Le financeur regarde les échéanciers, la
# trésorerie et les ratios. L'atelier avec une commune déplace quelques leviers et note ses décisions. Tous lisent le même
# modèle.
#
# **Quatre règles de lecture.** Un fait a une source ; une hypothèse le dit partout où elle sert ; un nombre inconnu reste
# « inconnu », et dit à qui le demander ; un plan à qui il manque de l'argent se lit deux fois, tel quel avec son manque, puis
# bouclé, avec ce qui est à trouver et que personne n'a promis. Aucun carnet ne cache un zéro.

# %%
import pope_foncier as pf

depart = pf.carnets.depart()
depart.image()

# %%
depart.etudes()

# %% [markdown]
# ## Les carnets, un sujet chacun
#
# - [01 Une gare de bout en bout](01_une_gare_de_bout_en_bout.ipynb) : une étude entière, des places au budget de la commune.
# - [02 Emprunts](02_emprunts.ipynb) : profils, différés, taux révisables, coût réel.
# - [03 Plan de financement](03_plan_de_financement.ipynb) : qui paie, combien, quand ; ce qui arrive si une aide manque.
# - [04 Montages](04_montages.ipynb) : qui doit tenir les murs ; la SCI solidaire et ses lieux.
# - [05 Site et capacité](05_site_et_capacite.ipynb) : combien de places tiennent, et le plan à l'échelle.
# - [06 Travaux et calendrier](06_travaux_et_calendrier.ipynb) : un coût, sa fourchette, ses phases, et la preuve par les faits.
# - [07 Exploitation et besoins](07_exploitation_et_besoins.ipynb) : six modes d'accueil, qui paie une place, les besoins du territoire.
# - [08 Portefeuille](08_portefeuille.ipynb) : plusieurs lieux dans une SCI ou une Scic, et ce que fait aux autres un lieu qui échoue.
# - [09 En Python](09_en_python.ipynb) : une séance d'analyste, vingt structures de prêt, une grille, dix mille tirages.
# - [Étude d'un site](etude_site.ipynb) : le même fil sur n'importe quelle étude.
#
# Trois applications se manient sans programmer : [architecte](ateliers/architecte.ipynb), [financeur](ateliers/financeur.ipynb),
# [atelier avec la commune](ateliers/commune.ipynb). `make atelier` les ouvre hors ligne, pour un projecteur.
#
# ## Une question, une réponse
#
# Chaque montant sait dire d'où il vient : une ligne par terme, la source sous chaque entrée.

# %%
depart.exemple()

# %% [markdown]
# ## Faire sa propre étude
#
# `pope-foncier nouveau-site` pose moins de vingt questions et écrit une étude complète, dont chaque hypothèse est à remplacer. Puis
# `pope-foncier etude data/etudes/votre_lieu.yaml` la calcule, et ce carnet la montre dans la liste du haut.
#
# ## Ce que l'on ne sait pas encore
#
# Aucun loyer, aucune surface de gare, aucun prix de coque n'est publié : ces valeurs sont des hypothèses, marquées partout où
# elles servent. Chaque carnet finit par ce qu'il reste à demander, et à qui.
#
# **Que faire ensuite.** Ouvrir [l'étude d'un site](etude_site.ipynb), changer le nom de l'étude dans sa première cellule, et
# relancer.
