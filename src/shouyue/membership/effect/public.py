"""The door of the effect."""

from shouyue.membership.effect.actions import measure_effect
from shouyue.membership.effect.facts import EffectMeasured
from shouyue.membership.effect.queries import EffectView, latest_effect

__all__ = ["EffectMeasured", "EffectView", "latest_effect", "measure_effect"]
