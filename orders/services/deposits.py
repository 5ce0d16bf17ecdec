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
MOST_TRIES: Final = 9  # by the queue, over three days
SILENCES: Final = 3  # in a row: the others wait for the next round
TO_SEND: Final = (Deposit.State.WAITING, Deposit.State.SENDING)
AGAIN: Final = (Deposit.State.BY_HAND, Deposit.State.REFUSED, *TO_SEND)
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
    try:
        return _deposited(number, is_first=is_first)
    except ChorusError as problem:
        is_doubtful = not is_first or (isinstance(problem, PassingError) and problem.is_doubtful)
        _note_problem(number, problem, is_doubtful=is_doubtful)
        raise


@transaction.atomic
def _deposited(number: int, *, is_first: bool) -> Deposit:
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
        return _move(deposit, Followed(Deposit.State.REFUSED, str(refusal)))
    deposit.deposited_at = timezone.now()
    return _move(deposit, Followed(Deposit.State.DEPOSITED))


@transaction.atomic
def _note_problem(number: int, problem: ChorusError, *, is_doubtful: bool) -> None:
    """What went wrong, shown to the supplier; doubtful: it may have arrived all the same."""
    rows = Deposit.objects.select_for_update(of=("self",), no_key=True)
    deposit: Deposit = rows.get(pk=number)
    if deposit.state not in TO_SEND:
        return
    deposit.problem, deposit.tries = str(problem)[:LONGEST], deposit.tries + 1
    if not is_doubtful:
        deposit.state = Deposit.State.WAITING
    deposit.save()


def follow_all(now: datetime | None = None) -> int:
    """Ask about those that have not ended, the longest unseen first; how many moved."""
    now = now or timezone.now()
    rows = Deposit.objects.exclude(state__in=(*Deposit.ENDED, *TO_SEND))
    due = rows.exclude(checked_at__gt=now - EVERY).order_by("checked_at", "pk")
    moved = silences = 0
    for number in due.values_list("pk", flat=True)[:BATCH]:
        try:
            moved += _followed(number, now)
        except ChorusError as problem:
            _note_silence(number, problem, now)
            silences += 1
            if silences == SILENCES:
                break
        else:
            silences = 0
    return moved


@transaction.atomic
def _followed(number: int, now: datetime) -> bool:
    rows = Deposit.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    deposit = rows.select_related("invoice").filter(pk=number).first()
    if deposit is None:
        return False
    before = deposit.state
    deposit.checked_at = now
    _move(deposit, follow(deposit) or Followed(Deposit.State(before)))
    return bool(deposit.state != before)


def _note_silence(number: int, problem: ChorusError, now: datetime) -> None:
    rows = Deposit.objects.filter(pk=number)
    rows.update(problem=str(problem)[:LONGEST], checked_at=now)


def _move(deposit: Deposit, found: Followed) -> Deposit:
    is_new = deposit.state != found.state
    deposit.state, deposit.problem = found.state, ""
    deposit.reason = found.reason if is_new else found.reason or deposit.reason
    deposit.remote_id = found.remote_id or deposit.remote_id
    deposit.save()
    if is_new:
        _step(deposit, found.reason)
    return deposit


def _step(deposit: Deposit, text: str = "") -> None:
    DepositStep.objects.create(deposit=deposit, state=deposit.state, text=text)


def withdraw(invoice: Invoice) -> None:
    """Deposit no more an invoice that is cancelled before Chorus Pro was told of it."""
    waiting = Deposit.objects.filter(invoice=invoice, state=Deposit.State.WAITING)
    for deposit in waiting.select_for_update(of=("self",), no_key=True):
        _move(deposit, Followed(Deposit.State.WITHDRAWN))


@transaction.atomic
def deposit_again(*, by: User, invoice: Invoice) -> Deposit:
    """Put it in the queue: Chorus Pro was out, did not take it in, or it was to be done by hand."""
    deposit = _locked(by, invoice)
    if not is_open():
        raise OrderingError(
            "Cette installation n’a pas de compte Chorus Pro\u00a0: déposez le fichier à la main."
        )
    if deposit.state not in AGAIN:
        raise OrderingError(
            f"Cette facture est {deposit.get_state_display()}\u00a0: rien à refaire."
        )
    deposit.tries, deposit.checked_at = 0, None
    if deposit.state not in TO_SEND:  # it may be there already: it is looked for first
        deposit.flow, deposit.state = "", Deposit.State.SENDING
        _step(deposit)
    deposit.save()
    _queue(deposit)
    record("orders.deposit_asked", by=by, target=invoice, place=invoice.buyer.place)
    return deposit


@transaction.atomic
def deposited_by_hand(*, by: User, invoice: Invoice) -> Deposit:
    """Say that the document was put on the portal of Chorus Pro by somebody."""
    deposit = _locked(by, invoice)
    if deposit.state == Deposit.State.DEPOSITED:
        return deposit
    if deposit.state != Deposit.State.BY_HAND:
        raise OrderingError(
            f"Cette facture est {deposit.get_state_display()}\u00a0: rien à déposer à la main."
        )
    deposit.deposited_at, deposit.state = timezone.now(), Deposit.State.DEPOSITED
    deposit.save()
    _step(deposit, f"à la main, par {by}")
    record("orders.deposited_by_hand", by=by, target=invoice, place=invoice.buyer.place)
    return deposit


def _locked(by: User, invoice: Invoice) -> Deposit:
    if not by.may(Action.INV_ISSUE):
        raise OrderingError("Seul le fournisseur dépose ses factures.")
    if Invoice.objects.filter(cancels=invoice).exists():
        raise OrderingError("Cette facture est annulée par un avoir\u00a0: rien à déposer.")
    rows = Deposit.objects.select_for_update(of=("self",), no_key=True)
    found: Deposit = rows.get(invoice=invoice)
    return found
