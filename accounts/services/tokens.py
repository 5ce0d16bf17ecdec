"""Keys of machines: made for one entity and some uses, shown once, revoked at any time."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.grants import letters_held
from accounts.models import ApiToken, Profile, User
from accounts.services.errors import AccountError
from accounts.services.profiles import Entity, field_of
from establishments.models import AdministrativeBody
from establishments.perimeter import Action
from journal.services import record

PREFIX = "jst_"  # what a scanner of leaked secrets may look for
LONGEST_LIFE = timedelta(days=366)
USED_EVERY = timedelta(minutes=1)
NATIONAL = "N"
OF_A_WAREHOUSE = (ApiToken.Scope.LOGISTICS_FILES, ApiToken.Scope.LOGISTICS_REPORTS)
WAREHOUSES = (
    AdministrativeBody.Kind.SPF,
    AdministrativeBody.Kind.LA_POSTE,
    AdministrativeBody.Kind.CONSORTIUM,
)
OF_A_TERRITORY, OF_A_PHARMACY = ApiToken.Scope.PUI_SNAPSHOTS, ApiToken.Scope.PUI_TRANSMIT


class TokenError(AccountError):
    """The token cannot be made or revoked so."""


def may_manage_tokens(user: User) -> bool:
    """Also for logistics operators, whose right covers no establishment but their own machines."""
    return bool(_letters(user))


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Those this person may see and revoke: of the country, of their perimeter, of their body."""
    tokens = ApiToken.objects.with_entity().select_related("created_by")
    if "F" in _letters(user):
        return tokens.filter(body=_profile(user).body)
    return tokens.for_user(user, to=Action.API_TOKEN)


def bodies_offered(user: User) -> QuerySet[AdministrativeBody]:
    """For whom the technical administration makes tokens: the agents of an administration do not
    have that right themselves, and their tools read the snapshots of their territory."""
    every = AdministrativeBody.objects.all()
    return every if NATIONAL in _letters(user) else every.none()


def scopes_of(entity: Entity | None) -> list[ApiToken.Scope]:
    """Only pharmacies send stocks, only an administration follows a territory, only a warehouse
    exchanges with the portal."""
    if not isinstance(entity, AdministrativeBody):
        left_out = {OF_A_TERRITORY, *OF_A_WAREHOUSE}
    elif entity.kind in WAREHOUSES:
        left_out = {OF_A_PHARMACY}
    else:
        left_out = {OF_A_PHARMACY, *OF_A_WAREHOUSE}
    return [one for one in ApiToken.Scope if one not in left_out]


@transaction.atomic
def create_token(
    entity: Entity, scopes: Sequence[str], *, by: User, label: str, life: timedelta
) -> tuple[ApiToken, str]:
    """Make a token of one's own entity, or of an administration from the technical one; its value
    is given here and never again."""
    _require_for(entity, by)
    if not scopes or set(scopes) - set(scopes_of(entity)):
        raise TokenError(f"Choisissez au moins un usage, parmi ceux de {entity}.")
    if not timedelta() < life <= LONGEST_LIFE:
        raise TokenError("Un jeton dure un an au plus.")
    label = label.strip()
    if not label:
        raise TokenError("Donnez un nom au jeton\u00a0: il dira quelle machine s’en sert.")
    field = field_of(entity)
    # the entity is locked: of two clicks, the second finds the token of the first
    type(entity)._default_manager.select_for_update(of=("self",)).get(pk=entity.pk)
    if ApiToken.objects.in_force().filter(label__iexact=label, **{field: entity}).exists():
        raise TokenError(f"Un jeton en service porte déjà le nom «\u00a0{label}\u00a0».")
    value = f"{PREFIX}{secrets.token_urlsafe(32)}"
    token: ApiToken = ApiToken.objects.create(
        label=label,
        digest=digest_of(value),
        scopes=list(scopes),
        created_by=by,
        expires_at=timezone.now() + life,
        **{field: entity},
    )
    _record("account.token_created", token, by=by)
    return token, value


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> ApiToken:
    """Refuse it from the next call on."""
    if not tokens_of(by).filter(pk=token.pk).exists():
        raise TokenError("Votre profil ne vous permet pas de révoquer ce jeton.")
    token = ApiToken.objects.select_for_update(of=["self"]).get(pk=token.pk)
    if token.revoked_at:
        raise TokenError(f"Le jeton «\u00a0{token}\u00a0» est déjà révoqué.")
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    _record("account.token_revoked", token, by=by)
    return token


def token_shown(value: str) -> ApiToken | None:
    """The token in force that a machine shows; its use is noted once a minute."""
    related = ApiToken.objects.in_force().with_entity()
    token: ApiToken | None = related.filter(digest=digest_of(value)).first()
    if token is None:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def digest_of(value: str) -> str:
    """A token is long and random: a plain digest cannot be guessed back."""
    return hashlib.sha256(value.encode()).hexdigest()


def _require_for(entity: Entity, by: User) -> None:
    is_own = bool(_letters(by)) and entity == _profile(by).entity
    is_offered = isinstance(entity, AdministrativeBody) and entity in bodies_offered(by)
    if not (is_own or is_offered):
        raise TokenError(f"Votre profil ne vous permet pas de faire un jeton pour {entity}.")


def _profile(user: User) -> Profile:
    profile = user.active_profile
    if profile is None:
        raise TokenError("Choisissez d’abord le profil sous lequel vous travaillez.")
    return profile


def _letters(user: User) -> set[str]:
    if user.active_profile is None:
        return set()
    return letters_held(user.active_profile, Action.API_TOKEN, timezone.localdate())


def _record(verb: str, token: ApiToken, *, by: User) -> None:
    entity = token.entity
    record(
        verb,
        by=by,
        target=f"{token} · {entity}",
        place=None if token.body_id else entity,
        scopes=token.scopes,
        expires_at=token.expires_at.isoformat() if token.expires_at else "",
    )
