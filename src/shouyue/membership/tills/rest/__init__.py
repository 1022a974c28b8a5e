"""Points for programs: members and balances, quotes, sales, returns, holds, redemptions, gifts and households."""

from ninja import Router

from shouyue.membership.tills.rest import members, moving, sales, sharing

router = Router()
router.add_router("", members.router)
router.add_router("", sales.router)
router.add_router("", moving.router)
router.add_router("", sharing.router)
