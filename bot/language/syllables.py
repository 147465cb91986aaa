"""Which plain letters can be a Vietnamese syllable, and what the leftovers of Telex and VNI spell.

A keyboard that is not in Vietnamese mode leaves "dduwowcj" or "d9u7o75c" for "được". Such a token is read
only when the result is a syllable and the token itself is none, so that ordinary words are never touched.
"""

from __future__ import annotations

import re
from itertools import product


def listed(words: str) -> list[str]:
    """A table written as running text, which stays readable where a list of strings would not."""
    return words.split()


_BEFORE_ANY = ["", "b", "ch", "d", "h", "kh", "l", "m", "n", "nh", "ph", "r", "s", "t", "th", "tr", "v", "x"]
_BEFORE_BACK = ("c", "g", "ng")
_BEFORE_FRONT = ("k", "gh", "ngh")

_BACK_RIMES = listed(
    "a ac ach ai am an ang anh ao ap at au ay "
    "o oa oac oach oai oan oang oanh oao oat oay oc oe oen oeo oet oi om on ong op ot "
    "u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu "
    "uy uya uych uyen uyet uynh uyt uyu"
)
_FRONT_RIMES = listed(
    "e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu y"
)
_AFTER_QU = (
    "a ac ach ai an ang anh ao ap at au ay e ech en enh eo et eu i ich in inh it o oc on y yen yet ynh yt"
)
_AFTER_GI = (
    "|a|ac|ai|am|an|ang|anh|ao|ap|at|au|ay|e|ec|em|en|eng|eo|ep|et|eu|m|n|nh|o|oi|om|on|ong|op|ot|oc|"
    "u|ua|uc|um|un|ung|up|uo|uong"
)
_ALONE = listed("yem yen yet yeu yeng")

SYLLABLES = frozenset(
    [
        *(onset + rime for onset, rime in product((*_BEFORE_ANY, *_BEFORE_BACK), _BACK_RIMES)),
        *(onset + rime for onset, rime in product((*_BEFORE_ANY, *_BEFORE_FRONT), _FRONT_RIMES)),
        *("qu" + rime for rime in _AFTER_QU.split()),
        *("gi" + rime for rime in _AFTER_GI.split("|")),
        *_ALONE,
    ]
)
"""Without tones, hats and đ. "oong" and "ooc" are left out: in "khoong" they are Telex."""

_TELEX = re.compile(r"([bcdghklmnpqrstvx]*)([aeiouyw][a-z]*)")
_TELEX_TONE = re.compile(r"[sfrxj]")
_HORN = re.compile(r"(?<=[aou])w")
_HORN_AT_END = re.compile(r"\A([a-z]*[aou][a-z]*)w\Z")
_HAT_AT_END = re.compile(r"([a-z]*([aeo])[a-z]+)\2")
_VNI = re.compile(r"[a-z]+(?:[1-9][a-z]*){1,4}")
_STOPPED = re.compile(r"(?:[cpt]|ch)\Z")


def untyped(token: str) -> str | None:
    """The syllable that was meant by `token`, plain lower-case letters and digits; None if it is not one."""
    if token.isalpha():
        return _from_telex(token)
    return _from_vni(token)


def _from_telex(token: str) -> str | None:
    match = _TELEX.fullmatch(token)
    if match is None:
        return None
    onset, rest = match.groups()
    rest, tones = _TELEX_TONE.subn("", rest)
    if tones > 1:
        return None
    rest = _HORN.sub("", rest).replace("w", "u")
    rest = rest.replace("aa", "a").replace("ee", "e").replace("oo", "o")
    syllable = onset.replace("dd", "d") + rest
    if syllable in SYLLABLES:
        return syllable
    late = _HAT_AT_END.fullmatch(syllable)
    if late and late[1] in SYLLABLES:
        return late[1]
    bare = onset.replace("dd", "d") + _HORN_AT_END.sub(r"\1", _TELEX_TONE.sub("", match[2]))
    return bare if bare in SYLLABLES else None


def _from_vni(token: str) -> str | None:
    if not _VNI.fullmatch(token):
        return None
    syllable = "".join(filter(str.isalpha, token))
    keys = "".join(filter(str.isdigit, token))
    tones = [key for key in keys if key in "12345"]
    # "oppo a5" and "a12" are telephones, "cap2" is a level: a stop takes no tone but sắc and nặng
    if len(tones) > 1 or syllable not in SYLLABLES or (len(syllable) < 2 and len(keys) < 2):
        return None
    if tones and tones[0] in "234" and _STOPPED.search(syllable):
        return None
    return syllable
