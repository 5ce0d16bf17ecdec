"""Where one may ask for a profile: open places found by number, name or town, and administrations.

Each place found is shown with the entity it belongs to, and with the number to choose in general.
"""

from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import Profile, User
from establishments.models import AdministrativeBody, Department, Establishment, LegalEntity
from establishments.models.search import SHORTEST, plain_words
from establishments.perimeter import Action
from establishments.rules import FinessKind, OrderingNumber, ordering_number

SITES_FOUND, ENTITIES_FOUND, SITES_SHOWN, BODIES_SHOWN = 20, 10, 5, 25


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An ARS, and the address to write to."""

    name: str
    email: str


@dataclass(slots=True)
class Found:
    """A legal entity, those of its sites that answer the search, and which number to choose."""

    entity: LegalEntity
    open_sites: int
    sites: list[Establishment] = field(default_factory=list)

    @property
    def others(self) -> int:
        """How many of its open sites are not shown."""
        return self.open_sites - len(self.sites)

    @property
    def number(self) -> OrderingNumber | None:
        return ordering_number(self.sites[0], self.open_sites) if self.sites else None

    @property
    def is_entity_advised(self) -> bool:
        return self.number is not None and self.number.kind == FinessKind.ENTITY


@dataclass(frozen=True, slots=True)
class Places:
    """What a search finds."""

    text: str
    is_too_short: bool
    found: list[Found]
    bodies: list[AdministrativeBody]
    is_cut: bool  # there are more places than those shown
    held: dict[object, Profile]  # one's own profiles, by what they are on
    mailboxes: list[Mailbox] = field(default_factory=list)  # where to write when nothing is found

    @property
    def count(self) -> int:
        return len(self.found) + len(self.bodies)


def places_for(user: User, text: str) -> Places:
    """Search the open places of the directory, and the administrations by their names."""
    text = text.strip()
    words = plain_words(text)
    if sum(map(len, words)) < SHORTEST:
        return Places(text, bool(text), [], [], False, {})
    entities = _entities(user).first_found(text, ENTITIES_FOUND + 1)
    sites = _sites(user).first_found(text, SITES_FOUND + 1)
    found = _grouped(user, entities[:ENTITIES_FOUND], sites[:SITES_FOUND])
    is_cut = len(entities) > ENTITIES_FOUND or len(sites) > SITES_FOUND
    bodies = _bodies(words)
    mailboxes = [] if found or bodies else mailboxes_for("".join(words).upper())
    return Places(text, False, found, bodies, is_cut, _held(user), mailboxes)


def mailboxes_for(number: str) -> list[Mailbox]:
    """Those of the ARS that a FINESS number begins in; of every one when it is no number."""
    agencies = AdministrativeBody.objects.filter(kind=AdministrativeBody.Kind.ARS)
    prefixes = Department.objects.exclude(finess_prefix="").values_list("region", "finess_prefix")
    regions = {
        region
        for region, prefix in prefixes
        if any(number.startswith(one) for one in prefix.split("|"))
    }
    if regions:
        agencies = agencies.filter(region__in=regions)
    found = agencies.select_related("region").order_by("name")
    told = [Mailbox(one.name, one.mailbox or getattr(one.region, "mailbox", "")) for one in found]
    return [one for one in told if one.email]


def _held(user: User) -> dict[object, Profile]:
    living = user.profiles.filter(state__in=Profile.LIVING)
    return {profile.entity: profile for profile in living.with_entity()}


def _grouped(user: User, entities: list[LegalEntity], sites: list[Establishment]) -> list[Found]:
    """Two more queries whatever is found: the first sites of the entities, and their numbers."""
    grouped: dict[LegalEntity, list[Establishment]] = {entity: [] for entity in entities}
    named = [entity.pk for entity in entities]
    for site in sites:
        grouped.setdefault(site.legal_entity, []).append(site)
    for site in _first_sites(user, named):
        known = grouped[site.legal_entity]
        if site not in known and len(known) < SITES_SHOWN:
            known.append(site)
    counts = _open_sites(list(grouped))
    return [Found(entity, counts.get(entity.pk, 0), shown) for entity, shown in grouped.items()]


def _first_sites(user: User, entities: list[int]) -> QuerySet[Establishment]:
    """The first sites of each entity that was found by its own name or number."""
    rank = Window(RowNumber(), partition_by="legal_entity", order_by=["sort_name", "finess"])
    ranked = _sites(user).filter(legal_entity__in=entities).annotate(rank=rank)
    found: QuerySet[Establishment] = ranked.filter(rank__lte=SITES_SHOWN)
    return found.order_by("legal_entity", "rank")


def _sites(user: User) -> QuerySet[Establishment]:
    sites = Establishment.objects.for_user(user, to=Action.REF_READ).open()
    return sites.select_related("legal_entity__legal_status", "category")


def _entities(user: User) -> QuerySet[LegalEntity]:
    entities = LegalEntity.objects.for_user(user, to=Action.REF_READ).open()
    return entities.select_related("legal_status")


def _open_sites(entities: list[LegalEntity]) -> dict[int, int]:
    sites = Establishment.objects.open().filter(legal_entity__in=entities).order_by()
    return dict(sites.values_list("legal_entity").annotate(Count("pk")))


def _bodies(words: list[str]) -> list[AdministrativeBody]:
    """Some 150 rows: their names, and what they are, are compared here."""
    bodies = AdministrativeBody.objects.order_by("name")
    return [body for body in bodies if _is_named(body, words)][:BODIES_SHOWN]


def _is_named(body: AdministrativeBody, words: list[str]) -> bool:
    named = plain_words(f"{body.name} {body.get_kind_display()}")
    return all(any(one.startswith(word) for one in named) for word in words)
