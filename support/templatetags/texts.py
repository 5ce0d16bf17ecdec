"""``{% text "slug" %}ours{% endtext %}``: the words of the exploiter, or ours where none wrote."""

from django import template
from django.db import Error
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context

from common.markup import render
from support.models import TextVersion
from support.texts.known import known_text

register = template.Library()


class TextNode(Node):
    def __init__(self, slug: str, ours: NodeList) -> None:
        self.slug = slug
        self.ours = ours

    def render(self, context: Context) -> str:
        try:
            last = TextVersion.objects.filter(slug=self.slug).first()
        except Error:  # ours are in the page: it is read without the base
            last = None
        return render(last.body) if last and last.body else self.ours.render(context)


@register.tag
def text(parser: Parser, token: Token) -> TextNode:
    """A slug that nobody knows fails when the page is read, not when it is shown."""
    _, quoted = token.split_contents()
    slug = known_text(quoted.strip("\"'")).slug
    ours = parser.parse(("endtext",))
    parser.delete_first_token()
    return TextNode(slug, ours)
