"""The session and the account it was opened for, read in one statement instead of two.

Only the reading is ours: the end of the session, its signature, the way in, the hash of the
password and whether the account may still log in are checked by Django, at each request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth import middleware
from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User

READ_FIELDS = [field for field in User._meta.concrete_fields if not field.generated]
COLUMNS = [field.column for field in READ_FIELDS]
FIELDS = [field.attname for field in READ_FIELDS]
READ = f"""
SELECT session.session_data, {", ".join(f"person.{column}" for column in COLUMNS)}
  FROM django_session session
  LEFT JOIN usersessions_usersession opened ON opened.session_key = session.session_key
  LEFT JOIN accounts_user person ON person.id = opened.user_id
 WHERE session.session_key = %s AND session.expire_date > %s
"""  # noqa: S608 - the names of our own columns


class SessionStore(db.SessionStore):
    """Django's sessions in the database; reading one brings the account of the list of sessions."""

    owner: User | None = None

    def load(self) -> dict:
        with connection.prepared_cursor() as cursor:
            cursor.execute(READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data, *person = row
        if person[0] is not None:
            self.owner = User.from_db(connection.alias, FIELDS, person)
        return self.decode(data)

    def give_owner(self, user_id: int) -> User | None:
        """Hand over, once, the account that was read, if it is the one the session is for."""
        owner, self.owner = self.owner, None
        return owner if owner is not None and owner.pk == user_id else None


_under_way: ContextVar[SessionStore | None] = ContextVar("session_under_way", default=None)


@contextmanager
def identifying(session: SessionStore) -> Iterator[None]:
    """While Django finds whose session it is, the backend may take the account from it."""
    token = _under_way.set(session)
    try:
        yield
    finally:
        _under_way.reset(token)


def account_just_read(user_id: int) -> User | None:
    """The account that came with the session being identified; none at any other moment."""
    session = _under_way.get()
    return session.give_owner(user_id) if session is not None else None


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's, which finds the account where the session has left it."""

    def process_request(self, request) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request))


def person_of(request):
    with identifying(request.session):
        return middleware.get_user(request)
