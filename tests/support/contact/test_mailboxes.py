"""The mailboxes: read by everybody, changed by who knows them, dated."""

import pytest
from django.test import Client
from django.urls import reverse

from establishments.mailboxes import agency_mailbox
from establishments.models import AdministrativeBody
from journal.models import Entry
from support.models import MailboxChange
from support.services.errors import ContactError
from support.services.mailboxes import change_mailbox
from tests.builders import make_person, make_region
from tests.html_rules import assert_sound_html
from tests.orders.following.pages import logged_in, text_of

pytestmark = pytest.mark.django_db
WHO = reverse("support:contact_who")


def test_everybody_reads_them_without_login(bodies):
    got = Client().get(WHO)
    assert_sound_html(got)
    text = text_of(got)
    for told in ("centre@bal.example", "bretagne@bal.example", "spf@bal.example", "support@"):
        assert told in text
    assert "Modifier" not in text


@pytest.mark.parametrize(
    ("code", "region", "changed"),
    [
        ("NAT", None, {"centre", "bretagne", "spf", "national"}),
        ("ARA", "24", {"centre"}),
        ("ARA", "53", {"bretagne"}),
        ("SUP", None, set()),
        ("SPF", None, set()),
        ("ARL", "24", set()),
        ("APE", None, set()),
    ],
)
def test_the_national_cell_changes_all_of_them_an_agency_its_own(bodies, code, region, changed):
    person = make_person(code, on=make_region(region) if region else None)
    client = logged_in(person)
    for name, body in bodies.items():
        address = reverse("support:mailbox", args=[body.pk])
        sent = {"boite": f"nouvelle-{name}@bal.example", "vue": body.mailbox}
        assert (client.post(address, sent).status_code == 302) == (name in changed), name
        body.refresh_from_db()
        assert body.mailbox.startswith("nouvelle-") == (name in changed), name
    assert MailboxChange.objects.count() == len(changed)
    assert Entry.objects.filter(verb="support.mailbox_changed").count() == len(changed)


def test_a_mailbox_changed_is_the_one_that_every_page_and_mail_reads(bodies):
    body = bodies["centre"]
    change_mailbox(by=make_person("NAT"), body=body, mailbox="neuve@ars.example")
    region = make_region()
    region.refresh_from_db()
    assert (agency_mailbox(region), region.mailbox) == ("neuve@ars.example", "neuve@ars.example")


def test_the_same_again_says_that_it_was_checked(bodies):
    person = make_person("ARA")
    change_mailbox(by=person, body=bodies["centre"], mailbox=bodies["centre"].mailbox)
    assert Entry.objects.filter(verb="support.mailbox_checked").exists()
    assert "vérifiée le" in text_of(Client().get(WHO))


@pytest.mark.parametrize("wrong", ["", "sans-arobase", "a@b", "a@b.example, c@d.example"])
def test_what_is_not_an_address_is_refused(bodies, wrong):
    with pytest.raises(ContactError):
        change_mailbox(by=make_person("NAT"), body=bodies["centre"], mailbox=wrong)
    client = logged_in(make_person("NAT"))
    address = reverse("support:mailbox", args=[bodies["centre"].pk])
    assert client.post(address, {"boite": wrong, "vue": "centre@bal.example"}).status_code == 422
    assert AdministrativeBody.objects.get(pk=bodies["centre"].pk).mailbox == "centre@bal.example"


def test_two_who_change_it_the_second_reads_the_first(bodies):
    client = logged_in(make_person("NAT"))
    address = reverse("support:mailbox", args=[bodies["centre"].pk])
    change_mailbox(by=make_person("ARA"), body=bodies["centre"], mailbox="b@ars.example")
    sent = {"boite": "c@ars.example", "vue": "centre@bal.example"}
    got = client.post(address, sent)
    assert got.status_code == 422
    assert "vient de changer : b@ars.example" in text_of(got)
    assert client.post(address, sent | {"vue": "b@ars.example"}).status_code == 302


def test_the_page_takes_as_many_queries_for_ten_bodies(bodies, count_queries, client):
    client.force_login(make_person("NAT"))
    count_queries(WHO)
    few = count_queries(WHO)
    for number in range(6):
        region = make_region(f"9{number}", f"Région {number}")
        body = AdministrativeBody.objects.create(kind="ars", region=region, name=f"ARS {number}")
        change_mailbox(by=make_person("NAT"), body=body, mailbox=f"a{number}@ars.example")
    assert count_queries(WHO) == few
