"""Every setting, read from the environment. With no DATABASE_URL: the zero-install database.

What a deployment must give is listed in the README (« Déployer »); what is missing is said in one
sentence at start.
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import devdb
from config.settings import identity

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()
DATABASE_URL = os.environ.get("DATABASE_URL", "")
IS_PRODUCTION = bool(DATABASE_URL)
DEMO = os.environ.get("DEMO") == "1"
DEBUG = os.environ.get("DEBUG") == "1" and not IS_PRODUCTION
PRODUCTION_HOSTS = (".gouv.fr",)


def required(name: str) -> str:
    """Return a variable that production cannot do without."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"La variable {name} est nécessaire en production.")
    return value


def kept_secret() -> str:
    """Make a secret once for this machine and keep it beside its zero-install database."""
    path = DATA_DIR / "secret_key"
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


# Who we are

PRODUCT_NAME = "Stocks Santé"
STATE_BRAND = os.environ.get("STATE_BRAND") == "1"  # reserved to the State's services
SECRET_KEY = required("SECRET_KEY") if IS_PRODUCTION else kept_secret()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = (
    required("ALLOWED_HOSTS")
    if IS_PRODUCTION
    else os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost")
).split(",")

# DEMO lists the accounts on the login page and shows their e-mails: never beside real ones.
# Said here and not by a system check, which a web server does not run.
if DEMO and IS_PRODUCTION:
    raise ImproperlyConfigured(
        "DEMO est incompatible avec DATABASE_URL : la démonstration a sa propre base."
    )
if DEMO and any(host.endswith(PRODUCTION_HOSTS) for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("DEMO est incompatible avec un nom d’hôte de production.")

CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "support@stocks-sante.example")
# where the links of the mails lead: the task worker, which writes them, sees no request
SITE_URL = (
    required("SITE_URL")
    if IS_PRODUCTION
    else os.environ.get("SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
).rstrip("/")

# Applications

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
    "journal",
    "establishments",
    "accounts",
    "medications",
    "pui",
    "epi_stocks",
]
MIDDLEWARE = [
    "common.middleware.RequestIdMiddleware",
    # before the static files and the refusal of a foreign host
    "common.middleware.ContentPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.MaintenanceMiddleware",
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
]
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

# Database: two roles, the owner migrates and the web role does everything else


def database_owner() -> dict:
    """Connection settings of the role that owns the tables: migrations, grants, tests."""
    if IS_PRODUCTION:
        return dj_database_url.parse(required("DATABASE_OWNER_URL"), engine="config.postgresql")
    return {"USER": devdb.OWNER}


DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, engine="config.postgresql", conn_max_age=600)
    if IS_PRODUCTION
    else {
        "ENGINE": "config.devdb",
        "NAME": devdb.DATABASE,
        "USER": devdb.WEB,
        "HOST": str(devdb.socket_folder(DATA_DIR)),
        "CONN_MAX_AGE": 600,
        "DEVDB": str(DATA_DIR),
        "DEVDB_DURABLE": "CI" not in os.environ,
    }
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# what each request sends is prepared from its second time on; a pooler that shares a connection
# between transactions must keep prepared statements (PgBouncer does since 1.21), else turn it off
DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
    "prepare_threshold": None if os.environ.get("PREPARED_STATEMENTS") == "0" else 2
}
WEB_ROLE = DATABASES["default"]["USER"]
if os.environ.get("DATABASE_ROLE") == "owner":
    DATABASES["default"] |= database_owner()

# Limits and one-time codes live apart: ordinary cache writes must never evict them
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_limits",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    "pages": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_pages",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# Language, files

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO  # compressing takes a minute, for nothing on one's own machine
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = DATA_DIR / "files"  # never served: read back by the task worker only
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
    }
}
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if IS_PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_PRODUCTION else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
TRUSTED_PROXY_COUNT = int(required("TRUSTED_PROXY_COUNT")) if IS_PRODUCTION else 0

# Accounts

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = ["accounts.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 72 * 3600
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.VerifyEmailForm",
    "confirm_login_code": "accounts.forms.LoginCodeForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{PRODUCT_NAME}] "
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person, replaced once the new one is verified
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False  # shared workstations: closing the browser ends the session
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    # by address, wide: a whole hospital logs in behind one; failures are counted by
    # person in accounts.limits, where the address and the identifier share one count
    "login": "600/m/ip",
    "login_failed": "600/m/ip",
    "signup": "120/m/ip",
    "reset_password": "120/m/ip,5/m/key",
    "reset_password_from_key": "120/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# who needs a second factor: "roles" (administrators, regions, the country), "everyone" or "off"
SECOND_FACTOR = os.environ.get("SECOND_FACTOR", "off" if DEMO else "roles")
if SECOND_FACTOR not in ("roles", "everyone", *(() if IS_PRODUCTION else ("off",))):
    raise ImproperlyConfigured("SECOND_FACTOR vaut « roles » ou « everyone ».")
# a code by e-mail at each login, enough for those who administer an establishment and nothing wider
SECOND_FACTOR_BY_EMAIL = os.environ.get("SECOND_FACTOR_BY_EMAIL") == "1"
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_TOTP_ISSUER = PRODUCT_NAME
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddWebAuthnForm",
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
USERSESSIONS_TRACK_ACTIVITY = False

# Identity: applications log people in here, and two national services log people in

OIDC_ISSUER = f"{SITE_URL}/identite"  # fixed, whatever host a request says it is for
OIDC_KEYS = identity.keys_from_environment()
OIDC_KEYS_FOLDER = Path(os.environ.get("OIDC_KEYS_FOLDER") or DATA_DIR / "oidc-keys")
OIDC_MAKES_KEYS = not IS_PRODUCTION
IDP_OIDC_ADAPTER = "accounts.identity.adapter.IdentityAdapter"
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 600
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = SESSION_COOKIE_AGE
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = False  # it asks all the same without a hint
PROCRASTINATE_IMPORT_PATHS = ["accounts.identity.tasks", "accounts.identity.watch"]
WAYS_IN = identity.ways_in()
SOCIALACCOUNT_PROVIDERS = identity.providers(WAYS_IN)
SOCIALACCOUNT_ADAPTER = "accounts.identity.ways_in.WayInAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address proves nothing here: one logs in once
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False

# E-mails: by SMTP in production; readable on a page in the demonstration

EMAIL_FOLDER = DATA_DIR / "mail"
EMAIL_FILE_PATH = EMAIL_FOLDER
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if IS_PRODUCTION
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "ne-pas-repondre@stocks-sante.example")

# Logs: one JSON object a line, with the request number, without personal data

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "common.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "common.logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "json",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "procrastinate": {"level": "WARNING"},
    },
}

MAINTENANCE_FILE = DATA_DIR / "maintenance"  # while this file exists, every page says so
