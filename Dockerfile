# One image for the web, the task worker and the migrations.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

FROM python:3.11-slim-bookworm
# Pango lays out the PDFs of bulletins and guides
RUN apt-get update && apt-get install --no-install-recommends --yes libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin stocks \
    && mkdir -p /data /static && chown stocks:stocks /data /static
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data STATIC_ROOT=/static
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
RUN DATABASE_URL=postgresql://build DATABASE_OWNER_URL=postgresql://build SECRET_KEY=build \
    ALLOWED_HOSTS=build SITE_URL=http://build TRUSTED_PROXY_COUNT=1 python manage.py collectstatic --noinput -v 0
USER stocks
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/sante/', headers={'Host': 'localhost', 'X-Forwarded-Proto': 'https'}))"]
CMD ["gunicorn", "config.wsgi:application", "--preload", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket"]
