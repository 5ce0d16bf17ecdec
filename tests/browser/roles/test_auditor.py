"""AUD: looks for what was done to a person's account, reads why, takes the lines away."""

import pytest
from playwright.sync_api import expect

from accounts.services.profiles import create_profile, suspend_profile
from tests.builders import make_establishment, make_person, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    """An administrator suspended somebody's profile."""
    site = make_establishment(name="CH du Loiret")
    administrator = make_person("APE", on=site)
    profile = create_profile(make_user(), site, by=administrator)
    suspend_profile(profile, by=administrator, reason="Congé long.")
    return administrator


def test_the_auditor_finds_a_suspension_and_takes_the_lines_away(enter, world):
    page = enter(make_person("AUD"))
    page.get_by_role("link", name="Actes au journal").click()
    page.get_by_label("Personne").fill(world.last_name)
    page.get_by_label("Établissement (nom ou FINESS)").fill("Loiret")
    page.get_by_label("Action", exact=True).select_option(label="Profil suspendu")
    page.get_by_role("button", name="Filtrer").click()
    line = page.get_by_role("row").filter(has_text="a suspendu un profil")
    line.get_by_text("Voir").first.click()
    expect(line.get_by_text("Congé long.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    written = download.value.path().read_text(encoding="utf-8-sig")
    assert "CH du Loiret" in written
    assert world.last_name in written
