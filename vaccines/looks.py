"""How the tables of vaccines write where a line stands."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from vaccines.states import State


def badge(state: State) -> SafeString:
    return format_html(
        '<span class="fr-badge fr-badge--sm fr-badge--no-icon fr-badge--{}">{}</span>',
        state.badge,
        state.label,
    )
