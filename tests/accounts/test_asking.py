"""The pages that ask: finding where, choosing what for, reading again, knowing who was told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Domain, Habilitation, Profile, Role
from accounts.services.requests import ask_profile
from establishments.models import BeneficiaryCategory, LegalStatus
from tests.builders import (
    grant,
    make_body,
    make_category,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
FILES, OPERATOR = "dispostock:declarant", "epi_stock:inventory_operator"
State = Profile.State


@pytest.fixture
def site():
    return make_establishment(name="Hôpital de la Rive", town="SAUMERAY")


@pytest.fixture
def user(client):
    user = make_user()
    client.force_login(user)
    return user


def search(client, text, name="profiles:ask", **data):
    return client.get(reverse(name), {"recherche": text} | data)


def place_url(entity):
    return reverse("profiles:ask_place", args=[entity.finess])


def send(client, entity, step="envoyer", **data):
    form = {"rights": [FILES], "step": step} | data
    return client.post(place_url(entity), form)


@pytest.mark.parametrize("text", ["hop riv", "saumeray", "FINESS", "EJ"])
def test_a_place_is_found_by_name_by_town_by_its_number_and_by_that_of_its_entity(
    client, user, site, text
):
    text = {"FINESS": site.finess, "EJ": site.legal_entity.finess}.get(text, text)
    response = search(client, text)
    assert_sound_html(response)
    assert place_url(site) in response.text
    assert place_url(site) in search(client, text, "profiles:ask_results").text


def test_a_closed_place_is_not_proposed_and_its_address_says_so(client, user):
    site = make_establishment(name="Clinique fermée", closed_on="2020-01-31")
    assert place_url(site) not in search(client, "clinique").text
    text = client.get(place_url(site), follow=True).text
    assert "est fermé depuis le 31/01/2020" in text


def test_the_number_to_choose_is_said_with_the_reason(client, user):
    status = LegalStatus.objects.create(code="13", label="Public", is_public=True)
    several = make_legal_entity(name="CH de plusieurs sites", legal_status=status)
    for _ in range(2):
        make_establishment(several, name="Site de plusieurs")
    found = search(client, "plusieurs").context["places"].found
    assert [(one.entity, one.is_entity_advised) for one in found] == [(several, True)]
    assert "au numéro de l’entité juridique (EJ)" in search(client, "plusieurs").text
    private = make_establishment(name="Clinique seule", sph_code="3")
    found = search(client, "clinique seule").context["places"].found
    assert [one.is_entity_advised for one in found] == [False]
    assert place_url(private.legal_entity) not in search(client, "clinique seule").text


def test_an_entity_found_by_its_name_shows_its_first_sites_and_how_many_more(client, user):
    entity = make_legal_entity(name="Groupe des Tilleuls")
    for number in range(7):
        make_establishment(entity, name=f"Résidence {number}")
    found = search(client, "groupe tilleuls").context["places"].found[0]
    assert (len(found.sites), found.others) == (5, 2)


def test_more_than_a_screen_of_places_is_said_to_be_cut(client, user):
    for number in range(21):
        make_establishment(name=f"Foyer {number}")
    response = search(client, "foyer")
    assert response.context["places"].count == 20
    assert "Les 20 premiers résultats" in response.text
    assert "1 résultat" in search(client, "foyer 20").text


def test_administrations_are_found_by_name(client, user):
    ars = make_body("ars", region=make_region())
    address = reverse("profiles:ask_body", args=[ars.pk])
    assert address in search(client, "ars centre").text
    page = client.get(address)
    assert "Deux personnes de la cellule nationale" in page.text
    assert (
        "Décider des demandes de la région" in page.text
        or "Nommer les administrateurs" in page.text
    )


@pytest.mark.parametrize("text", ["", "a", "zzzz"])
def test_nothing_found_says_what_to_do(client, user, text):
    assert_sound_html(search(client, text))
    assert search(client, text).context["places"].count == 0


def test_where_one_already_has_a_profile_is_said(client, user, site):
    profile = make_profile(user, site)
    text = search(client, "hop riv").text
    assert reverse("profiles:detail", args=[profile.pk]) in text
    assert place_url(site) not in text
    assert client.get(place_url(site)).url == reverse("profiles:detail", args=[profile.pk])


def test_the_search_takes_as_many_queries_for_one_place_as_for_ten(client, count_queries, user):
    make_establishment(name="Foyer unique")
    url = f"{reverse('profiles:ask')}?recherche=foyer"
    with_one = count_queries(url)
    for number in range(9):
        make_establishment(name=f"Foyer {number}")
    assert count_queries(url) == with_one


def test_a_request_is_read_again_then_sent_once(client, user, site):
    ape = make_person("APE", on=site)
    for response in (client.get(place_url(site)), send(client, site, "relire", note="Bonjour")):
        assert_sound_html(response)
    assert "1 personne</strong> de l’administration de l’établissement" in response.text
    assert ape.email not in response.text
    assert 'value="Bonjour"' in response.text or ">Bonjour" in response.text
    assert AccessRequest.objects.count() == 0
    sent = send(client, site, note="Bonjour", email="magasin@ch.example")
    request = AccessRequest.objects.get()
    assert sent.url == reverse("profiles:request", args=[request.pk])
    assert (request.note, request.profile.email) == ("Bonjour", "magasin@ch.example")
    page = client.get(sent.url)
    assert_sound_html(page)
    assert str(ape) in page.text
    assert ape.email in page.text
    again = send(client, site)
    assert again.url == sent.url
    assert AccessRequest.objects.count() == 1


def test_a_form_to_correct_keeps_what_was_typed(client, user, site):
    response = send(client, site, "corriger", note="Je remplace M. Roy")
    assert "Je remplace M. Roy" in response.text
    assert AccessRequest.objects.count() == 0


def test_a_form_without_habilitation_or_with_a_forged_one_sends_nothing(client, user, site):
    for rights in ([], ["epi_stock:reader"], ["administration:national_cell"], ["x"], [FILES, "y"]):
        response = send(client, site, rights=rights)
        assert_sound_html(response)
        assert response.context["form"].errors
    assert Profile.objects.count() == 0


def test_hidden_values_and_extra_fields_change_nothing(client, user, site):
    other = make_user()
    forged = {
        "user": other.pk,
        "state": "active",
        "level": "entity",
        "profile": "1",
        "asked_by": other.pk,
    }
    send(client, site, rights=["administration:administrator"], **forged)
    profile = Profile.objects.get()
    request = profile.requests.get()
    assert (profile.user, profile.state, request.level) == (user, State.PENDING, "ars")
    assert request.asked_by == user


def test_orders_are_closed_at_the_wrong_number_with_the_way_to_the_right_one(client, user):
    category = make_category()
    BeneficiaryCategory.objects.create(category=category, starts_on="2020-10-01")
    status = LegalStatus.objects.create(code="13", label="Public", is_public=True)
    entity = make_legal_entity(legal_status=status)
    site, _ = make_establishment(entity), make_establishment(entity)
    page = client.get(place_url(site))
    assert "distrilog:order_operator" not in page.text
    assert place_url(entity) in page.text
    assert "distrilog:order_operator" in client.get(place_url(entity)).text


def test_what_another_page_names_is_ticked_already(client, user, site):
    text = client.get(place_url(site), {"droit": FILES}).text
    assert text.count(" checked") == 1


def test_nobody_to_decide_is_said_with_the_mailbox_of_the_ars(client, user, site):
    region = make_region()
    region.mailbox = "ars@ars.example"
    region.save()
    page = client.get(send(client, site).url)
    assert "Personne ne peut encore répondre" in page.text
    assert "mailto:ars@ars.example" in page.text


def test_changing_employer_is_one_action(client, user, site):
    former = make_profile(user, make_establishment(name="Ancien employeur"))
    page = search(client, "hop riv", remplace=former.pk)
    assert f"{place_url(site)}?remplace={former.pk}" in page.text
    assert "Ancien employeur" in page.text
    review = send(client, site, "relire", remplace=former.pk)
    assert "Ancien employeur, dès l’envoi" in review.text
    sent = send(client, site, remplace=former.pk)
    former.refresh_from_db()
    assert (former.state, AccessRequest.objects.get().replaces) == (State.ENDED, former)
    assert send(client, site, remplace=former.pk).url == sent.url


def test_who_does_not_find_their_establishment_is_told_which_ars_to_write_to(client, user, site):
    other = make_region("11", "Île-de-France", mailbox="idf@ars.example")
    near, far = make_body("ars", region=site.region), make_body("ars", region=other)
    near.mailbox = "cvl@ars.example"
    near.save()
    by_number = search(client, "45 099 999 9")
    assert f"{near}\u00a0: " in by_number.text.replace("&nbsp;", "\u00a0")
    assert 'href="mailto:cvl@ars.example"' in by_number.text
    assert str(far) not in by_number.text
    by_name = search(client, "introuvable")
    assert_sound_html(by_name)
    assert {one.email for one in by_name.context["places"].mailboxes} == {
        "cvl@ars.example",
        "idf@ars.example",
    }
    assert search(client, "rive").context["places"].mailboxes == []


@pytest.mark.parametrize("name", ["profiles:ask", "profiles:ask_results"])
def test_the_profile_of_somebody_else_is_not_replaced(client, user, site, name):
    other = make_profile(make_user(), make_establishment())
    for number in (other.pk, "0", "x", "9" * 30):
        assert search(client, "hop", name, remplace=number).status_code == 404
        assert send(client, site, remplace=number).status_code == 404
    other.refresh_from_db()
    assert other.state == State.ACTIVE


def test_more_habilitations_are_asked_from_the_profile(client, user, site):
    profile = make_profile(user, site)
    grant(profile, Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
    url = reverse("profiles:ask_more", args=[profile.pk])
    page = client.get(url)
    assert_sound_html(page)
    assert OPERATOR not in page.text
    assert_sound_html(client.post(url, {"rights": [FILES], "step": "relire"}))
    sent = client.post(url, {"rights": [FILES], "step": "envoyer"})
    request = AccessRequest.objects.get()
    assert sent.url == reverse("profiles:request", args=[request.pk])
    assert request.habilitations.get().state == Habilitation.State.PENDING
    assert client.post(url, {"rights": [FILES], "step": "envoyer"}).url == sent.url


def test_a_request_is_followed_reminded_and_cancelled(client, user, site):
    make_person("APE", on=site)
    request = ask_profile(user, site, [(Domain.DISPOSTOCK, Role.DECLARANT)])
    remind, cancel = (
        reverse(f"profiles:{name}", args=[request.pk]) for name in ("remind", "cancel")
    )
    assert client.get(remind).status_code == 405
    assert "laissez un jour ouvré" in client.post(remind, follow=True).text
    page = client.get(reverse("profiles:request", args=[request.pk]))
    assert_sound_html(page)
    assert "Vous pourrez relancer à partir du" in page.text
    AccessRequest.objects.update(asked_at=timezone.now() - timedelta(days=9))
    assert "Relancer" in client.get(reverse("profiles:request", args=[request.pk])).text
    assert "est partie" in client.post(remind, follow=True).text
    assert "déjà partie" in client.post(remind, follow=True).text
    assert_sound_html(client.get(cancel))
    assert "est annulée" in client.post(cancel, follow=True).text
    assert "rien n’a changé" in client.post(cancel, follow=True).text
    page = client.get(reverse("profiles:request", args=[request.pk]))
    assert_sound_html(page)
    assert "Votre demande a été annulée" in page.text


@pytest.mark.parametrize("name", ["request", "cancel", "remind"])
def test_the_request_of_somebody_else_does_not_exist(client, user, site, name):
    request = ask_profile(make_user(), site, [(Domain.DISPOSTOCK, Role.DECLARANT)])
    url = reverse(f"profiles:{name}", args=[request.pk])
    assert client.post(url).status_code in (404, 405)
    assert client.get(url).status_code in (404, 405)
    request.refresh_from_db()
    assert request.is_open
    assert request.reminders == 0


@pytest.mark.parametrize("name", ["detail", "contact", "ask_more", "leave"])
def test_the_profile_of_somebody_else_does_not_exist(client, user, site, name):
    profile = make_profile(make_user(), site)
    url = reverse(f"profiles:{name}", args=[profile.pk])
    answers = {client.post(url, {"phone": "1"}).status_code, client.get(url).status_code}
    assert answers <= {404, 405}
    profile.refresh_from_db()
    assert (profile.state, profile.phone) == (State.ACTIVE, "")
