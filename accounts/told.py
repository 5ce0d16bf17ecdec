"""What others did to one's account, and to the accounts of the places one administers."""

from django.urls import reverse

from accounts.models import Domain, Role
from common.addresses import fixed_address
from establishments.perimeter import Action
from establishments.told import Fact, Scope, Told

OWN = (Action.ACC_SELF,)
PRINCIPAL = f"{Role.ADMINISTRATOR.label} ({Domain.ADMINISTRATION.label})"  # an APE


def own_profiles(fact: Fact) -> str:
    return fixed_address("profiles:list")


def administrators(fact: Fact) -> str:
    return reverse("plage:ape")


def people(fact: Fact) -> str:
    return reverse("plage:people")


def _own(verb: str, sentence: str) -> Told:
    return Told(verb, {Scope.SELF}, OWN, sentence, own_profiles, "Voir mes profils")


def _entity(verb: str, sentence: str) -> Told:
    return Told(verb, {Scope.SITE}, (Action.ACC_READ,), sentence, people, "Voir les comptes")


def _agency(verb: str, sentence: str, only: dict[str, str]) -> Told:
    decides = (Action.PROF_DECIDE_APE,)
    url, label = administrators, "Voir les APE"
    return Told(verb, {Scope.TERRITORY}, decides, sentence, url, label, only)


TOLD = [
    _own("account.habilitation_granted", "{who} vous a accordé <strong>{habilitation}</strong>."),
    _own(
        "account.habilitation_changed",
        "{who} a changé les dates de votre habilitation {habilitation}.",
    ),
    _own(
        "account.habilitation_revoked",
        "{who} vous a retiré <strong>{habilitation}</strong>. {reason}",
    ),
    _own("account.profile_activated", "{who} a ouvert votre profil <strong>{subject}</strong>."),
    _own(
        "account.profile_suspended",
        "{who} a suspendu votre profil <strong>{subject}</strong>. {reason}",
    ),
    _own(
        "account.profile_ended",
        "{who} a mis fin à votre profil <strong>{subject}</strong>. {reason}",
    ),
    _own(
        "account.profile_contact_changed",
        "{who} a changé les coordonnées de votre profil {subject}.",
    ),
    _own("account.request_refused", "{who} n’a pas accordé votre demande, {subject}. {reason}"),
    _entity(
        "account.habilitation_granted",
        "{who} a accordé {habilitation} à <strong>{person}</strong>.",
    ),
    _entity(
        "account.habilitation_revoked", "{who} a retiré {habilitation} à <strong>{person}</strong>."
    ),
    _entity(
        "account.profile_suspended", "{who} a suspendu le profil de <strong>{person}</strong>."
    ),
    _entity("account.profile_ended", "{who} a mis fin au profil de <strong>{person}</strong>."),
    _entity(
        "account.invitation_accepted", "<strong>{who}</strong> a répondu à son invitation, {place}."
    ),
    _agency(
        "account.habilitation_granted",
        "<strong>{person}</strong> devient APE, {place}.",
        {"habilitation": PRINCIPAL},
    ),
    _agency(
        "account.habilitation_revoked",
        "<strong>{person}</strong> n’est plus APE, {place}.",
        {"habilitation": PRINCIPAL},
    ),
]
