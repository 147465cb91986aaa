"""Public holidays of Viet Nam, Tết and the days given for a weekend among them, computed for any year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache


@cache
def days_off(year: int) -> Mapping[date, str]:
    """With their names. The library is loaded when somebody asks first."""
    from holidays import country_holidays

    return dict(country_holidays("VN", years=year, language="vi").items())
