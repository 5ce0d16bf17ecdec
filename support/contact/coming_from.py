"""The page that one comes from, and the number of an incident: kept only when they are ours."""

import re
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

LONGEST = 200
INCIDENT = re.compile(r"[0-9a-f]{12}")
SECRET = ("/comptes/mot-de-passe/", "/invitation/", "/aide/contact/suivi/", "/identite/")


def page_from(text: str) -> str:
    """The path of a page of ours, without what may be secret in it; else nothing."""
    path = urlsplit(text).path if text.startswith("/") and not text.startswith("//") else ""
    if not path or len(path) > LONGEST or path.startswith(SECRET):
        return ""
    try:
        resolve(path)
    except Resolver404:
        return ""
    return path


def incident_from(text: str) -> str:
    """The number that an error page gives."""
    return text if INCIDENT.fullmatch(text) else ""
