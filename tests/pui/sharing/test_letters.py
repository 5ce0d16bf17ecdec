"""Who has to act on a share-out is told, once, and nobody of what is no longer so."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Habilitation
from establishments.models import AdministrativeBody, Region
from pui.services.adjusting import Adjustment, adjust, resume
from pui.services.publishing import cancel, publish
from pui.sharing import letters
from pui.sharing.letters import ANNOUNCE, Event, queue_announcements
from tests.builders import make_body, make_person
from tests.pui.sharing.conftest import country as _country

pytestmark = pytest.mark.django_db
country = _country
CENTRE, LYON, CELL = "centre@ars.example", "lyon@ars.example", "cellule@sante.example"


@pytest.fixture(autouse=True)
def mailboxes(country):
    Region.objects.filter(pk="24").update(mailbox=CENTRE)
    Region.objects.filter(pk="84").update(mailbox=LYON)
    bodies = AdministrativeBody.objects.filter(kind="national")
    if not bodies.update(mailbox=CELL):
        body = make_body("national")
        AdministrativeBody.objects.filter(pk=body.pk).update(mailbox=CELL)


@pytest.fixture
def written(monkeypatch):
    """What an event queues, by address."""

    def of(share_out, event):
        found = []
        monkeypatch.setattr(letters, "queue_written", lambda *words: found.append(words))
        assert queue_announcements(share_out.pk, event) == len(found)
        assert len({one[2] for one in found}) == len(found), "one mail a person"
        return {to: (subject, text) for subject, text, to in found}

    return of


def queued(share_out):
    jobs = ProcrastinateJob.objects.filter(task_name=ANNOUNCE, args__share_out=share_out.pk)
    return [one.args["event"] for one in jobs.order_by("pk")]


def finish_lyon(country, share_out):
    by = make_person("ARA", on=Region.objects.get(pk="84"))
    asked = Adjustment({}, {}, is_done=True)
    return adjust(by=by, regional=share_out.regions.get(region="84"), asked=asked)


def test_each_agency_is_told_of_its_part_when_a_share_out_opens(country, written):
    share_out = country.open(300, note="Priorité à la réanimation")
    assert queued(share_out) == ["opened"]
    mails = written(share_out, Event.OPENED)
    assert set(mails) == {CENTRE, LYON}
    subject, text = mails[CENTRE]
    total = country.centre(share_out).total
    assert f"{total}\u00a0ampoules" in subject
    assert "Priorité à la réanimation" in text
    assert reverse("pui:sharing_region", args=[share_out.pk, "24"]) in text


def test_an_agency_without_mailbox_is_told_by_those_who_administer_it(country, written):
    Region.objects.filter(pk="24").update(mailbox="")
    assert set(written(country.open(300), Event.OPENED)) == {country.agent.email, LYON}


def test_a_pharmacy_without_declarant_nor_address_is_told_by_those_who_administer_it(
    country, written
):
    ape = make_person("APE", on=country.lyon.establishment)
    Habilitation.objects.filter(profile__establishment=country.lyon.establishment).exclude(
        profile__user=ape
    ).delete()
    share_out = country.open(300)
    publish(by=country.cell, share_out=share_out)
    assert ape.email in written(share_out, Event.PUBLISHED)


def test_an_agency_that_is_done_or_a_share_out_that_is_over_is_not_told_to_adjust(country, written):
    share_out = country.open(300)
    country.give(share_out, {}, is_done=True)
    assert set(written(share_out, Event.OPENED)) == {LYON}
    publish(by=country.cell, share_out=share_out)
    assert written(share_out, Event.OPENED) == {}


def test_the_national_cell_is_told_once_the_last_agency_is_done(country, written):
    share_out = country.open(300)
    country.give(share_out, {}, is_done=True)
    assert written(share_out, Event.READY) == {}
    finish_lyon(country, share_out)
    assert queued(share_out) == ["opened", "ready"]
    assert set(written(share_out, Event.READY)) == {CELL}
    resume(by=country.agent, regional=country.centre(share_out))
    assert written(share_out, Event.READY) == {}


def test_who_was_told_of_a_share_out_is_told_of_its_end(country, written):
    share_out = country.open(300)
    publish(by=country.cell, share_out=share_out)
    cancel(by=country.cell, share_out=share_out, reason="Lot rappelé")
    assert queued(share_out) == ["opened", "published", "cancelled"]
    mails = written(share_out, Event.CANCELLED)
    assert {CENTRE, LYON, country.gf.email} <= set(mails)
    assert "Lot rappelé" in mails[country.gf.email][1]
    assert "n’attendez pas cette livraison" in mails[country.gf.email][1]
    assert written(share_out, Event.PUBLISHED) == {}


def test_pharmacies_that_never_heard_of_a_share_out_do_not_hear_of_its_end(country, written):
    share_out = country.open(300)
    cancel(by=country.cell, share_out=share_out, reason="Erreur de saisie")
    assert set(written(share_out, Event.CANCELLED)) == {CENTRE, LYON}
