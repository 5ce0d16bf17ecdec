"""`/plage/` leads each to the first section they meet, or says for whom it is."""

import pytest

from tests.epi_stocks.visu import text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "section"), [("APE", "demandes"), ("ARA", "demandes"), ("AUD", "journal")]
)
def test_the_address_of_the_guides_leads_to_the_first_section(client_for, code, section):
    assert client_for(code).get("/plage/")["Location"] == f"/plage/{section}/"


def test_who_administers_nothing_is_led_to_the_reason(client_for):
    answer = client_for("OIE").get("/plage/")
    assert answer["Location"] == "/acces/?application=administrer"


def test_each_page_of_plage_leads_back_to_it(client_for):
    assert 'href="/plage/">PLAGE</a>' in text(client_for("APE").get("/plage/comptes/"))
