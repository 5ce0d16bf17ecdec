"""Where the lines of a list stand, and how far each region is: in a few statements."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from establishments.models import Region
from establishments.models.search import plain_words
from pui.models import OnboardingLine, OnboardingList, Pui, SwitchOver
from pui.onboarding.people import People, people_of, place_of
from pui.onboarding.steps import ASIDE, Situation, Step, step_of
from pui.particular import FIRE_SERVICE, GROUP, Particular, is_group_entity, particular_of
from pui.without import serving_puis

READ = (
    "legal_entity", "establishment__legal_entity", "establishment__category",
    "site__legal_entity", "site__category", "pui__establishment", "validated_by",
    "onboarding__region",
)  # fmt: skip


def lines_of(rows: QuerySet[OnboardingLine]) -> QuerySet[OnboardingLine]:
    """With what their lines say; by name of the entity."""
    return rows.select_related(*READ).order_by("legal_entity__sort_name", "pk")


def situations_of(lines: Collection[OnboardingLine]) -> list[Situation]:
    """Three statements, whatever their number."""
    people, registered = people_of(lines), registered_puis(lines)
    serving = serving_puis([place for line in lines if (place := place_of(line))])
    found = []
    for line in lines:
        place = place_of(line)
        own = registered.get(line.pk, [])
        served_by = serving.get(place.pk) if place and not own else None
        who = people.get(line.pk, People())
        step = step_of(line, who, served_by)
        found.append(Situation(line, who, served_by, particular_of_line(line), step, own))
    return found


def registered_puis(lines: Collection[OnboardingLine]) -> dict[int, list[Pui]]:
    """The open pharmacies of each line in the register: its own, else those of its place that no
    line names, entered by a declarant since the list was made."""
    found = {line.pk: [line.pui] for line in lines if line.pui and line.pui.is_open}
    places = {line.pk: place.pk for line in lines if not line.pui and (place := place_of(line))}
    if not places:
        return found
    named = OnboardingLine.objects.filter(pui=OuterRef("pk"))
    rows = Pui.objects.filter(~Exists(named), closed_on=None, establishment__in=places.values())
    by_place: dict[int, list[Pui]] = {}
    for pui in rows:
        by_place.setdefault(pui.establishment_id, []).append(pui)
    return found | {pk: by_place[place] for pk, place in places.items() if place in by_place}


def particular_of_line(line: OnboardingLine) -> Particular | None:
    """A group (GCS) or a fire service (SIS): by its site, else by the name of its entity."""
    if place := place_of(line):
        return particular_of(place)
    if is_group_entity(line.legal_entity):
        return GROUP
    words = set(plain_words(line.legal_entity.name))
    return FIRE_SERVICE if "sdis" in words or words >= {"incendie", "secours"} else None


@dataclass(slots=True)
class Progress:
    """How far a region is: how many lines at each step, how many late."""

    region: Region
    switch: SwitchOver | None = None
    made: OnboardingList | None = None
    steps: Counter[Step] = field(default_factory=Counter)
    late: int = 0

    @property
    def expected(self) -> int:
        """The pharmacies to open: neither deleted lines nor served establishments."""
        return sum(count for step, count in self.steps.items() if step not in ASIDE)

    @property
    def fine(self) -> int:
        return self.steps[Step.FINE]

    @property
    def to_do(self) -> int:
        return self.expected - self.fine

    def add(self, situation: Situation, today: date) -> None:
        self.steps[situation.step] += 1
        day = self.switch.switches_on if self.switch else None
        self.late += situation.is_late(day, today)


def progress_of(regions: Iterable[Region]) -> list[Progress]:
    """By region, those that switch first first; the same statements for one or for all."""
    found = {one.pk: Progress(one) for one in regions}
    for switch in SwitchOver.objects.filter(region__in=found):
        found[switch.region_id].switch = switch
    for made in OnboardingList.objects.filter(region__in=found).select_related("made_by"):
        found[made.region_id].made = made
    today = timezone.localdate()
    rows = OnboardingLine.objects.filter(onboarding__region__in=found)
    for situation in situations_of(list(lines_of(rows))):
        found[situation.line.onboarding.region_id].add(situation, today)
    return sorted(found.values(), key=_order)


def _order(progress: Progress) -> tuple[date, str]:
    day = progress.switch.switches_on if progress.switch else date.max
    return day, " ".join(plain_words(progress.region.name))
