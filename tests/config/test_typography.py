"""French typography: no line may begin with a colon, nor end with an opening guillemet."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.test_architecture import EVERY_SOURCE, name_of, tree_of

FOLDER = Path(settings.BASE_DIR, "templates")
TEMPLATES = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.is_file())
NOT_SHOWN = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# in an address, « ?next= » and « ?page= » are no question marks
PLAIN_SPACE = re.compile(r"[ \n][:;!?»](?![\w=-])|«[ \n]")
STRAIGHT_APOSTROPHE = re.compile(r"[^\W\d_]'[^\W\d_]")
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|MERGE|WHERE|FROM|JOIN|CREATE|COPY)\b")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def faults(text):
    shown = VALUE.sub("x", NOT_SHOWN.sub("", text))
    return [shown[max(0, one.start() - 30) : one.end() + 10] for one in PLAIN_SPACE.finditer(shown)]


def sentences_of(tree):
    """The texts of a file: its strings, each f-string whole with « x » for its values."""
    parts = {
        piece for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values
    }
    parts |= {node.body[0].value for node in ast.walk(tree) if is_documented(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                one.value if isinstance(one, ast.Constant) else "x" for one in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            yield node.value


def is_documented(node):
    return isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None


def faults_in_code(tree):
    told = [text for text in sentences_of(tree) if not SQL.search(text)]
    return [text for text in told if faults(text) or STRAIGHT_APOSTROPHE.search(text)]


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


@pytest.mark.parametrize(
    "path",
    EVERY_SOURCE,
    ids=name_of,
)
def test_the_sentences_of_the_code_are_in_french_typography(path):
    assert faults_in_code(tree_of(path)) == []


@pytest.mark.parametrize(
    "code",
    [
        'x = "Rien n\'a changé."',
        'x = f"{name} : {value}"',
        'x = f"« {name}\u00a0»"',
        'def f():\n    """Say it."""\n    raise Error("Faut-il " "continuer ?")',
    ],
)
def test_a_fault_in_a_sentence_of_the_code_is_seen(code):
    assert faults_in_code(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        '"""It\'s English : a docstring."""',
        'x = f"{name}\u00a0: {value:%d/%m/%Y}"',
        "x = \"SELECT 'a' FROM b WHERE c = 'd : e'\"",
        'x = "Rien n’a changé."',
    ],
)
def test_what_is_right_in_the_code_passes(code):
    assert faults_in_code(ast.parse(code)) == []
