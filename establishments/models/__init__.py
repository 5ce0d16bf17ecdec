"""The FINESS directory: territories, categories, legal entities and their establishments."""

from establishments.models.directory import Establishment, LegalEntity
from establishments.models.imports import FinessImport, FinessRemark
from establishments.models.nomenclature import (
    BeneficiaryCategory,
    EstablishmentCategory,
    LegalStatus,
)
from establishments.models.position import Position
from establishments.models.territory import AdministrativeBody, Department, Region

__all__ = [
    "AdministrativeBody",
    "BeneficiaryCategory",
    "Department",
    "Establishment",
    "EstablishmentCategory",
    "FinessImport",
    "FinessRemark",
    "LegalEntity",
    "LegalStatus",
    "Position",
    "Region",
]
