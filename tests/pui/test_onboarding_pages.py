"""The pages of the opening: who reads and fills what, the file both ways, letters and mails."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Domain, Role
from establishments.models import Region
from pui.models import OnboardingLine, OnboardingList, Pui, SwitchOver
from pui.onboarding.board import Progress
from pui.onboarding.cards import late_sentence
from pui.onboarding.letters import pharmacist_mail
from pui.onboarding.people import people_of
from pui.onboarding.values import typed_of
from pui.services.onboarding import marks_of, ready_lines, validate_lines
from pui.services.onboarding_national import make_lists
from tests.builders import (
    grant,
    make_department,
    make_establishment,
    make_person,
    make_profile,
    make_region,
    make_user,
)
from tests.pui.builders import make_pui

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def hospital():
    return make_establishment(name="CH de Blois")


@pytest.fixture
def made(hospital):
    nation = make_person("NAT", domain=Domain.DISPOSTOCK)
    told = {"arhgos": [(2, hospital.finess)]}
    make_lists(by=nation, told=told, region_codes=frozenset({"24"}))
    return OnboardingList.objects.get()


@pytest.fixture
def line(made):
    return made.lines.get()


@pytest.fixture
def ars(client):
    client.user = make_person("ARA")
    client.force_login(client.user)
    return client


@pytest.fixture
def nation():
    client = Client()
    client.force_login(make_person("NAT", domain=Domain.DISPOSTOCK))
    return client


def address(name, *args):
    return reverse(f"pui:onboarding{name}", args=args)


def sent(line, **cells):
    typed = typed_of(line)
    cells = {"site": typed.finess, "label": typed.label, "ipe": typed.ipe} | cells
    return cells | {"seen": typed.mark}


def opened(ars, line, hospital):
    line.site, line.label = hospital, "PUI CH Blois"
    line.save()
    ready = ready_lines(line.onboarding)
    validate_lines(by=ars.user, onboarding=line.onboarding, seen=marks_of(ready))
    line.refresh_from_db()
    return line


def pharmacist(hospital):
    user = make_user()
    profile = make_profile(user, hospital)
    grant(profile, Domain.DISPOSTOCK, Role.DECLARANT)
    return profile


@pytest.mark.parametrize("code", ["ARL", "ARA", "NAT", "NAL"])
def test_each_role_of_the_matrix_reads_the_list(client, line, code):
    reader = client
    reader.force_login(make_person(code, domain=None if code == "ARA" else Domain.DISPOSTOCK))
    assert "CH de Blois" in reader.get(address("_region", "24")).text
    assert reader.get(address("_line", line.pk)).status_code == 200
    assert reader.get(address("_file", "24")).status_code == 200


def test_another_region_does_not_exist(client_for, line):
    stranger = client_for("ARA", on=make_region("11", "Île-de-France"))
    for page in (address("_region", "24"), address("_line", line.pk), address("_file", "24")):
        assert stranger.get(page).status_code == 404


def test_a_reader_fills_nothing(client, line):
    reader = client
    reader.force_login(make_person("ARL", domain=Domain.DISPOSTOCK))
    for name in ("_add", "_upload", "_validate", "_tell"):
        assert reader.get(address(name, "24")).status_code == 403
    assert reader.post(address("_line", line.pk), sent(line)).status_code == 403


def test_an_ars_sets_no_calendar_and_makes_no_list(ars, made):
    assert ars.get(address("_switch", "24")).status_code == 403
    assert ars.get(address("_sources")).status_code == 403
    assert ars.post(address("_make")).status_code == 403


def test_a_line_is_filled_on_screen_then_validated(ars, line, hospital):
    page = address("_line", line.pk)
    finess = " ".join(hospital.finess)
    ars.post(page, sent(line, site=finess, label="PUI CH Blois"))
    line.refresh_from_db()
    assert line.site == hospital
    shown = ars.get(page)
    ars.post(address("_validate_line", line.pk), {"seen": shown.context["seen"]})
    assert Pui.objects.get().label == "PUI CH Blois"
    assert "Demander au directeur" in ars.get(page).text


def test_two_forms_of_one_line_do_not_overwrite_each_other(ars, line, hospital):
    stale = sent(line, site=hospital.finess, label="PUI B")
    ars.post(address("_line", line.pk), sent(line, site=hospital.finess, label="PUI A"))
    answer = ars.post(address("_line", line.pk), stale)
    assert answer.status_code == 409
    assert "PUI A" in answer.text
    assert 'value="PUI B"' in answer.text


def test_the_list_downloaded_and_sent_back_changes_nothing(ars, line, hospital):
    make_pui("PUI CH Tours", on=make_establishment())
    ars.post(address("_line", line.pk), sent(line, site=hospital.finess, label="PUI 01"))
    content = b"".join(ars.get(address("_file", "24")).streaming_content)
    file = SimpleUploadedFile("liste.xlsx", content, XLSX)
    answer = ars.post(address("_upload", "24"), {"file": file})
    assert answer.status_code == 200
    assert answer.context["checked"].changes == []
    assert "Rien ne change" in answer.text


def test_the_codes_of_the_file_are_text_that_keeps_its_zeros(ars, hospital, made):
    ain = make_department("01", "Ain", region=make_region())
    site = make_establishment(department=ain)
    typed = {"site": site.finess, "label": "PUI de l’Ain", "ipe": "007"}
    ars.post(address("_add", "24"), typed)
    content = b"".join(ars.get(address("_file", "24")).streaming_content)
    rows = list(load_workbook(io.BytesIO(content))["PUI"].values)
    assert rows[0][:4] == ("Action", "FINESS géographique", "Libellé de la PUI", "IPE")
    added = next(row for row in rows if row[2] == "PUI de l’Ain")
    assert added[:4] == ("A créer", site.finess, "PUI de l’Ain", "007")
    assert site.finess.startswith("0")
    assert added[4] == site.legal_entity.finess


def test_a_filled_file_is_shown_then_written_once(ars, line, hospital):
    text = (
        "Action;FINESS géographique;Libellé de la PUI;IPE;Repère\r\n"
        f";{hospital.finess};PUI CH Blois;;{line.pk}-{typed_of(line).mark}\r\n"
    )
    file = SimpleUploadedFile("liste.csv", text.encode("cp1252"), "text/csv")
    shown = ars.post(address("_upload", "24"), {"file": file})
    assert "PUI CH Blois" in shown.text
    line.refresh_from_db()
    assert line.label == ""
    kept = {"content": shown.context["content"], "seen": shown.context["seen"]}
    ars.post(address("_apply", "24"), kept)
    again = ars.post(address("_apply", "24"), kept, follow=True)
    line.refresh_from_db()
    assert line.label == "PUI CH Blois"
    assert "Tout était déjà enregistré" in again.text


def test_refused_lines_are_told_and_nothing_can_be_written(ars, made):
    text = "Action;FINESS géographique;Libellé de la PUI\r\nA creer;12;PUI\r\nEffacer;;\r\n"
    file = SimpleUploadedFile("liste.csv", text.encode(), "text/csv")
    shown = ars.post(address("_upload", "24"), {"file": file})
    assert shown.status_code == 422
    assert "cases refusées" in shown.text
    report = ars.post(address("_errors", "24"), {"report": shown.context["report"]})
    assert "Effacer" in b"".join(report.streaming_content).decode()


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


def test_the_preview_of_a_validation_tells_the_former_name_of_a_pharmacy(ars, line, hospital):
    line.pui = make_pui("PUI CH Blois", on=hospital)
    line.site, line.label = hospital, "PUI CH Blois Nord"
    line.save()
    page = ars.get(address("_validate", "24")).text
    assert "au registre, jusqu’ici «\u00a0PUI CH Blois\u00a0»" in page.replace("&nbsp;", "\u00a0")


def test_a_profile_that_ended_is_not_written_to(ars, line, hospital):
    opened(ars, line, hospital)
    profile = pharmacist(hospital)
    profile.state = "ended"
    profile.save()
    assert pharmacist_mail([line.pk], profile.pk) is None


def test_the_nation_makes_the_lists_from_files(nation, hospital):
    file = SimpleUploadedFile("a.csv", f"FINESS\r\n{hospital.finess}\r\n".encode(), "text/csv")
    shown = nation.post(address("_sources"), {"arhgos": file})
    assert "1 établissement à ajouter" in shown.text
    assert not OnboardingLine.objects.exists()
    for _ in range(2):
        nation.post(address("_make"), {"content": shown.context["content"]})
    assert OnboardingLine.objects.get().establishment == hospital


def test_the_nation_sets_the_day_of_a_region(nation, hospital):
    page = address("_switch", "24")
    day = {"meeting_at": "2020-11-04T10:00", "switches_on": "2020-11-09", "seen": ""}
    assert nation.post(page, day).status_code == 302
    assert SwitchOver.objects.get().meeting_at.hour == 9  # 10 h in Paris
    assert nation.post(page, day).status_code == 409
    assert "04/11/2020 à 10" in nation.get(address("")).text


def test_empty_states_say_what_to_do(ars, nation, hospital):
    assert "pas encore établie" in ars.get(address("_region", "24")).text
    assert "Établir les listes" in nation.get(address("")).text


def test_the_list_takes_as_many_queries_whatever_its_length(ars, count_queries, made, line):
    page = address("_region", "24")
    count_queries(page)
    few = count_queries(page)
    nation = make_person("NAT", domain=Domain.DISPOSTOCK)
    sites = [make_establishment() for _ in range(12)]
    for site in sites:
        pharmacist(site)
    told = {"mapui": [(rank, one.finess) for rank, one in enumerate(sites)]}
    make_lists(by=nation, told=told, region_codes=frozenset({"24"}))
    assert count_queries(page) == few


def test_an_ars_reads_on_its_home_page_what_the_opening_awaits(ars, nation, line, hospital):
    yesterday = timezone.localdate() - timedelta(days=1)
    SwitchOver.objects.create(region=hospital.region, switches_on=yesterday)
    assert "Ouverture des PUI\u00a0: 1 ligne à faire avancer" in ars.get("/").text
    assert "1 en retard sur la bascule." in ars.get("/").text
    assert "à faire avancer" not in nation.get("/").text
    line.action, line.validated_at = OnboardingLine.Action.DELETE, timezone.now()
    line.validated_by = ars.user
    line.save()
    assert "à faire avancer" not in ars.get("/").text


def test_late_lines_are_counted(ars, line, hospital):
    yesterday = timezone.localdate() - timedelta(days=1)
    SwitchOver.objects.create(region=hospital.region, switches_on=yesterday)
    assert "1 en retard" in ars.get(address("_region", "24")).text


def test_a_line_of_an_entity_without_site_counts_the_people_of_its_sites(made, line, hospital):
    profile = pharmacist(hospital)
    line.establishment = None
    line.save()
    assert [one.profile_id for one in people_of([line])[line.pk].gfs] == [profile.pk]


def test_more_late_than_waiting_is_explained():
    progress = Progress(Region(name="Bretagne"), late=3)
    assert late_sentence(progress, 3) == "3 en retard sur la bascule. "
    told = "3 en retard sur la bascule, premières connexions attendues comprises. "
    assert late_sentence(progress, 2) == told
