"""Figures kept for speed by the task worker; a test compares them with the truth, line by line.

They hold codes, not keys: a summary is rebuilt from the lines and the directory, never edited.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from epi_stocks.models.item import EpiItem
from establishments.perimeter import Perimeter, PerimeterQuerySet

COUNTRY = "FR"  # in region_code: the whole country
NO_TERRITORY = ""  # a territory without ARS, or an establishment without department


class DepartmentSummaryQuerySet(PerimeterQuerySet):
    """Rows are departments: a perimeter smaller than one sees none."""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(
            models.Q(region_code__in=perimeter.region_codes)
            | models.Q(department_code__in=perimeter.department_codes)
        )


class RegionSummaryQuerySet(PerimeterQuerySet):
    """Rows are regions and the country: totals so wide that only regions and above read them."""

    def within(self, perimeter: Perimeter):
        if perimeter.is_national:
            return self.all()
        return self.filter(region_code__in=perimeter.region_codes)


class Summary(models.Model):
    """What the lines that count say of one item and week, somewhere.

    Totals are NULL when nobody declared that column: blank is not 0. ``ratio_stock`` and
    ``ratio_daily`` add up only the ``ratio_lines`` where both are declared.
    """

    week = models.DateField("semaine du")
    item = models.ForeignKey(
        EpiItem,
        on_delete=models.DO_NOTHING,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name="équipement",
    )
    lines = models.IntegerField("établissements comptés", default=0)
    stock = models.BigIntegerField("stock", null=True)
    daily = models.BigIntegerField("consommation quotidienne", null=True)
    supply = models.BigIntegerField("approvisionnement prévu", null=True)
    ratio_lines = models.IntegerField("établissements du rapport", default=0)
    ratio_stock = models.BigIntegerField("stock du rapport", default=0)
    ratio_daily = models.BigIntegerField("consommation du rapport", default=0)
    shortage = models.IntegerField("en rupture", default=0)
    critical = models.IntegerField("critiques", default=0)
    tense = models.IntegerField("tendus", default=0)
    sufficient = models.IntegerField("suffisants", default=0)
    unused = models.IntegerField("sans consommation", default=0)
    unknown = models.IntegerField("inconnus", default=0)
    carried = models.IntegerField("repris d’une semaine antérieure", default=0)
    doubtful = models.IntegerField("à vérifier", default=0)

    class Meta:
        abstract = True


class DepartmentSummary(Summary):
    """One item of one week, for one category of establishments of one department.

    ``covers`` lists the days of cover of the establishments, in tenths and in order: a median
    cannot be drawn from sums.
    """

    pk = models.CompositePrimaryKey("week", "item_id", "department_code", "category_code")
    department_code = models.CharField("département", max_length=3)
    category_code = models.CharField("catégorie", max_length=4)
    region_code = models.CharField("région", max_length=3)
    covers = ArrayField(
        models.SmallIntegerField(), default=list, verbose_name="jours de couverture"
    )

    objects = DepartmentSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "situation d’un département"
        verbose_name_plural = "situations des départements"

    def __str__(self):
        return f"{self.department_code} {self.category_code} – semaine du {self.week:%d/%m/%Y}"


class RegionSummary(Summary):
    """One item of one week in a region, in the territories without ARS, or in the country."""

    pk = models.CompositePrimaryKey("week", "item_id", "region_code")
    region_code = models.CharField("région", max_length=3)
    median = models.SmallIntegerField("couverture médiane, en dixièmes de jour", null=True)

    objects = RegionSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "situation d’une région"
        verbose_name_plural = "situations des régions"

    def __str__(self):
        return f"{self.region_code} – semaine du {self.week:%d/%m/%Y}"


class ReportingSummary(models.Model):
    """Who was expected and who declared in a week, by department and category.

    ``declared_before`` counts those who, at the same hour a week earlier, had already declared
    that earlier week.
    """

    pk = models.CompositePrimaryKey("week", "department_code", "category_code")
    week = models.DateField("semaine du")
    department_code = models.CharField("département", max_length=3)
    category_code = models.CharField("catégorie", max_length=4)
    region_code = models.CharField("région", max_length=3)
    expected = models.IntegerField("attendus", default=0)
    declared = models.IntegerField("ont déclaré", default=0)
    on_time = models.IntegerField("dans les temps", default=0)
    expected_before = models.IntegerField("attendus la semaine précédente", default=0)
    declared_before = models.IntegerField("à la même heure la semaine précédente", default=0)

    objects = DepartmentSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "taux de déclaration"
        verbose_name_plural = "taux de déclaration"

    def __str__(self):
        return f"{self.department_code} {self.category_code} – semaine du {self.week:%d/%m/%Y}"


class SummarisedWeek(models.Model):
    """When the figures of a week were last compared with the lines: the time shown beside them."""

    week = models.DateField("semaine du", primary_key=True)
    refreshed_at = models.DateTimeField("chiffres de")

    class Meta:
        verbose_name = "semaine résumée"
        verbose_name_plural = "semaines résumées"
        ordering = ["-week"]

    def __str__(self):
        return f"semaine du {self.week:%d/%m/%Y}"


class StaleWeek(models.Model):
    """A mark: something changed in a week that is no longer refreshed by itself.

    Only ever inserted by those who change and deleted by the refresh: nobody waits for anybody.
    """

    week = models.DateField("semaine du")
    marked_at = models.DateTimeField("marquée le", auto_now_add=True)

    class Meta:
        verbose_name = "semaine à résumer de nouveau"
        verbose_name_plural = "semaines à résumer de nouveau"

    def __str__(self):
        return f"semaine du {self.week:%d/%m/%Y}"
