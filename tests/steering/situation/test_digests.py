"""The bulletin by mail: once, to those who asked for it and may still read it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Habilitation
from accounts.notices.sealed import unseal
from steering.models import DigestSending, DigestSubscription
from steering.services import digests
from steering.services.bulletins import correct, publish
from steering.situation.content import Content
from steering.situation.moment import Moment
from steering.situation.territory import country, region_territory
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.steering.situation.conftest import last_monday

pytestmark = pytest.mark.django_db
LAST = last_monday()


def subscribed(world, code="ARA", **chosen):
    person = make_person(code, **({"on": world.region} | chosen))
    region = None if code.startswith("NA") else world.region
    digests.subscribe(person.usable_profiles[0], region, by=person)
    return person


def make_bulletin(world, territory=None):
    """Published a moment after the subscriptions."""
    at = timezone.now() + timedelta(seconds=1)
    return publish(territory or region_territory(world.region), Moment(LAST, at))


def send():
    return digests.send_due(timezone.now() + timedelta(seconds=2))


def mails():
    jobs = ProcrastinateJob.objects.filter(task_name="accounts.tasks.send_sealed")
    return [unseal(job.args["sealed"]) for job in jobs.order_by("pk")]


def test_each_subscriber_gets_it_once_with_the_figures_and_the_link(tense):
    person = subscribed(tense)
    make_bulletin(tense)
    assert (send(), send()) == (1, 0)
    (mail,) = mails()
    assert mail.to == [person.email]
    assert "Bulletin de la semaine N°" in mail.subject
    body = mail.body.replace("\u00a0", " ")
    assert "Inventaires EPI reçus : " in body
    assert "Masques FFP2 : critique, 5,0 j" in body
    assert f"/situation/24/bulletin/{LAST:%Y-%m-%d}/" in body
    assert "/situation/desabonnement/" in body


def test_it_holds_ten_lines_at_most(tense):
    subscribed(tense)
    make_bulletin(tense)
    send()
    items = [line for line in mails()[0].body.splitlines() if line.startswith("- ")]
    assert 3 <= len(items) <= 10


def test_a_reader_of_one_domain_gets_its_figures_alone(tense):
    subscribed(tense, "ARL", domain="dispostock")
    make_bulletin(tense)
    send()
    body = mails()[0].body
    assert "PUI à jour" in body
    assert "Inventaires EPI" not in body


def test_a_worker_killed_between_two_mails_sends_none_twice(tense, monkeypatch):
    for _ in range(2):
        subscribed(tense)
    make_bulletin(tense)
    write = digests.write_to
    written = []

    def break_second(*args, **fields):
        if written:
            raise KeyboardInterrupt
        written.append(args)
        write(*args, **fields)

    monkeypatch.setattr(digests, "write_to", break_second)
    with pytest.raises(KeyboardInterrupt):
        send()
    monkeypatch.undo()
    assert DigestSending.objects.count() == 1
    assert send() == 1
    assert len({mail.to[0] for mail in mails()}) == len(mails()) == 2


def test_a_person_whose_right_ended_receives_nothing(tense):
    person = subscribed(tense)
    Habilitation.objects.filter(profile__user=person).update(state=Habilitation.State.REVOKED)
    make_bulletin(tense)
    assert (send(), mails()) == (0, [])


def test_an_account_closed_receives_nothing(tense):
    person = subscribed(tense)
    person.is_active = False
    person.save()
    make_bulletin(tense)
    assert send() == 0


def test_whoever_subscribes_afterwards_waits_for_the_next_one(tense):
    at = timezone.now() - timedelta(days=1)
    publish(region_territory(tense.region), Moment(LAST, at))
    subscribed(tense)
    assert send() == 0


def test_an_old_bulletin_leaves_for_nobody(tense):
    subscribed(tense)
    make_bulletin(tense)
    assert digests.send_due(timezone.now() + timedelta(days=7)) == 0


def test_the_country_is_for_those_who_read_it(tense):
    subscribed(tense, "NAT", domain="epi_stock", on=None)
    make_bulletin(tense, country())
    assert send() == 1
    agency = make_person("ARA", on=tense.region)
    with pytest.raises(digests.DigestError, match="ne vous permet pas"):
        digests.subscribe(agency.usable_profiles[0], None, by=agency)


def test_one_does_not_subscribe_for_somebody_else(tense):
    other, by = make_person("ARA", on=tense.region), make_person("ARA", on=tense.region)
    with pytest.raises(digests.DigestError, match="autre personne"):
        digests.subscribe(other.usable_profiles[0], tense.region, by=by)


def test_one_subscribes_and_leaves_on_the_page(client, tense):
    client.force_login(make_person("ARA", on=tense.region))
    address = reverse("steering:digest_of", args=["24"])
    page = client.post(address, {"recevoir": "oui"}, follow=True).content.decode()
    assert "vous sera envoyé chaque lundi" in page
    assert "Vous recevez ce bulletin" in page
    client.post(address, {"recevoir": "oui"})
    assert DigestSubscription.objects.count() == 1
    page = client.post(address, {"recevoir": "non"}, follow=True).content.decode()
    assert "Recevoir le bulletin par courriel" in page
    assert not DigestSubscription.objects.exists()


def test_leaving_one_bulletin_keeps_the_others_and_those_of_others(tense):
    person = subscribed(tense, "NAT", domain="epi_stock", on=None)
    profile = person.usable_profiles[0]
    digests.subscribe(profile, tense.region, by=person)
    subscribed(tense)
    digests.unsubscribe(profile, None, by=person)
    left = DigestSubscription.objects.values_list("region", flat=True)
    assert list(left) == [tense.region.pk] * 2
    digests.unsubscribe(profile, tense.region, by=person)
    assert DigestSubscription.objects.get().profile != profile


def test_another_region_is_not_subscribed_to(client, tense):
    client.force_login(make_person("ARA", on=tense.region))
    other = reverse("steering:digest_of", args=[tense.other.code])
    assert client.post(other, {"recevoir": "oui"}).status_code == 404


def test_the_link_of_the_mail_works_without_login_and_only_by_its_button(client, tense):
    subscribed(tense)
    token = digests.token_of(DigestSubscription.objects.get())
    address = reverse("steering:digest_leave", args=[token])
    page = client.get(address)
    assert_sound_html(page)
    assert "Ne plus le recevoir" in page.content.decode()
    assert DigestSubscription.objects.exists()
    assert "C’est fait" in client.post(address).content.decode()
    assert not DigestSubscription.objects.exists()
    assert "C’est fait" in client.post(address).content.decode()
    assert "aucun abonnement" in client.get(address).content.decode()


@pytest.mark.parametrize("token", ["rien", "1:abc:def", "é", "x" * 500])
def test_a_forged_link_does_nothing(client, tense, token):
    subscribed(tense)
    address = reverse("steering:digest_leave", args=[token])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 200
    assert DigestSubscription.objects.exists()


def test_the_mail_tells_the_version_in_force_when_it_leaves(tense):
    first = make_bulletin(tense)
    tense.correct("orleans", stock=7_000, week=LAST)
    by = make_person("ARA", on=tense.region)
    last = correct(first, word="", reason="Déclaration corrigée.", reads_again=True, by=by)
    assert digests.fresh_content(first) == Content.read(last.content)
    assert digests.fresh_content(first) != Content.read(first.content)


def test_a_correction_is_not_sent_to_who_had_the_first(tense):
    subscribed(tense)
    first = make_bulletin(tense)
    assert send() == 1
    by = make_person("ARA", on=tense.region)
    correct(first, word="Un mot de plus.", reason="Précision.", reads_again=False, by=by)
    assert digests.send_due(timezone.now() + timedelta(minutes=1)) == 0
    assert len(mails()) == 1
