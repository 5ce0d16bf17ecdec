# Two commands to begin with: make demo, make test. The others: make help.
.PHONY: help setup demo test test-long test-pg15 check format bench load stop lock

help:
	@echo "make demo       la démonstration sur http://127.0.0.1:8000 (PORT=…, DATA_DIR=…)"
	@echo "make test       tous les essais, sur un vrai PostgreSQL, navigateur compris"
	@echo "make test-long  les longs parcours refaits sur un téléphone et en sombre"
	@echo "make test-pg15  les essais sans navigateur sur le PostgreSQL 15 de Debian"
	@echo "make check      mise en forme, lint, types, gabarits, migrations, déploiement"
	@echo "make bench      les mesures de vitesse, en rapports"
	@echo "make load       le lundi matin et l’ouverture d’une tension sous charge, en rapports (ARGS=--quick, --soak, --faults)"
	@echo "make stop       arrête ce que make demo a démarré"
	@echo "make lock       refait requirements/*.txt d’après les fichiers .in"

setup:
	@scripts/setup

demo: setup
	@scripts/serve

test: setup
	@scripts/pango && CHROMIUM="$$(scripts/browser)" .venv/bin/pytest -n 2 $(ARGS)

test-long: setup
	@scripts/pango && CHROMIUM="$$(scripts/browser)" .venv/bin/pytest -n 2 -m long $(ARGS)

test-pg15: setup
	@scripts/test-pg15 $(ARGS)

check: setup
	@scripts/check

format: setup
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

bench: setup
	@scripts/bench $(ARGS)

load: setup
	@scripts/load $(ARGS)

stop:
	@scripts/stop

lock: setup
	@for name in base dev; do .venv/bin/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate \
	  --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done
