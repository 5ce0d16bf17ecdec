"""What the share-outs and the requests for help bring to the home page of each role."""

from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.home import Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from pui.medicine import quantity_of
from pui.models import HelpRequest, PharmacyShare, RegionalShare, ShareOut
from pui.sharing.board import WITH_SUBJECT, received_by, regional_of

ORDER = 19  # before the stocks: somebody waits for it
MOST = 5
RECENT = timedelta(days=7)
State = HelpRequest.State


def cards(user: User) -> list[Card]:
    """What is to adjust, to publish, to receive; what is asked, and what was answered."""
    found: list[Card] = []
    if user.may(Action.MED_ALLOCATE):
        is_national = user.perimeter_to(Action.MED_ALLOCATE).is_national
        found += national_cards() if is_national else regional_cards(user)
    if user.may(Action.MED_ALLOCATE_RECEIVE):
        found += reception_cards(user)
    return [*found, *waiting_cards(user), *answered_cards(user)]


def regional_cards(user: User) -> list[Card]:
    rows = regional_of(user).filter(
        share_out__state=ShareOut.State.ADJUSTING,
        share_out__closes_on__gte=timezone.localdate(),
        done_at=None,
        total__gt=0,
    )
    return [_regional_card(one) for one in rows[:MOST]]


def _regional_card(row: RegionalShare) -> Card:
    share_out = row.share_out
    return Card(
        kind=Kind.DECIDE,
        title=f"Répartition\u00a0: {quantity_of(row.total, share_out.unit)} de {share_out.label}",
        detail="Ajustez entre les PUI de votre région, puis dites que c’est terminé.",
        due=f"Avant le {share_out.closes_on:%d/%m} inclus",
        action_label="Ajuster",
        url=reverse("pui:sharing_region", args=[share_out.pk, row.region_id]),
        order=ORDER,
    )


def national_cards() -> list[Card]:
    rows = ShareOut.objects.for_list().filter(state=ShareOut.State.ADJUSTING)
    return [_national_card(one) for one in rows.order_by("closes_on", "pk")[:MOST]]


def _national_card(row: ShareOut) -> Card:
    done, asked = row.done, row.taking_part  # type: ignore[attr-defined]
    is_ready = done == asked or row.closes_on < timezone.localdate()
    return Card(
        kind=Kind.DECIDE if is_ready else Kind.TO_SEE,
        title=f"Répartition\u00a0: {quantity_of(row.quantity, row.unit)} de {row.label}",
        detail=f"{done} ARS sur {asked} ont terminé."
        if done != asked
        else "Toutes les ARS ont terminé\u00a0: publiez.",
        due=f"Ajustement jusqu’au {row.closes_on:%d/%m}",
        action_label="Relire et publier" if is_ready else "Voir",
        url=reverse("pui:sharing_detail", args=[row.pk]),
        order=ORDER,
    )


def reception_cards(user: User) -> list[Card]:
    rows = received_by(user).filter(
        share_out__state=ShareOut.State.PUBLISHED, confirmed_at=None, quantity__gt=0
    )
    return [_reception_card(one) for one in rows[:MOST]]


def _reception_card(row: PharmacyShare) -> Card:
    share_out = row.share_out
    published = timezone.localtime(share_out.published_at)
    return Card(
        kind=Kind.TO_DO,
        title=f"{row.pui} reçoit {quantity_of(row.quantity, share_out.unit)} de {share_out.label}",
        detail="Confirmez la réception le jour venu\u00a0: quantité, date.",
        due=f"Répartition publiée le {published:%d/%m}",
        action_label="Voir et confirmer",
        url=reverse("pui:sharing_receive", args=[row.pk]),
        order=ORDER,
    )


def waiting_cards(user: User) -> list[Card]:
    """For an agency, what waits for its answer; the country has the list, not the card."""
    perimeter = user.perimeter_to(Action.AID_PROPOSE)
    if perimeter.is_national or not perimeter:
        return []
    rows = HelpRequest.objects.within(perimeter).filter(state=State.WAITING)
    today = Q(urgency=HelpRequest.Urgency.TODAY)
    counted = rows.aggregate(every=Count("pk"), urgent=Count("pk", filter=today))
    count, urgent = counted["every"], counted["urgent"]
    if not count:
        return []
    one = count == 1
    return [
        Card(
            kind=Kind.DECIDE,
            title="Une demande d’aide attend"
            if one
            else f"{format_integer(count)} demandes d’aide attendent",
            detail=_urgent_text(urgent),
            action_label="Répondre",
            url=reverse("pui:help"),
            order=ORDER,
        )
    ]


def _urgent_text(urgent: int) -> str:
    if not urgent:
        return "Des PUI de votre région manquent d’un médicament."
    return f"Dont {urgent} pour aujourd’hui\u00a0: des soins sont compromis."


def answered_cards(user: User) -> list[Card]:
    """For a pharmacy, what its agency answered these last days, and what waits."""
    if not user.may(Action.MED_ALLOCATE_RECEIVE):
        return []
    since = timezone.now() - RECENT
    rows = HelpRequest.objects.for_user(user, to=Action.AID_ASK).select_related(
        *WITH_SUBJECT, "pui"
    )
    recent = rows.filter(answered_at__gte=since) | rows.filter(state=State.WAITING)
    return [_answered_card(one) for one in recent.order_by("-asked_at", "-pk")[:MOST]]


def _answered_card(row: HelpRequest) -> Card:
    """What waits is done for the pharmacy; an answer is to be read."""
    asked = f"{timezone.localtime(row.asked_at):%d/%m}"
    return Card(
        kind=Kind.DONE if row.is_waiting else Kind.TO_SEE,
        title=f"Demande d’aide en {row.label}, {row.pui}\u00a0: {row.get_state_display()}",
        detail=f"Envoyée le {asked}, votre ARS n’a pas encore répondu."
        if row.is_waiting
        else row.answer,
        due=f"Demandée le {asked}",
        action_label="Relire" if row.is_waiting else "Voir",
        url=reverse("pui:help_request", args=[row.pk]),
        order=ORDER,
    )
