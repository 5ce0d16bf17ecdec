"""The catalogue as it is kept, by hand and by file; the agreement; who issues."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from orders.consortium.tariffs import tariffs_on
from orders.models import Product, ProductPrice, Seller, Stock, SupplyAgreement
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.orders.builders import make_product, make_stock
from tests.orders.pages import filled, logged_in, text_of
from tests.orders.paid_builders import consortium, make_sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(shop):
    return logged_in(shop.supplier)


@pytest.fixture
def cell(db):
    return logged_in(make_person("NAT", domain="distrilog"))


def test_the_catalogue_kept_is_read_in_a_constant_number_of_queries(
    shop, keeper, django_assert_max_num_queries
):
    for _ in range(15):
        make_stock(make_sold(), holder=consortium())
    keeper.get(reverse("orders:products"))
    with django_assert_max_num_queries(16):
        keeper.get(reverse("orders:products"))


def typed(**fields):
    return {
        "code": "tablier-500",
        "label": "Tabliers",
        "item": "6",
        "units_per_pack": "500",
        "pack_label": "carton",
        "delay_days": "8",
        "rank": "2",
        "is_open": "on",
        "price": "38,00",
        "tax_rate": "20",
    } | fields


def test_a_supplier_adds_a_product_fixes_a_price_and_counts_its_stock(shop, keeper):
    new = reverse("orders:product_new")
    assert_sound_html(keeper.get(new))
    assert keeper.post(new, typed(price="cher")).status_code == 422
    assert "plus de 0 €" in text_of(keeper.post(new, typed(price="0")))
    assert "20, 10, 5,5 ou 2,1 %" in text_of(keeper.post(new, typed(tax_rate="19,6")))
    keeper.post(new, typed())
    made = Product.objects.get(code="tablier-500")
    assert (made.price, made.supplier) == (Decimal("38.00"), consortium())
    assert keeper.post(new, typed()).status_code == 422
    page = reverse("orders:product", args=[made.pk])
    day = timezone.localdate() + timedelta(days=7)
    price = {"price": "35,50", "tax_rate": "20", "starts_on": day.isoformat()}
    keeper.post(reverse("orders:product_price", args=[made.pk]), price)
    assert tariffs_on(day, [made])[made.pk].price == Decimal("35.50")
    keeper.post(reverse("orders:product_stock", args=[made.pk]), {"counted": "1 500", "seen": "0"})
    assert Stock.objects.get(product=made).available == 1_500
    answer = keeper.get(page)
    assert_sound_html(answer)
    assert "1 500 unités disponibles" in text_of(answer).replace("\u202f", " ")
    row = ProductPrice.objects.get()
    withdrawn = {"withdrawn": str(row.pk)}
    keeper.post(reverse("orders:product_price", args=[made.pk]), withdrawn)
    assert not ProductPrice.objects.exists()


def test_who_writes_on_an_old_page_sees_both_and_may_send_again(shop, keeper):
    page = reverse("orders:product", args=[shop.masks.pk])
    form = keeper.get(page).context["form"]
    sent = filled(form) | {"is_open": "on"}
    keeper.post(page, sent | {"label": "Premier"})
    answer = keeper.post(page, sent | {"label": "Second"})
    assert answer.status_code == 409
    assert_sound_html(answer)
    assert "Premier" in text_of(answer)
    assert 'value="Second"' in text_of(answer)
    seen = answer.context["form"]["seen"].value()
    assert keeper.post(page, sent | {"label": "Second", "seen": seen}).status_code == 302
    shop.masks.refresh_from_db()
    assert shop.masks.label == "Second"


def test_a_count_on_an_old_page_is_told(shop, keeper):
    address = reverse("orders:product_stock", args=[shop.masks.pk])
    shop.put()
    shop.send()
    assert keeper.post(address, {"counted": "900", "seen": "1000"}).status_code == 302
    answer = keeper.post(address, {"counted": "800", "seen": "1000"})
    assert answer.status_code == 409
    assert "il est de 900" in text_of(answer)


def test_the_cell_keeps_the_products_of_the_state_by_the_same_pages(shop, cell):
    given = make_product(code="etat-1")
    answer = cell.get(reverse("orders:products"))
    assert_sound_html(answer)
    assert "etat-1" in text_of(answer)
    assert shop.masks.code not in text_of(answer)
    page = cell.get(reverse("orders:product", args=[given.pk]))
    assert "Prix" not in text_of(page).replace("Prix HT", "")
    assert cell.get(reverse("orders:product", args=[shop.masks.pk])).status_code == 404
    cell.post(reverse("orders:product_new"), typed(code="etat-2"))
    assert Product.objects.get(code="etat-2").source == "state"


def send_file(client, content, name="produits.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("orders:product_import"), {"file": file})


def table(*rows):
    headers = [
        "Référence",
        "Libellé",
        "Équipement",
        "Unités par colis",
        "Prix HT",
        "TVA",
        "Stock compté",
    ]
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([headers, *rows])
    return file.getvalue().encode()


def test_a_file_is_read_first_then_written_whole(shop, keeper):
    code = shop.masks.code
    content = table(
        [code, "Masques chirurgicaux", "Masques chirurgicaux", "50", "5,90", "20", "2000"],
        ["tablier-500", "Tabliers", "tabliers", "500", "38", "20", ""],
    )
    answer = send_file(keeper, content)
    assert_sound_html(answer)
    text = text_of(answer)
    assert "Rien n’est encore enregistré" in text
    assert "1 produit à ajouter" in text
    assert "Prix : 6.40 € → 5.90 €" in text
    assert not Product.objects.filter(code="tablier-500").exists()
    sent = {"content": answer.context["content"]}
    keeper.post(reverse("orders:product_import"), sent)
    assert tariffs_on(timezone.localdate(), [shop.masks])[shop.masks.pk].price == Decimal("5.90")
    assert shop.left == 2_000
    assert Product.objects.filter(code="tablier-500").count() == 1
    twice = keeper.post(reverse("orders:product_import"), sent, follow=True)
    assert "déjà enregistré" in text_of(twice)


def test_each_wrong_cell_is_told_and_nothing_can_be_confirmed(shop, keeper):
    other = make_product(code="etat-1")
    content = table(
        ["a b", "Masques", "masques chirurgicaux", "50", "6", "20", ""],
        ["neuf", "", "masques magiques", "0", "1e9", "20", "-5"],
        [other.code, "Autre", "tabliers", "50", "6", "20", ""],
        ["gratuit", "Gratuit", "tabliers", "50", "0", "19,6", ""],
    )
    answer = send_file(keeper, content)
    text = text_of(answer)
    assert answer.status_code == 422
    for said in (
        "d’autres signes",
        "équipement inconnu",
        "d’un autre catalogue",
        "plus de 0 €",
        "2,1 %",
    ):
        assert said in text
    assert 'name="content"' not in text
    assert send_file(keeper, b"%PDF-1.4", "a.csv").status_code == 422


def test_what_changed_since_the_preview_is_shown_again(shop, keeper):
    content = table([shop.masks.code, "Masques", "masques chirurgicaux", "50", "5,90", "20", ""])
    sent = {"content": send_file(keeper, content).context["content"]}
    Product.objects.filter(pk=shop.masks.pk).update(label="Entre-temps")
    answer = keeper.post(reverse("orders:product_import"), sent)
    assert answer.status_code == 409
    assert "a changé depuis l’aperçu" in text_of(answer)


def test_the_export_read_back_changes_nothing(shop, keeper):
    make_sold("3.33", size="XL", kind="=cmd", tax_rate=Decimal("5.50"))
    for kind in ("csv", "xlsx"):
        answer = keeper.get(reverse("orders:products_file", args=[kind]))
        content = b"".join(answer)
        again = send_file(keeper, content, f"produits.{kind}")
        assert "2 produits sans changement" in text_of(again)
    assert keeper.get(reverse("orders:product_template")).status_code == 200


def test_the_cell_dates_the_agreement_and_only_the_cell(shop, cell, keeper):
    page = reverse("orders:agreement")
    answer = cell.get(page)
    assert_sound_html(answer)
    form = answer.context["form"]
    sent = filled(form)
    today = timezone.localdate()
    cell.post(page, sent | {"ends_on": today.isoformat()})
    assert SupplyAgreement.objects.get().ends_on == today
    stale = cell.post(page, sent | {"ends_on": ""})
    assert stale.status_code == 409
    wrong = cell.post(
        page,
        {
            "starts_on": today,
            "ends_on": "2019-01-01",
            "seen": stale.context["form"]["seen"].value(),
        },
    )
    assert wrong.status_code == 422
    assert keeper.get(page).status_code == 403


def test_of_two_agreements_each_can_be_changed(shop, cell):
    page, day = reverse("orders:agreement"), timezone.localdate() + timedelta(days=200)
    new = cell.get(f"{page}?nouvelle=oui").context["form"]
    cell.post(f"{page}?nouvelle=oui", filled(new) | {"starts_on": day.isoformat()})
    first = SupplyAgreement.objects.earliest("starts_on")
    address = f"{page}?convention={first.pk}"
    assert address.replace("&", "&amp;") in text_of(cell.get(page))
    form = cell.get(address).context["form"]
    today = timezone.localdate()
    cell.post(address, filled(form) | {"ends_on": today.isoformat()})
    first.refresh_from_db()
    assert (first.ends_on, SupplyAgreement.objects.count()) == (today, 2)


def test_the_supplier_says_who_issues(shop, keeper):
    page = reverse("orders:seller")
    answer = keeper.get(page)
    assert_sound_html(answer)
    sent = filled(answer.context["form"])
    assert keeper.post(page, sent | {"iban": "FR00"}).status_code == 422
    another = keeper.post(page, sent | {"vat_number": "FR83404833048"})
    assert "n’est pas celui de ce SIRET" in text_of(another)
    assert keeper.post(page, sent | {"bic": "CMCIFRPP"}).status_code == 302
    assert Seller.objects.get().bic == "CMCIFRPP"
    assert keeper.post(page, sent).status_code == 409
