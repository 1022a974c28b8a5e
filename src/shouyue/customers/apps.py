"""Registers the customers room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.rest import registry
from shouyue.store import registry as contributed
from shouyue.store.contributions import search, work
from shouyue.web import frame, sources
from shouyue.web.habits import undo
from shouyue.web.portal import frame as portal_frame


class CustomersConfig(AppConfig):
    name = "shouyue.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.customers.contacts import desk as contacts
        from shouyue.customers.contacts import panels as contacts_panels
        from shouyue.customers.duplicates import desk as duplicates
        from shouyue.customers.duplicates import panels as of_duplicates
        from shouyue.customers.duplicates.queries.persons import ids_of_person
        from shouyue.customers.fields import desk as fields
        from shouyue.customers.fields import panels as declared_fields
        from shouyue.customers.kinships import desk as kinships
        from shouyue.customers.kinships import panels as kinship_panels
        from shouyue.customers.people import panels, portal
        from shouyue.customers.people.desk import edits
        from shouyue.customers.people.more_fields import know_more_fields
        from shouyue.customers.people.same_person import know_same_persons
        from shouyue.customers.quality import panels as quality

        know_same_persons(ids_of_person)
        know_more_fields(declared_fields.DeclaredFields())
        portal_frame.know_faces(portal.faces)
        portal_frame.add_tab(portal_frame.Tab(order=90, label=_("My data"), url_name="customers:my_data"))
        contributed.add("customer.panel", quality.FRESHNESS)
        contributed.add("customer.panel", of_duplicates.DUPLICATES)
        contributed.add("customer.properties", contacts_panels.CONTACTS)
        undo.register(edits.UNDO, edits.take_back)
        contributed.add("customer.panel", kinship_panels.KINSHIPS)
        contributed.add("customer.column", kinship_panels.HOUSEHOLD)
        contributed.add("customer.column", kinship_panels.RELATIONS)
        undo.register(kinships.UNDO, kinships.take_back)
        contributed.add("customer.properties", declared_fields.FIELDS)
        contributed.add("customer.tag", declared_fields.TAGS_BELOW_NAME)
        undo.register(contacts.UNDO, contacts.take_back)
        undo.register(fields.UNDO, fields.take_back)
        work.add("customers.corrections", quality.waiting_corrections)
        undo.register(duplicates.MERGE, duplicates.take_back_merge)
        undo.register(duplicates.UNMERGE, duplicates.take_back_unmerge)
        undo.register(duplicates.DISMISS, duplicates.take_back_dismissal)
        work.add("customers.duplicates", of_duplicates.waiting_pairs)
        search.add(panels.CUSTOMERS_FOUND)
        _stand_in_the_frame()
        _add_routes()
        _offer_counts()


def _stand_in_the_frame() -> None:
    from shouyue.store.models import Party

    frame.add(frame.RailEntry(order=20, label=_("Customers"), url_name="customers:list"))
    frame.add_action(
        frame.Action(
            order=20,
            label=_("Create a customer"),
            url_name="customers:new",
            shown_to=lambda request: getattr(request.user, "party", Party.AUDITOR) != Party.AUDITOR,
        )
    )
    frame.add_action(frame.Action(order=21, label=_("Review duplicates"), url_name="customers:duplicates"))
    sources.add("desk", _("Typed in"))
    sources.add("api", _("API"))
    sources.add("portal", _("Member centre"))


def _add_routes() -> None:
    told = {"CustomersRecorded": gettext_noop("Customers were created or changed by a program.")}
    doubles = {
        "CustomersMerged": gettext_noop("Two records were found to be one person."),
        "CustomersUnmerged": gettext_noop("A merge of two records was taken back."),
    }
    for room in (
        registry.RoomRoutes(
            name="customers",
            order=10,
            router=_router("telling", "rest.calls"),
            scopes=("customers:read", "customers:write", "customers:personal"),
            facts=told,
        ),
        registry.RoomRoutes(name="quality", order=11, router=_router("quality")),
        registry.RoomRoutes(name="customers.entering", order=11, router=_router("entering")),
        registry.RoomRoutes(name="customers.duplicates", order=12, router=_router("duplicates"), facts=doubles),
        registry.RoomRoutes(name="customers.contacts", order=13, router=_router("contacts")),
        registry.RoomRoutes(name="customers.fields", order=14, router=_router("fields")),
        registry.RoomRoutes(name="customers.kinships", order=15, router=_router("kinships")),
    ):
        registry.add(room)


def _router(room: str, seat: str = "rest") -> str:
    return f"shouyue.customers.{room}.{seat}.router"


def _offer_counts() -> None:
    from shouyue.agreement.public import offer_counts
    from shouyue.customers.quality import offers

    offer_counts("record_freshness", offers.confirmed_contacts)
    offer_counts("record_accuracy", offers.audited_records)
