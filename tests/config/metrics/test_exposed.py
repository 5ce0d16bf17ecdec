"""What a machine that watches reads: well formed, flat, true, and told apart from the site."""

import json
import math
import socket
import threading
import urllib.request
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import get_resolver
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from common.probes import MOST_SAMPLES, Probe, Sample
from common.reading import REPLICA
from common.statements import Slow
from config.management.commands import metrics
from config.metrics import exposed, probes
from config.metrics.exposed import Measures, readings
from journal.sealing.seals import seal_pending
from journal.services import record
from monitoring.recorder import JOB, PAGE, Recorder
from monitoring.upkeep import STATEMENTS_KEPT, fold
from tests.config.administration.steps import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stays_open(monkeypatch):
    """The connection of a test is closed at its end."""
    monkeypatch.setattr(exposed.connection, "close", lambda: None)


def scraped():
    """Each sample by its name and its labels, as Prometheus reads the text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Measures())
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def value(found, name, **labels):
    return found[name, tuple(sorted(labels.items()))]


def test_requests_are_told_by_route_and_status_with_their_durations():
    recorder = Recorder()
    recorder.add((PAGE, "home", "GET", "200"), 12, statements=3, statement_millis=4)
    recorder.add((PAGE, "home", "GET", "500"), 30_000)
    recorder.flush()
    found = scraped()
    assert value(found, "stocks_requests_total", route="home", method="GET", status="500") == 1
    assert value(found, "stocks_request_seconds_bucket", route="home", le="0.025") == 1
    assert value(found, "stocks_request_seconds_bucket", route="home", le="+Inf") == 2
    assert value(found, "stocks_request_seconds_count", route="home") == 2
    assert value(found, "stocks_request_seconds_sum", route="home") == pytest.approx(30.012)
    assert value(found, "stocks_request_statements_total", route="home") == 3
    assert value(found, "stocks_objective_missed_total") == 1
    assert value(found, "stocks_objective_ratio") == pytest.approx(0.999)


def test_jobs_are_told_by_task_and_outcome():
    recorder = Recorder()
    recorder.add((JOB, "a.task", "", "failed"), 1500)
    recorder.flush()
    found = scraped()
    assert value(found, "stocks_jobs_total", task="a.task", outcome="failed") == 1
    assert value(found, "stocks_job_seconds_sum", task="a.task") == pytest.approx(1.5)


def test_the_queue_and_the_mails_are_read_now():
    make_job(), make_job(status="todo"), make_job(status="doing")
    found = scraped()
    assert value(found, "stocks_queue_failed", queue="mail") == 1
    assert value(found, "stocks_queue_waiting", queue="mail") == 1
    assert value(found, "stocks_mails", state="failed") == 1
    assert value(found, "stocks_jobs_stalled") == 1  # no worker took it
    assert value(found, "stocks_jobs_retried") == 1
    assert value(found, "stocks_workers") == 0
    assert value(found, "stocks_database_up") == 1
    assert value(found, "stocks_database_connections", state="used") >= 1
    assert value(found, "stocks_disk_free_bytes") > 0
    working = {name for (name, _), up in found.items() if name == "stocks_probe_up" and up != 1}
    assert working == set()


def test_an_entry_of_the_journal_is_told_to_wait_until_a_seal_holds_it(settings, tmp_path):
    settings.JOURNAL_HEADS_FILE = tmp_path / "heads"
    record("test.done", by=None)
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert value(scraped(), "stocks_journal_unsealed_seconds") == pytest.approx(1200, abs=60)
    seal_pending()
    assert value(scraped(), "stocks_journal_unsealed_seconds") == 0


def test_slow_statements_are_a_reading_that_goes_down_when_the_old_ones_leave():
    """A counter that goes down would be read as a service that started again."""
    recorder = Recorder()
    for _ in range(3):
        recorder.slow(Slow("SELECT ?", 0.5), "home")
    recorder.flush()
    assert value(scraped(), "stocks_slow_statements") == 3
    with time_machine.travel(timezone.now() + STATEMENTS_KEPT + timedelta(hours=1)):
        fold()
    assert value(scraped(), "stocks_slow_statements") == 0


def test_what_does_not_exist_yet_is_not_told(settings, tmp_path):
    settings.BACKUP_STATE = tmp_path / "none.json"
    names = {name for name, _ in scraped()}
    assert not {"stocks_backup_age_seconds", "stocks_replica_lag_seconds"} & names


def test_the_age_of_the_last_backup_is_read_where_the_backup_wrote_it(settings, tmp_path):
    settings.BACKUP_STATE = tmp_path / "last.json"
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    settings.BACKUP_STATE.write_text(json.dumps({"full": an_hour_ago, "size": 1, "log": None}))
    found = scraped()
    assert value(found, "stocks_backup_age_seconds") == pytest.approx(3600, abs=60)
    assert ("stocks_backup_log_age_seconds", ()) not in found


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"full": "hier"}', '{"full": "2026-01-01"}'])
def test_a_mark_that_cannot_be_read_tells_nothing(settings, tmp_path, written):
    settings.BACKUP_STATE = tmp_path / "last.json"
    settings.BACKUP_STATE.write_text(written)
    assert list(probes.backup_age("full")) == []


@pytest.mark.parametrize(("measured", "told"), [(4.5, 4.5), (None, math.inf)])
def test_a_replica_is_as_late_as_the_site_itself_finds_it(monkeypatch, settings, measured, told):
    """And not as its receiver says, which is never late when the link is cut."""
    monkeypatch.setitem(settings.DATABASES, REPLICA, {})
    monkeypatch.setattr(probes, "measure", lambda: measured)
    monkeypatch.setattr(probes, "connections", {REPLICA: SimpleNamespace(close=lambda: None)})
    assert list(probes.replica_lag()) == [Sample(told)]


ARCHIVER = """
    CREATE TEMP VIEW pg_stat_archiver AS
    SELECT now() - interval '{archived}' AS last_archived_time,
           now() - interval '{failed}' AS last_failed_time, now() AS stats_reset
"""


@pytest.mark.parametrize(("archived", "failed", "told"), [("1 h", "1 s", 3600), ("1 s", "1 h", 0)])
def test_a_log_that_is_no_longer_archived_is_told_since_when(monkeypatch, archived, failed, told):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp, public, pg_catalog")
        cursor.execute(ARCHIVER.format(archived=archived, failed=failed))
        monkeypatch.setattr(probes, "UNARCHIVED", probes.UNARCHIVED.partition(" WHERE ")[0])
        assert [one.value for one in probes.unarchived()] == [pytest.approx(told, abs=5)]


def test_where_the_log_is_not_archived_nothing_is_told():
    assert list(probes.unarchived()) == []


def refuse():
    raise OperationalError("server at 10.0.0.7")


def test_a_probe_that_fails_is_said_so_and_the_others_are_read(caplog):
    found = {
        family.name: family.samples
        for family in readings(
            [Probe("broken", "x", refuse), Probe("sound", "x", lambda: [Sample(4)])]
        )
    }
    assert found["stocks_sound"][0].value == 4
    assert {one.labels["probe"]: one.value for one in found["stocks_probe_up"]} == {
        "broken": 0,
        "sound": 1,
    }
    assert "10.0.0.7" not in caplog.text


def test_a_probe_with_too_many_labels_is_cut():
    many = Probe("many", "x", lambda: [Sample(1, (str(n),)) for n in range(500)], ("place",))
    (family, _) = readings([many])
    assert len(family.samples) == MOST_SAMPLES


def test_without_the_base_it_is_said_and_nothing_else(monkeypatch, caplog):
    monkeypatch.setattr(exposed, "told", refuse)
    assert scraped() == {("stocks_database_up", ()): 0}
    assert "OperationalError" in caplog.text
    assert "10.0.0.7" not in caplog.text


def test_labels_are_names_of_the_code():
    """None that would grow with people, places or what they type."""
    allowed = {"route", "method", "status", "le", "task", "outcome", "queue", "state", "probe"}
    assert {label for one in exposed.probes() for label in one.labels} <= allowed
    assert {label for _, labels in scraped() for label, _ in labels} <= allowed


def test_each_probe_has_a_name_of_its_own():
    names = [one.name for one in exposed.probes()]
    assert len(names) == len(set(names))


def test_the_site_has_no_route_for_them():
    assert not any("metrics" in str(one.pattern) for one in get_resolver().url_patterns)


def test_they_are_printed_once(capsys):
    call_command("metrics", once=True)
    assert "stocks_database_up 1.0" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_they_are_served_on_a_port_of_this_machine_alone(monkeypatch):
    """The command’s own server, asked as Prometheus asks; nothing listens elsewhere."""
    monkeypatch.undo()
    from_command = {}

    class Ended(threading.Event):
        def wait(self, timeout=None):
            address = from_command["address"]
            with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as answer:
                from_command["text"] = answer.read().decode()
            return True

    def serve(port, addr, registry):
        server, thread = real(port, addr=addr, registry=registry)
        from_command["address"] = f"{addr}:{server.server_port}"
        return server, thread

    real = metrics.start_http_server
    monkeypatch.setattr(metrics, "start_http_server", serve)
    monkeypatch.setattr(metrics, "Event", Ended)
    call_command("metrics", port=0)
    assert from_command["address"].startswith("127.0.0.1:")
    assert "stocks_database_up 1.0" in from_command["text"]
    host, port = from_command["address"].split(":")
    with pytest.raises(ConnectionRefusedError):  # and it ended with the command
        socket.create_connection((host, int(port)), timeout=1)
