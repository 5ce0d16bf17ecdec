"""What a service must publish: reachable from every page, true, and dated."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["sitemap", "accessibility", "legal_notice", "personal_data", "cookies", "terms"]
)
def test_every_page_links_to_it(client, name):
    assert f'href="{reverse(name)}"' in client.get("/").content.decode()


def test_accessibility_says_non_compliant_until_an_audit(client):
    page = client.get(reverse("accessibility")).content.decode()
    assert "non conforme" in page


def test_the_security_contact_has_not_expired_and_will_within_a_year(client):
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    expires = datetime.fromisoformat(lines["Expires"])
    assert timezone.now() < expires <= timezone.now() + timedelta(days=365)
    assert lines["Contact"].startswith("mailto:")


def test_robots_are_kept_out_of_accounts(client):
    assert "Disallow: /comptes/" in client.get("/robots.txt").content.decode()


@pytest.mark.django_db
def test_the_site_map_is_the_persons_own_menu(client_for):
    page = client_for("OIE").get(reverse("sitemap")).content.decode()
    assert reverse("profiles:list") in page
    assert reverse("account_signup") not in page.split('id="content"')[1].split("</main>")[0]
