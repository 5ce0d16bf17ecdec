"""The rules of `make faults`, each seen failing: what people were told, beside what is found."""

import smtplib
import sys
import time
from collections import Counter
from email.message import EmailMessage

import pytest

from tests.faults import checks, kept
from tests.faults.checks import RULES, Counted, Found, Job, verdicts
from tests.faults.sink import Mail, Sink
from tests.faults.told import NO, UNKNOWN, YES, Act, Told

SENT = ("orders.order_sent", "C-1")


def told(*acts, surprises=()):
    return Told(acts=list(acts), surprises=list(surprises))


def act(kind, key, value=None, verdict=YES, ended=1.0):
    return Act(kind, key, value, verdict, ended=ended, sent=ended)


WELL = {
    "cells": {"site/1": [5, 7]},
    "orders": {"a": ["submitted"], "b": ["cancelled"]},
    "transmissions": Counter({"k": 1}),
    "latest": {3: 40},
    "requests": Counter({"x@y.example 1": 1}),
    "deposits": {"d": ["ready"], "e": ["ready"]},
    "counters": [Counted("contingent", 50, 100, 50), Counted("stock", 50, 400, 50, 400)],
    "acts": Counter({SENT: 1}),
    "journal": Counter({SENT: 1}),
    "jobs": [Job(1, "tick", "todo", late=3), Job(2, "tick", "doing", silent=2)],
    "written": {"a": 1},
    "sequences": {"La Poste": [1, 2, 3]},
    "folder": {"x.csv": ""},
    "mails": [Mail("z@y.example", "Mot de passe", "<1>")],
}
SAID = (
    act("cell", "site/1", 7),
    act("order", "a"),
    act("order", "b"),
    act("order", "c", verdict=NO),
    act("cancel", "b"),
    act("transmission", "k", (3, 40)),
    act("request", "x@y.example 1"),
    act("deposit", "d"),
    act("deposit", "e"),
    act("reset", "z@y.example"),
    act("login", "x@y.example"),
)


def broken(found, said=SAID, surprises=()):
    """The rules that are not held, by the name of their function."""
    wrong = verdicts(told(*said, surprises=surprises), found)
    return {rule.__name__ for name, rule in RULES.items() if wrong[name]}


def test_all_holds_when_what_was_told_is_found():
    assert broken(Found(**WELL)) == set()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"cells": {"site/1": [5]}}, "written"),
        ({"orders": {"b": ["cancelled"]}}, "written"),
        ({"orders": {"a": ["submitted"], "b": ["submitted"]}}, "written"),
        ({"transmissions": Counter()}, "written"),
        ({"requests": Counter()}, "written"),
        ({"deposits": {"e": ["ready"]}}, "written"),
        ({"deposits": {"d": ["ready"], "e": ["reading"]}}, "written"),
        ({"deposits": {"d": ["ready"], "e": ["reading"]}, "kept_files": {"e"}}, "jobs_done"),
        ({"mails": []}, "written"),
        ({"cells": {"site/1": [5, 7, 7]}}, "once"),
        ({"cells": {"site/1": [7, 5]}}, "once"),
        ({"orders": {"a": ["submitted", "submitted"], "b": ["cancelled"]}}, "once"),
        ({"transmissions": Counter({"k": 2})}, "once"),
        ({"requests": Counter({"x@y.example 1": 2})}, "once"),
        ({"deposits": {"d": ["ready", "ready"], "e": ["ready"]}}, "once"),
        ({"counters": [Counted("contingent", 150, 100, 150)]}, "counted"),
        ({"counters": [Counted("contingent", -50, 100, -50)]}, "counted"),
        ({"counters": [Counted("contingent", 50, 100, 100)]}, "counted"),
        ({"counters": [Counted("stock", 50, 350, 50, 400)]}, "counted"),
        ({"latest": {3: 39}}, "latest"),
        ({"journal": Counter()}, "journaled"),
        ({"journal": Counter({SENT: 2})}, "journaled"),
        ({"journal": Counter({SENT: 1, ("orders.order_sent", "C-9"): 1})}, "journaled"),
        ({"jobs": [Job(1, "tick", "failed")]}, "jobs_done"),
        ({"jobs": [Job(1, "tick", "doing", silent=checks.SILENT + 1)]}, "jobs_done"),
        ({"jobs": [Job(1, "tick", "todo", late=checks.LATE + 1)]}, "jobs_done"),
        ({"written": {"a": 2}}, "files_whole"),
        ({"written": {"a": 0}}, "files_whole"),
        ({"sequences": {"La Poste": [1, 3]}}, "files_whole"),
        ({"folder": {"x.csv": "partiel"}}, "files_whole"),
        ({"mails": [*WELL["mails"], Mail("z@y.example", "Mot de passe", "<2>")]}, "mailed"),
    ],
)
def test_each_rule_sees_what_it_is_for(change, rule):
    assert rule in broken(Found(**WELL | change))


def test_what_was_refused_must_not_be_there():
    there = WELL["orders"] | {"c": ["submitted"]}
    assert broken(Found(**WELL | {"orders": there})) == {"refused"}


def test_a_page_of_error_is_a_fault():
    assert broken(Found(**WELL), surprises=["500 Incident"]) == {"answered"}


def test_what_got_no_answer_may_be_there_or_not():
    said = (*SAID, act("order", "d", verdict=UNKNOWN), act("cell", "site/1", 8, UNKNOWN))
    assert broken(Found(**WELL), said) == set()
    done = WELL | {"cells": {"site/1": [5, 7, 8]}, "orders": WELL["orders"] | {"d": ["submitted"]}}
    assert broken(Found(**done), said) == set()


def test_a_stock_sent_after_the_last_acknowledged_may_be_in_force():
    said = (*SAID, act("transmission", "l", (3, 41), UNKNOWN, ended=2.0))
    assert broken(Found(**WELL | {"latest": {3: 41}}), said) == set()


def test_one_mail_that_comes_twice_under_one_number_is_one():
    assert broken(Found(**WELL | {"mails": WELL["mails"] * 2})) == set()


def test_few_sentences_are_told_of_one_rule():
    many = {"jobs": [Job(number, "tick", "failed") for number in range(50)]}
    assert len(verdicts(told(), Found(**many))["aucun travail perdu ni bloqué"]) == checks.MOST


@pytest.fixture
def sink():
    one = Sink()
    one.open()
    yield one
    one.close()


def send(sink):
    message = EmailMessage()
    message["To"], message["Subject"], message["Message-ID"] = "a@b.example", "Essai", "<7@b>"
    message.set_content("Bonjour\n.\nfin")
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as server:
        server.send_message(message, "c@b.example")


def test_the_mail_server_keeps_what_it_is_given(sink):
    send(sink)
    assert sink.mails == [Mail("a@b.example", "Essai", "<7@b>")]


def test_a_mail_server_that_refuses_or_is_closed_keeps_nothing(sink):
    sink.is_refusing = True
    with pytest.raises(smtplib.SMTPException):
        send(sink)
    sink.close()
    with pytest.raises(OSError, match="refused"):
        send(sink)
    assert sink.mails == []


def test_a_program_that_is_killed_is_started_again_then_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "PAUSE", 0.01)
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    program = kept.Kept("sleeper", words, {}, tmp_path)
    program.start()
    first = program.pid
    program.kill()
    end = time.monotonic() + 10
    while program.pid == first and time.monotonic() < end:
        time.sleep(0.01)
    assert program.pid != first
    program.stop()
    assert program.ends == 1  # who asked is not counted
    assert program.process.returncode is not None
    assert not program.watch.is_alive()
