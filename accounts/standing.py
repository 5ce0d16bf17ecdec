"""How far a person reaches and whether they hold a second factor, read with their session.

It spares a statement on each request and decides of nothing but how long a session may be idle:
what is required of whom stands in ``accounts.conditions``.
"""

from dataclasses import dataclass

from django.conf import settings

COLUMNS = """EXISTS (SELECT FROM mfa_authenticator factor
                WHERE factor.user_id = person.id AND factor.type IN ('totp', 'webauthn')),
       COALESCE(held.beyond, FALSE), COALESCE(held.administers, FALSE)"""
# two parameters, both the day
JOIN = """LEFT JOIN LATERAL (
            SELECT bool_or(profile.body_id IS NOT NULL) AS beyond,
                   bool_or(held.domain = 'administration') AS administers
              FROM accounts_profile profile
              JOIN accounts_habilitation held ON held.profile_id = profile.id
               AND held.state = 'active'
               AND (held.starts_on IS NULL OR held.starts_on <= %s)
               AND (held.ends_on IS NULL OR held.ends_on >= %s)
             WHERE profile.user_id = person.id AND profile.state = 'active') held ON TRUE"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person holds today, as the statement of the session says."""

    has_factor: bool = False  # an application or a key; recovery codes alone are not one
    reaches_beyond: bool = False  # a regional or national role
    administers: bool = False

    @property
    def may_lack_a_factor(self) -> bool:
        """Whether the conditions of the second factor are worth asking."""
        if self.has_factor or settings.SECOND_FACTOR == "off":
            return False
        return settings.SECOND_FACTOR == "everyone" or self.reaches_beyond or self.administers
