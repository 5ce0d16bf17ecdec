"""Orders of the last weeks on their way, received, with a claim: what following them looks like.

Their numbers come from the number of their row, as all the others; the same token is never
ordered twice, so that a second build changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import BytesIO
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from common.photos import draw_again
from common.weeks import PARIS, monday_of
from config.demo.people import ADDRESS
from orders.models import (
    Beneficiary,
    Order,
    OrderLine,
    OrderStep,
    Parcel,
    Product,
    Reception,
    Shipment,
    ShipmentLine,
)
from orders.services.claims import Complaint, Message, open_claim, write_message
from orders.services.finess_addresses import finess_address
from orders.services.holders import holders_of
from orders.services.reception_checks import Counted, Told
from orders.services.receptions import confirm_reception
from orders.services.routing import route_of
from orders.services.sending import number_of, snapshot
from orders.services.supplies import announce_order

State = Order.State
CARRIER = "Colissimo"


@dataclass(frozen=True, slots=True)
class Scene:
    """An order of so many days ago: ``shipped`` units left, ``damaged`` came unusable.

    ``stage``: "preparing", "shipped", "received". ``due``: days from today to the expected day.
    """

    account: str
    days: int
    lines: tuple[tuple[str, int], ...]
    stage: str
    due: int
    shipped: int | None = None
    damaged: int = 0
    claim: str = ""
    answer: str = ""


SCENES = (
    Scene("ehpad", 31, (("masque-chir-iir", 400), ("gants-nitrile-m", 300)), "received", -26),
    Scene(
        "ehpad",
        17,
        (("masque-chir-iir", 300), ("surblouse", 100)),
        "received",
        -12,
        damaged=50,
        claim="Une boîte est arrivée mouillée\u00a0: 50 masques ne peuvent pas servir.",
        answer="Nous en sommes désolés. Une boîte part ce soir, sans être retenue sur votre "
        "contingent.",
    ),
    Scene("ehpad", 6, (("tablier", 200), ("charlotte", 200)), "shipped", 0),
    Scene("ehpad", 2, (("lunettes", 20),), "preparing", 3),
    Scene(
        "commande",
        24,
        (("masque-ffp2", 2_000),),
        "received",
        -18,
        damaged=150,
        claim="Trois cartons sont arrivés écrasés\u00a0: 150 masques FFP2 ne ferment plus.",
    ),
    Scene("commande", 8, (("masque-chir-iir", 4_000), ("lunettes", 100)), "shipped", -1, 4_000),
    Scene("commande", 5, (("surblouse", 500), ("tablier", 1_000)), "shipped", 1),
)


def build_following() -> None:
    """Play the scenes that are missing."""
    for scene in SCENES:
        user = User.objects.get(email=f"{scene.account}{ADDRESS}")
        beneficiary = beneficiary_of(user)
        token = uuid5(NAMESPACE_URL, f"suivi/{scene.account}/{scene.days}")
        if beneficiary is None or Order.objects.filter(token=token).exists():
            continue
        play(scene, user, beneficiary, token)


def beneficiary_of(user: User) -> Beneficiary | None:
    """The place for which a person orders, under the profile that does."""
    for profile in user.usable_profiles:
        user.chosen_profile_id = profile.pk
        for holder in holders_of(user):
            if isinstance(holder.beneficiary, Beneficiary):
                return holder.beneficiary
    return None


def play(scene: Scene, user: User, beneficiary: Beneficiary, token: UUID) -> None:
    sent = moment(-scene.days, 9, 40)
    order = ordered(scene, user, beneficiary, token, sent)
    tell(order, "Commande transmise.", sent, State.SUBMITTED, by=user)
    warehouse = str(order.operator)
    tell(order, "Confirmée en entier", sent + timedelta(hours=20), State.CONFIRMED, warehouse)
    tell(order, "En préparation", sent + timedelta(hours=24), State.PREPARING, warehouse)
    if scene.stage == "preparing":
        return
    shipment = ship(scene, order, sent + timedelta(days=2))
    announce_order(order)
    if scene.stage == "received":
        receive(scene, user, order, shipment)


def moment(days: int, hour: int, minute: int = 0) -> datetime:
    """Of the day so many days from today, in Paris."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS)


def ordered(
    scene: Scene, user: User, beneficiary: Beneficiary, token: UUID, sent: datetime
) -> Order:
    route = route_of(beneficiary, beneficiary.region_id)
    address = finess_address(beneficiary)
    order = Order.objects.create(
        token=token,
        state=State.DRAFT,
        beneficiary=beneficiary,
        region=beneficiary.region,
        operator=route.operator,
        platform=route.platform,
        week=monday_of(sent),
        address=address,
        delivery=snapshot(address) if address else {},
        contact_name=str(user),
        contact_phone=user.phone or "02 00 00 02 10",
        created_by=user,
        submitted_at=sent,
        editable_until=sent + timedelta(hours=8),
        exported_at=sent + timedelta(hours=9),
        expected_on=timezone.localdate() + timedelta(days=scene.due),
    )
    order.number, order.state = number_of(order.pk, sent), State.PREPARING
    order.save()
    for code, units in scene.lines:
        product = Product.objects.get(code=code)
        OrderLine.objects.create(order=order, product=product, quantity=units, confirmed=units)
    return order


def tell(
    order: Order, text: str, at: datetime, state: str, author: str = "", by: User | None = None
) -> None:
    OrderStep.objects.create(
        order=order, text=text, at=at, state=state, by=by, author=author or str(by)
    )


def ship(scene: Scene, order: Order, at: datetime) -> Shipment:
    """All of it, or as many units as the scene says."""
    shipment = Shipment.objects.create(
        order=order,
        number=f"EXP-{order.pk:06d}-1",
        carrier=CARRIER,
        shipped_at=at,
        expected_on=order.expected_on,
    )
    left = scene.shipped if scene.shipped is not None else sum(units for _, units in scene.lines)
    for line in order.lines.all():
        line.shipped, left = min(line.quantity, left), max(0, left - line.quantity)
        line.save(update_fields=["shipped"])
        if line.shipped:
            ShipmentLine.objects.create(shipment=shipment, line=line, quantity=line.shipped)
    for rank in (1, 2):
        Parcel.objects.create(
            shipment=shipment,
            number=f"6A{order.pk:08d}{rank}",
            state="Pris en charge par le transporteur",
            state_at=at + timedelta(hours=3),
        )
    is_whole = all(one.shipped == one.quantity for one in order.lines.all())
    order.state = State.SHIPPED if is_whole else State.PARTLY_SHIPPED
    order.save(update_fields=["state"])
    said = f"Expédition {shipment.number}, deux colis, {CARRIER}"
    tell(order, said, at, order.state, str(order.operator))
    return shipment


def receive(scene: Scene, user: User, order: Order, shipment: Shipment) -> None:
    """On the expected day; the first line bears what is damaged."""
    first, at = order.lines.first(), moment(scene.due, 11, 20)
    counts = {one.pk: Counted(one.quantity) for one in order.lines.all()}
    if scene.damaged and first is not None:
        counts[first.pk] = Counted(first.quantity - scene.damaged, scene.damaged)
    photo = draw_again(picture()) if scene.damaged else None
    reception = confirm_reception(
        by=user,
        order=order,
        shipment=shipment,
        told=Told(at.date(), counts, "", photo),
        token=uuid5(NAMESPACE_URL, f"reception/{order.pk}"),
        now=at,
    )
    if scene.claim:
        claim(scene, user, order, reception, at)


def claim(scene: Scene, user: User, order: Order, reception: Reception, at: datetime) -> None:
    complaint = Complaint(
        "damaged", scene.claim, order.lines.first(), scene.damaged, reception=reception
    )
    token = uuid5(NAMESPACE_URL, f"reclamation/{order.pk}")
    at += timedelta(minutes=12)
    row = open_claim(by=user, order=order, complaint=complaint, token=token, now=at)
    if scene.answer:
        answerer = User.objects.get(email=f"laposte{ADDRESS}")
        message = Message(scene.answer, uuid5(NAMESPACE_URL, f"reponse/{order.pk}"))
        at += timedelta(hours=5)
        write_message(by=answerer, claim=row, message=message, is_answer=True, now=at)


def picture() -> SimpleUploadedFile:
    """A wet box, drawn."""
    image = Image.new("RGB", (1_200, 800), "#d9d9d6")
    pen = ImageDraw.Draw(image)
    pen.polygon([(200, 300), (900, 260), (980, 700), (240, 740)], fill="#b98d5b", outline="#6f4f2a")
    pen.polygon([(200, 300), (330, 150), (990, 130), (900, 260)], fill="#d2a876", outline="#6f4f2a")
    pen.line([(560, 280), (600, 715)], fill="#e9dcc3", width=46)
    pen.ellipse([650, 470, 960, 720], fill="#7d5c38")
    file = BytesIO()
    image.save(file, "PNG")
    return SimpleUploadedFile("carton.png", file.getvalue(), "image/png")
