"""Waves and the answers customers gave."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.ids import new_id
from shouyue.kernel.masking import Mask
from shouyue.kernel.period import Quarter
from shouyue.store.hot import HotRecord
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedJson

if TYPE_CHECKING:
    from shouyue.customers.public import Customer
    from shouyue.surveys.questionnaires.models import Questionnaire


class WaveKind(models.TextChoices):
    """How the people of a wave came to answer: what a verdict on it may claim."""

    DRAWN = "drawn", _("drawn sample")
    AS_FOUND = "as_found", _("not a drawn sample")
    CENSUS = "census", _("everybody was asked")


class Wave(models.Model):
    """One questionnaire asked in one quarter, from one source."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    questionnaire: "models.ForeignKey[Questionnaire, Questionnaire]" = models.ForeignKey(
        "surveys.Questionnaire", on_delete=models.PROTECT, related_name="waves"
    )
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=WaveKind.choices)
    period = models.CharField(max_length=6)  # "2017Q3", a calendar quarter of the source's zone
    zone = models.CharField(max_length=40)
    # Answers still come in: nothing is concluded until it is closed.
    is_open = models.BooleanField(default=False)
    # Declared before it was opened: its answers lie in boxes, and no row says whose they are.
    is_anonymous = models.BooleanField(default=False)

    class Meta:
        ordering = ("period", "source")
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "source", "period"], name="wave_once_a_quarter"),
            models.CheckConstraint(condition=models.Q(kind__in=WaveKind.values), name="wave_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.period}"

    @property
    def quarter_day(self) -> date:
        """The first day of its quarter, for the formats of dates."""
        return Quarter.parse(self.period).first_day


class Invitation(HotRecord):
    """One customer was asked in a wave. Its response, if one comes, has the same id. Append-only.

    Personal data only through the customer. Purpose: response rates and their bounds; kept while the agreement runs.
    """

    customer: "models.ForeignKey[Customer, Customer]" = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="invitations")
    asked_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.asked_on}"


class Response(HotRecord):
    """One answer of one customer. Append-only: the role that serves cannot change or delete it.

    Personal data only through the customer. Purpose: the verdict on satisfaction (clause 3.1); kept while the
    agreement runs, for disputes about it.
    """

    customer: "models.ForeignKey[Customer, Customer]" = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="responses")
    score = models.PositiveSmallIntegerField()
    asked_on = models.DateField()  # the day the question was sent, in the wave's zone: decides the quarter
    answered_at = models.DateTimeField()
    order_id = models.UUIDField(null=True)  # the order it is about, of the same customer

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(score__gte=1), name="response_score_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.score} {self.asked_on}"


class AnswerBox(models.Model):
    """Answers of an anonymous wave, many in one row, in the order of their text: nothing says who gave which, or when.

    A row for each answer would join it to its sheet: both carry the mark of the transaction that wrote them. A box
    carries that of its last writer alone, which is one of many. marks: of each answer, by question. words: of each,
    apart from its marks and sealed for the wave.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="boxes")
    marks = models.JSONField(default=list)
    words = SealedJson(
        personal=Personal(
            DataClass.BEHAVIOUR,
            Purpose.MEASURING,
            Basis.CONSENT,
            Retention.AGREEMENT,
            seen_by=(Seer.SERVING, Seer.SUPPORT),
            mask=Mask.ALL,
        ),
        subject="wave_id",
    )

    def __str__(self) -> str:
        return f"{len(self.marks)}"
