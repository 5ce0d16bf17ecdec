"""The directory: search, the page of an establishment, the page of an entity."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.tables import show_page
from establishments import rules
from establishments.access import allows
from establishments.filters import EstablishmentFilter
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action
from establishments.services.main_site import proposed_main_site, sites_to_choose_from
from establishments.tables import EstablishmentTable, PagesByKey, SiteTable

PER_PAGE = 25
ENTITIES_SHOWN = 5


@allows(Action.REF_READ)
@require_safe
def search(request):
    """List the establishments; a search also names the entities that match."""
    places = Establishment.objects.for_list().for_user(request.user, to=Action.REF_READ)
    chosen = EstablishmentFilter(request.GET, queryset=places)
    table = EstablishmentTable(PagesByKey(chosen.qs))
    show_page(request, table, per_page=PER_PAGE)
    context = {
        "filter": chosen,
        "table": table,
        "entities": entities_named(request, chosen.text),
        "may_import": request.user.may(Action.REF_WRITE),
    }
    return render(request, "establishments/search.html", context)


@allows(Action.REF_READ)
@require_safe
def detail(request, finess):
    """An establishment: its entity, its sister sites, what it may order and under which number."""
    places = Establishment.objects.for_user(request.user, to=Action.REF_READ)
    place = get_object_or_404(
        places.select_related("legal_entity__legal_status", "category", "department", "region"),
        finess=finess,
    )
    sites = places.filter(legal_entity=place.legal_entity)
    open_sites = sites.open().count()
    table = _site_table(
        request, sites.exclude(pk=place.pk), "Autres établissements de la même entité juridique"
    )
    context = {
        "place": place,
        "status": rules.status_in_words(place),
        "ordering": rules.ordering_number(place, open_sites),
        "beneficiary": rules.is_beneficiary(place, timezone.localdate()),
        "open_sites": open_sites,
        "main_site": proposed_main_site(place.legal_entity),
        "may_choose": place.pk in _choosable(request, place.legal_entity, open_sites),
        "table": table,
    }
    return render(request, "establishments/detail.html", context)


@allows(Action.REF_READ)
@require_safe
def entity(request, finess):
    """A legal entity and its establishments."""
    entities = LegalEntity.objects.for_user(request.user, to=Action.REF_READ)
    place = get_object_or_404(
        entities.select_related("legal_status", "department", "region"), finess=finess
    )
    sites = Establishment.objects.for_user(request.user, to=Action.REF_READ).filter(
        legal_entity=place
    )
    open_sites = sites.open().count()
    choosable = _choosable(request, place, open_sites)
    context = {
        "place": place,
        "beneficiary": rules.is_beneficiary_entity(place, timezone.localdate()),
        "open_sites": open_sites,
        "main_site": proposed_main_site(place),
        "may_choose": bool(choosable),
        "table": _site_table(request, sites, "Établissements de l’entité juridique", choosable),
    }
    return render(request, "establishments/entity.html", context)


def entities_named(request, text):
    """Name the first entities that match a search."""
    if not text:
        return []
    entities = LegalEntity.objects.for_user(request.user, to=Action.REF_READ).open()
    return entities.first_found(text, ENTITIES_SHOWN)


def _choosable(request, entity, open_sites):
    """The sites that one may make the main one; of a single site there is nothing to say."""
    return sites_to_choose_from(request.user, entity) if open_sites > 1 else frozenset()


def _site_table(request, sites, caption, choosable=frozenset()):
    categories = rules.beneficiary_categories(timezone.localdate())
    rows = sites.for_list().prefetch_related(None).prefetch_related("category", "department")
    table = SiteTable(rows, caption=caption, beneficiary_categories=categories, choosable=choosable)
    show_page(request, table, per_page=PER_PAGE)
    return table
