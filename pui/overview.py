"""What those who follow a territory see first of its pharmacies: who declared, who is late."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Figure, Kind
from common.kept import KeptByKey
from common.numbers import format_integer, format_percent
from establishments.perimeter import Action, Perimeter
from medications.calendar import Period, calendar_of
from medications.models import MonitoredList
from pui.dues import declares, expected_puis
from pui.models import Pui, Transmission
from pui.sheet import INCOMPLETE

ORDER = 20  # among the cards of the home page
OTHERS = MonitoredList.Slug.OTHERS


@dataclass(frozen=True, slots=True)
class Link:
    """A page of e-Dispostock, and what one finds there."""

    label: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Rate:
    """How many pharmacies declared a due day, of those expected."""

    due_on: date
    declared: int
    expected: int

    @property
    def late(self) -> int:
        return self.expected - self.declared

    @property
    def text(self) -> str:
        return format_percent(self.declared, self.expected, without="–")


RATES: Final = KeptByKey[list[Rate]]()


def rates_of(user: User) -> list[Rate]:
    """The last two due days past of « autres médicaments » in one's territory, the latest first.

    A card and a figure tell the same, to all who follow this territory.
    """
    held = user.perimeter_to(Action.DASH_MED)
    return RATES.value(held, lambda: rates_within(held))


def rates_within(held: Perimeter) -> list[Rate]:
    calendar = calendar_of(OTHERS)
    now = timezone.localtime()
    last, before = calendar.past_dues(now, 2)
    ago = now - (calendar.due_at(last) - calendar.due_at(before))
    return [
        rate_of(held, calendar.period(last)),
        rate_of(held, calendar.period(before), until=ago),
    ]


def rate_of(held: Perimeter, period: Period, until: datetime | None = None) -> Rate:
    """``until``: what had come by then, to compare two due days at the same hour."""
    expected = expected_puis(OTHERS, period.due_on).within(held)
    sent = Transmission.objects.filter(
        declares(period),
        monitored_list=OTHERS,
        state__in=Transmission.STORED,
        pui__in=expected.order_by().values("pk"),
    )
    if until is not None:
        sent = sent.filter(confirmed_at__lte=until)
    declared = sent.order_by().values("pui").distinct().count()
    return Rate(period.due_on, declared, expected.count())


def late_cards(user: User) -> list[Card]:
    rates = rates_of(user)
    late = rates[0].late if rates else 0
    if not late:
        return []
    s = "s" if late > 1 else ""
    return [
        Card(
            kind=Kind.DECIDE if user.may(Action.REMIND_SEND) else Kind.TO_SEE,
            title=f"Stocks de médicaments\u00a0: {format_integer(late)} PUI en retard",
            detail=f"Sans déclaration, elle{s} ne peu{'ven' if late > 1 else ''}t pas être "
            f"servie{s} sur le stock de l’État.",
            due=f"Échéance du {rates[0].due_on:%d/%m}",
            action_label="Voir qui",
            url=reverse("pui:late"),
            order=ORDER,
        )
    ]


def rate_figures(user: User) -> list[Figure]:
    """The share of pharmacies that declared, beside that of the due day before."""
    rates = rates_of(user) if user.may(Action.DASH_MED) else []
    if not rates or not rates[0].expected:
        return []
    return [rate_figure(*rates)]


def rate_figure(last: Rate, before: Rate) -> Figure:
    return Figure(
        label="Stocks des PUI reçus",
        value=last.text,
        detail=f"{format_integer(last.declared)} sur {format_integer(last.expected)}",
        note=f"Échéance du {last.due_on:%d/%m}\u00a0; celle du {before.due_on:%d/%m} à la même "
        f"heure\u00a0: {before.text}",
        url=reverse("pui:late"),
        indicator="taux-declaration-pui",
    )


def register_figures(user: User) -> list[Figure]:
    """For the home of e-Dispostock: how many pharmacies, and how many one could not deliver to."""
    if not user.may(Action.DASH_MED):
        return []
    reached = Pui.objects.for_user(user, to=Action.PUI_READ).filter(closed_on=None)
    counted = reached.aggregate(every=Count("pk"), incomplete=Count("pk", filter=INCOMPLETE))
    count, incomplete = counted["every"], counted["incomplete"]
    register = reverse("pui:register")
    return [
        Figure(
            "PUI ouvertes",
            format_integer(count),
            note="Dans le registre",
            url=register,
            indicator="pui-ouvertes",
        ),
        Figure(
            "Fiches de livraison à compléter",
            format_integer(incomplete),
            detail=f"sur {format_integer(count)}",
            note="Un fournisseur ne saurait pas y livrer",
            url=f"{register}?fiche=a-completer",
        ),
    ]


def links(user: User) -> list[Link]:
    """Where those who follow a territory go from the home of e-Dispostock."""
    if not user.may(Action.DASH_MED):
        return []
    found = [
        Link(
            "Stocks de la région",
            "Par établissement, département et région, par UCD, UCD de référence et DCI.",
            reverse("pui:region"),
        ),
        Link("PUI en retard", "Qui n’a pas déclaré, et qui appeler.", reverse("pui:late")),
        Link(
            "Registre des PUI",
            "Où elles sont, comment les livrer, qui elles desservent.",
            reverse("pui:register"),
        ),
    ]
    if user.may(Action.ONB_READ):
        found.append(
            Link(
                "Ouverture des PUI",
                "La liste de chaque région, étape par étape.",
                reverse("pui:onboarding"),
            )
        )
    return found
