"""The door of referrals."""

from shouyue.membership.referral.actions.deciding import decide_referral
from shouyue.membership.referral.actions.joining import join_programme, referral_code
from shouyue.membership.referral.actions.rewarding import reward_purchases
from shouyue.membership.referral.facts import ReferralDecided
from shouyue.membership.referral.models import Referral, ReferralState
from shouyue.membership.referral.queries import brought_by, waiting_referrals
from shouyue.membership.referral.sentences import guard_words

__all__ = [
    "Referral",
    "ReferralDecided",
    "ReferralState",
    "brought_by",
    "decide_referral",
    "guard_words",
    "join_programme",
    "referral_code",
    "reward_purchases",
    "waiting_referrals",
]
