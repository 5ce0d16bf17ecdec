"""The contract of what an app measures of itself, for whoever adds a probe."""

from common.probes import Sample, one
from config.metrics import exposed, probes


def test_one_figure_or_none():
    assert one(None) == []
    assert one(3) == [Sample(3.0)]
    assert one(0) == [Sample(0.0)]


def test_the_probes_that_an_app_offers_are_told_beside_ours():
    names = {probe.name for probe in exposed.probes()} - {probe.name for probe in probes.PROBES}
    assert names == {"journal_unsealed_seconds", "slow_statements"}
