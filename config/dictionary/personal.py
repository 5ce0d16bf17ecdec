"""Which columns tell of a person. What holds text and is named nowhere here is a fault.

A name means the same thing in all tables (``email`` is always a contact); a table that departs
from it says so in ``OF_TABLE``. A link to a person or to a profile is seen by itself.
"""

from enum import StrEnum
from typing import Any, Final

from django.db import models

from accounts.models import Profile, User


class Kind(StrEnum):
    """What a column tells of a person."""

    IDENTITY = "identité"
    CONTACT = "coordonnées"
    CONNECTION = "connexion"
    CONTENT = "contenu envoyé"
    FREE_TEXT = "texte libre"
    LINK = "lien vers une personne"
    NONE = "non"


class UndeclaredError(Exception):
    """A column of which nobody said whether it is personal."""


TEXT: Final = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
    models.FileField,
)


def _named(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


BY_NAME: Final[dict[str, Kind]] = {
    **_named(Kind.IDENTITY, "first_name last_name username author contact_name recipient"),
    **_named(Kind.CONTACT, "email phone contact_phone contact_email on_call_phone"),
    **_named(Kind.CONNECTION, "session_key session_data ip user_agent password"),
    # what somebody wrote may name somebody, though each form asks not to
    **_named(
        Kind.FREE_TEXT,
        "reason note comment message text answer explanation shipping_note reception_comment "
        "ending_reason received_comment cancel_reason closing_reason address_reason gap_reason "
        "removal_reason correction_reason discard_reason hidden_reason restricted_reason evidence "
        "description outcome body word terms delivery_terms access opening_hours",
    ),
    **_named(
        Kind.NONE,
        "code label short_label plural name long_name title slug finess finess_code finess_prefix "
        "siren siret ape_code sph_code commune_code aggregate_code aggregate_label category_code "
        "department_code region_code region_codes department_codes category_codes address "
        "postal_code town mailbox sort_name sort_label verb request_id digest json_digest "
        "csv_digest code_digest key nonce number path file filename report logout_uri atc cip13 "
        "gtin lot form strength unit laboratory source substance product season kind state ipe "
        "columns headers changes pools regions inputs size pictogram pack_label packing carrier "
        "tracking order_number vat_number register legal_form lines iban bic service_code "
        "engagement reference delivery_reference flow remote_id problem services "
        "acknowledged_via received_via measure subject subject_label place figures last_figures "
        "places told_places dataset rows part marks before_marks help_text asks keywords live "
        "question signature entity role roles rights legal_kinds fields_of_care scopes actions "
        "methods queue_name task_name lock queueing_lock model codename badge theme domain "
        "service level scale periodic_id haystack words type status desk",
    ),
}

# apps whose tables say nothing of anybody: permissions and texts that nothing reads
OF_NOBODY: Final = ("auth", "contenttypes", "dsfr")

# where a table departs from what its names usually mean
OF_TABLE: Final[dict[str, dict[str, Kind]]] = {
    "accounts.User": {
        "public_id": Kind.IDENTITY,
        "haystack": Kind.IDENTITY,
        "last_login": Kind.CONNECTION,
        "date_joined": Kind.CONNECTION,
        "closed_at": Kind.CONNECTION,
    },
    "accounts.Profile": {"address": Kind.CONTACT},
    "accounts.Invitation": {"nonce": Kind.CONNECTION},
    "accounts.LegacyCode": {"digest": Kind.CONNECTION},
    "accounts.ApiToken": {"digest": Kind.CONNECTION},
    "accounts.SignOn": {
        "session_id": Kind.CONNECTION,
        "public_id": Kind.CONNECTION,
        "code_digest": Kind.CONNECTION,
        "spent_tokens": Kind.CONNECTION,
        "authenticated_at": Kind.CONNECTION,
        "methods": Kind.CONNECTION,
    },
    "account.EmailConfirmation": {"key": Kind.CONNECTION},
    "mfa.Authenticator": {"data": Kind.CONNECTION, "last_used_at": Kind.CONNECTION},
    "usersessions.UserSession": {"data": Kind.CONNECTION, "last_seen_at": Kind.CONNECTION},
    "allauth_idp_oidc.Client": _named(
        Kind.NONE,
        "id secret default_scopes grant_types redirect_uris cors_origins response_types data",
    ),
    "allauth_idp_oidc.Token": {"hash": Kind.CONNECTION, "data": Kind.CONNECTION},
    "socialaccount.SocialApp": _named(Kind.NONE, "provider provider_id client_id secret settings"),
    "socialaccount.SocialAccount": {
        "provider": Kind.NONE,
        "uid": Kind.IDENTITY,
        "extra_data": Kind.IDENTITY,
        "last_login": Kind.CONNECTION,
        "date_joined": Kind.CONNECTION,
    },
    "socialaccount.SocialToken": {"token": Kind.CONNECTION, "token_secret": Kind.CONNECTION},
    "pghistory.Context": {"metadata": Kind.LINK},
    "procrastinate.ProcrastinateJob": {"args": Kind.LINK},
    "journal.Entry": {
        "profile": Kind.IDENTITY,
        "target": Kind.IDENTITY,
        "details": Kind.FREE_TEXT,
        "address": Kind.CONNECTION,
        "lexemes": Kind.FREE_TEXT,
    },
    "journal.Seal": _named(Kind.NONE, "previous mac"),
    "journal.Purge": _named(Kind.NONE, "mac"),
    "monitoring.Traffic": _named(Kind.NONE, "method"),
    "monitoring.Total": _named(Kind.NONE, "method"),
    # what the person was shown: no name, and found again in the lines of the service only
    "monitoring.Fault": _named(Kind.NONE, "request method error"),
    # a statement without its values
    "monitoring.SlowStatement": _named(Kind.NONE, "text"),
    # the telephone of a place, as the public directory gives it
    "establishments.LegalEntity": {"phone": Kind.NONE},
    "establishments.Establishment": {"phone": Kind.NONE},
    "establishments.FinessRemark": {"reason": Kind.NONE},
    "establishments.FinessImport": {"message": Kind.NONE},
    "pui.Transmission": {"content": Kind.NONE, "message": Kind.NONE},
    "epi_stocks.InventoryImport": {"message": Kind.NONE},
    "orders.CapacityImport": {"message": Kind.NONE},
    "orders.Order": {"delivery": Kind.CONTACT},
    "orders.Carrier": {"name": Kind.NONE},
    "orders.DepositStep": {"text": Kind.NONE},
    "orders.Deposit": {"reason": Kind.NONE},
    "orders.Seller": {"email": Kind.NONE},
    "orders.Billing": {"email": Kind.CONTACT},
    "orders.Invoice": {"seller": Kind.NONE, "billed_to": Kind.CONTACT},
    "orders.InvoiceFile": {"pdf": Kind.CONTENT, "xml": Kind.CONTENT},
    "orders.OrderFile": {"json_text": Kind.CONTACT, "csv_text": Kind.CONTACT},
    "orders.LogisticsReport": {"content": Kind.CONTENT, "text": Kind.CONTENT},
    "orders.Photo": {"content": Kind.CONTENT},
    "steering.AlertEvent": {"text": Kind.FREE_TEXT},
    "steering.Bulletin": {"content": Kind.FREE_TEXT},
    "steering.BulletinDocument": {"reading": Kind.NONE, "content": Kind.FREE_TEXT},
    "steering.Message": {"signature": Kind.IDENTITY},
    "steering.MessageFile": {"content": Kind.CONTENT},
    "steering.Visit": {"session": Kind.CONNECTION, "seen_at": Kind.CONNECTION},
    "support.Announcement": {"text": Kind.NONE},
    "support.CannedAnswer": {"text": Kind.NONE},
    "support.ForumTheme": {"description": Kind.NONE},
    "support.ForumTopic": {"title": Kind.FREE_TEXT, "document": Kind.FREE_TEXT},
    "support.ForumImage": {"content": Kind.CONTENT},
    "support.Question": {"answer": Kind.NONE},
    "support.TextVersion": {"body": Kind.NONE},
    "support.Ticket": {
        "title": Kind.FREE_TEXT,
        "name": Kind.IDENTITY,
        "identifier": Kind.IDENTITY,
        "place": Kind.FREE_TEXT,
        "page": Kind.FREE_TEXT,
        "incident": Kind.CONNECTION,
        "answers": Kind.FREE_TEXT,
    },
    "support.Screenshot": {"content": Kind.CONTENT},
}


def kind_of(model: type[models.Model], field: "models.Field[Any, Any]") -> Kind:
    """What this column tells of a person; a history tells what the table it follows does."""
    label = model_followed(model)._meta.label
    declared = OF_TABLE.get(label, {})
    if field.column in declared:
        return declared[field.column]
    if field.is_relation:
        return Kind.LINK if field.related_model in (User, Profile) else Kind.NONE
    if not isinstance(field, TEXT) or field.choices or field.column.startswith("pgh_"):
        return Kind.NONE
    if model._meta.app_label in OF_NOBODY:
        return Kind.NONE
    if field.column in BY_NAME:
        return BY_NAME[field.column]
    raise UndeclaredError(
        f"{label}.{field.column}\u00a0: est-elle personnelle\u00a0? "
        "Dites-le dans config/dictionary/personal.py."
    )


def model_followed(model: type[models.Model]) -> type[models.Model]:
    """The model whose history this one is, or itself."""
    followed: type[models.Model] = getattr(model, "pgh_tracked_model", model)
    return followed
