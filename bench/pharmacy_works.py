"""What is done in e-Dispostock at the national size: declare, share out, help, export.

    python bench/pharmacy_works.py [--rounds 5]

In the base of ``pharmacies.py``; whatever is written is undone each time.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import nation, web  # noqa: I001 - sets Django up
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.tokens import create_token, revoke_token
from bench.pharmacies import OTHERS, REGION, SUBSTANCE, a_pharmacy, largest_region, prepare
from bench.transmission import GOAL_LARGE, LARGE, Bench
from establishments.redistribution.services.needs import open_need
from establishments.redistribution.services.transfers import MOST_NEEDS, propose
from establishments.redistribution.states import Urgency
from medications.calendar import calendar_of
from medications.models import MonitoredList, Monitoring, Product
from pui.aid.trade import MEDICINES
from pui.grid.loading import load_grid
from pui.medicine import find_medicine, names_offered
from pui.models import HelpRequest, LatestStock, MedicineNeed, MedicineTransfer, Pui, ShareOut
from pui.services.adjusting import Adjustment, adjust
from pui.services.draft import CellChange, save_in, stamp_of, transmit_draft
from pui.services.helping import Asked, ask_help
from pui.services.publishing import cancel, publish
from pui.services.sharing import Opening, open_share_out
from pui.sharing.proposal import propose as propose_shares
from tests.pui.api.sending import token_of_body

GOAL_TRANSMISSION = 300  # ms
GOAL_MEMORY = 60  # MiB
QUANTITY, PACK = 5_000_000, 10  # units, enough for nearly everybody
PAGE = 1_000  # lines
Work = Callable[[], object]


def undone(title: str, work: Work, rounds: int, told: str = "", before: Work = int) -> None:
    """Time ``work`` several times, each in a transaction that is rolled back."""
    spent, asked, statements = [], [], 0
    for _ in range(rounds):
        with transaction.atomic():
            before()
            clock, start = web.StatementClock(), time.perf_counter()
            with connection.execute_wrapper(clock):
                work()
            spent.append(1000 * (time.perf_counter() - start))
            asked.append(clock.milliseconds)
            statements = clock.statements
            transaction.set_rollback(True)
    print(
        f"  {title} : {statistics.median(spent):.0f} ms, au plus {max(spent):.0f}{told}, "
        f"{statements} requêtes, SQL {statistics.median(asked):.0f} ms",
        flush=True,
    )


class Pharmacy(Bench):
    """One that stands in the base, and what it declares of all the products followed."""

    def __init__(self, pui: Pui) -> None:
        self.list, self.pui = MonitoredList.objects.get(pk=OTHERS), pui
        self.person = nation.person_of("GF", on=pui.establishment)
        followed = Monitoring.objects.filter(monitored_list=OTHERS, ends_on=None)
        self.products = list(Product.objects.filter(monitorings__in=followed))
        self.due_on = calendar_of(self.list).expected(timezone.now()).due_on
        held = LatestStock.objects.filter(pui=pui).values_list("product", "stock", "daily")
        self.held = {product: (stock, daily) for product, stock, daily in held}
        self.round = 0

    def quantities(self, product: Product) -> tuple[Decimal, Decimal]:
        """Near what was declared last: nothing to answer."""
        stock, daily = self.held.get(product.pk, (Decimal(400), Decimal(20)))
        return stock + self.round, daily

    def draft(self) -> None:
        """Type everything, as the grid does."""
        self.grid = load_grid(self.pui, self.list, self.due_on, timezone.now())
        self.round += 1
        changes = [CellChange(cell.key, 400 + self.round, cell.value) for cell in self.grid.cells]
        save_in(self.grid, changes, by=self.person)

    def by_grid(self) -> None:
        grid = load_grid(self.pui, self.list, self.due_on, timezone.now())
        exact = [one.code for one in self.products]
        transmit_draft(by=self.person, grid=grid, stamp=stamp_of(grid), exact=exact)


def transmissions(pui: Pui, rounds: int) -> None:
    goal = f" (but < {GOAL_TRANSMISSION})"
    pharmacy = Pharmacy(pui)
    count = len(pharmacy.products)
    print(f"  lignes déclarées en tout : {lines_estimated() / 1e6:.1f} millions")
    undone(f"transmission de {count} lignes, fichier", pharmacy.by_file, rounds, goal)
    undone(f"saisie de {2 * count} cases d’un bloc", pharmacy.draft, rounds)
    undone(
        f"transmission de {count} lignes, grille",
        pharmacy.by_grid,
        rounds,
        goal,
        before=pharmacy.draft,
    )


def by_machine(pui: Pui, rounds: int) -> None:
    """The same lines through the whole stack."""
    pharmacy = Pharmacy(pui)
    person = nation.person_of("APE", on=pui.establishment)
    entity, life = pui.establishment, timedelta(days=1)
    token, value = create_token(entity, ["pui.transmit"], by=person, label="banc", life=life)
    try:
        undone(
            f"transmission de {len(pharmacy.products)} lignes, interface",
            lambda: pharmacy.by_machine(value),
            rounds,
            f" (but < {GOAL_TRANSMISSION})",
        )
    finally:
        revoke_token(token, by=person)


def large() -> None:
    """20,000 lines, as the task worker reads and stores them."""
    kept: list[Bench] = []
    undone(
        f"transmission de {LARGE} lignes, processus de fond",
        lambda: kept[-1].by_worker(),
        1,
        f" (but < {1000 * GOAL_LARGE})",
        before=lambda: kept.append(Bench(LARGE)),
    )


def lines_estimated() -> int:
    """What ANALYZE counted: a real count would take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'pui_stockline'::regclass")
        return int(cursor.fetchone()[0])


def sharing(national: User, agent: User, rounds: int) -> None:
    """From the proposal to the publication, of one medicine for all the pharmacies."""
    now, day = timezone.now(), timezone.localdate()
    for adjusted in ShareOut.objects.filter(state=ShareOut.State.ADJUSTING):
        cancel(by=national, share_out=adjusted, reason="Place au banc, défait ensuite.")
    names = (name for name in names_offered(day) if name.startswith(SUBSTANCE))
    medicine = find_medicine(next(names), day)
    opening = Opening(medicine, QUANTITY, PACK, day + timedelta(days=3))
    undone("répartition proposée", lambda: propose_shares(medicine, QUANTITY, PACK, now), rounds)
    undone("répartition ouverte", lambda: open_share_out(by=national, opening=opening), rounds)
    share_out = open_share_out(by=national, opening=opening)
    regional = share_out.regions.get(region=largest_region())
    rows = regional.pharmacies.filter(block="", quantity__gt=0)
    seen = dict(rows.values_list("pk", "quantity"))
    typed = {pk: quantity - 1 for pk, quantity in seen.items()}
    asked = Adjustment(typed, seen, "Vu avec les PUI.", True)
    undone(
        f"répartition ajustée, {len(seen)} PUI",
        lambda: adjust(by=agent, regional=regional, asked=asked),
        rounds,
    )
    undone("répartition publiée", lambda: publish(by=national, share_out=share_out), rounds)


def helping(pui: Pui, rounds: int) -> None:
    person, day = nation.person_of("GF", on=pui.establishment), timezone.localdate()
    medicine = find_medicine(names_offered(day)[0], day)
    why = "Deux lits de réanimation ouverts lundi."
    asked = Asked(medicine, 40, HelpRequest.Urgency.DAYS, why)
    undone("aide demandée", lambda: ask_help(by=person, pui=pui, asked=asked), rounds)


def aid(agent: User, rounds: int) -> None:
    """As many needs as are solved at once, of the pharmacies of the largest region."""
    MedicineTransfer.objects.all().delete()
    MedicineNeed.objects.all().delete()
    puis = list(Pui.objects.filter(establishment__region=largest_region(), closed_on=None))
    goods = list(MEDICINES.offered_goods().order_by("pk"))
    needs = [
        open_need(
            MEDICINES,
            by=agent,
            place=puis[rank % len(puis)],
            goods=goods[rank % len(goods)],
            quantity=50,
            reason="Rupture chez le grossiste.",
            urgency=Urgency.SOON,
            wanted_on=timezone.localdate() + timedelta(days=3),
        ).pk
        for rank in range(MOST_NEEDS)
    ]
    for count in (1, MOST_NEEDS):
        undone(
            f"dépannages proposés, {count} besoins",
            lambda asked=needs[:count]: propose(MEDICINES, by=agent, need_ids=asked),
            rounds,
        )


def interface(national: User, rounds: int) -> None:
    """Pages of a thousand last stocks: the first one, and one near the end."""
    value = token_of_body(national.active_profile.entity)
    client = Client(HTTP_HOST="127.0.0.1", headers={"Authorization": f"Bearer {value}"})
    last = LatestStock.objects.order_by("-product", "-pui")[2 * PAGE]
    for title, after in (("première page", ""), ("vers la fin", f"&apres={last.product_id}-1")):

        def ask(after: str = after) -> None:
            answer = client.get(f"/api/v1/stocks?limite={PAGE}{after}")
            assert answer.status_code == 200, answer.content

        undone(f"interface, {PAGE} derniers stocks, {title}", ask, rounds)


def exports(browsers: dict[str, web.Browser]) -> None:
    """Each in a process of its own: the most memory that it took beyond what it began with."""
    files = {
        "ARS, à l’écran": f"{REGION}telecharger/stocks/xlsx/?lignes=pui&produits=ucd",
        "ARS, détail complet": f"{REGION}telecharger/detail/xlsx/",
        "pays, à l’écran": f"{REGION}telecharger/stocks/xlsx/?produits=ucd",
        "pays, détail d’une DCI": f"{REGION}telecharger/detail/xlsx/?dci={SUBSTANCE}",
        "pays, détail complet, CSV": f"{REGION}telecharger/detail/csv/",
    }
    for title, address in files.items():
        kind = title.partition(",")[0]
        seconds, size, memory = alone(lambda a=address, k=kind: browsers[k].weigh(a))
        print(
            f"  export {title} : {seconds:.1f} s, {size / 1e6:.1f} Mo, mémoire {memory:.0f} Mio "
            f"(but < {GOAL_MEMORY})",
            flush=True,
        )


def alone(work: Callable[[], int]) -> tuple[float, int, float]:
    """Seconds, what ``work`` gives, and how much the memory of a fork rose."""
    connection.close()
    reader, writer = os.pipe()
    if not (child := os.fork()):
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
        before, start = peak(), time.perf_counter()
        given = work()
        told = f"{time.perf_counter() - start} {given} {peak() - before}"
        os.write(writer, told.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        seconds, given, memory = pipe.read().split()
    os.waitpid(child, 0)
    return float(seconds), int(given), float(memory)


def peak() -> float:
    """MiB that this process held at most."""
    status = Path("/proc/self/status").read_text()
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def run(rounds: int) -> None:
    region = largest_region()
    pui = a_pharmacy(region)
    people: dict[str, Any] = {
        "ARS": nation.person_of("ARA", on=region),
        "pays": nation.person_of("NAT", domain="dispostock"),
    }
    browsers = {name: web.Browser(web.log_in(one)) for name, one in people.items()}
    transmissions(pui, rounds)
    by_machine(pui, rounds)
    large()
    helping(pui, rounds)
    with transaction.atomic():
        sharing(people["pays"], people["ARS"], rounds)
        transaction.set_rollback(True)
    with transaction.atomic():
        aid(people["ARS"], rounds)
        transaction.set_rollback(True)
    with transaction.atomic():
        interface(people["pays"], rounds)
        transaction.set_rollback(True)
    exports(browsers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if not prepare():
        print("travaux des pharmacies : pas de base nationale ici, rien n’est mesuré")
        return
    print(f"travaux des pharmacies, {Pui.objects.count()} PUI, {nation.load_text()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        run(options.rounds)


if __name__ == "__main__":
    main()
