"""`/api/v1/logistique/fichiers`: the order files, pulled by the system of a warehouse."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from accounts.api import TokenAuth
from accounts.limits import FailureLimit, PaceLimit
from accounts.models import ApiToken
from common.problems import problem
from orders.api.warehouse import RefusedMachineError, Warehouse, warehouse_of
from orders.logistics.order_files import COLUMNS
from orders.logistics.schemas import order_file_schema
from orders.models import OrderFile
from orders.services.order_file_acts import acknowledge_file, note_reading

READ = PaceLimit(FailureLimit("logistics_files", ((60, 60),)), stride=10)  # 600 a minute
MOST = 200
ABOUT_DIGEST = "SHA-256 de ce qui a été lu, JSON ou CSV, pour que l’accusé vaille contrôle."
OTHER_DIGEST = "Cette empreinte n’est pas celle du fichier\u00a0: téléchargez-le de nouveau."

router = Router(tags=["Logistique"], auth=TokenAuth())


class FileShown(Schema):
    numero: int
    ecrit_le: datetime
    rejeu_de: int | None = Field(description="Numéro du fichier dont il redonne les commandes.")
    commandes: int
    lignes: int
    unites: int
    arrets: int
    json_sha256: str
    csv_sha256: str
    json_adresse: str
    csv_adresse: str
    recu_le: datetime | None = Field(description="Accusé de réception.")


@router.get(
    "/logistique/fichiers",
    response=list[FileShown],
    url_name="logistics_files",
    summary="Lister les fichiers de commandes",
)
def files(
    request: HttpRequest,
    depuis: Annotated[int, Query(ge=0, le=2_000_000_000)] = 0,
) -> HttpResponse | list[FileShown]:
    """Lister, dans l’ordre des numéros, les fichiers après le numéro `depuis`, deux cents au plus.

    Usage du jeton\u00a0: `logistics.files`. Les numéros d’un logisticien se suivent sans trou.
    """
    try:
        warehouse = _warehouse(request)
    except RefusedMachineError as refused:
        return refused.answer
    rows = _rows(warehouse).filter(sequence__gt=depuis)
    return [_shown(request, one) for one in rows.order_by("sequence")[:MOST]]


@router.get(
    "/logistique/fichiers/schema.json",
    url_name="logistics_files_schema",
    summary="Lire le schéma des fichiers de commandes",
)
def files_schema(request: HttpRequest) -> dict[str, Any]:
    """Le JSON Schema du fichier JSON, et le Table Schema du fichier CSV."""
    return {"json": order_file_schema(), "csv": COLUMNS.as_json()}


@router.get(
    "/logistique/fichiers/{int:numero}.{forme}",
    url_name="logistics_file",
    summary="Télécharger un fichier de commandes",
)
def file(request: HttpRequest, numero: int, forme: str) -> HttpResponse:
    """Télécharger un fichier, en `json` ou en `csv`\u00a0; `ETag` est son empreinte SHA-256."""
    try:
        warehouse = _warehouse(request)
    except RefusedMachineError as refused:
        return refused.answer
    rows = OrderFile.objects.filter(operator=warehouse.operator).select_related("operator")
    found = rows.filter(sequence=numero).first()
    if found is None or forme not in ("json", "csv"):
        raise Http404
    note_reading(found, forme, by=None, machine=warehouse.name)
    return content_of(found, forme)


@router.post(
    "/logistique/fichiers/{int:numero}/accuse",
    response=FileShown,
    url_name="logistics_file_acknowledge",
    summary="Accuser réception d’un fichier de commandes",
)
def acknowledge(
    request: HttpRequest,
    numero: int,
    empreinte: Annotated[str, Query(max_length=64, description=ABOUT_DIGEST)] = "",
) -> HttpResponse | FileShown:
    """Dire que le fichier est entré dans le système de l’entrepôt. Répété, cela ne change rien.

    409\u00a0: ce qui est entré n’est pas ce fichier, `empreinte` n’est pas la sienne.
    """
    try:
        warehouse = _warehouse(request)
    except RefusedMachineError as refused:
        return refused.answer
    found = _rows(warehouse).filter(sequence=numero).first()
    if found is None:
        raise Http404
    if empreinte and empreinte.lower() not in (found.json_digest, found.csv_digest):
        return problem(409, "Empreinte différente", OTHER_DIGEST)
    acknowledge_file(found, by=None, via=warehouse.name)
    return _shown(request, _rows(warehouse).get(pk=found.pk))


def content_of(file: OrderFile, form: str) -> HttpResponse:
    """A file as it was written, with its digest."""
    if form == "json":
        text, digest, kind = file.json_text, file.json_digest, "application/json"
    else:
        text, digest, kind = file.csv_text, file.csv_digest, "text/csv; charset=utf-8"
    disposition = f'attachment; filename="{file}.{form}"'
    headers = {"Content-Disposition": disposition, "ETag": f'"{digest}"', "X-SHA256": digest}
    return HttpResponse(text.encode(), content_type=kind, headers=headers)


def _warehouse(request: HttpRequest) -> Warehouse:
    return warehouse_of(request, ApiToken.Scope.LOGISTICS_FILES, READ)


def _rows(warehouse: Warehouse) -> "QuerySet[OrderFile]":
    rows = OrderFile.objects.filter(operator=warehouse.operator)
    found: QuerySet[OrderFile] = rows.without_content()
    return found


def _shown(request: HttpRequest, file: OrderFile) -> FileShown:
    json_at, csv_at = (
        request.build_absolute_uri(
            reverse("api:logistics_file", kwargs={"numero": file.sequence, "forme": form})
        )
        for form in ("json", "csv")
    )
    return FileShown(
        numero=file.sequence,
        ecrit_le=file.written_at,
        rejeu_de=file.replay_of.sequence if file.replay_of else None,
        commandes=file.orders_count,
        lignes=file.lines_count,
        unites=file.units,
        arrets=file.stops_count,
        json_sha256=file.json_digest,
        csv_sha256=file.csv_digest,
        json_adresse=json_at,
        csv_adresse=csv_at,
        recu_le=file.acknowledged_at,
    )
