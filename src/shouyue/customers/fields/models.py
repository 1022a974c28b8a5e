"""Fields that an installation declares for itself, and their values."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from shouyue.customers.fields.rules.values import Schema
from shouyue.kernel.ids import new_id
from shouyue.store.hot import HotRecord
from shouyue.store.personal import Basis, DataClass, Personal, Purpose, Retention, Seer
from shouyue.store.sealed_fields import SealedJson


def _sealed() -> SealedJson:
    # Which class a value is of stands in its field; sealed are those that have one.
    seen_by = (Seer.SERVING, Seer.SUPPORT)
    declared = Personal(DataClass.PROFILE, Purpose.RECORDS, Basis.CONTRACT, Retention.AGREEMENT, seen_by)
    return SealedJson(personal=declared, subject="customer_id")


class FieldKind(models.TextChoices):
    """What a field takes."""

    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    DATE = "date", _("day")
    CHOICE = "choice", _("one of a list")
    MULTI = "multi", _("several of a list")
    BOOLEAN = "boolean", _("yes or no")
    TAGS = "tags", _("tags: free words")


class CustomField(models.Model):
    """One field. name: its key in the values. choices: [[key, Chinese, English]]. data_class: "" for what says nothing
    of a person; every other value is sealed. retired_at: since when nobody is asked for it; its values stay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.SlugField(max_length=40, unique=True)
    title_zh = models.CharField(_("Chinese name"), max_length=40)
    title_en = models.CharField(_("English name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=FieldKind.choices)
    is_required = models.BooleanField(_("required"), default=False)
    choices = models.JSONField(default=list)
    data_class = models.CharField(_("personal data"), max_length=12, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="field_kind_is_known", condition=models.Q(kind__in=FieldKind.values))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return self.title_zh if _is_chinese() else self.title_en

    @property
    def is_personal(self) -> bool:
        return bool(self.data_class)

    @property
    def schema(self) -> Schema:
        return Schema(self.name, self.kind, self.is_required, tuple(one[0] for one in self.choices))

    def choice_titles(self) -> list[tuple[str, str]]:
        """Key and name of each choice in the reader's language."""
        place: int = 1 if _is_chinese() else 2
        return [(one[0], one[place]) for one in self.choices]


class CustomValues(models.Model):
    """The values of one customer. plain: by field name, what says nothing of a person; sealed: the rest."""

    customer = models.OneToOneField("customers.Customer", primary_key=True, on_delete=models.CASCADE, related_name="+")
    plain = models.JSONField(default=dict)
    sealed = _sealed()
    updated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["plain"], name="custom_value_by_content", opclasses=["jsonb_path_ops"])]

    def __str__(self) -> str:
        return f"{self.customer_id}"


class CustomValueChange(HotRecord):
    """One change by hand of one value, kept so that it can be taken back. before, after: {"value": …}.

    edit: the change of many that it is part of, if it is.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    field = models.ForeignKey("customers.CustomField", on_delete=models.PROTECT, related_name="+", db_index=False)
    before = _sealed()
    after = _sealed()
    by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    edit = models.ForeignKey(
        "customers.CustomValuesEdit", null=True, on_delete=models.CASCADE, related_name="changes", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["edit"], name="value_change_by_edit", condition=models.Q(edit__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d}"


class CustomValuesEdit(models.Model):
    """One change by hand of one field of many customers, kept so that it can be taken back.

    before: pairs of an earlier value and the ids of the customers that had it. Of a personal field both values are
    sealed in `changes`, one for each customer, and nothing is told here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    field = models.ForeignKey("customers.CustomField", on_delete=models.PROTECT, related_name="+", db_index=False)
    value = models.JSONField(null=True)
    before = models.JSONField()
    count = models.PositiveIntegerField()
    by = models.CharField(max_length=80)
    edited_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.field_id}: {self.count}"


def _is_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")
