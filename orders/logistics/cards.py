"""What is due of the exchanges, on the home page; the reroutes in force, in a banner."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from common.home import Banner, Card, Kind
from common.numbers import format_integer
from establishments.perimeter import Action
from orders.logistics.reach import files_seen, replenishes, replenishments_seen, reports_seen
from orders.models import Replenishment, Reroute

ORDER = 42
SILENT_AFTER = timedelta(hours=2)
WHEN = r"d/m/Y à G \h i"
State = Replenishment.State


def logistics_banners(user: User) -> list[Banner]:
    """For the national cell: what it turned away from La Poste is not forgotten."""
    if not user.may(Action.ROUTE_WRITE):
        return []
    regions = [str(one.region or "toute la France") for one in
               Reroute.objects.in_force().select_related("region")]  # fmt: skip
    if not regions:
        return []
    text = f"Commandes réacheminées vers Santé publique France\u00a0: {', '.join(regions)}."
    address = reverse("orders:routing")
    brief = "Commandes réacheminées vers Santé publique France"
    return [Banner(text, "warning", address, "Voir l’acheminement", brief)]


def logistics_cards(user: User) -> list[Card]:
    return [*_held_back(user), *_files(user), *_silent(user), *_replenishments(user)]


def _held_back(user: User) -> Iterator[Card]:
    if not (user.may(Action.IF_PUT) or user.may(Action.IF_META)):
        return
    count = reports_seen(user).held_back().count()
    if count:
        s = "s" if count > 1 else ""
        yield Card(
            kind=Kind.TO_SEE,
            title=f"{format_integer(count)} compte{s} rendu{s} logistique{s} à reprendre",
            detail="En quarantaine, ou en attente d’un autre\u00a0: rien de ce qu’ils disent n’est "
            "encore pris en compte.",
            action_label="Voir les comptes rendus",
            url=f"{reverse('orders:reports')}?etat=attente",
            order=ORDER,
        )


def _files(user: User) -> Iterator[Card]:
    if not user.may(Action.IF_GET):
        return
    count = files_seen(user).filter(acknowledged_at=None).count()
    if count:
        s = "s" if count > 1 else ""
        yield Card(
            kind=Kind.TO_DO,
            title=f"{format_integer(count)} fichier{s} de commandes sans accusé de réception",
            detail="Un fichier accusé est entré dans le système de l’entrepôt.",
            action_label="Voir les fichiers",
            url=reverse("orders:order_files"),
            order=ORDER,
        )


def _silent(user: User) -> Iterator[Card]:
    """For who watches: a warehouse that takes no file any more is perhaps down."""
    if not user.may(Action.IF_META):
        return
    late = files_seen(user).filter(
        acknowledged_at=None, written_at__lt=timezone.now() - SILENT_AFTER
    )
    rows = late.order_by("operator").values_list("operator__name")
    for name, count, oldest in rows.annotate(count=Count("pk"), oldest=Min("written_at")):
        s = "s" if count > 1 else ""
        yield Card(
            kind=Kind.TO_SEE,
            title=f"{name} n’a pas accusé réception de {format_integer(count)} fichier{s}",
            detail=f"Depuis le {date_format(timezone.localtime(oldest), WHEN)}. Si l’entrepôt est "
            "à l’arrêt, ses commandes peuvent être réacheminées.",
            action_label="Voir les fichiers",
            url=reverse("orders:order_files"),
            order=ORDER,
        )


def _replenishments(user: User) -> Iterator[Card]:
    if not (user.may(Action.IF_PUT) or user.may(Action.ROUTE_WRITE)) or not replenishes(user):
        return
    held = user.perimeter_to(Action.IF_PUT).operator_ids
    rows = replenishments_seen(user)
    due = (
        (rows.filter(state=State.PROPOSED), "à décider", user.may(Action.ROUTE_WRITE)),
        (rows.filter(state=State.ASKED, source__in=held), "à expédier", bool(held)),
        (rows.filter(state=State.SHIPPED, target__in=held), "à réceptionner", bool(held)),
    )
    for found, what, is_theirs in due:
        count = found.count() if is_theirs else 0
        if count:
            yield Card(
                kind=Kind.DECIDE if what == "à décider" else Kind.TO_DO,
                title=f"{format_integer(count)} réassort{'s' if count > 1 else ''} {what}",
                detail="Du stock de Santé publique France vers l’entrepôt de La Poste.",
                action_label="Voir les réassorts",
                url=reverse("orders:replenishments"),
                order=ORDER + 1,
            )
