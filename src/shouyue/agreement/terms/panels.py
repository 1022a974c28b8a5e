"""What this room gives to the palette: the clauses of the agreement in force."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from shouyue.agreement.terms.models import Agreement, Clause
from shouyue.store.contributions.search import Hit, SearchGroup, ranked
from shouyue.store.registry import Reader


def _clauses(asked: str, _reader: Reader, most: int) -> Sequence[Hit]:
    in_force = Agreement.objects.filter(state=Agreement.State.IN_FORCE).order_by("-starts_on", "number")[:1]
    clauses = Clause.objects.filter(agreement__in=in_force).order_by("order", "-version").distinct("order")
    found = ranked(asked, [(clause, _texts(clause)) for clause in clauses], most=most)
    return [
        Hit(title=f"{clause.number} {clause.title}", url=reverse("agreement:clause", args=[clause.number]))
        for clause in found
    ]


def _texts(clause: Clause) -> list[str]:
    texts = [clause.number, clause.title_zh, clause.title_en]
    for language in ("zh-hans", "en"):
        with override(language):
            texts.append(str(_CLAUSE % {"number": clause.number}))
    return texts


_CLAUSE = _("clause %(number)s")
CLAUSES = SearchGroup(name="agreement.clauses", order=10, title=_("Clauses of the agreement"), find=_clauses)
