"""The start page: the mode, what is short, who cannot order and why."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from establishments.models import AdministrativeBody, BeneficiaryCategory, LegalStatus
from orders.eligibility import findings, unmet
from orders.models import Order
from tests.builders import (
    make_body,
    make_category,
    make_department,
    make_establishment,
    make_legal_entity,
    make_person,
    make_region,
)
from tests.orders.builders import (
    GLOVES,
    LONG_AGO,
    make_beneficiary,
    make_item,
    make_order,
    make_pool,
    make_product,
    make_quota,
    make_tension,
    serve,
)

pytestmark = pytest.mark.django_db
PAGE = reverse("orders:start")
PAID = Order.Kind.PAID


@pytest.fixture
def home():
    make_product(make_item())
    make_product(make_item(GLOVES))
    return make_beneficiary()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def operator(home):
    return client_of(make_person("OCE", on=home.place))


def test_out_of_tension_everything_is_shown_at_0_0(home):
    page = operator(home).get(PAGE)
    assert "Hors tension&nbsp;:" in page.text
    assert [one.item.pk for one in page.context["start"].situation.calm] == [1, GLOVES]
    assert page.text.count("<br>0/0") == 2
    assert "EPI disponibles uniquement sur stock État" in page.text
    assert "tout est visible à 0/0, pour vous familiariser" in page.text


def test_in_tension_each_equipment_shows_ordered_and_allowed(home):
    make_tension(make_item())
    make_quota(home, make_item(), granted=1_200, used=300)
    text = operator(home).get(PAGE).text
    assert "Tension en cours sur 1 équipement\u00a0:".replace("\u00a0", "&nbsp;") in text
    assert "EPI disponibles uniquement sur stock État" in text
    assert "300/1\u202f200" in text
    assert "Reste 900" in text
    assert "pour vous familiariser" not in text
    assert "<strong>Gants</strong><br>0/0" in text


def test_a_tension_says_its_message_and_its_last_day(home):
    last = timezone.localdate() + timedelta(days=9)
    make_tension(make_item(), message="Aux soins d’abord.", ends_on=last)
    make_tension(make_item(GLOVES), ends_on=last)
    text = operator(home).get(PAGE).text
    assert f"jusqu’au {last:%d/%m/%Y} compris&nbsp;: Aux soins d’abord." in text
    assert f"<strong>Gants</strong>, jusqu’au {last:%d/%m/%Y} compris." in text


def test_tensions_of_different_days_say_each_its_own(home):
    today = timezone.localdate()
    before = today - timedelta(days=5)
    make_tension(make_item(), starts_on=before)
    make_tension(make_item(GLOVES))
    said = (
        f"Masques chirurgicaux, depuis le {before:%d/%m/%Y} et gants, depuis le {today:%d/%m/%Y}."
    )
    client = operator(home)
    for page in (PAGE, reverse("orders:catalogue")):
        assert said in client.get(page).text


def test_who_follows_the_country_reads_where_a_regional_tension_is(home):
    lyon = make_region("84", "Auvergne-Rhône-Alpes")
    make_tension(make_item(GLOVES), lyon, message="Pour Lyon.")
    for user, is_advised in (
        (make_person("NAT", domain="distrilog"), True),
        (make_person("LPO"), False),
    ):
        text = client_of(user).get(PAGE).text
        assert "Gants (Auvergne-Rhône-Alpes), depuis le" in text
        assert ("Pour Lyon." in text) == is_advised
        assert ("vos fournisseurs habituels" in text) == is_advised
        assert "Hors tension&nbsp;:" not in text
    make_tension(make_item(GLOVES), make_region(), message="Pour Orléans.")
    text = client_of(make_person("NAL", domain="distrilog")).get(PAGE).text
    assert "Gants (Auvergne-Rhône-Alpes, Centre-Val de Loire)" in text
    assert "Pour Lyon." not in text
    make_tension(make_item(GLOVES), message="Pour tous.")
    text = client_of(make_person("NAL", domain="distrilog")).get(PAGE).text
    assert "Pour tous." in text
    assert "Auvergne" not in text


def test_a_tension_without_quota_says_so_and_a_spent_one_when_it_comes_back(home):
    make_tension(make_item())
    make_tension(make_item(GLOVES))
    make_quota(home, make_item(GLOVES), granted=500, used=500)
    text = operator(home).get(PAGE).text
    assert "Aucun contingent publié cette semaine." in text
    assert "Épuisé. Remis à neuf lundi" in text


def test_the_orders_under_way_are_listed_those_ended_are_not(home):
    make_order(home, number="C-2020-000001")
    make_order(home, number="C-2020-000002", state=Order.State.DELIVERED)
    make_order(make_beneficiary(make_establishment()), number="C-2020-000003")
    page = operator(home).get(PAGE)
    assert [one.number for one in page.context["start"].orders] == ["C-2020-000001"]
    assert "C-2020-000001" in page.text


def test_a_basket_left_behind_is_that_of_its_author_and_holds_something(home):
    user, colleague = (make_person("OCE", on=home.place) for _ in range(2))
    draft = {"state": Order.State.DRAFT, "number": "", "submitted_at": None}
    mine = make_order(home, [(make_product(make_item()), 50)], by=user, **draft)
    paid = make_order(home, [(make_product(make_item()), 50)], by=user, kind=PAID, **draft)
    make_order(home, [(make_product(make_item()), 50)], by=colleague, **draft)
    page = client_of(user).get(PAGE)
    assert {one.pk for one in page.context["start"].orders} == {mine.pk, paid.pk}
    assert f'<a href="{reverse("orders:basket")}">Panier</a>' in page.text
    assert f'<a href="{reverse("orders:paid_review")}">Panier du consortium</a>' in page.text
    assert client_of(make_person("APE", on=home.place)).get(PAGE).context["start"].orders == []
    mine.lines.all().delete()
    assert [one.pk for one in client_of(user).get(PAGE).context["start"].orders] == [paid.pk]


def test_an_ars_whose_region_is_not_served_does_not_order(home):
    region = make_region("04", "La Réunion", is_overseas=True)
    make_tension(make_item())
    page = client_of(make_person("ARA", on=region)).get(PAGE)
    assert not page.context["start"].may_order
    assert "le stock de l’État ne sert pas sa région" in page.text
    assert "Première visite" not in page.text
    assert "EPI disponibles uniquement" not in page.text


def test_an_ars_reads_what_is_left_of_its_pool(home):
    make_tension(make_item())
    make_pool(make_region(), make_item(), granted=20_000, used=5_500)
    page = client_of(make_person("ARA")).get(PAGE)
    assert "pot commun de la région" in page.text
    assert "5\u202f500/20\u202f000" in page.text


def test_an_ars_finds_the_orders_of_its_pool_not_those_of_its_region(home):
    make_order(home)
    user = make_person("ARA")
    body = user.profiles.get().body
    own = make_order(home, kind=Order.Kind.POOL)
    Order.objects.filter(pk=own.pk).update(beneficiary=None, agency=body)
    page = client_of(user).get(PAGE)
    assert [one.pk for one in page.context["start"].orders] == [own.pk]


def test_the_first_visit_is_asked_before_the_first_order(home):
    client = operator(home)
    assert reverse("orders:registration") in client.get(PAGE).text
    assert "Première visite" in client.get(PAGE).text
    reader = client_of(make_person("APE", on=home.place))
    assert "Première visite" not in reader.get(PAGE).text


def test_the_home_page_asks_to_register_who_may_order_and_nobody_else(home):
    asked = "Inscription à Distrilog-Santé"
    assert asked in operator(home).get("/").text
    assert asked in client_of(make_person("ARA", on=home.region)).get("/").text
    school = make_establishment(category=make_category("300", "École"))
    overseas = make_region("04", "La Réunion", is_overseas=True)
    for user in (
        make_person("OCE", on=school),
        make_person("ARA", on=overseas),
        make_person("APE", on=home.place),
    ):
        assert asked not in client_of(user).get("/").text


def refused(place):
    page = client_of(make_person("OCE", on=place)).get(PAGE)
    assert "Ce profil ne permet pas de commander" in page.text
    assert f"application=commander&amp;etablissement={place.finess}" in page.text
    return page


def test_a_category_that_is_not_served_reads_why(home):
    page = refused(make_establishment(category=make_category("300", "École")))
    assert [one.title for one in page.context["start"].refusals] == [
        "Sa catégorie est bénéficiaire"
    ]
    assert "hors de la liste des catégories servies" in page.text


def test_overseas_reads_that_it_declares_and_does_not_order(home):
    region = make_region("04", "La Réunion", is_overseas=True, mailbox="ars-oi@sante.example")
    department = make_department("974", "La Réunion", region=region)
    page = refused(make_establishment(department=department, category=make_category("500")))
    assert "hors outre-mer" in page.text
    assert "ars-oi@sante.example" in page.text


def test_without_a_mailbox_of_the_ars_one_writes_to_the_national_cell(home):
    cell = make_body(AdministrativeBody.Kind.NATIONAL)
    cell.mailbox = "cellule@sante.example"
    cell.save()
    region = make_region("06", "Mayotte", is_overseas=True)
    department = make_department("976", "Mayotte", region=region)
    page = refused(make_establishment(department=department, category=make_category("500")))
    assert "écrivez à la cellule nationale\u00a0: cellule@sante.example." in page.text


def test_a_closed_place_reads_since_when(home):
    today = timezone.localdate()
    site = home.place
    conditions = findings(site)
    assert unmet(conditions) == []
    site.closed_on = today
    (closed,) = unmet(findings(site))
    assert f"est fermé dans FINESS depuis le {today:%d/%m/%Y}" in closed.detail


def test_the_wrong_number_reads_the_right_one(home):
    public = LegalStatus.objects.create(code="13", label="EPS", is_public=True)
    entity = make_legal_entity(legal_status=public)
    BeneficiaryCategory.objects.get_or_create(category=make_category(), starts_on=LONG_AGO)
    serve(make_region())
    site, _ = make_establishment(entity), make_establishment(entity)
    assert entity.finess_text in refused(site).text
    page = client_of(make_person("OCE", on=entity)).get(PAGE)
    assert page.context["start"].beneficiary.finess == entity.finess


def test_of_several_profiles_the_chosen_one_decides_of_the_page(home):
    user = make_person("OCE", on=home.place)
    other = make_establishment(category=make_category("300", "École"))
    make_person("OCE", on=other, user=user)
    client = client_of(user)
    for profile in user.profiles.all():
        client.post(reverse("profiles:use"), {"profile": profile.pk})
        page = client.get(PAGE)
        assert (page.context["start"].beneficiary == home) is (profile.entity == home.place)
    assert "changer de profil" in page.text


@pytest.mark.parametrize("code", ["NAT", "NAL", "ARL", "SPF", "LPO", "TEC", "ARA", "APE"])
def test_everybody_finds_something_behind_the_entry_of_the_menu(home, code):
    on = home.place if code == "APE" else None
    domain = "distrilog" if code in ("NAT", "NAL", "ARL", "SPF") else None
    page = client_of(make_person(code, on=on, domain=domain)).get(PAGE)
    assert page.status_code == 200


def test_the_page_takes_as_many_queries_for_one_order_as_for_five(home, client, count_queries):
    client.force_login(make_person("OCE", on=home.place))
    product = make_product(make_item())
    make_tension(make_item())
    make_order(home, [(product, 50)])
    count_queries(PAGE)
    alone = count_queries(PAGE)
    for _ in range(4):
        make_order(home, [(product, 50), (make_product(make_item()), 50)])
    make_tension(make_item(GLOVES))
    assert count_queries(PAGE) == alone
