"""What EPI-Stocks brings to the home page: the inventory due this week, late sites first."""

from django.urls import reverse

from accounts.models import User
from common.home import Banner, Card, Kind, MenuItem
from common.weeks import current_week, iso_number
from epi_stocks.calendar import calendar_of
from epi_stocks.grid import Entity, Site, load_sites
from epi_stocks.views.inventory_context import first_unfinished
from establishments.perimeter import Action

MOST_LATE_SITES = 4


def menu(user: User) -> list[MenuItem]:
    if user.may(Action.EPI_WRITE) or user.may(Action.EPI_READ):
        return [MenuItem("EPI-Stocks", reverse("epi_stocks:inventory_start"), "/epi-stocks/", 30)]
    return []


def banners(user: User) -> list[Banner]:
    return []


def cards(user: User) -> list[Card]:
    """One card for each late site, then one for each entity with what is left to do."""
    if not user.may(Action.EPI_WRITE):
        return []
    week = current_week()
    due = calendar_of(week).deadline_sentence
    entities = load_sites(user, week)
    sites = [site for entity in entities for site in entity.sites]
    late = [site for site in sites if site.state.key == "late"][:MOST_LATE_SITES]
    return [_late_card(site, week) for site in late] + [
        _entity_card(entity, week, due) for entity in entities
    ]


def _late_card(site: Site, week) -> Card:
    return Card(
        kind=Kind.LATE,
        title=f"Inventaire EPI, {site.name}",
        detail=f"{site.state.sentence.capitalize()} : sans vos chiffres, l’ARS ne voit pas "
        "qu’il vous manque quelque chose.",
        action_label="Ouvrir la grille",
        url=reverse("epi_stocks:inventory", args=[site.finess, week]),
        order=30,
    )


def _entity_card(entity: Entity, week, due: str) -> Card:
    """« Semaine 47 : 3 sites sur 5 renseignés », and the first unfinished one behind the button."""
    done, count = entity.up_to_date, len(entity.sites)
    site = first_unfinished([entity])
    if count == 1:
        detail = f"Semaine {iso_number(week)} : {entity.sites[0].state.sentence}."
    else:
        s = "s" if done > 1 else ""
        detail = f"Semaine {iso_number(week)} : {done} site{s} sur {count} renseigné{s}."
    title = f"Inventaire EPI, {entity.sites[0].name if count == 1 else entity.name}"
    if site is None:
        shown = entity.sites[0]
        return Card(Kind.DONE, title, detail, due="", action_label="Relire", url=_url(shown, week))
    is_begun = done > 0 or site.state.key == "started"
    return Card(
        kind=Kind.TO_FINISH if is_begun else Kind.TO_DO,
        title=title,
        detail=detail,
        due=due,
        action_label="Continuer" if is_begun else "Ouvrir la grille",
        url=_url(site, week),
        order=31,
    )


def _url(site: Site, week) -> str:
    return reverse("epi_stocks:inventory", args=[site.finess, week])
