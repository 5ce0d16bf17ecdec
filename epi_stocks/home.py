"""What EPI-Stocks brings to the home page: the inventory due this week, late sites first."""

from collections.abc import Mapping
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.addresses import fixed_address
from common.home import Banner, Card, Change, Figure, Kind, LowStock, MenuItem, Situation
from common.kept import KeptByKey
from common.weeks import current_week, iso_number
from epi_stocks.aid.trade import EQUIPMENT, PART
from epi_stocks.calendar import WeekCalendar, calendar_of
from epi_stocks.dashboard.cards import ars_cards, ars_figures
from epi_stocks.dashboard.overview import situation_of
from epi_stocks.grid import Entity, Site, load_sites
from epi_stocks.news.inventories import colleague_changes, territory_changes
from epi_stocks.news.levels import level_changes, levels_read
from epi_stocks.news.low import low_equipment
from epi_stocks.views.inventory_context import first_unfinished
from establishments.perimeter import Action
from establishments.redistribution.cards import aid_cards

MOST_LATE_SITES = 4
ORDER = 30
LABEL, PREFIX = "EPI-Stocks", "/epi-stocks/"
SITUATIONS = KeptByKey[list[Situation]]()


def menu(user: User) -> list[MenuItem]:
    """The pages of EPI-Stocks; mutual aid for those who have a part in that of equipment."""
    aid = fixed_address("aid")
    entry = [MenuItem("Entraide", aid, aid, ORDER + 2)] if PART.is_shown_to(user) else []
    return pages(user) + entry


def pages(user: User) -> list[MenuItem]:
    address = first_page(user)
    return [MenuItem(LABEL, address, PREFIX, ORDER)] if address else []


def first_page(user: User) -> str:
    """The grid for those who fill it, the real-time view for those who follow it; else blank."""
    writes = user.may(Action.EPI_WRITE)
    if user.may(Action.DASH_EPI) and not writes:
        return fixed_address("epi_stocks:visu")
    if writes or user.may(Action.EPI_READ):
        return fixed_address("epi_stocks:inventory_start")
    return ""


def banners(user: User) -> list[Banner]:
    return []


def figures(user: User) -> list[Figure]:
    return ars_figures(user)


def situations(user: User) -> list[Situation]:
    """Where their territory stands, for those who follow one."""
    held = user.perimeter_to(Action.DASH_EPI)
    if not held:
        return []
    return SITUATIONS.value((held, current_week()), lambda: _situations(user))


def _situations(user: User) -> list[Situation]:
    found = situation_of(user)
    return [found] if found else []


def marks(user: User) -> list[tuple[str, str]]:
    return list(levels_read(user))


def marked_changes(user: User, marks: Mapping[str, str]) -> list[Change]:
    return level_changes(user, marks)


def changes(user: User, since: datetime) -> list[Change]:
    return [*territory_changes(user, since), *colleague_changes(user, since)]


def low_stocks(user: User) -> list[LowStock]:
    return low_equipment(user)


def stock_links(user: User) -> list[tuple[str, str]]:
    address = reverse("epi_stocks:inventory_start")
    return [("Tout votre inventaire EPI", address)] if user.may(Action.EPI_READ) else []


def cards(user: User) -> list[Card]:
    """What is to declare, or who is late; then mutual aid."""
    mine = inventory_cards(user) if user.may(Action.EPI_WRITE) else ars_cards(user)
    return mine + aid_cards(EQUIPMENT, user, ORDER + 2)


def inventory_cards(user: User) -> list[Card]:
    """One card for each late site, then one for each entity with what is left to do."""
    week = current_week()
    calendar = calendar_of(week)
    entities = load_sites(user, week)
    sites = [site for entity in entities for site in entity.sites]
    late = [site for site in sites if site.state.key == "late"][:MOST_LATE_SITES]
    told = {site.finess for site in late}
    rest = [entity_card(entity, calendar, told) for entity in entities]
    return [late_card(site, calendar) for site in late] + [card for card in rest if card]


def late_card(site: Site, calendar: WeekCalendar) -> Card:
    return Card(
        kind=Kind.LATE,
        title=f"Inventaire EPI, {site.name}",
        detail=f"{site.state.sentence.capitalize()} : sans vos chiffres, l’ARS ne voit pas "
        "ce qui vous manque.",
        due=due_of(Kind.LATE, calendar),
        action_label="Ouvrir la grille",
        url=grid_address(site, calendar.week),
        order=ORDER,
    )


def entity_card(entity: Entity, calendar: WeekCalendar, told: set[str]) -> Card | None:
    """« Semaine 47 : 3 sites sur 5 renseignés », and the first unfinished one behind the button.

    ``told``: sites with a card of their own. None when they are all that is left to do, or when
    nothing was expected of any site and nothing typed.
    """
    site = first_unfinished([entity], but=told)
    if site is None and (first_unfinished([entity]) or not entity.up_to_date):
        return None
    kind = kind_of(entity, site)
    labels = {Kind.TO_FINISH: "Continuer", Kind.DONE: "Relire"}
    title = entity.sites[0].name if len(entity.sites) == 1 else entity.name
    return Card(
        kind=kind,
        title=f"Inventaire EPI, {title}",
        detail=progress(entity, calendar.week),
        due=due_of(kind, calendar),
        action_label=labels.get(kind, "Ouvrir la grille"),
        url=grid_address(site or entity.sites[0], calendar.week),
        order=ORDER + 1,
    )


def kind_of(entity: Entity, site: Site | None) -> Kind:
    """Why an entity is on the list: ``site`` is the one to fill first, none when all are done."""
    if site is None:
        return Kind.DONE
    if site.state.key == "late":
        return Kind.LATE
    is_begun = entity.up_to_date > 0 or site.state.key == "started"
    return Kind.TO_FINISH if is_begun else Kind.TO_DO


def due_of(kind: Kind, calendar: WeekCalendar) -> str:
    """Until when; a site behind since an earlier week is late before this one is due."""
    if kind is Kind.DONE or (kind is Kind.LATE and timezone.now() <= calendar.deadline):
        return ""
    return calendar.deadline_sentence


def progress(entity: Entity, week: date) -> str:
    number, done, count = iso_number(week), entity.up_to_date, len(entity.sites)
    if count == 1:
        return f"Semaine {number} : {entity.sites[0].state.sentence}."
    s = "s" if done > 1 else ""
    return f"Semaine {number} : {done} site{s} sur {count} renseigné{s}."


def grid_address(site: Site, week: date) -> str:
    return reverse("epi_stocks:inventory", args=[site.finess, week])
