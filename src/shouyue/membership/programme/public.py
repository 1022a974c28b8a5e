"""The door of the programme."""

from shouyue.membership.programme.actions.awards import award_occasion, give_points
from shouyue.membership.programme.actions.versions import (
    ChangedMeanwhileError,
    change_draft,
    keep_campaign,
    publish_version,
)
from shouyue.membership.programme.models import Award, ProgrammeVersion
from shouyue.membership.programme.queries import (
    NoProgrammeError,
    closed_days,
    counting_version,
    draft,
    published_versions,
    version_on,
)
from shouyue.membership.programme.rules.content import campaigns_of
from shouyue.membership.programme.rules.earning import Occasion
from shouyue.membership.programme.sentences import OCCASIONS, named, rule_name, rule_sentence

__all__ = [
    "OCCASIONS",
    "Award",
    "ChangedMeanwhileError",
    "NoProgrammeError",
    "Occasion",
    "ProgrammeVersion",
    "award_occasion",
    "campaigns_of",
    "change_draft",
    "closed_days",
    "counting_version",
    "draft",
    "give_points",
    "keep_campaign",
    "named",
    "publish_version",
    "published_versions",
    "rule_name",
    "rule_sentence",
    "version_on",
]
