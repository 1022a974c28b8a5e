"""Questionnaires: what is asked, version by version."""

from django.db import models
from django.utils.translation import get_language


class Questionnaire(models.Model):
    """One version of a set of questions; a wave keeps the version it asked."""

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    scale_max = models.PositiveSmallIntegerField(default=5)
    questions = models.JSONField(default=list)  # see rules/questions.py; empty: one mark per answer, from a file
    # Nobody is asked a draft; what was published never changes.
    is_draft = models.BooleanField(default=False)
    # As it came with the product, and changed by nobody.
    is_shipped = models.BooleanField(default=False)
    # One question a screen instead of all on one.
    is_stepped = models.BooleanField(default=False)
    intro_zh = models.TextField(blank=True, default="")
    intro_en = models.TextField(blank=True, default="")
    thanks_zh = models.TextField(blank=True, default="")
    thanks_en = models.TextField(blank=True, default="")
    # The measure of the agreement that its answers count for (rules/scoring.py); "" for none.
    measure = models.CharField(max_length=40, blank=True, default="satisfaction")

    class Meta:
        ordering = ("code", "version")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(is_draft=True), name="questionnaire_one_draft"),
            models.CheckConstraint(condition=models.Q(scale_max__gte=2), name="questionnaire_scale_has_two_steps"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def title(self) -> str:
        return self._said(self.title_zh, self.title_en)

    @property
    def intro(self) -> str:
        return self._said(self.intro_zh, self.intro_en)

    @property
    def thanks(self) -> str:
        return self._said(self.thanks_zh, self.thanks_en)

    @staticmethod
    def _said(zh: str, en: str) -> str:
        return zh if (get_language() or "zh").startswith("zh") else en


class Picture(models.Model):
    """A picture that a choice shows. Its number is the print of its bytes, so the same picture is kept once."""

    print = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=20)  # of the media: image/png …
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.print[:12]
