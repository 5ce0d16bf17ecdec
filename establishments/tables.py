"""The tables of the directory."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django_tables2.data import TableQuerysetData

from common.identifiers import format_finess
from establishments.models import Establishment


def state_badge(place):
    if place.closed_on is None:
        return "Ouvert"
    return format_html(
        '<span class="fr-badge fr-badge--sm fr-badge--no-icon">Fermé</span> '
        '<span class="app-sous">le {}</span>',
        place.closed_on.strftime("%d/%m/%Y"),
    )


class PlaceTable(tables.Table):
    """Columns that every list of establishments shows."""

    name = tables.Column("Établissement", order_by=("sort_name", "finess"))
    category = tables.Column("Catégorie", orderable=False)
    town = tables.Column("Commune", orderable=False)

    def render_name(self, record):
        return format_html(
            '<a href="{}">{}</a> <span class="app-sous app-nb">{}</span>',
            record.get_absolute_url(),
            record.name,
            format_finess(record.finess),
        )

    def render_category(self, record):
        return record.category.label

    def render_town(self, record):
        if record.department is None:
            return record.town
        return format_html(
            '{} <span class="app-sous">{}</span>', record.town or "–", record.department
        )


class PagesByKey(TableQuerysetData):
    """Reach a far page through the index alone; whole rows are read for that page only."""

    def __getitem__(self, page):
        keys = self.data.values("pk")[page]
        places = Establishment.objects.for_list().order_by(*self.data.query.order_by)
        return places.filter(pk__in=keys)


class EstablishmentTable(PlaceTable):
    """What the search finds."""

    legal_entity = tables.Column("Entité juridique", orderable=False)
    state = tables.Column("État", empty_values=(), orderable=False)

    class Meta:
        model = Establishment
        fields = ("name", "category", "town", "legal_entity", "state")
        attrs = {"caption": "Établissements"}
        order_by = "name"
        empty_text = "Aucun établissement ne correspond à votre recherche."

    def render_legal_entity(self, record):
        entity = record.legal_entity
        return format_html(
            '<a href="{}">{}</a> <span class="app-sous app-nb">{}</span>',
            entity.get_absolute_url(),
            entity.name,
            format_finess(entity.finess),
        )

    def render_state(self, record):
        return state_badge(record)


class SiteTable(PlaceTable):
    """The sites of an entity, which are beneficiaries [003], and the choice of the main one."""

    beneficiary = tables.Column("Bénéficiaire", empty_values=(), orderable=False)
    state = tables.Column("État", empty_values=(), orderable=False)
    choice = tables.Column(
        "Établissement principal",
        empty_values=(),
        orderable=False,
        attrs={"th": {"class": "app-ecran"}, "td": {"class": "app-ecran"}},
    )

    class Meta:
        model = Establishment
        fields = ("name", "category", "town", "beneficiary", "state", "choice")
        order_by = "name"
        empty_text = "Aucun autre établissement."

    def __init__(self, *args, caption, beneficiary_categories, choosable, **kwargs):
        self.beneficiary_categories = beneficiary_categories
        self.choosable = choosable
        hidden = () if choosable else ("choice",)
        super().__init__(*args, attrs={"caption": caption}, exclude=hidden, **kwargs)

    def render_name(self, record):
        shown = super().render_name(record)
        if record.is_main:
            return format_html('{} <span class="app-sous">Établissement principal</span>', shown)
        return shown

    def render_beneficiary(self, record):
        held = record.is_open and record.category_id in self.beneficiary_categories
        return "Oui" if held else "Non"

    def render_choice(self, record):
        if record.is_main:
            return "Oui"
        if record.pk not in self.choosable:
            return "–"
        return format_html(
            '<a class="fr-link fr-link--sm" href="{}">Désigner'
            '<span class="fr-sr-only"> {} comme établissement principal</span></a>',
            reverse("establishments:main_site", args=[record.finess]),
            record.name,
        )

    def render_state(self, record):
        return state_badge(record)
