"""axe-core on a page at two widths: ``axe(page)`` fails with what it found."""

from contextlib import suppress

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error

WIDTHS = (1280, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}  # what passes is not even told
# A link just clicked leaves its page there until the next one answers: it is not to be examined.
NOTE_LEAVING = """
window.navigation.addEventListener("navigate", (event) => {
  window.leaving ||= !event.destination.sameDocument && event.downloadRequest === null;
});
window.addEventListener("submit", (event) => { window.leaving ||= !event.defaultPrevented; });
"""
ARRIVAL_STEP, ARRIVAL_TRIES = 20, 1500  # ms between two looks, thirty seconds in all
ARRIVED = "!window.leaving && document.readyState === 'complete'"


def axe(page, *, widths=WIDTHS) -> None:
    """Fail when axe finds a violation, or when the page scrolls sideways, at any of ``widths``."""
    _wait_for_arrival(page)
    before = page.viewport_size
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px : {one}" for one in _violations(page) + _overflow(page)]
    page.set_viewport_size(before)
    assert found == [], f"{page.url}\n" + "\n".join(found)


def _wait_for_arrival(page) -> None:
    """Wait for the page asked for; asked from here, since the content policy refuses a watcher."""
    for _ in range(ARRIVAL_TRIES):
        with suppress(Error):  # the page asked about was just left
            if page.evaluate(ARRIVED):
                return
        page.wait_for_timeout(ARRIVAL_STEP)
    pytest.fail(f"{page.url} is left, and nothing comes after it")


def _violations(page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(told => told.violations)", OPTIONS)
    return [
        f"{violation['id']} : {node['target'][0]} {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
    ]


def _overflow(page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"la page déborde de {wide} px"] if wide > 0 else []
