"""When something changed, as one says it: « 10 h 31 », « hier, 17 h 05 », « mardi, 8 h 10 »."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()

THIS_WEEK = timedelta(days=6)


@register.filter
def when(at: datetime) -> str:
    local, today = timezone.localtime(at), timezone.localdate()
    hour = date_format(local, r"G \h i").replace(" ", "\u00a0")
    if local.date() == today:
        return hour
    if local.date() == today - timedelta(days=1):
        return f"hier, {hour}"
    if local.date() >= today - THIS_WEEK:
        return f"{date_format(local, 'l')}, {hour}"
    return f"{local:%d/%m}, {hour}"
