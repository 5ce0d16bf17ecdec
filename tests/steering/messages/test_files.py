"""A file is what it holds: kept when nothing in it can act, drawn again when it is an image."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf import FPDF
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from common.exports import template_workbook
from steering.messages.files import HEAVIEST, MOST_FILES, Checked, FileError, check_file, name_of
from steering.models import MessageFile
from steering.services.message_files import join_files, take_off_files
from steering.services.message_rules import MessageError
from tests.steering.messages.conftest import draft, sent

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Type="http://x.example/{kind}" Target="http://x.example/" '
    'TargetMode="External"/></Relationships>'
)


def sent_as(content, name="piece.bin"):
    return SimpleUploadedFile(name, content)


def pdf():
    page = FPDF()
    page.add_page()
    return bytes(page.output())


def acting_pdf(act):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    act(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def with_script(writer):
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    found = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = found


def with_action(kind):
    def act(writer):
        said = {"/S": NameObject(kind), "/URI": TextStringObject("http://x.example/")}
        found = DictionaryObject({NameObject(key): value for key, value in said.items()})
        writer.root_object[NameObject("/OpenAction")] = found

    return act


def with_own_actions(writer):
    action = DictionaryObject({NameObject("/S"): NameObject("/URI")})
    own = DictionaryObject({NameObject("/O"): action})
    writer.pages[0][NameObject("/AA")] = own


def document(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", "<document/>")
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def picture(kind):
    out = BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(), "pdf"),
        (acting_pdf(with_action("/GoTo")), "pdf"),
        (template_workbook(("A", "B"), [(1, 2)], ["Note"]), "xlsx"),
        (document(), "docx"),
        (document(**{"word__rels.rels": RELATION.format(kind="hyperlink")}), "docx"),
        (picture("PNG"), "jpg"),
        (picture("JPEG"), "jpg"),
    ],
)
def test_what_is_accepted_is_named_after_what_it_holds(content, kind):
    checked = check_file(sent_as(content, "note.exe"))
    assert (checked.kind, checked.name) == (kind, f"note.{kind}")
    assert (checked.content == content) == (kind != "jpg")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vide"),
        (b"x" * (HEAVIEST + 1), "trop lourd"),
        (b"MZ\x90\x00", "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (b"%PDF-1.7\nrien", "abîmé"),
        (b"PK\x03\x04rien", "abîmé"),
        (b"\x89PNG\r\n\x1a\nrien", "photo lisible"),
        (acting_pdf(with_script), "programme"),
        (acting_pdf(lambda one: one.add_attachment("x.exe", b"MZ")), "fichier caché"),
        (acting_pdf(with_action("/URI")), "programme"),
        (acting_pdf(with_action("/GoToR")), "programme"),
        (acting_pdf(with_own_actions), "programme"),
        (acting_pdf(lambda one: one.encrypt("secret")), "mot de passe"),
        (document(**{"word__vbaProject.bin": "x"}), "macros"),
        (document(**{"word__embeddings__a.bin": "x"}), "objets"),
        (document(**{"word__rels.rels": RELATION.format(kind="attachedTemplate")}), "liens"),
        (document(**{"word__x.xml": "<!DOCTYPE x><x/>"}), "entités"),
        (document(**{"word__zeros.xml": "0" * 30_000_000}), "démesuré"),
    ],
)
def test_what_could_act_or_is_broken_is_refused_with_its_reason(content, sentence):
    with pytest.raises(FileError, match=sentence):
        check_file(sent_as(content, "note.pdf"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Temp\\note.final.docx", "note.final.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a bSet-Cookie x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("...", "piece-jointe.pdf"),
        ("é" * 300 + ".pdf", "é" * 100 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(name, kept):
    assert name_of(name, "pdf") == kept


def one(content, name="note.pdf"):
    return Checked(name, "pdf", content)


@pytest.mark.django_db
def test_files_are_joined_once_and_within_bounds(cell):
    message = draft(cell)
    files = [one(b"a"), one(b"a", "copie.pdf"), one(b"b")]
    assert join_files(by=cell, message=message, files=files) == 2
    assert join_files(by=cell, message=message, files=files) == 0
    with pytest.raises(MessageError, match="au plus, ensemble"):
        join_files(by=cell, message=message, files=[one(b"x" * (HEAVIEST - 1))])
    with pytest.raises(MessageError, match="10 fichiers au plus"):
        join_files(by=cell, message=message, files=[one(bytes([n])) for n in range(MOST_FILES)])
    number = MessageFile.objects.first().pk
    assert take_off_files(by=cell, message=message, numbers=[number, 0]) == 1
    message.refresh_from_db()
    assert message.version == 3


@pytest.mark.django_db
def test_the_files_of_a_message_sent_never_change(cell, agency, hospital, client_for):
    client_for("GF", on=hospital)
    message = draft(cell, reference="Autre")
    with pytest.raises(MessageError, match="expéditeur"):
        join_files(by=agency, message=message, files=[one(b"a")])
    left = sent(cell)
    for act in (
        lambda: join_files(by=cell, message=left, files=[one(b"a")]),
        lambda: take_off_files(by=cell, message=left, numbers=[1]),
    ):
        with pytest.raises(MessageError, match="ne changent plus"):
            act()
