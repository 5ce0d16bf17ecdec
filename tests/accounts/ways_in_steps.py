"""Going to a national service that logs people in, and coming back."""

from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from config.settings import national_services
from tests.accounts.identity_service import CLIENT, SECRET, Service
from tests.builders import PASSWORD

LINK = "/comptes/identites/relier/"


def configure(settings, monkeypatch, name, prefix, *, signs):
    service = Service(signs=signs)
    monkeypatch.setenv(f"{prefix}_CLIENT_ID", CLIENT)
    monkeypatch.setenv(f"{prefix}_CLIENT_SECRET", SECRET)
    monkeypatch.setenv(f"{prefix}_SERVER_URL", service.url)
    monkeypatch.setenv(f"{prefix}_ORIGINS", service.url)
    settings.WAYS_IN = national_services.ways_in()
    settings.SOCIALACCOUNT_PROVIDERS = national_services.providers(settings.WAYS_IN)
    service.name = name
    return service


def go(client, service, **changes):
    """Leave for the service, say yes there, come back."""
    leaving = client.post(reverse("way_in", args=[service.name]))
    assert leaving["Location"].startswith(f"{service.url}/authorize?")
    back = service.accept(leaving["Location"])
    for name, value in changes.items():
        back += f"&{name}={value}"
    return client.get(back.removeprefix("http://testserver"))


def log_in(client, user):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": LINK}
    )


def linked(service, user):
    """A client whose account has the identity of the service."""
    client = Client()
    go(client, service)
    assert log_in(client, user)["Location"] == LINK
    client.post(LINK)
    assert SocialAccount.objects.get(user=user).provider == service.name
    client.post(reverse("account_logout"))
    return Client()


def is_in(client, user):
    return client.session.get("_auth_user_id") == str(user.pk)
