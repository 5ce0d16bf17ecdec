"""The settings of the country and the pages of the operator: accessible in each of their states."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models.habilitation import Domain
from medications.models import CoverRule
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
    for name in ("health", "mails", "jobs"):
        page.goto(reverse(f"administration:{name}"))
        axe(page)
    for folded in page.locator("main summary").all():
        folded.click()
    axe(page)
