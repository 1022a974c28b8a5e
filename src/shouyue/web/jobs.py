"""Background work of the shell."""

from shouyue.web.habits.exporting import export_list, remove_exports

__all__ = ["export_list", "remove_exports"]
