"""Some 1,500 fictitious establishments with numbers whose key holds, in realistic proportions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from common.identifiers import make_finess
from config.demo.names import FLOWERS, PLACES
from establishments.models import Department, Establishment, LegalEntity

SEED = 20201116
FIRST_REGION, SECOND_REGION = "24", "28"
PUBLIC, ASSOCIATION, COMPANY = "13", "60", "72"
# unlike PUBLIC above, a GCS and a fire service have statuses of their own
GCS, FIRE_SERVICE = "29", "19"


@dataclass(frozen=True, slots=True)
class Site:
    """One establishment to be: its category and how its name begins.

    ``host``: the site, of another entity, in whose building it stands.
    """

    category: str
    name: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """One legal entity to be, with its sites; the first one is the main one."""

    name: str
    status: str
    sites: tuple[Site, ...]
    town: str = "BOURG-FICTIF"
    number: int = field(default=0, compare=False)


def entities_of(department: Department, random: Random) -> Iterator[Entity]:
    """What a department holds: one hospital, clinics, EHPAD, associations (15 sites or so)."""
    place = random.choice(PLACES)
    yield _hospital(place, random)
    if random.random() < 0.6:
        yield Entity(f"SAS Clinique {place}", COMPANY, (Site("128", f"Clinique {place}"),))
    for _ in range(random.randint(5, 8)):
        flower = random.choice(FLOWERS)
        status = random.choice((ASSOCIATION, COMPANY))
        yield Entity(f"Résidence Les {flower}", status, (Site("500", f"EHPAD Les {flower}"),))
    yield _association(random)
    if random.random() < 0.15:
        yield Entity(f"GCS {place}", GCS, (Site("697", f"GCS PUI {place}"),))
    if random.random() < 0.25:
        yield Entity(f"Institut de formation {place}", ASSOCIATION, (Site("300", f"IFSI {place}"),))


def _hospital(place: str, random: Random) -> Entity:
    optional = (
        Site("500", f"EHPAD du CH {place}"),
        Site("362", f"USLD {place}"),
        Site("156", f"CMP {place}"),
        Site("354", f"SSIAD {place}"),
        Site("127", f"HAD {place}"),
    )
    chosen = tuple(site for site in optional if random.random() < 0.6)
    return Entity(f"Centre hospitalier {place}", PUBLIC, (Site("355", f"CH {place}"), *chosen))


def _association(random: Random) -> Entity:
    flower = random.choice(FLOWERS)
    kinds = (
        ("183", "IME"), ("255", "MAS"), ("437", "FAM"), ("246", "ESAT"),
        ("382", "Foyer de vie"), ("446", "SAVS"),
    )  # fmt: skip
    chosen = random.sample(kinds, random.randint(2, 4))
    sites = tuple(Site(code, f"{kind} Les {flower}") for code, kind in chosen)
    return Entity(f"Association Les {flower}", ASSOCIATION, sites)


SERVING = "Hôpital Saint-Aubin"  # its pharmacy serves a neighbour, its building hosts another's
VAL_DE_BRENNE = Entity(
    "Centre hospitalier du Val de Brenne",
    PUBLIC,
    (
        Site("355", SERVING),
        Site("355", "Hôpital de la Rive"),
        Site("500", "EHPAD Les Tilleuls"),
        Site("500", "EHPAD La Roseraie"),
        Site("362", "USLD Bel-Air"),
        Site("354", "SSIAD du Val"),
    ),
    town="SAINT-AUBIN-SUR-BRENNE",
)
SMALL_EHPAD = Entity(
    "EHPAD Résidence du Parc",
    COMPANY,
    (Site("500", "EHPAD Résidence du Parc"),),
    town="BEAUVAL-SUR-BRENNE",
)
SECOND_HOSPITAL = Entity(
    "Centre hospitalier de Rochefeuille",
    PUBLIC,
    (Site("355", "CH de Rochefeuille"), Site("500", "EHPAD Le Clos Fleuri")),
    town="ROCHEFEUILLE",
)
FIRE_SERVICE_ENTITY = Entity(
    "Service d’incendie et de secours (fictif)", FIRE_SERVICE, (Site("698", "PUI du SIS"),)
)
GROUP = Entity(
    "GCS Pharmacie du Val de Brenne",
    GCS,
    (Site("697", "GCS PUI du Val de Brenne", host=SERVING),),
    town="SAINT-AUBIN-SUR-BRENNE",
)
NAMED = {"45": (VAL_DE_BRENNE, SMALL_EHPAD, FIRE_SERVICE_ENTITY), "76": (SECOND_HOSPITAL,)}
LAST = {"45": (GROUP,)}  # numbered after the others, which keep their numbers


def build_country() -> int:
    """Create the entities and sites that are missing; return how many sites were created."""
    if Establishment.objects.filter(is_fictitious=True).exists():
        return 0
    random = Random(SEED)  # noqa: S311
    departments = Department.objects.filter(region__isnull=False).order_by("code")
    drafts = [
        (department, entity)
        for department in departments
        for entity in (
            *NAMED.get(department.code, ()),
            *entities_of(department, random),
            *LAST.get(department.code, ()),
        )
    ]
    return _create(drafts, random)


def _create(drafts: list[tuple[Department, Entity]], random: Random) -> int:
    numbers: dict[str, int] = {}
    addresses: dict[str, str] = {}
    entities, sites = [], []
    for department, draft in drafts:
        legal_entity = _legal_entity(department, draft, numbers)
        entities.append(legal_entity)
        made = list(_sites(legal_entity, draft, numbers, random))
        for site, asked in zip(made, draft.sites, strict=True):
            site.address = addresses.get(asked.host, site.address)
        addresses |= {site.name: site.address for site in made}
        sites.extend(made)
    LegalEntity.objects.bulk_create(entities, batch_size=1000)
    Establishment.objects.bulk_create(sites, batch_size=1000)
    return len(sites)


def _number(department: Department, numbers: dict[str, int]) -> str:
    """Number the places of a department from NN 099 010 on, which FINESS does not use."""
    numbers[department.code] = numbers.get(department.code, 9) + 1
    prefix = department.finess_prefix.split("|")[0]
    if len(prefix) == 3:
        return make_finess(f"{prefix[:2]}099{numbers[department.code]:03d}")
    return make_finess(f"{prefix}9{numbers[department.code]:03d}")


def _legal_entity(department: Department, draft: Entity, numbers: dict[str, int]) -> LegalEntity:
    return LegalEntity(
        finess=_number(department, numbers),
        name=draft.name,
        town=draft.town,
        department=department,
        region=department.region,
        legal_status_id=draft.status,
        opened_on=date(2000, 1, 3),
        is_fictitious=True,
    )


def _sites(
    legal_entity: LegalEntity, draft: Entity, numbers: dict[str, int], random: Random
) -> Iterator[Establishment]:
    department = legal_entity.department
    for rank, site in enumerate(draft.sites):
        yield Establishment(
            finess=_number(department, numbers),
            legal_entity=legal_entity,
            name=site.name,
            category_id=site.category,
            sph_code="1" if draft.status in (PUBLIC, FIRE_SERVICE) else "",
            address="" if site.host else f"{random.randint(1, 90)} rue des Exemples",
            postal_code=f"{department.code[:2]}999",
            town=draft.town,
            department=department,
            region=department.region,
            opened_on=date(2000 + rank, 1, 3),
            is_main=rank == 0 and len(draft.sites) > 1,
            is_fictitious=True,
        )
