"""Which orders a list shows: an address that can be sent to a colleague."""

from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from common.forms import search_field
from common.weeks import FIRST_WEEK, WeekError, monday_of, parse_week, week_label, weeks_back
from epi_stocks.models import EpiItem
from establishments.models import AdministrativeBody, Department, Establishment, LegalEntity
from establishments.perimeter import Action
from orders.following.expected import lines_to_receive
from orders.following.reading import NAMED, reads_a_territory
from orders.models import Beneficiary, Order, OrderLine

WEEKS_OFFERED: Final = 26
MOST_PLACES: Final = 2_000  # numbers sent back to the database in one statement
LONGEST_NUMBER: Final = 9
Kind = AdministrativeBody.Kind
SORTS: Final = {
    "": ("La plus récente d’abord", ("-submitted_at", "-pk")),
    "ancienne": ("La plus ancienne d’abord", ("submitted_at", "pk")),
    "prevue": ("La livraison la plus proche d’abord", ("expected_on", "-submitted_at", "-pk")),
}
STATES: Final = [
    ("", "Toutes"),
    ("en-cours", "En cours"),
    ("a-receptionner", "À réceptionner"),
    *((one.value, one.label.capitalize()) for one in Order.State if one != Order.State.DRAFT),
]


class OrdersFilter(forms.Form):
    """What is followed. A filter that cannot be read filters nothing."""

    recherche = search_field("Numéro, établissement ou FINESS")
    etat = forms.ChoiceField(label="État", required=False, choices=STATES)
    equipement = forms.ModelChoiceField(
        label="Équipement",
        queryset=EpiItem.objects.filter(parent__isnull=True),
        required=False,
        empty_label="Tous",
    )
    semaine = forms.ChoiceField(label="Semaine", required=False)
    departement = forms.ModelChoiceField(
        label="Département",
        queryset=Department.objects.none(),
        required=False,
        empty_label="Tous",
    )
    entrepot = forms.ModelChoiceField(
        label="Servie par",
        queryset=AdministrativeBody.objects.filter(
            kind__in=(Kind.SPF, Kind.LA_POSTE, Kind.CONSORTIUM)
        ),
        required=False,
        empty_label="Tous",
    )
    tri = forms.ChoiceField(
        label="Ordre",
        required=False,
        choices=[(key, label) for key, (label, _) in SORTS.items()],
    )
    retard = forms.BooleanField(label="En retard seulement", required=False)

    def __init__(self, query: QueryDict, *, user: User, today: date) -> None:
        super().__init__(query)
        fields: Any = self.fields
        fields["semaine"].choices = [("", "Toutes"), *_weeks(query.get("semaine", ""), today)]
        held = user.perimeter_to(Action.ORD_READ)
        if reads_a_territory(user):
            rows = Department.objects.order_by("code")
            inside = rows if held.is_national else rows.filter(region__in=held.region_codes)
            fields["departement"].queryset = inside
        else:
            del fields["departement"]
        if held.operator_ids:
            del fields["entrepot"]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})


def _weeks(asked: str, today: date) -> list[tuple[str, str]]:
    """The last half year, and the week asked for when it is older."""
    mondays = weeks_back(monday_of(today), WEEKS_OFFERED)[::-1]
    try:
        older = parse_week(asked) if asked else None
    except WeekError:
        older = None
    if older and older not in mondays:
        mondays.append(older)
    return [(one.isoformat(), week_label(one)) for one in mondays]


def followed_orders(user: User, form: OrdersFilter, today: date) -> QuerySet[Order]:
    """Sorted; joined with what a row of the list names."""
    chosen = form.chosen()
    rows: Any = Order.objects.for_user(user, to=Action.ORD_READ).sent()
    rows = rows.filter(asked_for(chosen, today))
    _, order = SORTS[chosen.get("tri") or ""]
    found: QuerySet[Order] = (
        rows.select_related(*NAMED).prefetch_related("lines__product__item").order_by(*order)
    )
    return found


def asked_for(chosen: dict[str, Any], today: date) -> Q:
    asked = state_q(chosen.get("etat") or "")
    if item := chosen.get("equipement"):
        products = list(item.products.values_list("pk", flat=True))
        lines = OrderLine.objects.filter(order=OuterRef("pk"), product__in=products)
        asked &= Q(Exists(lines))
    if week := chosen.get("semaine"):
        asked &= Q(week=week)
    if department := chosen.get("departement"):
        asked &= Q(beneficiary__department=department)
    if operator := chosen.get("entrepot"):
        asked &= Q(operator=operator)
    if chosen.get("retard"):
        asked &= late_q(today)
    if text := chosen.get("recherche"):
        asked &= named_q(text)
    return asked


def late_q(today: date) -> Q:
    """As ``looks.is_late``."""
    return Q(state__in=Order.UNDER_WAY, expected_on__lt=today)


def to_receive_q() -> Q:
    """Something left, or came, that nobody told received."""
    part = Exists(lines_to_receive().filter(order=OuterRef("pk")))
    gone = Q(state__in=(Order.State.SHIPPED, Order.State.DELIVERED))
    return Q(received_at__isnull=True) & (gone | Q(part, state=Order.State.PARTLY_SHIPPED))


def state_q(asked: str) -> Q:
    match asked:
        case "":
            return Q()
        case "en-cours":
            return Q(state__in=Order.UNDER_WAY)
        case "a-receptionner":
            return to_receive_q()
    return Q(state=asked)


def named_q(text: str) -> Q:
    """By number of order, by name, town or FINESS of the place, by name of the agency.

    The places are found first, and their numbers given: each has its index, so that a search reads
    no other order. A word that thousands of places hold leaves none out: it is met at once among
    the latest orders.
    """
    number = text.strip().upper()
    if number.startswith("C-"):
        return Q(number__startswith=number)
    sites = Establishment.objects.search(text).values("pk")
    entities = LegalEntity.objects.search(text).values("pk")
    places = Beneficiary.objects.filter(
        Q(establishment__in=sites) | Q(legal_entity__in=entities)
    ).values_list("pk", flat=True)
    few = list(places[: MOST_PLACES + 1])
    agencies = AdministrativeBody.objects.filter(kind=Kind.ARS, name__icontains=text)
    return (
        Q(number__in=_numbers(number))
        | Q(beneficiary__in=few if len(few) <= MOST_PLACES else places)
        | Q(agency__in=list(agencies.values_list("pk", flat=True)))
    )


def _numbers(digits: str) -> list[str]:
    """The numbers of order that these digits end, one a year."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
        return []
    years = range(FIRST_WEEK.year + 1, timezone.localdate().year + 1)
    return [f"C-{year}-{int(digits):06d}" for year in years]
