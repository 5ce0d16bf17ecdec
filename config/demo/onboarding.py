"""The opening of the pharmacies: the calendar of the instruction, and the list of one region.

The first region's list is at every step of the flow chart; the second one's is just made.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Domain, Habilitation, Profile, Role, User
from common.weeks import PARIS
from config.demo.country import FIRST_REGION, SECOND_REGION
from establishments.models import Establishment, Region
from pui.models import OnboardingLine, OnboardingList, Pui, ServedEstablishment, SwitchOver
from pui.onboarding.board import lines_of, situations_of
from pui.onboarding.people import people_of
from pui.onboarding.steps import Step
from pui.services.onboarding import marks_of, ready_lines, validate_lines
from pui.services.onboarding_national import make_lists

Source = OnboardingLine.Source
PHARMACIES = ("101", "128", "355", "697", "698")
OVERSEAS = ("01", "02", "03", "04", "06")
MAKER, AGENT = "national@demo.example", "ars@demo.example"
# the four rows of the instruction of 30 October 2020: regions, preparatory meeting, switch-over
CALENDAR = (
    (("24",), None, date(2020, 11, 2)),
    (("84", "11", "75", *OVERSEAS), datetime(2020, 11, 4, 10, tzinfo=PARIS), date(2020, 11, 9)),
    (("27", "53", "44", "32"), datetime(2020, 11, 9, 16, tzinfo=PARIS), date(2020, 11, 12)),
    (
        ("94", "28", "76", "52", "93"),
        datetime(2020, 11, 12, 10, tzinfo=PARIS),
        date(2020, 11, 16),
    ),
)


def build_onboarding() -> int:
    """Write the calendar and the two lists that are missing; say how many lines there are."""
    with transaction.atomic():
        build_calendar()
        if not OnboardingList.objects.exists():
            build_lists()
    return OnboardingLine.objects.count()


def build_calendar() -> None:
    known = set(Region.objects.values_list("pk", flat=True))
    for codes, meeting_at, switches_on in CALENDAR:
        for code in known.intersection(codes):
            day = {
                "meeting_at": meeting_at,
                "switches_on": switches_on,
                "is_pilot": meeting_at is None,
            }
            SwitchOver.objects.get_or_create(region_id=code, defaults=day)


def build_lists() -> None:
    """What the three sources know: not quite the same establishments."""
    maker = User.objects.get(email=MAKER)
    sites = Establishment.objects.filter(
        is_fictitious=True,
        closed_on=None,
        region__in=(FIRST_REGION, SECOND_REGION),
        category__in=PHARMACIES,
    ).order_by("finess")
    numbers = [(number, one.finess) for number, one in enumerate(sites, start=2)]
    served = ServedEstablishment.objects.values("establishment")
    without = Establishment.objects.filter(
        is_fictitious=True, closed_on=None, region=FIRST_REGION, category__in=("362", "500")
    ).exclude(pk__in=served)
    without = without.order_by("finess")[:4]
    told = {
        Source.ARHGOS: [*numbers, *((900 + rank, one.finess) for rank, one in enumerate(without))],
        Source.MAPUI: numbers[::2],
        Source.SURVEY: numbers[1::3],
    }
    codes = frozenset({FIRST_REGION, SECOND_REGION})
    make_lists(by=maker, told=told, region_codes=codes)
    first = OnboardingList.objects.filter(region=FIRST_REGION).first()
    if first:
        advance(first)


def advance(onboarding: OnboardingList) -> None:
    """Bring the lines of the first region to every step, in turn."""
    agent = User.objects.get(email=AGENT)
    _say_who_has_none(onboarding)
    lines = list(lines_of(onboarding.lines.filter(pui__isnull=False)))
    for rank, line in enumerate(lines):
        if rank % 8 == 7:
            line.site, line.label = None, ""
            line.save()
    ready = ready_lines(onboarding)
    for rank, one in enumerate(ready):
        if rank % 6 != 0:
            seen = marks_of([one])
            validate_lines(by=agent, onboarding=onboarding, seen=seen, number=one.line.pk)
    _bring_pharmacists(onboarding)


def _say_who_has_none(onboarding: OnboardingList) -> None:
    """Of those without a pharmacy: one is served, two are marked, the others wait."""
    lines = list(lines_of(onboarding.lines.filter(pui__isnull=True)))
    place = lines[0].establishment if lines else None
    near = Pui.objects.filter(closed_on=None, establishment__category="355")
    serving = near.filter(establishment__department=place.department_id).first() if place else None
    if serving:
        ServedEstablishment.objects.get_or_create(
            pui=serving,
            establishment=place,
            defaults={"starts_on": date(2020, 1, 1)},
        )
    for line in lines[1:3]:
        line.action = OnboardingLine.Action.DELETE
        line.save()


def _bring_pharmacists(onboarding: OnboardingList) -> None:
    """A pharmacist for most of the sites that have an APE; some logged in, one was told."""
    now = timezone.now()
    lines = list(lines_of(onboarding.lines.filter(validated_at__isnull=False, pui__closed_on=None)))
    people = people_of(lines)
    for rank, line in enumerate(lines):
        if line.pui is None:
            continue
        found = people[line.pk]
        if found.apes and not found.gfs and rank % 5 != 0:
            _pharmacist(line.pui, logged_in_at=now - timedelta(days=3) if rank % 5 < 3 else None)
    waiting = [one.line for one in situations_of(lines) if one.step is Step.TELL]
    for line in waiting[-1:]:
        line.pharmacists_told_at = now - timedelta(days=2)
        line.save(update_fields=["pharmacists_told_at"])


def _pharmacist(pui: Pui, *, logged_in_at: datetime | None) -> None:
    finess = pui.establishment.finess.lower()
    user, is_new = User.objects.get_or_create(
        username=f"demo.gf.{finess}",
        defaults={
            "email": f"gf.{finess}@sante.example",
            "first_name": "Dominique",
            "last_name": f"Pharmacien {finess[-4:]}",
            "last_login": logged_in_at,
        },
    )
    if not is_new:
        return
    user.set_unusable_password()
    user.save()
    profile = Profile.objects.create(
        user=user,
        establishment=pui.establishment,
        state=Profile.State.ACTIVE,
        decided_at=timezone.now(),
    )
    Habilitation.objects.create(
        profile=profile,
        domain=Domain.DISPOSTOCK,
        role=Role.DECLARANT,
        state=Habilitation.State.ACTIVE,
        decided_at=timezone.now(),
    )
