# Two commands to begin with: make demo, make test. The others: make help.
.PHONY: help setup demo test test-long test-pg15 check format bench load journal-proof stop lock restore-drill pgbackrest-drill test-replica test-pgbouncer two-machines audit check-alerts install-drill check-deploy faults

help:
	@echo "make demo       la démonstration sur http://127.0.0.1:8000 (PORT=…, DATA_DIR=…)"
	@echo "make test       les essais, sur un vrai PostgreSQL, navigateur compris"
	@echo "make test-long  les parcours refaits : page par page, sur un téléphone, en sombre"
	@echo "make test-pg15  les essais sans navigateur sur le PostgreSQL 15 de Debian"
	@echo "make test-replica    un vrai réplica PostgreSQL : en retard, tué, revenu"
	@echo "make test-pgbouncer  les essais sans navigateur à travers PgBouncer"
	@echo "make two-machines    deux machines web derrière un serveur frontal"
	@echo "make check      mise en forme, lint, types, gabarits, migrations, déploiement"
	@echo "make check-alerts  les règles d’alerte, rejouées par l’outil de Prometheus"
	@echo "make bench      les mesures de vitesse, en rapports"
	@echo "make faults     tuer, couper, remplir, retenir, sous les écritures de tous (docs/operations/pannes.md)"
	@echo "make load       le lundi matin et l’ouverture d’une tension sous charge, en rapports (ARGS=--quick, --soak, --faults)"
	@echo "make journal-proof  le journal à sa taille : scellé, vérifié, falsifié, purgé, cherché"
	@echo "make restore-drill  écrire, sauvegarder, détruire, rendre à un instant, comparer"
	@echo "make pgbackrest-drill  le même chemin par pgBackRest, sur le PostgreSQL 15 de Debian"
	@echo "make audit      les recherches de sécurité (docs/operations/securite.md)"
	@echo "make install-drill  l’installation et la mise à jour du README, rejouées sur un clone et un PostgreSQL neuf"
	@echo "make check-deploy   docker-compose.yml, Dockerfile et deploy/kubernetes, sans rien démarrer"
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

test-replica: setup
	@scripts/test-replica $(ARGS)

test-pgbouncer: setup
	@scripts/test-pgbouncer $(ARGS)

two-machines: setup
	@scripts/two-machines $(ARGS)

check: setup
	@scripts/check

check-alerts:
	@scripts/check-alerts

format: setup
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

bench: setup
	@scripts/bench $(ARGS)

journal-proof: setup
	@scripts/journal-proof $(ARGS)

load: setup
	@scripts/load $(ARGS)

faults: setup
	@scripts/faults $(ARGS)

restore-drill: setup
	@scripts/restore-drill $(ARGS)

pgbackrest-drill:
	@scripts/pgbackrest-drill

audit: setup
	@scripts/audit $(ARGS)

install-drill:
	@scripts/install-drill

check-deploy: setup
	@scripts/check-deploy

stop:
	@scripts/stop

lock: setup
	@for name in base dev audit deploy load; do .venv/bin/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate \
	  --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done
