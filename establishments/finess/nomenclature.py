"""What a line may refer to: the categories, statuses and territories that are known."""

from dataclasses import dataclass, field

from establishments.models import Department, EstablishmentCategory, LegalStatus


@dataclass(slots=True)
class Nomenclature:
    """The known codes, read once for the whole file."""

    categories: frozenset[str]
    legal_statuses: frozenset[str]
    prefixes: dict[str, str]
    finess_codes: dict[str, str]
    regions: dict[str, str | None]
    known: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Nomenclature":
        departments = list(Department.objects.all())
        prefixes = {
            prefix: department.code
            for department in departments
            for prefix in department.finess_prefix.split("|")
            if prefix
        }
        # in metropolitan France two characters are enough; overseas they are shared
        prefixes |= {one.code: one.code for one in departments if len(one.code) == 2}
        return cls(
            frozenset(EstablishmentCategory.objects.values_list("code", flat=True)),
            frozenset(LegalStatus.objects.values_list("code", flat=True)),
            prefixes,
            {department.finess_code: department.code for department in departments},
            {department.code: department.region_id for department in departments},
        )

    def department_of(
        self, finess: str, finess_code: str = "", postal_code: str = ""
    ) -> str | None:
        """Say where a place is. The number wins, then the department field, then the postal code.

        Postal codes mislead: 978xx CEDEX is in Réunion, 970xx CEDEX in Guadeloupe (fact).
        """
        beginning = finess[:4]
        if beginning not in self.known:
            found = (self.prefixes.get(finess[:length]) for length in (4, 3, 2))
            self.known[beginning] = next(filter(None, found), None)
        return (
            self.known[beginning]
            or self.finess_codes.get(finess_code)
            or self._by_postal_code(postal_code)
        )

    def region_of(self, finess: str) -> str | None:
        return self.regions.get(self.department_of(finess) or "")

    def commune_code(self, department: str, commune: str) -> str:
        """Write the INSEE code: FINESS gives its last three digits alone (9A + 101 is 97101)."""
        return f"{department[:2]}{commune}" if len(commune) == 3 else ""

    def _by_postal_code(self, postal_code: str) -> str | None:
        if postal_code.startswith("20"):
            return "2A" if postal_code[:3] in ("200", "201") else "2B"
        return next(
            (code for length in (3, 2) if (code := postal_code[:length]) in self.regions), None
        )
