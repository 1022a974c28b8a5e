"""The door of the effect."""

from shouyue.membership.effect.actions import measure_effect
from shouyue.membership.effect.facts import EffectMeasured
from shouyue.membership.effect.queries import EffectView, latest_effect
from shouyue.membership.effect.sentences import effect_rows

__all__ = ["EffectMeasured", "EffectView", "effect_rows", "latest_effect", "measure_effect"]
