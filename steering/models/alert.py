"""An alert: what a rule found somewhere, followed until it ends; what happened to it meanwhile."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from common.cover import Level
from establishments.perimeter import Action, Holder, Perimeter, PerimeterQuerySet
from steering.models.alert_rule import AlertRule, AlertScale


class AlertDomain(models.TextChoices):
    """Whose dashboard shows the measure: who reads it reads its alerts."""

    EPI = "epi", "Équipements de protection"
    MEDICINES = "medicines", "Médicaments"
    ORDERS = "orders", "Commandes"

    @property
    def action(self) -> Action:
        return {
            AlertDomain.EPI: Action.DASH_EPI,
            AlertDomain.MEDICINES: Action.DASH_MED,
            AlertDomain.ORDERS: Action.DASH_ORD,
        }[self]


READ = tuple(one.action for one in AlertDomain)


class AlertQuerySet(PerimeterQuerySet):
    def within(self, perimeter: Perimeter) -> Self:
        """Of a region, those of its places, and those of the country that spread over regions."""
        if perimeter.is_national:
            return self.all()
        inside = Q(region_code__in=perimeter.region_codes - {""})
        inside |= Q(department_code__in=perimeter.department_codes - {""})
        if perimeter.region_codes:
            inside |= Q(scale=AlertScale.COUNTRY, is_spread=True)
        return self.filter(inside)

    def own(self, perimeter: Perimeter) -> Self:
        """As ``within``, less what is not of the region alone."""
        if perimeter.is_national:
            return self.all()
        return self.filter(region_code__in=perimeter.region_codes - {""})

    def for_user(self, user: Holder, to: Action) -> Self:
        """Of the domain whose dashboard ``to`` opens; acknowledging takes the dashboard too."""
        held = user.perimeter_to(to)
        found = self.none()
        for domain in AlertDomain:
            seen = self.filter(domain=domain).within(user.perimeter_to(domain.action))
            if to == domain.action:
                found |= seen
            elif to == Action.ALERT_ACK:
                found |= seen.own(held)
        return found

    def readable_by(self, user: Holder) -> Self:
        """Every domain whose dashboard one reads."""
        found = self.none()
        for action in READ:
            found |= self.for_user(user, to=action)
        return found

    def shown(self) -> Self:
        """Those that warned somebody: what is only observed is no alert yet."""
        return self.exclude(state=Alert.State.WATCHED)

    def live(self) -> Self:
        return self.filter(state__in=Alert.LIVE)

    def open(self) -> Self:
        return self.filter(state__in=Alert.UNDER_WAY)


class Alert(models.Model):
    """Of a rule, a product and a territory: one at a time.

    ``WATCHED``: the condition holds, not for long enough yet. ``told_level`` and ``told_places``
    are what the mails have said: only worse than that is written again. ``figures`` are those of
    the opening, ``last_figures`` of the last look, in words.
    """

    class State(models.TextChoices):
        WATCHED = "watched", "en observation"
        OPEN = "open", "à acquitter"
        ACKNOWLEDGED = "acknowledged", "acquittée"
        CLOSED = "closed", "close"

    LIVE = (State.WATCHED, State.OPEN, State.ACKNOWLEDGED)
    UNDER_WAY = (State.OPEN, State.ACKNOWLEDGED)

    rule = models.ForeignKey(
        AlertRule, on_delete=models.PROTECT, related_name="alerts", verbose_name="règle"
    )
    domain = models.CharField("domaine", max_length=10, choices=AlertDomain)
    subject = models.CharField("produit", max_length=20, blank=True)
    subject_label = models.CharField("nom du produit ou de la mesure", max_length=200)
    scale = models.CharField("échelle", max_length=10, choices=AlertScale)
    code = models.CharField("code du lieu", max_length=12)
    place = models.CharField("lieu", max_length=200)
    region_code = models.CharField("région", max_length=3, blank=True)
    department_code = models.CharField("département", max_length=3, blank=True)
    is_spread = models.BooleanField("s’étend à plusieurs lieux", default=False)
    state = models.CharField("état", max_length=12, choices=State, default=State.WATCHED)
    level = models.CharField("classe", max_length=20, choices=Level, blank=True)
    worst_level = models.CharField("pire classe", max_length=20, choices=Level, blank=True)
    opening_level = models.CharField(
        "classe à l’ouverture", max_length=20, choices=Level, blank=True
    )
    told_level = models.CharField("classe annoncée", max_length=20, choices=Level, blank=True)
    value = models.DecimalField("valeur", max_digits=14, decimal_places=2, null=True)
    opening_value = models.DecimalField("à l’ouverture", max_digits=14, decimal_places=2, null=True)
    worst_value = models.DecimalField("pire valeur", max_digits=14, decimal_places=2, null=True)
    figures = models.JSONField("chiffres de l’ouverture", default=dict)
    last_figures = models.JSONField("derniers chiffres", default=dict)
    places = models.JSONField("lieux concernés", default=list)
    told_places = models.JSONField("lieux annoncés", default=list)
    holds_since = models.DateTimeField("vrai depuis")
    opened_at = models.DateTimeField("ouverte le", null=True)
    seen_at = models.DateTimeField("mesurée le")
    out_since = models.DateTimeField("calme depuis", null=True)
    eased_since = models.DateTimeField("moins grave depuis", null=True)
    closed_at = models.DateTimeField("close le", null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="acquittée par",
    )
    acknowledged_at = models.DateTimeField("acquittée le", null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "alerte"
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["region_code", "state"], name="alert_of_region"),
            models.Index(
                fields=["state", "-opened_at"],
                condition=~Q(state="closed"),
                name="alert_under_way",
            ),
            models.Index(fields=["rule", "-closed_at"], name="alert_lately_closed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject", "scale", "code"],
                condition=~Q(state="closed"),
                name="alert_one_live",
                violation_error_message="Cette alerte est déjà suivie.",
            ),
            models.CheckConstraint(
                name="alert_open_since",
                condition=Q(state="watched", opened_at__isnull=True)
                | ~Q(state="watched") & Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="alert_closed_at_the_end",
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="alert_acknowledged_by_somebody",
                condition=~Q(state="acknowledged")
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        """« Propofol, Bretagne », « Inventaires EPI reçus, Loiret (45) »."""
        return f"{self.subject_label}, {self.place}"

    @property
    def key(self) -> tuple[int, str, str, str]:
        return self.rule_id, self.subject, self.scale, self.code

    @property
    def acted_on_by(self) -> str:
        """Who acknowledges it: what is of no ARS is the country's."""
        is_regional = self.scale != AlertScale.COUNTRY and self.region_code
        return "ARS" if is_regional else "cellule nationale"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def level_choice(self) -> Level | None:
        return Level(self.level) if self.level else None


class OfAlertQuerySet(PerimeterQuerySet):
    """What belongs to an alert is read by those who read the alert."""

    def within(self, perimeter: Perimeter) -> Self:
        return self.filter(alert__in=Alert.objects.within(perimeter))


class AlertEvent(models.Model):
    """What happened to an alert, by itself or by somebody (``by``); appended to, never changed.

    ``figures`` carries what the line says: class and value before and after, places that joined.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "ouverte"
        WORSENED = "worsened", "aggravée"
        SPREAD = "spread", "étendue"
        EASED = "eased", "améliorée"
        RESUMED = "resumed", "reprise"
        CLOSED = "closed", "close"
        ACKNOWLEDGED = "acknowledged", "acquittée"
        COMMENTED = "commented", "commentée"

    WRITTEN = (Kind.OPENED, Kind.WORSENED, Kind.SPREAD, Kind.CLOSED)  # by mail

    alert = models.ForeignKey(
        Alert, on_delete=models.PROTECT, related_name="events", verbose_name="alerte"
    )
    at = models.DateTimeField("le", db_default=Now())
    kind = models.CharField("quoi", max_length=12, choices=Kind)
    text = models.TextField("texte", max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="par",
    )

    objects = OfAlertQuerySet.as_manager()

    class Meta:
        verbose_name = "suite d’une alerte"
        verbose_name_plural = "suites des alertes"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="alert_event_by_somebody",
                condition=~Q(kind__in=["acknowledged", "commented"]) | Q(by__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.alert_id} {self.get_kind_display()}"


class AlertSample(models.Model):
    """The measure of an alert, the last of each day: its curve."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="samples", verbose_name="alerte"
    )
    day = models.DateField("jour")
    value = models.DecimalField("valeur", max_digits=14, decimal_places=2, null=True)
    level = models.CharField("classe", max_length=20, choices=Level, blank=True)

    objects = OfAlertQuerySet.as_manager()

    class Meta:
        verbose_name = "mesure d’une alerte"
        verbose_name_plural = "mesures des alertes"
        ordering = ["alert", "day"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "day"], name="alert_sample_once_a_day")
        ]

    def __str__(self):
        return f"{self.alert_id} {self.day:%d/%m/%Y}"
