"""The settings of the country and the pages of the operator: accessible in each of their states."""

import re
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models.habilitation import Domain
from common.statements import Slow
from medications.models import CoverRule
from monitoring.recorder import JOB, PAGE, FaultSeen, Recorder
from tests.browser.axe import axe
from tests.builders import make_person
from tests.config.administration.steps import make_job
from tests.pui.builders import make_list


def test_thresholds_are_announced_after_what_they_change_was_read(open_page, transactional_db):
    make_list()
    page = open_page(user=make_person("NAT", domain=Domain.DISPOSTOCK))
    page.goto(reverse("administration:hub"))
    axe(page)
    page.get_by_role("link", name="Seuils de couverture des médicaments").click()
    axe(page)
    page.get_by_label("Tendue sous").fill("0")
    page.get_by_label("À partir du").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Voir ce que cela change").click()
    axe(page)
    page.get_by_label("Tendue sous").fill("30")
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.get_by_role("button", name="Changer les seuils")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Changer les seuils").click()
    expect(page.get_by_text("annoncés", exact=True)).to_be_visible()
    axe(page)
    assert CoverRule.objects.get().tense == 30


def test_the_rules_that_no_page_sets_are_read(open_page, transactional_db):
    page = open_page(user=make_person("NAT", domain=Domain.DISPOSTOCK))
    page.goto(reverse("administration:hub"))
    page.get_by_role("link", name="Jours fériés et règles fixes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jours fériés et règles fixes")
    axe(page)


def test_the_operator_reads_jobs_and_mails_and_opens_what_is_folded(open_page, transactional_db):
    make_job()
    page = open_page(user=make_person("TEC"))
    for name in ("health", "mails", "errors", "slowness", "statements", "jobs"):
        page.goto(reverse(f"administration:{name}"))
        axe(page)
    for folded in page.locator("main summary").all():
        folded.click()
    axe(page)
    page.get_by_role("button", name=re.compile("Relancer le travail")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relancer le travail")
    axe(page)
    page.get_by_role("button", name="Relancer").click()
    expect(page.get_by_text(re.compile("^Relancé"))).to_be_visible()


def test_what_was_measured_is_read_with_its_incidents(open_page, transactional_db):
    recorder = Recorder()
    for number in range(40):
        recorder.add((PAGE, f"orders:page_{number}", "GET", "200"), 40, 5, 10)
    recorder.add((PAGE, "epi_stocks:cell", "POST", "500"), 20)
    recorder.add((JOB, "accounts.tasks.send_notice", "", "success"), 1500)
    recorder.slow(Slow("SELECT * FROM journal_entry WHERE details = ? " * 8, 0.5), "plage:journal")
    seen = datetime.now(UTC), "0123456789ab", "epi_stocks:cell", "POST", "500", "ValueError"
    recorder.fault(FaultSeen(*seen))
    recorder.flush()
    page = open_page(user=make_person("TEC"))
    for name, shown in (
        ("errors", "0123456789ab"),
        ("slowness", "Les pages qui prennent le plus de temps en tout"),
        ("statements", "plage:journal"),
    ):
        page.goto(reverse(f"administration:{name}"))
        expect(page.get_by_text(shown).first).to_be_visible()
        for folded in page.locator("main summary").all():
            folded.click()
        axe(page)
