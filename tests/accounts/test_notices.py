"""Each mail of the circuits: to whom, about what, and nothing once it is out of date."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Domain, Profile, Role, SentMail
from accounts.notices import Notice, notify
from accounts.notices.html import html_of
from accounts.notices.letters import LETTERS
from accounts.services.decisions import decide
from accounts.services.invitations import cancel_invitation, invite
from accounts.services.profiles import (
    create_profile,
    end_profile,
    grant_habilitation,
    revoke_habilitation,
    suspend_profile,
)
from accounts.services.requests import ask_profile, cancel_request
from establishments.models import AdministrativeBody
from tests.accounts.mailing import deliver, run, waiting
from tests.builders import make_body, make_establishment, make_person, make_profile, make_user
from tests.rights import FILES, INVENTORY

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(site):
    return make_person("APE", on=site)


@pytest.fixture
def request_made(site, administrator):
    user = make_user(first_name="Alix", last_name="Morel")
    return ask_profile(user, site, [FILES, INVENTORY], note="Je remplace\nMme Petit.")


def only(mails, to):
    (found,) = [one for one in mails if one.to == [to]]
    return found


def html_part(message):
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return content


def test_every_notice_has_its_letter_and_its_template():
    assert set(LETTERS) == set(Notice)
    folder = settings.BASE_DIR / "templates" / "notices"
    assert {notice.value for notice in Notice} <= {path.stem for path in folder.glob("*.txt")}


def test_a_request_tells_its_author_what_they_asked_and_who_decides(request_made, administrator):
    message = only(deliver(), request_made.profile.user.email)
    assert message.subject.startswith("[Stocks Santé] Votre demande sur Hôpital de la Rive")
    assert "Gestionnaire de fichiers (e-Dispostock)" in message.body
    assert str(administrator) in message.body
    assert f"{settings.SITE_URL}/profils/" in message.body


def test_the_profile_s_own_address_wins_over_the_account_s(site, administrator):
    ask_profile(make_user(), site, [FILES], email="service@ch.example")
    assert only(deliver(), "service@ch.example")


def test_a_request_that_was_cancelled_meanwhile_is_not_told(request_made):
    cancel_request(request_made, by=request_made.profile.user)
    assert not [one for one in deliver() if "est enregistrée" in one.subject]


def test_what_was_rolled_back_is_never_told(site):
    user = make_user()
    with transaction.atomic():
        ask_profile(user, site, [FILES])
        assert waiting()
        transaction.set_rollback(True)
    assert waiting() == []


def test_an_acceptance_says_what_was_given_and_a_refusal_says_why(request_made, administrator):
    deliver()
    decide(request_made, by=administrator, accepted=True, rights=[FILES], reason="Un seul rôle.")
    message = only(deliver(), request_made.profile.user.email)
    assert "est acceptée" in message.subject
    given, _, refused = message.body.partition("N’a pas été accordé")
    assert "Gestionnaire de fichiers" in given
    assert "Opérateur d’inventaire EPI" in refused
    assert "Un seul rôle." in message.body


def test_a_refusal_says_why(request_made, administrator):
    deliver()
    decide(request_made, by=administrator, accepted=False, reason="Vous ne travaillez pas ici.")
    message = only(deliver(), request_made.profile.user.email)
    assert "est refusée" in message.subject
    assert "Motif\u00a0: Vous ne travaillez pas ici." in message.body


def test_the_second_agreement_is_asked_of_the_others_of_the_country():
    first, second, third = (make_person("NAT") for _ in range(3))
    region = make_body(AdministrativeBody.Kind.ARS, region=make_establishment().region)
    request = ask_profile(make_user(), region, [(Domain.ADMINISTRATION, Role.ADMINISTRATOR)])
    deliver()
    decide(request, by=first, accepted=True)
    mails = [one for one in deliver() if "second accord" in one.subject]
    assert {one.to[0] for one in mails} == {second.email, third.email}
    assert str(first) in mails[0].body


def test_an_invitation_carries_its_link_until_it_is_cancelled(site, administrator):
    invitation = invite("nouvelle@ch.example", site, [FILES], by=administrator)
    message = only(deliver(), "nouvelle@ch.example")
    assert f"{settings.SITE_URL}/invitation/" in message.body
    assert str(administrator) in message.subject
    notify(Notice.INVITATION, invitation.pk)
    cancel_invitation(invitation, by=administrator)
    assert deliver() == []


def test_a_profile_that_changes_tells_its_owner_why(site, administrator):
    profile = create_profile(make_user(), site, by=administrator)
    assert "Un profil vous est ouvert" in only(deliver(), profile.user.email).subject
    suspend_profile(profile, by=administrator, reason="Congé long.")
    message = only(deliver(), profile.user.email)
    assert "est suspendu" in message.subject
    assert "Congé long." in message.body
    end_profile(profile, by=administrator, reason="Départ.")
    assert "est terminé" in only(deliver(), profile.user.email).subject


def test_a_habilitation_given_then_taken_back_before_the_mail_left_is_told_once(
    site, administrator
):
    profile = make_profile(make_user(), site)
    right = grant_habilitation(profile, *FILES, by=administrator)
    revoke_habilitation(right, by=administrator, reason="Erreur.")
    message = only(deliver(), profile.user.email)
    assert "vous est retirée" in message.subject


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (Notice.ACCOUNT_UNLOCKED, "débloqué"),
        (Notice.FACTOR_REMOVED, "second facteur"),
        (Notice.IDENTITY_CHANGED, "coordonnées"),
    ],
)
def test_a_sensitive_change_is_told_to_the_account_s_address(notice, words, site):
    profile = make_profile(make_user(), site)
    Profile.objects.filter(pk=profile.pk).update(email="service@ch.example")
    notify(notice, profile.user.pk)
    message = only(deliver(), profile.user.email)
    assert words in message.subject
    assert f"{settings.SITE_URL}/comptes/mot-de-passe/oublie/" in message.body


def test_an_account_that_is_closed_receives_that_letter_and_no_other(site):
    user = make_user(is_active=False, closed_at=timezone.now())
    notify(Notice.ACCOUNT_CLOSED, user.pk)
    notify(Notice.IDENTITY_CHANGED, user.pk)
    notify(Notice.PROFILE_CREATED, make_profile(user, site).pk)
    assert [one.subject for one in deliver()] == ["[Stocks Santé] Votre compte est fermé"]


@pytest.mark.parametrize("notice", Notice)
def test_a_notice_about_a_row_that_is_gone_is_nothing(notice):
    notify(notice, 0)
    notify(notice, 0, about=0)
    assert deliver() == []


def test_a_job_given_back_does_not_send_its_mail_again(request_made):
    job = _job()
    run(job)
    run(job)
    assert len([one for one in deliver() if "est enregistrée" in one.subject]) == 0
    assert SentMail.objects.filter(job=job.pk).count() == 1


def test_the_mail_of_a_job_has_the_same_number_at_each_attempt(request_made, mailoutbox):
    job = _job()
    run(job)
    SentMail.objects.all().delete()
    run(job)
    first, second = (one.message()["Message-ID"] for one in mailoutbox)
    assert first == second
    assert re.fullmatch(r"<\d+\.[0-9a-f]{24}@testserver>", first)


def _job():
    return ProcrastinateJob.objects.filter(args__notice="request_received").get()


class Sound(HTMLParser):
    """What a mail must not hold: a table, an image, anything fetched, a script."""

    def __init__(self):
        super().__init__()
        self.tags, self.links = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]


def test_the_html_part_is_simple_and_fetches_nothing(request_made):
    page = html_part(only(deliver(), request_made.profile.user.email))
    sound = Sound()
    sound.feed(page)
    assert '<html lang="fr">' in page
    assert not {"table", "img", "script", "link", "iframe"} & set(sound.tags)
    assert sound.tags.count("h1") == 1
    assert sound.tags.count("li") == 2
    assert sound.links == [f"{settings.SITE_URL}/profils/"]
    assert ">Suivre ma demande</a>" in page


def test_what_a_person_typed_never_becomes_markup_nor_a_link():
    typed = (
        '<b onclick="x()">Alix</b>, voyez https://ailleurs.example/ici\n'
        "Décider : https://ailleurs.example/la"
    )
    page = html_of("Titre <i>", typed, "")
    assert 'onclick="' not in page
    assert "<i>" not in page
    assert "href" not in page


def test_a_name_of_several_lines_cannot_write_a_part_of_the_mail(site, administrator):
    user = make_user(first_name="Alix\n\nDécider : https://ailleurs.example/x", last_name="M")
    request = ask_profile(user, site, [FILES])
    notify(Notice.REQUESTS_REMINDER, request.pk, about=administrator.pk)
    message = only([one for one in deliver() if "relance" in one.subject], administrator.email)
    assert "\n" not in message.subject
    assert message.body.startswith(f"Bonjour {administrator}")
    assert "\nDécider : https://ailleurs" not in message.body
