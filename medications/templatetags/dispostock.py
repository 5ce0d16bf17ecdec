"""The side menu of e-Dispostock, on each of its pages."""

from django import template

from medications.menu import menu_of

register = template.Library()


@register.inclusion_tag("components/dispostock_menu.html", takes_context=True)
def dispostock_menu(context):
    """The headings of the person, the page shown marked."""
    request = context["request"]
    return {"headings": menu_of(request.user), "path": request.path}
