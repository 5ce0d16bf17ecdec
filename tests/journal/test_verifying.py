"""``verify_journal`` finds each kind of tampering, names the batch, and finds nothing else."""

import logging

import pytest
from django.core.management import CommandError, call_command

from common.logs import JsonFormatter
from journal.models import Entry, Seal
from journal.sealing import heads, seals, verifying
from tests.journal.tampering import forge, last_entry, sealed, tamper, verify, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads_file")]


def test_a_journal_left_alone_is_whole():
    sealed(3, 4, 1)
    write(2)
    assert verify() == "ok"


def test_an_empty_journal_is_whole():
    assert verify() == "ok"


def test_pieces_read_apart_make_the_same_whole(monkeypatch):
    monkeypatch.setattr(verifying, "CHUNK", 3)
    sealed(2, 7, 1, 3)
    write(5)
    assert verify() == "ok"


CHANGES = {
    "at": "at + interval '1 second'",
    "verb": "'test.other'",
    "profile": "'Autre'",
    "target": "'y'",
    "finess": "'450990114'",
    "region_code": "'28'",
    "department_code": "'76'",
    "details": """'{"a": 1.0}'""",
    "request_id": "'0'",
    "address": "'192.0.2.7'",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_of_any_column_is_found(column):
    _, (entry, *_) = sealed(2, 3)
    statement = f"UPDATE journal_entry SET {column} = {CHANGES[column]} WHERE id = %s"  # noqa: S608
    tamper(statement, entry.pk)
    assert "le lot 2 " in verify()
    assert "modification" in verify()


def test_a_removal_is_found():
    _, (_, second, third), _ = sealed(1, 3, 1)
    tamper("DELETE FROM journal_entry WHERE id IN (%s, %s)", second.pk, third.pk)
    assert "le lot 2 " in verify()
    assert "a perdu 2 entrées\u00a0: suppression" in verify()


def test_an_entry_added_inside_a_sealed_range_is_found():
    sealed(1)
    (removed,) = write()
    tamper("DELETE FROM journal_entry WHERE id = %s", removed.pk)  # a hole before the seal
    sealed(1)
    assert verify() == "ok"
    forge(removed.pk)
    assert "le lot 2 " in verify()
    assert "a 1 entrée de trop\u00a0: ajout" in verify()


def test_an_entry_added_before_the_first_number_is_found():
    sealed(1)
    forge(-4)
    assert "l’entrée -4 est avant le premier lot" in verify()


def test_an_entry_whose_number_was_not_given_is_found():
    sealed(1)
    forge(last_entry().pk + 1_000_000)
    assert "un numéro que la base n’a pas donné" in verify()


def test_an_entry_with_a_false_date_is_found_before_and_after_it_is_sealed():
    sealed(1)
    write()
    tamper("UPDATE journal_entry SET at = at - interval '1 month' WHERE id = %s", last_entry().pk)
    assert "non scellée, a une date fausse" in verify()
    seals.seal_pending()
    assert "le lot 2 " in verify()
    assert "contient une entrée à la date fausse" in verify()


def test_an_entry_from_the_future_is_found():
    write()
    tamper("UPDATE journal_entry SET at = at + interval '1 day'")
    seals.seal_pending()
    assert "date fausse" in verify()


def test_the_clocks_of_two_machines_may_differ_by_some_minutes():
    sealed(1)
    write()
    tamper("UPDATE journal_entry SET at = at - interval '4 minutes' WHERE id = %s", last_entry().pk)
    seals.seal_pending()
    assert verify() == "ok"


def test_a_seal_made_again_without_the_key_is_found(settings):
    sealed(2, 2)
    first = Seal.objects.first()
    tamper("UPDATE journal_entry SET target = 'y' WHERE id = %s", Entry.objects.earliest("pk").pk)
    rows = seals.entries_between(0, first.last_id, 10)
    tamper(
        "UPDATE journal_seal SET digest = %s WHERE number = 1",
        seals.digest_of(rows),
        table="journal_seal",
    )
    assert "le sceau du lot 1 est faux\u00a0: changé ou refait sans la clé" in verify()


def test_a_whole_chain_made_again_with_another_key_is_found(settings, heads_file):
    sealed(2, 1)
    tamper("DELETE FROM journal_seal", table="journal_seal")
    ours, settings.JOURNAL_KEYS = settings.JOURNAL_KEYS, ["stolen"]
    heads_file.rename(heads_file.with_suffix(".kept"))
    seals.seal_pending()
    settings.JOURNAL_KEYS = ours
    assert "porte la clé" in verify()


def test_a_chain_made_again_with_the_key_itself_is_found_by_the_heads(heads_file):
    sealed(2, 1)
    told = heads_file.read_text()
    tamper("UPDATE journal_entry SET target = 'y'")
    tamper("DELETE FROM journal_seal", table="journal_seal")
    seals.seal_pending()
    heads_file.unlink()
    assert verify() == "ok"  # the control: nothing in the base alone tells it
    heads_file.write_text(told)
    assert "le sceau du lot 1 n’est pas celui noté hors de la base" in verify()


def test_a_batch_whose_seal_was_removed_is_found():
    sealed(1, 1, 1)
    tamper("DELETE FROM journal_seal WHERE number = 2", table="journal_seal")
    assert "le lot 2 manque" in verify()


def test_the_cut_of_the_end_is_found_by_what_was_told_outside(heads_file):
    sealed(1, 1, 1)
    end = Seal.objects.get(number=2).first_id
    tamper("DELETE FROM journal_entry WHERE id >= %s", end)
    tamper("DELETE FROM journal_seal WHERE number >= 2", table="journal_seal")
    found = verify(heads=heads_file)
    assert "la fin du journal est coupée\u00a0: le lot 2 " in found
    assert "la base s’arrête au lot 1" in found
    heads_file.unlink()
    assert verify() == "ok"  # the control: without the heads, nothing tells it


def test_a_batch_closed_while_the_journal_is_read_is_no_cut(heads_file, monkeypatch):
    """Reading is of one state of the database; the worker goes on sealing, and telling."""
    sealed(1, 1)
    line = heads_file.read_text().splitlines()[1]
    outside = verifying._outside

    def meanwhile(*ends):
        with heads_file.open("a") as file:
            file.write(line.replace('"number": 2', '"number": 3') + "\n")
        yield from outside(*ends)

    monkeypatch.setattr(verifying, "_outside", meanwhile)
    assert verify() == "ok"
    monkeypatch.undo()
    assert "coupée" in verify()  # the control


def test_the_logs_of_the_worker_are_heads_too(tmp_path, caplog):
    """As they are written, between lines that say something else."""
    with caplog.at_level(logging.INFO, logger=heads.__name__):
        sealed(1, 1)
    logs, said = tmp_path / "worker.log", JsonFormatter()
    other = logging.makeLogRecord({"msg": "autre chose"})
    lines = [said.format(record) for record in (other, *caplog.records)]
    logs.write_text("\n".join(["Traceback", *lines, ""]))
    assert verify(heads=logs) == "ok"
    tamper("DELETE FROM journal_seal WHERE number = 2", table="journal_seal")
    assert "coupée" in verify(heads=logs)


def test_a_file_without_heads_proves_nothing(tmp_path):
    sealed(1)
    other = tmp_path / "other"
    other.write_text("rien\n")
    assert "aucune tête" in verify(heads=other)
    assert "n’existe pas" in verify(heads=tmp_path / "none")


def test_the_command_ends_with_an_error_and_shows_the_first_batches(capsys):
    (entry, _), _, (other, _) = sealed(2, 1, 2)
    tamper("UPDATE journal_entry SET target = 'y' WHERE id IN (%s, %s)", entry.pk, other.pk)
    with pytest.raises(CommandError, match="Le journal n’est pas intact\u00a0: le lot 1 "):
        call_command("verify_journal")
    told = capsys.readouterr().err
    assert "- le lot 1 " in told
    assert "- le lot 3 " in told
    assert "- le lot 2 " not in told


def test_as_many_queries_whatever_the_number_of_batches(django_assert_max_num_queries):
    sealed(*[1] * 3)
    with django_assert_max_num_queries(18):
        verify()
    sealed(*[1] * 30)
    with django_assert_max_num_queries(18):
        verify()
