"""What a list counts, in French: UCDs and their DCI, or devices, which have neither."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """With the articles and the agreements: « DCI » is feminine, « dispositif » is not."""

    product: str  # what a line of a list is
    unit: str
    code: str
    search: str  # the label of a field
    followed_products: str
    each_product: str
    group: str  # what products are summed by on the page of a territory
    groups: str
    a_group: str
    of_the_group: str
    no_group: str
    every_group: str
    none: str
    it: str
    followed: str
    one_followed: str
    counted: str
    all_counted: str
    shortest: str


OF_MEDICINES: Final = Words(
    product="Produit",
    unit="UCD",
    code="UCD",
    search="UCD, mots du libellé ou DCI",
    followed_products="UCD suivies",
    each_product="chaque UCD suivie",
    group="DCI",
    groups="DCI",
    a_group="une DCI",
    of_the_group="de la DCI",
    no_group="aucune DCI",
    every_group="toutes les DCI",
    none="aucune",
    it="Elle",
    followed="DCI suivies",
    one_followed="suivie",
    counted="DCI comptées",
    all_counted="toutes ses DCI sont comptées",
    shortest="la plus courte",
)
OF_DEVICES: Final = Words(
    product="Dispositif",
    unit="dispositif",
    code="Code",
    search="Code ou mots du libellé",
    followed_products="dispositifs suivis",
    each_product="chaque dispositif suivi",
    group="dispositif",
    groups="dispositifs",
    a_group="un dispositif",
    of_the_group="du dispositif",
    no_group="aucun dispositif",
    every_group="tous les dispositifs",
    none="aucun",
    it="Il",
    followed="Dispositifs suivis",
    one_followed="suivi",
    counted="Dispositifs comptés",
    all_counted="tous ses dispositifs sont comptés",
    shortest="le plus court",
)
