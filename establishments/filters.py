"""The filters of the directory."""

import django_filters
from django.db.models import TextChoices

from establishments.models import Department, Establishment, EstablishmentCategory
from establishments.models.search import SHORTEST, plain_words


class State(TextChoices):
    """Which establishments to show; the open ones unless asked."""

    OPEN = "ouverts", "Ouverts"
    CLOSED = "fermes", "Fermés"
    ALL = "tous", "Tous"


def aggregates(among=None):
    """The groups of categories, as FINESS names them; ``among`` sites, those that they are of."""
    categories = EstablishmentCategory.objects.exclude(aggregate_code="")
    if among is not None:
        categories = categories.filter(code__in=among.order_by().values("category"))
    names = categories.values_list("aggregate_code", "aggregate_label")
    return names.order_by("aggregate_label").distinct()


class EstablishmentFilter(django_filters.FilterSet):
    """Search by number, words of the name or town; narrow by place, kind and state."""

    recherche = django_filters.CharFilter(
        method="search", label="Numéro FINESS, nom ou commune", max_length=100
    )
    departement = django_filters.ModelChoiceFilter(
        field_name="department",
        queryset=Department.objects.all(),
        label="Département",
        empty_label="Tous les départements",
    )
    categorie = django_filters.ChoiceFilter(
        field_name="category__aggregate_code",
        choices=aggregates,
        label="Catégorie",
        empty_label="Toutes les catégories",
    )
    etat = django_filters.ChoiceFilter(
        method="narrow_state", choices=State, label="État", empty_label=None
    )

    class Meta:
        model = Establishment
        fields = []

    def __init__(self, data=None, *args, **kwargs):
        data = {key: data[key] for key in data} if data else {}
        data.setdefault("etat", State.OPEN)
        super().__init__(data, *args, **kwargs)
        self.form.fields["recherche"].widget.attrs |= {
            "type": "search",
            "aria-describedby": "search-help",
        }

    @property
    def is_too_short(self) -> bool:
        """Whether something was typed that is too short to search."""
        text = self.data.get("recherche", "").strip()
        return bool(text) and sum(map(len, plain_words(text))) < SHORTEST

    @property
    def text(self) -> str:
        """What is searched, or nothing."""
        return "" if self.is_too_short else self.data.get("recherche", "").strip()

    def search(self, queryset, name, value):
        return queryset.search(value)

    def narrow_state(self, queryset, name, value):
        if value == State.ALL:
            return queryset
        return queryset.filter(closed_on__isnull=value == State.OPEN)
