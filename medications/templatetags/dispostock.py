"""The side menu of e-Dispostock, on each of its pages."""

from django import template
from django.urls import reverse

from medications.menu import current_entry, menu_of

register = template.Library()


@register.inclusion_tag("components/dispostock_menu.html", takes_context=True)
def dispostock_menu(context):
    """The headings of the person, the page shown marked, or the entry that it is under."""
    request = context["request"]
    headings = menu_of(request.user)
    return {
        "headings": headings,
        "current": current_entry(headings, request.path),
        "path": request.path,
        "is_home": request.path == reverse("pui:home"),
    }
