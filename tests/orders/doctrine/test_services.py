"""A doctrine is copied with a day to come, changed until that day, and never after."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from common.weeks import current_week, shift
from journal.models import Entry
from orders.doctrine.differences import differences
from orders.doctrine.grid import grid_of
from orders.models import Basis, Doctrine, GroupCategory
from orders.services.allocations import version_of
from orders.services.doctrines import (
    ChangedMeanwhileError,
    DoctrineError,
    change_doctrine,
    copy_doctrine,
    delete_doctrine,
)
from orders.services.publishing import propose
from orders.services.reference_doctrine import load_doctrine
from tests.builders import make_person
from tests.locks import before_another
from tests.orders.builders import GLOVES, MASKS, make_allocation, make_item, make_stock
from tests.orders.doctrine.conftest import TOMORROW, group, make_grid
from tests.orders.quotas.builders import make_draft, make_place

pytestmark = pytest.mark.django_db


def test_a_copy_says_what_its_model_says_from_its_own_day(coming, in_force):
    assert grid_of(coming).groups == grid_of(in_force).groups
    assert (coming.starts_on, coming.label) == (TOMORROW, "À venir")
    assert Entry.objects.get(verb="orders.doctrine_copied").details["copied_from"] == "Mars 2020"


def test_a_change_is_journaled_before_and_after(cell, coming):
    typed = make_grid(
        group(masks="6", gloves="40"), group("Hôpital", Basis.BED, ("355",), masks="25")
    )
    changed = change_doctrine(
        by=cell, doctrine=coming, typed=replace(typed, label="À venir"), seen=1
    )
    assert [(one.subject, one.what, one.before, one.after) for one in changed] == [
        ("EHPAD", "Masques chirurgicaux", "5", "6")
    ]
    details = Entry.objects.get(verb="orders.doctrine_changed").details
    name = "EHPAD – Masques chirurgicaux"
    assert (details["before"][name], details["after"][name]) == ("5", "6")


def test_the_rows_say_the_grid_whatever_moved(cell, coming):
    """A category that changes group, a group renamed, one taken away, a ratio taken away."""
    typed = make_grid(
        group("Hébergement", Basis.BED, ("500", "355", "183"), masks="7.5"),
        group("Hôpital", Basis.PROFESSIONAL, (), gloves="0"),
        label="Revue",
        starts_on=TOMORROW + timedelta(days=9),
        note="Texte",
    )
    change_doctrine(by=cell, doctrine=coming, typed=typed, seen=1)
    assert grid_of(Doctrine.objects.get(pk=coming.pk)) == typed
    assert GroupCategory.objects.filter(doctrine=coming).count() == 3


def test_the_same_grid_again_writes_nothing(cell, coming):
    assert change_doctrine(by=cell, doctrine=coming, typed=grid_of(coming), seen=1) == []
    coming.refresh_from_db()
    assert coming.version == 1


def test_a_doctrine_in_force_never_changes(cell, in_force):
    with pytest.raises(DoctrineError, match="une nouvelle doctrine la remplace"):
        change_doctrine(by=cell, doctrine=in_force, typed=make_grid(group()), seen=1)
    with pytest.raises(DoctrineError, match="une nouvelle doctrine la remplace"):
        delete_doctrine(by=cell, doctrine=in_force, seen=1)


@pytest.mark.parametrize("state", ["proposed", "published", "weekly", "replaced"])
def test_a_doctrine_of_a_share_out_that_was_proposed_never_changes(cell, coming, state):
    make_allocation(doctrine=coming, state=state)
    with pytest.raises(DoctrineError, match="a été proposé avec elle"):
        change_doctrine(by=cell, doctrine=coming, typed=make_grid(group()), seen=1)
    with pytest.raises(DoctrineError, match="a été proposé avec elle"):
        delete_doctrine(by=cell, doctrine=coming, seen=1)


def test_a_doctrine_that_a_draft_tries_still_changes_and_the_draft_follows(cell, coming):
    home = make_place(10)
    draft = make_draft(doctrine=coming, starts_on=shift(current_week(), 1))
    read_on = draft.edited_at
    assert draft.shares.get(beneficiary=home).need_packs == 1
    typed = make_grid(group(masks="30"), label="À venir")
    change_doctrine(by=cell, doctrine=coming, typed=typed, seen=1)
    draft.refresh_from_db()
    assert draft.shares.get(beneficiary=home).need_packs == 6
    assert draft.edited_at > read_on
    assert draft.edited_by == cell
    with pytest.raises(DoctrineError, match="essayée avec elle"):
        delete_doctrine(by=cell, doctrine=coming, seen=2)


@pytest.mark.django_db(transaction=True)
def test_a_draft_proposed_while_its_doctrine_changes_is_not_changed_after(cell, coming):
    make_stock(available=1_000_000)
    make_place(10)
    draft = make_draft(doctrine=coming, starts_on=shift(current_week(), 1))
    typed = make_grid(group(masks="30"), label="À venir")

    def change():
        change_doctrine(by=cell, doctrine=coming, typed=typed, seen=1)

    with before_another(change, refused=DoctrineError) as refusals:
        propose(by=cell, draft=draft, seen=version_of(draft))
    assert "a été proposé avec elle" in str(refusals[0])
    assert draft.shares.get().need_packs == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (make_grid(group(), starts_on=timezone.localdate()), "demain au plus tôt"),
        (make_grid(), "au moins un groupe"),
        (make_grid(group("Ehpad", categories=()), group("EHPAD")), "Deux groupes s’appellent"),
    ],
)
def test_what_is_no_doctrine_is_refused_in_words(cell, coming, typed, said):
    with pytest.raises(DoctrineError, match=said):
        change_doctrine(by=cell, doctrine=coming, typed=typed, seen=1)


def test_two_doctrines_never_begin_on_the_same_day(cell, coming, in_force):
    with pytest.raises(DoctrineError, match="commence déjà le"):
        copy_doctrine(by=cell, model=in_force, label="Autre", starts_on=TOMORROW)


def test_only_the_national_cell_writes(coming):
    agent = make_person("ARA")
    with pytest.raises(DoctrineError, match="La cellule nationale"):
        change_doctrine(by=agent, doctrine=coming, typed=grid_of(coming), seen=1)


def test_a_doctrine_to_come_is_deleted_with_its_rows(cell, coming):
    delete_doctrine(by=cell, doctrine=coming, seen=1)
    assert not Doctrine.objects.filter(pk=coming.pk).exists()
    assert Entry.objects.get(verb="orders.doctrine_deleted").details["groups"] == [
        "EHPAD",
        "Hôpital",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_people_reads_what_the_first_wrote(cell, coming):
    mine = replace(grid_of(coming), note="le premier")
    theirs = replace(grid_of(coming), note="le second")

    def second():
        change_doctrine(by=cell, doctrine=coming, typed=theirs, seen=1)

    with before_another(second, refused=ChangedMeanwhileError) as refusals:
        change_doctrine(by=cell, doctrine=coming, typed=mine, seen=1)
    (refusal,) = refusals
    assert [(one.before, one.after) for one in refusal.between] == [("le premier", "le second")]
    coming.refresh_from_db()
    assert (coming.note, coming.version) == ("le premier", 2)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_begin_a_doctrine_the_same_day_begin_one(cell, in_force):
    def copy():
        copy_doctrine(by=cell, model=in_force, label="Une", starts_on=TOMORROW)

    with before_another(copy, refused=DoctrineError) as refusals:
        copy()
    assert len(refusals) == 1
    assert Doctrine.objects.filter(starts_on=TOMORROW).count() == 1


def test_a_comparison_tells_each_ratio_group_and_category(db):
    make_item()
    before = make_grid(group(masks="5"), group("Hôpital", Basis.BED, ("355",), masks="25"))
    after = make_grid(
        group(masks="6", gloves="1", categories=("500", "501")), group("Neuf", masks="1")
    )
    found = {(one.subject, one.what): (one.before, one.after) for one in differences(before, after)}
    assert found == {
        ("EHPAD", "Masques chirurgicaux"): ("5", "6"),
        ("EHPAD", "Gants"): ("–", "1"),
        ("EHPAD", "catégories"): ("–", "avec 501"),
        ("Neuf", "groupe"): ("–", "par place et par semaine"),
        ("Neuf", "Masques chirurgicaux"): ("–", "1"),
        ("Neuf", "catégories"): ("–", "avec 500"),
        ("Hôpital", "groupe"): ("par lit et par semaine", "supprimé"),
    }
    (masks,) = (one for one in differences(before, after) if one.change)
    assert masks.change_text == "+20\u00a0%"


def test_the_example_of_2020_is_loaded_once_and_never_over_another(cell):
    assert load_doctrine() == 1
    grid = grid_of(Doctrine.objects.get())
    ehpad = next(one for one in grid.groups if "500" in one.categories)
    assert (ehpad.basis, ehpad.ratios[MASKS]) == (Basis.PLACE, Decimal(5))
    assert ehpad.ratios[GLOVES] > 0
    assert "exemples" in grid.note
    assert load_doctrine() == 0
