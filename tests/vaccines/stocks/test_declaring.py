"""The stocks of flu vaccines, COVID vaccines and vaccination devices: typed, sent, by machines."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from medications.models import MonitoredList
from pui.models import LatestStock, StockLine, Transmission
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.pui.api.sending import line, read, send, token_of
from tests.pui.grid.pages import cell, form_of, url
from tests.pui.transmissions.pages import confirm, page

pytestmark = pytest.mark.django_db
DEVICES = MonitoredList.Slug.DEVICES


def stored(world):
    return {
        (one.product.code, one.stock, one.daily)
        for one in StockLine.objects.filter(pui=world.pui).select_related("product")
    }


def deposit(web, world, *lines, header="Code;Libellé;Stock;CMJ"):
    file = SimpleUploadedFile("stock.csv", "\n".join([header, *lines, ""]).encode())
    data = {"pui": world.pui.pk, "due_on": world.due_on.isoformat(), "file": file}
    return web.post(reverse("pui:transmission", kwargs={"slug": world.slug}), data)


def test_quantity_and_daily_consumption_are_typed_in_the_grid(world, web_of):
    web = web_of(world.gf)
    address = url(world.pui, world.due_on, slug=world.slug)
    shown = web.get(address)
    assert_sound_html(shown)
    assert world.first.code in shown.text
    typed = {cell(world.first): "420", cell(world.first, "daily"): "35,5"}
    sent = web.post(address, form_of(shown, **typed) | {"transmettre": "1"})
    assert sent.status_code == 302
    assert stored(world) == {(world.first.code, 420, 35.5)}, "blank is not 0"
    latest = LatestStock.objects.get(pui=world.pui, product=world.first)
    assert (latest.stock, latest.due_on) == (420, world.due_on)


def test_a_file_is_read_then_confirmed(world, web_of):
    web = web_of(world.gf)
    lines = [f"{world.first.code};{world.first.label};420;35,5", f"{world.second.code};;0;"]
    assert deposit(web, world, *lines).status_code == 302
    row = Transmission.objects.get()
    assert_sound_html(web.get(page(row)))
    assert not StockLine.objects.exists()
    confirm(web, row)
    assert stored(world) == {(world.first.code, 420, 35.5), (world.second.code, 0, None)}
    receipt = web.get(page(row))
    assert_sound_html(receipt)
    for kind in ("xlsx", "csv"):
        assert b"".join(web.get(page(row, "file", kind=kind)))


def test_the_workbook_to_fill_carries_the_codes_of_the_list(world, web_of):
    kwargs = {"slug": world.slug, "pk": world.pui.pk}
    answer = web_of(world.gf).get(reverse("pui:transmission_template", kwargs=kwargs))
    assert b"".join(answer).startswith(b"PK")


def test_a_machine_declares_and_reads(world):
    value = token_of(make_person("APE", on=world.pui.establishment))
    answer = send(value, world.pui, line(world.first), liste=world.slug)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["non_declares"] == [world.second.code]
    assert stored(world) == {(world.first.code, 420, 35)}
    for query in ({"liste": world.slug}, {"ucd": world.first.code}):
        [found] = read(value, **query).json()["stocks"]
        assert (found["ucd"], found["liste"], found["stock"]) == (world.first.code, world.slug, 420)
    assert read(value, ucd=world.second.code).json()["stocks"] == []
    assert read(value, ucd="DSV9999").status_code == 422


@pytest.mark.parametrize("world", [DEVICES], indirect=True)
@pytest.mark.parametrize("code", ["dsv0001", " DSV 0001 ", "DSV-0001"])
def test_the_own_code_of_a_device_is_known_however_it_is_written(world, web_of, code):
    web = web_of(world.gf)
    deposit(web, world, f"{code};;5;1")
    confirm(web, Transmission.objects.get())
    assert stored(world) == {("DSV0001", 5, 1)}


@pytest.mark.parametrize("world", [DEVICES], indirect=True)
def test_the_code_of_the_house_for_a_device_is_asked_about_never_told_to_be_a_wrong_ucd(
    world, web_of
):
    web = web_of(world.gf)
    deposit(web, world, "SER1;Seringue 1 ml;5;1", "MASQUE;Masque;9;", "DSV0002;;3;")
    row = Transmission.objects.get()
    text = web.get(page(row)).text.replace("\u00a0", " ")
    assert "même libellé" in text, "proposed, not applied"
    assert "7 ou 13" not in text
    confirm(web, row, line2=f"produit-{world.first.pk}")
    assert stored(world) == {("DSV0001", 5, 1), ("DSV0002", 3, None)}


@pytest.mark.parametrize("world", [DEVICES], indirect=True)
def test_a_line_without_the_code_of_a_device_is_refused_in_its_words(world, web_of):
    web = web_of(world.gf)
    deposit(web, world, ";Seringue 1 ml;5;1", "DSV0002;;3;")
    text = web.get(page(Transmission.objects.get())).text.replace("\u00a0", " ")
    assert "par exemple DSV0001" in text


@pytest.mark.parametrize("code", ["APE", "ARL", "ARA", "OMD", "NAT", "NAL", "SPF", "OIE"])
def test_only_a_gf_declares(world, web_of, code):
    on = world.pui.establishment if code in ("APE", "OIE") else None
    web = web_of(code, on)
    assert deposit(web, world, f"{world.first.code};;5;1").status_code == 403
    assert web.get(url(world.pui, world.due_on, slug=world.slug)).status_code in (403, 404)
    assert not Transmission.objects.exists()
