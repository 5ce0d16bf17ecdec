"""Nothing is written in the journal that the page does not tell in words."""

import ast
import re
from datetime import date
from functools import cache

import pytest
from django.conf import settings

from accounts.journal_page.details import NAMES, on_one_line, readable
from accounts.journal_page.labels import FAMILIES, LABELS, choices, label_of
from accounts.models import AccessRequest, Profile
from establishments.perimeter import Action

APPS = (
    "accounts",
    "config",
    "epi_stocks",
    "establishments",
    "journal",
    "medications",
    "orders",
    "pui",
    "steering",
    "support",
    "vaccines",
)
VERB = re.compile(
    r"^(account|epi|epi_stocks|establishment|finess|medications|orders|pui|steering|support|"
    r"vaccines)\.[a-z_]*[a-z]$"
)
NOT_VERBS = {action.value for action in Action} | {
    "account.exists",  # uses of a token
    "pui.transmit",
    "pui.stocks",
    "pui.snapshots",
    "epi_stocks.inventory",  # addresses
    "epi_stocks.import_errors",
    "epi_stocks.undo",
    "epi_stocks.urls",
    "epi_stocks.aid_urls",
    "pui.urls",
    "vaccines.urls",
    "orders.urls",
    "steering.urls",
    "support.urls",
    "orders.pool",  # figures of the situation page
    "orders.sent",
    "orders.under_way",
    "orders.used",
    "vaccines.covid_late",
    "vaccines.covid_received",
    "vaccines.covid_vaccinated",
    "vaccines.flu_asked",
    "vaccines.flu_delivered",
    "steering.digest",  # kinds of mail
    "steering.mailing",
}
# verbs made of a word that varies: all that it can be
MADE = {
    "account.invitation_": {
        "account_opened", "accepted", "asked_again", "cancelled", "confirmed", "prepared",
        "resent", "sent",
    },
    "account.profile_": {"activated", Profile.State.SUSPENDED.value, Profile.State.ENDED.value},
    "account.request_": {"first_agreed", "accepted", "refused"},
}  # fmt: skip
WRITERS = re.compile(r"^_?(record|entry_of)")
FIXED = {"by", "target", "place", "profile", "address", "verb"}


@cache
def sources():
    return list(parsed())


def parsed():
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def texts(tree):
    return (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        if isinstance(node.value, str)
    )


def test_every_verb_that_is_written_has_its_words():
    found = {text for _, tree in sources() for text in texts(tree) if VERB.match(text)}
    assert "account.profile_created" in found
    assert found - NOT_VERBS - set(LABELS) == set()


def test_every_verb_given_to_the_journal_has_its_words():
    """Whatever the family: also one that the pattern above does not know."""
    given = {
        node.args[0].value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and WRITERS.match(_name(node.func)) and node.args
        if isinstance(node.args[0], ast.Constant) and "." in str(node.args[0].value)
    }
    assert "support.ticket_opened" in given
    assert given - set(LABELS) == set()


def test_every_verb_made_of_a_varying_word_has_its_words():
    begun = {
        node.values[0].value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and node.values
        and isinstance(node.values[0], ast.Constant)
        and str(node.values[0].value).startswith("account.")
    }
    assert begun == set(MADE)
    assert {f"{stem}{word}" for stem, words in MADE.items() for word in words} <= set(LABELS)


def test_the_outcomes_of_a_decision_are_all_told():
    made = {f"account.request_{one.value}" for one in AccessRequest.Outcome}
    assert made <= set(LABELS)


def test_no_words_are_kept_for_a_verb_that_nobody_writes():
    kept = "labels.py"
    found = {text for path, tree in sources() if path.name != kept for text in texts(tree)}
    made = {f"{stem}{word}" for stem, words in MADE.items() for word in words}
    assert set(LABELS) - found - made == set()


def test_every_detail_that_is_written_has_a_name():
    keys = {
        keyword.arg
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and WRITERS.match(_name(node.func))
        for keyword in node.keywords
        if keyword.arg
    }
    assert keys - FIXED - set(NAMES) - {"before", "after"} == set()


def _name(function):
    return getattr(function, "attr", getattr(function, "id", ""))


def test_an_action_is_in_one_family_only():
    assert sum(len(labels) for labels in FAMILIES.values()) == len(LABELS)
    assert sum(len(options) for _, options in choices()) == len(LABELS)


def test_a_verb_of_the_past_is_shown_as_it_is():
    assert label_of("account.gone").title == "account.gone"


@pytest.mark.parametrize(
    ("details", "shown"),
    [
        ({"reason": "Départ"}, "Motif\u00a0: Départ"),
        ({"automatic": True}, "Accordée d’office\u00a0: oui"),
        ({"rows": 12345}, "Lignes\u00a0: 12\u202f345"),
        ({"level": "ars"}, "Qui décide\u00a0: administrateurs de l’ARS"),
        ({"habilitations": ["A", "B"]}, "Habilitations\u00a0: A, B"),
        (
            {
                "before": {"phone": "", "ends_on": None},
                "after": {"phone": "01", "ends_on": "2026-12-31"},
            },
            "Téléphone\u00a0: – → 01\u00a0; Jusqu’au\u00a0: – → 31/12/2026",
        ),
        ({"before": "active"}, "Avant\u00a0: actif"),
        ({"before": "ancien", "after": "nouveau"}, "Changement\u00a0: ancien → nouveau"),
        ({"week": str(date(2026, 11, 16))}, "Semaine\u00a0: 16/11/2026"),
        ({"unheard_of": None}, "Unheard of\u00a0: –"),
    ],
)
def test_details_read_as_people_write(details, shown):
    assert on_one_line(readable(details)) == shown
