"""Invoices of public buyers go to Chorus Pro, once each, and are followed there.

The task worker asks; a row locked while it does keeps two workers from depositing twice. When an
answer was lost, the invoice is looked for there before it is sent again.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import User
from establishments.perimeter import Action
from journal.services import record
from orders.chorus.client import ChorusError, PassingError, RefusedError, is_open
from orders.chorus.deposits import Followed, find, follow, send
from orders.models import Deposit, DepositStep, Invoice
from orders.services.errors import OrderingError

TASK: Final = "orders.tasks.chorus.deposit_invoice"
EVERY: Final = timedelta(hours=4)
BATCH: Final = 200
TO_SEND: Final = (Deposit.State.WAITING, Deposit.State.SENDING)
LONGEST: Final = 300


def open_deposit(invoice: Invoice) -> Deposit:
    """Say that an invoice is to be deposited: by the task worker, or by hand without account."""
    state = Deposit.State.WAITING if is_open() else Deposit.State.BY_HAND
    deposit: Deposit = Deposit.objects.create(invoice=invoice, state=state)
    _step(deposit)
    if is_open():
        _queue(deposit)
    return deposit


def _queue(deposit: Deposit) -> None:
    app.configure_task(TASK).defer(deposit=deposit.pk)


def deposit_now(number: int) -> Deposit:
    """Deposit it unless it was; raise ``PassingError`` when it is to be tried again.

    That it begins is committed first: a worker killed after the call leaves a deposit that the
    next one looks for there, instead of sending it twice.
    """
    waiting = Deposit.objects.filter(pk=number, state=Deposit.State.WAITING)
    is_first = bool(waiting.update(state=Deposit.State.SENDING))
    with transaction.atomic():
        rows = Deposit.objects.select_for_update(of=("self",), no_key=True)
        deposit: Deposit = rows.select_related("invoice__file").get(pk=number)
        if deposit.state != Deposit.State.SENDING:
            return deposit
        found = None if is_first else find(deposit.invoice)
        return _move(deposit, found) if found else _sent(deposit)


def _sent(deposit: Deposit) -> Deposit:
    try:
        deposit.flow = send(deposit.invoice, bytes(deposit.invoice.file.pdf))
    except RefusedError as refusal:
        return _move(deposit, Followed(Deposit.State.REJECTED, str(refusal)))
    deposit.deposited_at = timezone.now()
    return _move(deposit, Followed(Deposit.State.DEPOSITED))


@transaction.atomic
def note_problem(number: int, problem: ChorusError) -> None:
    """What went wrong, shown to the supplier; doubtful: it may have arrived all the same."""
    rows = Deposit.objects.select_for_update(of=("self",), no_key=True)
    deposit: Deposit = rows.get(pk=number)
    if deposit.state not in TO_SEND:
        return
    deposit.problem, deposit.tries = str(problem)[:LONGEST], deposit.tries + 1
    if not (isinstance(problem, PassingError) and problem.is_doubtful):
        deposit.state = Deposit.State.WAITING
    deposit.save()


def follow_all(now: datetime | None = None) -> int:
    """Ask about those that have not ended, the longest unseen first; how many moved."""
    now = now or timezone.now()
    rows = Deposit.objects.exclude(state__in=(*Deposit.ENDED, *TO_SEND))
    due = rows.exclude(checked_at__gt=now - EVERY).order_by("checked_at", "pk")
    return sum(_followed(number, now) for number in due.values_list("pk", flat=True)[:BATCH])


def _followed(number: int, now: datetime) -> bool:
    with transaction.atomic():
        rows = Deposit.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        deposit = rows.select_related("invoice").filter(pk=number).first()
        if deposit is None:
            return False
        before = deposit.state
        deposit.checked_at = now
        try:
            found = follow(deposit)
        except ChorusError as problem:
            deposit.problem = str(problem)[:LONGEST]
            deposit.save()
            return False
        _move(deposit, found or Followed(Deposit.State(before)))
        return bool(deposit.state != before)


def _move(deposit: Deposit, found: Followed) -> Deposit:
    is_new = deposit.state != found.state
    deposit.state, deposit.problem = found.state, ""
    deposit.reason = found.reason if found.reason else deposit.reason
    deposit.remote_id = found.remote_id or deposit.remote_id
    deposit.save()
    if is_new:
        _step(deposit, found.reason)
    return deposit


def _step(deposit: Deposit, text: str = "") -> None:
    DepositStep.objects.create(deposit=deposit, state=deposit.state, text=text)


@transaction.atomic
def deposit_again(*, by: User, invoice: Invoice) -> Deposit:
    """Put back in the queue what waits since Chorus Pro was out, or was to be done by hand."""
    if not by.may(Action.INV_ISSUE):
        raise OrderingError("Seul le fournisseur dépose ses factures.")
    rows = Deposit.objects.select_for_update(of=("self",), no_key=True)
    deposit: Deposit = rows.get(invoice=invoice)
    if not is_open():
        raise OrderingError(
            "Cette installation n’a pas de compte Chorus Pro\u00a0: déposez le fichier à la main."
        )
    if deposit.state not in (Deposit.State.BY_HAND, *TO_SEND):
        raise OrderingError(
            f"Cette facture est {deposit.get_state_display()}\u00a0: rien à refaire."
        )
    if deposit.state == Deposit.State.BY_HAND:
        deposit.state = Deposit.State.SENDING  # it may have been deposited by hand meanwhile
        deposit.save()
        _step(deposit)
    _queue(deposit)
    record("orders.deposit_asked", by=by, target=invoice, place=invoice.buyer.place)
    return deposit
