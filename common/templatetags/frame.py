"""The parts of a page that are the same for everybody, drawn once for each process.

What stands between ``{% shared %}`` and ``{% endshared %}`` knows the service's name and
look (``common.bare_pages.brand``) and nothing else: no person, no request, no token. What it draws
can therefore be kept, and can never be somebody's. Its indentation is not sent.
"""

import re

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from common.bare_pages import brand, look

register = template.Library()

INDENTATION = re.compile(r"\n[ \n]+")  # never the no-break spaces, which "\s" would take


class SharedNode(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.drawn: dict[str, SafeString] = {}  # one text for each look: tests have several

    def render(self, context: Context) -> SafeString:
        key = look()
        if key not in self.drawn:
            text = self.nodelist.render(context.new(brand()))
            self.drawn[key] = SafeString(INDENTATION.sub("\n", text))
        return self.drawn[key]


@register.tag
def shared(parser: Parser, token: Token) -> SharedNode:
    """Draw what is inside once, from the service's name and look alone."""
    nodelist = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode(nodelist)
