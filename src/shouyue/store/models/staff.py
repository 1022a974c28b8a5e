"""The people who sign in to the desk. Members of the loyalty programme are another kind of principal, not these."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """Whose side a person works on."""

    A = "a", _("Party A")
    B = "b", _("Party B")
    AUDITOR = "auditor", _("Auditor")


class StaffAccounts(BaseUserManager["Staff"]):
    """Makes accounts; e-mail addresses are kept in lower case so that one person has one account."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> "Staff":
        if not email:
            raise ValueError("an account needs an e-mail address")
        staff = self.model(email=email.strip().lower(), **more)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(self, email: str, password: str | None = None, **more: Any) -> "Staff":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **more)


class Staff(AbstractBaseUser, PermissionsMixin):
    """One person of a party, or an auditor. Signs in with e-mail and password."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    party = models.CharField(_("party"), max_length=8, choices=Party.choices)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may operate the installation"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[StaffAccounts] = StaffAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "party"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(party__in=["a", "b", "auditor"]), name="staff_is_of_a_party"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="staff_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name
