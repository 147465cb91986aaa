"""The communes as the library has them."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

from bot.content.places import read_communes
from bot.core.places import is_code


def test_all_communes_and_provinces_are_there_under_five_digits() -> None:
    communes = read_communes()
    assert len(communes) == len({commune.code for commune in communes}) == 3321
    assert len({commune.province for commune in communes}) == 34
    assert all(is_code(commune.code) for commune in communes)
    assert all(unicodedata.is_normalized("NFC", commune.label) for commune in communes)
    assert {commune.name.split()[0] for commune in communes} == {"Xã", "Phường", "Đặc"}
    assert {commune.province.split()[0] for commune in communes} == {"tỉnh", "thành"}


def test_a_commune_is_spoken_of_inside_a_sentence() -> None:
    named = {commune.code: commune.spoken for commune in read_communes()}
    assert named["22291"] == "xã Hòa Xuân, tỉnh Đắk Lắk"
    assert named["20314"] == "phường Hòa Xuân, thành phố Đà Nẵng"
    assert named["00004"] == "phường Ba Đình, thành phố Hà Nội"


def test_nothing_of_the_library_is_imported() -> None:
    program = (
        "import sys; from bot.content.places import read_communes; read_communes();"
        "print([name for name in sys.modules if name.startswith('vietnam_provinces')])"
    )
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "[]"
