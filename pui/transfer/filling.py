"""Put in a transmission what its file says: its lines checked, and how its columns were read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction

from common.tabular import TabularError
from common.weeks import PARIS
from medications.models import MonitoredList
from pui.models import ColumnMapping, Pui, SwitchOver, Transmission
from pui.rights import Sender
from pui.transfer.checking import Progress, check, silent
from pui.transfer.columns import ASKED
from pui.transfer.errors import TransmittingError
from pui.transfer.followed import Followed, followed_by
from pui.transfer.reading import Reading, Remembered, read
from pui.transfer.shapes import Kind, Line, RawLine

State, Origin = Transmission.State, Transmission.Origin


def fill(
    row: Transmission, file: IO[bytes], *, now: datetime, progress: Progress = silent
) -> Transmission:
    """Read, check and keep; nothing is saved. Raise ``TransmittingError`` for a whole refusal."""
    try:
        reading = read(file, filename=row.filename, remembered=remembered_of(row.pui))
    except TabularError as refusal:
        raise TransmittingError(str(refusal)) from refusal
    progress(len(reading.lines))
    row.digest = reading.digest
    lines: Sequence[Line] = []
    if not reading.asks:
        require_lines(reading)
        row.origin = Origin.MAPUI if reading.is_virtual else Origin.FILE
        followed = followed_for(row, now)
        lines = checked(row, reading.lines, followed, progress)
    row.report = (row.report or {}) | columns_report(reading) | {"in_force": in_force(row)}
    keep(row, lines)
    return row


def checked(
    row: Transmission,
    raw_lines: Sequence[RawLine],
    followed: Followed,
    progress: Progress = silent,
) -> list[Line]:
    is_virtual = row.origin == Origin.MAPUI
    return check(
        raw_lines, pui=row.pui, followed=followed, is_virtual=is_virtual, progress=progress
    )


def followed_for(row: Transmission, now: datetime) -> Followed:
    """The list that the lines are compared with; maPUI's own shape, while the region takes it."""
    is_virtual = row.origin == Origin.MAPUI
    if is_virtual:
        require_mapui(row.pui, row.monitored_list, now.astimezone(PARIS).date())
    return followed_by(row.monitored_list, row.pui, row.due_on, is_virtual=is_virtual)


def require_mapui(pui: Pui, monitored_list: MonitoredList, today: date) -> None:
    """maPUI's data is accepted until the end of the switch-over of the region, no longer [001]."""
    region = pui.establishment.region
    switch = SwitchOver.objects.filter(region=region).first() if region else None
    if monitored_list.slug != MonitoredList.Slug.OTHERS or switch is None:
        raise TransmittingError(
            "Ce fichier donne une ligne par médicament virtuel, comme maPUI, sans code UCD\u00a0: "
            "envoyez un fichier avec un code UCD par ligne."
        )
    if switch.ends_on and today > switch.ends_on:
        raise TransmittingError(
            f"Depuis le {switch.ends_on:%d/%m/%Y}, fin de la bascule de la région {region}, les "
            "données de maPUI (une ligne par médicament virtuel) ne sont plus acceptées\u00a0: "
            "envoyez un fichier avec un code UCD par ligne."
        )


def require_lines(reading: Reading) -> None:
    if not reading.lines:
        raise TransmittingError("Ce tableau n’a aucune ligne sous ses en-têtes.")


def remembered_of(pui: Pui) -> list[Remembered]:
    rows = ColumnMapping.objects.filter(pui=pui).values_list("headers", "columns")
    return [Remembered(headers, columns) for headers, columns in rows]


def columns_report(reading: Reading) -> dict[str, Any]:
    return {
        "headers": list(reading.headers),
        "roles": list(reading.roles),
        "asks": list(reading.asks),
        "samples": list(reading.samples),
    }


def in_force(row: Transmission) -> str:
    """The number of the transmission that this one would replace; blank: none."""
    found = Transmission.objects.filter(
        pui=row.pui_id,
        monitored_list=row.monitored_list_id,
        due_on=row.due_on,
        state=State.CONFIRMED,
    ).values_list("number", flat=True)
    return str(found.first() or "")


def told_columns(row: Transmission, columns: Mapping[str, str]) -> dict[str, str]:
    """What was answered, each header once; raise ``TransmittingError`` for what cannot be."""
    told = {spec.name: columns.get(spec.name, "") for spec in ASKED if spec.name in columns}
    given = [header for header in told.values() if header]
    if unknown := set(given) - set(row.report.get("headers", [])):
        raise TransmittingError(f"Le fichier n’a pas de colonne «\u00a0{min(unknown)}\u00a0».")
    if len(set(given)) < len(given):
        twice = max(given, key=given.count)
        raise TransmittingError(
            f"La colonne «\u00a0{twice}\u00a0» est choisie deux fois\u00a0: une même colonne ne "
            "peut pas servir deux fois."
        )
    for spec in ASKED:
        is_needed = spec.name in ("ucd", "stock")
        if is_needed and spec.name in told and not told[spec.name]:
            raise TransmittingError(f"Dites quelle colonne contient «\u00a0{spec.header}\u00a0».")
    return told


def keep(row: Transmission, lines: Sequence[Line], by: Sender | None = None) -> None:
    """Keep the lines and who touched them last; each time is another version of the page."""
    row.content = [line.as_json() for line in lines]
    row.report["version"] = row.report.get("version", 0) + 1
    row.report["counts"] = {kind.value: 0 for kind in Kind} | counts_of(lines)
    row.report["touched_by"] = str(by or row.received_by or "")
    row.state = State.READY


def counts_of(lines: Sequence[Line]) -> dict[str, int]:
    kinds = [line.kind.value for line in lines]
    return {kind: kinds.count(kind) for kind in set(kinds)}


def lines_of(row: Transmission) -> list[Line]:
    return [Line.from_json(one) for one in row.content]


def drop_file(row: Transmission) -> None:
    """The deposited file goes once nothing more is to be read of it."""
    if row.path:
        storage, name = row.path.storage, row.path.name
        row.path = ""
        transaction.on_commit(lambda: storage.delete(name))
