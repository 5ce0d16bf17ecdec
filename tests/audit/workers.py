"""Two real workers of gunicorn with the settings of production: what one counts, the other knows.

Run by `make audit`. The same rules in one process: `tests/accounts/test_login.py`,
`test_session_end.py`, `tests/config/test_headers.py`.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Habilitation
from accounts.notices.sealed import SEND, unseal
from journal.models import Entry
from tests.audit.site import HOST, Browser, Site
from tests.builders import PASSWORD, make_person
from tests.config.test_headers import HEADERS, lacking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db, tmp_path):
    with Site(tmp_path) as started:
        yield started


def worked(pid):
    """The ticks of processor that a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


def test_failures_are_counted_by_all_workers_whatever_address_is_claimed(site):
    person = make_person("OIE")
    pids, before = site.workers(), [worked(pid) for pid in site.workers()]
    assert len(pids) == 2

    def fail(number):
        return Browser(site, f"203.0.113.{number}, 192.0.2.{number}").log_in(person, "faux")

    with ThreadPoolExecutor(8) as pool:
        texts = [answer.text for answer in pool.map(fail, range(40))]
    assert all(worked(pid) > was for pid, was in zip(pids, before, strict=True)), "both answered"
    assert Entry.objects.filter(verb="account.login_failed").count() == 5
    late = [Browser(site, f"198.51.100.{n}").log_in(person, PASSWORD).status for n in range(8)]
    assert 302 not in late, "locked on every worker, with the right password too"
    assert len({re.sub(r"[0-9a-f]{12}|value=\"\w+\"", "", text)[-400:] for text in texts}) == 1


def test_a_session_ended_on_one_worker_is_ended_on_all(site):
    browser = Browser(site)
    assert browser.log_in(make_person("OIE"), PASSWORD).status == 302
    kept = dict(browser.cookies)
    assert {browser.get("/comptes/sessions/").status for _ in range(8)} == {200}
    browser.post("/comptes/deconnexion/")
    browser.cookies = kept
    assert {browser.get("/comptes/sessions/").status for _ in range(8)} == {302}


def test_a_right_that_is_taken_back_stops_at_the_next_request_of_every_worker(site):
    person, browser = make_person("OIE"), Browser(site)
    browser.log_in(person, PASSWORD)
    address = reverse("epi_stocks:inventory_start")
    assert {browser.get(address).status for _ in range(8)} <= {200, 302}
    Habilitation.objects.filter(profile__user=person).update(state="ended")
    assert {browser.get(address).status for _ in range(8)} == {403}


def answers(site):
    """One of each kind of answer, under production: its name, the answer."""
    yield "page", site.get("/comptes/connexion/")
    yield "asked who one is", site.get("/plage/")
    yield "nowhere", site.get("/nulle-part/")
    yield "no token", site.request("POST", "/comptes/connexion/", {"login": "x"})
    yield "wrong method", site.request("POST", "/cgu/", {}, Origin=f"https://{HOST}")
    yield "foreign host", site.get("/", Host="evil.example")
    yield "static", site.get("/static/css/app.css")
    yield "no static", site.get("/static/css/nothing.css")
    yield "health", site.get("/sante/")
    yield "machine", site.get("/api/v1/stocks")
    yield "machine without token", site.request("POST", "/api/v1/comptes/existence", "{}")
    yield "document", site.get("/api/v1/openapi.json")
    yield "open data", site.get("/donnees-ouvertes/")
    yield "robots", site.get("/robots.txt")
    yield (
        "too large",
        site.request(
            "POST", "/comptes/connexion/", {"login": ["x"] * 3000}, Origin=f"https://{HOST}"
        ),
    )
    yield "plain HTTP", site.get("/", secure=False)
    site.maintenance.touch()
    yield "maintenance", site.get("/")
    site.maintenance.unlink()


HTTPS_ALONE = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload"}


def test_every_answer_carries_the_headers_and_names_nobody(site):
    faults = []
    for name, answer in answers(site):
        head = answer.headers
        secure = {} if name == "plain HTTP" else HTTPS_ALONE
        faults += [f"{name} ({answer.status}): {key}" for key in lacking(head, HEADERS | secure)]
        for line in head.get_all("Set-Cookie") or []:
            cookie = next(iter(SimpleCookie(line).values()))
            if not (cookie.key.startswith("__Host-") and cookie["secure"] and cookie["httponly"]):
                faults.append(f"{name}: {line}")
        if "Traceback" in answer.text or "evil.example" in answer.text:
            faults.append(f"{name}: tells too much")
    assert faults == []


def test_plain_http_goes_to_https_of_this_host(site):
    answer = site.get("/cgu/", secure=False)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/cgu/")


def test_an_address_of_reset_is_of_the_site_whatever_host_is_claimed(site):
    person = make_person("OIE")
    for claimed in ("evil.example", f"{HOST}@evil.example", f"{HOST}:1@evil.example"):
        assert site.get("/comptes/mot-de-passe/", Host=claimed).status == 400
    claimed = {"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example"}
    address = reverse("account_reset_password")
    assert Browser(site).post(address, claimed, email=person.email).status == 302
    (job,) = ProcrastinateJob.objects.filter(task_name=SEND)
    mail = unseal(job.args["sealed"])
    assert mail.to == [person.email]
    assert set(re.findall(r"https?://([^/\s]+)/", mail.body)) == {HOST}


TORN = [
    b"GET / HTTP/1.1\r\nHost: stocks.example\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: stocks.example\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r",
    b"GET / HTTP/1.1\r\nHost: stocks.example\r\nHost: evil.example\r\n\r\n",
    b"GET /\x00\x01 HTTP/1.1\r\n\r\n",
    b"GET /%00%ff%fe/../../etc/passwd HTTP/1.1\r\nHost: stocks.example\r\n\r\n",
    b"A" * 70_000,
    b"GET / HTTP/1.1\r\nHost: stocks.example\r\nCookie: " + b"a=b; " * 4000 + b"\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: stocks.example\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: stocks.example\r\nContent-Length: 99999999999\r\n\r\n",
]


def test_bytes_that_no_client_sends_stop_no_worker(site):
    pids = site.workers()
    for data in TORN * 3:
        assert b" 500 " not in site.raw(data)[:20], data[:80]
    assert site.workers() == pids
    assert {site.get("/sante/").status for _ in range(6)} <= {200, 503}
    assert "Traceback" not in (site.folder / "log").read_text()
