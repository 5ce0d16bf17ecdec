"""The file of the recipients of a wave: what is wrong in it is said line by line."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.builders import make_establishment
from tests.html_rules import assert_sound_html
from tests.vaccines.builders import FIRST, make_line, make_wave
from tests.vaccines.wave_pages import logged_in, report_of, text_of, typed
from tests.vaccines.wave_world import world as _world

world = _world
NEW = "/dispostock/vaccins/covid/vagues/nouvelle/"


@pytest.fixture
def spf(world):
    return logged_in(world.spf)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_bad_file_is_read_line_by_line_each_refusal_with_its_reason(world, spf, encoding):
    closed = make_establishment(name="EHPAD Fermé", closed_on=FIRST)
    alone = make_establishment(name="USLD Seule")
    good, twice, begun = world.places[:3]
    site = world.second.establishment.finess
    make_line(
        make_wave(FIRST, vaccine=world.vaccine, label="La première"),
        recipient=begun,
        pui=world.first,
        pivot=world.second,
    )
    rows = [
        "FINESS destinataire;FINESS de la PUI;Flux;FINESS de l’hôpital pivot",
        *(f"{one.finess};;;" for one in (good, closed, alone)),
        f"{twice.finess};;A;",
        f"{twice.finess};{site};B;{site}",
        f"{begun.finess};;A;",
        "990000009;;;",
        "EHPAD;;;",
    ]
    sent = SimpleUploadedFile("v.csv", "\r\n".join(rows).encode(encoding))
    shown = spf.post(NEW, typed(world, fichier=sent))
    assert_sound_html(shown)
    page = text_of(shown)
    for told in (
        "1 ligne à créer",
        "est fermé depuis le 19/01/2021",
        "USLD Seule n’a pas de PUI",
        "déjà demandé autrement à la ligne 6",
        "garde le flux B",
        "inconnu de l’annuaire",
    ):
        assert told in page, told
    file = spf.post(reverse("vaccines:wave_errors"), {"report": report_of(shown)})
    assert b"".join(file.streaming_content).count(b"\r\n") == 8


def test_five_thousand_lines_are_read_at_once(world, spf):
    unknown = "\n".join(f"99{n:07d}" for n in range(5_000))
    text = f"FINESS\n{world.places[0].finess}\n{unknown}"
    shown = spf.post(NEW, typed(world, fichier=SimpleUploadedFile("v.csv", text.encode())))
    assert "1 ligne à créer" in text_of(shown)
    assert "Plus de 1" in text_of(shown)
