"""Which action of the access matrix each list is written and read under."""

from accounts.models import User
from establishments.perimeter import Action
from medications.models import MonitoredList
from pui.models import Pui

Slug = MonitoredList.Slug
WRITE = {
    Slug.OTHERS: Action.MED_WRITE,
    Slug.FLU: Action.FLU_WRITE,
    Slug.COVID: Action.VAC_STOCK_WRITE,
    Slug.DEVICES: Action.VAC_STOCK_WRITE,
}
READ = {
    Slug.OTHERS: Action.MED_READ,
    Slug.FLU: Action.FLU_READ,
    Slug.COVID: Action.VAC_STOCK_READ,
    Slug.DEVICES: Action.VAC_STOCK_READ,
}


def write_action(monitored_list: MonitoredList) -> Action:
    return WRITE[Slug(monitored_list.pk)]


def read_action(monitored_list: MonitoredList) -> Action:
    return READ[Slug(monitored_list.pk)]


def may_write(user: User, pui: Pui, monitored_list: MonitoredList) -> bool:
    """Whether the person declares this list for this pharmacy."""
    inside = Pui.objects.for_user(user, to=write_action(monitored_list))
    return inside.filter(pk=pui.pk).exists()
