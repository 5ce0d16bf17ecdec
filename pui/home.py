"""What e-Dispostock brings to the home page: the stocks due, late first; the region's rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Figure, Kind, MenuItem
from common.numbers import format_integer
from establishments.perimeter import Action
from medications.calendar import calendar_of
from medications.menu import menu_of
from medications.models import MonitoredList
from pui.dues import Due, DueState, dues_of, expected_puis, followed_lists
from pui.models import Pui, Transmission
from pui.rights import WRITE
from pui.sheet import INCOMPLETE, missing_text
from pui.without import entity_without_site, sites_without

ORDER = 20
LABEL, PREFIX = "e-Dispostock", "/dispostock/"
NO_BREAK = "\u00a0"
CONSEQUENCE = "Une PUI qui ne déclare pas ne peut pas être servie sur le stock de l’État."
MOST_PUIS = 30  # of one person; beyond, the page of e-Dispostock is a territory's
OTHERS = MonitoredList.Slug.OTHERS


@dataclass(frozen=True, slots=True)
class Link:
    """A page of e-Dispostock, and what one finds there."""

    label: str
    text: str
    url: str


def menu(user: User) -> list[MenuItem]:
    if not menu_of(user):
        return []
    return [MenuItem(LABEL, reverse("pui:home"), PREFIX, ORDER)]


def cards(user: User) -> list[Card]:
    """For a GF what each pharmacy has to declare; for an ARS those that are late."""
    if user.may(Action.MED_WRITE):
        return gf_cards(user)
    return late_cards(user) if user.may(Action.DASH_MED) else []


def gf_cards(user: User) -> list[Card]:
    puis = list(Pui.objects.for_user(user, to=Action.MED_WRITE).filter(closed_on=None)[:MOST_PUIS])
    if not puis:
        return first_cards(user)
    slugs = [slug for slug, action in WRITE.items() if user.may(action)]
    dues = dues_of(puis, slugs, timezone.localtime())
    found = [card for pui in puis for card in pui_cards([one for one in dues if one.pui == pui])]
    return found + [sheet_card(pui) for pui in puis if missing_text(pui)]


def first_cards(user: User) -> list[Card]:
    """No pharmacy yet: the step without which nothing can be declared [000]."""
    if not user.may(Action.PUI_WRITE) or entity_without_site(user):
        return []
    without = sites_without(user)
    if without and all(one.served_by for one in without):
        return []
    return [
        Card(
            kind=Kind.FIRST,
            title="Créez la PUI de votre établissement",
            detail="Sans PUI, aucun stock ne peut être transmis. Décrivez où et comment la livrer.",
            action_label="Créer la PUI",
            url=reverse("pui:choose_site"),
            order=ORDER,
        )
    ]


def pui_cards(dues: Sequence[Due]) -> list[Card]:
    """What is late, to do, done: one card of each for a pharmacy, whatever the number of lists.

    A list late for the due day just past is told once, not again for the one that comes.
    """
    late = {one.monitored_list.pk for one in dues if one.state is DueState.LATE}
    told = [
        one
        for one in dues
        if one.state is DueState.LATE
        or (one.monitored_list.pk not in late and one is last_of(dues, one))
    ]
    ranked = sorted(told, key=lambda one: list(DueState).index(one.state))
    return [
        due_card(state, list(found)) for state, found in groupby(ranked, key=lambda one: one.state)
    ]


def last_of(dues: Sequence[Due], due: Due) -> Due:
    """The due day that comes, of the same list."""
    same = [one for one in dues if one.monitored_list.pk == due.monitored_list.pk]
    return max(same, key=lambda one: one.period.due_on)


def due_card(state: DueState, dues: Sequence[Due]) -> Card:
    first = dues[0]
    labels = {
        DueState.LATE: "Transmettre",
        DueState.TO_FINISH: "Reprendre",
        DueState.TO_DO: "Transmettre",
        DueState.DONE: "Relire",
    }
    return Card(
        kind=Kind(state.value),
        title=due_title(state, dues),
        detail=due_detail(state, dues),
        due=due_text(state, first),
        action_label=labels[state],
        url=transmission_address(first),
        order=ORDER,
    )


def due_title(state: DueState, dues: Sequence[Due]) -> str:
    if len(dues) == 1:
        return f"Stock {list_name(dues[0])}, {dues[0].pui}"
    verb = "transmis" if state is DueState.DONE else "à transmettre"
    return f"{len(dues)} stocks {verb}, {dues[0].pui}"


def list_name(due: Due) -> str:
    """« des autres médicaments », « du vaccin grippe »."""
    name = str(due.monitored_list)
    plural = due.monitored_list.pk in (OTHERS, MonitoredList.Slug.DEVICES)
    return f"{'des' if plural else 'du'} {name}"


def due_detail(state: DueState, dues: Sequence[Due]) -> str:
    several = ", ".join(str(one.monitored_list) for one in dues) if len(dues) > 1 else ""
    match state:
        case DueState.LATE:
            said = CONSEQUENCE
        case DueState.TO_FINISH:
            said = "Saisie commencée, pas encore transmise."
        case DueState.DONE:
            said = done_text(dues[0])
        case _:
            said = ""
    names = f"{several[0].upper()}{several[1:]}." if several else ""
    return " ".join(filter(None, (names, said)))


def done_text(due: Due) -> str:
    sent = due.transmission
    if sent is None or sent.confirmed_at is None:
        return ""
    who = f" par {sent.received_by}" if sent.received_by else ""
    return f"Transmis le {moment(sent.confirmed_at)}{who}."


def moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%d/%m} à {local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}"


def due_text(state: DueState, due: Due) -> str:
    if state is DueState.DONE:
        return ""
    at = timezone.localtime(due.period.due_at)
    if state is DueState.LATE:
        days = (timezone.localdate() - due.period.due_on).days
        late = f", {days}{NO_BREAK}jour{'s' if days > 1 else ''} de retard" if days else ""
        return f"Attendu le {at:%d/%m}{late}"
    return f"Avant le {at:%d/%m}, {at.hour}{NO_BREAK}h"


def transmission_address(due: Due) -> str:
    address = reverse("pui:transmission", kwargs={"slug": due.monitored_list.pk})
    return f"{address}?pui={due.pui.pk}"


def sheet_card(pui: Pui) -> Card:
    return Card(
        kind=Kind.TO_FINISH,
        title=f"Fiche de livraison, {pui}",
        detail=f"Il manque {missing_text(pui)}\u00a0: un fournisseur ne saurait pas vous livrer.",
        action_label="Compléter",
        url=reverse("pui:edit", args=[pui.pk]),
        order=ORDER + 1,
    )


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
        return f"{100 * self.declared // self.expected}{NO_BREAK}%" if self.expected else "–"


def rates_of(user: User, count: int = 2) -> list[Rate]:
    """The last due days past of « autres médicaments » in one's territory, the latest first."""
    now = timezone.localtime()
    if not followed_lists(now.date(), [OTHERS]):
        return []
    rates = []
    for due_on in calendar_of(OTHERS).past_dues(now, count):
        expected = expected_puis(due_on).for_user(user, to=Action.DASH_MED)
        sent = Transmission.objects.filter(
            monitored_list=OTHERS,
            due_on=due_on,
            state=Transmission.State.CONFIRMED,
            pui__in=expected.order_by().values("pk"),
        )
        rates.append(Rate(due_on, sent.count(), expected.count()))
    return rates


def late_cards(user: User) -> list[Card]:
    rates = rates_of(user, 1)
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


def figures(user: User) -> list[Figure]:
    """The share of pharmacies that declared, beside that of the due day before."""
    if not user.may(Action.DASH_MED):
        return []
    rates = rates_of(user)
    if not rates or not rates[0].expected:
        return []
    last, before = rates[0], rates[1]
    return [
        Figure(
            label="Stocks des PUI reçus",
            value=last.text,
            detail=f"{format_integer(last.declared)} sur {format_integer(last.expected)}",
            note=f"Échéance du {last.due_on:%d/%m}\u00a0; celle du {before.due_on:%d/%m}\u00a0: "
            f"{before.text}",
            url=reverse("pui:late"),
        )
    ]


def links(user: User) -> list[Link]:
    """Where those who follow a territory go from the home of e-Dispostock."""
    if not user.may(Action.DASH_MED):
        return []
    reached = Pui.objects.for_user(user, to=Action.PUI_READ).filter(closed_on=None)
    count, incomplete = reached.count(), reached.filter(INCOMPLETE).count()
    found = [
        Link(
            "Stocks de la région",
            "Par établissement, département et région, par UCD, UCD de référence et DCI.",
            reverse("pui:region"),
        ),
        Link("PUI en retard", "Qui n’a pas déclaré, et qui appeler.", reverse("pui:late")),
        Link(
            "Registre des PUI",
            f"{format_integer(count)} PUI ouvertes, dont {format_integer(incomplete)} à la fiche "
            "de livraison incomplète.",
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
