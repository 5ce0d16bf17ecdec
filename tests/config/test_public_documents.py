"""What a public service publishes about itself is valid, and says the same everywhere."""

import re
from itertools import takewhile

import pytest
import yaml
from django.conf import settings
from django.urls import reverse

ROOT = settings.BASE_DIR
OPERATIONS = sorted((ROOT / "docs/operations").glob("*.md"))
MEASURED = "| Promesse | Commande qui la prouve | Dernière mesure (date, machine) |"
# of the vocabularies of publiccode.yml 0.4, what such a platform may be
CATEGORIES = {
    "data-collection",
    "identity-management",
    "inventory-management",
    "procurement",
    "warehouse-management",
}
SCOPES = {"healthcare", "emergency-services"}
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


def written(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture
def publiccode():
    return yaml.safe_load(written("publiccode.yml"))


def test_publiccode_has_every_compulsory_key(publiccode):
    assert publiccode["publiccodeYmlVersion"] == "0.4"
    assert {"name", "url", "platforms", "categories", "softwareType"} <= set(publiccode)
    assert publiccode["softwareType"] == "standalone/web"
    assert publiccode["developmentStatus"] in STATUSES
    assert set(publiccode["categories"]) <= CATEGORIES
    assert set(publiccode["intendedAudience"]["scope"]) <= SCOPES
    assert publiccode["maintenance"]["type"] == "community"
    assert publiccode["maintenance"]["contacts"]
    assert isinstance(publiccode["localisation"]["localisationReady"], bool)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_publiccode_describes_within_its_lengths(publiccode, language):
    told = publiccode["description"][language]
    assert 0 < len(told["shortDescription"]) <= 150
    assert 500 <= len(told["longDescription"]) <= 10_000
    assert told["features"]
    assert all(len(one) <= 100 for one in told["features"])


def test_publiccode_says_what_the_rest_of_the_repository_says(publiccode):
    assert publiccode["legal"]["license"] == "MIT"
    assert written("LICENSE").startswith("MIT License")
    assert publiccode["legal"]["mainCopyrightOwner"] in written("LICENSE")
    assert f'version = "{publiccode["softwareVersion"]}"' in written("pyproject.toml")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", publiccode["releaseDate"])
    needed = {one["name"]: one["versionMin"] for one in publiccode["dependsOn"]["open"]}
    assert f"Python {needed['Python']} ou plus" in written("README.md")
    assert f"PostgreSQL {needed['PostgreSQL']} ou plus" in written("README.md")


@pytest.mark.django_db
def test_the_way_to_report_a_weakness_is_the_same_everywhere(client):
    published = client.get("/.well-known/security.txt").content.decode()
    assert f"Contact: mailto:{settings.CONTACT_EMAIL}" in published
    policy = written("SECURITY.md")
    assert "/.well-known/security.txt" in policy
    assert "CONTACT_EMAIL" in policy
    assert "[`SECURITY.md`](SECURITY.md)" in written("CONTRIBUTING.md")
    assert "security.txt" in client.get(reverse("legal_notice")).content.decode()


@pytest.mark.django_db
def test_the_accessibility_page_says_what_the_declaration_does(client):
    page = " ".join(client.get(reverse("accessibility")).content.decode().split())
    told = " ".join(written("docs/accessibility/README.md").split())
    for said in ("non conforme", "aucun audit complet", "lecteur d’écran", "Défenseur des droits"):
        assert said in page
        assert said in told
    for word in ("balisés", "contrastes forcés", "XLSX"):
        assert (word in page) == (word in told)


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.name)
def test_each_page_of_the_operator_is_listed_and_names_what_proves_it(path):
    assert f"(operations/{path.name})" in written("docs/operations.md")
    _, found, rows = path.read_text(encoding="utf-8").partition(MEASURED)
    assert found
    lines = list(takewhile(lambda line: line.startswith("|"), rows.splitlines()[2:]))
    assert lines
    for line in lines:
        _, promise, command, measure, _ = re.split(r"(?<!\\)\|", line)
        assert promise.strip()
        assert "`" in command
        assert measure.strip()


def test_the_links_between_documents_lead_somewhere():
    broken = []
    for path in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(
            r"\]\(([^)#\s]+[./][^)#\s]*)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")
        ):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} → {target}")
    assert broken == []
