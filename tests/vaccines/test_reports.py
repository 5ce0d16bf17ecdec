"""What a pharmacy writes: a line to correct, to its region; whom a question on it is for."""

import pytest
from django.core import mail
from django.utils import timezone

from accounts.notices.mails import mail as write_mail
from establishments.models import AdministrativeBody
from journal.models import Entry
from tests.builders import make_body, make_person, make_region
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_wave
from vaccines.models import LineReport, SupplyLine
from vaccines.needs.contacts import contacts_of
from vaccines.needs.letters import pivot_desk
from vaccines.services import reports
from vaccines.services.refusals import SupplyError
from vaccines.services.reports import Reported, report

pytestmark = pytest.mark.django_db
Kind = LineReport.Kind


@pytest.fixture(autouse=True)
def mails_leave_at_once(monkeypatch):
    def send(subject, text, to, *, lasts=None):
        write_mail(subject, text, to).send()

    monkeypatch.setattr(reports, "queue_written", send)


@pytest.fixture
def agencies():
    ars, omedit = (make_body(kind, region=make_region()) for kind in ("ars", "omedit"))
    for one, box in ((ars, "vaccins@ars-cvl.example"), (omedit, "omedit@cvl.example")):
        AdministrativeBody.objects.filter(pk=one.pk).update(mailbox=box)
    return ars, omedit


def test_a_missing_line_is_reported_to_the_agency_and_the_omedit(gf, pui, tilleuls, agencies):
    row = report(by=gf, pui=pui, reported=Reported(Kind.MISSING, recipient=tilleuls))
    assert (row.recipient, row.line, row.state) == (tilleuls, None, "open")
    assert sorted(one.to[0] for one in mail.outbox) == [
        "omedit@cvl.example",
        "vaccins@ars-cvl.example",
    ]
    assert "EHPAD Les Tilleuls" in mail.outbox[0].subject
    assert tilleuls.finess_text in mail.outbox[0].body
    entry = Entry.objects.get(verb="vaccines.line_reported")
    assert (entry.by, entry.details["report"]) == (gf, "ligne manquante")


def test_an_omedit_without_mailbox_is_told_at_the_addresses_of_its_people(
    gf, pui, tilleuls, agencies
):
    AdministrativeBody.objects.filter(kind="omedit").update(mailbox="")
    first, second, gone = (make_person("OMD", on=make_region()) for _ in range(3))
    make_person("OMD", on=make_region("28", "Normandie"))
    gone.is_active = False
    gone.save()
    profile = second.active_profile
    profile.email, profile.email_verified_at = "second@omedit.example", timezone.now()
    profile.save()
    report(by=gf, pui=pui, reported=Reported(Kind.MISSING, recipient=tilleuls))
    assert [one.to[0] for one in mail.outbox] == [
        first.email,
        "second@omedit.example",
        "vaccins@ars-cvl.example",
    ]


def test_a_line_of_an_officine_names_its_recipient_and_wave(gf, pui, agencies):
    line = make_line(pui=pui)
    row = report(by=gf, pui=pui, reported=Reported(Kind.OFFICINE, line=line, comment=" Rue X "))
    assert (row.line, row.recipient, row.wave) == (line, line.recipient, line.wave)
    assert row.comment == "Rue X"


def test_a_report_waits_once_for_its_answer(gf, pui, tilleuls, agencies):
    missing = Reported(Kind.MISSING, recipient=tilleuls)
    row = report(by=gf, pui=pui, reported=missing)
    with pytest.raises(SupplyError, match="déjà signalé"):
        report(by=gf, pui=pui, reported=missing)
    row.state, row.closed_at, row.closed_by = "done", timezone.now(), gf
    row.save()
    assert report(by=gf, pui=pui, reported=missing).pk != row.pk


def test_what_a_report_is_about_is_said_and_is_ones_own(gf, pui, agencies):
    wave = make_wave()
    stranger, removed = make_line(wave), make_line(wave, pui=pui)
    SupplyLine.objects.filter(pk=removed.pk).update(removed_at=timezone.now(), removal="other")
    removed.refresh_from_db()
    for reported, said in (
        (Reported("autre"), "Choisissez ce que"),
        (Reported(Kind.MISSING), "quel destinataire"),
        (Reported(Kind.MISPLACED), "Choisissez la ligne"),
        (Reported(Kind.MISPLACED, line=stranger), "Choisissez la ligne"),
        (Reported(Kind.OFFICINE, line=removed), "Choisissez la ligne"),
    ):
        with pytest.raises(SupplyError, match=said):
            report(by=gf, pui=pui, reported=reported)
    with pytest.raises(SupplyError, match="PUI de votre profil"):
        report(by=gf, pui=stranger.pui, reported=Reported(Kind.MISPLACED, line=stranger))
    assert not LineReport.objects.exists()


def test_the_contacts_are_those_of_the_region(gf, pui, agencies):
    make_body("ars", region=make_region("84", "Auvergne-Rhône-Alpes"))
    pui.refresh_from_db()
    mailboxes = ["omedit@cvl.example", "vaccins@ars-cvl.example"]
    assert [one.mailbox for one in contacts_of(gf, [pui])] == mailboxes
    assert [one.mailbox for one in contacts_of(gf, [])] == mailboxes, "no pharmacy here yet"


def test_a_question_on_flow_b_is_for_the_pivot_hospital_as_well(gf, pui, tilleuls):
    assert pivot_desk(pui, tilleuls) == ""
    pivot = make_pui("PUI de Montclair", contact_email="pharmacie@montclair.example")
    make_line(pui=pui, recipient=tilleuls, pivot=pivot)
    assert pivot_desk(pui, tilleuls) == "pharmacie@montclair.example"
