"""A share-out: its proposal, the total of a region that nobody passes, its publication."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.models import Entry
from pui.medicine import find_medicine
from pui.models import PharmacyShare, ShareOut
from pui.services.adjusting import Adjustment, ShareConflictError, adjust, resume
from pui.services.publishing import cancel, not_done, publish
from pui.services.receiving import AlreadyConfirmedError, Reception, confirm_reception, version_of
from pui.services.sharing import ProposalChangedError, SharingError, open_share_out
from pui.sharing import letters
from pui.sharing.proposal import propose
from pui.sharing.texts import reason_text
from tests.builders import make_person, make_region
from tests.locks import before_another
from tests.pui.builders import make_product, make_pui

pytestmark = pytest.mark.django_db


def given(share_out):
    return {one.pui.label: one.quantity for one in share_out.pharmacies.select_related("pui")}


def test_the_proposal_levels_the_cover_of_those_that_declare(country):
    """20 + 100 + 40 + 140 = 300 units for 30 a day: everybody has ten days."""
    share_out = country.open(140)
    assert given(share_out) == {
        "PUI de Orléans": 80,
        "PUI de Blois": 0,
        "PUI de Tours": 0,
        "PUI de Lyon": 60,
    }
    assert share_out.level_days == Decimal("10.0")
    assert [(one.region_id, one.total) for one in share_out.regions.order_by("pk")] == [
        ("84", 60),
        ("24", 80),
    ]


def test_a_pharmacy_that_does_not_declare_is_not_served_and_reads_why(country):
    share = country.share(country.open(), country.tours)
    assert (share.block, share.quantity) == (PharmacyShare.Block.NEVER, 0)
    assert reason_text(share).startswith("N’a jamais déclaré ses stocks\u00a0: seules les PUI qui")


def test_each_reason_not_to_be_served_is_told_apart(country):
    other = make_product("MIDAZOLAM 5 mg, ampoule")
    silent, blank, unused = (make_pui(name) for name in ("Autre", "Vide", "Sans usage"))
    country.declare(blank, 5, None)
    country.declare(unused, 5, 0)
    kept, country.product = country.product, other
    country.declare(silent, 5)
    country.product = kept
    share_out = country.open()
    told = {one.pui.label: one.block for one in share_out.pharmacies.select_related("pui")}
    assert (told["Autre"], told["Vide"], told["Sans usage"]) == ("not_declared", "blank", "no_use")


def test_a_stale_pharmacy_is_not_served(country):
    """Three weeks later nobody has declared the last due day."""
    later = timezone.now() + timedelta(days=21)
    proposal = propose(country.medicine, 300, 1, later)
    assert {one.block for one in proposal.needs} == {"stale", "never"}
    assert proposal.shares.total == 0


def test_every_ucd_of_the_reference_counts_in_the_cover(country):
    """The ward takes one for the other: 480 of a sister UCD make Orléans the last to serve."""
    sister = make_product("CISATRACURIUM, flacon", reference=country.product.reference)
    kept, country.product = country.product, sister
    country.declare(country.orleans, 480, 0)
    country.product = kept
    assert given(country.open(60))["PUI de Orléans"] == 0


def test_whole_packs_are_given_and_the_rest_is_told(country):
    proposal = propose(country.medicine, 145, 10, timezone.now())
    assert all(units % 10 == 0 for units in proposal.shares.given.values())
    assert (proposal.shares.total, proposal.shares.remainder) == (140, 5)


def test_what_was_read_is_what_is_opened(country):
    read = propose(country.medicine, 140, 1, timezone.now()).mark
    country.declare(country.tours, 0)
    with pytest.raises(ProposalChangedError) as refusal:
        open_share_out(by=country.cell, opening=country.opening(140), seen=read)
    assert not ShareOut.objects.exists()
    again = refusal.value.proposal.mark
    assert open_share_out(by=country.cell, opening=country.opening(140), seen=again).pk


def test_two_clicks_open_one_share_out(country):
    country.open()
    with pytest.raises(SharingError, match="déjà en ajustement"):
        country.open()
    assert ShareOut.objects.count() == 1


def test_only_the_national_cell_opens_publishes_and_cancels(country):
    share_out = country.open()
    for act in (
        lambda: open_share_out(by=country.agent, opening=country.opening()),
        lambda: publish(by=country.agent, share_out=share_out),
        lambda: cancel(by=country.agent, share_out=share_out, reason="Erreur de saisie"),
    ):
        with pytest.raises(SharingError, match="La cellule nationale"):
            act()


def test_an_agency_moves_within_its_total_and_the_journal_says_who(country):
    share_out = country.open(140)
    country.give(share_out, {country.orleans: 60, country.blois: 20}, note="Blois opère plus")
    assert given(share_out)["PUI de Blois"] == 20
    entry = Entry.objects.get(verb="pui.share_out_adjusted")
    assert (entry.by_id, entry.region_code) == (country.agent.pk, "24")
    assert entry.details["changes"] == [
        "PUI de Orléans\u00a0: 80 → 60",
        "PUI de Blois\u00a0: 0 → 20",
    ]


def test_over_the_total_nothing_is_kept_and_the_excess_is_told(country):
    share_out = country.open(140)
    with pytest.raises(SharingError, match="votre région en a 80\u00a0: retirez-en 10"):
        country.give(share_out, {country.orleans: 70, country.blois: 20})
    assert given(share_out)["PUI de Orléans"] == 80


def test_who_does_not_declare_stays_out_of_reach_until_it_does(country):
    share_out = country.open(140)
    with pytest.raises(SharingError, match="seules les PUI qui déclarent"):
        country.give(share_out, {country.orleans: 60, country.tours: 20})
    country.declare(country.tours, 5)
    country.give(share_out, {country.orleans: 60, country.tours: 20})
    share = country.share(share_out, country.tours)
    assert (share.block, share.stock, share.quantity) == ("", Decimal(5), 20)


def test_the_database_refuses_to_serve_who_does_not_declare(country):
    share = country.share(country.open(), country.tours)
    with pytest.raises(IntegrityError), transaction.atomic():
        PharmacyShare.objects.filter(pk=share.pk).update(quantity=1)


def test_an_agency_does_not_reach_another_region(country):
    share_out = country.open(140)
    asked = Adjustment({}, {}, is_done=True)
    with pytest.raises(SharingError, match="pas celle de votre région"):
        adjust(by=country.agent, regional=share_out.regions.get(region="84"), asked=asked)


def test_past_its_last_day_only_the_national_cell_adjusts(country):
    share_out = country.open(140)
    ShareOut.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(SharingError, match="L’ajustement est clos"):
        country.give(share_out, {country.orleans: 60})
    country.give(share_out, {country.orleans: 60}, by=country.cell)
    assert given(share_out)["PUI de Orléans"] == 60


def test_of_two_colleagues_the_second_reads_the_first(country):
    share_out = country.open(140)
    share = country.share(share_out, country.orleans)
    country.give(share_out, {country.orleans: 70}, by=make_person("ARA", on=make_region()))
    late = Adjustment({share.pk: 50}, {share.pk: 80})
    with pytest.raises(ShareConflictError) as refusal:
        adjust(by=country.agent, regional=country.centre(share_out), asked=late)
    assert [one.quantity for one in refusal.value.rows] == [70]
    assert given(share_out)["PUI de Orléans"] == 70


def test_lines_that_a_person_left_alone_are_not_in_conflict(country):
    share_out = country.open(140)
    orleans, blois = (country.share(share_out, one) for one in (country.orleans, country.blois))
    country.give(share_out, {country.orleans: 50})
    seen = {orleans.pk: 80, blois.pk: 0}
    mine = Adjustment({orleans.pk: 80, blois.pk: 30}, seen)
    adjust(by=country.agent, regional=country.centre(share_out), asked=mine)
    assert (given(share_out)["PUI de Orléans"], given(share_out)["PUI de Blois"]) == (50, 30)


def test_done_is_said_once_and_taken_back_before_changing_again(country):
    share_out = country.open(140)
    country.give(share_out, {}, is_done=True)
    with pytest.raises(SharingError, match="reprenez-le"):
        country.give(share_out, {country.orleans: 10})
    assert resume(by=country.agent, regional=country.centre(share_out))
    assert not resume(by=country.agent, regional=country.centre(share_out))
    country.give(share_out, {country.orleans: 10})


def test_publishing_names_the_agencies_that_had_not_finished(country):
    share_out = country.open(140)
    country.give(share_out, {}, is_done=True)
    assert [str(one.region) for one in not_done(share_out)] == ["Auvergne-Rhône-Alpes"]
    publish(by=country.cell, share_out=share_out)
    entry = Entry.objects.get(verb="pui.share_out_published")
    assert entry.details["not_done"] == ["Auvergne-Rhône-Alpes"]
    assert (entry.details["given"], entry.details["pharmacies"]) == (140, 2)
    with pytest.raises(SharingError, match="déjà publiée"):
        publish(by=country.cell, share_out=share_out)


def test_once_published_the_quantities_do_not_move(country):
    share_out = country.open(140)
    publish(by=country.cell, share_out=share_out)
    with pytest.raises(SharingError, match="publiée"):
        country.give(share_out, {country.orleans: 1})


@pytest.mark.django_db(transaction=True)
def test_who_adjusts_while_it_is_published_is_refused(country):
    share_out = country.open(140)
    share = country.share(share_out, country.orleans)
    asked, regional = Adjustment({share.pk: 1}, {share.pk: 80}), country.centre(share_out)
    late = lambda: adjust(by=country.agent, regional=regional, asked=asked)  # noqa: E731
    with before_another(late, refused=(SharingError,)) as refusals:
        publish(by=country.cell, share_out=share_out)
    assert ["publiée" in str(one) for one in refusals] == [True]
    assert given(share_out)["PUI de Orléans"] == 80


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_never_pass_the_total(country):
    """Each gives 80 to another pharmacy, from the 80 of the region."""
    share_out = country.open(140)
    blois = country.share(share_out, country.blois)
    second = Adjustment({blois.pk: 80}, {blois.pk: 0})
    regional = country.centre(share_out)
    late = lambda: adjust(by=country.agent, regional=regional, asked=second)  # noqa: E731
    with before_another(late, refused=(SharingError,)) as refusals:
        country.give(share_out, {country.orleans: 79})
    assert ["retirez-en 79" in str(one) for one in refusals] == [True]


def test_cancelling_needs_a_reason_and_stops_once_something_was_received(country):
    share_out = country.open(140)
    with pytest.raises(SharingError, match="motif"):
        cancel(by=country.cell, share_out=share_out, reason=" ")
    publish(by=country.cell, share_out=share_out)
    receive(country, share_out, 80)
    with pytest.raises(SharingError, match="a confirmé sa réception"):
        cancel(by=country.cell, share_out=share_out, reason="Erreur de saisie")


def test_a_cancelled_share_out_leaves_room_for_another(country):
    cancel(by=country.cell, share_out=country.open(140), reason="Erreur de saisie")
    assert country.open(200).is_adjusting


def receive(country, share_out, quantity, comment="", **more):
    reception = Reception(quantity, more.pop("on", timezone.localdate()), comment)
    share = country.share(share_out, country.orleans)
    more.setdefault("seen", version_of(share))
    by = more.pop("by", country.gf)
    return confirm_reception(by=by, share=share, reception=reception, **more)


@pytest.fixture
def published(country):
    return publish(by=country.cell, share_out=country.open(140))


def test_a_reception_that_differs_says_why(country, published):
    with pytest.raises(SharingError, match="dites pourquoi"):
        receive(country, published, 75)
    kept = receive(country, published, 75, "Cinq ampoules cassées")
    assert (kept.received_quantity, kept.confirmed_by) == (75, country.gf)
    assert Entry.objects.get(verb="pui.share_received").details["received"] == 75


def test_nothing_is_received_before_the_publication_nor_after_today(country, published):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(SharingError, match="à venir"):
        receive(country, published, 80, on=tomorrow)
    with pytest.raises(SharingError, match="rien n’a pu être reçu avant"):
        receive(country, published, 80, on=timezone.localdate() - timedelta(days=2))


def test_a_reception_is_corrected_once_read(country, published):
    receive(country, published, 80)
    with pytest.raises(AlreadyConfirmedError, match="vient de confirmer"):
        receive(country, published, 70, "Recompté", seen="")
    assert receive(country, published, 70, "Recompté").received_quantity == 70


def test_nobody_else_confirms_for_a_pharmacy(country, published):
    for person in (make_person("GF"), country.agent):
        with pytest.raises(SharingError, match="gestionnaire de fichiers"):
            receive(country, published, 80, by=person)


def test_before_the_publication_nothing_is_received(country):
    share_out = country.open(140)
    with pytest.raises(SharingError, match="en ajustement"):
        receive(country, share_out, 80)


def test_each_pharmacy_that_is_served_is_written_to_once(country, published, monkeypatch):
    sent = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: sent.append(words))
    assert letters.queue_announcements(published.pk) == len(sent) > 0
    assert country.gf.email in {to for _, _, to in sent}
    subject, text, _ = next(one for one in sent if one[2] == country.gf.email)
    assert "80\u00a0ampoules" in subject
    assert "/dispostock/medicaments/repartition/reception/" in text
    cancel(by=country.cell, share_out=published, reason="Erreur de saisie")
    assert letters.queue_announcements(published.pk) == 0


def test_a_medicine_is_named_by_its_reference_its_label_or_its_code(country):
    day = timezone.localdate()
    whole = find_medicine("cisatracurium 20 mg/10 ml", day)
    assert (whole.product, whole.reference) == (None, country.product.reference)
    for text in (country.product.label, country.product.code):
        assert find_medicine(text, day).product == country.product
    assert find_medicine("cisatra", day) is None  # the beginning of two names
    assert find_medicine("", day) is None
