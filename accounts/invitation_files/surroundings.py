"""All that the lines of a file are checked against, read at once whatever their number."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Domain, Invitation, Profile, Role, User
from accounts.offers import WITHOUT_PHARMACY, Place
from establishments.models import Establishment, LegalEntity
from establishments.perimeter import Action
from establishments.rules import OrderingNumber, beneficiary_categories, ordering_number

Key = tuple[int, int]  # establishment, legal entity; 0 for none


def key_of_place(row: Invitation | Profile) -> Key:
    return row.establishment_id or 0, row.legal_entity_id or 0


def key_of_entity(entity: Place) -> Key:
    return (entity.pk, 0) if isinstance(entity, Establishment) else (0, entity.pk)


class Surroundings:
    """Places by number, people by address, what is already there by person and place."""

    def __init__(self, by: User, numbers: Collection[str], emails: Collection[str]):
        self.by = by
        self.places = self._places(numbers)
        people = User.objects.alias(lower=Lower("email")).filter(lower__in=emails)
        self.people = {person.email.lower(): person for person in people}
        self.profiles = self._profiles()
        self.invitations = self._invitations(emails)
        self.sites = self._sites()
        self.beneficiaries = beneficiary_categories(timezone.localdate())

    def _places(self, numbers: Collection[str]) -> dict[str, Place]:
        """An entity is in reach by itself: one of its sites does not bring it."""
        perimeter = self.by.perimeter_to(Action.PROF_DECIDE_ETAB)
        entities = LegalEntity.objects.by_themselves_within(perimeter).filter(finess__in=numbers)
        sites = Establishment.objects.within(perimeter).filter(finess__in=numbers)
        return {place.finess: place for place in (*entities, *sites)}

    def _profiles(self) -> dict[tuple[int, Key], Profile]:
        living = Profile.objects.filter(user__in=self.people.values(), state__in=Profile.LIVING)
        rows = living.prefetch_related("habilitations")
        return {(row.user_id, key_of_place(row)): row for row in rows}

    def _invitations(self, emails: Collection[str]) -> dict[tuple[str, Key], Invitation]:
        rows = Invitation.objects.living().alias(lower=Lower("email")).filter(lower__in=emails)
        return {(row.email.lower(), key_of_place(row)): row for row in rows}

    def _sites(self) -> dict[int, list[Establishment]]:
        """The open sites of each entity of the file, also of those named by one of their sites."""
        entities = {
            place.legal_entity_id if isinstance(place, Establishment) else place.pk
            for place in self.places.values()
        }
        found = defaultdict(list)
        rows = Establishment.objects.open().filter(legal_entity__in=entities).order_by("finess")
        for site in rows.select_related("category", "legal_entity__legal_status"):
            found[site.legal_entity_id].append(site)
        return found

    def closed_role(self, place: Place, domain: Domain, role: Role) -> str:
        """What is expected instead when the place has no such habilitation, as `offers` says."""
        sites = self._sites_of(place)
        if (domain, role) == (Domain.DISPOSTOCK, Role.DECLARANT):
            groups = [site.category.aggregate_code for site in sites]
            if groups and all(group.startswith(WITHOUT_PHARMACY) for group in groups):
                return "un établissement qui peut avoir une pharmacie (PUI)"
        if (domain, role) == (Domain.DISTRILOG, Role.ORDER_OPERATOR):
            if not any(site.category_id in self.beneficiaries for site in sites):
                return "un établissement bénéficiaire"
            number = self._ordering_number(sites[0])
            if number.finess != place.finess:
                return f"{number.text}, le numéro qui sert à commander"
        return ""

    def _sites_of(self, place: Place) -> list[Establishment]:
        if isinstance(place, Establishment):
            return [one for one in self.sites[place.legal_entity_id] if one.pk == place.pk]
        return self.sites[place.pk]

    def _ordering_number(self, site: Establishment) -> OrderingNumber:
        return ordering_number(site, len(self.sites[site.legal_entity_id]))
