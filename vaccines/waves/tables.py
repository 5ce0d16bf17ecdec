"""The tables of waves, each declared once: page and file cannot disagree."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.columns import UNDER, Column, Table
from common.identifiers import format_finess
from common.numbers import format_integer
from vaccines.looks import badge
from vaccines.models import SupplyLine, VialDoses, Wave
from vaccines.services.deliveries import Delivery
from vaccines.states import state_of
from vaccines.waves.plan import HEADERS, RECIPIENT

DAY_FIELD: Final = (
    '<input class="fr-input vaccins-saisie" type="date" name="{name}-{pk}" id="{name}-{pk}" '
    'value="{value}" aria-label="{label}, {recipient}">'
)
DOSES_FIELD: Final = (
    '<span class="vaccins-doses"><input class="fr-input vaccins-saisie" type="text" '
    'inputmode="numeric" maxlength="9" autocomplete="off" name="{name}-{pk}" id="{name}-{pk}" '
    'value="{value}" aria-label="{label}, {recipient}"> doses</span>'
)
SEEN: Final = '<input type="hidden" name="seen-{}" value="{}">'


def wave_table() -> Table:
    """One line for each wave."""
    columns = [
        Column("Vague", lambda row: row.label, _wave_name),
        Column("Vaccin", lambda row: row.vaccine.label, under=True),
        Column("Livraison", lambda row: row.delivers_on, _day_cell),
        Column("Besoins avant le", lambda row: row.needs_due_at, _due_cell),
        Column("Lignes", lambda row: row.counts["lines"], _lines_cell, is_number=True),
        Column("Besoins saisis", lambda row: row.counts["told"], _share("told", "late"), True),
        Column("Prévues", lambda row: row.counts["planned"], _share("planned"), True),
        Column("Expédiées", lambda row: row.counts["shipped"], _share("shipped"), True),
        Column("Reçues", lambda row: row.counts["received"], _share("received"), True),
    ]
    return Table("vagues", "Vagues de livraison", columns)


def _wave_name(row: Wave) -> SafeString:
    address = reverse("vaccines:wave", args=[row.pk])
    return format_html('<a href="{}"><strong>{}</strong></a>', address, row.label)


def _day_cell(row: Wave) -> SafeString:
    return format_html('<span class="vaccins-jour">{}</span>', f"{row.delivers_on:%d/%m/%Y}")


def _lines_cell(row: Wave) -> SafeString | str:
    said = format_integer(row.counts["lines"])
    if not row.counts["pivots"]:
        return said
    return format_html("{}" + UNDER, said, f"et {format_integer(row.counts['pivots'])} en flux B")


def _due_cell(row: Wave) -> str:
    return moment(row.needs_due_at)


def moment(value: datetime) -> str:
    """« 02/02/2021 à 12 h 00 », in Paris."""
    at = timezone.localtime(value)
    return f"{at:%d/%m/%Y} à {at.hour}\u00a0h\u00a0{at:%M}"


def _share(name: str, late: str = "") -> Any:
    def cell(row: Any) -> SafeString | str:
        counts = row if isinstance(row, dict) else row.counts
        if not counts["lines"]:
            return "–"
        said = f"{format_integer(counts[name])} sur {format_integer(counts['lines'])}"
        missing = counts[late] if late else 0
        if not missing:
            return said
        return format_html("{}" + UNDER, said, f"{format_integer(missing)} en retard")

    return cell


def line_table(now: datetime, typed: Mapping[int, Mapping[str, str]] | None = None) -> Table:
    """One line for each recipient; ``typed`` makes fields of the deliveries of these lines."""
    columns = [
        Column("Destinataire", lambda row: row.recipient.name, _recipient_cell),
        Column("PUI", lambda row: row.pui.label, _pui_cell),
        Column("État", lambda row: state_of(row, now).label, lambda row: badge(state_of(row, now))),
        Column("Besoin (doses)", lambda row: row.doses, _need_cell, is_number=True),
        Column("Flacons", lambda row: row.vials, _vials_cell, is_number=True),
        Column("Livraison prévue", lambda row: row.expected_on, _planned_cell(typed)),
        Column("Expédiée", lambda row: row.shipped_on, _shipped_cell(typed)),
    ]
    return Table("lignes", "Lignes de la vague", columns)


def _recipient_cell(row: SupplyLine) -> SafeString:
    under = [row.recipient.finess_text, row.recipient.town]
    if row.pivot:
        under.append(f"flux B, {row.pivot}")
    return format_html("{}" + UNDER, row.recipient.name, " · ".join(filter(None, under)))


def _pui_cell(row: SupplyLine) -> SafeString:
    site = row.pui.establishment
    return format_html("{}" + UNDER, row.pui.label, f"{site.finess_text} ({site.department_id})")


def _need_cell(row: SupplyLine) -> SafeString | str:
    if row.doses is None:
        return "à saisir"
    parts = f"{format_integer(row.first_doses or 0)} + {format_integer(row.second_doses or 0)}"
    return format_html("{}" + UNDER, format_integer(row.doses), parts)


def _vials_cell(row: Any) -> SafeString | str:
    if row.ordered is not None and row.per_vial is None:
        return format_html("–" + UNDER, "doses par flacon inconnues")
    if row.vials is None:
        return "–"
    said = f"de {row.per_vial}"
    if row.overfill:
        said += f", {format_integer(row.overfill)} de plus"
    return format_html("{}" + UNDER, format_integer(row.vials), said)


def _planned_cell(typed: Mapping[int, Mapping[str, str]] | None) -> Any:
    def cell(row: SupplyLine) -> SafeString | str:
        if typed is not None and row.pk in typed:
            fields = _fields(row, typed[row.pk], ("expected_on", "planned_doses"))
            return fields + format_html(SEEN, row.pk, typed[row.pk]["seen"])
        return _day_and_doses(row.expected_on, row.planned_doses)

    return cell


def _shipped_cell(typed: Mapping[int, Mapping[str, str]] | None) -> Any:
    def cell(row: SupplyLine) -> SafeString | str:
        if typed is not None and row.pk in typed and ships(row, typed[row.pk]):
            return _fields(row, typed[row.pk], ("shipped_on", "shipped_doses"))
        return _day_and_doses(row.shipped_on, row.shipped_doses)

    return cell


def _day_and_doses(day: Any, doses: int | None) -> SafeString | str:
    if day is None and doses is None:
        return "–"
    said = "doses à confirmer" if doses is None else f"{format_integer(doses)} doses"
    return format_html("{}" + UNDER, f"{day:%d/%m/%Y}" if day else "date à confirmer", said)


def ships(row: SupplyLine, texts: Mapping[str, str]) -> bool:
    """What is not planned yet is not shipped: its fields would only crowd the page."""
    return row.planned_doses is not None or bool(texts["shipped_on"] or texts["shipped_doses"])


def _fields(row: SupplyLine, texts: Mapping[str, str], names: tuple[str, str]) -> SafeString:
    drawn = SafeString()
    for name in names:
        drawn += format_html(
            DAY_FIELD if name.endswith("_on") else DOSES_FIELD,
            name=name,
            pk=row.pk,
            value=texts[name],
            label=HEADERS[name],
            recipient=row.recipient.name,
        )
    return drawn


def texts_of(line: SupplyLine) -> dict[str, str]:
    """The fields of a line that nobody typed in yet."""
    now = Delivery.of(line)
    names = ("expected_on", "planned_doses", "shipped_on", "shipped_doses")
    texts = ("" if value is None else str(value) for value in now.values)
    return {**dict(zip(names, texts, strict=True)), "seen": now.mark}


def pui_table() -> Table:
    """One line for each pharmacy: what is shipped to it, its recipients rounded up one by one."""
    columns = [
        Column("PUI", lambda row: row["pui__label"], _pui_named),
        Column(
            "FINESS du site",
            lambda row: row["pui__establishment__finess"],
            lambda row: format_finess(row["pui__establishment__finess"]),
            under=True,
        ),
        Column("Dép.", lambda row: row["pui__establishment__department"] or ""),
        Column("Destinataires", lambda row: row["lines"], is_number=True),
        Column("Besoins saisis", lambda row: row["told"], _share("told", "late"), True),
        Column("Doses", lambda row: row["doses"], _known("doses"), True),
        Column("Flacons", lambda row: row["vials_needed"], _pui_vials, True),
        Column("Doses en plus", lambda row: row["beyond"], _known("beyond"), True),
        Column("Prévues", lambda row: row["planned"], _share("planned"), True),
    ]
    return Table("puis", "Par PUI", columns)


def _known(name: str) -> Any:
    """Nothing typed is a dash, never 0."""
    return lambda row: "–" if row[name] is None else format_integer(row[name])


def _pui_vials(row: Mapping[str, Any]) -> SafeString | str:
    said = "–" if row["vials_needed"] is None else format_integer(row["vials_needed"])
    if not row["unknown"]:
        return said
    return format_html("{}" + UNDER, said, "doses par flacon inconnues")


def _pui_named(row: Mapping[str, Any]) -> SafeString:
    return format_html("<strong>{}</strong>", row["pui__label"])


WHERE: Final = (
    Column(RECIPIENT, lambda row: row.recipient.finess),
    Column("Destinataire final", lambda row: row.recipient.name),
    Column("Commune du destinataire", lambda row: row.recipient.town),
    Column("FINESS de la PUI", lambda row: row.pui.establishment.finess),
    Column("PUI", lambda row: row.pui.label),
    Column("Destinataire de la livraison", lambda row: row.pui.recipient),
    Column("Adresse de livraison", lambda row: row.pui.address),
    Column("Code postal", lambda row: row.pui.postal_code),
    Column("Commune", lambda row: row.pui.town),
    Column("Accès", lambda row: row.pui.access),
    Column("Modalités", lambda row: row.pui.delivery_terms),
    Column("Horaires", lambda row: row.pui.opening_hours),
    Column("Contact", lambda row: row.pui.contact_name),
    Column("Téléphone", lambda row: row.pui.contact_phone),
    Column("Courriel", lambda row: row.pui.contact_email),
    Column("Astreinte", lambda row: row.pui.on_call_phone),
)


def export_table(now: datetime) -> Table:
    """What SPF takes away: where to deliver, whom to call, how much; it comes back as a plan."""
    columns = [
        *WHERE,
        Column("Flux", lambda row: row.flow),
        Column("Hôpital pivot", lambda row: str(row.pivot or "")),
        Column("Vaccin", lambda row: row.wave.vaccine.label),
        Column("État", lambda row: state_of(row, now).label),
        Column("Doses 1res injections", lambda row: row.first_doses),
        Column("Doses 2es injections", lambda row: row.second_doses),
        Column("Total des doses", lambda row: row.doses),
        Column("Commentaire", lambda row: row.comment),
        Column("Doses par flacon", lambda row: row.per_vial),
        Column("Flacons", lambda row: row.vials),
        Column("Doses en plus", lambda row: row.overfill),
        *(Column(header, _field(name)) for name, header in HEADERS.items()),
        Column("Lots reçus", _lots),
    ]
    return Table("vague", "Vague", columns)


def _lots(row: SupplyLine) -> str:
    """The receptions are read with the lines."""
    return ", ".join(dict.fromkeys(one.lot for one in row.receptions.all() if one.lot))


def _field(name: str) -> Any:
    return lambda row: getattr(row, name)


def vial_table() -> Table:
    """The doses of a vial, the latest first: what is past never changes."""
    columns = [
        Column("À partir du", lambda row: row.starts_on, _vial_day),
        Column("Doses par flacon", lambda row: row.doses, is_number=True),
    ]
    return Table("flacons", "Doses par flacon", columns)


def _vial_day(row: VialDoses) -> str:
    day = f"{row.starts_on:%d/%m/%Y}"
    return f"{day}, à venir" if row.starts_on > timezone.localdate() else day
