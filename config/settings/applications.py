"""What the site is made of, and how its pages are drawn."""

from config.settings.environment import BASE_DIR, DATABASE_REPLICA_URL

INSTALLED_APPS = [
    "config",
    "common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "widget_tweaks",
    "dsfr",
    "django_tables2",
    "django_filters",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "allauth.socialaccount",
    "ninja",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "monitoring",
    "journal",
    "establishments",
    "accounts",
    "medications",
    "pui",
    "epi_stocks",
    "vaccines",
    "orders",
    "steering",
    "support",
]
MIDDLEWARE = [
    "common.middleware.RequestIdMiddleware",
    "monitoring.middleware.MeasureMiddleware",
    # before the static files and the refusal of a foreign host
    "common.middleware.ContentPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.MaintenanceMiddleware",
    "common.middleware.UnreadableTextMiddleware",
    "common.middleware.HealthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.AuthenticationMiddleware",
    "accounts.middleware.ActiveProfileMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "common.middleware.PrivatePagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SessionEndMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.HistoryMiddleware",
    "accounts.identity.middleware.FormOriginsMiddleware",
    "orders.tension.notification.TensionNoticeMiddleware",
]
if DATABASE_REPLICA_URL:
    after_health = MIDDLEWARE.index("common.middleware.HealthMiddleware") + 1
    MIDDLEWARE.insert(after_health, "config.replica.own_writes.OwnWriteMiddleware")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ]
        },
    }
]
FORM_RENDERER = "common.forms.DsfrRenderer"
DJANGO_TABLES2_TEMPLATE = "django_tables2/dsfr.html"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DSFR_USE_INTEGRITY_CHECKSUMS = (
    False  # the hashed storage rewrites url() in the sheets: digests break
)
