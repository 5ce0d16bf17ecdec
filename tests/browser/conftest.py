"""A real Chromium on a live server; what goes wrong out of sight fails the test.

``open_page(user=…, width=…)`` gives a page of a browser of its own (several people in one test),
``page`` is a visitor's. At the end: no console error, no request to a third party, no answer ≥ 500.
A test that provokes one says so: ``page.expected.append("texte de l’erreur")``.
"""

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from epi_stocks.services.reference import load_epi_reference
from tests.browser.axe import NOTE_LEAVING
from tests.builders import make_establishment, make_person, make_user

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
DESKTOP, PHONE = 1280, 360
LOCAL = ("data:", "blob:")
REFUSED_RESOURCE = "Failed to load resource"  # the statuses say it better

# Playwright runs an event loop in this thread, and Django would refuse its queries there
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def chromium_path() -> str | None:
    """Find Chromium: the variable CHROMIUM, the system's, or None for Playwright's own."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """``open_page(user=None, width=1280, **options)``: options of Playwright's ``new_context``."""
    opened = []

    def open_one(user=None, width=DESKTOP, **options):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": 900},
            **options,
        )
        context.add_init_script(NOTE_LEAVING)
        if user:
            context.add_cookies([session_cookie(user, live_server.url)])
        page = context.new_page()
        watch(page, live_server.url)
        opened.append(page)
        return page

    yield open_one
    problems = [problem for page in opened for problem in unexpected(page)]
    for page in opened:
        page.context.close()
    assert problems == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def site(transactional_db):
    """The establishment whose grid is filled, and below two people who fill it."""
    load_epi_reference()
    return make_establishment(name="EHPAD Les Glycines")


@pytest.fixture
def claire(site):
    person = make_user(first_name="Claire", last_name="Fournier")
    return make_person("OIE", on=site, user=person)


@pytest.fixture
def nadia(site):
    person = make_user(first_name="Nadia", last_name="Benali")
    return make_person("OIE", on=site, user=person)


def session_cookie(user, url) -> dict:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def watch(page, url) -> None:
    """Note on the page what a person would not see but should never happen."""
    page.problems, page.expected = [], []
    page.on(
        "console",
        lambda message: (
            page.problems.append(f"console : {message.text}")
            if message.type == "error" and not message.text.startswith(REFUSED_RESOURCE)
            else None
        ),
    )
    page.on("pageerror", lambda error: page.problems.append(f"script : {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((url, *LOCAL))
            else page.problems.append(f"requête vers un tiers : {request.url}")
        ),
    )
    page.on(
        "response",
        lambda response: (
            page.problems.append(f"réponse {response.status} : {response.url}")
            if response.status >= 500
            else None
        ),
    )


def unexpected(page) -> list[str]:
    return [
        problem for problem in page.problems if not any(words in problem for words in page.expected)
    ]
