"""The pages of the exchanges: who opens them, what they show, what they change."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from orders.models import LogisticsReport, Order, OrderFile, Platform, Replenishment, Reroute
from orders.services.order_file_acts import acknowledge_file
from orders.services.outbox import write_file
from tests.builders import make_person
from tests.orders.builders import make_address, make_beneficiary
from tests.orders.logistics.world import (
    confirmation,
    departure,
    la_poste,
    make_catalogue,
    make_filed_order,
    make_sent_order,
    moment,
    said,
    send,
    spf,
    stock_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def login(client):
    def as_person(code):
        person = make_person(code, domain="distrilog" if code in ("NAT", "SPF") else None)
        client.force_login(person)
        return client

    return as_person


def sent_file(text, name="fichier.csv"):
    return SimpleUploadedFile(name, text.encode())


def test_a_warehouse_sees_downloads_and_acknowledges_its_files_alone(login):
    order = make_filed_order()
    make_filed_order(operator=spf())
    own, other = OrderFile.objects.get(operator=la_poste()), OrderFile.objects.get(operator=spf())
    client = login("LPO")
    page = client.get(reverse("orders:order_files")).content.decode()
    assert "commandes-000001" in page
    assert client.get(reverse("orders:order_file", args=[other.pk])).status_code == 404
    got = client.get(reverse("orders:order_file_content", args=[own.pk, "json"]))
    assert (got.content.decode(), got["ETag"]) == (own.json_text, f'"{own.json_digest}"')
    gone = client.get(reverse("orders:order_file_content", args=[other.pk, "json"]))
    assert gone.status_code == 404
    assert client.get(reverse("orders:order_file_content", args=[own.pk, "xml"])).status_code == 404
    client.post(reverse("orders:order_file_acknowledge", args=[own.pk]))
    own.refresh_from_db()
    assert own.acknowledged_at
    assert order.number in client.get(reverse("orders:order_file", args=[own.pk])).content.decode()


def test_the_national_cell_sees_counts_and_neither_content_nor_replay(login):
    make_filed_order()
    file = OrderFile.objects.get()
    client = login("NAT")
    page = client.get(reverse("orders:order_file", args=[file.pk])).content.decode()
    assert "Rejouer ce fichier" not in page
    assert (
        client.get(reverse("orders:order_file_content", args=[file.pk, "csv"])).status_code == 403
    )
    url = reverse("orders:order_file_replay", args=[file.pk])
    assert client.post(url, {"reason": "Essai"}).status_code == 403


def test_the_technical_administration_replays_with_a_reason(login):
    make_filed_order()
    file = OrderFile.objects.get()
    client = login("TEC")
    url = reverse("orders:order_file_replay", args=[file.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Serveur restauré"}).status_code == 302
    assert OrderFile.objects.count() == 2


def test_lists_take_as_many_queries_whatever_their_length(login, count_queries):
    client = login("LPO")
    urls = [
        reverse("orders:order_files"),
        reverse("orders:reports"),
        reverse("orders:replenishments"),
    ]
    product = make_catalogue()
    send(confirmation(make_filed_order(product), 200))
    before = [count_queries(url) for url in urls]
    for _ in range(4):
        send(confirmation(make_filed_order(product), 200))
    assert [count_queries(url) for url in urls] == before
    assert client


def test_a_file_of_reports_is_taken_one_by_one_and_twice_counts_once(login):
    product = make_catalogue()
    order = make_filed_order(product)
    reports = {"comptes_rendus": [confirmation(order, 200), departure(order, 900), "cassé"]}
    client = login("LPO")
    url = reverse("orders:reports_file")
    for _ in range(2):
        file = sent_file(json.dumps(reports), "rendus.json")
        page = client.post(url, {"fichier": file}).content.decode()
    assert "3 déjà reçus" in page.replace("\u00a0", " ")
    assert LogisticsReport.objects.count() == 3
    assert LogisticsReport.objects.held_back().count() == 2


def test_a_table_of_reports_is_read_and_refused_without_its_end(login):
    product = make_catalogue()
    order = make_filed_order(product)
    number, code = order.number, product.code
    table = (
        "type;le;commande;produit;quantite;expedition;transporteur;colis;arretee\r\n"
        f"confirmation;{moment(1)};{number};{code};200;;;;\r\n"
        f"expedition;{moment(2)};{number};{code};200;E1;Colissimo;P1;\r\n"
        f"expedition;{moment(2)};{number};;;E1;;P2;\r\n"
    )
    client = login("LPO")
    url = reverse("orders:reports_file")
    cut = client.post(url, {"fichier": sent_file(table)})
    assert cut.status_code == 422
    assert "tronqué" in cut.content.decode()
    assert not LogisticsReport.objects.exists()
    client.post(url, {"fichier": sent_file(f"{table}fin;;;;3;;;;\r\n")})
    order.refresh_from_db()
    assert (order.state, stock_of(product)) == (Order.State.SHIPPED, (9_800, 0))
    assert order.shipments.get().parcels.count() == 2


def test_a_table_of_a_french_spreadsheet_is_read_and_its_model_is_given(login):
    product = make_catalogue()
    order = make_filed_order(product)
    hour = timezone.localtime(datetime.fromisoformat(moment(2)))
    due = f"{timezone.localdate() + timedelta(days=3):%d/%m/%Y}"
    table = (
        "type;le;commande;produit;quantite;expedition;livraison_prevue\r\n"
        f"confirmation;{hour:%d/%m/%Y %H:%M};{order.number};{product.code};200;;\r\n"
        f"expedition;{hour:%d/%m/%Y %Hh%M};{order.number};{product.code};200;E1;{due}\r\n"
        "fin;;;;2;;\r\n"
    )
    client = login("LPO")
    client.post(reverse("orders:reports_file"), {"fichier": sent_file(table)})
    assert not LogisticsReport.objects.held_back().exists()
    assert f"{order.shipments.get().expected_on:%d/%m/%Y}" == due
    model = client.get(reverse("orders:reports_template"))
    assert b"".join(model).startswith(b"PK")


def test_a_report_held_back_is_corrected_on_its_page(login):
    order = make_filed_order()
    report = send(confirmation(order, 900))
    client = login("LPO")
    url = reverse("orders:report", args=[report.pk])
    page = client.get(url)
    seen = page.context["seen"]
    assert "900 confirmées pour 200" in page.content.decode()
    assert client.post(url, {"content": "{", "seen": seen}).status_code == 422
    right = json.dumps(confirmation(order, 200))
    stale = client.post(url, {"content": right, "seen": "ancien"})
    assert stale.status_code == 409
    assert "confirmation" in stale.content.decode()
    assert client.post(url, {"content": right, "seen": seen}).status_code == 302
    report.refresh_from_db()
    assert report.state == LogisticsReport.State.APPLIED


def test_who_only_watches_neither_corrects_nor_discards(login):
    report = send(confirmation(make_filed_order(), 900))
    url = reverse("orders:report", args=[report.pk])
    client = login("NAT")
    assert "Corriger et rejouer" not in client.get(url).content.decode()
    assert client.post(url, {"discard": "1", "reason": "x"}).status_code == 403
    client = login("TEC")
    assert client.post(url, {"discard": "1", "reason": ""}).status_code == 422
    assert client.post(url, {"discard": "1", "reason": "Essai d’un logiciel"}).status_code == 302


def test_the_report_of_another_warehouse_does_not_exist(login):
    report = send(said("preparation", make_filed_order(), 1), operator=spf())
    assert login("LPO").get(reverse("orders:report", args=[report.pk])).status_code == 404


@pytest.mark.parametrize("query", ["etat=zzz", "nature=%00", "commande=%00", "page=-1"])
def test_a_strange_filter_is_no_error(login, query):
    assert login("LPO").get(f"{reverse('orders:reports')}?{query}").status_code == 200


def test_the_large_list_is_previewed_then_confirmed_once(login):
    Platform.objects.create(code="nord", label="Nord")
    place, url = make_beneficiary(), reverse("orders:large_import")
    client = login("NAT")
    table = f"FINESS;Plateforme SPF\r\n{place.finess};nord\r\n"
    page = client.post(url, {"fichier": sent_file(table), "mode": "replace"})
    place.refresh_from_db()
    assert (page.status_code, place.platform) == (200, None)
    content = page.context["content"]
    assert client.post(url, {"content": content}).status_code == 302
    place.refresh_from_db()
    assert place.platform.code == "nord"
    assert "ne change rien" in client.post(url, {"content": content}).content.decode()
    assert b"".join(client.get(reverse("orders:large_file"))).startswith(b"PK")
    assert client.post(url, {"content": "forgé"}).status_code == 302


def test_a_refused_line_of_the_large_list_stops_it_all_and_is_downloaded(login):
    client = login("NAT")
    table = f"FINESS;Plateforme SPF\r\n{make_beneficiary().finess};\r\n"
    url = reverse("orders:large_import")
    page = client.post(url, {"fichier": sent_file(table), "mode": "replace"})
    assert "sans plateforme" in page.content.decode()
    assert "Écrire la liste" not in page.content.decode()
    lines = client.post(reverse("orders:refused_lines"), {"report": page.context["report"]})
    assert "sans plateforme" in b"".join(lines).decode()


def test_who_watches_is_told_of_a_warehouse_that_takes_no_file(login):
    make_filed_order()
    file = OrderFile.objects.get()
    home = reverse("home")
    assert "n’a pas accusé réception de 1 fichier" in login("NAT").get(home).content.decode()
    assert "n’a pas accusé réception" not in login("OCE").get(home).content.decode()
    OrderFile.objects.update(written_at=timezone.now() - timedelta(minutes=119))
    assert "n’a pas accusé réception" not in login("NAT").get(home).content.decode()
    acknowledge_file(file, by=None)
    OrderFile.objects.update(written_at=file.written_at)
    assert "n’a pas accusé réception" not in login("TEC").get(home).content.decode()


def test_a_region_is_rerouted_and_its_orders_moved_from_the_pages(login):
    order = make_sent_order()
    spf()
    client = login("NAT")
    new = reverse("orders:reroute_new")
    assert client.post(new, {"region": "", "reason": ""}).status_code == 422
    made = client.post(new, {"region": order.region_id, "reason": "Entrepôt inondé"})
    row = Reroute.objects.get()
    url = reverse("orders:reroute", args=[row.pk])
    assert made["Location"] == url
    assert order.number in client.get(url).content.decode()
    assert "1 commande déplacée" in client.post(url, {"move": "1"}).content.decode().replace(
        "\u202f", " "
    )
    assert "réacheminées" in client.get(reverse("home")).content.decode()
    client.post(url, {"end": "1"})
    row.refresh_from_db()
    assert row.ended_at
    assert "Levé" in client.get(url).content.decode()


def test_allocations_are_pushed_from_a_file_once(login):
    product, place, url = make_catalogue(), make_beneficiary(), reverse("orders:pushed")
    make_address(place)
    client = login("NAT")
    table = f"FINESS;Produit;Unités\r\n{place.finess};{product.code};100\r\n"
    sent = {"fichier": sent_file(table), "reason": "Portail en panne"}
    page = client.post(url, sent)
    assert not Order.objects.exists()
    for told in ("1 dotation poussée", "étaient déjà poussées"):
        done = client.post(url, {"content": page.context["content"]}, follow=True)
        assert told in done.content.decode()
    order = Order.objects.get()
    assert (order.kind, stock_of(product)) == (Order.Kind.PUSHED, (9_900, 100))
    assert write_file(la_poste()).orders_count == 1
    assert order.number in client.get(url).content.decode()


def test_a_replenishment_goes_through_its_pages(login):
    product, url = make_catalogue(), reverse("orders:replenishments")
    asked = {"product": product.pk, "quantity": "500", "reason": "Tension"}
    client = login("LPO")
    assert client.post(url, asked | {"quantity": "12"}).status_code == 422
    assert client.post(url, asked).status_code == 302
    row = Replenishment.objects.get()
    steps = [("NAT", "ask", {}), ("SPF", "ship", {}), ("LPO", "receive", {"received": "500"})]
    for code, act, data in steps:
        client = login(code)
        client.post(reverse("orders:replenishment", args=[row.pk, act]), data)
    row.refresh_from_db()
    assert (row.state, stock_of(product)) == (Replenishment.State.RECEIVED, (10_500, 0))
    assert "reçue" in client.get(url).content.decode()


def test_an_establishment_has_none_of_these_pages(login):
    client = login("OCE")
    for name in ("order_files", "reports", "routing", "pushed", "replenishments", "large"):
        assert client.get(reverse(f"orders:{name}")).status_code == 403
