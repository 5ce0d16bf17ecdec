"""The contract of what an app measures of itself, for whoever adds a probe."""

from types import ModuleType

from common.probes import PREFIX, Probe, Sample, one
from config.metrics import exposed


def test_one_figure_or_none():
    assert one(None) == []
    assert one(3) == [Sample(3.0)]
    assert one(0) == [Sample(0.0)]


def test_the_probes_of_an_app_are_told_beside_ours(monkeypatch):
    module = ModuleType("an_app.probes")
    module.PROBES = (Probe("moons", "Moons seen", lambda: one(2)),)
    monkeypatch.setattr(exposed, "modules", lambda name: [module] if name == "probes" else [])
    found = {family.name: family for family in exposed.readings(exposed.probes()[-1:])}
    assert found[PREFIX + "moons"].samples[0].value == 2
