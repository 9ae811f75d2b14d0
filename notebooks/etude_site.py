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

# %% [markdown] tags=["mode_d_emploi"]
# # Une étude-action, du besoin à la conclusion
#
# Ce carnet mène une étude d'un bout à l'autre : le lieu, les places, les travaux, qui tient les murs, le plan et son bouclage, la
# trésorerie, l'exploitation, les épreuves, et ce qui reste à savoir. `pope-foncier etude` le lance sur n'importe quelle étude et en
# fait une page.

# %% tags=["parameters"]
etude = "coque_la_courneuve"

# %%
import pope_foncier as pf

carnet = pf.carnets.etude(etude)
carnet.titre()

# %% [markdown]
# ## Le besoin, commune par commune
#
# Combien d'enfants de moins de trois ans, combien de places, combien il en manque : les tables publiques, commune par
# commune. Le besoin dit où chercher un lieu, pas si ce lieu-ci convient.

# %%
carnet.besoin("plaine_commune")

# %% [markdown]
# ## 1. Le lieu : ce qui est su, ce qui ne l'est pas
#
# La fiche du lieu sépare ce qui est publié de ce qui ne l'est pas ; les faits portent leur source ; la liste des contraintes dit
# ce qui s'applique, ce qui ne s'applique pas, et ce qu'il faut vérifier sur place, avec qui.

# %%
carnet.site()

# %%
carnet.faits()

# %%
carnet.contraintes()

# %% [markdown]
# ## 2. Les places qui tiennent, et ce qui limite
#
# Trois questions à la suite : combien la loi admet et combien un programme confortable demande ; ce que change la lecture de la
# densité ; ce que l'étude retient, et ce qui l'empêche d'en retenir une de plus. Le dessin est à l'échelle : un plan quand il y
# en a un, sinon un schéma qui met les pièces côte à côte.

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
#
# Un coût au mètre carré tant qu'aucun architecte n'a vu le lieu, des lots et des phases ensuite. Le coût est révisé jusqu'au mois
# où les travaux se paient.

# %%
carnet.travaux()

# %% [markdown]
# ## 4. Qui peut tenir les murs
#
# Ici les conditions des aides s'appliquent telles qu'elles sont écrites : une aide que l'étude garde par dispense peut tomber,
# et le reste à financer différer de celui de la section 5.

# %%
carnet.montages("possibilites")

# %% [markdown]
# Le coût des murs compte ce que paient le gestionnaire et celui qui tient les murs, aides et revente déduites : c'est lui qui se
# compare d'un montage à l'autre.

# %%
carnet.montages("couts")

# %% [markdown]
# Un prêt ou un engagement plus long que le titre est un risque : la frise met les durées l'une sous l'autre.

# %%
carnet.image_frise()

# %% [markdown]
# ## 5. Le plan de financement
#
# Ce qu'il faut payer d'un côté, ce qui le paie de l'autre, et ce qui reste. Un plan à qui il manque de l'argent se lit deux fois :
# **tel quel**, avec son manque et ceux que personne n'a sollicités ; **bouclé**, avec qui comble ce manque, ou ce qui est à
# trouver, lu comme une subvention que personne n'a promise. Tout ce qui suit se lit sur le plan bouclé.

# %%
carnet.lecture()

# %%
carnet.image_plan()

# %%
carnet.plan()

# %% [markdown]
# Une aide espérée n'est pas une aide obtenue : la table des aides dit ce qui fixe chaque montant, et celle des leviers ce qui
# refermerait le plan.

# %%
carnet.aides()

# %%
carnet.leviers()

# %% [markdown]
# ## 6. La trésorerie de celui qui conduit les travaux
#
# Les factures tombent avant les aides. La courbe montre le creux du plan bouclé et le mois où il arrive : sous zéro, c'est de la
# trésorerie encore à trouver. L'échéancier dit ce que chaque prêt demande ; le prêt relais, ce qu'il en coûterait d'attendre
# les aides.

# %%
carnet.image_tresorerie()

# %%
carnet.tresorerie()

# %%
carnet.echeancier()

# %%
carnet.relais()

# %% [markdown]
# ## 7. L'exploitation d'une année de croisière, et la commune
#
# Une fois les places pleines, qui paie une place ? La première année pleine, encore en montée en charge, est à côté.

# %%
carnet.image_exploitation()

# %%
carnet.exploitation()

# %% [markdown]
# Ce que l'étude suppose que la commune paie, année par année, à côté de ce qu'il faudrait qu'elle apporte selon ce que l'on
# appelle équilibre : un résultat nul, une caisse qui ne manque jamais, ou une dette couverte avec une marge.

# %%
carnet.commune()

# %%
carnet.image_commune()

# %%
carnet.soutien()

# %% [markdown]
# ## 8. Les épreuves
#
# Le financement est arrêté au bouclage du plan, puis le choc frappe : un dépassement fait un trou, jamais une plus grosse aide.
# Une aide refusée, réduite ou en retard ; puis des travaux plus chers, une occupation plus basse, une ouverture plus tard, seuls
# ou ensemble, et ce qu'ils font à la couverture de la dette, année par année.

# %%
carnet.incidents()

# %%
carnet.epreuves()

# %%
carnet.couvertures()

# %% [markdown]
# Les aides tirées au sort à leur probabilité, sur le plan tel quel ; puis les ratios qu'un prêteur regarde, avec leur seuil et d'où
# il vient : indéterminés tant que le plan ne boucle pas, calculés sur le plan bouclé.

# %%
carnet.chances()

# %%
carnet.ratios()

# %% [markdown]
# Ce qu'un comité de prêteurs lit année par année : la couverture de la dette, ses premières années qui manquent le seuil, et le plan
# de financement pluriannuel, dont le solde cumulé est la trésorerie de fin d'année.

# %%
carnet.comite.image_couverture()

# %%
carnet.comite.ratios()

# %%
carnet.comite.plan()

# %% [markdown]
# Ce qu'une couverture voulue demanderait, le plan étant refermé à chaque essai : le forfait de la commune qui la tient chaque année,
# et le plus grand montant de chaque prêt. C'est ce qu'il faudrait, et non ce que quelqu'un a promis.

# %%
carnet.comite.recherches()

# %% [markdown]
# Des épreuves choisies, chacune seule puis ensemble (`pope-foncier epreuves --liste` donne leurs noms).

# %%
carnet.comite.ensemble("travaux_15", "aide_retard_12", "occupation_5")

# %% [markdown]
# Ces chiffres sont-ils vraisemblables ? Chacun est mis à côté de ce que des opérations, des plans, des lieux et des communes ont
# publié, avec son rang parmi eux ; trop peu de références ne donne pas de rang.

# %%
carnet.plausibilite()

# %% [markdown]
# ## 9. Les scénarios, côte à côte
#
# Ce qui change d'un scénario à l'autre est écrit dans le fichier de l'étude. Un scénario que personne ne finance encore ne coûte
# pas moins qu'un autre : ce qui est à trouver se lit avant ce que paie la commune.

# %%
carnet.scenarios()

# %% [markdown]
# ## 10. Ce que l'on ne sait pas encore
#
# D'abord ce qui manque, puis ce qu'il faut demander et à qui. Une réponse se met dans le fichier de l'étude, et ce carnet se
# relance.

# %%
carnet.a_confirmer()

# %%
carnet.questions()

# %% [markdown]
# ## 11. Conclusion

# %%
carnet.conclusion()
