"""A wave opens, or gains recipients: every line that was shown, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from common.locks import Lock
from establishments.perimeter import Action
from journal.services import record
from vaccines.models import SupplyLine, Vaccine, Wave
from vaccines.waves.asked import Asked
from vaccines.waves.drafting import Draft, Drafted, check
from vaccines.waves.letters import announce_lines

MAKERS = "Santé publique France et la cellule nationale créent les lignes d’une vague."

CLOSED = (
    "La date limite des besoins de cette vague est passée\u00a0: changez-la d’abord, pour que les "
    "PUI puissent saisir."
)


class WaveError(Exception):
    """Nothing was written. The message is for the person, in French."""


class LinesChangedError(WaveError):
    """The lines are not those that were shown any more; ``drafted`` are the ones of now."""

    def __init__(self, drafted: Drafted) -> None:
        super().__init__(
            "L’annuaire, le registre des PUI ou la vague ont changé depuis votre aperçu\u00a0: "
            "voici ce que cela donne maintenant. Relisez-le avant de confirmer."
        )
        self.drafted = drafted


@dataclass(frozen=True, slots=True)
class Opening:
    """A wave as it is described; the same twice is the same wave."""

    label: str
    vaccine: Vaccine
    delivers_on: date
    needs_due_at: datetime


def require_maker(by: User) -> None:
    if not by.may(Action.VAC_WAVE):
        raise WaveError(MAKERS)


@transaction.atomic
def open_wave(
    *, by: User, opening: Opening, asked: Sequence[Asked], seen: str = ""
) -> tuple[Wave, int]:
    """Write a wave with its lines; the same twice, or by two people at once, writes it once.

    What was refused in the preview is left out. Say how many lines were written. Journaled; the
    pharmacies are written to.
    """
    begin(by)
    wave = Wave.objects.filter(label=opening.label).first()
    if wave:
        require_same(wave, opening)
    drafted = check(asked, opening.vaccine, opening.delivers_on, wave)
    if wave and not drafted.new:
        return wave, 0
    if wave:
        require_open(wave)
    require_seen(drafted, seen)
    if not drafted.new:
        raise WaveError("Aucune ligne ne peut être créée\u00a0: lisez les refus.")
    is_new = wave is None
    wave = wave or _create(by, opening)
    write_lines(wave, drafted.new)
    verb = "vaccines.wave_opened" if is_new else "vaccines.wave_extended"
    _record(verb, by, wave, drafted.new)
    return wave, len(drafted.new)


@transaction.atomic
def extend_wave(*, by: User, wave: Wave, asked: Sequence[Asked], seen: str = "") -> int:
    """Add recipients to a wave; those that have their line keep it. Journaled."""
    begin(by)
    row = Wave.objects.select_related("vaccine").get(pk=wave.pk)
    drafted = check(asked, row.vaccine, row.delivers_on, row)
    if not drafted.new:
        return 0
    require_open(row)
    require_seen(drafted, seen)
    write_lines(row, drafted.new)
    _record("vaccines.wave_extended", by, row, drafted.new)
    return len(drafted.new)


def begin(by: User) -> None:
    """Check who decides, then wait for whoever opens a wave at the same moment."""
    require_maker(by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.SUPPLY_WAVES])


def require_open(wave: Wave) -> None:
    """A line whose need nobody may type any more would be late as it is born."""
    if wave.needs_due_at <= timezone.now():
        raise WaveError(CLOSED)


def require_same(wave: Wave, opening: Opening) -> None:
    """A name is that of one wave."""
    same = (wave.vaccine_id, wave.delivers_on, wave.needs_due_at) == (
        opening.vaccine.pk,
        opening.delivers_on,
        opening.needs_due_at,
    )
    if not same:
        raise WaveError(
            f"La vague «\u00a0{wave}\u00a0» existe déjà, de {wave.vaccine} le "
            f"{wave.delivers_on:%d/%m/%Y}\u00a0: donnez un autre nom à la vôtre."
        )


def deadline_refusal(delivers_on: date, until: datetime) -> str:
    """Why needs cannot be typed until then; empty: they can."""
    if until <= timezone.now():
        return "Cette date est passée\u00a0: choisissez-en une à venir."
    if timezone.localdate(until) > delivers_on:
        return f"Les besoins se saisissent avant la livraison du {delivers_on:%d/%m/%Y}."
    return ""


def require_seen(drafted: Drafted, seen: str) -> None:
    if seen and seen != drafted.mark:
        raise LinesChangedError(drafted)


def _create(by: User, opening: Opening) -> Wave:
    if why := deadline_refusal(opening.delivers_on, opening.needs_due_at):
        raise WaveError(why)
    created: Wave = Wave.objects.create(
        label=opening.label,
        vaccine=opening.vaccine,
        delivers_on=opening.delivers_on,
        needs_due_at=opening.needs_due_at,
        opened_by=by,
    )
    return created


def write_lines(wave: Wave, drafts: Sequence[Draft]) -> None:
    """A few statements, however many lines. An agency may have created one meanwhile: 0 or all.

    A wave may come before another that is already there: its lines then recall these.
    """
    lines = [
        SupplyLine(
            wave=wave,
            flow=one.flow,
            pivot=one.pivot,
            pui=one.pui,
            recipient=one.recipient,
            recalled=one.recalled,
        )
        for one in drafts
    ]
    try:
        with transaction.atomic():
            SupplyLine.objects.bulk_create(lines, batch_size=2000)
            _relink(lines, drafts)
    except IntegrityError as error:
        raise WaveError(
            "Quelqu’un vient de créer une ligne de cette vague\u00a0: recommencez l’aperçu."
        ) from error


def _relink(lines: Sequence[SupplyLine], drafts: Sequence[Draft]) -> None:
    """Unless somebody typed recalls for them since: those are for the people of a delivery."""
    before = {
        later.pk: line
        for line, draft in zip(lines, drafts, strict=True)
        for later in draft.relinked
    }
    rows = SupplyLine.objects.standing().filter(pk__in=before).exclude(second_doses__gt=0)
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for one in locked:
        one.recalled = before[one.pk]
    SupplyLine.objects.bulk_update(locked, ["recalled"], batch_size=2000)


def _record(verb: str, by: User, wave: Wave, drafts: Sequence[Draft]) -> None:
    puis = sorted({one.pui.pk for one in drafts})
    record(
        verb,
        by=by,
        target=wave,
        lines=len(drafts),
        pharmacies=len(puis),
        expected_on=wave.delivers_on.isoformat(),
    )
    announce_lines(wave, puis)
