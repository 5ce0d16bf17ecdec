"""The pages of doctrines: read by all, written by the national cell, nothing typed is lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from orders.doctrine.grid import grid_of
from orders.models import Doctrine, Ratio
from orders.services.doctrines import change_doctrine
from tests.builders import make_category, make_establishment, make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_allocation, make_beneficiary
from tests.orders.doctrine.conftest import TOMORROW, logged_in, text_of

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"orders:{name}", args=args)


def fields_of(doctrine, **more):
    """What the form of the page sends when nothing is touched."""
    grid = grid_of(doctrine)
    sent = {
        "label": grid.label,
        "starts_on": grid.starts_on.isoformat(),
        "note": grid.note,
        "vu": str(doctrine.version),
        "groupes": str(len(grid.groups) + 2),
    }
    for number, one in enumerate(grid.groups):
        sent |= {f"g{number}-label": one.label, f"g{number}-basis": one.basis}
        sent |= {f"g{number}-{item}": str(value) for item, value in one.ratios.items()}
        sent |= {f"c-{code}": str(number) for code in one.categories}
    return sent | more


@pytest.fixture
def beneficiary():
    return make_beneficiary(make_establishment(category=make_category("500"), siret="9" * 14))


def test_the_list_shows_the_one_in_force_first(coming, in_force, cell):
    answer = logged_in(cell).get(page("doctrines"))
    assert_sound_html(answer)
    text = text_of(answer)
    assert text.index("Mars 2020") < text.index("À venir</a>")


def test_everybody_who_reads_quotas_reads_a_doctrine_and_cannot_write(in_force, beneficiary):
    person = logged_in(make_person("OCE", on=beneficiary.place))
    answer = person.get(page("doctrine", in_force.pk))
    assert_sound_html(answer)
    text = text_of(answer)
    assert "En vigueur depuis le 01/03/2020" in text
    assert "par place et par semaine" in text
    assert "Nouvelle doctrine" not in text
    for name in ("doctrine_edit", "doctrine_delete"):
        assert person.get(page(name, in_force.pk)).status_code == 403


def test_a_beneficiary_category_without_group_is_told_with_how_many_it_is(cell, in_force):
    make_beneficiary(make_establishment(category=make_category("183", "IME"), siret="9" * 14))
    text = text_of(logged_in(cell).get(page("doctrine", in_force.pk)))
    assert "183 IME : <strong>1 bénéficiaire</strong>" in text


def test_a_new_doctrine_is_a_copy_with_a_day_to_come(cell, in_force):
    client = logged_in(cell)
    assert_sound_html(client.get(page("doctrine_copy")))
    sent = {"label": "Suite", "starts_on": TOMORROW.isoformat(), "model": in_force.pk}
    late = client.post(page("doctrine_copy"), sent | {"starts_on": "2020-01-01"})
    assert late.status_code == 422
    assert "demain au plus tôt" in text_of(late)
    answer = client.post(page("doctrine_copy"), sent)
    new = Doctrine.objects.get(label="Suite")
    assert answer.url == page("doctrine_edit", new.pk)


def test_the_whole_grid_is_changed_on_one_page(cell, coming, beneficiary):
    client, address = logged_in(cell), page("doctrine_edit", coming.pk)
    assert_sound_html(client.get(address))
    unchanged = client.post(address, fields_of(coming), follow=True)
    assert "Rien n’a changé." in text_of(unchanged)
    new = {"g2-label": "Domicile", "g2-basis": "professional", "g2-1": "2,5", "c-500": "2"}
    answer = client.post(address, fields_of(coming, **new, **{"g1-out": "on"}), follow=True)
    assert "enregistré" in text_of(answer)
    groups = {one.label: one for one in grid_of(coming).groups}
    assert set(groups) == {"EHPAD", "Domicile"}
    assert str(groups["Domicile"].ratios[1]) == "2.50"
    assert groups["Domicile"].categories == {"500"}


def test_what_was_typed_stays_when_a_cell_is_refused(cell, coming):
    sent = fields_of(coming, **{"g0-1": "cinq", "g2-1": "3", "note": "gardé"})
    answer = logged_in(cell).post(page("doctrine_edit", coming.pk), sent)
    assert_sound_html(answer)
    text = text_of(answer)
    assert answer.status_code == 422
    assert 'value="cinq"' in text
    assert "gardé</textarea>" in text
    assert "Nommez ce groupe" in text
    assert Ratio.objects.filter(per_week=3).count() == 0


def test_a_change_made_meanwhile_is_shown_beside_ones_own(cell, coming):
    sent = fields_of(coming, **{"g0-1": "8"})
    typed = grid_of(coming)
    ratios = {**typed.groups[0].ratios, 1: 7}
    first = type(typed.groups[0])("EHPAD", typed.groups[0].basis, ratios, frozenset({"500"}))
    changed = type(typed)(typed.label, typed.starts_on, typed.note, (first, *typed.groups[1:]))
    change_doctrine(by=cell, doctrine=coming, typed=changed, seen=1)
    client, address = logged_in(cell), page("doctrine_edit", coming.pk)
    answer = client.post(address, sent)
    text = text_of(answer)
    assert answer.status_code == 409
    assert_sound_html(answer)
    assert f"vient d’être changée par {cell}" in text
    assert 'class="app-num">7</td>' in text
    assert "<strong>8</strong>" in text
    assert 'name="vu" value="2"' in text
    client.post(address, sent | {"vu": "2"})
    assert grid_of(coming).groups[0].ratios[1] == 8


def test_a_doctrine_that_can_no_longer_change_says_why(cell, coming, in_force):
    make_allocation(doctrine=coming)
    client = logged_in(cell)
    for one, said in ((coming, "a été proposé avec elle"), (in_force, "elle ne change plus")):
        for name in ("doctrine_edit", "doctrine_delete"):
            assert said in text_of(client.get(page(name, one.pk), follow=True))
    late = client.post(page("doctrine_edit", coming.pk), fields_of(coming, note="x"))
    assert (late.status_code, "a été proposé avec elle" in text_of(late)) == (422, True)


def test_a_doctrine_to_come_is_deleted_after_a_look(cell, coming):
    client, address = logged_in(cell), page("doctrine_delete", coming.pk)
    assert_sound_html(client.get(address))
    client.post(address, {"vu": "9"})
    assert Doctrine.objects.filter(pk=coming.pk).exists()
    client.post(address, {"vu": "1"})
    assert not Doctrine.objects.filter(pk=coming.pk).exists()


def test_two_doctrines_are_compared_at_an_address_that_can_be_sent(cell, coming, in_force):
    client = logged_in(make_person("ARL", domain="distrilog"))
    address = f"{page('doctrine_compare')}?avant={in_force.pk}&apres={coming.pk}"
    answer = client.get(address)
    assert_sound_html(answer)
    assert "À venir" in text_of(answer)
    same = f"{page('doctrine_compare')}?avant={in_force.pk}&apres={in_force.pk}"
    assert "disent la même chose" in text_of(client.get(same))
    assert client.get(f"{page('doctrine_compare')}?avant=0&apres=x").status_code == 422


def test_the_page_costs_the_same_whatever_the_number_of_groups(cell, coming, client, count_queries):
    client.force_login(cell)
    few = count_queries(page("doctrine", coming.pk))
    grid = grid_of(coming)
    more = tuple(type(grid.groups[0])(f"Groupe {one}", "bed", {1: one}) for one in range(10))
    typed = type(grid)(grid.label, TOMORROW + timedelta(days=2), "", (*grid.groups, *more))
    change_doctrine(by=cell, doctrine=coming, typed=typed, seen=1)
    assert count_queries(page("doctrine", coming.pk)) == few
