"""A wrong number is corrected at the request of the place, by somebody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from orders.capacities.cards import capacity_cards
from orders.capacities.waiting import waiting_rows
from orders.models import Basis, Capacity, CapacityRequest
from orders.services.capacity_requests import (
    CapacityError,
    ChangedMeanwhileError,
    ask_capacity,
    decide_requests,
    mark_of,
    withdraw_request,
)
from tests.builders import make_person, make_region
from tests.html_rules import assert_sound_html
from tests.locks import before_another
from tests.orders.capacities.conftest import make_capacity, make_site
from tests.orders.doctrine.conftest import logged_in, text_of

pytestmark = pytest.mark.django_db
State = CapacityRequest.State
LIST, DECIDE = reverse("orders:capacity_requests"), reverse("orders:capacity_decide")


def ask(world, asked=60, basis=Basis.PLACE, site=None, by=None):
    return ask_capacity(
        by=by or world.person,
        site=site or world.ehpad,
        basis=basis,
        asked=asked,
        reason="Extension de 2026",
    )


def decide(by, *rows, accepted=True, answer=""):
    seen = {}
    for row in rows:
        held = Capacity.objects.filter(establishment=row.establishment, basis=row.basis).first()
        seen[row.pk] = mark_of(held)
    return decide_requests(by=by, seen=seen, accepted=accepted, answer=answer)


def page_of(site):
    return reverse("orders:capacity", args=[site.finess])


def test_an_accepted_correction_becomes_the_number_known(world):
    known = make_capacity(world.ehpad, 50)
    row = ask(world, 60)
    assert row.known == 50
    decide(world.agent, row, answer="Vu l’arrêté")
    known.refresh_from_db()
    assert (known.quantity, known.as_of) == (60, timezone.localdate())
    assert "acceptée" in known.source
    details = Entry.objects.get(verb="orders.capacity_accepted").details
    assert (details["before"], details["after"]) == ({"place": 50}, {"place": 60})
    assert details["reason"] == "Extension de 2026"


def test_a_number_never_known_may_be_asked(world):
    row = ask(world, 0)
    assert row.known is None
    decide(world.cell, row)
    assert Capacity.objects.get(establishment=world.ehpad).quantity == 0


def test_a_refused_correction_changes_nothing_and_says_why(world):
    known = make_capacity(world.ehpad, 50)
    row = ask(world)
    with pytest.raises(CapacityError, match="Dites pourquoi"):
        decide(world.agent, row, accepted=False)
    decide(world.agent, row, accepted=False, answer="Pas d’arrêté")
    known.refresh_from_db()
    row.refresh_from_db()
    assert (known.quantity, row.state, row.answer) == (50, State.REFUSED, "Pas d’arrêté")


@pytest.fixture
def letters(monkeypatch):
    """The mails queued: subject, text, address."""
    found = []
    target = "orders.capacities.letters.queue_written"
    monkeypatch.setattr(target, lambda *words: found.append(words))
    return found


def test_the_answer_is_mailed_to_who_asked_and_shown_on_the_page(world, letters):
    decide(world.agent, ask(world), answer="Vu l’arrêté")
    ((subject, text, address),) = letters
    assert "Correction de capacité acceptée" in subject
    assert address == world.person.email
    assert "Vu l’arrêté" in text
    assert page_of(world.ehpad) in text
    assert "Vu l’arrêté" in text_of(logged_in(world.person).get(page_of(world.ehpad)))
    assert [one.title for one in capacity_cards(world.person)] == [
        "Correction de capacité acceptée"
    ]


def test_who_left_is_not_written_to(world, letters):
    row = ask(world)
    world.person.profiles.update(state="ended")
    decide(world.agent, row)
    assert letters == []


def test_nobody_decides_of_their_own_request(world):
    row = ask(world)
    both = make_person("ARA", on=make_region(), user=world.person)
    with pytest.raises(CapacityError, match="une autre personne en décide"):
        decide(chosen(both, "ars"), row)
    with pytest.raises(IntegrityError), transaction.atomic():
        CapacityRequest.objects.filter(pk=row.pk).update(decided_by=both)


def chosen(person, kind):
    """The same person, under the profile of an administration."""
    profile = next(one for one in person.usable_profiles if one.body and one.body.kind == kind)
    person.chosen_profile_id = profile.pk
    return person


def test_the_agency_of_another_region_decides_of_nothing_here(world):
    row = ask(world)
    other = make_person("ARA", on=world.lyon.region)
    with pytest.raises(CapacityError, match="pas de votre ressort"):
        decide(other, row)


def test_a_closed_place_asks_nothing(world):
    world.ehpad.closed_on = timezone.localdate()
    world.ehpad.save()
    with pytest.raises(CapacityError, match="est fermé"):
        ask(world)


def test_an_accepted_correction_is_never_older_than_the_number_that_it_corrects(world):
    known = make_capacity(world.ehpad, 50)
    row = ask(world, 60)
    later = timezone.localdate() + timedelta(days=1)
    Capacity.objects.update(as_of=later)
    decide(world.agent, row)
    known.refresh_from_db()
    assert (known.quantity, known.as_of) == (60, later)


def test_too_many_are_not_decided_at_once(world):
    with pytest.raises(CapacityError, match="200 demandes au plus"):
        decide_requests(
            by=world.agent, seen=dict.fromkeys(range(201), ""), accepted=True, answer=""
        )


def test_one_request_waits_for_each_basis(world):
    ask(world)
    ask(world, basis=Basis.BED)
    with pytest.raises(CapacityError, match="attend déjà sa réponse"):
        ask(world, 70)


def test_the_number_already_known_is_not_asked(world):
    make_capacity(world.ehpad, 60)
    with pytest.raises(CapacityError, match="déjà le nombre connu"):
        ask(world, 60)


def test_somebody_else_than_the_place_asks_nothing(world):
    for by in (world.agent, make_person("OCE", on=make_site("Autre"))):
        with pytest.raises(CapacityError, match="ne permet pas"):
            ask(world, by=by)


def test_a_request_is_withdrawn_by_a_colleague_and_may_be_made_again(world):
    row = ask(world)
    colleague = make_person("APE", on=world.ehpad)
    withdraw_request(by=colleague, request=row)
    row.refresh_from_db()
    assert row.state == State.WITHDRAWN
    with pytest.raises(CapacityError, match="déjà retirée"):
        decide(world.agent, row)
    assert ask(world, 70).state == State.OPEN


def test_a_number_that_changed_since_it_was_shown_stops_the_decision(world):
    make_capacity(world.ehpad, 50)
    row = ask(world)
    Capacity.objects.update(quantity=55)
    with pytest.raises(ChangedMeanwhileError, match="55 au 01/01/2026"):
        decide_requests(by=world.agent, seen={row.pk: "50 2026-01-01"}, accepted=True, answer="")
    (waiting,) = waiting_rows(CapacityRequest.objects.filter(pk=row.pk), world.agent)
    assert waiting.has_changed


def test_several_are_decided_together_or_not_at_all(world):
    rows = [ask(world), ask(world, 12, Basis.PROFESSIONAL)]
    withdraw_request(by=world.person, request=rows[1])
    with pytest.raises(CapacityError, match="déjà retirée"):
        decide(world.agent, *rows)
    assert not Capacity.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_decide_of_one_request_decide_once(world):
    row = ask(world)

    def refuse():
        decide(world.cell, row, accepted=False, answer="Non")

    with before_another(refuse, refused=CapacityError) as refusals:
        decide(world.agent, row)
    (refusal,) = refusals
    assert f"déjà acceptée par {world.agent}" in str(refusal)
    row.refresh_from_db()
    assert row.state == State.ACCEPTED


@pytest.mark.django_db(transaction=True)
def test_two_clicks_ask_once(world):
    with before_another(lambda: ask(world), refused=CapacityError) as refusals:
        ask(world)
    assert len(refusals) == 1
    assert CapacityRequest.objects.count() == 1


def test_the_page_of_a_site_says_what_is_known_and_takes_a_request(world):
    make_capacity(world.ehpad, 50)
    client = logged_in(world.person)
    answer = client.get(page_of(world.ehpad))
    assert_sound_html(answer)
    text = text_of(answer)
    assert "par place" in text
    assert "01/01/2026" in text
    sent = {"basis": "place", "asked": "soixante", "reason": "Extension"}
    refused = client.post(page_of(world.ehpad), sent)
    assert (refused.status_code, "Extension</textarea>" in text_of(refused)) == (422, True)
    answer = client.post(page_of(world.ehpad), sent | {"asked": "60"}, follow=True)
    assert "60 places" in text_of(answer)
    assert_sound_html(answer)
    again = client.post(page_of(world.ehpad), sent | {"asked": "61"})
    assert (again.status_code, "attend déjà sa réponse" in text_of(again)) == (422, True)


def test_a_site_without_number_or_without_group_counts_nothing_and_says_so(world):
    text = text_of(logged_in(world.person).get(page_of(world.ehpad)))
    assert "compte 0 dans le contingent : le nombre de places n’est pas connu" in text
    other = make_site("IME", code="183")
    text = text_of(logged_in(world.cell).get(page_of(other)))
    assert "sa catégorie n’est pas bénéficiaire" in text


def test_the_agency_reads_the_oldest_first_ticks_reads_again_and_decides(world):
    first, second = ask(world), ask(world, 12, Basis.PROFESSIONAL)
    CapacityRequest.objects.filter(pk=first.pk).update(
        asked_at=timezone.now() - timezone.timedelta(days=3)
    )
    client = logged_in(world.agent)
    assert [one.title for one in capacity_cards(world.agent)] == [
        "2\u00a0corrections de capacité à décider"
    ]
    answer = client.get(LIST)
    assert_sound_html(answer)
    assert [one.request for one in answer.context["rows"]] == [first, second]
    answer = client.get(DECIDE, {"demande": [first.pk, second.pk]})
    assert_sound_html(answer)
    sent = {
        "demande": [first.pk],
        "relue": [first.pk, second.pk],
        f"vu-{first.pk}": "",
        f"vu-{second.pk}": "",
    }
    nothing = client.post(DECIDE, sent | {"answer": "gardée"})
    assert (nothing.status_code, "gardée</textarea>" in text_of(nothing)) == (422, True)
    refused = client.post(DECIDE, sent | {"decision": "refuser"})
    assert "Dites pourquoi" in text_of(refused)
    client.post(DECIDE, sent | {"decision": "accepter"})
    states = dict(CapacityRequest.objects.values_list("pk", "state"))
    assert states == {first.pk: State.ACCEPTED, second.pk: State.OPEN}


def test_a_number_changed_meanwhile_is_a_conflict_that_shows_it(world):
    make_capacity(world.ehpad, 50)
    row = ask(world)
    sent = {"demande": [row.pk], f"vu-{row.pk}": "40 2026-01-01", "decision": "accepter"}
    answer = logged_in(world.agent).post(DECIDE, sent)
    assert answer.status_code == 409
    assert f'name="vu-{row.pk}" value="50 2026-01-01"' in text_of(answer)


def test_forged_numbers_are_nobodys(world):
    row = ask(world)
    client = logged_in(make_person("ARA", on=world.lyon.region))
    assert "Rien à décider" in text_of(client.get(DECIDE, {"demande": [row.pk, "x"]}))
    assert client.get(page_of(world.ehpad)).status_code == 404
    other = logged_in(make_person("OCE", on=make_site("Autre")))
    assert other.post(reverse("orders:capacity_withdraw", args=[row.pk])).status_code == 404


def test_who_may_not_ask_is_told(world):
    sent = {"basis": "place", "asked": "60", "reason": "x"}
    assert logged_in(world.agent).post(page_of(world.ehpad), sent).status_code == 403
