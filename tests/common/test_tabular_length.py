"""How long a file is, by its bytes alone."""

import io

import pytest
from openpyxl import Workbook

from common.tabular import is_longer


def packed(lines, columns=5):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(lines):
        sheet.append(["9999021", *[12] * (columns - 1)])
    file = io.BytesIO()
    book.save(file)
    return file


def text(lines, end="\n", encoding="utf-8"):
    return io.BytesIO(end.join(["9999021;12;3"] * lines + [""]).encode(encoding))


def test_a_workbook_that_repeats_itself_is_long_however_little_it_weighs():
    file = packed(15_000, columns=1)
    assert file.getbuffer().nbytes < 100_000
    assert is_longer(file, 1_500)
    assert file.tell() == 0
    assert not is_longer(packed(1_500), 1_500)
    assert is_longer(packed(1_501), 1_500)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_the_lines_of_a_text_are_counted_whatever_their_ends(end, encoding):
    assert is_longer(text(11, end, encoding), 10)
    assert not is_longer(text(10, end, encoding), 10)


def test_what_cannot_be_opened_is_not_long_and_is_left_to_the_reader():
    for content in (b"", b"PK", b"PK\x03\x04" + bytes(range(200))):
        assert not is_longer(io.BytesIO(content), 0)
