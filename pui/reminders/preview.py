"""« Demain à 14 h, 12 PUI seraient relancées »: what a timetable would send, and to whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from establishments.models import Region
from pui.models.reminding import Step
from pui.region.figures import plural
from pui.reminders.late import LateList
from pui.reminders.timetable import Timetable, moment_text
from pui.services.rounds import Round, plans_of

STEPS = list(Step)


@dataclass(frozen=True)
class Preview:
    """What would leave next, if nothing came until then."""

    moment: datetime | None
    now: datetime
    plans: list[Round]

    @property
    def when(self) -> str:
        return moment_text(self.moment, self.now) if self.moment else ""

    @cached_property
    def planned(self) -> list[tuple[Step, LateList]]:
        return [(plan.step(one), one) for plan in self.plans for one in plan.planned]

    @cached_property
    def by_step(self) -> dict[Step, int]:
        """Pharmacies, each at the last step that one of its lists has reached."""
        reached: dict[int, Step] = {}
        for step, one in self.planned:
            before = reached.get(one.pui.pk, step)
            reached[one.pui.pk] = max(before, step, key=STEPS.index)
        return {step: sum(one is step for one in reached.values()) for step in STEPS}

    @property
    def count(self) -> int:
        return len({one.pui.pk for _, one in self.planned})

    @cached_property
    def mails(self) -> int:
        found = {
            person.email
            for plan in self.plans
            for one in plan.planned
            for person in plan.recipients(one)
        }
        return len(found)

    @property
    def unreachable(self) -> int:
        return len(set().union(*(plan.unreachable for plan in self.plans)))

    @property
    def sentence(self) -> str:
        """« Demain à 14 h, 12 PUI seraient relancées, par 15 courriels. »"""
        if self.moment is None:
            return "Les relances sont en pause\u00a0: aucune ne partira."
        when = f"{self.when[0].upper()}{self.when[1:]}"
        if not self.count:
            return f"{when}, aucune PUI ne serait relancée."
        verb = "seraient relancées" if self.count > 1 else "serait relancée"
        mails = plural(self.mails, "courriel")
        return f"{when}, {plural(self.count, 'PUI', 'PUI')} {verb}, par {mails}."

    @property
    def details(self) -> list[str]:
        """Who, step by step; then those that nobody can be written to about."""
        found = [
            f"{step.label}\u00a0: {plural(count, 'PUI', 'PUI')}"
            for step, count in self.by_step.items()
            if count
        ]
        if self.unreachable:
            found.append(
                f"sans adresse de courriel\u00a0: {plural(self.unreachable, 'PUI', 'PUI')}"
            )
        return found

    @cached_property
    def calls(self) -> list[LateList]:
        """Those that only a call can reach, one line each, the most reminded first."""
        found: dict[int, LateList] = {}
        for plan in self.plans:
            for one in plan.late:
                if plan.step(one) is Step.AGENCY or one.pui.pk in plan.unreachable:
                    kept = found.setdefault(one.pui.pk, one)
                    found[one.pui.pk] = max(kept, one, key=lambda late: late.missed)
        return sorted(found.values(), key=lambda one: (-one.missed, one.pui.sort_label))


def preview_of(timetable: Timetable, regions: Collection[Region | None], now: datetime) -> Preview:
    """Paused without a day, it still tells who is late now."""
    moment = timetable.next(now)
    plans = plans_of(regions, moment or now, timetable)
    return Preview(moment, now, list(plans.values()))
