"""What an administrator changes of a profile that stays: told, and never over somebody else's."""

import pytest
from django.urls import reverse

from accounts.models import Domain, Role
from accounts.services.contact import change_contact
from accounts.services.errors import AccountError
from accounts.services.profiles import Span, change_habilitation, suspend_profile
from journal.models import Entry
from tests.accounts.mailing import deliver, waiting
from tests.builders import grant, make_person
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
OWN = {"email": "magasin@ch.example", "phone": "02 00 00 01 20", "address": ""}


@pytest.fixture
def worker(site):
    return make_person("OIE", on=site)


@pytest.fixture
def pharmacist(site):
    return make_person("GF", on=site)


@pytest.fixture
def ape(client_for, site):
    return client_for("APE", on=site)


def contact_page(person):
    return reverse("plage:profile_contact", args=[person.public_id, person.profiles.get().pk])


def span_page(person, right):
    return reverse("plage:right_change", args=[person.public_id, right.pk])


def shown_in(page):
    return page.context["shown"]


def test_an_ape_changes_the_contact_of_a_profile_and_its_owner_is_told(ape, worker):
    person = reverse("plage:person", args=[worker.public_id])
    assert contact_page(worker) in ape.get(person).text
    page = ape.get(contact_page(worker))
    assert_sound_html(page)
    assert 'autocomplete="street-address"' not in page.text
    answer = ape.post(
        contact_page(worker), OWN | {"shown": shown_in(page), "reason": "nouveau service"}
    )
    assert answer.url == person
    profile = worker.profiles.get()
    assert (profile.email, profile.phone) == ("magasin@ch.example", "02 00 00 01 20")
    entry = Entry.objects.get(verb="account.profile_contact_changed")
    assert (entry.details["after"], entry.details["reason"]) == (OWN, "nouveau service")
    message, to_confirm = sorted(deliver(), key=lambda one: "/adresse/" in one.body)
    assert to_confirm.to == ["magasin@ch.example"]
    assert message.to == [worker.email]  # not the address that somebody else has just written
    assert "magasin@ch.example" in message.body


def test_the_contact_of_an_ape_or_beyond_the_perimeter_is_not_theirs(ape, site):
    other = make_person("APE", on=site)
    assert ape.get(contact_page(other)).status_code == 403
    assert ape.get(contact_page(make_person("OIE"))).status_code == 404
    agent = make_person("ARL", on=site.region).profiles.get()
    with pytest.raises(AccountError, match="deux personnes"):
        change_contact(agent, by=make_person("NAT"), **OWN)


def test_ones_own_change_needs_no_mail(worker):
    change_contact(worker.profiles.get(), by=worker, **OWN | {"email": ""})
    assert waiting() == []


def test_a_contact_changed_meanwhile_is_kept_and_told(ape, worker):
    page = ape.get(contact_page(worker))
    typed = {"email": "", "phone": "01", "address": "", "reason": "x", "shown": shown_in(page)}
    change_contact(worker.profiles.get(), by=worker, **OWN)
    answer = ape.post(contact_page(worker), typed)
    assert "magasin@ch.example, 02 00 00 01 20. Relisez" in answer.text
    assert worker.profiles.get().email == "magasin@ch.example"
    assert ape.post(contact_page(worker), typed | {"shown": shown_in(answer)}).status_code == 302
    assert worker.profiles.get().phone == "01"


def test_a_span_changed_meanwhile_is_kept_and_told(ape, pharmacist, site):
    right = pharmacist.profiles.get().habilitations.get()
    page = ape.get(span_page(pharmacist, right))
    typed = {"fields_of_care": ["mco"], "reason": "service", "shown": shown_in(page)}
    change_habilitation(right, Span(legal_kinds=["public"]), by=make_person("APE", on=site))
    answer = ape.post(span_page(pharmacist, right), typed)
    assert "a changé depuis l’affichage" in answer.text
    right.refresh_from_db()
    assert (right.legal_kinds, right.fields_of_care) == (["public"], [])
    assert 'value="mco"' in answer.text
    ape.post(span_page(pharmacist, right), typed | {"shown": shown_in(answer)})
    right.refresh_from_db()
    assert (right.legal_kinds, right.fields_of_care) == ([], ["mco"])


def test_other_days_are_told_to_the_person_once(pharmacist, site):
    ape = make_person("APE", on=site)
    right = pharmacist.profiles.get().habilitations.get()
    change_habilitation(right, Span(fields_of_care=["mco"]), by=ape)
    change_habilitation(right, Span(fields_of_care=["mco"]), by=ape)
    (message,) = deliver()
    assert message.to == [pharmacist.email]
    assert "Gestionnaire de fichiers (e-Dispostock), sans date de fin" in message.body
    assert "Champs\u00a0: MCO" in message.body


def test_an_inventory_operator_has_no_statut_nor_champ_to_be_given(ape, worker, site):
    right = worker.profiles.get().habilitations.get()
    page = ape.get(span_page(worker, right)).text
    assert "Dernier jour" in page
    assert 'name="legal_kinds"' not in page
    assert 'name="fields_of_care"' not in page
    assert "Statuts" not in ape.get(reverse("plage:person", args=[worker.public_id])).text
    with pytest.raises(AccountError, match="n’existent pas pour"):
        change_habilitation(right, Span(fields_of_care=["mco"]), by=make_person("APE", on=site))


def test_nothing_is_told_of_a_profile_stopped_meanwhile(worker, site):
    ape = make_person("APE", on=site)
    right = grant(worker.profiles.get(), Domain.DISPOSTOCK, Role.DECLARANT)
    change_habilitation(right, Span(fields_of_care=["mco"]), by=ape)
    suspend_profile(worker.profiles.get(), by=ape, reason="congé")
    assert not [one for one in deliver() if "a changé" in one.subject]
