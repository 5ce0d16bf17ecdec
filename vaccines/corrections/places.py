"""Where a line is, as a form carries it: of two people, the second reads what the first did."""

from typing import Final

from django.utils.timezone import localtime

from establishments.models import Establishment
from pui.models import Pui
from vaccines.corrections.history import last_change_of
from vaccines.models import SupplyLine

REMOVED: Final = "supprimee"
STALE: Final = (
    "Ce que vous aviez sous les yeux a changé\u00a0: la ligne de {wave} était {then}\u00a0; "
    "elle est maintenant {now}{who}. Relisez-la, puis recommencez s’il le faut\u00a0: "
    "rien n’est changé."
)


def place_of(line: SupplyLine) -> str:
    """« 12-7 », « 12-7-supprimee »: its recipient, its pharmacy, whether it was taken away."""
    parts = [str(line.recipient_id), str(line.pui_id)]
    return "-".join([*parts, REMOVED] if line.removed_at else parts)


def stale_sentence(line: SupplyLine, seen: str) -> str:
    """Both values, and whose the new one is."""
    last = last_change_of(line)
    who = f", par {last.who} le {localtime(last.at):%d/%m à %H:%M}" if last else ""
    return STALE.format(wave=line.wave, then=_said(seen), now=_said(place_of(line)), who=who)


def _said(place: str) -> str:
    """In words; a place that was forged says nothing."""
    recipient, _, rest = place.partition("-")
    pharmacy, _, removed = rest.partition("-")
    if not (recipient.isdecimal() and pharmacy.isdecimal()):
        return "ailleurs"
    to = Establishment.objects.filter(pk=recipient).first()
    pui = Pui.objects.filter(pk=pharmacy).first()
    said = f"à {to} ({pui})"
    return f"{said}, supprimée" if removed else said
