"""The lines of a wave: who has one, who is refused and why, written once whatever happens."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from journal.models import Entry
from pui.models import ServedEstablishment
from pui.services.register import serving_pui
from tests.builders import make_establishment, make_person
from tests.pui.builders import make_pui
from tests.vaccines.builders import FIRST, make_line, make_wave
from tests.vaccines.wave_world import serve
from tests.vaccines.wave_world import world as _world
from vaccines.models import SupplyLine, Wave
from vaccines.services.waves import (
    LinesChangedError,
    WaveError,
    extend_wave,
    open_wave,
    write_lines,
)
from vaccines.waves.asked import Asked, of_categories, pack, read_file, typed_list, unpack
from vaccines.waves.drafting import check

world = _world


def drafted(world, asked, **more):
    return check(asked, world.vaccine, world.day(), **more)


def reasons(found):
    return [one.reason for one in found.errors]


def test_a_recipient_is_delivered_through_the_pharmacy_that_serves_it(world):
    found = drafted(world, world.asked())
    assert {one.recipient: one.pui for one in found.new} == {
        place: pui for pui, places in world.served.items() for place in places
    }
    assert {one.flow for one in found.new} == {"A"}
    assert (found.puis, found.recalls, found.same) == (2, 0, 0)


def test_its_own_pharmacy_comes_before_the_one_that_serves_it(world):
    place = world.places[0]
    own = make_pui("PUI de l’EHPAD", on=place)
    assert drafted(world, world.asked([place])).new[0].pui == own


def test_without_a_pharmacy_or_closed_or_unknown_it_is_refused_with_the_reason(world):
    alone = make_establishment(name="USLD Seule")
    closed = make_establishment(name="EHPAD Fermé", closed_on=FIRST)
    found = drafted(world, [*world.asked([alone, closed]), Asked(9, "990000009"), Asked(10, "12")])
    assert found.new == []
    alone_told, closed_told, unknown, wrong = reasons(found)
    assert "USLD Seule n’a pas de PUI" in alone_told
    assert "fermé depuis le 19/01/2021" in closed_told
    assert "inconnu de l’annuaire" in unknown
    assert wrong


def test_of_two_pharmacies_that_serve_it_the_first_delivers_as_in_the_register(world):
    place = world.places[0]
    ServedEstablishment.objects.create(pui=world.second, establishment=place, starts_on=FIRST)
    [line] = drafted(world, world.asked([place])).new
    assert line.pui == serving_pui(place, world.day()) == world.first


def test_a_pharmacy_that_no_longer_serves_it_does_not_deliver(world):
    place = world.places[0]
    ServedEstablishment.objects.filter(establishment=place).update(ends_on=FIRST)
    assert "n’a pas de PUI" in reasons(drafted(world, world.asked([place])))[0]


def test_a_file_may_name_the_pharmacy_and_the_pivot_hospital(world):
    site = world.second.establishment.finess
    [line] = drafted(world, world.asked(world.places[:1], pui=site, flow="B", pivot=site)).new
    assert (line.pui, line.flow, line.pivot) == (world.second, "B", world.second)
    refused = drafted(world, world.asked(world.places[:1], flow="B"))
    assert "vient d’un hôpital pivot" in reasons(refused)[0]
    refused = drafted(world, world.asked(world.places[:1], flow="A", pivot=site))
    assert "vient de Santé publique France" in reasons(refused)[0]
    refused = drafted(world, world.asked(world.places[:1], flow="C"))
    assert "ce flux n’existe pas" in reasons(refused)[0]


def test_what_began_in_flow_b_is_refused_in_flow_a_with_the_line_that_says_so(world):
    place = world.places[0]
    make_line(
        make_wave(FIRST, vaccine=world.vaccine), recipient=place, pui=world.first, pivot=world.first
    )
    [why] = reasons(drafted(world, world.asked([place], flow="A")))
    assert "garde le flux B" in why
    assert "19/01/2021" in why


def test_a_recipient_told_twice_has_one_line_and_told_in_two_ways_none(world):
    place, site = world.places[0], world.second.establishment.finess
    same = drafted(world, [Asked(2, place.finess), Asked(3, place.finess)])
    assert len(same.new) == 1
    other = drafted(world, [Asked(2, place.finess), Asked(3, place.finess, pui=site)])
    assert other.new == []
    assert len(other.errors) == 2


def test_a_recall_without_a_flow_asked_keeps_that_of_its_first_injection(world):
    begun, other = world.places[:2]
    pivot = make_pui("PUI de Montclair")
    make_line(make_wave(FIRST, vaccine=world.vaccine), recipient=begun, pivot=pivot)
    found = {one.recipient: one for one in drafted(world, world.asked([begun, other])).new}
    assert (found[begun].flow, found[begun].pivot) == ("B", pivot)
    assert (found[other].flow, found[other].pivot) == ("A", None)
    pivot.closed_on = FIRST
    pivot.save()
    assert "garde le flux B" in reasons(drafted(world, world.asked([begun])))[0]


def test_spf_opens_a_wave_whose_lines_recall_the_delivery_before(world):
    first = make_line(
        make_wave(FIRST, vaccine=world.vaccine), recipient=world.places[0], pui=world.first
    )
    wave, count = open_wave(by=world.spf, opening=world.opening(), asked=world.asked())
    assert count == wave.lines.count() == 6
    assert wave.lines.get(recipient=world.places[0]).recalled == first
    assert wave.lines.filter(recalled=None, first_doses=None, second_doses=None).count() == 5
    entry = Entry.objects.get(verb="vaccines.wave_opened")
    assert (entry.details["lines"], entry.details["pharmacies"]) == (6, 2)


def test_a_wave_before_another_is_what_the_other_recalls(world):
    later = make_wave(world.day(30), vaccine=world.vaccine)
    waits, told = (make_line(later, recipient=place, pui=world.first) for place in world.places[:2])
    first = make_line(
        make_wave(FIRST, vaccine=world.vaccine), recipient=told.recipient, pui=world.first
    )
    SupplyLine.objects.filter(pk=told.pk).update(recalled=first, second_doses=12)
    after = make_line(make_wave(world.day(40), vaccine=world.vaccine), recipient=waits.recipient)
    SupplyLine.objects.filter(pk=after.pk).update(recalled=waits)
    wave, _ = open_wave(by=world.spf, opening=world.opening(), asked=world.asked())
    for line in (waits, told, after):
        line.refresh_from_db()
    assert waits.recalled == wave.lines.get(recipient=waits.recipient)
    assert told.recalled == first, "recalls typed are for the people of a delivery"
    assert after.recalled == waits


def test_recalls_typed_while_a_wave_is_created_keep_their_delivery(world):
    before = make_wave(FIRST, vaccine=world.vaccine)
    first = make_line(before, recipient=world.places[0], pui=world.first)
    later = make_line(
        make_wave(world.day(30), vaccine=world.vaccine),
        recipient=world.places[0],
        pui=world.first,
        recalled=first,
    )
    wave = make_wave(world.day(), vaccine=world.vaccine)
    drafts = drafted(world, world.asked(world.places[:1])).new
    SupplyLine.objects.filter(pk=later.pk).update(second_doses=12)
    write_lines(wave, drafts)
    later.refresh_from_db()
    assert later.recalled == first


def test_flow_b_before_a_delivery_of_flow_a_is_refused_with_the_line_that_says_so(world):
    place, site = world.places[0], world.second.establishment.finess
    make_line(make_wave(world.day(30), vaccine=world.vaccine), recipient=place, pui=world.first)
    [why] = reasons(drafted(world, world.asked([place], flow="B", pivot=site)))
    assert f"sa livraison suivante, du {world.day(30):%d/%m/%Y}, est du flux A" in why
    assert drafted(world, world.asked([place])).new


def test_a_line_whose_need_nobody_may_type_any_more_is_not_created(world):
    wave, _ = open_wave(by=world.spf, opening=world.opening(), asked=world.asked(world.places[:2]))
    Wave.objects.filter(pk=wave.pk).update(needs_due_at="2021-01-12T12:00Z")
    with pytest.raises(WaveError, match="changez-la d’abord"):
        extend_wave(by=world.spf, wave=wave, asked=world.asked())
    assert extend_wave(by=world.spf, wave=wave, asked=world.asked(world.places[:2])) == 0


@pytest.mark.parametrize(
    ("due", "why"), [(-1, "Cette date est passée"), (15, "avant la livraison")]
)
def test_a_deadline_is_to_come_and_before_the_delivery(world, due, why):
    opening = world.opening(needs_due_at=timezone.now() + timedelta(days=due))
    with pytest.raises(WaveError, match=why):
        open_wave(by=world.spf, opening=opening, asked=world.asked())
    assert not Wave.objects.exists()


def test_twice_is_once_and_the_mails_leave_once(world):
    opening, asked = world.opening(), world.asked()
    seen = check(asked, world.vaccine, opening.delivers_on).mark
    wave, _ = open_wave(by=world.spf, opening=opening, asked=asked, seen=seen)
    again, count = open_wave(by=world.national, opening=opening, asked=asked, seen=seen)
    assert (again, count, SupplyLine.objects.count()) == (wave, 0, 6)
    assert ProcrastinateJob.objects.filter(task_name__endswith="announce_wave").count() == 1


def test_a_name_is_that_of_one_wave(world):
    open_wave(by=world.spf, opening=world.opening(), asked=world.asked())
    other = world.opening(delivers_on=world.day(30))
    with pytest.raises(WaveError, match="donnez un autre nom"):
        open_wave(by=world.spf, opening=other, asked=world.asked())


def test_nothing_is_written_when_it_is_not_what_was_shown(world):
    opening, asked = world.opening(), world.asked()
    seen = check(asked, world.vaccine, opening.delivers_on).mark
    ServedEstablishment.objects.filter(establishment=world.places[0]).update(ends_on=FIRST)
    with pytest.raises(LinesChangedError) as refusal:
        open_wave(by=world.spf, opening=opening, asked=asked, seen=seen)
    assert len(refusal.value.drafted.new) == 5
    assert not Wave.objects.exists()


def test_more_recipients_join_a_wave_and_the_others_keep_their_line(world):
    wave, _ = open_wave(by=world.spf, opening=world.opening(), asked=world.asked(world.places[:2]))
    wave.lines.update(first_doses=12, second_doses=0)
    assert extend_wave(by=world.spf, wave=wave, asked=world.asked()) == 4
    assert extend_wave(by=world.spf, wave=wave, asked=world.asked()) == 0
    assert wave.lines.filter(first_doses=12).count() == 2


@pytest.mark.parametrize("code", ["GF", "ARA", "OMD", "APE", "NAL"])
def test_nobody_else_opens_a_wave(world, code):
    domain = "dispostock" if code == "NAL" else None
    with pytest.raises(WaveError, match="Santé publique France et la cellule nationale"):
        open_wave(by=make_person(code, domain=domain), opening=world.opening(), asked=[])


def test_three_hundred_lines_take_the_statements_of_ten(world):
    serve(world.first, 300)
    places = [link.establishment for link in world.first.served.select_related("establishment")]

    def statements(places, label):
        with CaptureQueriesContext(connection) as queries:
            open_wave(by=world.spf, opening=world.opening(label), asked=world.asked(places))
        return len(queries)

    statements(places[:2], "Vague 0")
    assert statements(places[:10], "Vague 10") == statements(places, "Vague 300")
    assert Wave.objects.get(label="Vague 300").lines.count() == 303


def test_categories_of_a_territory_are_the_open_establishments(world):
    make_establishment(name="CH")
    region = world.places[0].region
    found = of_categories(["500"], region, None)
    assert {one.recipient for one in found} == {one.finess for one in world.places}
    assert len(of_categories(["500"], None, world.second.establishment.department)) == 3
    assert unpack(pack(found)) == found


def test_a_file_is_read_under_its_headers_with_its_zeros(world):
    content = "FINESS destinataire;PUI;Flux;Hôpital pivot\n450000015;;b;410000012\n"
    [row] = read_file(BytesIO(content.encode()), "vague.csv")
    assert (row.number, row.recipient, row.flow, row.pivot) == (2, "450000015", "b", "410000012")
    typed = typed_list("45 000 001 5\n\n410000012, 410000020;410000038\n")
    assert [(one.number, one.recipient) for one in typed] == [
        (1, "45 000 001 5"),
        (3, "410000012"),
        (3, "410000020"),
        (3, "410000038"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_write_it_once(world):
    opening, asked, counts = world.opening(), world.asked(), []
    seen = check(asked, world.vaccine, opening.delivers_on).mark
    barrier = threading.Barrier(2)

    def act(by):
        barrier.wait()
        try:
            counts.append(open_wave(by=by, opening=opening, asked=asked, seen=seen)[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(by,)) for by in (world.spf, world.national)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(counts) == [0, 6]
    assert SupplyLine.objects.count() == 6
