"""What the frame of every page needs."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shouyue.web import frame as rails
from shouyue.web import theme
from shouyue.web.portal import context as portal

# htmx without anything our content policy forbids; a refused form (422) is shown in place.
_HTMX = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "refreshOnHistoryMiss": True,  # so going back loads the page anew
        "historyCacheSize": 0,  # pages hold personal data: none of it into the browser's storage
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "422", "swap": True},
            {"code": "409", "swap": True},  # somebody else was quicker: the answer shows both values
            {"code": "...", "swap": False, "error": True},
        ],
    }
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Rail or tabs, theme, languages and htmx's settings. Adds no query to the page."""
    return {
        **rails.context_of(request),
        **portal.context_of(request),
        "theme": theme.chosen(request),
        "themes": theme.CHOICES,
        "languages": settings.LANGUAGES,
        "htmx_config": _HTMX,
    }
