"""« Flat » must see a leak, and must not take for one what caches and garbage do."""

import json
import os
import random
import subprocess
import sys
import time

import pytest

from tests.load.flat import Rule, TooShortError, judged
from tests.load.samples import Sampler, anonymous, files_in, rule_of, series_of
from tests.load.soak import flatness

RULE = Rule(floor=8, share=0.05)
EVERY = 10  # seconds between two samples


def sampled(value, count=180):
    """A soak of half an hour; ``value`` from the seconds since the beginning."""
    return [(EVERY * n, value(EVERY * n)) for n in range(count)]


def noisy(value, width=6, seed=8):
    luck = random.Random(seed)
    return lambda at: value(at) + luck.uniform(-width, width)


def test_a_level_that_only_trembles_is_flat():
    assert judged(sampled(noisy(lambda at: 120)), RULE).is_flat


def test_caches_that_fill_at_the_beginning_are_no_leak():
    verdict = judged(sampled(noisy(lambda at: 150 - 80 * 2 ** (-at / 60))), RULE)
    assert verdict.is_flat
    assert verdict.level == pytest.approx(150, abs=3)


def test_a_peak_and_a_saw_are_no_leak():
    peak = judged(sampled(lambda at: 400 if 900 < at < 1000 else 120), RULE)
    saw = judged(sampled(lambda at: 120 + at % 300 / 20), RULE)
    assert peak.is_flat
    assert saw.is_flat


@pytest.mark.parametrize("leak", [1, 4])  # MiB a minute
def test_a_slow_leak_under_noise_is_seen_and_its_slope_told(leak):
    verdict = judged(sampled(noisy(lambda at: 120 + leak * at / 60)), RULE)
    assert not verdict.is_flat
    assert verdict.hourly == pytest.approx(60 * leak, rel=0.15)
    assert verdict.growth == pytest.approx(20 * leak, rel=0.15)


def test_what_falls_is_flat_and_a_large_level_may_move_more():
    assert judged(sampled(lambda at: 300 - at / 20), RULE).is_flat
    assert judged(sampled(lambda at: 2_000 + at / 60), RULE).is_flat


def test_too_short_a_soak_says_nothing():
    with pytest.raises(TooShortError):
        judged(sampled(lambda at: 120, count=9), RULE)
    with pytest.raises(TooShortError):
        judged([], RULE)


def test_a_failed_job_more_is_not_flat():
    """No floor: the rule of what must never grow."""
    rule = rule_of("travaux en échec")
    assert judged(sampled(lambda at: 3), rule).is_flat
    assert not judged(sampled(lambda at: at / 600), rule).is_flat


def test_only_what_grows_by_itself_is_judged():
    assert rule_of("taille de la base") is None
    assert rule_of("mémoire, web, processus 2") == RULE
    assert flatness("taille de la base", sampled(lambda at: at)) is None
    assert not flatness("mémoire, web", sampled(lambda at: 50 + at)).is_held


LEAKS = """
import sys, time
kept = []
print("ready", flush=True)
while True:
    kept.append(bytearray(int(sys.argv[1])))
    if kept[-1]:
        kept[-1][::4096] = b"1" * len(kept[-1][::4096])
    time.sleep(0.01)
"""


@pytest.mark.parametrize(("size", "is_flat"), [(0, True), (65_536, False)])
def test_the_memory_of_a_real_process_that_leaks_is_seen(tmp_path, size, is_flat):
    process = subprocess.Popen([sys.executable, "-c", LEAKS, str(size)], stdout=subprocess.PIPE)
    path = tmp_path / "samples.jsonl"
    try:
        process.stdout.readline()
        with Sampler(lambda: {"mémoire, web": anonymous(process.pid)}, path, 0.03):
            end = time.monotonic() + 60
            while path.read_text().count("\n") < 30 and time.monotonic() < end:
                time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    held = dict(series_of(path))["mémoire, web"]
    assert judged(held, Rule(floor=2, share=0.05)).is_flat is is_flat


def test_a_process_that_is_gone_and_what_came_only_at_times_are_left(tmp_path):
    assert anonymous(2**22 + 1) == 0
    assert anonymous(os.getpid()) > 1
    rows = [{"at": n, "always": 1, **({"once": 2} if n == 3 else {})} for n in range(10)]
    path = tmp_path / "samples.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert dict(series_of(path)).keys() == {"always"}
    assert files_in(tmp_path, tmp_path / "absent") == 1
