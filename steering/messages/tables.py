"""The recipients of a message, declared once for the page and the file."""

from typing import Any

from common.columns import Column, Table
from common.templatetags.presentation import day
from steering.messages.audience import matched_keys
from steering.messages.roles import label_of
from steering.models import Message


def recipients_table(message: Message) -> Table:
    columns = [
        Column("Personne", lambda row: str(row.user)),
        Column("Structure", lambda row: str(row.entity), is_wide=True),
        Column("FINESS", lambda row: row.finess, lambda row: row.entity_text, under=True),
        Column("Département", _department, under=True),
        Column("Rôles", lambda row: _roles(message, row), is_wide=True),
        Column("Lu le", lambda row: row.read_at, lambda row: _when(row.read_at, "non\u00a0lu")),
    ]
    if message.is_for_action:
        columns.append(
            Column(
                "Pris en compte le",
                lambda row: row.done_at,
                lambda row: _when(row.done_at, "pas\u00a0encore"),
            )
        )
    return Table("destinataires", "Destinataires", columns)


def _department(row: Any) -> str:
    return str(getattr(row.entity, "department", "") or "")


def _roles(message: Message, row: Any) -> str:
    return ", ".join(sorted(label_of(key) for key in matched_keys(message, row)))


def _when(moment: Any, otherwise: str) -> str:
    return day(moment) or otherwise
