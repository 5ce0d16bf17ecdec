"""The code of a box read with the camera: what a fake camera films, what happens without one."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.axe import axe
from tests.browser.conftest import ARGUMENTS, chromium_path, session_cookie, unexpected, watch
from tests.builders import make_person
from tests.pui.builders import make_pui
from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned

pytestmark = pytest.mark.django_db(transaction=True)
GTIN = "03400930000120"
SIDE = 20
# a GS1 DataMatrix, a bit a square: (01)GTIN(17)491231(10)AB12(21)ZX9
SQUARES = (
    "aaaaad6d0789454b3111e6662a58bd86f1893bb7ca0bccd7e5"
    "a7b30e6c6396ff8dcfff8b6ecf36ffc623ec045d89952fffff"
)
WIDTH, HEIGHT, ZOOM = 640, 480, 11
BLACK, WHITE = b"\x14", b"\xdc"


def film_of_the_box() -> bytes:
    """One second of the code, in the middle of a white picture."""
    left = (WIDTH - SIDE * ZOOM) // 2
    blank = WHITE * WIDTH
    rows = [blank] * ((HEIGHT - SIDE * ZOOM) // 2)
    bits = f"{int(SQUARES, 16):0{SIDE * SIDE}b}"
    for line in range(SIDE):
        squares = bits[line * SIDE : (line + 1) * SIDE]
        code = b"".join((BLACK if bit == "1" else WHITE) * ZOOM for bit in squares)
        rows += [WHITE * left + code + WHITE * (WIDTH - left - len(code))] * ZOOM
    rows += [blank] * (HEIGHT - len(rows))
    frame = b"FRAME\n" + b"".join(rows) + b"\x80" * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode() + frame * 10


@pytest.fixture
def line(transactional_db):
    today = timezone.localdate()
    row = make_line(make_wave(today, vaccine=make_vaccine(gtin=GTIN)), pui=make_pui())
    return planned(row, 40, today)


@pytest.fixture
def gf(line):
    return make_person("GF", on=line.pui.establishment)


@pytest.fixture
def filmed_page(chromium, live_server, gf, tmp_path):
    """A page whose camera films the box."""
    film = tmp_path / "box.y4m"
    film.write_bytes(film_of_the_box())
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = chromium.browser_type.launch(
        executable_path=chromium_path(), args=[*ARGUMENTS, *camera]
    )
    context = browser.new_context(base_url=live_server.url, locale="fr-FR")
    context.add_cookies([session_cookie(gf, live_server.url)])
    page = context.new_page()
    watch(page, live_server.url)
    yield page
    problems = unexpected(page)
    browser.close()
    assert problems == []


def test_the_camera_reads_the_box_and_fills_lot_and_expiry(filmed_page, line):
    page = filmed_page
    page.goto(reverse("vaccines:supply"))
    order = page.locator(f"#ligne-{line.pk}")
    order.get_by_role("button", name="Lire avec l’appareil photo").click()
    expect(order.get_by_label("Lot", exact=True)).to_have_value("AB12")
    expect(order.get_by_label("Péremption")).to_have_value("31/12/2049")
    expect(order.get_by_label("Doses reçues")).to_be_focused()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_camera_that_is_refused_says_what_to_do_and_typing_stays(open_page, gf, line):
    page = open_page(user=gf, width=360)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('', 'NotAllowedError'); }"
    )
    page.goto(reverse("vaccines:supply"))
    order = page.locator(f"#ligne-{line.pk}")
    button = order.get_by_role("button", name="Lire avec l’appareil photo")
    button.click()
    expect(order.locator("[data-scan-status]")).to_contain_text("n’est pas permis")
    expect(button).to_be_focused()
    axe(page)
    order.get_by_label("Lot", exact=True).fill("AB12")
    order.get_by_label("Doses reçues").fill("40")
    page.get_by_role("button", name="Enregistrer").click()
    expect(order.locator(".fr-badge")).to_have_text("Reçue")


def test_a_browser_without_camera_offers_the_hand_scanner_and_typing(open_page, gf, line):
    page = open_page(user=gf)
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    page.goto(reverse("vaccines:supply"))
    order = page.locator(f"#ligne-{line.pk}")
    expect(order.get_by_text("à la douchette")).to_be_visible()
    expect(order.get_by_role("button", name="Lire avec l’appareil photo")).to_be_hidden()
