"""What unblocks a line: an invitation, a letter to the director, a mail to the pharmacists."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Domain, Role
from accounts.services.invitations import Right, accept, invite
from pui.onboarding.letters import pharmacist_mail
from pui.onboarding.steps import Step
from tests.builders import (
    grant,
    make_establishment,
    make_person,
    make_profile,
    make_user,
)
from tests.pui.onboarding.steps import step_of
from tests.pui.onboarding_pages.steps import address, opened, pharmacist

pytestmark = pytest.mark.django_db


def test_no_ape_proposes_an_invitation_filled_and_a_letter(ars, line, hospital):
    opened(ars, line, hospital)
    page = ars.get(address("_line", line.pk)).text
    invitation = reverse("plage:invitation_form", args=[hospital.finess])
    assert f"{invitation}?habilitation=administration:administrator" in page
    letter = ars.get(address("_letter", line.pk)).text
    assert "CH de Blois" in letter
    ars.post(address("_letter", line.pk))
    line.refresh_from_db()
    assert line.letter_sent_on == timezone.localdate()


def test_the_letter_is_signed_by_the_body_of_who_writes_it(ars, nation, line, hospital):
    opened(ars, line, hospital)
    assert f", {ars.user.active_profile.body}" in ars.get(address("_letter", line.pk)).text
    assert "agence régionale de santé Centre" not in nation.get(address("_letter", line.pk)).text


def test_no_letter_says_that_an_ape_is_missing_where_there_is_one(ars, line, hospital):
    opened(ars, line, hospital)
    make_person("APE", on=hospital)
    answer = ars.get(address("_letter", line.pk), follow=True)
    assert "La lettre n’a plus d’objet." in answer.content.decode()


def test_in_a_fire_service_the_pharmacist_is_invited_as_both(ars, line, hospital):
    hospital.name = "SDIS du Loiret"
    hospital.save()
    opened(ars, line, hospital)
    page = ars.get(address("_line", line.pk)).text
    assert "à la fois gestionnaire de fichiers (GF) et administrateur principal" in page
    assert "administration:administrator&amp;habilitation=dispostock:declarant" in page


def test_for_a_group_the_ape_of_the_host_is_proposed(ars, line, hospital):
    where = {"address": "1 RUE DU PORT", "postal_code": "41000"}
    host = make_establishment(name="CH hôte", **where)
    user = make_user(email="hote@ch.example")
    grant(make_profile(user, host), Domain.ADMINISTRATION, Role.ADMINISTRATOR)
    hospital.name, hospital.address, hospital.postal_code = "GCS PUI", *where.values()
    hospital.save()
    opened(ars, line, hospital)
    page = ars.get(address("_line", line.pk)).text
    assert "hote@ch.example" in page
    assert "second profil" in page


def test_the_ape_of_the_host_is_that_of_the_group_by_a_second_profile(ars, line, hospital):
    """Invited from the line, under the account they have: the line goes on to its GF [001]."""
    hospital.name = "GCS PUI"
    hospital.save()
    opened(ars, line, hospital)
    assert step_of(line) is Step.APE
    ape = make_user(email="hote@ch.example")
    host = make_profile(ape, make_establishment(name="CH hôte"))
    grant(host, Domain.ADMINISTRATION, Role.ADMINISTRATOR)
    right = Right(Domain.ADMINISTRATION, Role.ADMINISTRATOR)
    accept(invite(ape.email, hospital, [right], by=ars.user), user=ape)
    assert [one.establishment for one in ape.profiles.order_by("pk")] == [
        host.establishment,
        hospital,
    ]
    assert step_of(line) is Step.GF


def test_pharmacists_are_told_of_their_ape_once(ars, line, hospital):
    opened(ars, line, hospital)
    ape = make_user(email="ape@ch.example")
    grant(make_profile(ape, hospital), Domain.ADMINISTRATION, Role.ADMINISTRATOR)
    profile = pharmacist(hospital)
    assert profile.user.email in ars.get(address("_tell", "24")).text
    answer = ars.post(address("_tell", "24"), {"ligne": [line.pk]})
    assert answer.status_code == 302
    again = ars.post(address("_tell", "24"), {"ligne": [line.pk]})
    assert again.status_code == 409
    letter = pharmacist_mail([line.pk], profile.pk)
    assert "ape@ch.example" in letter.body
    assert letter.to == [profile.user.email]
    assert mail.outbox == []


def test_without_ape_the_mail_sends_to_the_dim_doctor(ars, line, hospital):
    opened(ars, line, hospital)
    profile = pharmacist(hospital)
    assert f"?ligne={line.pk}" in ars.get(address("_line", line.pk)).text
    assert "Écrire aux pharmaciens de 1 PUI" in ars.get(address("_region", "24")).text
    assert profile.user.email in ars.get(address("_tell", "24")).text
    assert ars.post(address("_tell", "24"), {"ligne": [line.pk]}).status_code == 302
    assert "médecin DIM" in pharmacist_mail([line.pk], profile.pk).body


def test_nobody_is_told_once_a_pharmacist_of_the_line_logged_in(ars, line, hospital):
    opened(ars, line, hospital)
    profile = pharmacist(hospital)
    profile.user.last_login = timezone.now()
    profile.user.save()
    assert "Personne à informer" in ars.get(address("_tell", "24")).text


def test_a_profile_that_ended_is_not_written_to(ars, line, hospital):
    opened(ars, line, hospital)
    profile = pharmacist(hospital)
    profile.state = "ended"
    profile.save()
    assert pharmacist_mail([line.pk], profile.pk) is None
