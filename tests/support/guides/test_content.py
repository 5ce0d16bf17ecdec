"""The texts of the guides: they name what is on the screens, and lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from PIL import Image

from accounts.grants import CODES, GRANTS
from accounts.routes import every_route
from support.guides.catalogue import BY_ROLE, FIRST_STEPS, GUIDES, of_role
from support.guides.context import help_for, targets_of
from support.guides.places import PLACES
from support.guides.reading import CONTENT, IMAGES, read, sizes, source_of

ROOT = Path(settings.BASE_DIR)
SCREENS = tomllib.loads((CONTENT.parent / "screens.toml").read_text(encoding="utf-8"))["screens"]
STORED = ROOT / "static" / IMAGES
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((/[^)\s]*)\)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
HEAVIEST, HEAVIEST_ALTOGETHER = 60_000, 3_000_000


@pytest.mark.parametrize("slug", GUIDES)
def test_a_guide_says_what_can_go_wrong_and_each_section_has_its_anchor(slug):
    anchors = [section.anchor for section in read(GUIDES[slug]).sections]
    assert len(anchors) == len(set(anchors))
    assert "difficultes" in anchors
    assert len(anchors) >= 4


@pytest.mark.parametrize("slug", GUIDES)
def test_every_link_of_a_guide_leads_somewhere(slug):
    broken = []
    for link in LINK.findall(source_of(GUIDES[slug])):
        address, _, anchor = link.partition("#")
        try:
            match = resolve(address.partition("?")[0])
        except Resolver404:
            broken.append(link)
            continue
        if anchor and match.view_name == "support:guide":
            anchors = [one.anchor for one in read(GUIDES[match.kwargs["slug"]]).sections]
            broken += [] if anchor in anchors else [link]
    assert broken == []


@pytest.mark.parametrize("slug", GUIDES)
def test_french_is_well_printed(slug):
    text = re.sub(r"\]\([^)]*\)", "]", source_of(GUIDES[slug]))
    assert not re.findall(r" [:;!?»]|« |[^\W\d_]'[^\W\d_]|!(?!\[)", text)


def cited():
    return {
        name: (slug, words)
        for slug, guide in GUIDES.items()
        for words, name in IMAGE.findall(source_of(guide))
    }


def test_every_screenshot_is_listed_made_and_cited_once():
    names = [name for guide in GUIDES.values() for _, name in IMAGE.findall(source_of(guide))]
    assert sorted(names) == sorted(set(names))
    stored = {path.stem for path in STORED.glob("*.webp")}
    assert set(names) == set(SCREENS) == stored == set(sizes())


def test_every_screenshot_is_told_in_words():
    assert [name for name, (_, words) in cited().items() if len(words) < 20] == []


def test_the_screenshots_are_light_and_of_the_size_told():
    paths = list(STORED.glob("*.webp"))
    assert [path.name for path in paths if path.stat().st_size > HEAVIEST] == []
    assert sum(path.stat().st_size for path in paths) <= HEAVIEST_ALTOGETHER
    assert {path.stem: size_of(path) for path in paths} == sizes()


def size_of(path):
    with Image.open(path) as image:
        return list(image.size)


def test_every_role_has_its_guide():
    assert {code for guide in BY_ROLE for code in guide.codes} == set(CODES)
    assert next(guide.slug for guide in of_role(frozenset())) == "premiere-connexion"


EXEMPT = {  # nobody stands on these: files and answers for machines
    "robots", "security_contact", "session_time",
}  # fmt: skip


def test_every_address_leads_to_a_part_of_a_guide_that_exists():
    without, broken = [], []
    for route in every_route():
        if route.name in EXEMPT or (route.access and route.access.is_machine):
            continue
        targets = targets_of(route.name)
        if not targets:
            without.append(route.name)
        broken += [(route.name, one) for one in targets if not exists(one)]
    assert (sorted(set(without)), broken) == ([], [])


def exists(target):
    slug, _, anchor = target.partition("#")
    return slug in GUIDES and anchor in [one.anchor for one in read(GUIDES[slug]).sections]


def test_every_beginning_of_the_registry_serves():
    names = [route.name for route in every_route()]
    assert [one for one in PLACES if not any(name.startswith(one) for name in names)] == []


def test_each_role_that_opens_a_page_has_help_in_a_guide_of_its_own_or_of_everybody():
    """A reader who is led to the guide of another role is told to do what they may not."""
    shared = {guide.slug for guide in FIRST_STEPS}
    astray = []
    for route in every_route():
        if route.access is None or route.access.is_machine or not targets_of(route.name):
            continue
        for code in sorted({code for act in route.access.actions for code in GRANTS[act].letters}):
            slug = help_for(route.name, frozenset({code})).split("/")[3]
            if code in CODES and slug not in shared and code not in GUIDES[slug].codes:
                astray.append((route.name, code, slug))
    assert astray == []


@pytest.mark.parametrize(
    ("name", "code", "slug"),
    [
        ("orders:order", "OCE", "commande-epi#suivre"),
        ("orders:order", "LPO", "logistique#fichiers"),
        ("orders:order_file", "TEC", "exploitation#fichiers"),
        ("epi_stocks:inventory", "ARA", "ars-administrateur#equipements"),
        ("epi_stocks:inventory", "", "inventaire-epi#saisir"),
        ("home", "AUD", "auditeur#en-bref"),
        ("home", "", "premiere-connexion#demander-un-profil"),
        ("support:inbox_ticket", "SUP", "assistance#demandes"),
        ("support:inbox", "ARA", "ars-administrateur#assistance"),
        ("support:contact", "OCE", "tous-les-jours#assistance"),
        ("steering:message_new", "NAT", "cellule-nationale#messages"),
        ("steering:message_acknowledge", "GF", "tous-les-jours#messages"),
        ("administration:jobs", "TEC", "exploitation#etat"),
        ("administration:hub", "SUP", "assistance#textes"),
        ("medications:list", "AUD", "tous-les-jours#chercher"),
        ("pui:transmission_confirm", "GF", "gestionnaire-de-fichiers#transmettre"),
    ],
)
def test_the_help_of_a_page_is_that_of_ones_role(name, code, slug):
    guide, anchor = slug.split("#")
    assert help_for(name, frozenset({code})) == f"/aide/guides/{guide}/#{anchor}"


def test_a_page_of_no_guide_leads_to_the_start_of_help():
    assert help_for("", frozenset()) == "/aide/"
