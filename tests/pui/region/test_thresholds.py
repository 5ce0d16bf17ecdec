"""The thresholds that the national cell decides: every reading of a territory follows them."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from common.cover import Level, Thresholds
from medications.models import CoverRule
from medications.thresholds import cover_rules
from pui.models import PharmacySummary
from pui.models.region import Scale
from pui.reach import Pharmacies
from pui.region.filters import IN_TENSION, RegionFilter
from pui.region.reading import read_page
from pui.region.rows import read_rows
from pui.tension import tension_figures
from tests.builders import make_person
from tests.pui.region.conftest import NOW, read

pytestmark = pytest.mark.django_db
WIDE = Thresholds(6, 50, 120)


@pytest.fixture
def agent(declared):
    return make_person("ARA")


def decide(by, days=WIDE, back=0):
    """In force since so many days before now."""
    starts_on = timezone.localdate(NOW) - timedelta(days=back)
    CoverRule.objects.create(**days._asdict(), starts_on=starts_on, by=by)
    cover_rules.forget()


def levels_of(agent, **asked):
    rows, _ = read_rows(read(agent, **asked))
    return {(row.place or row.holder_id, row.group): row.sums.level for row in rows}


def test_the_due_day_under_way_follows_those_of_today_and_the_past_keeps_its_own(agent):
    before = [sums["CISATRACURIUM"].level for _, sums in read_page(read(agent)).trend[-2:]]
    decide(agent)
    after = [sums["CISATRACURIUM"].level for _, sums in read_page(read(agent)).trend[-2:]]
    assert before == [Level.SUFFICIENT, Level.SUFFICIENT]
    assert after == [Level.SUFFICIENT, Level.TENSE]


@pytest.mark.parametrize("rows", ["pui", "etablissement", "departement"])
def test_the_rows_and_their_filter_follow_them(agent, rows):
    asked = {"lignes": rows, "produits": "dci"}
    tense = len(levels_of(agent, **asked, niveau=IN_TENSION))
    decide(agent)
    found = levels_of(agent, **asked)
    kept = levels_of(agent, **asked, niveau=IN_TENSION)
    assert kept == {key: one for key, one in found.items() if one.is_tension}
    assert len(kept) > tense


def test_pharmacies_short_of_a_dci_are_counted_by_them(agent, declared):
    def short():
        row = PharmacySummary.objects.order_by("-due_on").filter(
            scale=Scale.REGION, is_same_hour=False, region_code="24"
        )[0]
        return row.shortage, row.critical

    before = short()
    decide(agent)
    declared.refresh()
    assert (before, short()) == ((0, 1), (1, 0))


def test_the_home_and_the_preview_count_the_same(declared):
    person = make_person("NAT", domain="dispostock")
    assert tension_figures(person)[0].value == str(Pharmacies().tense(Thresholds()))
    wider = Pharmacies().tense(WIDE)
    decide(person)
    assert tension_figures(person)[0].value == str(wider)
    assert wider == 1


def test_the_choice_of_levels_says_no_number(agent):
    choices = dict(RegionFilter(QueryDict(), user=agent).fields["niveau"].choices)
    assert choices[IN_TENSION] == "En tension"
