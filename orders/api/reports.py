"""`/api/v1/logistique/comptes-rendus`: what a warehouse says of orders and of its stock."""

import re
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Header, Query, Router, Schema, Status

from accounts.api import TokenAuth
from accounts.limits import FailureLimit, PaceLimit
from accounts.models import ApiToken
from common.problems import problem
from orders.api.warehouse import RefusedMachineError, Warehouse, warehouse_of
from orders.logistics.report_files import is_too_deep, parse_json
from orders.logistics.shapes import schema
from orders.models import LogisticsReport
from orders.services.reports import KeyReusedError, receive

# at the peak of a tension, 1,250 orders a minute, each told six times: the batches are for it
SENT = PaceLimit(FailureLimit("logistics_reports", ((60, 60),)), stride=50)  # 3,000 a minute
KEY = re.compile(r"[\x21-\x7e]{8,100}")
BAD_KEY = "Idempotency-Key\u00a0: de 8 à 100 caractères ASCII, sans espace."
ABOUT_KEY = (
    "Identifiant que vous choisissez pour ce compte rendu, de 8 à 100 caractères\u00a0: répété "
    "sous la même clé, il ne compte qu’une fois."
)
MOST, MOST_AT_ONCE = 500, 200
State = LogisticsReport.State

router = Router(tags=["Logistique"], auth=TokenAuth())


class ReportShown(Schema):
    numero: int = Field(description="À donner dans `depuis` pour lire ceux d’après.")
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
    solde, un état de stock, ou la réponse à une demande d’arrêt\u00a0: voir `schema.json`.

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
        code, row = _take(warehouse, key, parse_json(request.body))
    except KeyReusedError as error:
        return problem(409, "Clé déjà servie", str(error))
    return Status(code, _shown(row))


class ReportSent(Schema):
    cle: str = Field(pattern=rf"^{KEY.pattern}$", description=ABOUT_KEY)
    compte_rendu: dict[str, Any]


class Batch(Schema):
    comptes_rendus: list[ReportSent] = Field(min_length=1, max_length=MOST_AT_ONCE)


class BatchAnswer(Schema):
    cle: str
    code: int = Field(description="Celui qu’aurait eu le compte rendu envoyé seul.")
    etat: str = Field(description="Vide quand il est refusé.")
    motif: str


@router.post(
    "/logistique/comptes-rendus/lot",
    response=list[BatchAnswer],
    url_name="logistics_reports_batch",
    summary="Envoyer plusieurs comptes rendus",
)
def batch(request: HttpRequest, lot: Batch) -> HttpResponse | list[BatchAnswer]:
    """Envoyer deux cents comptes rendus au plus, chacun sous sa clé.

    Chacun est pris séparément, dans l’ordre, et reçoit le code qu’il aurait eu seul\u00a0: 201,
    202, 200 ou 409. Interrompu, le même lot se renvoie en entier\u00a0: rien ne compte deux fois.
    """
    try:
        warehouse = _warehouse(request)
    except RefusedMachineError as refused:
        return refused.answer
    if is_too_deep([one.compte_rendu for one in lot.comptes_rendus]):
        return problem(422, "Demande mal formée", "Un compte rendu n’a pas tant de niveaux.")
    return [_answer(warehouse, one) for one in lot.comptes_rendus]


def _answer(warehouse: Warehouse, sent: ReportSent) -> BatchAnswer:
    try:
        code, row = _take(warehouse, sent.cle, sent.compte_rendu)
    except KeyReusedError as error:
        return BatchAnswer(cle=sent.cle, code=409, etat="", motif=str(error))
    return BatchAnswer(cle=sent.cle, code=code, etat=row.get_state_display(), motif=_reason(row))


def _take(warehouse: Warehouse, key: str, content: object) -> tuple[int, LogisticsReport]:
    """201 applied, 202 held back, 200 known already."""
    row, is_new = receive(content, operator=warehouse.operator, key=key, via=warehouse.name)
    if not is_new:
        return 200, row
    return 201 if row.state == State.APPLIED else 202, row


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
    depuis: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> HttpResponse | list[ReportShown]:
    """Les cinq cents derniers, le plus récent d’abord\u00a0; avec `depuis`, les cinq cents qui
    suivent ce numéro, dans l’ordre. `quarantaine`\u00a0: seulement ceux qui sont à reprendre.
    """
    try:
        warehouse = _warehouse(request)
    except RefusedMachineError as refused:
        return refused.answer
    rows = LogisticsReport.objects.filter(operator=warehouse.operator).defer("content", "text")
    if quarantaine:
        rows = rows.filter(state__in=LogisticsReport.HELD_BACK)
    if depuis is not None:
        rows = rows.filter(pk__gt=depuis).order_by("pk")
    return [_shown(one) for one in rows[:MOST]]


def _warehouse(request: HttpRequest) -> Warehouse:
    return warehouse_of(request, ApiToken.Scope.LOGISTICS_REPORTS, SENT)


def _shown(row: LogisticsReport) -> ReportShown:
    return ReportShown(
        numero=row.pk,
        cle=row.key,
        nature=row.kind,
        commande=row.order_number,
        etat=row.get_state_display(),
        motif=_reason(row),
        recu_le=row.received_at,
        traite_le=row.applied_at,
    )


def _reason(row: LogisticsReport) -> str:
    return row.reason or row.discard_reason
