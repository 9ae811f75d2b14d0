# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Plan de financement : qui paie, combien, quand
#
# Un projet meurt rarement de son coût : il meurt d'une aide qui arrive dix-huit mois après la facture, d'un plafond que
# l'on n'avait pas vu, d'une condition découverte trop tard. Ce carnet prend chaque aide une à une, puis regarde la
# trésorerie mois par mois.

# %% tags=["parameters"]
etude = "gare_saint_denis"

# %%
import pope_foncier as pf

carnet = pf.carnets.etude(etude)
carnet.titre()

# %% [markdown]
# ## 1. Les aides : ce qui fixe leur montant, ce qui manque pour les avoir
#
# Une aide non demandée n'est pas comptée, et ne vaut pas zéro. Une condition à vérifier laisse l'aide comptée, mais
# visible ; une condition non remplie la retire et dit ce qu'il faudrait, sauf si l'étude la lève en disant pourquoi.

# %%
carnet.aides()

# %%
carnet.expliquer("ressources.piaje", "ressources.caf93")

# %% [markdown]
# ## 2. Le plan, et ce qui reste à trouver
#
# Les besoins comptent aussi ce que personne ne facture : le fonds de roulement (et les pertes de la montée en charge, quand
# la commune ne les couvre pas), c'est-à-dire l'aide de la Caf que l'association avance, puisque le solde d'une année ne vient que l'année suivante.
# Le plan tel quel montre ce qui manque ; le plan bouclé, qui le comble, ou que personne ne l'a promis.

# %%
carnet.image_plan()

# %%
carnet.plan()

# %% [markdown]
# ## 3. Ce qui fermerait le plan
#
# Chaque levier est déplacé d'un pas, seul ; l'écart se lit sur le reste à financer et, une fois le plan bouclé, sur la
# contribution annuelle de la commune.

# %%
carnet.leviers()

# %% [markdown]
# ## 4. La trésorerie, mois par mois
#
# Les travaux suivent une courbe en S et sont payés un mois après la facture ; une retenue de garantie attend un an après
# la réception. La trésorerie est celle du plan bouclé : ce qui y manque encore n'est dans aucun plan de financement.

# %%
carnet.image_tresorerie()

# %%
carnet.tresorerie_mensuelle()

# %% [markdown]
# ## 5. Le prêt relais
#
# Un prêteur n'avance que sur des aides notifiées et sans condition, et rarement en entier. Tant qu'aucune aide n'est
# notifiée, il n'y a rien à relayer.

# %%
carnet.relais()

# %% [markdown]
# Le relais se calcule sur le plan bouclé : il ne couvre que l'attente des aides, pas ce qui manque.
#
# ## 6. Si une aide manque, baisse ou tarde
#
# Le financement est arrêté au bouclage du plan, puis le choc frappe : une aide refusée fait un trou, et jamais une plus
# grosse contribution. La dernière colonne dit qui le porte si personne d'autre ne paie.

# %%
carnet.incidents()

# %% [markdown]
# Les autres épreuves d'un prêteur, seules puis ensemble, et ce qu'elles font à la couverture de la dette, année par année.

# %%
carnet.epreuves()

# %%
carnet.couvertures()

# %% [markdown]
# Aucune aide n'est sûre : chacune porte une probabilité, qui est une hypothèse de l'étude. Le plan les compte en entier ;
# le tableau suivant les tire au sort.

# %%
carnet.chances()

# %% [markdown]
# ## 7. Le droit que ce plan lit, et ce qu'il faut en revoir
#
# Un barème finit, se lit chez un tiers, ou commence un jour que personne ne connaît. La veille range ce que ce plan lit par ce
# qu'un changement y ferait : la ligne du haut est le premier appel à passer.

# %%
pf.carnets.veille("2026-12-01", etude).a_revoir()

# %% [markdown]
# ## Ce que l'on ne sait pas encore
#
# Le barème intérieur de la Piaje, le calendrier de ses versements et la part prêtée des fonds propres de la Caf 93 ne
# sont pas publiés : ces valeurs restent des lectures, à remplacer par la réponse de la Caf.
#
# **Que faire ensuite.** Demander à la Caf les annexes de la circulaire C-2025-209, déposer la demande d'avis de la
# commune, et noter ici le statut de chaque aide à mesure des réponses.
