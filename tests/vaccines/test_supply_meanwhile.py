"""The page of a pharmacy while somebody else writes, or the deadline passes."""

import pytest
from django.utils import timezone

from tests.pui.builders import make_pui
from tests.vaccines.supply_pages import PAGE, logged_in, shown, text_of
from tests.vaccines.supply_pages import lines as _lines
from tests.vaccines.supply_pages import vaccine as _vaccine
from vaccines.models import SupplyLine

pytestmark = pytest.mark.django_db
lines, vaccine = _lines, _vaccine


def test_a_conflict_shows_both_values_and_is_settled_by_saving_again(gf, lines):
    second = lines[1]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "10",
        f"besoin-{second.pk}-second": "72",
    }
    SupplyLine.objects.filter(pk=second.pk).update(
        first_doses=12, second_doses=0, recalled=lines[0], need_at=timezone.now(), need_by=gf
    )
    refused = client.post(PAGE, data)
    assert "12 en 1res, 0 en rappels" in text_of(refused)
    client.post(PAGE, shown(refused))
    second.refresh_from_db()
    assert (second.first_doses, second.second_doses) == (10, 72)


def test_a_number_that_cannot_be_read_never_hides_what_a_colleague_wrote(gf, lines):
    """The refusal did not compare: sent again, the two values are read first."""
    second = lines[1]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "dix",
        f"besoin-{second.pk}-second": "72",
    }
    SupplyLine.objects.filter(pk=second.pk).update(
        first_doses=12, second_doses=0, recalled=lines[0], need_at=timezone.now(), need_by=gf
    )
    refused = client.post(PAGE, data)
    again = shown(refused) | {f"besoin-{second.pk}-first": "10"}
    told = client.post(PAGE, again)
    assert "12 en 1res, 0 en rappels" in text_of(told)
    second.refresh_from_db()
    assert second.first_doses == 12
    client.post(PAGE, shown(told))
    second.refresh_from_db()
    assert second.first_doses == 10


def test_people_told_by_a_colleague_meanwhile_are_read_then_replaced(gf, lines):
    awaited = lines[2]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {f"vaccines-{awaited.pk}-people": "38"}
    SupplyLine.objects.filter(pk=awaited.pk).update(vaccinated=39, vaccinated_by=gf)
    refused = client.post(PAGE, data)
    assert "39 personnes" in text_of(refused)
    client.post(PAGE, shown(refused))
    awaited.refresh_from_db()
    assert awaited.vaccinated == 38


def test_recalls_without_a_reason_are_told_when_the_people_come_after_them(gf, lines):
    first, second, _ = lines
    SupplyLine.objects.filter(pk=second.pk).update(first_doses=0, second_doses=66, recalled=first)
    page = logged_in(gf).get(PAGE)
    row = next(
        row for block in page.context["blocks"] for row in block.rows if row.line.pk == second.pk
    )
    assert (row.gap, row.is_gap_unexplained) == (-6, True)
    SupplyLine.objects.filter(pk=second.pk).update(comment="Six personnes sont parties.")
    page = logged_in(gf).get(PAGE)
    assert not page.context["blocks"][0].rows[0].is_gap_unexplained


def test_what_is_typed_after_the_deadline_is_refused_but_kept_on_the_page(gf, lines):
    second = lines[1]
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {f"besoin-{second.pk}-first": "123"}
    second.wave.needs_due_at = timezone.now()
    second.wave.save()
    text = text_of(client.post(PAGE, data))
    assert 'value="123"' in text
    assert "se saisissaient avant le" in text


def test_a_line_moved_meanwhile_is_told_and_the_rest_saved(gf, lines):
    _, second, awaited = lines
    client = logged_in(gf)
    data = shown(client.get(PAGE)) | {
        f"besoin-{second.pk}-first": "4",
        f"vaccines-{awaited.pk}-people": "40",
    }
    SupplyLine.objects.filter(pk=second.pk).update(pui=make_pui("PUI voisine"))
    text = text_of(client.post(PAGE, data, follow=True))
    assert "n’est plus de votre PUI" in text
    awaited.refresh_from_db()
    assert awaited.vaccinated == 40
