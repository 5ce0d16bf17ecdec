"""The demonstration's letter box: a page that exists nowhere else."""

from importlib import reload

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import Http404
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from accounts.urls import account
from accounts.views.mails import mail_list, read_mails


@pytest.fixture
def folder(settings, tmp_path):
    settings.DEMO, settings.EMAIL_FOLDER = True, tmp_path
    return tmp_path


def send(folder, subject, body, to="a@ch.example"):
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=folder)
    message = EmailMultiAlternatives(subject, body, "site@x.example", [to], connection=backend)
    message.attach_alternative("<script>alert(1)</script>", "text/html")
    message.send()


def shown(rf, **query):
    request = rf.get("/comptes/courriels/", query)
    request.user = type("Nobody", (), {"is_authenticated": False, "may": lambda *_: False})()
    request.session = {}
    return mail_list(request)


def test_the_newest_mail_comes_first_with_its_accents(folder):
    send(folder, "Premier", "Texte accentué\nhttp://x.example/lien")
    (only,) = folder.iterdir()
    only.rename(folder / "20200101-000000-1.log")
    send(folder, "Deuxième objet", "Voici votre code : ABCD")
    mails = read_mails(folder)
    assert [mail.subject for mail in mails] == ["Deuxième objet", "Premier"]
    assert "Texte accentué" in mails[1].text
    assert mails[0].sent_at


def test_what_a_mail_holds_is_shown_never_interpreted(folder, rf):
    send(folder, "<b>Gras</b>", "<script>alert(2)</script> http://x.example/lien")
    page = shown(rf).content.decode()
    assert "<script>alert" not in page
    assert "<b>Gras</b>" not in page
    assert '<a href="http://x.example/lien"' in page


def test_one_reads_the_mails_of_one_address(folder, rf):
    send(folder, "Pour a", "a")
    send(folder, "Pour b", "b", to="b@ch.example")
    page = shown(rf, pour="b@ch.example").content.decode()
    assert "Pour b" in page
    assert "Pour a" not in page


@pytest.mark.parametrize("zone", ["-0000", "+0000"])
def test_the_time_of_a_mail_is_that_of_paris(folder, rf, zone):
    source = f"Subject: Essai\nTo: a@ch.example\nDate: Mon, 16 Nov 2026 07:30:00 {zone}\n\nTexte"
    (folder / "20261116-073000-1.log").write_text(source)
    assert "le 16/11/2026 à 08:30:00" in shown(rf).content.decode()


def test_no_mail_yet(folder, rf):
    assert "Aucun courriel" in shown(rf).content.decode()
    assert "adressé à b@ch.example" in shown(rf, pour="b@ch.example").content.decode()


def test_out_of_the_demonstration_the_page_does_not_exist(settings):
    assert "demo_mails" not in [route.name for route in account.urlpatterns]
    with pytest.raises(NoReverseMatch):
        reverse("demo_mails")
    settings.DEMO = False
    with pytest.raises(Http404):
        mail_list(RequestFactory().get("/comptes/courriels/"))


def test_in_the_demonstration_it_has_its_address(settings):
    settings.DEMO = True
    try:
        routes = {route.name: str(route.pattern) for route in reload(account).urlpatterns}
        assert routes["demo_mails"] == "courriels/"
    finally:
        settings.DEMO = False
        reload(account)
