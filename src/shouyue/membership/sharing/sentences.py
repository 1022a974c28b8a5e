"""Why points cannot be shared, in the reader's language."""

from django.utils.translation import gettext as _

from shouyue.web.format import count


def not_shared(why: str, usable: int) -> str:
    """What keeps points from being given or shared. why: of `NotSharedError`; usable: what can be."""
    told = {"usable": count(usable)}
    return {
        "own": lambda: _("A gift goes to another member."),
        "no_member": lambda: _("Both must be members."),
        "short": lambda: _("Points that can be had: %(usable)s.") % told,
        "cap": lambda: _("Points that can still be given today: %(usable)s.") % told,
        "other_pool": lambda: _("The member shares points with another household already; stop that first."),
        "full": lambda: _("The household has as many members as it may have."),
        "no_pool": lambda: _("The member shares points with no household."),
    }[why]()
