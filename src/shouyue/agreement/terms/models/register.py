"""The register of the contract: clauses, the duties they lay on the parties, how each is measured and the target.

All four tables are append-only for the roles that serve: what was signed is never rewritten, a change agreed later is
a row with the next version.
"""

from fractions import Fraction

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.terms.models.bilingual import in_reader_language
from shouyue.agreement.terms.rules.duties import Rhythm
from shouyue.agreement.terms.rules.targets import threshold_fraction


class Clause(models.Model):
    """One numbered place of the contract: a heading ("4"), a clause ("4.1") or an item of it ("4.1(2)").

    version: 1 as signed; an amendment adds the next one, whose words hold from `applies_from` on.
    """

    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="clauses")
    number = models.CharField(max_length=16)
    order = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    applies_from = models.DateField(null=True)

    class Meta:
        ordering = ["order", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number", "version"], name="clause_version_once_per_agreement"
            ),
            models.UniqueConstraint(fields=["agreement", "order", "version"], name="clause_order_once_per_version"),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^[1-9][0-9]*(\.[1-9][0-9]*(\([1-9][0-9]*\))?)?$"),
                name="clause_number_is_like_4_1_2",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        return in_reader_language(zh=self.title_zh, en=self.title_en)

    @property
    def text(self) -> str:
        return in_reader_language(zh=self.text_zh, en=self.text_en)


class Definition(models.Model):
    """What a measure counts, in words and in parameters, frozen at signing; an agreed change is the next version.

    applies_from: the first day of the periods it counts; None for what was signed.
    """

    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="definitions")
    measure = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    frozen_on = models.DateField()
    applies_from = models.DateField(null=True)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    text_zh = models.TextField()
    text_en = models.TextField()
    parameters = models.JSONField(default=dict)

    class Meta:
        ordering = ["measure", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "measure", "version"], name="definition_version_once_per_measure"
            ),
            models.CheckConstraint(condition=~models.Q(measure=""), name="definition_names_its_measure"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="definition_versions_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} v{self.version}"

    @property
    def title(self) -> str:
        return in_reader_language(zh=self.title_zh, en=self.title_en)

    @property
    def text(self) -> str:
        return in_reader_language(zh=self.text_zh, en=self.text_en)


class Obligation(models.Model):
    """A duty of one party or both, under one clause.

    code: a stable slug such as "survey_each_quarter". measure: what shows whether it is kept, "" for a dated duty
    that somebody does and files. first_month: the contract month in which it first falls due.
    """

    class Owner(models.TextChoices):
        A = "a", _("Party A")
        B = "b", _("Party B")
        BOTH = "both", _("Both parties")

    class Cadence(models.TextChoices):
        ONCE = "once", _("Once")
        DAILY = "daily", _("Every day")
        MONTHLY = "monthly", _("Every month")
        QUARTERLY = "quarterly", _("Every quarter")
        YEARLY = "yearly", _("Every year")
        CONTINUOUS = "continuous", _("At all times")

    class Anchor(models.TextChoices):
        CONTRACT = "contract", _("Months of the contract")
        CALENDAR = "calendar", _("Calendar periods")

    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="obligations")
    clause = models.ForeignKey("agreement.Clause", on_delete=models.PROTECT, related_name="obligations")
    # Other places of the contract that speak of the same duty, e.g. 8.1(1) of satisfaction.
    also_in = ArrayField(models.CharField(max_length=16), default=list)
    code = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    owner = models.CharField(max_length=4, choices=Owner.choices)
    cadence = models.CharField(max_length=10, choices=Cadence.choices)
    anchor = models.CharField(max_length=8, choices=Anchor.choices, default=Anchor.CALENDAR)
    first_month = models.PositiveSmallIntegerField(default=1)
    measure = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "code"], name="obligation_code_once_per_agreement"),
            models.UniqueConstraint(
                fields=["agreement", "measure"], condition=~models.Q(measure=""), name="measure_shows_one_obligation"
            ),
            models.CheckConstraint(condition=models.Q(owner__in=["a", "b", "both"]), name="obligation_has_an_owner"),
            models.CheckConstraint(
                condition=models.Q(cadence__in=["once", "daily", "monthly", "quarterly", "yearly", "continuous"]),
                name="obligation_has_a_known_cadence",
            ),
            models.CheckConstraint(
                condition=models.Q(anchor__in=["contract", "calendar"]), name="obligation_has_a_known_anchor"
            ),
            models.CheckConstraint(
                condition=~models.Q(cadence="once") | models.Q(anchor="contract"),
                name="a_duty_done_once_follows_the_contract",
            ),
            models.CheckConstraint(condition=models.Q(first_month__gte=1), name="obligation_months_start_at_one"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        return in_reader_language(zh=self.title_zh, en=self.title_en)

    def as_rhythm(self) -> Rhythm:
        return Rhythm(cadence=self.cadence, anchor=self.anchor, first_month=self.first_month)


class Target(models.Model):
    """The value a measure must reach, and how that is decided; `definition` pins what was counted.

    threshold_bp: basis points, 9000 is 90 %. alpha_bp: risk of a wrong verdict on each side in basis points, 500 is
    5 %; 0 where everybody is counted. decision_rule: "exact_binomial" for a sample, "census" for a full count.
    applies_from: the first day of the periods it judges; None for what was signed.
    """

    class Kind(models.TextChoices):
        SHARE_AT_LEAST = "share_at_least", _("a share of at least")

    class DecisionRule(models.TextChoices):
        EXACT_BINOMIAL = "exact_binomial", _("Exact binomial limits on both sides")
        CENSUS = "census", _("Full count")

    obligation = models.ForeignKey("agreement.Obligation", on_delete=models.PROTECT, related_name="targets")
    definition = models.ForeignKey("agreement.Definition", on_delete=models.PROTECT, related_name="targets")
    version = models.PositiveSmallIntegerField(default=1)
    applies_from = models.DateField(null=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SHARE_AT_LEAST)
    threshold_bp = models.PositiveSmallIntegerField()
    alpha_bp = models.PositiveSmallIntegerField()
    decision_rule = models.CharField(max_length=20, choices=DecisionRule.choices)

    class Meta:
        ordering = ["obligation_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "version"], name="target_version_once_per_obligation"),
            models.CheckConstraint(
                condition=models.Q(threshold_bp__gte=1, threshold_bp__lte=10_000), name="target_is_a_share"
            ),
            models.CheckConstraint(condition=models.Q(kind="share_at_least"), name="target_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=models.Q(decision_rule="exact_binomial", alpha_bp__gte=1, alpha_bp__lt=5_000)
                | models.Q(decision_rule="census", alpha_bp=0),
                name="target_risk_fits_its_decision_rule",
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="target_versions_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.threshold_bp} v{self.version}"

    @property
    def threshold(self) -> Fraction:
        """The exact share, e.g. 9/10."""
        return threshold_fraction(self.threshold_bp)
