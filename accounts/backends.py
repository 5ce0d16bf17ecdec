"""Who is logging in: one person for an address or an identifier, and one hash whoever it is."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import User
from accounts.sessions import account_just_read


def person_named(login: str) -> User | None:
    """The account of an address or an identifier, whatever the case; at most one can match.

    An identifier never holds « @ » and an address always does.
    """
    typed = login.strip().lower()
    people = User.objects.alias(lower_email=Lower("email"), lower_username=Lower("username"))
    return people.filter(Q(lower_email=typed) | Q(lower_username=typed)).first()


class PersonBackend(AuthenticationBackend):
    """Check a password once, be the account unknown, known or disabled: the same time for all.

    allauth's own backend checks twice for an address and once for an identifier, which tells
    whether the address is known.
    """

    def authenticate(self, request, password=None, email=None, username=None, **other):
        person = person_named(email or username or "")
        if person is None:
            self._mitigate_timing_attack(password or "")
            return None
        is_right = person.check_password(password or "")
        return person if is_right and person.is_active else None

    def get_user(self, user_id):
        """The account of a session, as read with it when it was."""
        person = account_just_read(user_id)
        if person is None:
            return super().get_user(user_id)
        return person if self.user_can_authenticate(person) else None
