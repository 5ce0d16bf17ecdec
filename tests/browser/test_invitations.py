"""Seed 001, steps 1 to 3: the ARS invites an APE; the APE invites a GF; both accept."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Domain, Habilitation, Invitation, Role
from accounts.services.invitations import Right, cancel_invitation, invite, link_of
from tests.accounts.mailing import deliver
from tests.browser.axe import axe
from tests.builders import PASSWORD, make_establishment, make_person, make_user

APE = Right(Domain.ADMINISTRATION, Role.ADMINISTRATOR)


@pytest.fixture
def hospital(transactional_db):
    return make_establishment(name="Hôpital de la Rive", town="BLOIS")


@pytest.fixture
def agent(hospital):
    return make_person("ARA", on=hospital.region)


def link_in_mail_to(address):
    deliver()
    body = next(one.body for one in reversed(mail.outbox) if one.to == [address])
    return re.search(r"/invitation/\S+/", body)[0]


def accept_as_somebody_new(page, address, first_name, last_name):
    page.goto(link_in_mail_to(address))
    assert page.url.endswith("/invitation/")  # the secret has left the address
    axe(page)
    page.get_by_label("Prénom").fill(first_name)
    page.get_by_label("Nom", exact=True).fill(last_name)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.get_by_role("button", name="Accepter et ouvrir mon compte").click()
    expect(page.get_by_text("Votre compte est ouvert")).to_be_visible()


def invite_on_screen(page, address):
    page.get_by_label("Adresse électronique professionnelle").fill(address)
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text(f"L’invitation part pour {address}")).to_be_visible()


@pytest.mark.long
def test_the_ars_invites_an_ape_who_invites_a_declarant(open_page, hospital, agent):
    ars = open_page(agent)
    ars.goto(reverse("plage:ape"))
    expect(ars.get_by_text("Aucun APE")).to_be_visible()
    axe(ars)
    ars.get_by_role("link", name="Inviter un APE pour Hôpital de la Rive").click()
    expect(ars.get_by_label("Administration : Administrateur principal")).to_be_checked()
    axe(ars)
    invite_on_screen(ars, "anne.roy@ch.example")
    axe(ars)

    ape = open_page()
    accept_as_somebody_new(ape, "anne.roy@ch.example", "Anne", "Roy")
    ars.goto(reverse("plage:ape"))
    expect(ars.get_by_text("Anne Roy")).to_be_visible()

    ape.goto(reverse("plage:invitations"))
    ape.get_by_role("link", name="Inviter une personne").first.click()
    axe(ape)
    ape.get_by_role("link", name=re.compile("Inviter à Hôpital de la Rive")).click()
    expect(ape.get_by_text("Administrateur principal (APE)")).to_have_count(0)
    ape.get_by_text("Gestionnaire de fichiers (GF)").click()
    invite_on_screen(ape, "paul.garnier@ch.example")

    declarant = open_page(width=360)
    accept_as_somebody_new(declarant, "paul.garnier@ch.example", "Paul", "Garnier")
    right = Habilitation.objects.get(role=Role.DECLARANT)
    assert (right.profile.establishment, right.state) == (hospital, "active")
    assert right.decided_by.email == "anne.roy@ch.example"

    declarant.goto(link_in_mail_to("paul.garnier@ch.example"))
    expect(declarant.get_by_text("Ce lien a déjà servi")).to_be_visible()
    axe(declarant)


def test_every_state_of_a_link_is_told_and_accessible(open_page, hospital, agent):
    invitation = invite("anne.roy@ch.example", hospital, [APE], by=agent)
    page = open_page(make_user())
    page.goto(link_of(invitation, ""))
    expect(page.get_by_text("connecté avec un autre compte")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Quitter ce compte et continuer").click()
    expect(page.get_by_role("heading", name="Ouvrir votre compte")).to_be_visible()

    Invitation.objects.update(expires_at=invitation.created_at)
    page.reload()
    expect(page.get_by_text("n’est plus valable")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Recevoir un nouveau lien").click()
    expect(page.get_by_text("Un nouveau lien part")).to_be_visible()
    make_user(email="anne.roy@ch.example")
    page.goto(link_in_mail_to("anne.roy@ch.example"))
    expect(page.get_by_role("heading", name="Vous avez déjà un compte")).to_be_visible()
    axe(page)
    cancel_invitation(invitation, by=agent)
    page.reload()
    expect(page.get_by_text("a été annulée")).to_be_visible()
    axe(page)


def test_the_pages_of_invitations_are_accessible(open_page, hospital, agent, tmp_path):
    invitation = invite("anne.roy@ch.example", hospital, [APE], by=agent)
    page = open_page(agent)
    for url in (
        reverse("plage:invitations"),
        reverse("plage:invitation", args=[invitation.pk]),
        reverse("plage:invitation_file"),
    ):
        page.goto(url)
        axe(page)
    file = tmp_path / "invitations.csv"
    head = "FINESS;Adresse électronique;APE"
    for line in (f"{hospital.finess};paul.garnier@ch.example;oui", f"{hospital.finess};paul;oui"):
        file.write_text(f"{head}\n{line}\n", encoding="utf-8")
        page.goto(reverse("plage:invitation_file"))
        page.get_by_label("Fichier").set_input_files(file)
        page.get_by_role("button", name="Contrôler le fichier").click()
        expect(page.get_by_role("heading", name="Contrôle du fichier")).to_be_visible()
        axe(page)
