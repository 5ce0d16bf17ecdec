"""Walk the demonstration as each of its people, and keep the forms that their pages hold."""

import random
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from config.demo.people import accounts

PAGES = 220  # at most, for each person
PAGE = "page"
FEW = 3  # of one form, those of so many people
ALIKE = 2  # pages of one name, for each person
LEFT = {"account_logout", "home_leave"}
FILES = re.compile(r"\.(csv|xlsx|pdf|json|zip|png|jpe?g|svg|txt|xml)$|/(csv|xlsx|pdf|json)/?$")


@dataclass
class Form:
    """A form as it is shown: where it goes, by whom it was seen, what it holds.

    A page that opened is one too: its method is « page ».
    """

    name: str
    url: str
    method: str
    person: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    page: str = ""  # where it was seen

    def filled(self):
        return {name: values for name, values in self.fields.items() if values != [""]}


class Reading(HTMLParser):
    """The links and the forms of one page."""

    def __init__(self, url):
        super().__init__()
        self.url, self.links, self.forms = url, [], []
        self.form = self.select = None

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(urljoin(self.url, values["href"]))
        elif tag == "form":
            action = urljoin(self.url, values.get("action") or self.url)
            self.form = (action, (values.get("method") or "get").lower(), defaultdict(list), [])
            self.forms.append(self.form)
        elif self.form and tag in ("input", "textarea", "button", "select", "option"):
            self.control(tag, values)

    def control(self, tag, values):
        name, kind = values.get("name"), values.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option":
            self.option(values)
        elif not name or "disabled" in values:
            return
        elif kind == "file":
            self.form[3].append(name)
        elif kind in ("checkbox", "radio"):
            if "checked" in values or not self.form[2][name]:
                self.form[2][name] = [values.get("value", "on")]
        elif tag != "button" or not self.form[2][name]:
            self.form[2][name].append(values.get("value") or plausible(name, kind))

    def option(self, values):
        kept = self.form[2][self.select] if self.select else []
        if values.get("value") and (not kept or "selected" in values):
            kept[:] = [values["value"]]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = self.select = None
        elif tag == "select":
            self.select = None


def plausible(name, kind):
    """What somebody would type there."""
    kinds = {
        "date": "2026-12-01", "number": "1", "email": "autre@ch.example", "datetime-local": "",
        "time": "10:00", "password": "Un-autre-mot-2026!", "tel": "0100000000", "url": "",
    }  # fmt: skip
    return kinds.get(kind, "1" if re.search("quant|nombre|stock|seuil|days", name) else "Essai")


def name_of(url):
    """The name of the address, or nothing when it is not of the site."""
    parts = urlsplit(url)
    if parts.netloc not in ("", "testserver"):
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return None


def local(url):
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def ended(response):
    """A file is read to its end, which closes it."""
    if response.streaming:
        b"".join(response)
    return response


def client_of(key):
    client = Client(raise_request_exception=False)
    client.user = User.objects.get(email=f"{key}@demo.example")
    client.force_login(client.user)
    return client


def forms_of_everybody():
    """Of each form, those of a few people: the pages of two roles differ, of ten hardly."""
    found = defaultdict(dict)
    for account in accounts():
        for form in walk(account.key):
            alike = found[form.name, form.method]
            if len(alike) < FEW and account.key not in {one.person for one in alike.values()}:
                alike.setdefault(form.url, form)
    return [form for alike in found.values() for form in alike.values()]


def walk(key):
    """The pages that lead from one to another, a few of each name; a page read writes nothing."""
    client, seen, names = client_of(key), set(), defaultdict(int)
    waiting = deque(["/"])
    while waiting and len(seen) < PAGES:
        url = waiting.popleft()
        name = name_of(url)
        if url in seen or not name or name in LEFT or names[name] >= ALIKE or FILES.search(url):
            continue
        seen.add(url)
        names[name] += 1
        with transaction.atomic():
            response = ended(client.get(url))
            transaction.set_rollback(True)
        if response.status_code in (301, 302):
            waiting.append(local(response["Location"]))
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        yield Form(name, url, PAGE, key)
        page = Reading(url)
        page.feed(response.text)
        waiting.extend(local(link) for link in page.links if name_of(link))
        yield from (
            Form(name_of(action), local(action), method, key, dict(fields), files, url)
            for action, method, fields, files in page.forms
            if name_of(action)
        )


JUNK = [
    "", "\x00", "-1", "0", "²", "9" * 40, "é" * 3000, "[]", "{}", "2026-02-30", "a\r\nBcc: x@y",
    "1e999", "NaN", "../../etc/passwd", "<script>", "' OR 1=1 --", "\ud7ff\uffff", "٣", "1" * 5000,
    "00000000-0000-4000-8000-000000000000", "0001-01-01", "9999-12-31", "2147483648", "None",
]  # fmt: skip


def mangled(fields, chance: random.Random):
    """The same with a third of the values that no form sends: junk, twice, or not at all."""
    spoiled = {name: list(values) for name, values in fields.items()}
    for name in chance.sample(sorted(spoiled), -(-len(spoiled) // 3)):
        spoiled[name] = chance.choice(
            [[chance.choice(JUNK)], [chance.choice(JUNK), *spoiled[name]], spoiled[name] * 60, []]
        )
    spoiled[f"{chance.choice(sorted(fields) or ['x'])}[]"] = ["1"]
    return spoiled


def with_junk(url, chance):
    """The same page, asked with parameters that no link of ours has."""
    parts = urlsplit(url)
    pairs = dict(parse_qsl(parts.query))
    return parts.path, {name: chance.choice(JUNK) for name in {*pairs, "page", "sort", "q"}}
