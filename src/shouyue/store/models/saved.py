"""What a person at the desk keeps for later: views of lists, and drafts of what was not sent yet."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from shouyue.kernel.ids import new_id

VIEW_NAME_MAX = 40
QUERY_MAX = 2_000


class SavedView(models.Model):
    """A list as somebody likes to see it: a tab over the list.

    listing: the list's name, "purchases.orders". query: what follows "?" in its address, columns included, without a
    place in the list. is_shared: the owner's colleagues of the same party see it too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey("store.Staff", on_delete=models.CASCADE, related_name="+")
    listing = models.CharField(max_length=60)
    name = models.CharField(max_length=VIEW_NAME_MAX)
    query = models.CharField(max_length=QUERY_MAX, blank=True)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listing", "owner", "name"], name="view_name_once_per_list_and_owner"),
            models.CheckConstraint(condition=~models.Q(name=""), name="view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody typed into a form and has not sent: one for each person and form.

    form: the form's name and, where it edits a record, the record's id. box: the fields as JSON, sealed with a key of
    the installation (what people type may be about anybody); key_id: which one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey("store.Staff", on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=120)
    key_id = models.CharField(max_length=16)
    box = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "form"], name="draft_once_per_owner_and_form")
        ]

    def __str__(self) -> str:
        return self.form
