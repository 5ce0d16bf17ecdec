"""Percentiles out of a dozen classes: close to the truth, never beyond what was measured."""

import math
import random

import pytest

from monitoring.histogram import BOUNDS, CLASSES, class_of, percentile


def buckets_of(durations):
    counts = [0] * CLASSES
    for one in durations:
        counts[class_of(one)] += 1
    return counts


def test_a_bound_belongs_to_its_class():
    assert [class_of(bound) for bound in BOUNDS] == list(range(len(BOUNDS)))
    assert class_of(BOUNDS[-1] + 1) == CLASSES - 1


def test_nothing_measured_has_no_percentile():
    assert percentile([0] * CLASSES, 0.5) is None


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_a_percentile_lies_in_the_class_of_the_true_one(share):
    draw = random.Random(8)  # noqa: S311
    durations = sorted(draw.lognormvariate(3.5, 1) for _ in range(2000))
    true = durations[math.ceil(share * len(durations)) - 1]
    assert class_of(percentile(buckets_of(durations), share)) == class_of(true)


def test_past_the_last_bound_nobody_knows_how_far():
    assert percentile(buckets_of([20_000]), 0.5) == math.inf
