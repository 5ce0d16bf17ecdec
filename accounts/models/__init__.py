"""People, the profiles that tie them to one entity each, and what these allow."""

from accounts.models.habilitation import Domain, Habilitation, Role
from accounts.models.legacy import LegacyCode
from accounts.models.profile import Profile
from accounts.models.user import User

__all__ = ["Domain", "Habilitation", "LegacyCode", "Profile", "Role", "User"]
