"""Registers the membership room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.rest import registry
from shouyue.store import registry as panels
from shouyue.store.contributions import consequences, timeline
from shouyue.web import frame
from shouyue.web.habits import undo
from shouyue.web.portal import frame as portal_frame


class MembershipConfig(AppConfig):
    name = "shouyue.membership"
    label = "membership"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.membership.expiry import panels as expiry
        from shouyue.membership.ledger import panels as points
        from shouyue.membership.overview import panels as overview
        from shouyue.membership.passes import desk as passes

        undo.register(passes.UNDO, passes.take_back)
        frame.add(frame.RailEntry(order=40, label=_("Membership"), url_name="membership:programme"))
        _show_at_the_portal()
        panels.add("customer.panel", points.POINTS)
        consequences.add(overview.POINTS_TAKEN_BACK)
        timeline.add(points.MOVES)
        timeline.add(expiry.NOTICES)
        registry.add(
            registry.RoomRoutes(
                name="points",
                order=25,
                router="shouyue.membership.tills.rest.router",
                scopes=("points:read", "points:write"),
                facts={
                    "PointsMoved": gettext_noop("Points of members moved: earned, redeemed, set aside, expired …"),
                    "TierAtRisk": gettext_noop(
                        "A member will lose the tier at a coming review unless something is bought before it."
                    ),
                    "ExpiryNoticed": gettext_noop("Members are to be told that points expire soon."),
                    "PoolConsented": gettext_noop("A member shares points with a household, or no longer does."),
                    "PointsReinstated": gettext_noop("Points that had expired were given back."),
                    "ProgrammePublished": gettext_noop("A version of the members' programme was published."),
                },
            )
        )


def _show_at_the_portal() -> None:
    """The member card, the cards below it, and the tabs."""
    from shouyue.membership.occasions import portal as checking
    from shouyue.membership.overview import portal
    from shouyue.membership.referral import portal as friends

    portal_frame.add_tab(portal_frame.Tab(order=20, label=_("Points"), url_name="membership:points"))
    portal_frame.add_tab(portal_frame.Tab(order=30, label=_("Rewards"), url_name="membership:rewards"))
    portal_frame.add_card(
        portal_frame.Card(name="membership.join", order=5, template="membership/_join.html", context=friends.join_card)
    )
    portal_frame.add_card(
        portal_frame.Card(
            name="membership.card",
            order=10,
            template="membership/_hero.html",
            context=portal.head,
            is_head=True,
        )
    )
    portal_frame.add_card(
        portal_frame.Card(
            name="membership.points", order=10, template="membership/_points_card.html", context=portal.lately
        )
    )
    portal_frame.add_card(
        portal_frame.Card(
            name="membership.check_in",
            order=15,
            template="membership/_check_in.html",
            context=checking.check_in_card,
        )
    )
