"""The project's own nomenclature."""

from datetime import date

import pytest

from common.identifiers import ucd_key_holds
from medications.models import Monitoring, Presentation, Priority, Product, ReportingRule
from medications.services.reference import load_medication_reference

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)
PRIORITY_MOLECULES = {"MIDAZOLAM", "PROPOFOL", "ATRACURIUM", "CISATRACURIUM", "ROCURONIUM"}


@pytest.fixture
def loaded():
    return load_medication_reference()


def test_the_five_molecules_of_the_ministry_are_the_national_priority(loaded):
    urgent = Monitoring.objects.in_force(TODAY).filter(priority=Priority.NATIONAL)
    names = set(urgent.values_list("product__substance__name", flat=True))
    assert names == PRIORITY_MOLECULES


def test_each_list_follows_products_of_its_kind_and_is_due_on_fridays_at_18_h(loaded):
    kinds = {
        slug: set(
            Monitoring.objects.of(slug, TODAY).order_by().values_list("product__kind", flat=True)
        )
        for slug in ("autres", "grippe", "covid", "dispositifs")
    }
    assert kinds == {
        "autres": {"medicine"},
        "grippe": {"vaccine"},
        "covid": {"vaccine"},
        "dispositifs": {"device"},
    }
    rules = ReportingRule.objects.values_list("weekdays", "due_time__hour", "starts_on__year")
    assert list(rules) == [([5], 18, 2020)] * 4


def test_every_code_is_invented_says_so_and_has_a_key_that_holds(loaded):
    assert not Product.objects.filter(is_fictitious=False).exists()
    codes = Product.objects.exclude(kind__in=Product.WITHOUT_UCD).values_list("code", flat=True)
    assert [code for code in codes if not ucd_key_holds(code)] == []
    assert Presentation.objects.filter(product__isnull=True).count() == 0


def test_a_molecule_at_one_strength_has_several_laboratories_under_one_reference(loaded):
    rows = Product.objects.filter(reference__label="MIDAZOLAM 50 mg/10 ml", kind="medicine")
    assert rows.values("laboratory").distinct().count() == 3


def test_each_reference_of_medicine_has_the_virtual_product_that_mapui_sends(loaded):
    virtual = set(Product.objects.filter(kind="virtual").values_list("reference", flat=True))
    medicines = set(Product.objects.filter(kind="medicine").values_list("reference", flat=True))
    assert virtual == medicines
    assert not Monitoring.objects.filter(product__kind="virtual").exists()


def test_loaded_again_it_adds_nothing_and_undoes_nothing_that_was_decided(loaded):
    product = Product.objects.get(code="9900018")
    Product.objects.filter(pk=product.pk).update(label="Changé", laboratory="Autre")
    product.monitorings.update(priority=Priority.NORMAL, ends_on=TODAY)
    ReportingRule.objects.filter(monitored_list="autres").update(weekdays=[2, 5])
    again = load_medication_reference()
    product.refresh_from_db()
    followed = product.monitorings.get()
    rule = ReportingRule.objects.get(monitored_list="autres")
    assert (again.products, product.label) == (0, "Changé")
    assert (followed.priority, followed.ends_on) == (Priority.NORMAL, TODAY)
    assert rule.weekdays == [2, 5]


def test_nothing_invented_is_added_to_a_list_that_follows_official_codes(loaded):
    Product.objects.filter(code="9900018").update(is_fictitious=False)
    gone = Product.objects.filter(code__in=["9900024", "DSV0001"])
    Monitoring.objects.filter(product__in=gone).delete()
    gone.delete()
    load_medication_reference()
    assert not Product.objects.filter(code="9900024").exists()
    assert Product.objects.filter(code="DSV0001").exists()


def test_it_takes_few_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        load_medication_reference()
