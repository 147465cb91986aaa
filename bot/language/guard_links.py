"""Which addresses a helper may send: ours and the official ones, nothing that only looks like them."""

from __future__ import annotations

import re
import unicodedata

from bot.language.normalise import LONGEST, plain
from bot.language.syllables import SYLLABLES, listed

OFFICIAL = frozenset(
    listed("vneid.gov.vn dichvucong.gov.vn dichvucong.bocongan.gov.vn bocongan.gov.vn csgt.vn")
)
STORES = {"play.google.com": "com.vnid", "apps.apple.com": "vneid"}
"""Shops where VNeID is, and what stands in its address there: another thing from the same shop is not."""


def has_foreign_link(text: str, ours: str) -> bool:
    """Whether there is an address outside the list. `ours` is our own host; empty when we have none."""
    typed = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_INVISIBLE).lower()
    for link in _WITH_SCHEME.finditer(typed):
        if not _is_known(link[0].rstrip(_END), ours):
            return True
    typed = _WITH_SCHEME.sub(" ", typed)
    joined = _HIDDEN_DOT.sub(".", _APART.sub(_closed, typed))
    return any(
        _is_address(link) and not _is_known(f"https://{link[0].rstrip(_END)}", ours)
        for link in _BARE.finditer(joined)
    )


def without_links(text: str) -> str:
    """The rest, whose dots are the ends of sentences."""
    return _BARE.sub(lambda link: " " if _is_address(link) else link[0], _WITH_SCHEME.sub(" ", text))


def _closed(apart: re.Match[str]) -> str:
    """A dot with a space beside it, unless it ends a sentence: "có đuôi .com là giả"."""
    return apart[0] if plain(apart["label"]) in SYLLABLES else f"{apart['label']}.{apart['end']}"


def _is_known(address: str, ours: str) -> bool:
    """Strict: what a browser might read another way is not known."""
    known = _STRICT.fullmatch(address)
    if known is None:
        return False
    host = known["host"].removeprefix("www.")
    if host in STORES:
        return STORES[host] in known["rest"]
    return host in OFFICIAL or (bool(ours) and host == ours)


def _is_address(link: re.Match[str]) -> bool:
    """Whether a word with dots is an address, and not two sentences run together ("xong.em bấm")."""
    host, rest = link["host"], link["rest"]
    labels = host.split(".")
    last, before = labels[-1], labels[-2]
    if all(label.isdigit() for label in labels):
        return len(labels) == 4 and (bool(rest) or link.end() - link.start() > 8)
    if last.isdigit() or not plain(last).isascii():
        return False
    if rest.startswith("/") and len(last) > 1 and last.isascii():
        return True
    if not last.isascii():
        return plain(last) in _SURE
    if last in _SURE:
        return True
    return last in _DOUBTFUL and (plain(before) not in SYLLABLES or host in _SHORT)


_INVISIBLE = dict.fromkeys(
    (0xAD, 0x34F, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065))
)
_END = ".,;:!?)»\"'…"
_WITH_SCHEME = re.compile(
    r"(?:[a-z][a-z0-9+-]{1,9}\s?:\s?/\s?/|(?:https?|hxxps?)\s{0,2}[:/]|www\s?\.)[^\s«»\"<>]*+"
)
_STRICT = re.compile(
    r"https?://(?P<host>[a-z0-9.-]{1,253})(?::(?:80|443))?(?P<rest>(?:[/?#][\w\-./?=&#%~+]*)?)", re.ASCII
)
_HIDDEN_DOT = re.compile(
    r"\s?[\[({]\s?(?:\.|dot|chấm|cham)\s?[\])}]\s?"
    r"|\s(?:dot|chấm|cham)\s(?=(?:com|net|org|info|vn|xyz|gov|edu|io|top|me|ly)\b)"
    r"|[。．]"
)
_APART = re.compile(
    r"(?P<label>[\w-]{2,63})(?:\s{1,2}\.\s{0,2}|\.\s)(?P<end>com|net|org|info|xyz|vn|io|ly|gov)(?!\w)"
)
_BARE = re.compile(
    r"(?<![^\s«»\"'(<\[,:;@])(?P<host>[^\W_](?:[\w-]{0,62})(?:\.[\w-]{1,63}){1,8})"
    r"(?P<rest>(?::\d{1,5})?(?:[/?#][^\s«»\"<>]*+)?)"
)
_SURE = frozenset(
    listed("""
    com net org info biz xyz top site online shop store club icu vip pro app dev page link click live work
    website space tech cloud host press fun win bid loan men date stream download zip mov apk gov edu mil int
    name mobi asia tel cat jobs travel vn io cc tv ws tk ml ga cf gq pw gl gd ru cn jp kr uk us eu de fr id
    sg my th ph tw hk au in nl pl cz web blog news life world today support help chat group one run bio
    """)
)
_DOUBTFUL = frozenset(
    listed("me co la to so do no va ve ca be bo ba ma mo mu na nu ni vu ai im is it ag am ly ac")
)
"""Ends of addresses that are Vietnamese words too."""
_SHORT = frozenset(listed("bit.ly zalo.me t.me wa.me m.me tinyurl.com goo.gl t.co cutt.ly ow.ly is.gd rb.gy"))
