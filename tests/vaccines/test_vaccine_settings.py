"""The vaccines of the national cell: codes that hold, doses per vial that have dates."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_person
from tests.pui.builders import make_product
from tests.vaccines.builders import make_vaccine
from vaccines.models import Vaccine
from vaccines.services.vaccines import (
    Described,
    VaccineChangedError,
    VaccineError,
    VialRule,
    change_vaccine,
    set_vial,
)
from vaccines.waves.vaccine_forms import read_gtin

pytestmark = pytest.mark.django_db
GTIN = "03400930000014"


@pytest.fixture
def cell():
    return make_person("NAT", domain="dispostock")


@pytest.fixture
def client_of_cell(cell):
    client = Client()
    client.force_login(cell)
    return client


def valid_gtin(body="340093000001"):
    weights = [1, 3] * 6
    key = -sum(int(one) * weight for one, weight in zip(body, weights, strict=True)) % 10
    return f"{body}{key}"


def test_a_gtin_is_kept_in_fourteen_digits_when_its_key_holds():
    good = valid_gtin()
    assert read_gtin(f"{good[:5]} {good[5:]}") == f"0{good}"
    assert read_gtin(f"0{good}") == f"0{good}"
    assert read_gtin("") == ""
    wrong = good[:-1] + str((int(good[-1]) + 1) % 10)
    for text in (wrong, "12345670", "abc", "34009300000"):
        with pytest.raises(Exception, match="n’est pas un code GTIN"):
            read_gtin(text)


def test_the_national_cell_describes_a_vaccine_with_its_first_vial(client_of_cell):
    product = make_product("Vaccin Covid", kind="vaccine")
    typed = {
        "label": "Vaccin ARNm",
        "product": product.code,
        "gtin": valid_gtin(),
        "interval_days": "21",
        "doses": "5",
        "starts_on": "2020-12-27",
    }
    url = reverse("vaccines:vaccine_new")
    refused = client_of_cell.post(url, typed | {"product": make_product("Sirop").code})
    assert refused.status_code == 422
    answer = client_of_cell.post(url, typed, follow=True)
    assert "27/12/2020" in answer.text
    vaccine = Vaccine.objects.get()
    assert vaccine.doses_per_vial(date(2021, 1, 1)) == 5
    assert client_of_cell.post(url, typed).status_code == 422
    assert Vaccine.objects.count() == 1


def test_a_new_number_of_doses_has_a_new_date_and_the_past_never_changes(cell):
    vaccine = make_vaccine(doses=5)
    today = timezone.localdate()
    with pytest.raises(VaccineError, match="Le passé ne change pas"):
        set_vial(by=cell, vaccine=vaccine, vial=VialRule(6, today - timedelta(days=1)))
    set_vial(by=cell, vaccine=vaccine, vial=VialRule(6, today))
    assert vaccine.doses_per_vial(today - timedelta(days=1)) == 5
    assert vaccine.doses_per_vial(today) == 6
    with pytest.raises(VaccineError, match="déjà 6 doses"):
        set_vial(by=cell, vaccine=vaccine, vial=VialRule(6, today))


def test_a_day_past_when_no_vial_was_known_may_still_be_told(cell):
    vaccine = make_vaccine(doses=5)
    set_vial(by=cell, vaccine=vaccine, vial=VialRule(6, date(2020, 6, 1)))
    assert vaccine.doses_per_vial(date(2020, 6, 2)) == 6
    assert vaccine.doses_per_vial(date(2020, 12, 2)) == 5, "what was known has not changed"


def test_two_people_who_correct_it_do_not_overwrite_each_other(cell):
    vaccine = make_vaccine()
    seen = Described.of(vaccine)
    longer = Described(vaccine.label, vaccine.product, "", 28)
    change_vaccine(by=cell, vaccine=vaccine, described=longer, seen=seen.mark)
    other = Described(vaccine.label, vaccine.product, "", 21)
    with pytest.raises(VaccineChangedError, match="intervalle 28"):
        change_vaccine(by=cell, vaccine=vaccine, described=other, seen=seen.mark)


@pytest.mark.parametrize("code", ["SPF", "GF", "ARA", "NAL"])
def test_nobody_else_sets_them_and_spf_reads_them(code):
    vaccine = make_vaccine()
    person = make_person(code, domain="dispostock" if code in ("SPF", "NAL") else None)
    client = Client()
    client.force_login(person)
    vial = reverse("vaccines:vaccine_vial", args=[vaccine.pk])
    assert client.post(vial, {"doses": 7, "starts_on": "2030-01-01"}).status_code == 403
    assert client.get(reverse("vaccines:vaccine_new")).status_code == 403
    expected = 200 if code == "SPF" else 403
    assert client.get(reverse("vaccines:vaccines")).status_code == expected
    with pytest.raises(VaccineError, match="Seule la cellule nationale"):
        set_vial(by=person, vaccine=vaccine, vial=VialRule(7, timezone.localdate()))


def test_a_gtin_is_that_of_one_vaccine_and_the_page_says_so(client_of_cell):
    first = make_vaccine("Premier", gtin=GTIN)
    second = make_vaccine("Second")
    second.product.kind = "vaccine"
    second.product.save()
    answer = client_of_cell.get(reverse("vaccines:vaccine", args=[second.pk]))
    assert answer.status_code == 200
    with pytest.raises(VaccineError, match="celui d’un autre vaccin"):
        change_vaccine(
            by=make_person("NAT", domain="dispostock"),
            vaccine=second,
            described=Described("Second", second.product, first.gtin),
            seen=Described.of(second).mark,
        )
