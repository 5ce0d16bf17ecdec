"""Messages to roles and territories: `/messages/`."""

from tests.accounts.route_examples.example import Example, by_number, plain

by_two_numbers = Example(lambda place: [0, 0], rowless=True)
by_number_and_kind = Example(lambda place: [0, "csv"], rowless=True)

EXAMPLES: dict[str, Example] = {
    "steering:messages": plain,
    "steering:messages_written": plain,
    "steering:message_new": plain,
    "steering:message": by_number,
    "steering:message_acknowledge": by_number,
    "steering:message_file": by_two_numbers,
    "steering:message_edit": by_number,
    "steering:message_preview": by_number,
    "steering:message_drop": by_number,
    "steering:message_correct": by_number,
    "steering:message_withdraw": by_number,
    "steering:message_follow": by_number,
    "steering:message_follow_file": by_number_and_kind,
    "steering:message_remind": by_number,
}
