"""The pages of one's own account: the menu beside them, the way back above them."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

register = template.Library()

HOME = ("own_home", "Mon compte")
PAGES = (
    ("own_identity", "Nom et téléphone"),
    ("account_email", "Adresse électronique"),
    ("account_change_password", "Mot de passe"),
    ("mfa_index", "Second facteur"),
    ("usersessions_list", "Sessions ouvertes"),
    ("own_history", "Historique du compte"),
    ("profiles:list", "Mes profils"),
    ("own_data", "Mes données"),
    ("own_closing", "Fermer mon compte"),
)


@register.simple_tag(takes_context=True)
def account_pages(context: Context) -> list[dict[str, Any]]:
    """The menu; the page one looks at is marked."""
    path = context["request"].path
    urls = [(label, reverse(name)) for name, label in (HOME, *PAGES)]
    return [{"label": label, "url": url, "is_current": url == path} for label, url in urls]


@register.simple_tag(takes_context=True)
def account_trail(context: Context) -> dict[str, Any]:
    """What the breadcrumb says: « Mon compte », then the page of the menu one is under."""
    path, (name, label) = context["request"].path, HOME
    under = [page for one, page in PAGES if path.startswith(reverse(one))]
    return {
        "above": [(label, reverse(name))] if under else [],
        "current": under[0] if under else label,
    }
