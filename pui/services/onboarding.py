"""The list of a region: filled line by line or by file, then validated, which writes the register.

Whoever writes in a list locks it first: two people of one ARS never write over each other.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from common.tabular import Row
from establishments.models.search import plain_words
from establishments.perimeter import Action
from journal.services import record
from pui.addresses import ADDRESS_FIELDS, address_of, has_address, is_address_of
from pui.history import version_of
from pui.models import OnboardingLine, OnboardingList, Pui
from pui.onboarding.board import lines_of, registered_puis, situations_of
from pui.onboarding.file import Checked, check_rows
from pui.onboarding.steps import READY, Situation, Step
from pui.onboarding.values import Around, Refusal, Typed, typed_of
from pui.services.closing import close_pui
from pui.services.register import DESCRIPTION, RegisterError, create_pui, describe_pui

LineAction = OnboardingLine.Action
NO_PUI: Final = "L’ARS indique que l’établissement n’a pas de PUI (liste d’ouverture)."
MOST_TOLD = 300  # lines written one by one in the journal for a file


class OnboardingError(Exception):
    """The list cannot say that. The message is for the person, in French."""


class LineRefusedError(OnboardingError):
    """Cells of a line are refused; ``refusals`` say which."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = refusals
        super().__init__(" ".join(one.sentence for one in refusals))


class ListChangedError(OnboardingError):
    """Somebody wrote in the list since it was shown: look again before deciding."""


class OfRegion:
    """Where the journal puts what is done to the list of a whole region."""

    finess, department_id = "", ""

    def __init__(self, code: str) -> None:
        self.region_id = code


def locked(by: User, onboarding: OnboardingList) -> OnboardingList:
    """The list, for one writer at a time, of somebody who may write in it."""
    kept: OnboardingList = (
        OnboardingList.objects.select_for_update(of=("self",))
        .select_related("region")
        .get(pk=onboarding.pk)
    )
    if not OnboardingList.objects.for_user(by, to=Action.ONB_WRITE).filter(pk=kept.pk).exists():
        raise OnboardingError("Votre profil ne permet pas de remplir cette liste.")
    return kept


@transaction.atomic
def fill_line(*, by: User, line: OnboardingLine, typed: Typed, seen: str) -> OnboardingLine:
    """Say of one line what the ARS knows; journaled. ``seen`` is the mark that the form showed."""
    onboarding = locked(by, line.onboarding)
    kept = lines_of(onboarding.lines.all()).get(pk=line.pk)
    before = typed_of(kept)
    if typed == before:
        return kept
    if before.mark != seen:
        raise ListChangedError(
            "Quelqu’un a modifié cette ligne pendant votre saisie. Rien n’est encore enregistré"
            "\u00a0: comparez avec ce qu’elle contient maintenant, puis enregistrez de nouveau."
        )
    around = Around(onboarding.region_id, lines_of(onboarding.lines.all()), [typed.finess])
    if refusals := list(around.refusals(kept, typed)):
        raise LineRefusedError(refusals)
    write(kept, typed, around)
    _record_line("pui.onboarding_line_filled", by, kept, before, typed)
    return kept


@transaction.atomic
def add_line(*, by: User, onboarding: OnboardingList, typed: Typed) -> OnboardingLine:
    """Add a pharmacy that no source knows; its entity follows from the site [001]. Journaled."""
    kept = locked(by, onboarding)
    around = Around(kept.region_id, lines_of(kept.lines.all()), [typed.finess])
    if refusals := list(around.refusals(None, typed)):
        raise LineRefusedError(refusals)
    line = write(
        OnboardingLine(onboarding=kept, sources=[OnboardingLine.Source.ARS]), typed, around
    )
    _record_line("pui.onboarding_line_added", by, line, None, typed)
    return line


@transaction.atomic
def apply_file(*, by: User, onboarding: OnboardingList, rows: Sequence[Row], seen: str) -> Checked:
    """Write what a file changes, all of it or nothing; journaled. The same file twice: once.

    ``seen`` is the state of the list that the preview compared with.
    """
    kept = locked(by, onboarding)
    checked = check_rows(rows, kept)
    if checked.errors:
        raise OnboardingError("Une ligne de ce fichier est maintenant refusée\u00a0: relisez-le.")
    if checked.changes and state_of(kept) != seen:
        raise ListChangedError(
            "La liste a changé depuis cet aperçu\u00a0: voici ce que le fichier y change "
            "maintenant."
        )
    numbers = [change.after.finess for change in checked.changes]
    around = Around(kept.region_id, (), numbers)
    for change in checked.changes:
        line = change.line or OnboardingLine(onboarding=kept, sources=[OnboardingLine.Source.ARS])
        write(line, change.after, around)
    if checked.changes:
        told = [
            {"line": one.after.label or str(one.line), "changes": [list(c) for c in one.cells]}
            for one in checked.changes[:MOST_TOLD]
        ]
        record(
            "pui.onboarding_file_applied",
            by=by,
            target=kept.region,
            place=OfRegion(kept.region_id),
            count=len(checked.changes),
            lines=told,
        )
    return checked


def write(line: OnboardingLine, typed: Typed, around: Around) -> OnboardingLine:
    """Put the four cells on a line; its legal entity is that of the site."""
    line.action, line.label, line.ipe = typed.action, typed.label, typed.ipe
    line.site = around.sites[typed.finess] if typed.finess else None
    line.establishment = line.establishment or line.site
    if place := line.site or line.establishment:
        line.legal_entity = place.legal_entity
    line.validated_at, line.validated_by = None, None
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError as error:
        if "onboarding_line_once" in str(error):
            raise OnboardingError(f"La PUI «\u00a0{line}\u00a0» est déjà dans la liste.") from None
        raise
    return line


def state_of(onboarding: OnboardingList) -> str:
    """What a list holds, in a few letters: a preview carries it."""
    lines = onboarding.lines.select_related("site").order_by("pk")
    marks = "".join(f"{one.pk}{typed_of(one).mark}{bool(one.validated_at)}" for one in lines)
    return Typed("", "", marks, "").mark


def ready_lines(onboarding: OnboardingList) -> list[Situation]:
    """The lines that wait for nothing but to be validated."""
    rows = lines_of(onboarding.lines.filter(validated_at__isnull=True))
    return [one for one in situations_of(list(rows)) if one.step in READY]


@transaction.atomic
def validate_lines(
    *, by: User, onboarding: OnboardingList, seen: str, number: int | None = None
) -> list[OnboardingLine]:
    """Validate one line, or all that are ready: the register follows, all of it or nothing.

    A kept line creates its pharmacy, or names the one already there; a deleted one closes it, also
    when its declarant entered it in the register since the list was made.
    """
    kept = locked(by, onboarding)
    ready = ready_lines(kept)
    if number is not None:
        ready = [one for one in ready if one.line.pk == number]
    if not ready:
        raise OnboardingError("Il n’y a plus rien à valider ici\u00a0: c’est peut-être déjà fait.")
    if seen != marks_of(ready):
        raise ListChangedError("La liste a changé depuis cet aperçu\u00a0: relisez-la.")
    for one in sorted(ready, key=lambda one: one.step is Step.DELETE):
        try:
            _validate(by, one)
        except RegisterError as refusal:
            raise OnboardingError(f"{one.line}\u00a0: {refusal}") from None
    return [one.line for one in ready]


def marks_of(situations: Sequence[Situation]) -> str:
    """What the lines to validate hold, as the person saw them."""
    marks = "".join(f"{one.line.pk}{typed_of(one.line).mark}" for one in situations)
    return Typed("", "", marks, "").mark


def _validate(by: User, situation: Situation) -> None:
    line = situation.line
    if situation.step is Step.DELETE:
        today = timezone.localdate()
        for pui in registered_puis([line]).get(line.pk, []):
            close_pui(by=by, pui=pui, on=today, reason=NO_PUI, to=Action.ONB_WRITE)
            line.pui = pui
    else:
        line.pui = _registered(by, line)
    line.validated_at, line.validated_by = timezone.now(), by
    line.save(update_fields=["pui", "validated_at", "validated_by", "updated_at"])
    record(
        "pui.onboarding_line_validated",
        by=by,
        target=line,
        place=line.site or line.establishment or line.legal_entity,
        after={"action": line.action, "pui": line.pui_id},
    )


def _registered(by: User, line: OnboardingLine) -> Pui:
    """The pharmacy of a kept line: its own, brought up to date; one already there; a new one."""
    values = {"label": line.label, "ipe": line.ipe}
    if line.pui and line.pui.is_open:
        return _described(by, line, line.pui)
    same = " ".join(plain_words(line.label))
    there: list[Pui] = list(Pui.objects.filter(establishment=line.site_id, closed_on=None))
    for pui in there:
        if " ".join(plain_words(pui.label)) == same:
            return pui
    assert line.site is not None  # noqa: S101 - a line is ready with its site
    return create_pui(by=by, site=line.site, values=values, to=Action.ONB_WRITE)


def _described(by: User, line: OnboardingLine, pui: Pui) -> Pui:
    """As the line says; where it moves, parcels go to the new site if they went to the former."""
    wanted: dict[str, Any] = {
        "establishment_id": line.site_id,
        "label": line.label,
        "ipe": line.ipe or pui.ipe,
    }
    if all(getattr(pui, name) == value for name, value in wanted.items()):
        return pui
    held = {name: getattr(pui, name) for name in DESCRIPTION}
    former, typed = pui.establishment, {name: held[name] for name in ADDRESS_FIELDS}
    if line.site and line.site != former and has_address(former) and is_address_of(former, **typed):
        wanted |= address_of(line.site)
    values, seen = held | wanted, version_of(pui)
    described: Pui = describe_pui(by=by, pui=pui, values=values, seen=seen, to=Action.ONB_WRITE)
    return described


def _record_line(
    verb: str, by: User, line: OnboardingLine, before: Typed | None, after: Typed
) -> None:
    record(
        verb,
        by=by,
        target=line,
        place=line.site or line.establishment or line.legal_entity,
        before=_written(before) if before else None,
        after=_written(after),
    )


def _written(typed: Typed) -> dict[str, str]:
    return {
        "action": typed.action,
        "finess": typed.finess,
        "label": typed.label,
        "ipe": typed.ipe,
    }
