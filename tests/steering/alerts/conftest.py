"""Departments and regions that hold so many days of an equipment; the people who follow them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Domain, Role
from common.weeks import current_week
from epi_stocks.models import DepartmentSummary, EpiItem, RegionSummary
from epi_stocks.services.reference import load_epi_reference
from medications.services.reference import load_medication_reference
from steering.models import Alert, AlertRule, AlertScale, Urgency
from steering.services.alert_looks import look_at_alerts
from tests.builders import grant, make_body, make_department, make_person, make_profile, make_region

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MASKS = 1
REGIONS = {"24": "Centre-Val de Loire", "28": "Normandie", "53": "Bretagne", "84": "Rhône-Alpes"}


def make_rule(**fields):
    said = {
        "label": "Équipement en rupture dans une région",
        "measure": "epi_cover",
        "scale": AlertScale.REGION,
        "urgency": Urgency.HIGH,
        "starts_on": timezone.localdate() - 90 * DAY,
    }
    if "threshold" not in fields:
        said["at_least"] = "critique"
    return AlertRule.objects.create(**said | fields)


@dataclass
class Country:
    """``hold`` says what a place has of the masks; ``look`` applies the rules some time later."""

    now: datetime = field(default_factory=timezone.now)

    @property
    def week(self):
        return current_week(self.now)

    def hold(self, days, place="24", item=MASKS):
        """A region with so many days of cover; None: nobody says anything any more."""
        rows = RegionSummary.objects.filter(week=self.week, item_id=item, region_code=place)
        rows.delete()
        if days is not None:
            RegionSummary.objects.create(
                week=self.week, item_id=item, region_code=place, **sums_of(days)
            )

    def hold_department(self, days, place, region="24", item=MASKS):
        rows = DepartmentSummary.objects.filter(week=self.week, item_id=item, department_code=place)
        rows.delete()
        if days is not None:
            DepartmentSummary.objects.create(
                week=self.week,
                item_id=item,
                department_code=place,
                category_code="355",
                region_code=region,
                **sums_of(days),
            )

    def look(self, after=timedelta()) -> Any:
        self.now += after
        return look_at_alerts(self.now)

    @property
    def alert(self) -> Alert:
        return Alert.objects.select_related("rule").get()


def sums_of(days):
    stock = round(days * 100)
    return {
        "lines": 10, "stock": stock, "daily": 100, "ratio_lines": 10, "ratio_stock": stock,
        "ratio_daily": 100,
    }  # fmt: skip


@pytest.fixture
def country(db):
    load_epi_reference()
    load_medication_reference()
    for code, name in REGIONS.items():
        make_region(code, name)
    for code, name in (("45", "Loiret"), ("41", "Loir-et-Cher"), ("37", "Indre-et-Loire")):
        make_department(code, name, make_region())
    # a Wednesday noon: no week ends between two looks of an hour
    monday = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return Country(monday - timedelta(days=(monday.weekday() - 2) % 7))


@pytest.fixture
def masks(country):
    return EpiItem.objects.get(pk=MASKS)


@pytest.fixture
def mails(monkeypatch):
    """What was queued, by address: the subjects, and the last text."""
    sent = []

    def keep(subject, text, to, *, lasts=None):
        sent.append((to, subject, text))

    monkeypatch.setattr("accounts.notices.aid.queue_written", keep)
    return sent


@pytest.fixture
def reader(country):
    """Reads EPI-Stocks in the ARS of the Centre, and nothing of medicines."""
    return make_person("ARL", domain="epi_stock", on=make_region())


@pytest.fixture
def agent(country):
    return make_person("ARA", on=make_region())


@pytest.fixture
def cell(country):
    user = make_person("NAT", domain="epi_stock")
    grant(make_profile(user, make_body("national")), Domain.DISPOSTOCK, Role.NATIONAL_CELL)
    user.forget_rights()
    return user


@pytest.fixture
def alert(country):
    make_rule(calm_hours=1)
    country.hold(3)
    country.look()
    return country.alert
