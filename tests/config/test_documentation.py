"""What is written for whoever deploys says all that there is, and nothing that is not."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
GUIDES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
SETTINGS = [ROOT / "manage.py", *sorted((ROOT / "config/settings").glob("*.py"))]
OWN_MACHINE = {"CI", "DEBUG", "DEMO", "PORT", "PYTEST_XDIST_WORKER"}
READ = re.compile(r"(?:environ(?:\.get)?[\[(]|required\(|_words\()\s*\"([A-Z_]+)\"")


def written(path):
    return path.read_text(encoding="utf-8")


def name_of(path):
    return str(path.relative_to(ROOT))


def variables_read():
    return {name for path in SETTINGS for name in READ.findall(written(path))} - OWN_MACHINE


def test_each_variable_is_told_to_whoever_deploys():
    told = "".join(map(written, GUIDES))
    assert {name for name in variables_read() if f"`{name}" not in told} == set()


def test_each_value_of_the_example_reaches_the_services():
    given = set(re.findall(r"^([A-Z_]+)=", written(ROOT / "deploy/example.env"), re.MULTILINE))
    taken = set(re.findall(r"\$\{([A-Z_]+)", written(ROOT / "docker-compose.yml")))
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", written(ROOT / "docker-compose.yml")))
    assert needed <= given <= taken


def test_the_services_give_only_variables_that_are_read():
    block = written(ROOT / "docker-compose.yml").partition("\nservices:")[0]
    given = set(re.findall(r"^    ([A-Z_]+): ", block, re.MULTILINE))
    assert given - variables_read() == set()


@pytest.mark.parametrize("path", GUIDES, ids=name_of)
def test_each_command_and_each_file_of_a_guide_exists(path):
    text = written(path)
    commands = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert commands - set(get_commands()) == set()
    files = re.findall(r"`((?:docs|deploy|accounts|config|establishments|tests)/[\w./-]+)`", text)
    assert [name for name in files if not (ROOT / name).exists()] == []
