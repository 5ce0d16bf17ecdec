"""The alert rules: each metric exists, each rule says what to do, each is seen to ring."""

import re

import pytest
import yaml
from django.conf import settings

from config.metrics import exposed
from monitoring.recorder import JOB, PAGE, Recorder

pytestmark = pytest.mark.django_db
FOLDER = settings.BASE_DIR / "deploy/prometheus"
GUIDE = settings.BASE_DIR / "docs/operations/surveillance.md"
NAME = re.compile(r"\bstocks_\w+")
CHOSEN = re.compile(r'\b(stocks_\w+)\{(\w+)="(\w+)"\}')


def rules():
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def told():
    """The names that are exposed, also those of what does not exist yet (a replica, a backup)."""
    recorder = Recorder()
    recorder.add((PAGE, "home", "GET", "200"), 12)
    recorder.add((JOB, "a.task", "", "success"), 12)
    recorder.flush()
    samples = {one.name for family in exposed.told() for one in family.samples}
    return samples | {one.full_name for one in exposed.probes()} | {"stocks_database_up"}


def test_each_metric_of_a_rule_is_one_that_we_tell():
    asked = {name for rule in rules() for name in NAME.findall(rule["expr"])}
    assert len(asked) > 15
    assert asked - told() == set()


def test_each_label_that_a_rule_chooses_is_one_that_we_tell():
    """A rule that asks for a state that nobody tells would never ring, whatever its own trial."""
    asked = {chosen for rule in rules() for chosen in CHOSEN.findall(rule["expr"])}
    given = {
        (sample.name, label, value)
        for family in exposed.told()
        for sample in family.samples
        for label, value in sample.labels.items()
    }
    assert len(asked) >= 5
    assert asked - given == set()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_each_rule_says_how_grave_it_is_and_leads_to_what_to_do(rule):
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    page, _, anchor = rule["annotations"]["todo"].partition("#")
    assert settings.BASE_DIR / page == GUIDE
    titles = re.findall(r"^#+ (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in {title.lower() for title in titles}
    assert rule["alert"].lower() == anchor


def test_each_rule_is_seen_to_ring():
    """By scripts/check-alerts, where Prometheus’ own tool plays them."""
    tried = (FOLDER / "alerts.test.yml").read_text(encoding="utf-8")
    assert {one["alert"] for one in rules()} == set(re.findall(r'alertname="(\w+)"', tried))
