"""Numbers that nobody needs to hide: official telephone numbers, dates, years, versions and money."""

from __future__ import annotations

import re


def harmless_spans(run: str, after: str) -> list[tuple[int, int]]:
    """Where such numbers stand in a run of digits, in order; `after` is the text that follows the run."""
    spans = [match.span() for match in _DATE.finditer(run) if _is_date(match)]
    spans += [match.span() for match in _OFFICIAL.finditer(run)]
    if (amount := _AMOUNT_AT_END.search(run)) and _UNIT_OF_MONEY.match(after):
        spans.append(amount.span())
    spans.sort()
    return [span for place, span in enumerate(spans) if place == 0 or span[0] >= spans[place - 1][1]]


def is_official(digits: str) -> bool:
    return digits in _OFFICIAL_DIGITS


def are_years(text: str) -> bool:
    return _YEARS.fullmatch(text) is not None


def is_date_or_version(text: str) -> bool:
    return not text.isdigit() and _DATE_OR_VERSION.fullmatch(text) is not None


def is_poster(text: str) -> bool:
    """A commune's code and a poster's number, as posters show them. Nobody writes a code of six digits so."""
    return _POSTER.fullmatch(text) is not None


def is_money(text: str, after: str) -> bool:
    if text.isdigit():
        return _UNIT_OF_MONEY.match(after) is not None and _PLAIN_AMOUNT.fullmatch(text) is not None
    grouped = _AMOUNT_AT_END.fullmatch(text) is not None
    return grouped and (text.endswith("000") or _UNIT_OF_MONEY.match(after) is not None)


def _is_date(match: re.Match[str]) -> bool:
    text, (start, end) = match.string, match.span()
    day, year = (match[4], match[1]) if len(match[1]) == 4 else (match[1], match[4])
    goes_on = "./" + match[2]
    if text[max(0, start - 1) : start].isdigit() or text[end : end + 1].isdigit():
        return False
    if (start > 1 and text[start - 1] in goes_on) or (end + 1 < len(text) and text[end] in goes_on):
        return False
    return len(year) == 4 and year[:2] in {"19", "20"} and 0 < int(day) <= 31 and 0 < int(match[3]) <= 12


_DATE = re.compile(r"([0-9]{1,4}+)([./\-])([0-9]{1,2}+)\2([0-9]{1,4}+)")
_OFFICIAL_DIGITS = frozenset(
    {"19000368", "19000113", "0692646646", "0692646112", "1414", "113", "114", "115"}
)
_OFFICIAL = re.compile(
    (
        r"(?:1(?<![0-9].)(?:1[345]|414|~9~0~0~0~(?:1~1~3|3~6~8))|0(?<![0-9].)~6~9~2~6~4~6~(?:6~4~6|1~1~2)"
        r"|8(?<![0-9].)~4~6~9~2~6~4~6~(?:6~4~6|1~1~2))(?![0-9])"
    ).replace("~", r"[ .\-/]{0,2}")
)
_YEARS = re.compile(r"[ ,\-/.]{0,3}+(?:19|20)[0-9]{2}(?:[ ,\-/.]{1,3}+(?:19|20)[0-9]{2})*+[ ,\-/.]{0,3}+")
_POSTER = re.compile(r"[0-9]{5}[-–][1-9][0-9]{0,2}")
_AMOUNT_AT_END = re.compile(r"(?<![0-9])(?<![0-9][.,])[1-9][0-9]{0,2}(?:[.,][0-9]{3})++\Z")
_PLAIN_AMOUNT = re.compile(r"[1-9][0-9]{3,7}")
_UNIT_OF_MONEY = re.compile(
    r"(?:(?:d|k|tr|cu)|\s?(?:vnd|dong|nghin|ngan|trieu|ty|usd))(?![a-z0-9])|[.,]?-?\s?₫"
)
_DATE_OR_VERSION = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])[./\-](?:0?[1-9]|1[0-2])(?:[./\-](?:(?:19|20)[0-9]{2}|[0-9]{2}))?"
    r"|(?:0?[1-9]|1[0-2])[./\-](?:19|20)[0-9]{2}|[0-9]\.[0-9]{1,2}\.[0-9]{1,2}"
    r"|(?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}"
)
