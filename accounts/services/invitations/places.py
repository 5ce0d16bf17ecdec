"""Where one may invite: the rows behind the search of the first step, and the one chosen."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.offers import Offer, roles_offered
from accounts.services.invitations.rights import may_give
from accounts.services.profiles import Entity
from establishments.models import AdministrativeBody, Establishment, LegalEntity
from establishments.models.search import plain_words
from establishments.perimeter import Action, Perimeter


def sites_to_invite_to(by: User) -> QuerySet[Establishment]:
    """The open establishments where ``by`` may open profiles; none for the country."""
    sites: QuerySet[Establishment] = Establishment.objects.open().within(_of_sites(by))
    return sites.order_by("sort_name", "finess")


def entities_to_invite_to(by: User) -> QuerySet[LegalEntity]:
    """The open entities that are inside by themselves: one of their sites does not bring them."""
    entities: QuerySet[LegalEntity] = LegalEntity.objects.open().by_themselves_within(_of_sites(by))
    return entities.order_by("sort_name", "finess")


def bodies_to_invite_to(by: User, text: str = "") -> QuerySet[AdministrativeBody]:
    """The administrations, for the country alone; ``text`` is searched in their names."""
    bodies: QuerySet[AdministrativeBody] = AdministrativeBody.objects.all()
    if not by.perimeter_to(Action.PROF_DECIDE_REG).is_national:
        return bodies.none()
    if words := plain_words(text):
        named = [
            body.pk
            for body in bodies
            if all(word in " ".join(plain_words(str(body))) for word in words)
        ]
        bodies = bodies.filter(pk__in=named)
    return bodies.order_by("kind", "name")


def offers_to_give(entity: Entity, by: User) -> list[Offer]:
    """The habilitations of this entity that ``by`` may prepare there."""
    return [offer for offer in roles_offered(entity) if may_give(entity, offer.role, by)]


def _of_sites(by: User) -> Perimeter:
    """Who may invite but decides of no profile of establishment invites to none."""
    return by.perimeter_to(Action.PROF_DECIDE_ETAB)
