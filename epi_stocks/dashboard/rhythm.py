"""« À ce rythme »: two or three sentences that say where it is going and where it hurts."""

from common.numbers import format_decimal
from epi_stocks.dashboard.figures import plural
from epi_stocks.dashboard.page import Dashboard

FOUR_WEEKS = 4


def rhythm_sentences(dashboard: Dashboard) -> list[str]:
    """Nothing is said when nothing is known: no forecast, only what the weeks tell."""
    return [sentence for sentence in (_change(dashboard), _where(dashboard)) if sentence]


def _change(dashboard: Dashboard) -> str:
    """Closed weeks only: the one under way would tell of who has declared so far."""
    scope = dashboard.scope
    known = dashboard.trend[:-1] if scope.is_open else dashboard.trend
    if len(known) <= FOUR_WEEKS:
        return ""
    (first, before), (last, now) = known[-1 - FOUR_WEEKS], known[-1]
    if before.days is None or now.days is None or before.days == now.days:
        return ""
    change = now.days - before.days
    verb = "gagné" if change > 0 else "perdu"
    days = format_decimal(abs(change), places=1)
    return (
        f"En quatre semaines (du {first:%d/%m} au {last:%d/%m}), la couverture {scope.of_place} "
        f"a {verb} {days} jour{'s' if abs(change) >= 2 else ''}."
    )


def _where(dashboard: Dashboard) -> str:
    """Where most of the establishments without stock are: silent unless more than half of them."""
    whole = dashboard.figures.shortage
    if len(dashboard.places) < 2 or not whole:
        return ""
    worst = max(dashboard.places, key=lambda place: place.figures.shortage)
    count = worst.figures.shortage
    if count == whole:
        return f"{plural(whole, 'établissement')} en rupture : {worst.name}."
    if 2 * count <= whole:
        return ""
    return f"{worst.name} compte {count} des {whole} établissements en rupture."
