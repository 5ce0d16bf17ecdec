"""The list as a workbook: the ARS downloads it, fills four columns, sends it back [001]."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.http import FileResponse

from common.exports import template_response
from common.numbers import row_number
from common.tabular import ColumnSpec, ErrorReport, Limits, Row, TabularError
from pui.models import OnboardingLine, OnboardingList
from pui.onboarding.board import lines_of, situations_of
from pui.onboarding.steps import Situation
from pui.onboarding.values import (
    ACTION,
    IPE,
    LABEL,
    SITE,
    Action,
    Around,
    Refusal,
    Typed,
    read_typed,
    typed_of,
)

MARK: Final = "mark"
COLUMNS: Final = (
    ColumnSpec(ACTION, "Action"),
    ColumnSpec(SITE, "FINESS géographique", ("FINESS géographique de la PUI", "FINESS géo")),
    ColumnSpec(LABEL, "Libellé de la PUI", ("Libellé",)),
    ColumnSpec(IPE, "IPE", required=False),
    ColumnSpec("entity_finess", "FINESS juridique", required=False),
    ColumnSpec("entity", "Entité juridique", required=False),
    ColumnSpec("finess", "FINESS de l’établissement", required=False),
    ColumnSpec("name", "Établissement", required=False),
    ColumnSpec("sources", "Sources", required=False),
    ColumnSpec("has_ape", "Dispose d’un APE", required=False),
    ColumnSpec("ape", "Coordonnées de l’APE", required=False),
    ColumnSpec("has_gf", "Dispose d’un GF", required=False),
    ColumnSpec("step", "Étape", required=False),
    ColumnSpec(MARK, "Repère (ne pas modifier)", ("Repère",), required=False),
)
HEADER: Final = {column.name: column.header for column in COLUMNS}
LIMITS: Final = Limits(max_rows=5_000)
ACTION_TEXT: Final = {Action.KEEP: "", Action.CREATE: "A créer", Action.DELETE: "A supprimer"}
NOTES: Final = (
    "Remplissez les quatre premières colonnes, une ligne par PUI, puis envoyez le fichier\u00a0: "
    "rien n’est enregistré avant que vous ayez vu ce qui change et confirmé.",
    "L’établissement a une PUI\u00a0: laissez «\u00a0Action\u00a0» vide, écrivez le FINESS "
    "géographique du site où elle est implantée et son libellé, par exemple PUI CH Blois.",
    "Il n’en a pas\u00a0: écrivez «\u00a0A supprimer\u00a0».",
    "Il manque à la liste, ou il a une deuxième PUI\u00a0: ajoutez une ligne, écrivez «\u00a0A "
    "créer\u00a0», le FINESS géographique et le libellé. L’entité juridique est complétée.",
    "IPE\u00a0: seulement si vous le connaissez.",
    "Les colonnes à droite informent\u00a0; ce que vous y écririez n’est pas lu. Gardez le repère "
    "de chaque ligne, laissez-le vide sur les lignes ajoutées.",
)
CODES: Final = {HEADER[name] for name in (SITE, IPE, "entity_finess", "finess", MARK)}


def workbook_of(onboarding: OnboardingList) -> FileResponse:
    """Every line of a region; codes are text, so that they keep their zeros."""
    situations = situations_of(list(lines_of(onboarding.lines.all())))
    return template_response(
        [column.header for column in COLUMNS],
        map(cells_of, situations),
        NOTES,
        filename=f"liste-des-pui-{onboarding.region_id}",
        title="PUI",
        text_columns=CODES,
        choices={HEADER[ACTION]: [text for text in ACTION_TEXT.values() if text]},
    )


def cells_of(situation: Situation) -> list[str]:
    """A line under the headers."""
    line, typed = situation.line, typed_of(situation.line)
    people = situation.people
    place = line.establishment
    return [
        ACTION_TEXT[Action(line.action)],
        typed.finess,
        typed.label,
        typed.ipe,
        line.legal_entity.finess,
        line.legal_entity.name,
        place.finess if place else "",
        place.name if place else "",
        ", ".join(OnboardingLine.Source(one).label for one in line.sources),
        "oui" if people.apes else "non",
        "\u00a0; ".join(one.text for one in people.apes),
        "oui" if people.gfs else "non",
        situation.step.label,
        f"{line.pk}-{typed.mark}",
    ]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What one line of the file changes: a line of the list, or a new one (``line`` is none)."""

    number: int
    line: OnboardingLine | None
    before: Typed
    after: Typed
    entity: str  # the entity that follows from the site, when it is another or new

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """The cells that change, in words: header, before, after."""
        names = ((ACTION, "action"), (SITE, "finess"), (LABEL, "label"), (IPE, "ipe"))
        return [
            (HEADER[name], _shown(name, getattr(self.before, one)), _shown(name, new))
            for name, one in names
            if getattr(self.before, one) != (new := getattr(self.after, one))
        ]


@dataclass(slots=True)
class Checked:
    """What a file says: what changes, how many lines do not, all that is wrong."""

    changes: list[FileChange] = field(default_factory=list)
    unchanged: int = 0
    missing: int = 0
    errors: ErrorReport = field(default_factory=ErrorReport)


NOTHING = Typed(Action.KEEP, "", "", "")


def check_rows(rows: Sequence[Row], onboarding: OnboardingList) -> Checked:
    """Compare a file with the list, in a number of statements that does not depend on its lines.

    A line that the ARS did not touch changes nothing, even when somebody filled it on screen since
    the download; one that both changed is refused.
    """
    checked = Checked()
    lines = {line.pk: line for line in lines_of(onboarding.lines.all())}
    read = [(row, *read_typed(row.values)) for row in rows]
    numbers = [typed.finess for _, typed, _ in read]
    around = Around(onboarding.region_id, lines.values(), numbers)
    seen: set[int] = set()
    for row, typed, refusals in read:
        if refusals:
            _refuse(checked, row, refusals)
            seen.add(_marked(row)[0])
        else:
            _check(row, typed, lines, around, seen, checked)
    checked.missing = len(set(lines) - seen)
    return checked


def _check(
    row: Row,
    typed: Typed,
    lines: dict[int, OnboardingLine],
    around: Around,
    seen: set[int],
    checked: Checked,
) -> None:
    pk, mark = _marked(row)
    line = lines.get(pk)
    if mark and (line is None or pk in seen):
        reason = "déjà lu plus haut" if pk in seen else "ce repère n’est pas de cette liste"
        expected = "le repère d’origine, ou rien sur une ligne ajoutée"
        checked.errors.add(row.line_number, HEADER[MARK], row.values.get(MARK), reason, expected)
        return
    seen.add(pk)
    if line is None:
        _check_added(row, typed, around, checked)
        return
    now = typed_of(line)
    if typed.mark in (mark, now.mark):
        checked.unchanged += 1
        return
    if now.mark != mark:
        who = f"modifiée depuis, le {line.updated_at:%d/%m/%Y}"
        expected = "la liste de nouveau téléchargée"
        checked.errors.add(row.line_number, HEADER[ACTION], typed.label, who, expected)
        return
    _keep(row, line, now, typed, around, checked)


def _check_added(row: Row, typed: Typed, around: Around, checked: Checked) -> None:
    """A line of the ARS's own; sent a second time, it is already there."""
    if typed == NOTHING:
        checked.unchanged += 1
        return
    if typed.action == Action.CREATE and around.taken.get(typed.key):
        checked.unchanged += 1
        return
    if typed.action != Action.CREATE and _is_listed(row, around):
        reason = "cette ligne est de la liste, mais son repère a été effacé"
        expected = "le repère d’origine, dans la liste de nouveau téléchargée"
        checked.errors.add(row.line_number, HEADER[MARK], "", reason, expected)
        return
    _keep(row, None, NOTHING, typed, around, checked)


def _is_listed(row: Row, around: Around) -> bool:
    """Whether the columns that inform name an establishment or an entity of the list."""
    told = (str(row.values.get(name) or "") for name in ("entity_finess", "finess"))
    return any("".join(text.split()).upper() in around.numbers for text in told)


def _keep(
    row: Row,
    line: OnboardingLine | None,
    before: Typed,
    after: Typed,
    around: Around,
    checked: Checked,
) -> None:
    if refusals := list(around.refusals(line, after)):
        _refuse(checked, row, refusals)
        return
    around.take(line, after)
    site = around.sites.get(after.finess)
    is_other = site is not None and (line is None or line.legal_entity_id != site.legal_entity_id)
    entity = str(site.legal_entity) if site and is_other else ""
    checked.changes.append(FileChange(row.line_number, line, before, after, entity))


def _refuse(checked: Checked, row: Row, refusals: Sequence[Refusal]) -> None:
    for one in refusals:
        header = HEADER[one.field]
        checked.errors.add(row.line_number, header, one.value, one.reason, one.expected)


def _marked(row: Row) -> tuple[int, str]:
    """The number and the state that the mark of a line holds; 0 when it has none."""
    text = str(row.values.get(MARK) or "").strip()
    number, _, mark = text.partition("-")
    return row_number(number), mark or text


def _shown(name: str, value: str) -> str:
    if name == ACTION:
        return ACTION_TEXT[Action(value)] or "à garder"
    return value or "vide"


def require_rows(rows: Sequence[Row]) -> None:
    if not rows:
        raise TabularError("Ce fichier n’a aucune ligne sous ses en-têtes.")
