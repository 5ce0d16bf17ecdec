"""What every page's HTML must be, beside what axe sees: ``assert_sound_html(response)``.

No link that leads nowhere, no id twice, no inline style, script or handler, a title that tells
the page, one h1, headings in order, names for links and buttons, cited ids that exist.
"""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SVG_CHILDREN = {"path", "rect", "circle", "line", "polyline", "polygon", "use", "stop", "ellipse"}
CITING = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "headers")
PLACEHOLDERS = ("à modifier", "lorem ipsum", "{{", "{%", 'href="None"')
DATA_SCRIPTS = ("application/json", "application/ld+json")


class _Reader(HTMLParser):
    """Read a page once and note what breaks a rule."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.cited: list[tuple[str, str]] = []
        self.anchors: list[str] = []
        self.headings: list[int] = []
        self.title = ""
        self.lang = ""
        self._open: list[str] = []
        self._named: list[tuple[str, list[str]]] = []  # links and buttons still open, their words
        self._in_post_form: list[bool] = []

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        where = self.get_starttag_text() or tag
        self._check_policy(tag, values, where)
        self._note_ids(values)
        self._check_links(tag, values, where)
        self._check_forms(tag, values)
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(int(tag[1]))
        if tag == "img":
            if "alt" not in values:
                self.faults.append(f"image sans alt : {where}")
            self._say(values.get("alt", ""))
        if tag in ("a", "button") or (tag == "summary"):
            self._named.append((where, [values.get("aria-label", ""), values.get("title", "")]))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            self.faults.append(f"</{tag}> en trop")
            return
        if not self._open or self._open[-1] != tag:
            around = self._open[-1] if self._open else "rien"
            self.faults.append(f"</{tag}> ferme <{around}>, ligne {self.getpos()[0]}")
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag in ("a", "button", "summary") and self._named:
            where, words = self._named.pop()
            if not "".join(words).strip():
                self.faults.append(f"lien ou bouton sans nom : {where}")
        if tag == "form" and self._in_post_form and self._in_post_form.pop():
            self.faults.append("formulaire POST sans jeton CSRF")

    def handle_data(self, data):
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        self._say(data)

    def _say(self, words):
        for _, said in self._named:
            said.append(words)

    def _check_policy(self, tag, values, where):
        if "style" in values or tag == "style":
            self.faults.append(f"style dans la page : {where}")
        if any(name.startswith("on") for name in values):
            self.faults.append(f"gestionnaire dans la page : {where}")
        if tag == "script" and "src" not in values and values.get("type") not in DATA_SCRIPTS:
            self.faults.append(f"script dans la page : {where}")
        address = values.get("src", "") if tag != "link" else values.get("href", "")
        if address.startswith(("http:", "https:", "//")):
            self.faults.append(f"requête vers un tiers : {where}")

    def _note_ids(self, values):
        if "id" in values:
            self.ids.append(values["id"])
            if not values["id"] or any(sign.isspace() for sign in values["id"]):
                self.faults.append(f"id vide ou avec une espace : {values['id']!r}")
        for name in CITING:
            self.cited += [(name, one) for one in values.get(name, "").split()]

    def _check_links(self, tag, values, where):
        if tag != "a":
            return
        if "href" not in values:
            if "aria-current" not in values and values.get("role") != "link":
                self.faults.append(f"lien sans adresse : {where}")
            return
        href = values["href"].strip()
        if href in ("", "#") or href.startswith("javascript:"):
            self.faults.append(f"lien qui ne mène nulle part : {where}")
        elif href.startswith("#"):
            self.anchors.append(href[1:])

    def _check_forms(self, tag, values):
        if tag == "form":
            self._in_post_form.append(values.get("method", "").lower() == "post")
        if values.get("name") == "csrfmiddlewaretoken" and self._in_post_form:
            if not self._in_post_form[-1]:
                self.faults.append("jeton CSRF dans un formulaire GET : il irait dans l’adresse")
            self._in_post_form[-1] = False


def html_faults(html: str) -> list[str]:
    """List what is wrong in a whole page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    faults = reader.faults
    faults += [f"id en double : {one}" for one, times in Counter(reader.ids).items() if times > 1]
    known = set(reader.ids)
    faults += [
        f"{name} cite un id absent : {one}" for name, one in reader.cited if one not in known
    ]
    faults += [f"ancre absente : #{one}" for one in reader.anchors if one not in known]
    faults += [f"texte provisoire : {one}" for one in PLACEHOLDERS if one in html]
    faults += _heading_faults(reader.headings)
    if reader.lang != "fr":
        faults.append("la page ne dit pas sa langue")
    if not html.lstrip().lower().startswith("<!doctype html>"):
        faults.append("pas de doctype")
    if " — " not in reader.title or reader.title.strip().startswith("—"):
        faults.append(f"titre qui ne dit pas la page : {reader.title.strip()!r}")
    return faults


def _heading_faults(levels: list[int]) -> list[str]:
    faults = [] if levels.count(1) == 1 else [f"{levels.count(1)} titres h1"]
    for before, after in pairwise(levels):
        if after > before + 1:
            faults.append(f"un h{after} suit un h{before}")
    return faults


def page_title(html: str) -> str:
    """Return the title of a page, to compare pages with each other."""
    reader = _Reader()
    reader.feed(html)
    return " ".join(reader.title.split())


def assert_sound_html(response) -> None:
    """Fail with the list of what breaks a rule in the page answered."""
    assert response["Content-Type"].startswith("text/html"), response["Content-Type"]
    faults = html_faults(response.content.decode())
    assert faults == [], "\n".join(faults)


def words_of_medicines(text):
    """« UCD », « DCI » of a page below its title, or of a file: a device has neither."""
    said = text.partition("<h1")[2].partition("</main>")[0] or text
    return re.findall(r"\b(?:UCD\d*|DCI)\b", re.sub(r"<[^>]*>", " ", said))
