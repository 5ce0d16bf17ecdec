"""« Interrogation existence compte utilisateur » [004]: what the order portal’s partners may ask.

One question: does this person, known by their address, have an account in use on this FINESS
number? Both are asked, so that a list of addresses tells nothing of where people work, nor a FINESS
number of who works there; nothing else is answered.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from accounts.limits import FailureLimit, TooManyFailuresError
from accounts.models import ApiToken, Profile, User
from establishments.models import Establishment, LegalEntity
from journal.services import record

ASKED = FailureLimit("account_exists", ((30, 60), (300, 3600)))
VERB = "account.existence_asked"


class OutOfReachError(Exception):
    """No place of that number for this token: it does not exist, or is somebody else’s."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whom and where, as the machine gave them, already normalized."""

    email: str
    finess: str


def account_exists(question: Question, *, token: ApiToken) -> bool:
    """Answer, and write the question in the journal; OutOfReachError, TooManyFailuresError."""
    ASKED.begin(f"token {token.pk}")
    with transaction.atomic():
        place = _place(question.finess, token)
        found = place is not None and _is_there(question.email, place)
        record(
            VERB,
            by=None,
            target=f"jeton {token} · {token.entity}"[:200],
            place=place,
            token=token.pk,
            asked=salted_hmac(VERB, question.email).hexdigest()[:16],  # the address is not kept
            found=found,
            **({} if place else {"refused": "hors de portée"}),
        )
    if place is None:
        raise OutOfReachError
    return found


def _place(finess: str, token: ApiToken) -> Establishment | LegalEntity | None:
    """Any place for the bodies of the country; for an entity, itself and its own sites."""
    sites = Establishment.objects.select_related("legal_entity")
    place: Establishment | LegalEntity | None = (
        sites.filter(finess=finess).first() or LegalEntity.objects.filter(finess=finess).first()
    )
    if place is None or token.body_id:
        return place
    if place == token.entity:
        return place
    is_own_site = isinstance(place, Establishment) and (
        place.legal_entity_id == token.legal_entity_id is not None
    )
    return place if is_own_site else None


def _is_there(email: str, place: Establishment | LegalEntity) -> bool:
    """An open account, whose address is verified, with a profile in use there."""
    here = Q(legal_entity=place) if isinstance(place, LegalEntity) else Q(establishment=place)
    if isinstance(place, Establishment):
        here |= Q(legal_entity=place.legal_entity_id)
    profiles = Profile.objects.filter(here, state=Profile.State.ACTIVE)
    people = User.objects.filter(
        is_active=True,
        closed_at__isnull=True,
        emailaddress__verified=True,
        emailaddress__email__iexact=email,
        pk__in=profiles.values("user"),
    )
    return bool(people.exists())


__all__ = ["OutOfReachError", "Question", "TooManyFailuresError", "account_exists"]
