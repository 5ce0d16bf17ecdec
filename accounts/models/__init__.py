"""People, the profiles that tie them to one entity each, and what these allow."""

from accounts.models.access_request import AccessRequest, Level
from accounts.models.application import OidcApplication, SignOn
from accounts.models.habilitation import Domain, Habilitation, Role
from accounts.models.invitation import Invitation
from accounts.models.legacy import LegacyCode
from accounts.models.mail import SentMail
from accounts.models.notice import RequestNotice
from accounts.models.profile import Profile
from accounts.models.token import ApiToken
from accounts.models.user import User

__all__ = [
    "AccessRequest",
    "ApiToken",
    "Domain",
    "Habilitation",
    "Invitation",
    "LegacyCode",
    "Level",
    "OidcApplication",
    "Profile",
    "RequestNotice",
    "Role",
    "SentMail",
    "SignOn",
    "User",
]
