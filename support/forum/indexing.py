"""What a search reads of a topic: its title first, then all that is shown of its posts."""

from django.contrib.postgres.search import SearchVector
from django.db.models import F, TextField, Value
from django.db.models.functions import Left

from establishments.models.directory import Plain
from support.models import ForumPost, ForumTopic
from support.models.question import FRENCH

LONGEST = 200_000  # signs: PostgreSQL refuses a document of more than a megabyte


def index(topic: int) -> None:
    """Write it again, in the transaction that changed the topic or one of its posts."""
    rows = ForumPost.objects.shown().filter(topic=topic).in_order()
    text = "\n".join(rows.values_list("text", flat=True))
    words = Left(Value(text, output_field=TextField()), LONGEST)
    ForumTopic.objects.filter(pk=topic).update(
        document=SearchVector(Plain(F("title")), weight="A", config=FRENCH)
        + SearchVector(Plain(words), weight="C", config=FRENCH)
    )
