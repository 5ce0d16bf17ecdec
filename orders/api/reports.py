"""`/api/v1/logistique/comptes-rendus`: what a warehouse says of orders and of its stock."""

import re
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema, Status

from accounts.api import TokenAuth
from accounts.limits import FailureLimit
from accounts.models import ApiToken
from common.problems import problem
from orders.api.warehouse import RefusedMachineError, Warehouse, warehouse_of
from orders.logistics.report_files import parse_json
from orders.logistics.shapes import schema
from orders.models import LogisticsReport
from orders.services.reports import KeyReusedError, receive

SENT = FailureLimit("logistics_reports", ((1500, 60), (30_000, 3600)))
KEY = re.compile(r"[\x21-\x7e]{8,100}")
BAD_KEY = "Idempotency-Key\u00a0: de 8 à 100 caractères ASCII, sans espace."
ABOUT_KEY = (
    "Identifiant que vous choisissez pour ce compte rendu, de 8 à 100 caractères\u00a0: répété "
    "sous la même clé, il ne compte qu’une fois."
)
MOST = 500
State = LogisticsReport.State

router = Router(tags=["Logistique"], auth=TokenAuth())


class ReportShown(Schema):
    cle: str
    nature: str
    commande: str
    etat: str
    motif: str
    recu_le: datetime
    traite_le: datetime | None


@router.post(
    "/logistique/comptes-rendus",
    response={200: ReportShown, 201: ReportShown, 202: ReportShown},
    url_name="logistics_report",
    summary="Envoyer un compte rendu",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
def report(
    request: HttpRequest,
    key: Annotated[str, Header(alias="Idempotency-Key", description=ABOUT_KEY)],
) -> HttpResponse | Status[Any]:
    """Dire une confirmation, une préparation, une expédition, un suivi de colis, une livraison, un
    état de stock, ou la réponse à une demande d’arrêt\u00a0: voir `schema.json`.

    Usage du jeton\u00a0: `logistics.reports`. 201\u00a0: traité. 202\u00a0: gardé en quarantaine,
    `motif` dit pourquoi\u00a0; il sera repris à la main, ou de lui-même quand celui qui manque
    arrivera. 200\u00a0: ce compte rendu était déjà reçu. 409\u00a0: la clé a servi à un autre.
    """
    try:
        warehouse = _warehouse(request)
    except RefusedMachineError as refused:
        return refused.answer
    if not KEY.fullmatch(key):
        return problem(422, "Demande mal formée", BAD_KEY)
    try:
        row, is_new = receive(
            parse_json(request.body), operator=warehouse.operator, key=key, via=warehouse.name
        )
    except KeyReusedError as error:
        return problem(409, "Clé déjà servie", str(error))
    code = 202 if is_new else 200
    return Status(201 if is_new and row.state == State.APPLIED else code, _shown(row))


@router.get(
    "/logistique/comptes-rendus/schema.json",
    url_name="logistics_reports_schema",
    summary="Lire le schéma des comptes rendus",
)
def reports_schema(request: HttpRequest) -> dict[str, Any]:
    """Le JSON Schema de chaque nature de compte rendu."""
    return schema()


@router.get(
    "/logistique/comptes-rendus",
    response=list[ReportShown],
    url_name="logistics_reports",
    summary="Lister les comptes rendus reçus",
)
def reports(
    request: HttpRequest,
    quarantaine: Annotated[bool, Query()] = False,
) -> HttpResponse | list[ReportShown]:
    """Les cinq cents derniers, ou seulement ceux en quarantaine."""
    try:
        warehouse = _warehouse(request)
    except RefusedMachineError as refused:
        return refused.answer
    rows = LogisticsReport.objects.filter(operator=warehouse.operator).defer("content", "text")
    if quarantaine:
        rows = rows.filter(state__in=LogisticsReport.HELD_BACK)
    return [_shown(one) for one in rows[:MOST]]


def _warehouse(request: HttpRequest) -> Warehouse:
    return warehouse_of(request, ApiToken.Scope.LOGISTICS_REPORTS, SENT)


def _shown(row: LogisticsReport) -> ReportShown:
    return ReportShown(
        cle=row.key,
        nature=row.kind,
        commande=row.order_number,
        etat=row.get_state_display(),
        motif=row.reason or row.discard_reason,
        recu_le=row.received_at,
        traite_le=row.applied_at,
    )
