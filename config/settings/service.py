"""Who we are: the name, the secret, the hosts, and the language."""

import os
import secrets

from django.core.exceptions import ImproperlyConfigured

from config.settings.environment import DATA_DIR, DEMO, IS_PRODUCTION, PRODUCTION_HOSTS, required


def kept_secret(name: str = "secret_key") -> str:
    """Make a secret once for this machine and keep it beside its zero-install database."""
    path = DATA_DIR / name
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


PRODUCT_NAME = "Stocks Santé"
STATE_BRAND = os.environ.get("STATE_BRAND") == "1"  # reserved to the State's services
SECRET_KEY = required("SECRET_KEY") if IS_PRODUCTION else kept_secret()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
# what seals the journal: given to the task worker alone, so that the site cannot make a seal
JOURNAL_KEYS = [
    key
    for key in (
        os.environ.get("JOURNAL_KEY") or ("" if IS_PRODUCTION else kept_secret("journal_key")),
        *os.environ.get("JOURNAL_KEY_FALLBACKS", "").split(","),
    )
    if key
]
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
# once a request for assistance has been closed for so long, nothing tells who asked it
SUPPORT_KEPT_MONTHS = int(os.environ.get("SUPPORT_KEPT_MONTHS") or 24)
# where the links of the mails lead: the task worker, which writes them, sees no request
SITE_URL = (
    required("SITE_URL")
    if IS_PRODUCTION
    else os.environ.get("SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
).rstrip("/")

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

MAINTENANCE_FILE = DATA_DIR / "maintenance"  # while this file exists, every page says so
