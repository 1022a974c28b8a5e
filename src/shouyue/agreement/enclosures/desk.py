"""Downloads of files that are kept with the contract; both parties and the auditor see the same ones."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shouyue.agreement.enclosures.models import Enclosure

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}


@require_safe
def enclosure(_request: HttpRequest, enclosure_id: UUID) -> HttpResponse:
    """The bytes as they came; images inside a page, everything else as a download."""
    kept = get_object_or_404(Enclosure, pk=enclosure_id)
    answer = HttpResponse(bytes(kept.content), content_type=kept.kind)
    how = "inline" if kept.kind.startswith("image/") else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{kept.pk}.{_ENDINGS[kept.kind]}"'
    return answer
