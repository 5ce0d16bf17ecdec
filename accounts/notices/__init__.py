"""The mails of the circuits: named and queued here, written and sent by the task worker."""

from accounts.notices.queueing import Notice, notify, notify_all, notify_once

__all__ = ["Notice", "notify", "notify_all", "notify_once"]
