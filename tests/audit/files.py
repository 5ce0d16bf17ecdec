"""Hostile and dirty files through every form that takes one: a sentence, never a failure.

Run by `make audit`; `tests/common/test_tabular_hostile.py` holds the reader itself in `make test`.
"""

import io
import re
import resource
import struct
import time
import zipfile
import zlib
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.audit.crawl import client_of, ended
from tests.common import hostile
from tests.photos import picture

SECONDS, MEGABYTES = 5.0, 300
# what a person reads when a file is not taken: beside its field, above the form, or line by line
SENTENCE = re.compile(
    "fr-error-text|fr-(?:alert|message|badge)--(?:error|warning)|app-refus|t-refus|Rien à écrire"
)
SHOWN_AGAIN = (200, 422)
PREVIEW = "apercu"  # a button: what it sends is read by nobody else, and taken by nobody
HEADERS = b"FINESS;Article;Stock\r\n"


def png_of(width, height):
    """An image that declares a size, and holds nothing of it."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def bomb():
    """A workbook of 60 kB that unpacks 60 MB."""
    rows = "<row><c><v>1</v></c></row>" * 2_400_000
    return hostile.workbook(rows)


def nested():
    inner = hostile.archive({"a.txt": "0" * 1_000_000})
    for _ in range(4):
        inner = hostile.archive({f"{n}.zip": inner for n in range(8)})
    return inner


def far_cell():
    return hostile.workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def formats():
    styles = (
        f'<styleSheet xmlns="{hostile.MAIN}"><cellXfs>{"<xf/>" * 500_000}</cellXfs></styleSheet>'
    )
    return hostile.workbook(entries={"xl/styles.xml": styles})


def entity():
    text = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + hostile.WORKBOOK
    return hostile.workbook(entries={"xl/workbook.xml": text})


def odd_numbers():
    row = "".join(f"<c><v>{value}</v></c>" for value in ("1e999", "NaN", "-0", "9" * 400))
    return hostile.workbook(f'<row r="2">{row}</row>')


def lying():
    data = hostile.workbook("<row><c><v>1</v></c></row>" * 1_000_000)
    return hostile.declaring_small_sizes(data, "xl/worksheets/sheet1.xml")


CORPUS = {
    "nothing": ("vide.csv", lambda: b""),
    "spaces": ("blanc.csv", lambda: b" \r\n\t \r\n"),
    "NUL bytes": ("nul.csv", lambda: HEADERS + b"1;\x00;2\r\n" * 50),
    "no encoding": ("octets.csv", lambda: bytes(range(256)) * 40),
    "one line": ("ligne.csv", lambda: b"a;" * 400_000),
    "one quote": ("guillemet.csv", lambda: HEADERS + b'"' + b"x;y\r\n" * 60_000),
    "60,000 lines": ("lignes.csv", lambda: HEADERS + b"010000024;Gants;1\r\n" * 60_000),
    "UTF-16 cut": ("coupe.csv", lambda: "FINESS;Article\r\n1;2".encode("utf-16")[:-1]),
    "formulas": ("formule.csv", lambda: HEADERS + b"=cmd|' /C calc'!A0;@SUM(1);-1\r\n"),
    "page": ("page.xlsx", lambda: b"<html><script>alert(1)</script><table></table></html>"),
    "old workbook": ("ancien.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096),
    "cut archive": ("coupe.xlsx", lambda: hostile.workbook("<row/>" * 100)[:-40]),
    "bomb": ("bombe.xlsx", bomb),
    "nested archives": ("poupees.zip", nested),
    "far cell": ("loin.xlsx", far_cell),
    "formats": ("formats.xlsx", formats),
    "entity": ("entite.xlsx", entity),
    "odd numbers": ("nombres.xlsx", odd_numbers),
    "sizes that lie": ("menteur.xlsx", lying),
    "image of 4 G pixels": ("grande.png", lambda: png_of(65_000, 65_000)),
    "image of 1 pixel high": ("longue.png", lambda: png_of(2**31 - 1, 1)),
    "cut image": ("coupee.jpg", lambda: picture()[:300]),
    "image and script": ("double.jpg", lambda: picture() + b"<script>alert(1)</script>"),
    "drawing": ("dessin.svg", lambda: b"<svg onload='alert(1)'/>"),
    "PDF cut": ("coupe.pdf", lambda: b"%PDF-1.7\n1 0 obj\n<< /Length 99999999 >>\nstream\n"),
    "PDF of references": (
        "boucle.pdf",
        lambda: b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
    ),
    "program": ("photo.jpg", lambda: b"MZ" + b"\0" * 5000),
    "name of a path": ("../../../etc/cron.d/x.csv", lambda: HEADERS),
    "long name": ("é" * 300 + ".csv", lambda: HEADERS),
    "name of a device": ("CON\r\nX-Evil: 1.csv", lambda: HEADERS),
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus():
    return {kind: (name, make()) for kind, (name, make) in CORPUS.items()}


def high_water():
    """The most memory this process and those it started have held, in megabytes."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in both) / 1024


def test_every_form_that_takes_a_file_answers_each_with_a_sentence(country, corpus):
    takers = {form.name: form for form in country if form.files and form.method == "post"}
    print(f"\n{len(takers)} formulaires, {len(corpus)} fichiers\u00a0: {sorted(takers)}")
    faults, slowest, before, statuses = [], (0.0, ""), high_water(), Counter()
    for form in takers.values():
        client = client_of(form.person)
        shown = sentences(ended(client.get(form.page)))
        for kind, (name, data) in corpus.items():
            spent, answer = send(client, form, name, data)
            what = f"{form.name}, {kind}"
            slowest = max(slowest, (spent, what))
            statuses[answer.status_code] += 1
            if answer.status_code >= 500 or spent > SECONDS:
                faults.append(f"{what}: {answer.status_code} in {spent:.1f} s")
            elif answer.status_code in SHOWN_AGAIN and sentences(answer) <= shown:
                faults.append(f"{what}: shown again without a sentence")
    grown = high_water() - before
    print(f"le plus long\u00a0: {slowest[0]:.1f} s ({slowest[1]}), mémoire +{grown:.0f} Mo")
    print(f"réponses\u00a0: {dict(statuses)}")
    assert faults == []
    assert grown < MEGABYTES


def sentences(answer):
    """How many a page holds: some say one before any file is sent."""
    return len(SENTENCE.findall(answer.content.decode()))


def send(client, form, name, data):
    """The time of the processor, ours and of the process that reads: others may be busy too."""
    fields = {one: values for one, values in form.filled().items() if one != PREVIEW}
    fields |= {one: SimpleUploadedFile(name, data) for one in form.files}
    started = processor()
    with transaction.atomic():
        answer = client.post(form.url, fields)
        transaction.set_rollback(True)
    return processor() - started, answer


def processor():
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def test_too_many_files_and_a_body_that_lies_are_refused(country):
    form = next(form for form in country if form.files and form.method == "post")
    client = client_of(form.person)
    many = {form.files[0]: [SimpleUploadedFile(f"{n}.csv", b"x") for n in range(150)]}
    torn = io.BytesIO(b"--b\r\nContent-Disposition: form-data; name=a; filename=x\r\n\r\nhalf")
    started = time.monotonic()
    with transaction.atomic():
        answers = [
            client.post(form.url, many),
            client.post(form.url, torn.read(), content_type="multipart/form-data; boundary=b"),
            client.post(form.url, b"{}", content_type="multipart/form-data"),
            client.post(form.url, zipfile.ZIP_DEFLATED.to_bytes(4, "big"), content_type="x/y"),
        ]
        transaction.set_rollback(True)
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert time.monotonic() - started < 30
