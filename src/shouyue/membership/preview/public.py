"""The door of previews."""

from shouyue.membership.preview.actions import ask_preview
from shouyue.membership.preview.models import Preview

__all__ = ["Preview", "ask_preview"]
