"""The soak: people all morning at a steady rhythm, and nothing that grows."""

import time

from tests.load import report
from tests.load.flat import TooShortError, judged
from tests.load.goals import Goal
from tests.load.phases import Crowd, Plan
from tests.load.samples import Sampler, rule_of, series_of, taker

PEOPLE, ARRIVALS, SCALE = 60, 2.0, 0.5
SAMPLES = 180  # in all, whatever the length


def main(crowd: Crowd, minutes: float, facts: dict[str, object]) -> int:
    """Play, sample, judge; 1 when something grew, failed or was lost."""
    folder, programs = crowd.folder, crowd.service.programs
    watched = {name: programs[name].pid for name in ("web", "worker", "mailer")}
    path = folder / "samples.jsonl"
    every = max(2.0, 60 * minutes / SAMPLES)
    plan = Plan("endurance", "monday", PEOPLE, ARRIVALS, 60 * minutes, SCALE)
    print(f"— endurance : {PEOPLE} personnes, {minutes:g} minutes", flush=True)
    with Sampler(taker(crowd.service.data, watched), path, every):
        phase = crowd.play(plan)
    series = dict(series_of(path))
    goals = phase.laws + [goal for name, held in series.items() if (goal := flatness(name, held))]
    facts = facts | {"durée (min)": minutes, "relevés": len(next(iter(series.values()), []))}
    facts |= {"fini à": time.strftime("%Hh%M")}
    name = "soak" if crowd.service.is_sound else "soak-leak"
    return report.tell(folder, goals, [phase], facts, series, name=name)


def flatness(name: str, held) -> Goal | None:
    """Growth over the time watched, at most what the rule allows; None: it is not judged."""
    rule = rule_of(name)
    if rule is None:
        return None
    try:
        verdict = judged(held, rule)
    except TooShortError as error:
        raise SystemExit(f"Trop court pour juger {name} : {error}.") from error
    return Goal(
        f"plat : {name}", verdict.growth, verdict.allowed, is_law=True, slope=verdict.hourly
    )
