"""The national cell opens flu seasons, changes their dates, says for whom doses are asked."""

from functools import partial
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from establishments.access import allows
from establishments.perimeter import Action
from medications.decisions.previews import Preview
from medications.views.decisions import DecisionView
from vaccines.flu.campaign_forms import CampaignForm, GroupForm, NothingForm, initial_of
from vaccines.flu.campaign_previews import preview_campaign, preview_group, preview_new_group
from vaccines.flu.seasons import deadline_text
from vaccines.models import FluCampaign, TargetGroup
from vaccines.services import flu_campaigns as services

TITLE = "Campagnes grippe"


@allows(Action.MED_SETTINGS)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """The seasons, the latest first, and the groups in the order of the form."""
    now = timezone.now()
    context = {
        "title": TITLE,
        "campaigns": [(one, deadline_text(one, now)) for one in FluCampaign.objects.all()],
        "groups": TargetGroup.objects.all(),
    }
    return render(request, "vaccines/flu/campaigns.html", context)


class SeasonDecision(DecisionView):
    """What is common: its place below the campaigns."""

    def find(self) -> None:
        """Nothing to find."""

    def above(self) -> list[tuple[str, str]]:
        return [(TITLE, self.back())]

    def back(self) -> str:
        return reverse("vaccines:flu_campaigns")

    def subject(self) -> str:
        return TITLE

    def situation(self) -> str:
        return ""

    def state(self) -> str:
        return ""


class NewCampaignView(SeasonDecision):
    form_class = CampaignForm
    title, action = "Ouvrir une campagne", "Ouvrir la campagne"
    done = "La campagne est ouverte."

    def take(self, form: Form, seen: str | None = None) -> FluCampaign:
        return services.open_campaign(by=self.request.user, typed=form.typed())

    def preview(self, form: Form) -> Preview:
        return preview_campaign(partial(self.take, form), self.title)


class CampaignView(SeasonDecision):
    form_class = CampaignForm
    title, action = "Changer les dates", "Changer les dates"
    done = "Les dates de la campagne sont changées."
    campaign: FluCampaign

    def find(self, pk: int) -> None:
        self.campaign = get_object_or_404(FluCampaign, pk=pk)

    def subject(self) -> str:
        return str(self.campaign)

    def situation(self) -> str:
        return deadline_text(self.campaign, timezone.now())

    def state(self) -> str:
        return services.campaign_state(self.campaign)

    def form_arguments(self) -> dict[str, Any]:
        return {"initial": initial_of(self.campaign)}

    def take(self, form: Form, seen: str | None = None) -> FluCampaign:
        return services.change_campaign(
            by=self.request.user, campaign=self.campaign, typed=form.typed(), seen=seen
        )

    def preview(self, form: Form) -> Preview:
        return preview_campaign(partial(self.take, form), self.title)


class NewGroupView(SeasonDecision):
    form_class = GroupForm
    title, action = "Ajouter un public visé", "Ajouter ce public"
    done = "Le public est proposé aux pharmacies."

    def take(self, form: Form, seen: str | None = None) -> TargetGroup:
        return services.add_group(by=self.request.user, label=form.cleaned_data["label"])

    def preview(self, form: Form) -> Preview:
        return preview_new_group(partial(self.take, form), form.cleaned_data["label"])


class GroupView(SeasonDecision):
    """One button: stop proposing a group, or propose it again; its preview comes first."""

    form_class = NothingForm
    done = "C’est enregistré."
    group: TargetGroup

    def find(self, pk: int) -> None:
        self.group = get_object_or_404(TargetGroup, pk=pk)
        self.is_used = not self.group.is_used
        what = "Proposer de nouveau" if self.is_used else "Ne plus proposer"
        self.title = f"{what} un public visé"
        self.action = what

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        self.find(**address)
        form = self.form_class()
        return self.show(form, preview=self.preview(form))

    def subject(self) -> str:
        return self.group.label

    def situation(self) -> str:
        return "Proposé aux pharmacies." if self.group.is_used else "N’est plus proposé."

    def state(self) -> str:
        return services.group_state(self.group)

    def take(self, form: Form, seen: str | None = None) -> TargetGroup:
        return services.propose_group(
            by=self.request.user, group=self.group, is_used=self.is_used, seen=seen
        )

    def preview(self, form: Form) -> Preview:
        return preview_group(partial(self.take, form), self.group, is_used=self.is_used)
