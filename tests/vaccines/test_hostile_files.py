"""A file that means harm, or that is only wrong, is refused with a sentence and writes nothing."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.builders import make_person
from tests.vaccines.corrections.acts import logged_in
from tests.vaccines.wave_world import world as world
from vaccines.models import SupplyLine, Wave
from vaccines.services.waves import open_wave

HEADER = "FINESS destinataire;Date prévue;Doses prévues\n"


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", "<Types/>")
        zipped.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return file.getvalue()


HOSTILE = {
    "empty": ("liste.csv", b""),
    "titles alone": ("liste.csv", HEADER.encode()),
    "page": ("liste.xlsx", b"<html><body><table></table></body></html>"),
    "bomb": ("liste.xlsx", bomb()),
    "many": ("liste.csv", (HEADER + "450990130;;\n" * 100_000).encode()),
}


@pytest.fixture
def wave(world):
    return open_wave(by=world.spf, opening=world.opening(), asked=world.asked())[0]


def sent(name):
    filename, content = HOSTILE[name]
    return SimpleUploadedFile(filename, content)


@pytest.mark.parametrize("name", [one for one in HOSTILE if one != "titles alone"])
def test_a_hostile_plan_is_refused_beside_the_field(world, wave, name):
    address = reverse("vaccines:wave_plan", args=[wave.pk])
    answer = logged_in(world.spf).post(address, {"fichier": sent(name)})
    assert answer.status_code == 422
    assert answer.context["form"].errors["fichier"]


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_list_opens_no_wave(world, name):
    typed = {
        "label": "Vague 1",
        "vaccine": world.vaccine.pk,
        "delivers_on": world.day(14).isoformat(),
        "needs_due_at": f"{world.day(7).isoformat()}T12:00",
    }
    answer = logged_in(world.spf).post(
        reverse("vaccines:wave_new"), typed | {"fichier": sent(name)}
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["fichier"]
    assert not Wave.objects.exists()


def test_a_formula_and_a_wrong_number_are_told_by_line_and_change_nothing(world, wave):
    first, second = world.places[:2]
    day = world.day(14).strftime("%d/%m/%Y")
    text = f"{HEADER}{first.finess};=1+1;12\n{second.finess};{day};1e999\n"
    address = reverse("vaccines:wave_plan", args=[wave.pk])
    file = SimpleUploadedFile("plan.csv", text.encode("cp1252"))
    answer = logged_in(world.spf).post(address, {"fichier": file})
    assert answer.status_code == 200
    assert answer.context["count"] == 2
    assert not answer.context["plan"].typed
    assert not SupplyLine.objects.exclude(planned_doses=None).exists()


def test_the_lines_of_others_named_in_a_page_are_left_alone(world, wave):
    """A pharmacy that delivers nothing has no page of waves, whatever it posts."""
    line = wave.lines.first()
    gf = make_person("GF", on=world.second.establishment)
    sent = {f"seen-{line.pk}": "|||", f"planned_doses-{line.pk}": "6"}
    answer = logged_in(gf).post(reverse("vaccines:wave", args=[wave.pk]), sent)
    assert answer.status_code == 404
    assert not SupplyLine.objects.exclude(planned_doses=None).exists()
