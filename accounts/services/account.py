"""What a person does to their own account: change their names, end sessions, close it."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.notices import Notice, notify
from accounts.services.errors import AccountError
from accounts.services.profiles import Entity, end_profile
from establishments.models import Establishment, LegalEntity
from journal.services import record

KEPT = timedelta(days=90)  # a closed account is anonymised after that
NAMES = ("first_name", "last_name", "phone")
FREED = "compte-ferme.invalid"  # a domain that never exists
CLOSED = "compte fermé par la personne"
# what the histories and the invitations hold of them, out of reach of the site, and the entry of
# the journal that tells it (config.forgetting)
FORGET = "SELECT forget_person(%s)"
FORGET_HISTORIES = "SELECT forget_old_histories()"
LONG_ENOUGH = "SET LOCAL statement_timeout = '30min'"


@transaction.atomic
def change_identity(user: User, *, first_name: str, last_name: str, phone: str) -> bool:
    """Change one's names and telephone; False when nothing differs. The person is told by mail."""
    user_now: User = User.objects.select_for_update().get(pk=user.pk)
    after = {"first_name": first_name, "last_name": last_name, "phone": phone}
    before = {name: getattr(user_now, name) for name in NAMES}
    if after == before:
        return False
    for name, value in after.items():
        setattr(user_now, name, value)
        setattr(user, name, value)
    user_now.save(update_fields=list(NAMES))
    changed = {name: value for name, value in after.items() if value != before[name]}
    record(
        "account.identity_changed",
        by=user,
        target=user.username,
        before={name: before[name] for name in changed},
        after=changed,
    )
    notify(Notice.IDENTITY_CHANGED, user.pk)
    return True


@transaction.atomic
def end_sessions(user: User, *, by: User, but: str | None = None, only: int | None = None) -> int:
    """End the sessions of a person, all or ``only`` one, save the number ``but``; how many did."""
    opened = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    if only is not None:
        opened = opened.filter(pk=only)
    keys = list(opened.values_list("session_key", flat=True))
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).count()
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if alive:
        record("account.session_ended", by=by, target=user.username, count=alive)
    return int(alive)


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """Close one's own account: profiles and sessions end at once, nobody logs in any more.

    The address stays taken for ``KEPT``, the time to change one's mind or to answer a question;
    then ``anonymise_closed_accounts`` frees it.
    """
    if by != user:
        raise AccountError("Chacun ferme son propre compte, et personne d’autre.")
    user_now: User = User.objects.select_for_update().get(pk=user.pk)
    if user_now.closed_at:
        raise AccountError("Ce compte est déjà fermé.")
    for profile in Profile.objects.filter(user=user, state__in=Profile.LIVING).order_by("pk"):
        end_profile(profile, by=by, reason=CLOSED, with_account=True)
    user_now.is_active, user_now.closed_at = False, timezone.now()
    user_now.save(update_fields=["is_active", "closed_at"])
    record("account.closed", by=by, target=user.username)
    end_sessions(user, by=by)
    Token.objects.filter(user=user).delete()  # what other applications were given
    notify(Notice.ACCOUNT_CLOSED, user.pk)


def left_without_administrator(user: User) -> list[Entity]:
    """The entities that nobody would administer any more if this person left."""
    administration = Habilitation.objects.in_force().filter(
        domain=Domain.ADMINISTRATION,
        role__in=[Role.ADMINISTRATOR, Role.DELEGATED_ADMINISTRATOR, Role.NATIONAL_CELL],
        profile__state=Profile.State.ACTIVE,
        profile__user__is_active=True,
    )
    mine = administration.filter(profile__user=user).select_related(
        "profile__establishment", "profile__legal_entity", "profile__body"
    )
    entities = {right.profile.entity for right in mine}
    others = administration.exclude(profile__user=user)
    return sorted((one for one in entities if not others.filter(_place(one)).exists()), key=str)


def _place(entity: Entity) -> Q:
    """An administrator of the legal entity administers each of its sites."""
    match entity:
        case Establishment():
            around = Q(profile__legal_entity=entity.legal_entity_id)
            return Q(profile__establishment=entity) | around
        case LegalEntity():
            return Q(profile__legal_entity=entity)
        case _:
            return Q(profile__body=entity)


def anonymise_closed_accounts() -> int:
    """Forget who the accounts closed for ``KEPT`` belonged to; how many were. Twice is harmless.

    The row stays, nameless, for the journal and the declarations that point to it. One that the
    database refuses (it was not closed from its page) keeps nobody else, and is told at the end.
    """
    closed = User.objects.filter(closed_at__lt=timezone.now() - KEPT, is_active=False)
    numbers = closed.exclude(email__endswith=f"@{FREED}").values_list("pk", flat=True)
    done, refused = 0, []
    for number in list(numbers):
        try:
            done += _anonymise(number)
        except ProgrammingError as refusal:
            refused.append(f"{number} ({refusal})")
    if refused:
        raise AccountError(f"Comptes non anonymisés\u00a0: {', '.join(refused)}")
    return done


@transaction.atomic
def _anonymise(number: int) -> bool:
    user: User = User.objects.select_for_update().get(pk=number)
    if user.is_active or user.closed_at is None or user.email.endswith(f"@{FREED}"):
        return False
    user.username = f"ferme-{user.public_id.hex[:12]}"
    user.email = f"{user.public_id.hex}@{FREED}"
    user.first_name, user.last_name, user.phone = "", "Compte fermé", ""
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()  # what a national service told of them
    UserSession.objects.filter(user=user).delete()
    Profile.objects.filter(user=user).update(email="", phone="", address="")
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [user.pk])
    return True


@transaction.atomic
def forget_old_histories() -> int:
    """Names, contacts and addresses leave the states past the delay of the journal; how many.

    Whole histories are read: longer than the site lets a page wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(LONG_ENOUGH)
        cursor.execute(FORGET_HISTORIES)
        (emptied,) = cursor.fetchone()
    return int(emptied)
