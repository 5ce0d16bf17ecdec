"""One account per role, and an APE for most entities. Everybody is fictitious."""

from dataclasses import dataclass
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import Domain, Habilitation, Profile, Role, User
from accounts.services.profiles import field_of
from config.demo.country import FIRST_REGION, GROUP, SECOND_REGION, SEED
from config.demo.names import FIRST_NAMES, LAST_NAMES
from establishments.models import AdministrativeBody, Establishment, LegalEntity

PASSWORD = "Dispostock-demo-2026!"  # noqa: S105
ADDRESS = "@demo.example"
Kind = AdministrativeBody.Kind
A, D, E, O = Domain.ADMINISTRATION, Domain.DISPOSTOCK, Domain.EPI_STOCK, Domain.DISTRILOG  # noqa: E741
HOSPITAL, EHPAD, OTHER = (
    "Centre hospitalier du Val de Brenne",
    "EHPAD Résidence du Parc",
    "CH de Rochefeuille",
)
EVERYTHING = ((A, Role.ADMINISTRATOR), (E, Role.INVENTORY_OPERATOR), (O, Role.ORDER_OPERATOR))
READER = tuple((domain, Role.READER) for domain in (D, E, O))
LOGISTICS = ((O, Role.LOGISTICS), (D, Role.LOGISTICS))
NATIONAL = tuple((domain, Role.NATIONAL_CELL) for domain in Domain)


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account: its address, its name, and its profiles as (entity, rights)."""

    key: str
    first_name: str
    last_name: str
    profiles: tuple[tuple[object, tuple], ...]

    @property
    def email(self) -> str:
        return f"{self.key}{ADDRESS}"


def accounts() -> list[Account]:
    """The table of the README, on the entities of the world that was just built."""
    hospital = LegalEntity.objects.get(name=HOSPITAL, is_fictitious=True)
    ehpad = Establishment.objects.get(name=EHPAD, is_fictitious=True)
    other = Establishment.objects.get(name=OTHER, is_fictitious=True)
    ars, ars2 = body(Kind.ARS, FIRST_REGION), body(Kind.ARS, SECOND_REGION)
    national, omedit = body(Kind.NATIONAL), body(Kind.OMEDIT, FIRST_REGION)
    several = (
        (hospital, ((E, Role.INVENTORY_OPERATOR),)),
        (ehpad, ((E, Role.INVENTORY_OPERATOR), (O, Role.ORDER_OPERATOR))),
        (other, ((E, Role.INVENTORY_OPERATOR), (D, Role.DECLARANT))),
    )
    return [
        Account("gf", "Hélène", "Caron", one(hospital, D, Role.DECLARANT)),
        Account("epi", "Claire", "Fournier", one(hospital, E, Role.INVENTORY_OPERATOR)),
        Account("commande", "Bruno", "Morel", one(hospital, O, Role.ORDER_OPERATOR)),
        Account("ape", "Nadia", "Benali", one(hospital, A, Role.ADMINISTRATOR)),
        Account("ehpad", "Sonia", "Petit", ((ehpad, EVERYTHING),)),
        Account("multi", "Julien", "Garnier", several),
        Account("nouveau", "Inès", "Robin", ()),
        Account("ars", "Thomas", "Girard", one(ars, A, Role.ADMINISTRATOR)),
        Account("ars.lecteur", "Maud", "Faure", ((ars, READER),)),
        Account("omedit", "Rémi", "Perrin", one(omedit, D, Role.SUPERVISOR)),
        Account("ars2", "Élise", "Henry", one(ars2, A, Role.ADMINISTRATOR)),
        Account("national", "Hugo", "Masson", ((national, NATIONAL),)),
        Account("national.lecteur", "Alice", "Roussel", ((national, READER),)),
        Account("national2", "Paul", "Guérin", ((national, NATIONAL),)),
        Account("spf", "Karim", "Dumont", ((body(Kind.SPF), LOGISTICS),)),
        Account("laposte", "Yann", "Muller", one(body(Kind.LA_POSTE), O, Role.LOGISTICS)),
        Account("departement", "Lucie", "Blanchard", one(council(), E, Role.READER)),
        Account("consortium", "Denis", "Fontaine", one(body(Kind.CONSORTIUM), O, Role.SUPPLIER)),
        Account("support", "Camille", "Chevalier", one(national, A, Role.SUPPORT)),
        Account("exploitation", "Marc", "Lefèvre", one(national, A, Role.OPERATIONS)),
        Account("auditeur", "Fatou", "Moreau", one(national, A, Role.AUDITOR)),
    ]


def one(entity: object, domain: Domain, role: Role) -> tuple:
    """A single profile with a single habilitation."""
    return ((entity, ((domain, role),)),)


def body(kind: Kind, region: str | None = None) -> AdministrativeBody:
    """The administrative body of that kind; the reference data hold most of them."""
    defaults = {"name": f"{kind.label} {region or ''}".strip()}
    found, _ = AdministrativeBody.objects.get_or_create(
        kind=kind, region_id=region, defaults=defaults
    )
    return found


def council() -> AdministrativeBody:
    defaults = {"name": "Conseil départemental du Loiret"}
    found, _ = AdministrativeBody.objects.get_or_create(
        kind=Kind.DEPARTMENT_COUNCIL, department_id="45", defaults=defaults
    )
    return found


def build_people() -> None:
    """Create the accounts that are missing, and an APE for three entities out of four; the group
    (GCS) has none: that of the hospital where its pharmacy stands may be its own too [001]."""
    if User.objects.filter(email="epi@demo.example").exists():
        return
    for account in accounts():
        create_account(account)
    _build_administrators()


def create_account(account: Account) -> None:
    """With the password of the demonstration, its address confirmed."""
    user = user_of(account.key, account.email, account.first_name, account.last_name)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for entity, rights in account.profiles:
        _profile(user, entity, rights)


def people_to_try():
    """The accounts that have a password, in the order they were made, with their living profiles.

    Most people of the fictitious country have none: nobody logs in as them.
    """
    profiles = Profile.objects.filter(state__in=Profile.LIVING).with_rights()
    return (
        User.objects.filter(email__endswith=ADDRESS)
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .order_by("pk")
        .prefetch_related(Prefetch("profiles", queryset=profiles.prefetch_related("habilitations")))
    )


def user_of(key: str, email: str, first_name: str, last_name: str) -> User:
    user = User(username=f"demo.{key}", email=email, first_name=first_name, last_name=last_name)
    user.set_unusable_password()
    return user


def _profile(user: User, entity: object, rights: tuple) -> None:
    now = timezone.now()
    profile = Profile.objects.create(
        user=user, state=Profile.State.ACTIVE, decided_at=now, **{field_of(entity): entity}
    )
    Habilitation.objects.bulk_create(
        Habilitation(
            profile=profile,
            domain=domain,
            role=role,
            state=Habilitation.State.ACTIVE,
            decided_at=now,
        )
        for domain, role in rights
    )


def _build_administrators() -> None:
    random = Random(SEED + 1)  # noqa: S311
    named = {HOSPITAL, EHPAD, GROUP.name}
    entities = LegalEntity.objects.filter(is_fictitious=True).exclude(name__in=named)
    chosen = [entity for entity in entities.order_by("finess") if random.random() < 0.75]
    users = [
        user_of(
            f"ape.{entity.finess}",
            f"ape.{entity.finess}{ADDRESS}",
            random.choice(FIRST_NAMES),
            random.choice(LAST_NAMES),
        )
        for entity in chosen
    ]
    users = User.objects.bulk_create(users, batch_size=500)
    profiles = Profile.objects.bulk_create(
        Profile(
            user=user, legal_entity=entity, state=Profile.State.ACTIVE, decided_at=timezone.now()
        )
        for user, entity in zip(users, chosen, strict=True)
    )
    Habilitation.objects.bulk_create(
        Habilitation(
            profile=profile, domain=A, role=Role.ADMINISTRATOR, state=Habilitation.State.ACTIVE
        )
        for profile in profiles
    )
