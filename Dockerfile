# One image for the web, the task workers and the migrations; the same with PostgreSQL 17 for the
# backups: its clients copy, its server replays its log when a backup is given back. Nothing runs as root.
FROM python:3.11-slim-trixie AS build
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

FROM python:3.11-slim-trixie AS application
# Pango lays out the PDFs of bulletins and guides
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --no-install-recommends --yes libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin stocks \
    && mkdir -p /data /static /backups /spool && chown stocks:stocks /data /static /backups /spool
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/tmp DATA_DIR=/data STATIC_ROOT=/static
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
RUN DATABASE_URL=postgresql://build DATABASE_OWNER_URL=postgresql://build SECRET_KEY=build \
    ALLOWED_HOSTS=build SITE_URL=http://build TRUSTED_PROXY_COUNT=1 python manage.py collectstatic --noinput -v 0
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/sante/?site', headers={'Host': 'localhost', 'X-Forwarded-Proto': 'https'}))"]
CMD ["gunicorn", "config.wsgi:application", "--preload", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket"]

FROM application AS backups
USER 0
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --no-install-recommends --yes postgresql-common \
    && sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf \
    && apt-get install --no-install-recommends --yes postgresql-17 \
    && rm -rf /var/lib/apt/lists/*
USER 10001
HEALTHCHECK NONE
CMD ["python", "manage.py", "backup", "follow"]

# what « docker build . » makes: the site
FROM application AS site
