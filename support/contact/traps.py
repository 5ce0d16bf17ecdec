"""What keeps robots away from an open form, without script nor third party; people hardly see it.

A field that nobody sees must stay empty, and nobody fills the form in three seconds. The stamp of
the form says when it was shown; a day later it is shown anew. Beyond, what is sent is counted by
address (wide: a whole hospital is behind one), by mailbox and in all, in the shared cache.
"""

from datetime import timedelta

from django import forms
from django.core import signing

from accounts.limits import FailureLimit, TooManyFailuresError

SALT = "support.contact.shown"
QUICKEST = timedelta(seconds=3)
LONGEST = timedelta(hours=24)
BY_ADDRESS = FailureLimit("contact_address", ((20, 600), (100, 24 * 3600)))
BY_MAILBOX = FailureLimit("contact_mailbox", ((5, 3600),))
IN_ALL = FailureLimit("contact_all", ((200, 3600),))
BY_PERSON = FailureLimit("contact_person", ((20, 3600),))
BY_TICKET = FailureLimit("contact_messages", ((20, 3600),))
TOO_QUICK = "Envoyé trop vite pour être relu\u00a0: vérifiez votre texte, puis envoyez de nouveau."
TOO_LATE = "Cette page est ouverte depuis longtemps\u00a0: vérifiez-la, puis envoyez de nouveau."
FILLED = "Laissez ce champ vide, puis envoyez de nouveau."


def stamp() -> str:
    """When the form was shown, signed."""
    return signing.TimestampSigner(salt=SALT).sign("vu")


def check_stamp(text: str) -> None:
    """Shown by us, long enough ago, not too long ago."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        signer.unsign(text, max_age=LONGEST)
    except signing.BadSignature:
        raise forms.ValidationError(TOO_LATE) from None
    try:
        signer.unsign(text, max_age=QUICKEST)
    except signing.SignatureExpired:
        return
    raise forms.ValidationError(TOO_QUICK)


def count_visitor(address: str, email: str) -> None:
    """Take a place in each count; raise ``TooManyFailuresError`` and take none."""
    taken = []
    try:
        for limit, key in ((BY_ADDRESS, address), (BY_MAILBOX, email.lower()), (IN_ALL, "all")):
            taken.append(limit.begin(key))
    except TooManyFailuresError:
        for one in taken:
            one.succeed()
        raise


def refusal(full: TooManyFailuresError) -> str:
    """The sentence: when one may write again, and what to do before."""
    when = str(full).removeprefix("Trop d’essais manqués. ")
    return (
        "Beaucoup de demandes sont venues de votre réseau, ou pour cette adresse, en peu de temps. "
        f"{when} Votre texte est gardé sur cette page."
    )
