"""TEC: a mail could not leave; the operator starts it again and checks that mails work."""

import pytest
from playwright.sync_api import expect

from journal.models import Entry
from tests.browser.roles.conftest import menu
from tests.builders import make_person
from tests.config.administration.steps import make_job, state_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return make_job()


def test_the_operator_starts_a_failed_job_again_and_tries_a_mail(enter, world):
    page = enter(make_person("TEC"))
    page.get_by_role("link", name="1 travail en échec").click()
    expect(page.get_by_role("heading", name="En échec")).to_be_visible()
    page.get_by_role("button", name="Relancer tous les échecs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relancer 1 échec")
    page.get_by_role("button", name="Relancer").click()
    expect(page.get_by_text("Un travail relancé.")).to_be_visible()
    expect(page.get_by_text("Aucun travail n’est en échec.")).to_be_visible()
    assert state_of(world) == "todo"
    assert Entry.objects.get(verb="jobs.retried").by

    menu(page, "Administration")
    page.get_by_role("link", name="Courriels").click()
    page.get_by_role("button", name="Envoyer un courriel d’essai").click()
    expect(page.get_by_text("Un courriel d’essai attend de partir")).to_be_visible()
