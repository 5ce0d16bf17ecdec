"""The folder of a warehouse: whole files, whatever stops whoever drops them."""

import os
import time
from pathlib import Path

import pytest

from orders.models import OrderFile
from orders.services import order_folder
from orders.services.order_folder import drop_files, folder_of
from tests.orders.logistics.world import la_poste, make_filed_order, spf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LOGISTICS_DIR = tmp_path


def names_of(operator):
    return sorted(path.name for path in folder_of(operator).iterdir())


def test_a_disk_full_in_the_middle_leaves_no_partial_name_and_the_next_round_ends_it(monkeypatch):
    make_filed_order()
    drop, dropped = order_folder._drop, []

    def fail_at_the_third(path, text):
        if len(dropped) == 2:
            raise OSError("disque plein")
        dropped.append(path.name)
        drop(path, text)

    monkeypatch.setattr(order_folder, "_drop", fail_at_the_third)
    with pytest.raises(OSError, match="plein"):
        drop_files()
    assert names_of(la_poste()) == ["commandes-000001.csv", "commandes-000001.csv.sha256"]
    assert OrderFile.objects.get().dropped_at is None
    monkeypatch.undo()
    assert drop_files() == 1
    assert len(names_of(la_poste())) == 4


def test_a_write_that_stops_halfway_gives_no_name(monkeypatch):
    make_filed_order()

    def write_half(path, data):
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError("disque plein")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(OSError, match="plein"):
        drop_files()
    assert names_of(la_poste()) == []


def test_the_folder_of_one_warehouse_holds_back_no_other():
    make_filed_order()
    make_filed_order(operator=spf())
    wrong = folder_of(la_poste())
    wrong.parent.mkdir(parents=True)
    wrong.write_text("un fichier à la place du dossier")
    with pytest.raises(OSError, match="commandes"):
        drop_files()
    assert len(names_of(spf())) == 4
    wrong.unlink()
    assert drop_files() == 1


def test_what_a_killed_worker_left_aside_goes_after_an_hour():
    make_filed_order()
    own = folder_of(la_poste())
    own.mkdir(parents=True)
    old, new = own / ".commandes-000001.json-ab", own / ".commandes-000001.json-cd"
    for path in (old, new):
        path.write_text("{")
    an_hour_ago = time.time() - 3601
    os.utime(old, (an_hour_ago, an_hour_ago))
    drop_files()
    assert (old.exists(), new.exists()) == (False, True)
