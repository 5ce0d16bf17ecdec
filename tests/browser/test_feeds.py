"""What leaves e-Dispostock, in a browser: snapshots, open data; « l’ARS règle ses relances »."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from medications.calendar import calendar_of
from medications.models import MonitoredList
from pui.models import Reminder, ReminderRound
from pui.models.reminding import Step
from pui.services.open_data import publish_open_data
from pui.services.snapshots import make_snapshot
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_followed, make_list, make_product, make_pui, make_transmission

pytestmark = pytest.mark.django_db(transaction=True)
REMINDERS = "/dispostock/region/relances/"
SNAPSHOTS = "/dispostock/region/releves/"
OPEN_DATA = "/donnees/stocks-pui/"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def region(transactional_db):
    """Six pharmacies declared a due day that is closed, and have been late since."""
    for slug in MonitoredList.Slug.values:
        make_list(slug)
    product = make_followed(make_product("CISATRACURIUM, ampoule"))
    calendar = calendar_of("autres")
    closed = calendar.past_dues(timezone.now(), 3)[2]
    for number in range(6):
        pui = make_pui(f"PUI {number}", on=make_establishment(name=f"CH n° {number}"))
        by = make_person("GF", on=pui.establishment)
        moment = calendar.due_at(closed)
        make_transmission(pui, {product: (40, 10)}, by=by, due_on=closed, now=moment)
    return pui.establishment.region


@pytest.fixture
def agent(region):
    return make_person("ARA", on=region)


def test_an_ars_sets_when_its_late_pharmacies_are_written_to(open_page, agent):
    page = open_page(user=agent)
    page.goto("/dispostock/region/retards/")
    axe(page)
    page.get_by_role("link", name="Régler les relances").click()
    expect(page.get_by_role("heading", name="6 PUI seraient relancées")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Changer le calendrier").click()
    axe(page)
    for day in ("Lundi", "Mercredi"):
        page.get_by_label(day).uncheck(force=True)
    page.get_by_label("Mardi").check(force=True)
    page.get_by_label("Heure").select_option("14 h")
    page.get_by_role("button", name="Voir ce qui partirait").click()
    expect(page.get_by_role("heading", name="Chaque mardi à 14 h")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Enregistrer ce calendrier").click()
    expect(page.get_by_text("Calendrier de la région")).to_be_visible()
    page.get_by_role("link", name="Mettre en pause").click()
    axe(page)
    page.get_by_role("button", name="Mettre en pause").click()
    expect(page.get_by_role("heading", name="Les relances sont en pause")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Reprendre").click()
    axe(page)
    page.get_by_role("button", name="Reprendre les relances").click()
    expect(page.get_by_text("Les relances reprennent.")).to_be_visible()


def test_no_day_chosen_is_told_beside_the_field(open_page, agent):
    page = open_page(user=agent)
    page.goto(f"{REMINDERS}24/regler/")
    for day in ("Lundi", "Mercredi"):
        page.get_by_label(day).uncheck(force=True)
    page.get_by_role("button", name="Voir ce qui partirait").click()
    expect(page.get_by_text("Choisissez au moins un jour.").first).to_be_visible()
    axe(page)


def test_what_left_and_whom_to_call_are_accessible(open_page, agent, region):
    now = timezone.now()
    row = ReminderRound.objects.create(
        region=region, day=timezone.localdate(), planned_at=now, sent_at=now, late=6, reminded=6
    )
    pui = region.establishment_set.first().puis.first()
    for back in range(5):
        Reminder.objects.create(
            pui=pui,
            monitored_list_id="autres",
            due_on=calendar_of("autres").past_dues(now, 1)[0],
            day=timezone.localdate() - timedelta(days=back),
            round=row,
            step=Step.AGENCY,
            recipients=1,
        )
    for user in (agent, make_person("NAT", domain="dispostock")):
        page = open_page(user=user)
        page.goto(REMINDERS)
        expect(page.get_by_text("5 relances sans réponse")).to_be_visible()
        axe(page)


def test_the_snapshots_are_accessible_before_and_after_the_first(open_page, agent):
    page = open_page(user=agent)
    page.goto(SNAPSHOTS)
    axe(page)
    make_snapshot()
    page.reload()
    for summary in page.locator(".app-dispostock__page summary").all():
        summary.click()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger (CSV)").click()
    assert download.value.suggested_filename.startswith("releve-stocks-pui-")


def test_the_open_data_are_accessible_before_and_after_the_first(open_page, region):
    page = open_page()
    page.goto(OPEN_DATA)
    axe(page)
    assert publish_open_data() == 1
    page.reload()
    page.locator("summary", has_text="Dictionnaire").click()
    axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Dernière échéance").click()
    assert download.value.suggested_filename == "stocks-pui.csv"
    assert "MIDAZOLAM" in download.value.path().read_text(encoding="utf-8-sig")
