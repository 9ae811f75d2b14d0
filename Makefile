# pope_foncier : commandes de tous les jours. « make aide » les liste.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PRET := $(VENV)/.installe
ETUDE ?= data/etudes/gare_saint_denis.yaml
GRAINE ?= 20261201

.DEFAULT_GOAL := aide
.PHONY: aide etude lab atelier livre test fuzz bench forme lint

aide: ## Lister les commandes
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-8s %s\n", $$1, $$2}'

$(PRET): pyproject.toml constraints.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installation dans $(VENV) (une à deux minutes la première fois)…"
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[notebooks,livre,decider,grappe,dossier,plans,ifc,esquisse,dev]'
	@touch $@

etude: $(PRET) ## Calculer l'étude principale et écrire ses sorties (ETUDE=… pour une autre)
	@$(PY) -m pope_foncier etude $(ETUDE)

lab: $(PRET) ## Ouvrir JupyterLab sur les carnets
	@$(PY) -m jupyterlab notebooks

atelier: $(PRET) ## Écrire la page de secours, puis ouvrir les ateliers sur cet ordinateur (ETUDE=… pour une autre étude ; SALLE=1 admet les téléphones du réseau local)
	@$(PY) -m pope_foncier atelier $(ETUDE) --page
	@$(PY) -m pope_foncier atelier $(ETUDE) $(if $(filter-out 0,$(SALLE)),--salle)

livre: $(PRET) ## Faire le livre, un petit site qui s'ouvre sans réseau (sorties/livre/index.html)
	@$(PY) docs/livre/construire.py

forme: $(PRET)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(VENV)/bin/lint-imports

lint: forme ## Vérifier forme, types et salles
	@$(PY) -m mypy

test: export PYTHONDONTWRITEBYTECODE :=
test: forme ## Lancer toutes les vérifications et tous les tests (les types en même temps que les tests)
	@dit=$$(mktemp); trap 'rm -f "$$dit"' EXIT; \
	$(PY) -m mypy >"$$dit" 2>&1 & types=$$!; \
	$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder; essais=$$?; \
	wait $$types; justes=$$?; cat "$$dit"; \
	test $$essais -eq 0 -a $$justes -eq 0

fuzz: $(PRET) ## Essayer 10 000 fichiers et options abîmés (GRAINE=… pour d'autres ; les cas fautifs vont dans sorties/fuzz/)
	@$(PY) -m tests.fuzz --nombre 10000 --graine $(GRAINE)
	@$(PY) -m tests.fuzz --releves --nombre 2000 --graine $(GRAINE)

bench: $(PRET) ## Mesurer la vitesse de la chaîne (sorties/bench.json)
	@$(PY) -m pope_foncier bench
