"""What a recipient requires: a service, an engagement."""

import pytest

from orders.chorus.recipients import ask_again, missing_in_words, recipient_of
from orders.models import Recipient
from tests.orders.paid_builders import PUBLIC_SIRET

pytestmark = pytest.mark.django_db
SERVICES = [
    {"codeService": "PHARMA", "libelleService": "Pharmacie", "estActif": True},
    {"codeService": "VIEUX", "estActif": False},
]


def wants(chorus, **parameters):
    chorus.structures[PUBLIC_SIRET] = (parameters, SERVICES)


@pytest.mark.parametrize(
    ("wanted", "service", "engagement", "missing"),
    [
        ({"codeServiceDoitEtreRenseigne": True}, "", "", {"service_code"}),
        ({"codeServiceDoitEtreRenseigne": True}, "PHARMA", "", set()),
        ({"codeServiceDoitEtreRenseigne": True}, "VIEUX", "", {"service_code"}),
        ({"numeroEJDoitEtreRenseigne": True}, "PHARMA", "", {"engagement"}),
        ({"gestionNumeroEJOuCodeService": True}, "", "", {"engagement"}),
        ({"gestionNumeroEJOuCodeService": True}, "PHARMA", "", set()),
        ({"gestionNumeroEJOuCodeService": True}, "", "EJ1", set()),
        ({}, "", "", set()),
    ],
)
def test_what_the_recipient_wants_is_asked_and_nothing_else(
    chorus, wanted, service, engagement, missing
):
    wants(chorus, **wanted)
    assert set(missing_in_words(PUBLIC_SIRET, service, engagement)) == missing


def test_an_unknown_siret_is_told(chorus):
    assert "ne connaît pas" in missing_in_words(PUBLIC_SIRET, "", "")["siret"]


def test_a_structure_that_is_closed_there_is_told_as_unknown(chorus):
    wants(chorus)
    chorus.closed = True
    assert "ne connaît pas" in missing_in_words(PUBLIC_SIRET, "", "")["siret"]


def test_every_service_of_a_large_hospital_is_known(chorus):
    many = [{"codeService": f"S{n}", "estActif": True} for n in range(40)]
    chorus.structures[PUBLIC_SIRET] = ({"codeServiceDoitEtreRenseigne": True}, many)
    assert missing_in_words(PUBLIC_SIRET, "S39", "") == {}
    assert set(missing_in_words(PUBLIC_SIRET, "S40", "")) == {"service_code"}


def test_what_is_known_is_kept_a_day_and_an_outage_asks_nothing_more(chorus):
    wants(chorus, numeroEJDoitEtreRenseigne=True)
    assert recipient_of(PUBLIC_SIRET).needs_engagement
    calls = len(chorus.calls)
    recipient_of(PUBLIC_SIRET)
    assert len(chorus.calls) == calls
    Recipient.objects.update(checked_at="2020-01-01T00:00Z")
    chorus.failures["structures/v1/rechercher"] = [503]
    assert recipient_of(PUBLIC_SIRET).needs_engagement  # the last known
    ask_again()
    Recipient.objects.all().delete()
    chorus.failures["structures/v1/rechercher"] = [503]
    assert missing_in_words(PUBLIC_SIRET, "", "") == {}


def test_one_that_does_not_answer_is_left_alone_for_a_while(chorus):
    """Whoever reads their basket again must not wait for it each time."""
    wants(chorus)
    chorus.failures["structures/v1/rechercher"] = [503]
    recipient_of(PUBLIC_SIRET)
    calls = len(chorus.calls)
    recipient_of(PUBLIC_SIRET)
    assert len(chorus.calls) == calls
    ask_again()
    assert recipient_of(PUBLIC_SIRET).is_known
