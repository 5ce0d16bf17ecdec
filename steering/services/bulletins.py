"""What happens to a bulletin: made once, corrected by a new version that says so."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from establishments.models import Region
from establishments.perimeter import Action
from journal.services import record
from steering.models import Bulletin, BulletinWord
from steering.models.bulletin import LONGEST_REASON, LONGEST_WORD, BulletinQuerySet
from steering.services.bulletin_documents import ask_for, forget_compared
from steering.situation.content import Content
from steering.situation.moment import Moment
from steering.situation.reading import read_situation
from steering.situation.rereading import reread
from steering.situation.territory import (
    Territory,
    country,
    covers,
    region_territory,
    whole_reader,
)
from steering.situation.weeks import coming_week, due_week, ended_week


class BulletinError(Exception):
    """Nothing was published. The message is for the person, in French."""


def publish_due(now: datetime) -> list[Bulletin]:
    """The bulletins of the week ended, of the country and of each region: those not made yet.

    Each in its own transaction: a worker killed halfway goes on where it stopped, and a territory
    that cannot be read deprives no other of its bulletin.
    """
    week = due_week(now)
    if week is None:
        return []
    made = Bulletin.objects.filter(week=week).values_list("region", flat=True)
    done = set(made.order_by())
    missing = (one for one in territories() if (one.region and one.region.pk) not in done)
    found, failed = [], []
    for one in missing:
        try:
            found.append(publish(one, Moment(week, now)))
        except Exception as error:
            error.add_note(f"territory {one.code}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("bulletins not made, tried again in half an hour", failed)
    return [one for one in found if one is not None]


def territories() -> Iterator[Territory]:
    yield country()
    for region in Region.objects.order_by("code"):
        yield region_territory(region)


def publish(territory: Territory, moment: Moment) -> Bulletin | None:
    """The first version; None when somebody else has just made it."""
    content = read_situation(whole_reader(territory), territory, moment).as_kept()
    word = prepared_word(territory.region, moment.week)
    try:
        with transaction.atomic():
            made: Bulletin = Bulletin.objects.create(
                region=territory.region,
                week=moment.week,
                content=content,
                read_at=moment.at,
                published_at=moment.at,
                word=word.text if word else "",
            )
            record("steering.bulletin_published", by=None, target=made, place=made)
    except IntegrityError:
        return None
    return made


def prepared_word(region: Region | None, week: date) -> BulletinWord | None:
    found: BulletinWord | None = BulletinWord.objects.of(region).filter(week=week).first()
    return found


def may_edit(user: User, region: Region | None) -> bool:
    """The national cell everywhere, an agency in its region."""
    asked = region_territory(region) if region else country()
    return covers(user.perimeter_to(Action.MSG_SEND), asked.perimeter)


def stamp_of(word: BulletinWord | None) -> str:
    """What tells whether the word is still the one that somebody had before them."""
    return word.written_at.isoformat() if word else ""


@transaction.atomic
def prepare_word(
    region: Region | None, *, text: str, week: date | None, seen: str, by: User
) -> BulletinWord:
    """Keep the paragraph of the next bulletin, of the ``week`` that the page named; blank takes it
    away. ``seen`` is the stamp of the word that the person had before them."""
    _check_editor(by, region)
    week = _checked_to_come(region, week)
    text = _checked_word(text)
    rows = BulletinWord.objects.of(region).filter(week=week).select_for_update(of=["self"])
    word = rows.select_related("written_by").first()
    if stamp_of(word) != seen:
        raise BulletinError(
            f"{word.written_by if word else 'Quelqu’un'} a écrit ce mot pendant que vous "
            "l’écriviez. Le sien est montré ci-dessous\u00a0: reprenez ce qu’il faut, "
            "puis enregistrez."
        )
    word = word or BulletinWord(region=region, week=week)
    word.text, word.written_by = text, by
    word.save()
    record("steering.bulletin_word_written", by=by, target=word, place=word)
    return word


def _checked_to_come(region: Region | None, week: date | None) -> date:
    now = timezone.now()
    if week is None or week not in (coming_week(now), ended_week(now)):
        raise BulletinError("Cette page a vieilli\u00a0: relisez votre mot, puis enregistrez.")
    if Bulletin.objects.of(region).filter(week=week).exists():
        raise BulletinError(
            f"Le bulletin de la semaine du {week:%d/%m/%Y} vient d’être publié. "
            "Pour y ajouter un mot, corrigez-le."
        )
    return week


@transaction.atomic
def correct(bulletin: Bulletin, *, word: str, reason: str, reads_again: bool, by: User) -> Bulletin:
    """Publish a new version of the one in force; who read the first can read it still.

    ``reads_again``: the figures of its week are read anew, as they are known today.
    """
    _check_editor(by, bulletin.region)
    rows = Bulletin.objects.of(bulletin.region).filter(week=bulletin.week)
    rows.select_for_update(of=["self"]).get(version=1)  # one correction at a time
    last: Bulletin = rows.order_by("-version")[:1].get()
    if last.pk != bulletin.pk:
        raise BulletinError(
            f"Une version {last.version} a été publiée pendant que vous écriviez. "
            "Relisez-la avant de corriger."
        )
    reason, word = reason.strip(), _checked_word(word)
    _check_change(last, word, reason, reads_again=reads_again)
    made: Bulletin = Bulletin.objects.create(
        region=last.region,
        week=last.week,
        version=last.version + 1,
        content=_read_again(last, rows) if reads_again else last.content,
        word=word,
        reason=reason,
        read_at=timezone.now() if reads_again else last.read_at,
        published_by=by,
    )
    record(
        "steering.bulletin_corrected",
        by=by,
        target=made,
        place=made,
        version=made.version,
        reason=reason,
    )
    ask_for(made, Content.read(made.content))
    forget_compared(made)
    return made


def _read_again(last: Bulletin, versions: BulletinQuerySet) -> dict[str, object]:
    """As of the instant of the first version: its due day of medicines is not today's."""
    territory = region_territory(last.region) if last.region else country()
    first = versions.order_by("version").values_list("read_at", flat=True)[:1].get()
    anew = read_situation(
        whole_reader(territory), territory, Moment(last.week, first, is_again=True)
    )
    return reread(Content.read(last.content), anew).as_kept()


def _check_editor(by: User, region: Region | None) -> None:
    if not may_edit(by, region):
        raise BulletinError("Votre profil ne vous permet pas d’écrire dans ce bulletin.")


def _checked_word(text: str) -> str:
    text = text.strip().replace("\r\n", "\n")
    if len(text) > LONGEST_WORD:
        raise BulletinError(
            f"Le mot de la cellule a {len(text)} caractères\u00a0: restez sous {LONGEST_WORD}."
        )
    return text


def _check_change(last: Bulletin, word: str, reason: str, *, reads_again: bool) -> None:
    if not reason or len(reason) > LONGEST_REASON:
        raise BulletinError(
            "Dites en une phrase ce qui change et pourquoi\u00a0: ceux qui ont lu la première "
            "version doivent le savoir."
        )
    if word == last.word and not reads_again:
        raise BulletinError("Rien ne change\u00a0: modifiez le mot ou relevez les chiffres.")
