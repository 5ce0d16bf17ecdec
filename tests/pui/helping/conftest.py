"""The country of a share-out, whose mails leave as they are written."""

import pytest

from accounts.notices.mails import mail as write_mail
from pui.services import helping
from tests.pui.sharing.conftest import country as _country

country = _country


@pytest.fixture(autouse=True)
def mails_leave_at_once(monkeypatch):
    def send(subject, text, to, *, lasts=None):
        write_mail(subject, text, to).send()

    monkeypatch.setattr(helping, "queue_written", send)
