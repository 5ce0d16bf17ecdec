"""`GET /api/v1/releves`: the snapshot of each morning, for the dashboards of an ARS [001]."""

import re
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Field, Router, Schema

from accounts.api import TokenAuth, too_many
from accounts.limits import FailureLimit, TooManyFailuresError
from accounts.models import ApiToken
from common.problems import problem
from establishments.perimeter import Action
from journal.services import record
from pui.feeds.snapshots import days_in_reach, schema
from pui.models import SnapshotPart
from pui.rights import Machine
from pui.views.snapshots import csv_of

READ = FailureLimit("pui_snapshots", ((30, 60), (120, 3600)))
LATEST = "dernier"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

router = Router(tags=["Relevés quotidiens"], auth=TokenAuth())


class SnapshotShown(Schema):
    jour: date
    fait_le: datetime
    lignes: int = Field(description="Lignes à la portée du jeton.")
    octets: int = Field(description="Taille, une fois compressé.")
    adresse: str = Field(description="Où le télécharger.")


@router.get(
    "/releves",
    response=list[SnapshotShown],
    url_name="snapshots",
    summary="Lister les relevés quotidiens",
)
def snapshots(request: HttpRequest) -> HttpResponse | list[SnapshotShown]:
    """Lister les relevés gardés, du plus récent au plus ancien.

    Usage du jeton\u00a0: `pui.snapshots`. Une ARS ou un OMEDIT lit les lignes de sa région, la
    cellule nationale toutes\u00a0; un établissement, aucune\u00a0: il a `/stocks`.
    """
    if refused := _refusal(request):
        return refused
    return [
        SnapshotShown(
            jour=one["day"],
            fait_le=one["made_at"],
            lignes=one["lines"],
            octets=one["size"],
            adresse=request.build_absolute_uri(
                reverse("api:snapshot", kwargs={"jour": f"{one['day']:%Y-%m-%d}"})
            ),
        )
        for one in days_in_reach(_parts(_machine(request)))
    ]


@router.get(
    "/releves/schema.json",
    url_name="snapshot_schema",
    summary="Lire le dictionnaire des colonnes (Table Schema)",
)
def snapshot_schema(request: HttpRequest) -> dict[str, Any]:
    """Le nom, le type, le sens et les contraintes de chaque colonne d’un relevé."""
    return schema()


@router.get(
    "/releves/{jour}",
    url_name="snapshot",
    summary="Télécharger un relevé quotidien (CSV)",
)
def snapshot(request: HttpRequest, jour: str) -> HttpResponseBase:
    """Télécharger le relevé d’un jour (`2026-11-16`), ou le `dernier`, en CSV.

    UTF-8, séparateur `;`, virgule décimale\u00a0; les colonnes sont celles de `schema.json`. Trente
    relevés par minute, cent vingt par heure\u00a0; chaque lecture est inscrite au journal.
    """
    if refused := _refusal(request):
        return refused
    machine = _machine(request)
    day = _day_asked(machine, jour)
    parts = list(_parts(machine).filter(day=day)) if day else []
    if not parts:
        raise Http404
    response = csv_of(parts)
    record(
        "pui.snapshot_read",
        by=None,
        target=str(machine),
        day=f"{parts[0].day:%Y-%m-%d}",
        rows=sum(one.lines for one in parts),
        **machine.told(),
    )
    return response


def _machine(request: HttpRequest) -> Machine:
    return Machine(request.auth)  # type: ignore[attr-defined]


def _parts(machine: Machine) -> "QuerySet[SnapshotPart]":
    found: QuerySet[SnapshotPart] = SnapshotPart.objects.for_user(machine, to=Action.DASH_MED)
    return found


def _refusal(request: HttpRequest) -> HttpResponse | None:
    machine = _machine(request)
    if not machine.has(ApiToken.Scope.PUI_SNAPSHOTS):
        return problem(403, "Usage non permis", "Ce jeton n’a pas l’usage pui.snapshots.")
    try:
        READ.begin(f"token {machine.token.pk}")
    except TooManyFailuresError as limit:
        return too_many(limit)
    return None


def _day_asked(machine: Machine, text: str) -> date | None:
    """What is no day, or a day without snapshot, does not exist."""
    if text == LATEST:
        latest: date | None = _parts(machine).order_by("-day").values_list("day", flat=True).first()
        return latest
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None
