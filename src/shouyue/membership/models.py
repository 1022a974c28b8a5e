"""The records of the whole wing, for Django."""

from shouyue.membership.adjusting.models import Adjustment
from shouyue.membership.effect.models import EffectReading
from shouyue.membership.expiry.models import ExpiryNotice
from shouyue.membership.ledger.models import (
    Balance,
    EarnProgramme,
    Hold,
    Lot,
    Proof,
    Take,
    Transfer,
)
from shouyue.membership.preview.models import Preview
from shouyue.membership.programme.models import Award, Closing, ProgrammeVersion
from shouyue.membership.referral.models import Referral, ReferralCode, ReferralReward, TermsConsent
from shouyue.membership.rewards.models import Redemption, Reward
from shouyue.membership.sharing.models import PoolMember
from shouyue.membership.tiers.models import BenefitUse, TierChange, TierPass, TierStanding
from shouyue.membership.tills.models import Earning

__all__ = [
    "Adjustment",
    "Award",
    "Balance",
    "BenefitUse",
    "Closing",
    "EarnProgramme",
    "Earning",
    "EffectReading",
    "ExpiryNotice",
    "Hold",
    "Lot",
    "PoolMember",
    "Preview",
    "ProgrammeVersion",
    "Proof",
    "Redemption",
    "Referral",
    "ReferralCode",
    "ReferralReward",
    "Reward",
    "Take",
    "TermsConsent",
    "TierChange",
    "TierPass",
    "TierStanding",
    "Transfer",
]
