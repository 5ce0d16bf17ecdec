"""A person: one account, whatever the number of places they work for."""

import uuid
from functools import cached_property
from typing import Self

import pghistory
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone

from accounts.grants import perimeter_held
from accounts.models.profile import Profile
from accounts.models.reading import Held, held_by
from establishments.models.directory import Words
from establishments.models.search import words_condition
from establishments.perimeter import Action, Perimeter


class UserQuerySet(models.QuerySet):
    def search(self, text: str) -> Self:
        """Find by the beginnings of words of the name, the identifier and the address."""
        return self.filter(words_condition(text))


class People(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's way of making accounts, with our questions."""


def _separated(*names: str) -> list[str | Value]:
    """The fields with a space between two."""
    return [part for name in names for part in (Value(" "), name)][1:]


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["password", "last_login", "haystack"],
)
class User(AbstractUser):
    """One person. Rights never stand here: they come from the profile in use (`domain.md` §3)."""

    username = models.CharField(
        "identifiant",
        max_length=150,
        unique=True,
        help_text="Lettres, chiffres et . _ - ; sert à vous connecter, comme votre adresse.",
    )
    email = models.EmailField("adresse électronique")
    phone = models.CharField("téléphone", max_length=20, blank=True)
    public_id = models.UUIDField("identifiant public", default=uuid.uuid4, unique=True)
    closed_at = models.DateTimeField("fermé le", null=True, blank=True)
    haystack = models.GeneratedField(
        expression=Words(
            Concat(
                *_separated("first_name", "last_name", "username", "email"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    chosen_profile_id: int | None = None  # set from the session at each request
    request_address: str | None = None
    factor_proved_elsewhere = False  # this session was opened by a service that checked two

    objects = People()

    class Meta:
        verbose_name = "compte"
        ordering = ["last_name", "first_name", "pk"]
        indexes = [
            models.Index(fields=["last_name", "first_name", "id"], name="user_by_name"),
            GinIndex(OpClass("haystack", name="gin_trgm_ops"), name="user_words"),
        ]
        constraints = [
            models.CheckConstraint(
                name="user_username_is_no_address",
                condition=~models.Q(username__contains="@"),
                violation_error_message="Un identifiant ne contient pas « @ ».",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique",
                violation_error_message="Cet identifiant est déjà pris.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            ),
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    @cached_property
    def held(self) -> Held:
        """What this person holds today, read once per request."""
        return held_by(self.pk) if self.pk else Held([], timezone.localdate())

    @property
    def letter(self) -> str:
        """How far they reach; « - » when this was not read: the log asks the database nothing."""
        held: Held | None = vars(self).get("held")
        return held.letter if held else "-"

    @property
    def usable_profiles(self) -> list[Profile]:
        """The active profiles with what they allow today."""
        return self.held.profiles

    @property
    def has_second_factor(self) -> bool:
        """Whether an app or a key is asked for at each log in."""
        return self.held.has_second_factor

    @property
    def active_profile(self) -> Profile | None:
        """The chosen profile while it is still usable; the only one when there is only one."""
        profiles = self.usable_profiles
        if len(profiles) == 1:
            return profiles[0]
        return next((one for one in profiles if one.pk == self.chosen_profile_id), None)

    def perimeter_to(self, action: Action) -> Perimeter:
        """Where this person may do ``action``, empty by default; asked many times for a page."""
        asked = (action, self.chosen_profile_id)
        if asked not in self.perimeters_held:
            profiles, today = self.usable_profiles, self.held.today
            self.perimeters_held[asked] = perimeter_held(
                self.active_profile, profiles, action, today
            )
        return self.perimeters_held[asked]

    @cached_property
    def perimeters_held(self) -> dict[tuple[Action, int | None], Perimeter]:
        """Those already worked out from the profiles read, by action and chosen profile."""
        return {}

    def may(self, action: Action) -> bool:
        """Whether they may do it anywhere at all."""
        return bool(self.perimeter_to(action))

    def forget_rights(self) -> None:
        """Read the profiles again at the next question (a service just changed them)."""
        self.__dict__.pop("held", None)
        self.__dict__.pop("perimeters_held", None)
