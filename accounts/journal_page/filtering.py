"""What an auditor asks of the journal: days, a person, a place, an action, words; each narrows."""

from collections.abc import Callable, Sequence, Set
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.journal_page.labels import FAMILIES, LABELS, choices
from accounts.models import User
from establishments.models import Establishment, LegalEntity, Region
from establishments.models.search import SHORTEST, plain_words
from establishments.perimeter import Action
from journal.models import Entry

NAMED = 20  # people or places that the words of a filter may stand for
MOST_WORDS = 8
SAMPLED = 1_000  # the newest entries, which tell the words that many hold
OFTEN = 0.02  # the share of them that makes a word frequent
WORDS = {"profil": "A", "mots": "B"}  # and the weight of their lexemes


class JournalFilter(forms.Form):
    """``verbs`` are the actions to offer; one that was asked for by its address stays chosen.

    ``regions`` is empty for who reads one territory: there is nothing to choose.
    """

    du = forms.DateField(label="Du", required=False, widget=forms.DateInput({"type": "date"}))
    au = forms.DateField(label="Au", required=False, widget=forms.DateInput({"type": "date"}))
    personne = forms.CharField(label="Personne", required=False, max_length=100)
    etablissement = forms.CharField(
        label="Établissement (nom ou FINESS)", required=False, max_length=100
    )
    region = forms.ChoiceField(label="Région", required=False)
    famille = forms.ChoiceField(
        label="Famille d’actions",
        required=False,
        choices=[("", "Toutes les familles"), *((name, name) for name in FAMILIES)],
    )
    action = forms.ChoiceField(label="Action", required=False)
    profil = forms.CharField(label="Mots du profil", required=False, max_length=100)
    mots = forms.CharField(label="Mots des détails", required=False, max_length=100)
    requete = forms.CharField(label="Numéro de requête", required=False, max_length=32)

    def __init__(
        self,
        *args: Any,
        verbs: Set[str] = frozenset(LABELS),
        regions: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if regions:
            self.fields["region"].choices = [("", "Toutes les régions"), *regions]
        else:
            del self.fields["region"]
        offered = verbs | {self.data.get("action", "")}
        self.fields["action"].choices = [("", "Toutes les actions"), *choices(offered)]

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or {}
        first, last = chosen.get("du"), chosen.get("au")
        if first and last and first > last:
            self.add_error("au", "Le dernier jour vient après le premier.")
        return chosen


def regions_of(user: User) -> list[tuple[str, str]]:
    """Those that one may tell apart: for who reads the whole country."""
    if not user.perimeter_to(Action.JRN_READ).is_national:
        return []
    return list(Region.objects.order_by("name").values_list("pk", "name"))


def narrowed(entries: QuerySet[Entry], chosen: dict[str, Any]) -> QuerySet[Entry]:
    """Keep what the filter asks; words that match nobody keep nothing."""
    for name, condition in _CONDITIONS.items():
        if value := chosen.get(name):
            entries = entries.filter(condition(value))
    return _with_words(entries, {name: chosen[name] for name in WORDS if chosen.get(name)})


def less_words(chosen: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if name not in WORDS}


def _with_words(entries: QuerySet[Entry], texts: dict[str, str]) -> QuerySet[Entry]:
    """All these words or words that begin so, without accents, in any order; too short: nothing."""
    asked = []
    for name, text in texts.items():
        words = plain_words(text)[:MOST_WORDS]
        if sum(map(len, words)) < SHORTEST:
            return entries.none()
        asked += [f"{word}:*{WORDS[name]}" for word in words]
    if not asked:
        return entries
    often = _frequent(asked) if len(asked) > 1 else set()
    rare = [one for one in asked if one not in often]
    if not rare or not often:
        return entries.filter(_hold(asked))
    held = ExpressionWrapper(_hold(sorted(often)), output_field=BooleanField())
    return entries.filter(_hold(rare)).filter(Coalesce(held, False))  # the index never sees these


def _hold(words: Sequence[str]) -> Q:
    return Q(lexemes=SearchQuery(" & ".join(words), config="simple", search_type="raw"))


def _frequent(words: Sequence[str]) -> set[str]:
    """Those that many entries hold: the index would gather them all before it crosses them."""
    newest = Entry.objects.order_by("-at")[:SAMPLED]
    counts = {f"word_{n}": Count("pk", filter=_hold([word])) for n, word in enumerate(words)}
    found = newest.aggregate(**counts)
    return {word for n, word in enumerate(words) if found[f"word_{n}"] > OFTEN * SAMPLED}


def _of_person(words: str) -> Q:
    """What they did, and what was done to their account or on their profiles."""
    people = list(User.objects.search(words).order_by("pk").values_list("pk", "username")[:NAMED])
    found = Q(by__in=[pk for pk, _ in people])
    for _, username in people:
        found |= Q(target=username) | Q(target__startswith=f"{username} · ")
    return found


def _numbers_of(words: str) -> list[str]:
    """An entity answers for its sites too."""
    entities = list(LegalEntity.objects.search(words).order_by("pk")[:NAMED])
    sites = Establishment.objects.search(words).order_by("pk").values_list("finess", flat=True)
    own = Establishment.objects.filter(legal_entity__in=entities).values_list("finess", flat=True)
    return [*(one.finess for one in entities), *sites[:NAMED], *own]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


_CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "du": lambda day: Q(at__gte=_midnight(day)),
    "au": lambda day: Q(at__lt=_midnight(day + timedelta(days=1))),
    "region": lambda code: Q(region_code=code),
    "famille": lambda family: Q(verb__in=list(FAMILIES[family])),
    "action": lambda verb: Q(verb=verb),
    "personne": _of_person,
    "etablissement": lambda words: Q(finess__in=_numbers_of(words)),
    "requete": lambda number: Q(request_id=number.lower()),
}
