# Toutes les commandes du projet. `make` seul les liste ; l'intégration continue joue les mêmes.
PYTHON ?= python3
VENV   ?= .venv
UV      = uv==0.13.9
BIN     = $(VENV)/bin
PIP_OPTIONS = --quiet --disable-pip-version-check
MAKEFLAGS  += --no-print-directory
.DEFAULT_GOAL := help

# --- Installer : une fois, puis seulement quand les dépendances changent -----------------------------------------------------------

$(VENV)/.ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 ou plus récent est nécessaire : make $(MAKECMDGOALS) PYTHON=/chemin/vers/python3.11"; exit 2; }
	@echo "→ Création de l'environnement Python ($(VENV))"
	@$(PYTHON) -m venv $(VENV) || { echo "Le module venv manque. Sous Debian : apt-get install python3-venv"; exit 2; }
	@$(BIN)/python -m pip install $(PIP_OPTIONS) $(UV) || echo "uv est indisponible ici ; pip prendra le relais, plus lentement."
	@touch $@

$(VENV)/.platform $(VENV)/.dev: $(VENV)/.%: $(VENV)/.ready pyproject.toml constraints.txt
	@echo "→ Installation des dépendances ($*)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[$*]' 2>$(VENV)/uv.log \
	  || $(BIN)/python -m pip install $(PIP_OPTIONS) -c constraints.txt -e '.[$*]' \
	  || { cat $(VENV)/uv.log; echo "L'installation a échoué. « make doctor » aide à comprendre."; exit 2; }
	@touch $@

PLATFORM = $(VENV)/.platform
DEV      = $(VENV)/.dev

# --- Voir et développer ------------------------------------------------------------------------------------------------------------

.PHONY: help demo story dev seed publish reset replay doctor
help: ## Liste ces commandes
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1mmake %-10s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(PLATFORM) ## Installe, démarre et peuple toute la plateforme en un processus
	@$(BIN)/affilia demo

story: $(PLATFORM) ## Raconte l'histoire sur l'instance qui tourne (DATE=2026-07-01 pour choisir le jour)
	@$(BIN)/affilia story $(if $(DATE),--date $(DATE))

dev: $(DEV) ## Comme demo, et redémarre quand le code change
	@$(BIN)/affilia dev

seed: $(PLATFORM) ## Rejoue les données de démonstration à travers l'API
	@$(BIN)/affilia seed

FILE ?= feeds/dsn/samples/lot-oc-fctu-nature07-p26v01-synthetique.dsn
publish: $(PLATFORM) ## Publie un fichier de paie sur l'instance qui tourne (FILE=… pour un autre que l'exemple)
	@$(BIN)/affilia feed dsn publish $(FILE) --to http://localhost:8080

reset: ## Oublie toutes les données locales (.affilia)
	@if [ -d .affilia ]; then $(MAKE) $(PLATFORM) && $(BIN)/affilia reset; else echo "Rien à oublier : aucune donnée locale."; fi

replay: $(PLATFORM) ## Rejoue les événements mis de côté (SERVICE=members pour un seul service)
	@$(BIN)/affilia replay $(SERVICE)

doctor: ## Examine cette machine et dit ce qui manque
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m affilia.doctor; else $(PYTHON) -m affilia.doctor; fi

# --- Vérifier ----------------------------------------------------------------------------------------------------------------------

.PHONY: test test-fast check fmt faults bench figures openapi events guides pages orders
test: $(DEV) ## Lance tous les tests (ARGS='-k claire' pour choisir)
	@$(BIN)/python -m pytest $(ARGS)

test-fast: $(DEV) ## Lance les tests brefs
	@$(BIN)/python -m pytest -m 'not slow' $(ARGS)

check: $(DEV) ## Style, types, frontières entre les pièces, documents engendrés à jour
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Mise en forme à revoir : make fmt"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/affilia events --check
	@$(BIN)/affilia openapi --check
	@$(BIN)/affilia guides --check
	@$(BIN)/affilia pages --check

fmt: $(DEV) ## Met le code en forme
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

faults: $(DEV) ## Campagnes de pannes, forme longue (15 min) : arrêts brutaux, gels, courtier absent 2 minutes (docs/faults.md)
	@AFFILIA_FAULTS=full $(BIN)/python -m pytest -q -s tests/faults $(ARGS)

orders: $(DEV) ## Essaie 2 000 histoires de paie dans le désordre (quelques minutes ; AFFILIA_FUZZ_EXAMPLES en demande plus)
	@AFFILIA_FUZZ_EXAMPLES=$${AFFILIA_FUZZ_EXAMPLES:-2000} $(BIN)/python -m pytest -q --timeout 900 tests/members/test_permutations.py $(ARGS)

bench: $(DEV) ## Mesure les débits à côté de leurs limites (ARGS='relay --rounds 3' pour choisir, --write pour garder)
	@$(BIN)/python -m tests.bench $(ARGS)

figures: $(DEV) ## Mesure ce que promettent les portes : temps de réponse indiscernables, part d'Argon2, mémoire de 50 connexions
	@$(BIN)/python -m tests.identity.figures

openapi: $(PLATFORM) ## Écrit la description de l'API (OpenAPI 3.1)
	@$(BIN)/affilia openapi

guides: $(DEV) ## Écrit où chaque ligne des guides est prouvée (docs/guides.md)
	@$(BIN)/affilia guides

pages: $(PLATFORM) ## Écrit les pages que les métiers relisent : parcours d'affiliation, droits, motifs
	@$(BIN)/affilia pages

events: $(PLATFORM) ## Écrit le catalogue des événements (AsyncAPI 3.1 et documents)
	@$(BIN)/affilia events

# --- Répartir : la plateforme en conteneurs (docs/operations.md) --------------------------------------------------------------------

COMPOSE = docker compose -f deploy/compose.yaml
NO_DOCKER = Docker ne répond pas (il faut le moteur et « docker compose ») : https://docs.docker.com/engine/install/ Sans Docker : make demo

.PHONY: up down logs docker-answers
docker-answers:
	@docker version >/dev/null 2>&1 && docker compose version >/dev/null 2>&1 || { echo "$(NO_DOCKER)"; exit 2; }

up: docker-answers ## Démarre la plateforme répartie, en conteneurs
	@$(COMPOSE) build
	@$(COMPOSE) up --detach
	@echo "Affilia répond sur http://localhost:$${AFFILIA_PORT:-8080}, et garde ses messages sur /_inbox."
	@echo "Le premier conseiller : $(COMPOSE) run --rm identity-web caseworker ADRESSE PRENOM NOM --role administer"

down: docker-answers ## Arrête la plateforme répartie ; ses données restent
	@$(COMPOSE) down

logs: docker-answers ## Suit les journaux de la plateforme répartie (SERVICE=members-web pour une seule pièce)
	@$(COMPOSE) logs --follow --tail 100 $(SERVICE)

# --- À venir : ces commandes existent pour dire franchement qu'elles ne font encore rien -------------------------------------------

.PHONY: e2e a11y
e2e: ## (à venir) Joue les parcours dans un vrai navigateur
	@echo "« make e2e » viendra avec les portails. Pour l'instant : make test"; exit 2
a11y: ## (à venir) Vérifie l'accessibilité des portails
	@echo "« make a11y » viendra avec les portails."; exit 2
