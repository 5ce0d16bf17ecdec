"""What a national service says of where one works, and of how one's identity was proved."""

import pytest
from django.urls import reverse

from tests.accounts.ways_in_steps import go, is_in, linked
from tests.builders import make_establishment, make_legal_entity, make_person, make_user
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db


def practice(*places):
    """Places as Pro Santé Connect tells them, one exercice."""
    told = [
        {
            "raisonSocialeSite": name,
            "numeroFinessSite": site,
            "numeroFinessetablissementJuridique": entity,
        }
        for name, site, entity in places
    ]
    return {"SubjectRefPro": {"exercices": [{"codeProfession": "21", "activities": told}]}}


def test_the_only_profile_where_one_works_is_the_one_in_use(psc):
    site = make_establishment()
    person = make_person("GF", on=site)
    make_person("GF", on=make_establishment(), user=person)
    client = linked(psc, person)
    psc.person |= practice((site.name, site.finess, site.legal_entity.finess))
    landing = go(client, psc)
    assert client.get(landing["Location"])["Location"] == reverse("home")
    profile = person.profiles.get(establishment=site)
    assert client.session["profile"] == profile.pk

    other = person.profiles.exclude(pk=profile.pk).get()
    client.post(reverse("profiles:use"), {"profile": other.pk})
    assert client.get(landing["Location"]).status_code == 200  # a link shows, and changes nothing
    assert client.session["profile"] == other.pk


def test_a_place_without_profile_is_offered_to_be_asked_for(psc):
    entity = make_legal_entity()
    site, person = make_establishment(entity), make_user()
    client = linked(psc, person)
    psc.person |= practice(
        (site.name, site.finess, ""), ("Cabinet", "", ""), ("Ailleurs", "12", None)
    )
    page = client.get(go(client, psc)["Location"])
    assert_sound_html(page)
    assert reverse("profiles:ask_place", args=[site.finess]) in page.text
    assert page.text.count('id="activity-') == 1


def test_a_profile_on_the_legal_entity_counts_for_its_sites(psc):
    entity = make_legal_entity()
    person = make_person("APE", on=entity)
    client = linked(psc, person)
    site = make_establishment(entity)
    psc.person |= practice((site.name, site.finess, ""))
    page = client.get(go(client, psc)["Location"])
    assert page["Location"] == reverse("home")


@pytest.mark.parametrize(
    "told",
    [
        {"SubjectRefPro": None},
        {"SubjectRefPro": []},
        {"SubjectRefPro": {"exercices": {}}},
        {"SubjectRefPro": {"exercices": [None, {"activities": "x"}, {"activities": [1]}]}},
        {"siret": "12"},
    ],
)
def test_what_is_not_written_as_expected_stops_nobody(psc, told):
    user = make_user()
    client = linked(psc, user)
    psc.person |= told
    go(client, psc)
    assert is_in(client, user)


def test_proconnect_gives_the_employer_by_its_siret(proconnect):
    site = make_establishment(siret="26450009000011")
    person = make_person("GF", on=site)
    client = linked(proconnect, person)
    proconnect.person |= {"siret": "26450009000011"}
    page = client.get(go(client, proconnect)["Location"])
    assert page["Location"] == reverse("home")


@pytest.mark.parametrize(
    ("name", "acr", "spared"),
    [
        ("psc", "eidas1", True),
        ("proconnect", "eidas1", False),
        ("proconnect", "eidas2", True),
        ("proconnect", "https://proconnect.gouv.fr/assurance/consistency-checked-2fa", True),
    ],
)
def test_two_factors_checked_by_the_service_spare_ours(request, settings, name, acr, spared):
    service = request.getfixturevalue(name)
    person = make_person("GF", on=make_establishment())
    client = linked(service, person)
    settings.SECOND_FACTOR = "everyone"
    service.lies = {"acr": acr}
    go(client, service)
    home = client.get(reverse("home"))
    assert (home.status_code == 200) is spared
    if not spared:
        assert home["Location"] == reverse("mfa_index")


def test_the_proof_of_one_person_does_not_serve_another(settings, psc):
    person = make_person("GF", on=make_establishment())
    client = linked(psc, person)
    settings.SECOND_FACTOR = "everyone"
    go(client, psc)
    other = make_person("GF", on=make_establishment())
    session = client.session
    proof = session["identity_proof"]
    client.force_login(other)
    session = client.session
    session["identity_proof"] = proof
    session.save()
    assert client.get(reverse("home"))["Location"] == reverse("mfa_index")
