"""Chorus Pro, where invoices of public buyers are deposited: the four secrets, or by hand."""

import os

CHORUS_PRO = {
    "client_id": os.environ.get("CHORUS_CLIENT_ID", ""),
    "client_secret": os.environ.get("CHORUS_CLIENT_SECRET", ""),
    "login": os.environ.get("CHORUS_LOGIN", ""),
    "password": os.environ.get("CHORUS_PASSWORD", ""),
    "token_url": os.environ.get("CHORUS_TOKEN_URL")
    or "https://oauth.piste.gouv.fr/api/oauth/token",
    "api_url": os.environ.get("CHORUS_API_URL") or "https://api.piste.gouv.fr/cpro",
}
