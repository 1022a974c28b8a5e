"""Addresses of membership."""

from django.urls import path

from shouyue.membership.adjusting import desk as adjusting
from shouyue.membership.expiry import desk as expiry
from shouyue.membership.ledger import desk as ledger
from shouyue.membership.occasions import desk as occasions
from shouyue.membership.occasions import portal as checking
from shouyue.membership.overview import desk as overview
from shouyue.membership.overview import portal as card
from shouyue.membership.passes import desk as passes
from shouyue.membership.preview import desk as preview
from shouyue.membership.programme import desk as programme
from shouyue.membership.referral import desk as referral
from shouyue.membership.referral import portal as friends
from shouyue.membership.rewards import desk as rewards
from shouyue.membership.rewards import portal as catalogue
from shouyue.membership.sharing import desk as sharing
from shouyue.membership.tiers.desk import drafting, members

app_name = "membership"
urlpatterns = [
    path("membership/", overview.home, name="programme"),
    path("membership/rules/", programme.rules, name="rules"),
    path("membership/rules/<slug:key>/", programme.rule, name="rule"),
    path("membership/rules/<slug:key>/drop", programme.drop, name="drop"),
    path("membership/campaigns/new", programme.campaign, name="new_campaign"),
    path("membership/campaigns/<slug:key>/", programme.campaign, name="campaign"),
    path("membership/campaigns/<slug:key>/drop", programme.end_campaign, name="drop_campaign"),
    path("membership/previews/", preview.ask, name="ask_preview"),
    path("membership/previews/<uuid:preview_id>/", preview.show, name="preview"),
    path("membership/publish", programme.publish, name="publish"),
    path("membership/draft/tiers/", drafting.tiers, name="draft_tiers"),
    path("membership/draft/tiers/new", drafting.step, name="new_step"),
    path("membership/draft/tiers/<slug:name>/", drafting.step, name="step"),
    path("membership/draft/tiers/<slug:name>/drop", drafting.drop_step, name="drop_step"),
    path("membership/draft/terms", drafting.terms, name="terms"),
    path("membership/draft/benefits/new", drafting.benefit, name="new_benefit"),
    path("membership/draft/benefits/<slug:key>/", drafting.benefit, name="benefit"),
    path("membership/draft/benefits/<slug:key>/drop", drafting.drop_benefit, name="drop_benefit"),
    path("membership/rewards/new", rewards.reward, name="new_reward"),
    path("membership/rewards/<uuid:reward_id>/", rewards.reward, name="change_reward"),
    path("membership/households/", sharing.shared, name="households"),
    path("membership/members/<uuid:customer_id>/household", sharing.household, name="household"),
    path("membership/members/<uuid:customer_id>/expired/<uuid:expiry_id>", expiry.give_back, name="reinstate"),
    path("membership/tiers/", members.tiers, name="tiers"),
    path("membership/tiers/<slug:name>/", members.tier, name="tier"),
    path("membership/members/<uuid:customer_id>/tier", members.member_tier, name="member_tier"),
    path("membership/members/<uuid:customer_id>/passes/new", passes.sell, name="sell_tier"),
    path("membership/members/<uuid:customer_id>/passes/<uuid:pass_id>/end", passes.end, name="end_pass"),
    path("membership/vouchers/use", rewards.use_voucher, name="use_voucher"),
    path("membership/referrals/<uuid:customer_id>/", referral.referral, name="referral"),
    path("membership/points/", ledger.overview, name="ledger"),
    path("membership/points/adjustments/", adjusting.adjustments, name="adjustments"),
    path("membership/points/adjustments/<uuid:adjustment_id>/", adjusting.decide, name="decide_adjustment"),
    path("membership/members/<uuid:customer_id>/", overview.member, name="member"),
    path("membership/members/<uuid:customer_id>/adjust", adjusting.adjust, name="adjust"),
    path("membership/members/<uuid:customer_id>/review", occasions.review, name="review"),
    path("membership/members/<uuid:customer_id>/use", members.use, name="use_benefit"),
    path("m/points/", card.points, name="points"),
    path("m/check-in", checking.check, name="check_in"),
    path("m/rewards/", catalogue.rewards, name="rewards"),
    path("m/rewards/<uuid:reward_id>/", catalogue.reward, name="reward"),
    path("m/vouchers/<uuid:redemption_id>/", catalogue.voucher, name="voucher"),
    path("m/vouchers/<uuid:redemption_id>/end", catalogue.end, name="end_reservation"),
    path("m/friends/", friends.friends, name="friends"),
    path("m/invited/<str:code>", friends.invited, name="invited"),
    path("m/join", friends.join, name="join"),
]
