"""The session, the account it was opened for and what it holds today, read in one statement.

The signature of a session, the way in, the hash of the password and whether the account may still
log in are checked by Django, at each request. When a session ends is ours: an hour after the last
act of the person, a quarter of an hour for those who reach a region or the country, and twelve
hours after it began whatever they do. A page that refreshes itself is no act.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY, middleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.models.reading import JOINS, ORDER, Held, columns_held, fields_of

COLUMNS = [field.column for field in fields_of(User)]
FIELDS = [field.attname for field in fields_of(User)]
OWN = 2  # columns of the session itself
PROLONG = "UPDATE django_session SET expire_date = %s WHERE session_key = %s"

IDLE = timedelta(minutes=60)
IDLE_BEYOND = timedelta(minutes=15)  # regional and national roles
LONGEST = timedelta(hours=12)
STEP = timedelta(minutes=1)  # an act is written down at most once in this time
BEGAN = "began"  # seconds since 1970, kept in the session


@cache
def statement() -> str:
    """The session, its account, then one row for each right in force."""
    return f"""
SELECT session.session_data, session.expire_date,
       {", ".join(f"person.{column}" for column in COLUMNS)}, {columns_held()}
  FROM django_session session
  LEFT JOIN usersessions_usersession opened ON opened.session_key = session.session_key
  LEFT JOIN accounts_user person ON person.id = opened.user_id {JOINS}
 WHERE session.session_key = %(session)s
 {ORDER}
"""  # noqa: S608 - the names of our own columns


class End(Enum):
    """Why nobody is logged in any more: the sentence of the login page."""

    IDLE = "Votre session s’est fermée faute d’activité : reconnectez-vous pour continuer."
    LONGEST = (
        "Votre session s’est fermée au bout de douze heures : reconnectez-vous pour continuer."
    )
    ELSEWHERE = (
        "Votre session n’est plus ouverte : elle a été fermée depuis un autre appareil, par un "
        "changement de mot de passe, ou il y a longtemps. Reconnectez-vous pour continuer."
    )


class SessionStore(db.SessionStore):
    """Django's sessions in the database; reading one brings the account of the list of sessions."""

    owner: User | None = None
    held = Held([], date.min)
    expires_at: datetime | None = None  # as read, or as just written
    is_of_someone = False  # as read, whatever became of it since
    is_automatic = False  # the page asks by itself: no act of the person
    end: End | None = None  # when the browser brought a session that is no longer one

    def _validate_session_key(self, key: str | None) -> bool:
        """A cookie may hold anything, also what no column takes: such a number is nobody's."""
        return bool(key) and key.isascii() and key.isalnum() and super()._validate_session_key(key)

    def load(self) -> dict:
        with connection.prepared_cursor() as cursor:
            today = timezone.localdate()
            parameters = {"today": today, "session": self.session_key}
            cursor.execute(statement(), parameters)
            rows = cursor.fetchall()
        if not rows:
            return self._ended(End.ELSEWHERE)
        data, expires_at, *found = rows[0]
        content = self.decode(data)
        if expires_at <= timezone.now():
            return self._ended(end_of(content, expires_at))
        self.expires_at = expires_at
        self.is_of_someone = SESSION_KEY in content
        if found[0] is not None:
            self._bring_owner(rows, today)
        return content

    def _bring_owner(self, rows: list[tuple], today: date) -> None:
        """The account, and what it holds, as read with the session."""
        end = OWN + len(FIELDS)
        self.held = Held([row[end:] for row in rows], today)
        self.owner = User.from_db(connection.alias, FIELDS, rows[0][OWN:end])
        self.owner.held = self.held

    def _ended(self, end: End | None) -> dict:
        self._session_key = None
        self.end = end
        return {}

    def save(self, must_create: bool = False) -> None:
        """Remember when the session of a person began; the number may change, not that."""
        content = self._get_session(no_load=must_create)
        if SESSION_KEY in content:
            content.setdefault(BEGAN, int(time.time()))
        super().save(must_create)

    def cycle_key(self) -> None:
        """The list of one's open sessions follows the new number."""
        former = self.session_key
        super().cycle_key()
        if former:
            opened = UserSession.objects.filter(session_key=former)
            opened.update(session_key=self.session_key)

    def get_expiry_date(self, **kwargs) -> datetime:
        if SESSION_KEY not in self:
            return super().get_expiry_date(**kwargs)
        if self.is_automatic and self.expires_at:
            return self.expires_at
        return self.end_after_an_act()

    def end_after_an_act(self) -> datetime:
        """When the session will end if the person does nothing more."""
        idle = IDLE_BEYOND if self.held.reaches_beyond else IDLE
        wanted = timezone.now() + idle
        latest = self.latest_end
        return min(wanted, latest) if latest else wanted

    @property
    def latest_end(self) -> datetime | None:
        """When it will end whatever the person does."""
        began = self.get(BEGAN)
        return datetime.fromtimestamp(began, UTC) + LONGEST if began else None

    def prolong(self) -> None:
        """The person did something: write it down, once a minute at most."""
        wanted = self.end_after_an_act()
        is_fresh = self.expires_at is None or abs(wanted - self.expires_at) < STEP
        if is_fresh or self.is_automatic:
            return
        with connection.cursor() as cursor:
            cursor.execute(PROLONG, [wanted, self.session_key])
        self.expires_at = wanted

    @property
    def seconds_left(self) -> int:
        """Until the end as it is written down."""
        expires_at = self.expires_at or self.get_expiry_date()
        return max(0, int((expires_at - timezone.now()).total_seconds()))

    @property
    def may_be_prolonged(self) -> bool:
        """Whether an act would keep it open longer than it would be after two minutes."""
        latest = self.latest_end
        return latest is None or latest > timezone.now() + timedelta(seconds=self.seconds_left + 2)

    def give_owner(self, user_id: int) -> User | None:
        """Hand over, once, the account that was read, if it is the one the session is for."""
        owner, self.owner = self.owner, None
        return owner if owner is not None and owner.pk == user_id else None


def end_of(content: dict, expires_at: datetime) -> End | None:
    """Why a session ended by itself; none for that of a visitor."""
    if SESSION_KEY not in content:
        return None
    began = content.get(BEGAN, 0)
    over = datetime.fromtimestamp(began, UTC) + LONGEST
    return End.LONGEST if over - expires_at < STEP else End.IDLE


def forget_ended_sessions() -> None:
    """Sessions over for a day leave: until then the login page knows why they ended."""
    Session.objects.filter(expire_date__lt=timezone.now() - timedelta(days=1)).delete()
    open_ones = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(open_ones)).delete()


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
