"""« Première transmission d’une PUI »: from the export of a pharmacy to the receipt."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from medications.calendar import calendar_of
from medications.models import Priority
from pui.models import StockLine, Transmission
from tests.browser.axe import axe
from tests.builders import make_establishment, make_person, make_user
from tests.pui.builders import (
    make_followed,
    make_list,
    make_product,
    make_pui,
    make_reference,
    make_transmission,
)

pytestmark = pytest.mark.django_db(transaction=True)
START = "/dispostock/medicaments/transmission/"
LINES = (
    "UCD;Libellé;Quantité en stock;CMJ",
    "9999014;PROPOFOL 10 mg/ml;240;60",
    "9999021;MIDAZOLAM 5 mg/ml;4200;35",
    "9999308;ATRACURIUM 10 mg/ml;600;40",
    "9999052;NORADRÉNALINE 2 mg/ml;1,234;22",
    "1234567;PARACÉTAMOL 1 g;900;80",
)


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def pui():
    make_list()
    site = make_establishment(name="Hôpital Saint-Aubin")
    return make_pui(on=site)


@pytest.fixture
def products(pui):
    def made(label, code, **fields):
        reference = make_reference(label.split()[0], " ".join(label.split()[1:3]))
        return make_followed(make_product(label, code=code, reference=reference), **fields)

    return {
        "propofol": made("PROPOFOL 10 mg/ml, ampoule 20 ml", "9999014"),
        "midazolam": made(
            "MIDAZOLAM 5 mg/ml, ampoule 10 ml", "9999021", priority=Priority.NATIONAL
        ),
        "atracurium": made("ATRACURIUM 10 mg/ml, ampoule 5 ml", "9999038"),
        "noradrenaline": made("NORADRÉNALINE 2 mg/ml, ampoule 4 ml", "9999052"),
        "ketamine": made("KÉTAMINE 50 mg/ml, ampoule 5 ml", "9999085"),
    }


@pytest.fixture
def helene(pui):
    user = make_user(first_name="Hélène", last_name="Caron")
    return make_person("GF", on=pui.establishment, user=user)


@pytest.fixture
def days(pui):
    return [one.due_on for one in calendar_of("autres").open_periods(timezone.localtime())]


@pytest.fixture
def export(tmp_path):
    """What the software of the pharmacy gives, in its old encoding."""

    def written(*lines, name="stock_pui.csv"):
        path = tmp_path / name
        path.write_bytes("\r\n".join(lines).encode("cp1252"))
        return path

    return written


def press(page, words):
    """A radio button lies under its words."""
    page.locator("main label").filter(has_text=words).last.click()


def deposit(page, file):
    press(page, "à transmettre")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Vérifier le fichier").click()


def test_a_gf_without_a_pharmacy_goes_from_its_creation_to_the_first_receipt(open_page, export):
    followed = make_followed(make_product("PROPOFOL 10 mg/ml, ampoule 20 ml", code="9999014"))
    where = {"address": "12 RUE DES LILAS", "postal_code": "45000"}
    site = make_establishment(name="Hôpital Saint-Aubin", **where)
    page = open_page(user=make_person("GF", on=site))
    page.goto("/dispostock/")
    page.get_by_role("link", name="Créer la PUI").first.click()
    page.get_by_label("Libellé de la PUI").fill("PUI Saint-Aubin")
    page.get_by_role("button", name="Créer la PUI").click()
    expect(page.get_by_role("heading", name="Fiche à compléter")).to_be_visible()

    page.get_by_role("navigation", name="e-Dispostock").get_by_role(
        "link", name="Transmission", exact=True
    ).click()
    deposit(page, export(*LINES[:2]))
    expect(page.get_by_text("Première déclaration de ces produits")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Transmettre").click()
    expect(page.get_by_role("heading", name="Accusé de réception").first).to_be_visible()
    line = StockLine.objects.get()
    assert (line.product, line.stock, line.pui.label) == (followed, 240, "PUI Saint-Aubin")


def test_the_first_transmission_of_a_pharmacy(open_page, helene, pui, products, days, export):
    make_transmission(pui, {products["midazolam"]: (420, 35)}, by=helene, due_on=days[0])
    page = open_page(user=helene)
    page.goto(START)
    axe(page)
    deposit(page, export(*LINES))
    expect(page.get_by_text("Rien n’est encore enregistré.")).to_be_visible()
    axe(page)
    expect(page.locator("main input:checked")).to_have_count(0)

    page.get_by_role("button", name="Transmettre sans la ligne refusée").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("2 réponses manquent")
    axe(page)
    alert.get_by_role("link").first.click()
    press(page, "C’est 9999038, ATRACURIUM")
    page.get_by_label("Votre réponse pour MIDAZOLAM").select_option("C’est exact")
    assert not StockLine.objects.filter(due_on=days[1]).exists()

    page.get_by_role("button", name="Transmettre sans la ligne refusée").click()
    expect(page.get_by_role("heading", name="Accusé de réception").first).to_be_visible()
    axe(page)
    stored = StockLine.objects.filter(due_on=days[1]).values_list("product__code", "stock")
    assert dict(stored) == {"9999014": 240, "9999021": 4200, "9999038": 600}
    expect(page.get_by_text("Non déclarés (ce n’est pas 0)")).to_be_visible()


def test_the_keyboard_alone_answers_and_transmits(open_page, helene, pui, products, export):
    page = open_page(user=helene)
    page.goto(START)
    deposit(page, export(LINES[0], LINES[3]))
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Accusé de réception").first).to_be_visible()
    assert StockLine.objects.get().product == products["atracurium"]


def test_the_keyboard_alone_says_the_columns_and_is_led_to_what_is_missing(
    open_page, helene, pui, products, export
):
    page = open_page(user=helene)
    page.goto(START)
    deposit(page, export("Repère;Combien;CMJ", "9999014;240;60"))
    expect(page.get_by_role("heading", name="Que contiennent les colonnes")).to_be_visible()
    page.get_by_role("link", name="Contenu").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("UCD", exact=False).first).to_be_focused()
    page.get_by_role("button", name="Lire le fichier ainsi").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("UCD", exact=False).first.select_option("Repère")
    page.get_by_label("Quantité en stock").select_option("Combien")
    page.get_by_role("button", name="Lire le fichier ainsi").press("Enter")
    page.get_by_role("button", name="Transmettre", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Accusé de réception").first).to_be_visible()
    assert StockLine.objects.get().stock == 240


def test_without_script_and_on_a_phone_everything_is_there(
    open_page, helene, pui, products, export
):
    page = open_page(user=helene, width=360, java_script_enabled=False)
    page.goto(START)
    deposit(page, export(LINES[0], LINES[1], LINES[3]))
    press(page, "Ne pas transmettre cette ligne")
    page.get_by_role("button", name="Transmettre", exact=True).click()
    expect(page.get_by_role("heading", name="Accusé de réception").first).to_be_visible()
    assert StockLine.objects.get().product == products["propofol"]


def test_the_columns_are_asked_for_in_words(open_page, helene, pui, products, export):
    page = open_page(user=helene)
    page.goto(START)
    deposit(page, export("UCD;Combien;CMJ", "9999014;240;60"))
    axe(page)
    page.get_by_label("Quantité en stock").select_option("Combien")
    page.get_by_role("button", name="Lire le fichier ainsi").click()
    page.get_by_role("button", name="Transmettre", exact=True).click()
    expect(page.get_by_role("heading", name="Accusé de réception").first).to_be_visible()


def test_the_other_states_have_no_accessibility_fault(
    open_page, helene, pui, products, days, export
):
    for due_on, stock in zip(days, (200, 240), strict=True):
        make_transmission(pui, {products["propofol"]: (stock, 60)}, by=helene, due_on=due_on)
    row = Transmission.objects.order_by("-due_on").first()
    page = open_page(user=helene)
    kwargs = {"slug": "autres", "number": row.number}
    for address in (
        reverse("pui:transmission_differences", kwargs=kwargs),
        reverse("pui:transmission_history", kwargs={"slug": "autres"}),
    ):
        page.goto(address)
        axe(page)
    detail = reverse("pui:transmission_detail", kwargs=kwargs)
    for state in ("reading", "refused", "abandoned"):
        Transmission.objects.filter(pk=row.pk).update(
            state=state, confirmed_at=None, message="Ce fichier est protégé par un mot de passe."
        )
        page.goto(detail)
        axe(page)
    make_pui("PUI annexe", on=pui.establishment)
    page.goto(START)
    axe(page)


def test_the_ars_reopens_a_due_day(open_page, pui, products, days):
    ars = open_page(user=make_person("ARA", on=pui.establishment.region))
    ars.goto(reverse("pui:transmission_history", kwargs={"slug": "autres"}) + f"?pui={pui.pk}")
    ars.get_by_role("link", name="Rouvrir une échéance close").click()
    axe(ars)
    ars.get_by_label("Échéance close à rouvrir").select_option(index=1)
    ars.get_by_label("Motif").fill("Panne du logiciel de la pharmacie")
    ars.get_by_role("button", name="Rouvrir l’échéance").click()
    expect(ars.get_by_text("est rouverte à PUI Saint-Aubin")).to_be_visible()
