"""The list of invitations, its filters, and what one may do of each."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.services.invitations import may_give, rights_of
from common.tables import CellColumn
from establishments.models.search import plain_words

State = Invitation.State


class InvitationFilter(django_filters.FilterSet):
    """Find a person or a place, narrow to a state."""

    recherche = django_filters.CharFilter(
        method="search", label="Personne ou établissement", max_length=100
    )
    etat = django_filters.ChoiceFilter(
        method="narrow_state", label="État", choices=State, empty_label="Tous"
    )

    class Meta:
        model = Invitation
        fields = []

    def search(self, queryset, name, value):
        """Every word begins a word of the place, or stands in the address or the names."""
        for word in value.split():
            plain = "".join(plain_words(word))
            found = Q(email__icontains=word) | Q(last_name__icontains=word)
            found |= Q(first_name__icontains=word)
            if plain:
                found |= Q(establishment__haystack__contains=f" {plain}")
                found |= Q(legal_entity__haystack__contains=f" {plain}")
                found |= Q(body__name__icontains=word)
            queryset = queryset.filter(found)
        return queryset

    def narrow_state(self, queryset, name, value):
        now = timezone.now()
        living = queryset.living()
        match value:
            case State.ACCEPTED:
                return queryset.filter(accepted_at__isnull=False)
            case State.CANCELLED:
                return queryset.filter(cancelled_at__isnull=False)
            case State.TO_CONFIRM:
                return living.filter(sent_at__isnull=True)
            case State.EXPIRED:
                return living.filter(expires_at__lte=now)
        return living.filter(expires_at__gt=now)


class InvitationTable(tables.Table):
    """Who is invited where, with what, and where it stands."""

    email = CellColumn(verbose_name="Personne", template_name="plage/invitations/person.html")
    entity = CellColumn(
        verbose_name="Pour",
        template_name="plage/invitations/place.html",
        orderable=False,
    )
    rights = CellColumn(
        verbose_name="Habilitations préparées",
        template_name="plage/invitations/rights.html",
        orderable=False,
    )
    created_at = CellColumn(verbose_name="État", template_name="plage/invitations/state.html")
    action = CellColumn(
        verbose_name="Action", template_name="plage/invitations/action.html", orderable=False
    )

    class Meta:
        model = Invitation
        fields = ("email", "entity", "rights", "created_at", "action")
        attrs = {"caption": "Invitations"}
        order_by = "-created_at"
        empty_text = "Aucune invitation ne correspond."

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def before_render(self, request):
        for row in self.page.object_list.data if self.page else ():
            with_steps(row, self.by)


def with_steps(invitation: Invitation, by: User) -> Invitation:
    """Tell on the row what ``by`` may do of it, without a query: the list shows twenty-five."""
    invitation.prepared = rights_of(invitation)
    may_act = all(may_give(invitation.entity, one.role, by) for one in invitation.prepared)
    invitation.may_resend = may_act and invitation.state in (State.SENT, State.EXPIRED)
    invitation.may_cancel = may_act and invitation.state in (
        State.SENT,
        State.EXPIRED,
        State.TO_CONFIRM,
    )
    invitation.may_confirm = (
        may_act
        and invitation.state == State.TO_CONFIRM
        and by.pk != invitation.invited_by_id
        and by.email.lower() != invitation.email
    )
    return invitation
