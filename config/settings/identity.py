"""Applications log people in here, and two national services log people in."""

import json
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.settings import national_services
from config.settings.environment import DATA_DIR, IS_PRODUCTION
from config.settings.security import SESSION_COOKIE_AGE
from config.settings.service import SITE_URL


def keys_from_environment() -> list[dict[str, str]]:
    """The signing keys given as JSON, where machines share no folder (docs/operations)."""
    text = os.environ.get("OIDC_KEYS", "")
    if not text:
        return []
    try:
        keys = json.loads(text)
    except ValueError:
        raise ImproperlyConfigured("OIDC_KEYS n’est pas une liste JSON de clés.") from None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise ImproperlyConfigured("OIDC_KEYS n’est pas une liste JSON de clés.")
    return keys


OIDC_ISSUER = f"{SITE_URL}/identite"  # fixed, whatever host a request says it is for
OIDC_KEYS = keys_from_environment()
OIDC_KEYS_FOLDER = Path(os.environ.get("OIDC_KEYS_FOLDER") or DATA_DIR / "oidc-keys")
OIDC_MAKES_KEYS = not IS_PRODUCTION
IDP_OIDC_ADAPTER = "accounts.identity.adapter.IdentityAdapter"
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 600
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = SESSION_COOKIE_AGE
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = False  # it asks all the same without a hint
PROCRASTINATE_IMPORT_PATHS = ["accounts.identity.tasks", "accounts.identity.watch"]
WAYS_IN = national_services.ways_in()
SOCIALACCOUNT_PROVIDERS = national_services.providers(WAYS_IN)
SOCIALACCOUNT_ADAPTER = "accounts.identity.ways_in.WayInAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address proves nothing here: one logs in once
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
