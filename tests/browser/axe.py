"""axe-core on a page at two widths: ``axe(page)`` fails with what it found."""

from axe_playwright_python.base import AXE_SCRIPT

WIDTHS = (1280, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}  # what passes is not even told


def axe(page, *, widths=WIDTHS) -> None:
    """Fail when axe finds a violation, or when the page scrolls sideways, at any of ``widths``."""
    before = page.viewport_size
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px : {one}" for one in _violations(page) + _overflow(page)]
    page.set_viewport_size(before)
    assert found == [], f"{page.url}\n" + "\n".join(found)


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
