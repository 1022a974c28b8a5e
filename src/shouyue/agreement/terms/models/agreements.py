"""The agreement itself: its term, its two parties and the phases of its schedule."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.terms.models.bilingual import in_reader_language
from shouyue.agreement.terms.rules.schedule import PhasePlan, Term, contract_month, months_in, standing_day
from shouyue.kernel.ids import new_id


class Agreement(models.Model):
    """One signed contract between Party A and Party B.

    number: what both sides call it; signing twice under one number finds the same agreement. starts_on, ends_on:
    first and last day of the term, in `zone`. currency: ISO 4217. data_until: the day up to which the records of
    this installation are complete; None while records arrive as they happen. institution: who settles disputes
    (clause 11.2), "" while none is named.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    signed_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60, default="Asia/Shanghai")
    currency = models.CharField(max_length=3, default="CNY")
    data_until = models.DateField(null=True)
    institution = models.CharField(max_length=120, blank=True)
    # The shape of the contract it was made from, e.g. "one_year": the register's folder of that name.
    template = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(number=""), name="agreement_has_a_number"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="agreement_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "in_force", "ended"]), name="agreement_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(signed_at__isnull=False),
                name="agreement_in_force_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="agreement_currency_is_three_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        return in_reader_language(zh=self.title_zh, en=self.title_en)

    @property
    def party_a(self) -> "PartyDetails":
        """From the parties that the room's queries load along; raises StopIteration for a draft without parties."""
        return next(party for party in self.parties.all() if party.side == PartyDetails.Side.A)

    @property
    def party_b(self) -> "PartyDetails":
        """See party_a."""
        return next(party for party in self.parties.all() if party.side == PartyDetails.Side.B)

    def as_term(self) -> Term:
        return Term(starts_on=self.starts_on, ends_on=self.ends_on)

    def contract_month(self, on: date) -> int | None:
        """Which month of the contract a day is in, from 1; None outside the term."""
        return contract_month(self.as_term(), on)

    @property
    def months(self) -> int:
        """How many months the contract has."""
        return months_in(self.as_term())

    def standing_day(self, today: date) -> date:
        """The day on which the agreement is read: today, or the last day of complete records if that is earlier."""
        return standing_day(today, self.data_until)


class PartyDetails(models.Model):
    """Who one side is (clause 1).

    Personal data: the legal representative's name, a phone and an e-mail address. Purpose: to name the parties and
    to deliver notices under the contract. Kept as long as the agreement, for disputes about it.
    """

    class Side(models.TextChoices):
        A = "a", _("Party A")
        B = "b", _("Party B")

    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.CASCADE, related_name="parties")
    side = models.CharField(max_length=1, choices=Side.choices)
    name = models.CharField(max_length=120)
    legal_representative = models.CharField(max_length=80)
    registered_address = models.CharField(max_length=200)
    phone = models.CharField(max_length=40)
    email = models.EmailField()

    class Meta:
        ordering = ["side"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="agreement_has_each_side_once"),
            models.CheckConstraint(condition=models.Q(side__in=["a", "b"]), name="party_is_a_or_b"),
            models.CheckConstraint(condition=~models.Q(name=""), name="party_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """One span of contract months in the schedule (clause 6.2), with what must be finished at its end. Append-only."""

    agreement = models.ForeignKey("agreement.Agreement", on_delete=models.PROTECT, related_name="phases")
    clause_number = models.CharField(max_length=16)
    first_month = models.PositiveSmallIntegerField()
    last_month = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    must_finish_zh = models.TextField()
    must_finish_en = models.TextField()

    class Meta:
        ordering = ["first_month"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "first_month"], name="phases_start_in_different_months"),
            models.CheckConstraint(
                condition=models.Q(first_month__gte=1, last_month__gte=models.F("first_month")),
                name="phase_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_month}-{self.last_month} {self.title_en}"

    @property
    def title(self) -> str:
        return in_reader_language(zh=self.title_zh, en=self.title_en)

    @property
    def must_finish(self) -> str:
        return in_reader_language(zh=self.must_finish_zh, en=self.must_finish_en)

    def as_plan(self) -> PhasePlan:
        return PhasePlan(first_month=self.first_month, last_month=self.last_month)
