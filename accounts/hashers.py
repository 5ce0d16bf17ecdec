"""How passwords are kept: Argon2 at the cost that OWASP advises first, not at Django's.

Django's default (100 MiB, two passes, eight lanes) takes a fifth of a second and more of processor
and 100 MiB for each login: eight logins a second fill two cores on a Monday morning, and eight at
once hold 800 MiB. Source: OWASP Password Storage Cheat Sheet, Argon2id, first choice.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PersonHasher(Argon2PasswordHasher):
    """A password kept at another cost is kept again at this one at the next login."""

    memory_cost = 47_104  # kibibytes: 46 MiB
    time_cost = 1
    parallelism = 1
