"""French typography: no line may begin with a colon, nor end with an opening guillemet."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR, "templates")
TEMPLATES = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.is_file())
NOT_SHOWN = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# in an address, « ?next= » and « ?page= » are no question marks
PLAIN_SPACE = re.compile(r"[ \n][:;!?»](?![\w=-])|«[ \n]")


def faults(text):
    shown = VALUE.sub("x", NOT_SHOWN.sub("", text))
    return [shown[max(0, one.start() - 30) : one.end() + 10] for one in PLAIN_SPACE.finditer(shown)]


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_double_punctuation_has_a_space_that_does_not_break(name):
    assert faults((FOLDER / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    ["Prénom : {{ name }}", "{{ name }} ?", "« oui\u00a0»", "«\u00a0oui »", "Prénom\n   : x"],
)
def test_a_plain_space_is_seen(text):
    assert faults(text)


@pytest.mark.parametrize(
    "text", ["a\u00a0: b", "8:30", '<a href="{{ url }}?page=2">', "{# a : b #}", "{% if a != b %}"]
)
def test_what_is_right_passes(text):
    assert faults(text) == []
