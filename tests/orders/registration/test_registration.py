"""The first visit: prefilled, once for each profile, changed by its owner."""

import pytest
from django.test import Client
from django.urls import reverse

from establishments.models import LegalStatus
from journal.models import Entry
from orders.models import Registration
from orders.registration import is_registered
from orders.registration.forms import known_of
from orders.services.errors import OrderingError
from orders.services.registrations import Told, register
from tests.builders import make_establishment, make_legal_entity, make_person
from tests.orders.builders import make_beneficiary

pytestmark = pytest.mark.django_db
PAGE = reverse("orders:registration")
TYPED = {
    "civility": "mme",
    "first_name": "Marie",
    "last_name": "Dupont",
    "email": "marie.dupont@ch.example",
    "phone": "05 11 22 33 44",
    "status": "private",
}


@pytest.fixture
def client():
    found = Client()
    found.user = make_person("OCE", on=make_beneficiary().place)
    found.force_login(found.user)
    return found


def test_the_form_is_filled_with_what_is_known(client):
    profile = client.user.profiles.get()
    profile.phone = "02 38 00 00 00"
    profile.save()
    page = client.get(PAGE)
    assert page.context["form"].initial == {
        "first_name": "Camille",
        "last_name": client.user.last_name,
        "email": client.user.email,
        "phone": "02 38 00 00 00",
        "status": "private",
    }
    assert profile.entity.finess_text in page.text


def test_registered_once_the_page_shows_it_and_changes_it(client):
    profile = client.user.profiles.get()
    assert not is_registered(profile)
    assert client.post(PAGE, TYPED)["Location"] == reverse("orders:start")
    assert is_registered(profile)
    assert "Marie" in client.get(PAGE).text
    client.post(PAGE, TYPED | {"phone": "06 11 22 33 44"})
    assert Registration.objects.get().phone == "06 11 22 33 44"
    client.post(PAGE, TYPED | {"phone": "06 11 22 33 44"})  # nothing changes: nothing is told
    verbs = Entry.objects.filter(verb__startswith="orders.regist").order_by("pk")
    assert [one.verb for one in verbs] == ["orders.registered", "orders.registration_changed"]


def test_a_missing_or_wrong_field_is_told_and_the_rest_stays(client):
    page = client.post(PAGE, TYPED | {"phone": "12", "civility": ""})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"phone", "civility"}
    assert "marie.dupont@ch.example" in page.text
    assert not Registration.objects.exists()


def test_it_is_asked_again_for_another_profile(client):
    client.post(PAGE, TYPED)
    other = make_beneficiary(make_establishment(siret="9" * 14))
    make_person("OCE", on=other.place, user=client.user)
    second = client.user.profiles.last()
    assert not is_registered(second)
    client.post(PAGE, TYPED | {"profile": second.pk, "last_name": "Durand"})
    assert list(Registration.objects.values_list("last_name", flat=True)) == ["Dupont", "Durand"]


def test_it_leads_back_where_one_was_going_on_this_site_alone(client):
    onward = "/distrilog/tension/difficultes/"
    assert client.post(PAGE, TYPED | {"suite": onward})["Location"] == onward
    answer = client.post(PAGE, TYPED | {"suite": "/comptes/deconnexion/"})
    assert answer["Location"] == reverse("orders:start")
    for elsewhere in ("https://ailleurs.example/", "//ailleurs.example/", "/distrilog/\\x.example"):
        answer = client.post(PAGE, TYPED | {"suite": elsewhere, "phone": "05 11 22 33 44"})
        assert answer["Location"] in (reverse("orders:start"), elsewhere.replace("\\", "%5C"))
        assert answer["Location"].startswith("/distrilog/")


def test_nobody_registers_the_profile_of_another(client):
    other = make_person("OCE", on=make_beneficiary(make_establishment()).place)
    with pytest.raises(OrderingError, match="pas le vôtre"):
        register(by=client.user, profile=other.profiles.get(), told=Told(**TYPED))


def test_the_status_is_that_of_the_directory(client):
    public = LegalStatus.objects.create(code="13", label="EPS", is_public=True)
    entity = make_legal_entity(legal_status=public)
    site = make_establishment(entity)
    for place in (entity, site):
        user = make_person("OCE", on=place)
        assert known_of(user, user.profiles.get())["status"] == "public"
    unknown = make_person("OCE", on=make_establishment())
    assert known_of(unknown, unknown.profiles.get())["status"] == ""
    agent = make_person("ARA")
    assert known_of(agent, agent.profiles.get())["status"] == "public"


def test_who_only_reads_does_not_register():
    reader = Client()
    reader.force_login(make_person("APE", on=make_beneficiary().place))
    assert reader.get(PAGE).status_code == 403
