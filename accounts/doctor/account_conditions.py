"""What is asked of the account itself: open, with an address proved, and its second factor."""

from django.urls import reverse
from django.utils import timezone

from accounts.conditions import account_is_open, second_factor_is_needed, second_factor_is_ready
from accounts.doctor.application import Step
from accounts.doctor.case import Case
from accounts.doctor.condition import Condition


def account_condition(case: Case) -> Condition:
    user = case.person.user
    created = f"{timezone.localtime(user.date_joined):%d/%m/%Y}"
    is_open = account_is_open(user)
    return Condition(
        "account",
        "Vous avez un compte ouvert",
        is_open,
        f"{user}, créé le {created}." if is_open else "Ce compte est fermé ou désactivé.",
        you="en écrivant à l’assistance depuis l’adresse du compte",
        short="un compte ouvert",
    )


def address_condition(case: Case) -> Condition:
    user, is_met = case.person.user, case.person.address_is_confirmed
    return Condition(
        "address",
        "Votre adresse électronique est confirmée",
        is_met,
        f"{user.email}." if is_met else f"{user.email} n’est pas encore confirmée.",
        you="en vous connectant : un nouveau code part aussitôt à cette adresse",
        step=Step("Recevoir un code", reverse("account_login")),
        short="la confirmation de votre adresse",
    )


def factor_conditions(case: Case) -> list[Condition]:
    """Only for those of whom a second factor is asked: the others need not read about it."""
    user = case.person.user
    if not second_factor_is_needed(user):
        return []
    is_met = second_factor_is_ready(user)
    told = (
        "Il vous est demandé à chaque connexion."
        if is_met
        else "Vos rôles le demandent : une application sur votre téléphone ou une clé d’accès."
    )
    return [
        Condition(
            "factor",
            "Votre compte a un second facteur",
            is_met,
            told,
            you="en quelques minutes, téléphone en main",
            step=Step("Activer un second facteur", reverse("mfa_index")),
            short="un second facteur",
        )
    ]
