"""Many invitations by file: everything wrong told at once, then all or nothing, once."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.invitation_files import check_rows, send_all
from accounts.models import Domain, Invitation, Role
from accounts.services.invitations import Right, accept, invite, rights_of
from common.tabular import Row
from establishments.models import BeneficiaryCategory
from journal.models import Entry
from tests.accounts.invitations import ADDRESS, APE, GF, OPERATOR, invited
from tests.builders import (
    grant,
    make_category,
    make_department,
    make_establishment,
    make_profile,
    make_region,
    make_user,
)
from tests.html_rules import assert_sound_html

pytestmark = pytest.mark.django_db
FILE = "/plage/invitations/fichier/"
HEADERS = (
    "FINESS;Établissement;Adresse électronique;Prénom;Nom;APE;Administrateur délégué jusqu’au;GF;"
    "Opérateur d’inventaire EPI;Opérateur commande EPI;Message"
)


@pytest.fixture
def agent(client_for, site):
    return client_for("ARA", on=site.region)


def a_file(*lines, headers=HEADERS):
    text = "\r\n".join([headers, *lines])
    return SimpleUploadedFile("invitations.csv", text.encode("utf-8-sig"))


def checked(client, *lines):
    return client.post(FILE, {"file": a_file(*lines)})


def confirm(client, page):
    return client.post(f"{FILE}envoyer/", {"content": page.context["content"]}, follow=True)


def row(number=2, **values):
    return Row(number, {"finess": None, "email": None} | values)


def test_a_file_is_checked_then_sent_once(agent, site):
    page = checked(
        agent,
        f"{site.finess};;{ADDRESS};Julie;Moreau;oui;;;;;Bienvenue",
        f"{site.legal_entity.finess};;gf@ch.example;;;;;x;OUI;;",
        f"{site.finess};Sans adresse;;;;oui;;;;;",
    )
    assert page.status_code == 200
    assert_sound_html(page)
    assert "Envoyer 2 invitations" in page.text
    assert "1 ligne sans adresse" in page.text
    assert not Invitation.objects.exists()
    done = confirm(agent, page)
    assert "2 invitations partent" in done.text
    first, second = Invitation.objects.order_by("pk")
    assert (first.email, first.entity, rights_of(first)) == (ADDRESS, site, [APE])
    assert (first.first_name, first.last_name, first.note) == ("Julie", "Moreau", "Bienvenue")
    assert (second.entity, rights_of(second)) == (site.legal_entity, [GF, OPERATOR])
    assert first.batch == second.batch
    assert first.nonce != second.nonce
    sent = Entry.objects.filter(verb="account.invitation_sent")
    assert {entry.finess for entry in sent} == {site.finess, site.legal_entity.finess}
    assert "Tout était déjà envoyé" in confirm(agent, page).text
    again = checked(agent, f"{site.finess};;{ADDRESS.upper()};Julie;Moreau;oui;;;;;")
    assert "Rien à envoyer" in again.text
    assert Invitation.objects.count() == 2


def test_the_same_file_after_everybody_accepted_sends_nothing(agent, site):
    line = f"{site.finess};;{ADDRESS};;;;;;oui;;"
    confirm(agent, checked(agent, line))
    accept(Invitation.objects.get(), user=make_user(email=ADDRESS))
    assert "Rien à envoyer" in checked(agent, line).text


def test_every_wrong_cell_is_told_and_nothing_leaves(agent, site):
    department = make_department("75", "Paris", region=make_region("11", "Île-de-France"))
    far = make_establishment(department=department)
    closed = make_establishment(closed_on=timezone.localdate())
    make_user(email="off@ch.example", is_active=False)
    invited(site, [GF], by=agent.user, email="once@ch.example")
    make_profile(make_user(email="there@ch.example"), site)
    make_profile(make_user(email="asks@ch.example"), site, state="pending")
    wrong = {
        f"{site.finess};;julie;;;oui;;;;;": "n’est pas une adresse",
        f"{site.finess};;b@ch.example;;;;;;;;": "aucune n’est cochée",
        f"{site.finess};;c@ch.example;;;peut-être;;;;;": "n’est pas comprise",
        f"{far.finess};;d@ch.example;;;oui;;;;;": "il n’y est pas",
        f"{closed.finess};;e@ch.example;;;oui;;;;;": "fermé depuis",
        "12345;;f@ch.example;;;oui;;;;;": "FINESS",
        f"{site.finess};;g@ch.example;;;;demain;;;;": "n’est pas une date",
        f"{site.finess};;h@ch.example;;;;01/01/2001;;;;": "ce jour est passé",
        f"{site.finess};;{agent.user.email};;;oui;;;;;": "c’est la vôtre",
        f"{site.finess};;off@ch.example;;;oui;;;;;": "compte désactivé",
        f"{site.finess};;once@ch.example;;;oui;;;;;": "avec d’autres habilitations",
        f"{site.finess};;there@ch.example;;;oui;;;;;": "a déjà un profil actif",
        f"{site.finess};;asks@ch.example;;;oui;;;;;": "décidez sa demande",
        f"{site.finess};;i@ch.example;;;;;;;oui;": "n’existe pas ici",
    }
    page = checked(agent, *wrong, f"{site.finess};;ok@ch.example;;;oui;;;;;")
    assert page.status_code == 422
    for number, sentence in enumerate(wrong.values(), start=2):
        told = [" ".join(map(str, error)) for error in page.context["errors"] if error[0] == number]
        assert told, number
        assert sentence in " ".join(told)
    assert_sound_html(page)
    assert "Envoyer 1 invitation" not in page.text
    answer = agent.post(f"{FILE}envoyer/", {"content": page.context["content"]}, follow=True)
    assert "Rien n’est parti" in answer.text
    assert Invitation.objects.count() == 1
    report = agent.post(f"{FILE}refus/", {"report": page.context["report"]})
    assert b"julie" in b"".join(report)


def test_two_lines_for_one_person_and_place_are_refused(agent, site):
    line = f"{site.finess};;{ADDRESS};;;oui;;;;;"
    page = checked(agent, line, line)
    assert "déjà à la ligne 2" in page.text
    assert "invitations/fichier/envoyer/" not in page.text


def test_an_ape_sends_within_their_entity_and_names_no_ape(client_for, site):
    ape = client_for("APE", on=site.legal_entity)
    other = make_establishment()
    page = checked(ape, f"{other.finess};;{ADDRESS};;;;;oui;;;")
    assert "il n’y est pas" in page.text
    page = checked(ape, f"{site.finess};;{ADDRESS};;;oui;;;;;")  # the column is not theirs
    assert page.status_code == 422
    checked_rows = check_rows([row(finess=site.finess, email=ADDRESS, ape="oui")], by=ape.user)
    assert "vous ne pouvez pas donner ce rôle" in str(list(checked_rows.errors))
    until = timezone.localdate() + timedelta(days=20)
    confirm(ape, checked(ape, f"{site.finess};;{ADDRESS};;;;{until:%d/%m/%Y};;;;"))
    delegated = Right(Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR, None, until)
    assert rights_of(Invitation.objects.get()) == [delegated]


def test_what_changed_since_the_check_stops_everything(agent, site):
    page = checked(
        agent,
        f"{site.finess};;{ADDRESS};;;oui;;;;;",
        f"{site.finess};;b@ch.example;;;oui;;;;;",
    )
    make_profile(make_user(email="b@ch.example"), site)
    answer = confirm(agent, page)
    assert "Rien n’est parti" in answer.text
    assert not Invitation.objects.exists()


def test_a_forged_confirmation_sends_nothing(agent, site):
    page = checked(agent, f"{site.finess};;{ADDRESS};;;oui;;;;;")
    content = page.context["content"]
    for forged in ("", "x", content[:-2], content.replace(content[5], "A")):
        answer = agent.post(f"{FILE}envoyer/", {"content": forged}, follow=True)
        assert "a expiré" in answer.text
    assert not Invitation.objects.exists()


def test_somebody_else_cannot_confirm_beyond_their_own_rights(client_for, agent, site):
    page = checked(agent, f"{site.finess};;{ADDRESS};;;oui;;;;;")
    ape = client_for("APE", on=site.legal_entity)
    assert "Rien n’est parti" in confirm(ape, page).text
    assert client_for("GF").post(f"{FILE}envoyer/").status_code == 403
    assert not Invitation.objects.exists()


def test_orders_are_prepared_where_they_exist(agent, site):
    site.category = make_category("500", "EHPAD")
    site.save()
    line = f"{site.finess};;{ADDRESS};;;;;;;oui;"
    assert "n’existe pas ici" in checked(agent, line).text
    BeneficiaryCategory.objects.create(category=site.category, starts_on=timezone.localdate())
    assert "Envoyer 1 invitation" in checked(agent, line).text


def test_the_template_is_read_back_and_has_the_columns_of_ones_rights(client_for, agent, site):
    template = b"".join(agent.get(f"{FILE}modele/?sans-ape=1"))
    sheet = load_workbook(io.BytesIO(template)).worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    lines = {line[0]: line for line in sheet.iter_rows(min_row=2, values_only=True)}
    assert lines[site.finess][headers.index("Administrateur principal (APE)")] == "oui"
    sheet.cell(2, headers.index("Adresse électronique") + 1, ADDRESS)
    filled = io.BytesIO()
    sheet.parent.save(filled)
    file = SimpleUploadedFile("modele.xlsx", filled.getvalue())
    assert "Envoyer 1 invitation" in agent.post(FILE, {"file": file}).text
    invite(ADDRESS, site, [APE], by=agent.user)
    left = load_workbook(io.BytesIO(b"".join(agent.get(f"{FILE}modele/?sans-ape=1"))))
    assert site.finess not in {cell.value for cell in left.worksheets[0]["A"]}
    ape = client_for("APE", on=site.legal_entity)
    blank = load_workbook(io.BytesIO(b"".join(ape.get(f"{FILE}modele/"))))
    assert "Administrateur principal (APE)" not in [c.value for c in blank.worksheets[0][1]]


def test_five_hundred_invitations_leave_in_few_statements(agent, site):
    def rows(count):
        return [
            row(number, finess=site.finess, email=f"p{count}.{number}@ch.example", gf="oui")
            for number in range(count)
        ]

    with CaptureQueriesContext(connection) as few:
        send_all(rows(5), by=agent.user)
    with CaptureQueriesContext(connection) as many:
        send_all(rows(500), by=agent.user)
    assert len(many) <= len(few) <= 20
    assert Invitation.objects.count() == 505


def test_the_country_has_no_file_of_establishments(client_for):
    national = client_for("NAT")
    for url in (FILE, f"{FILE}modele/"):
        answer = national.get(url)
        assert (answer.status_code, "une personne à la fois" in answer.text.replace("\n", " ")) == (
            403,
            True,
        )
    assert FILE not in national.get(reverse("plage:invitations")).text


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"a;b;c\r\n1;2;3", b"<html></html>"])
def test_a_file_that_is_no_table_of_invitations_says_so(agent, content):
    answer = agent.post(FILE, {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422


def test_the_file_of_a_deputy_names_no_deputy_beyond_their_own_last_day(site):
    deputy, end = make_user(), timezone.localdate() + timedelta(days=30)
    grant(
        make_profile(deputy, site),
        Domain.ADMINISTRATION,
        Role.DELEGATED_ADMINISTRATOR,
        ends_on=end,
    )
    after = end + timedelta(days=1)
    lines = [
        row(finess=site.finess, email=ADDRESS, delegated=f"{after:%d/%m/%Y}"),
        row(3, finess=site.finess, email="autre@ch.example", delegated=f"{end:%d/%m/%Y}"),
    ]
    found = check_rows(lines, by=deputy)
    (error,) = found.errors
    assert "votre propre délégation finit avant" in error.sentence
    assert [line.number for line in found.to_send] == [3]


def test_the_same_habilitations_in_another_order_are_the_same_invitation(agent, site):
    invited(site, [GF, APE], by=agent.user)
    page = checked(agent, f"{site.finess};;{ADDRESS};;;oui;;oui;;;")
    assert page.status_code == 200
    assert "Rien à envoyer" in page.text
