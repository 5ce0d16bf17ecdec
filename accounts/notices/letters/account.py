"""The letters about the account itself: what changed on it, and what to do if it was not you."""

from accounts.models import User
from accounts.notices.letters.letter import Letter, link, quoted


def unlocked(number: int, about: int | None) -> Letter | None:
    return _open("account_unlocked", number)


def factor_removed(number: int, about: int | None) -> Letter | None:
    return _open("factor_removed", number)


def identity_changed(number: int, about: int | None) -> Letter | None:
    return _open("identity_changed", number)


def closed(number: int, about: int | None) -> Letter | None:
    """To an account that is closed already: the only letter that it still receives."""
    person = User.objects.filter(pk=number, closed_at__isnull=False).first()
    return _letter("account_closed", person)


def _open(template: str, number: int) -> Letter | None:
    return _letter(template, User.objects.filter(pk=number, is_active=True).first())


def _letter(template: str, person: User | None) -> Letter | None:
    if person is None or not person.email:
        return None
    context = {
        "name": quoted(str(person)),
        "username": person.username,
        "phone": person.phone,
        "login_link": link("account_login"),
        "reset_link": link("account_reset_password"),
        "factors_link": link("mfa_index"),
    }
    return Letter(template, person.email, context)
