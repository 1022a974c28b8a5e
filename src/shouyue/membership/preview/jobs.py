"""Background work of previews."""

from shouyue.membership.preview.actions import preview_draft

__all__ = ["preview_draft"]
