"""Registers the purchases room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.rest import registry
from shouyue.store import registry as panels
from shouyue.store.contributions import search, timeline, work
from shouyue.web import frame, sources
from shouyue.web.habits import undo


class PurchasesConfig(AppConfig):
    name = "shouyue.purchases"
    label = "purchases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.purchases.catalogue import desk as catalogue_desk
        from shouyue.purchases.catalogue import panels as catalogue
        from shouyue.purchases.incoming import panels as incoming
        from shouyue.purchases.orders import panels as ours

        frame.add(frame.RailEntry(order=22, label=_("Orders"), url_name="purchases:orders"))
        frame.add(frame.RailEntry(order=23, label=_("Products"), url_name="purchases:products"))
        frame.add(frame.RailEntry(order=24, label=_("Returns"), url_name="purchases:returns"))
        frame.add(frame.RailEntry(order=85, label=_("Imports"), url_name="purchases:imports"))
        for group in (ours.ORDERS_BY_NUMBER, *catalogue.FOUND):
            search.add(group)
        undo.register(catalogue_desk.UNDO, catalogue_desk.take_back)
        timeline.add(ours.ORDERS)
        work.add("purchases.imports", incoming.stopped_imports)
        frame.add_action(
            frame.Action(order=30, label=_("See returns that are not linked"), url_name="purchases:returns")
        )
        sources.add("plain", _("Your own records"))
        sources.add("olist", _("Olist (sample data)"))
        sources.add("online_retail", _("Online Retail (sample data)"))
        panels.add("customer.column", ours.ORDER_COUNT)
        panels.add("customer.panel", ours.LATEST_ORDERS)
        registry.add(
            registry.RoomRoutes(
                name="purchases",
                order=20,
                router="shouyue.purchases.orders.rest.calls.router",
                scopes=("purchases:read", "purchases:write"),
                facts={
                    "OrdersRecorded": gettext_noop(
                        "Orders of one batch were recorded, their status moved on, or payments came in."
                    ),
                    "OrdersTakenBack": gettext_noop("Orders that an import had made are gone, or stand as before it."),
                    "PurchasesImported": gettext_noop("An import of purchases was finished."),
                    "PurchasesImportUndone": gettext_noop("An import of purchases was taken back."),
                },
            )
        )
        registry.add(
            registry.RoomRoutes(
                name="catalogue",
                order=21,
                router="shouyue.purchases.catalogue.rest.router",
                facts={
                    "CatalogueChanged": gettext_noop("Products, categories, stores or channels were made or changed.")
                },
            )
        )
