"""What PASREL tells applications of a person, and under which name it speaks."""

from typing import Any
from uuid import UUID

from allauth.core import context
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings

from accounts.grants import code_of
from accounts.identity.keys import signing_keys
from accounts.models import Profile, SignOn, User

HABILITATIONS = "habilitations"
SCOPES = {
    "openid": "Vous reconnaître d’une visite à l’autre",
    "profile": "Vos nom et prénom",
    "email": "Votre adresse électronique",
    HABILITATIONS: "L’établissement du profil que vous utilisez (FINESS) et vos rôles",
}


class IdentityAdapter(DefaultOIDCAdapter):
    """Our answers to allauth's questions."""

    scope_display = SCOPES

    def get_issuer(self) -> str:
        return str(settings.OIDC_ISSUER)

    def get_user_sub(self, client: Client, user: User) -> str:
        """The same for ever, whatever the application: never a row number nor an address."""
        return str(user.public_id)

    def get_user_by_sub(self, client: Client, sub: str) -> User | None:
        try:
            number = UUID(sub)
        except ValueError:
            return None
        found: User | None = User.objects.filter(public_id=number, is_active=True).first()
        return found

    def list_private_keys(
        self, *, did_activate: bool | None = None, is_active: bool | None = None
    ) -> list[PrivateKey]:
        keys = [key.for_allauth() for key in signing_keys()]
        return list(filter_keys(keys, did_activate=did_activate, is_active=is_active))

    def get_claims(
        self,
        purpose: str,
        user: User,
        client: Client,
        scopes: Any,
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The usual claims, then the profile under which the person entered."""
        claims: dict[str, Any] = super().get_claims(
            purpose, user, client, scopes, email=email, **kwargs
        )
        sign_on: SignOn | None = getattr(context.request, "sign_on", None)
        if sign_on is None:
            return claims
        if purpose == "id_token":
            claims["sid"] = str(sign_on.public_id)
            claims["auth_time"] = int(sign_on.authenticated_at.timestamp())
            claims["amr"] = sign_on.methods
        if HABILITATIONS in scopes:
            profile = next(
                (one for one in user.usable_profiles if one.pk == sign_on.profile_id), None
            )
            claims |= claims_of(profile)
        return claims


def claims_of(profile: Profile | None) -> dict[str, Any]:
    """The entity of a profile and what it allows today; an account without profile has none."""
    if profile is None:
        return {"profil": None, "roles": [], "habilitations": []}
    entity = profile.entity
    codes = dict.fromkeys(code_of(right, profile) for right in profile.rights)
    return {
        "profil": {
            "finess": profile.finess or None,
            "nom": str(entity),
            "type": kind_of(profile),
            "region": entity.region_id or None,
        },
        "roles": [code for code in codes if code],
        "habilitations": [
            {"domaine": right.domain, "role": right.role} for right in profile.rights
        ],
    }


def kind_of(profile: Profile) -> str:
    """« ET » a site, « EJ » a legal entity, else the kind of administrative body."""
    if profile.body:
        return str(profile.body.kind)
    return "ET" if profile.establishment_id else "EJ"
