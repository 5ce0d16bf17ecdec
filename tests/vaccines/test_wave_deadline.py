"""The deadline of a wave moves: who is late may type again, and is told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from journal.models import Entry
from tests.builders import make_person
from tests.html_rules import assert_sound_html
from tests.vaccines.builders import make_line, make_wave
from tests.vaccines.wave_world import world as _world
from vaccines.models import Wave
from vaccines.services.deadlines import DeadlineChangedError, move_deadline
from vaccines.services.waves import WaveError
from vaccines.states import State, state_of
from vaccines.waves import letters

world = _world


@pytest.fixture
def wave(world):
    """Its deadline is past; one need out of two is typed."""
    due = timezone.now() - timedelta(hours=1)
    made = make_wave(world.day(), vaccine=world.vaccine, needs_due_at=due)
    make_line(made, pui=world.first, recipient=world.places[0], first_doses=7, second_doses=0)
    make_line(made, pui=world.first, recipient=world.places[1])
    return made


@pytest.fixture
def until():
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)


def move(wave, by, until, seen=None):
    return move_deadline(by=by, wave=wave, until=until, seen=seen or wave.needs_due_at)


def test_who_is_late_may_type_again_and_only_they_are_told(world, wave, until, monkeypatch):
    late = wave.lines.get(first_doses=None)
    assert state_of(late, timezone.now()) is State.NEED_LATE
    move(wave, world.spf, until)
    late.refresh_from_db()
    assert state_of(late, timezone.now()) is State.NEED_AWAITED
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="announce_moved_deadline")
    sent = []
    monkeypatch.setattr(letters, "queue_written", lambda *words: sent.append(words))
    assert letters.queue_deadline(**{"wave_id": job.args["wave"], "before": job.args["before"]})
    [(subject, text, to)] = sent
    assert to == "pui.orleans@sante.example"
    assert f"{timezone.localtime(until):%d/%m/%Y}" in subject
    assert "1 besoin" in text
    assert str(world.places[1]) in text
    assert str(world.places[0]) not in text
    assert Entry.objects.filter(verb="vaccines.wave_deadline_moved").count() == 1


def test_twice_is_once_and_two_people_do_not_overwrite_each_other(world, wave, until):
    seen = wave.needs_due_at
    move(wave, world.spf, until, seen)
    move(wave, world.spf, until, seen)
    assert Entry.objects.filter(verb="vaccines.wave_deadline_moved").count() == 1
    with pytest.raises(DeadlineChangedError, match="elle est maintenant le"):
        move(wave, world.national, until + timedelta(days=1), seen)
    assert Wave.objects.get(pk=wave.pk).needs_due_at == until


def test_it_is_to_come_and_before_the_delivery(world, wave):
    for days, why in ((-1, "Cette date est passée"), (15, "avant la livraison")):
        with pytest.raises(WaveError, match=why):
            move(wave, world.spf, timezone.now() + timedelta(days=days))


@pytest.mark.parametrize("code", ["GF", "ARA", "OMD"])
def test_nobody_else_moves_it(world, wave, until, code):
    with pytest.raises(WaveError, match="Santé publique France et la cellule nationale"):
        move(wave, make_person(code), until)


def test_the_page_of_the_deadline(world, wave, until):
    client = Client()
    client.force_login(world.spf)
    url = reverse("vaccines:wave_deadline", args=[wave.pk])
    page = client.get(url)
    assert_sound_html(page)
    local = timezone.localtime(until)
    typed = {"until": f"{local:%Y-%m-%dT%H:%M}", "seen": wave.needs_due_at.isoformat()}
    assert client.post(url, typed | {"until": "2021-01-01T12:00"}).status_code == 422
    assert client.post(url, typed | {"seen": "forged"}).status_code == 422
    done = client.post(url, typed, follow=True)
    assert "La date limite est enregistrée" in done.text
    stale = client.post(url, typed | {"until": f"{local + timedelta(hours=1):%Y-%m-%dT%H:%M}"})
    assert stale.status_code == 409
    assert "elle est maintenant le" in stale.text
