"""The habilitations that tests name most: a domain and a role."""

from accounts.models import Domain, Role

APE = (Domain.ADMINISTRATION, Role.ADMINISTRATOR)
DEPUTY = (Domain.ADMINISTRATION, Role.DELEGATED_ADMINISTRATOR)
CELL = (Domain.ADMINISTRATION, Role.NATIONAL_CELL)
FILES = (Domain.DISPOSTOCK, Role.DECLARANT)
INVENTORY = (Domain.EPI_STOCK, Role.INVENTORY_OPERATOR)
READER = (Domain.EPI_STOCK, Role.READER)
ORDERS = (Domain.DISTRILOG, Role.ORDER_OPERATOR)
