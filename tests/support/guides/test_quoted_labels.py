"""What the help quotes of the screens is on a screen, word for word: a whole label, not a part.

Bold is for what one clicks or fills; « » for what one reads. A label that changed makes the help
lie to who looks for it.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings

from accounts.grants import ROLE_CODES
from accounts.models import Level
from accounts.offers import Offer
from support.guides.catalogue import GUIDES
from support.guides.reading import source_of
from support.services.question_reference import DATA as QUESTIONS
from support.services.reference import DATA as CONTACT

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "common", "config", "epi_stocks", "establishments", "medications", "orders",
        "pui", "steering", "support", "vaccines")  # fmt: skip
BOLD = re.compile(r"\*\*([^*]+)\*\*")
QUOTED = re.compile(r"«\s*([^»]*?)\s*»")
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r'="([^"]+)"')
STRING = re.compile(r'"((?:[^"\\\n]|\\.)+)"')
EXAMPLES = {  # not of a label: what one types, or numbers read with it
    "0/0", "300/1 200", "7 350/10 500", "ES-", "hop orle",
}  # fmt: skip


def key(text: str) -> str:
    """As one compares them: neither what ends a sentence nor the first capital counts."""
    for space in ("\\u00a0", "&nbsp;", "\u00a0"):
        text = text.replace(space, " ")
    text = " ".join(text.split()).rstrip(" .:…")
    return text[:1].lower() + text[1:]


def of_pages() -> Iterator[str]:
    """The texts between two tags, and what the attributes say."""
    for path in ROOT.joinpath("templates").rglob("*.html"):
        page = COMMENT.sub("", path.read_text(encoding="utf-8"))
        yield from TAG.split(page)
        yield from ATTRIBUTE.findall(page)


def of_code() -> Iterator[str]:
    for path in chain.from_iterable(ROOT.joinpath(app).rglob("*.py") for app in APPS):
        if not {"migrations", "demo"} & set(path.parts):
            yield from STRING.findall(path.read_text(encoding="utf-8"))


def composed() -> Iterator[str]:
    """The habilitations as the form to ask for one names them."""
    for (domain, role, _), code in ROLE_CODES.items():
        yield Offer(domain, role, code, allows="", level=next(iter(Level))).title


@cache
def labels() -> frozenset[str]:
    return frozenset(map(key, chain(of_pages(), of_code(), composed())))


def texts() -> dict[str, str]:
    guides = {slug: source_of(guide) for slug, guide in GUIDES.items()}
    paths = [*QUESTIONS.glob("*.toml"), CONTACT / "canned_answers.csv"]
    return guides | {path.name: path.read_text(encoding="utf-8") for path in paths}


@pytest.mark.parametrize("name", texts())
def test_what_the_help_quotes_is_a_label_of_a_screen(name):
    text = texts()[name]
    quoted = {*BOLD.findall(text), *QUOTED.findall(text)} - EXAMPLES
    assert [one for one in sorted(quoted) if key(one) not in labels()] == []


def test_a_part_of_a_label_is_not_one():
    assert key("Relancer toutes les PUI en retard") in labels()
    assert key("toutes les PUI en retard") not in labels()


def test_every_example_is_still_quoted():
    """An exception that serves no more hides a label that goes wrong."""
    everything = " ".join(" ".join(texts().values()).split())
    assert [one for one in EXAMPLES if one not in everything] == []
