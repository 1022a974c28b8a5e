"""How personal data is declared: what it is, why it is kept, on which ground, how long, and who sees it whole."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from shouyue.kernel.masking import Mask


class DataClass(models.TextChoices):
    """What a value says about a person; `sensitive` as in article 28 of the Personal Information Protection Law."""

    IDENTITY = "identity", _("identity: names and numbers of a person")
    CONTACT = "contact", _("contact: phone, e-mail, address")
    PROFILE = "profile", _("profile: birthday, place, preferences")
    BEHAVIOUR = "behaviour", _("behaviour: purchases, answers, messages")
    ACCOUNT = "account", _("account: who signs in")
    SENSITIVE = "sensitive", _("sensitive: health, finances, minors and the like")


class Purpose(models.TextChoices):
    """Why it is kept."""

    RECORDS = "records", _("complete and accurate customer records (clause 4.1)")
    SERVICE = "service", _("serving the customer: purchases, membership, complaints, greetings (clauses 4 and 5)")
    MEASURING = "measuring", _("measuring satisfaction and loyalty (clauses 3, 4.3 and 8)")
    NOTICES = "notices", _("naming the parties and delivering notices between them (clause 1)")
    SIGNING_IN = "signing_in", _("signing in and showing who did what (clauses 9 and 11)")
    EVIDENCE = "evidence", _("showing what happened when the parties disagree (clauses 8 and 11)")


class Basis(models.TextChoices):
    """The ground in article 13 of the Personal Information Protection Law."""

    CONTRACT = "contract", _("needed for a contract with the person")
    CONSENT = "consent", _("the person's consent")
    EMPLOYMENT = "employment", _("managing staff under labour rules")
    DUTY = "duty", _("a duty set by law")


class Retention(models.TextChoices):
    """How long it is kept."""

    AGREEMENT = "agreement", _("while the agreement runs; then returned or deleted")
    DISPUTES = "disputes", _("three years after the agreement ends, for disputes about it")
    ACCOUNT = "account", _("while the account exists, and as long as the records of what it did")
    IMPORT = "import", _("until the import is finished")
    REPLAY = "replay", _("a few days, to answer or deliver again")
    ENTRANCE = "entrance", _("two days, to check and limit sign-ins")
    SESSION = "session", _("30 days after the member was signed out")
    MINUTES = "minutes", _("a few minutes, until it expires")
    DRAFT = "draft", _("until it is sent, 30 days at most")
    CORRECTION = "correction", _("until the rejected rows are corrected, 180 days at most")
    UNDO = "undo", _("90 days, while an import can be taken back")


class Seer(models.TextChoices):
    """Who may see it whole; everybody else sees it masked or not at all."""

    SERVING = "serving", _("Party A's staff who serve the customer")
    SUPPORT = "support", _("Party B's staff, for a reason that is recorded")
    PARTIES = "parties", _("both parties and the auditor")
    OPERATOR = "operator", _("who operates the installation")
    NOBODY = "nobody", _("nobody; it is only compared")


@dataclass(frozen=True, slots=True)
class Personal:
    """The declaration of one value or of the rows of one table."""

    data_class: DataClass
    purpose: Purpose
    basis: Basis
    retention: Retention
    seen_by: tuple[Seer, ...]
    mask: Mask = Mask.ALL
