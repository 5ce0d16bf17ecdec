"""APE, on a phone: decides who may come in, then invites a colleague who comes by the e-mail."""

import pytest
from playwright.sync_api import expect

from accounts.models import AccessRequest, Habilitation, Invitation, Role
from accounts.services.requests import ask_profile
from tests.browser.roles.conftest import PHONE, menu
from tests.builders import PASSWORD, make_establishment, make_legal_entity, make_person, make_user
from tests.rights import INVENTORY

pytestmark = pytest.mark.django_db(transaction=True)
GUEST = "anne.roy@ch.example"


@pytest.fixture
def world(transactional_db):
    return make_establishment(
        make_legal_entity(name="Centre hospitalier du Val de Brenne"), name="Hôpital de la Rive"
    )


@pytest.fixture
def julien(world):
    """Asks to fill the inventory."""
    person = make_user(first_name="Julien", last_name="Moreau")
    ask_profile(person, world, [INVENTORY], note="Je remplace Mme Roy au magasin.")
    return person


def test_an_administrator_accepts_a_request_and_invites_a_colleague(
    enter, visit, follow_mail, world, julien
):
    page = enter(make_person("APE", on=world.legal_entity), width=PHONE)
    page.get_by_role("link", name="Décider").click()
    page.get_by_role("link", name="Décider de la demande de Julien Moreau").click()
    expect(page.get_by_text("Je remplace Mme Roy au magasin.")).to_be_visible()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("Choisissez : accepter, ou refuser.").first).to_be_visible()
    page.get_by_text("Accepter", exact=True).click()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("La demande de Julien Moreau est acceptée")).to_be_visible()
    assert AccessRequest.objects.get().outcome == "accepted"
    assert Habilitation.objects.get(profile__user=julien).state == "active"

    invite(page)
    come_in(visit(width=PHONE), follow_mail)
    right = Habilitation.objects.get(role=Role.DECLARANT)
    assert (right.profile.user.email, right.profile.establishment) == (GUEST, world)


def invite(page):
    menu(page, "PLAGE")
    page.get_by_role("link", name="Inviter une personne").click()
    page.get_by_role("link", name="Inviter à Hôpital de la Rive").click()
    page.get_by_label("Adresse électronique professionnelle").fill(GUEST)
    page.get_by_text("Gestionnaire de fichiers (GF)").click()
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text(f"L’invitation part pour {GUEST}")).to_be_visible()
    assert Invitation.objects.get().email == GUEST


def come_in(page, follow_mail):
    """The colleague has no account yet: the e-mail opens everything at once."""
    follow_mail(page, GUEST)
    page.get_by_label("Prénom").fill("Anne")
    page.get_by_label("Nom", exact=True).fill("Roy")
    page.get_by_role("textbox", name="Mot de passe").first.fill(PASSWORD)
    page.get_by_role("textbox", name="Mot de passe").last.fill(PASSWORD)
    page.get_by_role("button", name="Accepter et ouvrir mon compte").click()
    expect(page.get_by_text("Votre compte est ouvert")).to_be_visible()
