"""The accounts of one's perimeter on screen: who sees whom, searches, exports, acts."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.limits import LOGIN_FAILURES
from accounts.models import Domain, Habilitation, Profile, Role
from accounts.people.reading import Search, people_found, readable_parts, readable_profiles
from journal.models import Entry
from tests.builders import (
    grant,
    make_body,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
PEOPLE = reverse("plage:people")
State = Profile.State


@pytest.fixture
def worker(site):
    person = make_user(first_name="Anaïs", last_name="Roche", email="a.roche@ch.example")
    return make_person("OIE", on=site, user=person)


@pytest.fixture
def ape(client_for, site):
    return client_for("APE", on=site)


@pytest.fixture
def ars(client_for, site):
    return client_for("ARA", on=site.region)


def page_of(person):
    return reverse("plage:person", args=[person.public_id])


def act_of(person, deed, profile=None):
    profile = profile or person.profiles.first()
    return reverse("plage:profile_act", args=[person.public_id, profile.pk, deed])


def found(code, on=None, domain=None, **search):
    return set(people_found(make_person(code, on=on, domain=domain), Search(**search)))


def test_each_role_finds_the_people_of_its_perimeter_and_no_other(site, worker):
    far = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    elsewhere = make_person("OIE", on=make_establishment(department=far))
    agent = make_person("ARL", on=site.region)
    alone = make_user()
    assert found("APE", on=site) & {worker, elsewhere, agent, alone} == {worker}
    assert found("ARA", on=site.region) & {worker, elsewhere, agent, alone} == {worker, agent}
    assert found("NAT", domain="administration") & {worker, elsewhere, agent, alone} == {agent}
    assert found("SUP") & {worker, elsewhere, agent, alone} == {worker, elsewhere, agent, alone}
    assert found("OIE", on=site) == set()


@pytest.mark.parametrize("level", ["site", "entity", "region"])
def test_the_fast_reading_is_the_rule_of_the_perimeter(level):
    entity = make_legal_entity()
    own, sister = make_establishment(entity), make_establishment(entity)
    near = make_establishment()
    far = make_establishment(
        department=make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    )
    bodies = [make_body("ars", region=own.region), make_body("national")]
    for place in (own, sister, near, far, entity, near.legal_entity, *bodies):
        make_profile(make_user(), place)
    on = {"site": own, "entity": entity, "region": own.region}[level]
    reader = make_person("ARA" if level == "region" else "APE", on=on)
    fast = {one.pk for part in readable_parts(reader) for one in part}
    assert fast == {one.pk for one in readable_profiles(reader)}


@pytest.mark.parametrize(
    "text", ["roche", "ANAIS", "anaïs ro", "a.roche@ch", "personne", "ROCHE Anaïs"]
)
def test_a_person_is_found_by_the_beginning_of_each_word(ape, worker, text):
    worker.username = "personne.roche"
    worker.save()
    assert "Anaïs Roche" in ape.get(PEOPLE, {"recherche": text}).text


@pytest.mark.parametrize("text", ["12", "450990114", "%", "' OR 1=1", "zzz", "a" * 300, "\x00"])
def test_whatever_is_searched_the_page_answers(ape, worker, text):
    assert ape.get(PEOPLE, {"recherche": text}).status_code == 200
    assert ape.get(PEOPLE, {"entite": text, "domaine": text, "etat": text}).status_code == 200


def test_the_filters_narrow_by_entity_domain_role_and_state(ars, site, worker):
    def shown(**asked):
        return "Anaïs Roche" in ars.get(PEOPLE, asked).text

    assert shown(entite="rive")
    assert shown(entite=site.finess)
    assert not shown(entite="ailleurs")
    assert shown(domaine="epi_stock", role="inventory_operator")
    assert not shown(domaine="dispostock")
    assert not shown(role="declarant")
    worker.profiles.update(state=State.ENDED)
    assert not shown()
    assert shown(etat="ended")
    assert shown(etat="tous")


def test_the_list_takes_as_many_queries_for_thirty_people(ape, site, count_queries, client):
    client.force_login(ape.user)
    few = count_queries(PEOPLE)
    for _ in range(30):
        make_person("OIE", on=site)
    assert count_queries(PEOPLE) == few <= 12


def test_a_page_shows_only_the_profiles_within_reach(ape, worker, site):
    other = make_establishment(name="Clinique du Lac")
    make_person("GF", on=other, user=worker)
    page = ape.get(page_of(worker))
    assert_sound_html(page)
    assert "Hôpital de la Rive" in page.text
    assert "Clinique du Lac" not in page.text


def test_a_person_out_of_reach_does_not_exist(ape):
    other = make_person("OIE")
    assert ape.get(page_of(other)).status_code == 404
    for deed in ("suspendre", "terminer"):
        assert ape.post(act_of(other, deed), {"reason": "x"}).status_code == 404
    other.profiles.get().refresh_from_db()
    assert other.profiles.get().state == State.ACTIVE


def test_a_profile_of_somebody_else_does_not_go_through_a_persons_page(ape, worker, site):
    other = make_person("OIE", on=site)
    wrong = act_of(worker, "suspendre", other.profiles.get())
    assert ape.post(wrong, {"reason": "x"}).status_code == 404
    right = other.profiles.get().habilitations.get()
    for route in ("right_revoke", "right_change"):
        url = reverse(f"plage:{route}", args=[worker.public_id, right.pk])
        assert ape.post(url, {"reason": "x"}).status_code == 404
    right.refresh_from_db()
    assert right.state == Habilitation.State.ACTIVE


def test_a_page_costs_the_same_with_many_profiles(client, site, worker, count_queries):
    client.force_login(make_person("ARA", on=site.region))
    few = count_queries(page_of(worker))
    for _ in range(6):
        make_person("GF", on=make_establishment(), user=worker)
    assert count_queries(page_of(worker)) <= few + 1


@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        ("suspendre", State.ACTIVE, State.SUSPENDED),
        ("rouvrir", State.SUSPENDED, State.ACTIVE),
        ("terminer", State.ACTIVE, State.ENDED),
    ],
)
def test_an_act_says_what_is_lost_asks_why_and_is_done(ape, worker, deed, before, after):
    worker.profiles.update(state=before)
    shown = ape.get(act_of(worker, deed))
    assert_sound_html(shown)
    assert ("ne pourra plus" in shown.text) is (deed != "rouvrir")
    refused = ape.post(act_of(worker, deed), {"reason": " "})
    assert refused.status_code == 422
    assert worker.profiles.get().state == before
    done = ape.post(act_of(worker, deed), {"reason": "congé long"}, follow=True)
    assert_sound_html(done)
    assert worker.profiles.get().state == after
    assert "congé long" in done.text


def test_the_same_act_sent_twice_says_that_nothing_changed(ape, worker):
    ape.post(act_of(worker, "suspendre"), {"reason": "congé"})
    again = ape.post(act_of(worker, "suspendre"), {"reason": "congé"})
    assert again.status_code == 422
    assert "rien n’a changé" in again.text


def test_the_last_administrator_is_named_before_they_go(ars, ape):
    assert "Plus personne n’administrera" in ars.get(act_of(ape.user, "terminer")).text


def test_an_ape_is_offered_nothing_on_an_ape_nor_on_themselves(ape, site):
    other = make_person("APE", on=site)
    for person in (other, ape.user):
        page = ape.get(page_of(person)).text
        assert act_of(person, "suspendre") not in page
        assert ape.post(act_of(person, "suspendre"), {"reason": "x"}).status_code == 403
        assert person.profiles.get().state == State.ACTIVE


def test_habilitations_are_given_changed_and_taken_back(ape, worker):
    profile = worker.profiles.get()
    give = reverse("plage:right_new", args=[worker.public_id, profile.pk])
    assert_sound_html(ape.get(give))
    assert ape.post(give, {"rights": ["dispostock:declarant"]}).status_code == 302
    right = profile.habilitations.get(domain=Domain.DISPOSTOCK)
    change = reverse("plage:right_change", args=[worker.public_id, right.pk])
    assert_sound_html(ape.get(change))
    data = {"fields_of_care": ["mco"], "legal_kinds": ["public"], "reason": "service"}
    assert ape.post(change, data).status_code == 302
    right.refresh_from_db()
    assert (right.fields_of_care, right.legal_kinds) == (["mco"], ["public"])
    page = ape.get(page_of(worker)).text
    assert "Champs : MCO" in page.replace("\xa0", " ")
    revoke = reverse("plage:right_revoke", args=[worker.public_id, right.pk])
    assert_sound_html(ape.get(revoke))
    assert ape.post(revoke, {"reason": "fin"}).status_code == 302
    assert not profile.habilitations.in_force().filter(domain=Domain.DISPOSTOCK).exists()


@pytest.mark.parametrize(
    "forged", ["administration:administrator", "administration:national_cell", "x", "epi_stock:x"]
)
def test_a_forged_role_is_refused(ape, worker, forged):
    give = reverse("plage:right_new", args=[worker.public_id, worker.profiles.get().pk])
    assert ape.post(give, {"rights": [forged]}).status_code == 422
    assert worker.profiles.get().habilitations.count() == 1


def test_an_ars_may_make_an_ape(ars, worker):
    give = reverse("plage:right_new", args=[worker.public_id, worker.profiles.get().pk])
    assert ars.post(give, {"rights": ["administration:administrator"]}).status_code == 302
    assert worker.profiles.get().habilitations.filter(role=Role.ADMINISTRATOR).exists()


def test_a_profile_is_opened_for_an_existing_account(ape, site):
    person = make_user(email="s.lambert@ch.example")
    url = reverse("plage:person_open")
    assert_sound_html(ape.get(url))
    who = {"personne": "s.lambert@ch.example", "finess": site.finess}
    second = ape.post(url, who)
    assert_sound_html(second)
    assert not person.profiles.exists()
    done = ape.post(url, who | {"step": "2", "rights": ["epi_stock:inventory_operator"]})
    assert done.status_code == 302
    assert person.profiles.get().habilitations.in_force().exists()


def test_elsewhere_unknown_or_for_oneself_no_profile_is_opened(ape, site):
    url, person = reverse("plage:person_open"), make_user()
    rights = {"step": "2", "rights": ["epi_stock:inventory_operator"]}
    far = {"personne": person.email, "finess": make_establishment().finess}
    assert ape.post(url, far | rights).status_code == 422
    nobody = {"personne": "inconnu@ch.example", "finess": site.finess}
    assert "Aucun compte" in ape.post(url, nobody).text
    own = {"personne": ape.user.email, "finess": site.finess}
    assert ape.post(url, own | rights).status_code == 403
    assert not person.profiles.exists()


def test_support_reads_everybody_unlocks_and_decides_of_nothing(client_for, worker):
    support, alone = client_for("SUP"), make_user()
    for _ in range(5):
        LOGIN_FAILURES.begin(f"account {alone.pk}")
    unlock = reverse("plage:person_unlock", args=[alone.public_id])
    page = support.get(page_of(alone))
    assert unlock in page.text
    assert_sound_html(page)
    assert_sound_html(support.get(unlock))
    assert support.post(unlock).status_code == 302
    assert support.post(act_of(worker, "suspendre"), {"reason": "x"}).status_code == 403


def test_the_country_reads_the_structures_it_decides_of(client_for, worker, site):
    national, agent = client_for("NAT"), make_person("ARL", on=site.region)
    assert national.get(PEOPLE).status_code in (200, 403)
    person = make_person("NAT", domain=Domain.ADMINISTRATION)
    client = Client()
    client.force_login(person)
    assert client.get(page_of(agent)).status_code == 200
    assert client.get(page_of(worker)).status_code == 404
    assert act_of(agent, "suspendre") in client.get(page_of(agent)).text


def test_the_ars_takes_the_list_with_it_and_the_journal_says_so(ars, worker):
    grant(worker.profiles.get(), Domain.DISPOSTOCK, Role.DECLARANT)
    csv = ars.get(reverse("plage:people_file", args=["csv"]), {"recherche": "roche"})
    text = b"".join(csv).decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "e-Dispostock : Gestionnaire de fichiers" in text.replace("\xa0", " ")
    xlsx = b"".join(ars.get(reverse("plage:people_file", args=["xlsx"])))
    rows = list(load_workbook(io.BytesIO(xlsx)).active.values)
    assert {row[3] for row in rows} >= {"a.roche@ch.example"}
    entry = Entry.objects.filter(verb="account.accounts_exported").order_by("pk").first()
    assert (entry.details["rows"], entry.details["filters"]) == (1, {"recherche": "roche"})
    assert ars.get(reverse("plage:people_file", args=["pdf"])).status_code == 404


def test_an_ape_takes_no_list(ape):
    assert ape.get(reverse("plage:people_file", args=["csv"])).status_code == 403


def test_what_happened_is_told_in_words_with_the_values(ape, worker):
    ape.post(act_of(worker, "suspendre"), {"reason": "congé long"})
    page = ape.get(page_of(worker)).text.replace("&nbsp;", " ").replace("\xa0", " ")
    assert "a suspendu un profil" in page
    assert "Motif : congé long" in page
    assert "État : actif → inactif (suspendu)" in page
