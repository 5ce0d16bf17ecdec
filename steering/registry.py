"""The indicators that only the highest floor can tell: what is published for everybody."""

from common.indicators import Indicator

INDICATORS: tuple[Indicator, ...] = ()
