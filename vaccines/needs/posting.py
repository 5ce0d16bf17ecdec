"""What comes back of the page: read, saved, and what is refused kept as it was typed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django import forms
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from vaccines.models import SupplyLine
from vaccines.needs.forms import NeedForm, ReceptionForm, VaccinatedForm
from vaccines.needs.reading import RELATED, Block, Row, blocks_of, last_of, lines_of
from vaccines.needs.scanning import read_box
from vaccines.needs.texts import NO_BREAK
from vaccines.services.needs import need_of, version_of
from vaccines.services.page import Typed, save_page
from vaccines.services.receptions import shown
from vaccines.services.refusals import Outcome, SupplyError

_SEEN = re.compile(r"(?:besoin|reception|vaccines)-([0-9]{1,18})-seen")
FIELDS = {"vaccinated": "people"}  # the field of a form, where the service names it otherwise


@dataclass(slots=True)
class Posted:
    """The lines posted with their forms; ``gone`` of them are not one's own any more.

    ``compared`` are the forms, by line and kind, that were set beside what is saved: whoever reads
    their refusal knows what a colleague wrote. A number that cannot be read is refused before.
    """

    rows: dict[int, Row]
    gone: int = 0
    saved: int = 0
    refused: set[int] = field(default_factory=set)
    compared: set[tuple[int, str]] = field(default_factory=set)

    @property
    def text(self) -> str:
        """What was done, as a person reads it."""
        if not self.saved and not self.refused:
            return "Rien n’a changé."
        plural = "s" if self.saved > 1 else ""
        return f"{self.saved}{NO_BREAK}saisie{plural} enregistrée{plural}."


def save_posted(by: User, data: QueryDict, now: datetime) -> Posted:
    """Save what can be; the forms of the rest carry their sentences."""
    posted, typed_codes = _read(by, data, now)
    failed = {pk for pk, row in posted.rows.items() if not _are_valid(row, typed_codes.get(pk))}
    typed = Typed(
        needs={
            pk: row.need_form.typed()
            for pk, row in posted.rows.items()
            if row.need_form and row.need_form.is_valid()
        },
        arrivals={
            pk: row.reception_form.typed()
            for pk, row in posted.rows.items()
            if row.reception_form and row.reception_form.is_typed()
            if row.reception_form.is_valid()
        },
        vaccinated={
            pk: row.vaccinated_form.typed()
            for pk, row in posted.rows.items()
            if row.vaccinated_form and row.vaccinated_form.is_valid()
        },
    )
    saved = save_page(by=by, typed=typed, now=now)
    posted.refused = failed
    for outcome, kind in (
        (saved.needs, "need_form"),
        (saved.receptions, "reception_form"),
        (saved.vaccinated, "vaccinated_form"),
    ):
        _tell(posted, outcome, kind)
    return posted


def _read(by: User, data: QueryDict, now: datetime) -> tuple[Posted, dict[int, SupplyError]]:
    """The forms of the lines named by what is posted, even where typing has closed since."""
    pks = {int(found[1]) for name in data if (found := _SEEN.fullmatch(name))}
    lines = list(lines_of(by).filter(pk__in=pks).select_related(*RELATED))
    today, kept = timezone.localdate(now), data.copy()
    refused = fill_from_codes(lines, kept, today)
    rows = {row.line.pk: row for block in blocks_of(by, lines, now) for row in block.rows}
    for row in rows.values():
        _bind(row, kept, today)
    return Posted(rows, gone=len(pks) - len(lines)), refused


def _bind(row: Row, data: QueryDict, today: date) -> None:
    line = row.line
    row.need_form = row.reception_form = row.vaccinated_form = None
    if f"besoin-{line.pk}-seen" in data:
        row.need_form = NeedForm(data, line=line, recalled=row.recalled)
    if f"reception-{line.pk}-seen" in data:
        row.reception_form = ReceptionForm(data, line=line, today=today, seen=last_of(row))
    if f"vaccines-{line.pk}-seen" in data:
        row.vaccinated_form = VaccinatedForm(data, line=line)


def fill_from_codes(
    lines: Iterable[SupplyLine], data: QueryDict, today: date
) -> dict[int, SupplyError]:
    """Without script the code of a box comes with the page: it fills what was left blank."""
    refused = {}
    for line in lines:
        prefix = f"reception-{line.pk}"
        if not (code := data.get(f"{prefix}-scan", "").strip()):
            continue
        try:
            box = read_box(line, code, today)
        except SupplyError as refusal:
            refused[line.pk] = refusal
            continue
        read = {"lot": box.lot, "gtin": box.gtin}
        if box.expires_on:
            read["expires_on"] = f"{box.expires_on:%d/%m/%Y}"
        for name, value in read.items():
            data[f"{prefix}-{name}"] = data.get(f"{prefix}-{name}") or value
        data[f"{prefix}-scan"] = ""
    return refused


def _are_valid(row: Row, code: SupplyError | None) -> bool:
    if code and row.reception_form:
        row.reception_form.add_error("scan", str(code))
    opened: list[forms.Form | None] = [row.need_form, row.vaccinated_form]
    if row.reception_form and row.reception_form.is_typed():
        opened.append(row.reception_form)
    return all([form.is_valid() for form in opened if form])


def _tell(posted: Posted, outcome: Outcome, kind: str) -> None:
    posted.saved += len(outcome.saved)
    for pk, refusals in outcome.refused.items():
        form: forms.Form | None = getattr(posted.rows[pk], kind)
        for refusal in refusals:
            if form is None:
                continue
            name = FIELDS.get(refusal.field, refusal.field)
            form.add_error(name if name in form.fields else None, str(refusal))
            posted.refused.add(pk)
            posted.compared.add((pk, kind))


def keep_refused(blocks: Iterable[Block], posted: Posted) -> None:
    """Put the refused forms back on the page read anew.

    Saved again, those that were compared replace what a colleague wrote: both values were read.
    """
    rows: Mapping[int, Row] = {row.line.pk: row for block in blocks for row in block.rows}
    for pk in posted.refused:
        if (row := rows.get(pk)) is None:
            continue
        current = {
            "need_form": version_of(need_of(row.line)),
            "reception_form": last_of(row),
            "vaccinated_form": shown(row.line.vaccinated),
        }
        for kind, seen in current.items():
            typed: forms.Form | None = getattr(posted.rows[pk], kind)
            if typed is None or not typed.errors:
                continue
            if (pk, kind) in posted.compared:
                typed.data[typed.add_prefix("seen")] = seen  # type: ignore[index]
            setattr(row, kind, typed)
