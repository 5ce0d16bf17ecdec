"""The letters of the requests: to the person who asks, and to those who decide."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from accounts.audience import (
    deciders_of_requests,
    in_region,
    regional_deciders,
    requests_that_wait_for,
)
from accounts.deciders import ADMINISTRATORS, deciders_of
from accounts.models import (
    AccessRequest,
    Domain,
    Habilitation,
    Level,
    Profile,
    RequestNotice,
    Role,
    User,
)
from accounts.models.access_request import AccessRequestQuerySet
from accounts.models.profile import OF_PROFILE
from accounts.notices.letters.letter import (
    Letter,
    active_person,
    address_of,
    day,
    link,
    quoted,
    request_text,
    rights_text,
)
from establishments.models import AdministrativeBody

SHOWN = 20
BETWEEN_DIGESTS = timedelta(hours=1)
JUST = timedelta(minutes=10)
SETTLED = timedelta(seconds=10)  # a request is dated before it is seen: by then it is
FIRST_REMINDER = timedelta(days=3)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Outcome = AccessRequest.Outcome


def received(number: int, about: int | None) -> Letter | None:
    """To the person: what they asked for and who decides, while it waits."""
    request = _request(number)
    if request is None or not request.is_open or not request.profile.user.is_active:
        return None
    deciders = deciders_of(request.profile.entity, Level(request.level), but=request.profile.user)
    context = _context(request) | {
        "names": [quoted(str(person)) for person in deciders.people[:5]],
        "body_name": deciders.body_name,
        "mailbox": deciders.mailbox,
    }
    return Letter("request_received", address_of(request.profile), context)


def decided(number: int, about: int | None) -> Letter | None:
    """To the person: what was accepted, what was refused, and why."""
    request = _request(number)
    if request is None or request.outcome not in (Outcome.ACCEPTED, Outcome.REFUSED):
        return None
    if not request.profile.user.is_active:
        return None
    rights = list(request.habilitations.all())
    states = Habilitation.State
    context = _context(request) | {
        "accepted": request.outcome == Outcome.ACCEPTED,
        "granted": rights_text([one for one in rights if one.state == states.ACTIVE]),
        "refused": rights_text([one for one in rights if one.state == states.REFUSED]),
        "reason": quoted(request.reason),
    }
    return Letter("request_decided", address_of(request.profile), context)


def second(number: int, about: int | None) -> Letter | None:
    """To another person of the country: one has agreed, a second is needed."""
    request = _request(number)
    person = active_person(about or 0)
    if request is None or person is None or not request.is_open or request.first_by is None:
        return None
    context = _context(request) | {
        "name": quoted(str(person)),
        "first": quoted(str(request.first_by)),
        "requests_link": link("plage:request", request.pk),
    }
    return Letter("request_second", _address_to_decide(person), context)


def seconds(number: int) -> list[int]:
    """The people who may give the second agreement."""
    waiting = AccessRequest.objects.open().filter(pk=number, first_by__isnull=False)
    return sorted(set().union(*deciders_of_requests(waiting).values()))


def waiting(number: int, about: int | None) -> Letter | None:
    """To one who decides: all that waits for them, once an hour at most, if something is new.

    Whoever asks for this letter, and however many times: the row of the person says when they were
    last told, and stays locked until the letter has left.
    """
    person = active_person(about or number)
    if person is None:
        return None
    RequestNotice.objects.get_or_create(user=person, defaults={"sent_at": NEVER})
    told = RequestNotice.objects.select_for_update().get(user=person)
    now = timezone.now()
    if told.sent_at > now - BETWEEN_DIGESTS:
        return None
    requests = requests_that_wait_for(person)
    if not any(told.sent_at < one.asked_at <= now - SETTLED for one in requests):
        return None
    told.sent_at = now - SETTLED
    told.save(update_fields=["sent_at"])
    return _to_decide("requests_waiting", person, requests)


def reminder(number: int, about: int | None) -> Letter | None:
    """To one who decides: what has waited for days, or what a person has just asked for again."""
    if about is not None:
        return _asked_again(number, about)
    person = active_person(number)
    if person is None or _was_just_told(person):
        return None
    since = timezone.now() - FIRST_REMINDER
    late = [one for one in requests_that_wait_for(person) if one.asked_at <= since]
    return _to_decide("requests_reminder", person, late)


def _was_just_told(person: User) -> bool:
    """Whether a letter that lists everything has just left, or is leaving."""
    told = RequestNotice.objects.select_for_update().filter(user=person).first()
    return told is not None and told.sent_at > timezone.now() - JUST


def escalated(number: int, about: int | None) -> Letter | None:
    """To an administrator of the ARS: what the establishments have left without an answer."""
    person = active_person(number)
    if person is None:
        return None
    late = [one for one in requests_that_wait_for(person) if one.escalated_at]
    return _to_decide("requests_escalated", person, late)


def mailbox(number: int, about: int | None) -> Letter | None:
    """To the mailbox of an ARS that has no administrator here: what has come up to it."""
    body = AdministrativeBody.objects.filter(pk=number).exclude(mailbox="").first()
    if (
        body is None
        or body.region_id is None
        or regional_deciders({body.region_id})[body.region_id]
    ):
        return None
    requests = list(
        _with_people().open().filter(in_region(body.region_id), escalated_at__isnull=False)
    )
    context = _list(requests) | {"body_name": body.name}
    return Letter("requests_mailbox", body.mailbox, context) if requests else None


def _asked_again(number: int, about: int) -> Letter | None:
    request, person = _request(number), active_person(about)
    if request is None or person is None or not request.is_open:
        return None
    context = _context(request) | {
        "name": quoted(str(person)),
        "line": request_text(request),
        "requests_link": link("plage:request", request.pk),
    }
    return Letter("request_reminded", _address_to_decide(person), context)


def _to_decide(template: str, person: User, requests: list[AccessRequest]) -> Letter | None:
    if not requests:
        return None
    is_one = len(requests) == 1
    where = link("plage:request", requests[0].pk) if is_one else link("plage:requests")
    context = _list(requests) | {"name": quoted(str(person)), "requests_link": where}
    return Letter(template, _address_to_decide(person), context)


def _list(requests: list[AccessRequest]) -> dict[str, object]:
    return {
        "count": len(requests),
        "lines": [request_text(one) for one in requests[:SHOWN]],
        "others": max(0, len(requests) - SHOWN),
    }


def _context(request: AccessRequest) -> dict[str, object]:
    return {
        "name": quoted(str(request.profile.user)),
        "asker": quoted(str(request.profile.user)),
        "profile": str(request.profile),
        "rights": rights_text(list(request.habilitations.all())),
        "asked_on": day(request.asked_at),
        "note": quoted(request.note),
        "is_transfer": request.replaces_id is not None,
        "profiles_link": link("profiles:list"),
    }


def _request(number: int) -> AccessRequest | None:
    return _with_people().select_related("first_by").filter(pk=number).first()


def _with_people() -> AccessRequestQuerySet:
    rows = AccessRequest.objects.select_related(*OF_PROFILE)
    return rows.prefetch_related("habilitations")


def _address_to_decide(person: User) -> str:
    """That of the profile by which they decide when they have a single one, else the account's."""
    held = Profile.objects.usable().filter(
        user=person,
        habilitations__in=Habilitation.objects.in_force().filter(
            domain=Domain.ADMINISTRATION, role__in=[*ADMINISTRATORS, Role.NATIONAL_CELL]
        ),
    )
    profiles = list(held.distinct()[:2])
    if len(profiles) != 1:
        return person.email
    profiles[0].user = person
    return address_of(profiles[0])
