"""The PDF of a bulletin: drawn by the task worker, kept, readable by those who listen to it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader

from common import pdf
from journal.models import Entry
from steering.models import Bulletin, BulletinDocument
from steering.services import bulletin_documents as documents
from steering.services.bulletins import correct, publish
from steering.situation.content import Content
from steering.situation.moment import Moment, now
from steering.situation.territory import country, region_territory
from steering.tasks.situation import write_document
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.steering.situation.conftest import last_monday

pytestmark = pytest.mark.django_db
LAST = last_monday()
PAGE = reverse("steering:bulletin_of", args=["24", LAST])
FILE = reverse("steering:bulletin_pdf_of", args=["24", LAST])


@pytest.fixture
def drawn(monkeypatch):
    """What is laid out, without the seconds that it takes."""
    pages = []
    monkeypatch.setattr(documents, "pdf_of", lambda html: pages.append(html) or b"%PDF-")
    return pages


def jobs():
    return ProcrastinateJob.objects.filter(task_name=documents.WRITE, status="todo")


def work():
    for job in jobs():
        write_document(**job.args)
    jobs().update(status="doing")


def enter(client, tense, code="ARA", **chosen):
    by = make_person(code, **({"on": tense.region} | chosen))
    client.force_login(by)
    return by


def elements(document):
    """Each element of the structure: its kind and what it holds."""
    found, left = [], [document.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        one = left.pop().get_object()
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            found.append((one.get("/S"), one))
            left += [one["/K"]] if "/K" in one else []
    return found


def test_it_is_tagged_titled_and_french_and_says_what_its_drawings_show(client, tense, bulletin):
    enter(client, tense)
    client.get(FILE)
    work()
    response = client.get(FILE)
    assert response["Content-Type"] == "application/pdf"
    assert f'filename="bulletin-24-{LAST:%Y-%m-%d}.pdf"' in response["Content-Disposition"]
    document = PdfReader(BytesIO(response.content))
    root = document.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("fr", True)
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert document.metadata.title.startswith("Bulletin de la semaine N°")
    found = elements(document)
    figures = [one for kind, one in found if kind == "/Figure"]
    assert figures
    assert all("/Alt" in one for one in figures)
    assert any("Équipement le plus tendu" in one["/Alt"] for one in figures)
    cells = [one for kind, one in found if kind == "/TD"]
    assert cells
    assert all(one["/A"]["/Headers"] for one in cells)
    kinds = {kind for kind, _ in found}
    assert {"/H1", "/H2", "/Table", "/TH", "/Caption"} <= kinds
    fonts = {
        str(one.get_object()["/BaseFont"])
        for page in document.pages
        for one in page["/Resources"].get("/Font", {}).values()
    }
    assert all("Marianne" in one for one in fonts)
    assert "Jours de couverture" in document.pages[0].extract_text()


def test_asked_for_the_page_says_that_it_is_being_made_and_stays_readable(
    client, tense, bulletin, drawn
):
    enter(client, tense)
    page = client.get(FILE, follow=True)
    assert_sound_html(page)
    assert "Le PDF se prépare" in page.text
    assert 'data-refresh="3"' in page.text
    assert "Masques FFP2" in page.text
    assert "Télécharger" not in page.text
    assert not Entry.objects.filter(verb="steering.bulletin_exported").exists()
    work()
    ready = client.get(f"{PAGE}?version=1&pdf=attendu")
    assert_sound_html(ready)
    assert "il est prêt" in ready.text
    assert "data-refresh" not in ready.text
    assert client.get(FILE).content == b"%PDF-"
    assert Entry.objects.filter(verb="steering.bulletin_exported").count() == 1


def test_asked_ten_times_it_is_drawn_once(client, tense, bulletin, drawn):
    enter(client, tense)
    for _ in range(10):
        client.get(FILE)
    assert jobs().count() == 1
    work()
    client.get(FILE)
    write_document(bulletin=bulletin.pk, reading=BulletinDocument.objects.get().reading)
    assert len(drawn) == 1


def test_those_who_read_the_same_parts_share_one_and_no_other_reads_it(
    client, tense, bulletin, drawn
):
    for code, domain in (("ARA", None), ("ARL", "dispostock"), ("OMD", None), ("ARA", None)):
        enter(client, tense, code, domain=domain)
        client.get(FILE)
        work()
    whole, medicines = BulletinDocument.objects.order_by("pk")
    assert whole.reading == "dash.epi dash.med dash.ord"
    assert medicines.reading == "dash.med"
    assert "Inventaires EPI reçus" in drawn[0]
    assert "Inventaires EPI reçus" not in drawn[1]
    assert "Contingents utilisés" not in drawn[1]


def test_the_weekly_task_has_the_whole_of_each_drawn_before_anybody_asks(tense, bulletin, drawn):
    publish(country(), Moment(LAST, now().at))
    assert documents.prepare_due(timezone.now()) == 2
    work()
    assert BulletinDocument.objects.count() == 2
    assert documents.prepare_due(timezone.now()) == 0


def test_the_bulletins_of_the_weeks_before_are_drawn_when_asked_alone(tense, drawn):
    old = timezone.now() - timedelta(days=8)
    publish(region_territory(tense.region), Moment(last_monday(2), old))
    assert documents.prepare_due(timezone.now()) == 0


def test_after_three_months_it_is_forgotten_and_may_be_asked_again(client, tense, bulletin, drawn):
    documents.write_document(bulletin, "dash.epi")
    documents.prepare_due(timezone.now() + timedelta(days=89))
    assert BulletinDocument.objects.count() == 1
    documents.prepare_due(timezone.now() + timedelta(days=91))
    assert not BulletinDocument.objects.exists()


def test_a_correction_has_its_own_and_so_has_the_week_after(tense, drawn):
    territory = region_territory(tense.region)
    first = publish(territory, Moment(last_monday(2), now().at))
    after = publish(territory, Moment(LAST, now().at))
    reading = documents.reading_of(Content.read(first.content))
    for one in (first, after):
        documents.write_document(one, reading)
    by = make_person("ARA", on=tense.region)
    made = correct(first, word="Un", reason="Ajout.", reads_again=False, by=by)
    assert list(BulletinDocument.objects.values_list("bulletin", flat=True)) == [first.pk]
    assert [job.args["bulletin"] for job in jobs()] == [made.pk]
    work()
    assert "Un" in drawn[-1]


def test_where_no_pdf_can_be_written_the_page_says_to_print_it(
    client, tense, bulletin, monkeypatch
):
    def missing(name):
        raise OSError(name)

    pdf._library.cache_clear()
    monkeypatch.setattr(pdf, "import_module", missing)
    enter(client, tense)
    page = client.get(FILE, follow=True)
    pdf._library.cache_clear()
    assert "imprimez la page" in page.text
    assert not jobs().exists()


@pytest.mark.parametrize("asked", ["²", "x", "", "-1", "99999", "\x00"])
def test_a_version_that_is_no_number_is_the_one_in_force(client, tense, bulletin, asked):
    enter(client, tense)
    assert client.get(PAGE, {"version": asked}).status_code == 200


def test_the_kept_one_says_the_version_in_its_name(client, tense, bulletin, drawn):
    by = enter(client, tense)
    correct(bulletin, word="Un", reason="Ajout.", reads_again=False, by=by)
    work()
    assert f"{LAST:%Y-%m-%d}-v2.pdf" in client.get(FILE)["Content-Disposition"]
    assert Bulletin.objects.count() == 2
