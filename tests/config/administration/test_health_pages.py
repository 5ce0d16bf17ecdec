"""The health of the service, for its operator: figures, sizes, mails; nothing of anybody."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import SentMail
from config.administration import mails, storage
from journal.models import Entry, Seal
from journal.sealing.canonical import chained
from journal.sealing.seals import seal_pending
from journal.services import record
from tests.accounts.mailing import deliver
from tests.config.administration.steps import MAIL, make_job
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client_for):
    return client_for("TEC")


def test_the_overview_tells_the_base_the_jobs_the_rounds_the_mails(operator):
    make_job()
    response = operator.get(reverse("administration:health"))
    assert_sound_html(response)
    figures = {one.label: one.value for one in response.context["figures"]}
    assert figures["Base de données"] == "En ordre"
    assert figures["Travaux en échec"] == "1"


def test_the_overview_says_how_long_the_oldest_waits(operator):
    make_job(status="todo")
    response = operator.get(reverse("administration:health"))
    note = next(one.note for one in response.context["figures"] if one.label == "Travaux en échec")
    assert note.startswith("1 attend, le plus ancien depuis")


def test_the_overview_tells_how_far_the_journal_is_sealed(operator, settings, tmp_path):
    settings.JOURNAL_HEADS_FILE = tmp_path / "heads"
    record("test.done", by=None)
    seal_pending()
    record("test.done", by=None)
    rows = dict(operator.get(reverse("administration:health")).context["journal"].rows)
    assert rows["Scellement"] == "à l’heure"
    assert rows["Dernier lot"].startswith("1, le ")
    assert rows["Empreinte du dernier sceau"] == chained(Seal.objects.get())
    assert rows["Entrées pas encore scellées"].startswith("1, depuis ")
    Entry.objects.bulk_create([Entry(verb="test.done")])
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        rows = dict(operator.get(reverse("administration:health")).context["journal"].rows)
    assert rows["Scellement"] == "en retard"


@pytest.mark.parametrize("page", ["health", "jobs", "mails"])
@pytest.mark.parametrize("code", ["NAT", "SUP", "ARA", "AUD"])
def test_nobody_else_reads_it(client_for, page, code):
    assert client_for(code).get(reverse(f"administration:{page}")).status_code == 403


def test_mails_are_counted_by_day_and_a_day_without_is_zero(db):
    today = timezone.localdate()
    SentMail.objects.create(job=1)
    SentMail.objects.create(job=2)
    old = SentMail.objects.create(job=3)
    SentMail.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timedelta(days=40))
    days = mails.sent_by_day(today)
    assert len(days) == mails.DAYS
    assert days[-1] == (today, 2)
    assert sum(count for _, count in days) == 2


def test_mails_refused_once_are_told_apart_from_those_given_up(db):
    make_job()
    make_job(status="todo")
    state = next(one for one in mails.states() if one.task == MAIL)
    assert (state.waiting, state.tried_again, state.failed) == (0, 1, 1)


def test_a_trial_leaves_by_the_way_of_all_the_others(operator):
    response = operator.post(reverse("administration:mails"), follow=True)
    assert operator.user.email in str(next(iter(response.context["messages"])))
    (message,) = deliver()
    assert message.to == [operator.user.email]
    assert Entry.objects.filter(verb="mails.tested", by=operator.user).count() == 1


def test_no_secret_of_the_settings_is_shown(operator, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "robot-name", "robot-secret"
    body = operator.get(reverse("administration:mails")).content.decode()
    assert "robot-name" not in body
    assert "robot-secret" not in body
    assert "défini" in body


def test_files_are_weighed_and_a_folder_that_is_not_there_weighs_nothing(tmp_path, settings):
    settings.MEDIA_ROOT, settings.LOGISTICS_DIR = tmp_path, tmp_path / "none"
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.csv").write_bytes(b"12345")
    received, exchanged = storage.folders()
    assert (received.files, received.size) == (1, 5)
    assert (exchanged.files, exchanged.size) == (0, 0)


@pytest.mark.parametrize(("free", "short"), [(9, True), (10, False)])
def test_a_disk_with_less_than_a_tenth_free_is_said_so(free, short):
    assert storage.Disk(100, free).is_short is short


def test_the_base_tells_its_size_and_its_largest_tables(db):
    assert storage.database().size > 0
    sizes = [one.size for one in storage.tables()]
    assert sizes == sorted(sizes, reverse=True)
