"""The drill plays what is written: what it could no longer find, or start, is seen here first."""

import re

import pytest

from tests.deploy.drill import machine as drill
from tests.deploy.files import ROOT


def test_the_installation_is_read_from_the_readme():
    lines = drill.block_after(ROOT / "README.md", "Sans Docker")
    services = [line for line in lines if drill.SERVICES.match(line)]
    assert [line.split()[0] for line in services] == ["gunicorn", "python", "python"]
    assert services.count(drill.SEALS) == 1
    assert lines[0] == "pip install --require-hashes -r requirements/base.txt"
    assert "first_administrators" in lines[-1]
    for line in set(lines) - set(services):
        assert re.match(r"pip |(DATABASE_ROLE=owner )?python manage\.py ", line)


def test_the_upgrade_closes_first_and_opens_last():
    lines = drill.block_after(ROOT / "docs/operations/mise-a-jour.md", "Sans Docker")
    assert lines[0] == 'touch "$DATA_DIR/maintenance"'
    assert lines[-1] == 'rm "$DATA_DIR/maintenance"'
    assert [line for line in lines if line.startswith(drill.RESTART)]


@pytest.mark.parametrize("text", ["rien", "Sans Docker\n\nsans commande", "```\nls\n```"])
def test_a_page_that_no_longer_says_how_is_refused(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(drill.DrillError, match="ne contient plus"):
        drill.block_after(page, "Sans Docker")


def test_what_is_expected_and_not_found_stops_the_drill():
    with pytest.raises(drill.DrillError, match="répond 200"):
        drill.must(None, "la page répond 200")


def test_a_command_that_fails_is_told_without_its_passwords(tmp_path):
    one = drill.Drill(tmp_path)
    one.clone.mkdir()
    with pytest.raises(drill.DrillError) as failure:
        one.run(f"echo {one.passwords['WEB']} >/dev/null; exit 3")
    assert "code 3" in str(failure.value)
    assert one.passwords["WEB"] not in str(failure.value) + str(one.steps)


def test_each_role_of_the_scripts_is_given_a_password():
    asked = {
        name
        for path in (ROOT / "deploy/postgres").glob("*.sh")
        for name in re.findall(r"getenv \w+ ([A-Z]+)_PASSWORD", path.read_text(encoding="utf-8"))
    }
    assert asked - set(drill.ROLES) == {"READER"}  # nobody connects so without a password
    assert set(drill.ROLES) <= asked
