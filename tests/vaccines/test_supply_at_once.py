"""Two people, or two clicks, at the same moment on the lines of one pharmacy."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.locks import before_another, wait_until_somebody_waits_for_a_lock
from tests.vaccines.builders import make_line, make_vaccine, make_wave, planned
from vaccines.models import LineReport, SupplyLine
from vaccines.recalls import Need
from vaccines.services.needs import TypedNeed, need_of, version_of
from vaccines.services.page import Typed, save_page
from vaccines.services.receptions import Arrival, Vaccinated
from vaccines.services.refusals import SupplyError
from vaccines.services.reports import Reported, report

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate()


def test_two_clicks_on_a_reception_are_one(gf, pui):
    line = planned(make_line(make_wave(TODAY), pui=pui), 40, TODAY)
    typed = Typed(arrivals={line.pk: Arrival(TODAY, 20, seen="")})
    found = []
    with before_another(lambda: found.append(save_page(by=gf, typed=typed))):
        save_page(by=gf, typed=typed)
    assert [one.doses for one in line.receptions.all()] == [20]
    assert "a enregistré 20" in str(found[0].receptions.refused[line.pk][0])


def test_two_colleagues_who_save_the_same_need_do_not_erase_each_other(gf, pui):
    line = make_line(make_wave(TODAY + timedelta(days=20)), pui=pui)
    seen, found = version_of(need_of(line)), []
    mine, theirs = (
        Typed(needs={line.pk: TypedNeed(Need(doses, None), seen)}) for doses in (10, 12)
    )
    with before_another(lambda: found.append(save_page(by=gf, typed=theirs))):
        save_page(by=gf, typed=mine)
    assert SupplyLine.objects.get(pk=line.pk).first_doses == 10
    assert "10 en 1res" in str(found[0].needs.refused[line.pk][0])


def test_lines_saved_in_opposite_orders_wait_and_are_both_saved(gf, pui):
    """Locked in one order, nobody waits for somebody who waits for them."""
    wave = make_wave(TODAY)
    lines = [planned(make_line(wave, pui=pui), 40, TODAY) for _ in range(2)]
    forth = {one.pk: Vaccinated(5) for one in lines}
    back = {one.pk: Vaccinated(7) for one in reversed(lines)}
    with before_another(lambda: save_page(by=gf, typed=Typed(vaccinated=back))):
        save_page(by=gf, typed=Typed(vaccinated=forth))
    assert list(SupplyLine.objects.values_list("vaccinated", flat=True)) == [7, 7]


def test_two_clicks_on_a_report_are_one(gf, pui, tilleuls):
    missing = Reported(LineReport.Kind.MISSING, recipient=tilleuls)
    click = partial(report, by=gf, pui=pui, reported=missing)
    with before_another(click, refused=SupplyError) as found:
        click()
    assert LineReport.objects.count() == 1
    assert "déjà signalé" in str(found[0])


def test_a_need_is_saved_while_a_colleague_corrects_the_delivery_it_recalls(gf, pui, tilleuls):
    """The need refers to that delivery: were it locked whole, each would wait for the other."""
    vaccine = make_vaccine()
    waves = [make_wave(TODAY + timedelta(days), vaccine=vaccine) for days in (0, 21)]
    first, second = (make_line(one, pui=pui, recipient=tilleuls) for one in waves)
    planned(first, 40, TODAY)
    need = Typed(needs={second.pk: TypedNeed(Need(10, 40))})
    both = Typed(vaccinated={one.pk: Vaccinated(40) for one in (first, second)})

    def correct():
        save_page(by=gf, typed=both)
        connection.close()

    colleague = threading.Thread(target=correct)
    with transaction.atomic():
        list(SupplyLine.objects.select_for_update(no_key=True).filter(pk=second.pk))
        colleague.start()
        wait_until_somebody_waits_for_a_lock()
        save_page(by=gf, typed=need)
    colleague.join()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.vaccinated, second.recalled, second.doses) == (40, first, 50)
