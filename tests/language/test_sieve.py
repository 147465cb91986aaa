"""No secret leaves the sieve in any spelling, and what is no secret is left as it was typed."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.app.ports import Sieve, Sifted
from bot.core.message import Secret
from bot.language import sieve, sieve_codes, sieve_numbers
from bot.language.sieve import sift
from bot.language.sieve_page import LONGEST, MASKS

DATA = Path(__file__).parent / "sieve"
CASES = yaml.safe_load((DATA / "cases.yaml").read_text("utf-8"))
CARRIERS: dict[str, list[str]] = yaml.safe_load((DATA / "carriers.yaml").read_text("utf-8"))
CLEAN = (DATA / "clean.txt").read_text("utf-8").splitlines()


# ---- spellings: one number, the ways in which people and their keyboards write it


def groups(size: int, between: str) -> Callable[[str], str]:
    return lambda number: between.join(number[at : at + size] for at in range(0, len(number), size))


def script(zero: int) -> Callable[[str], str]:
    return lambda number: "".join(chr(zero + int(digit)) for digit in number)


def swap(old: str, new: str) -> Callable[[str], str]:
    """One digit in two as a letter: people mix them, nobody writes letters only."""

    def spell(number: str) -> str:
        places = [at for at, digit in enumerate(number) if digit == old][::2]
        return "".join(new if at in places else digit for at, digit in enumerate(number))

    return spell


def halves(between: str) -> Callable[[str], str]:
    return lambda number: number[: len(number) // 2] + between + number[len(number) // 2 :]


def words(names: str, between: str = " ") -> Callable[[str], str]:
    return lambda number: between.join(names.split()[int(digit)] for digit in number)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "spaces 1": groups(1, " "),
    "spaces 2": groups(2, " "),
    "spaces 3": groups(3, " "),
    "spaces 4": groups(4, " "),
    "dots 1": groups(1, "."),
    "dots 2": groups(2, "."),
    "dots 3": groups(3, "."),
    "dashes 1": groups(1, "-"),
    "dashes 3": groups(3, "-"),
    "dashes 4": groups(4, "-"),
    "slashes 1": groups(1, "/"),
    "slashes 3": groups(3, "/"),
    "wide dashes": groups(3, " - "),
    "en dashes": groups(3, "–"),
    "underscores": groups(3, "_"),
    "full-width": script(0xFF10),
    "full-width spaced": lambda number: groups(3, "\u3000")(script(0xFF10)(number)),
    "Arabic-Indic": script(0x660),
    "Persian": script(0x6F0),
    "Devanagari": script(0x966),
    "Bengali": script(0x9E6),
    "Thai": script(0xE50),
    "Lao": script(0xED0),
    "Khmer": script(0x17E0),
    "bold": script(0x1D7CE),
    "monospace": script(0x1D7F6),
    "keycaps": lambda number: "".join(f"{digit}\ufe0f\u20e3" for digit in number),
    "subscript": script(0x2080),
    "zero-width space": groups(1, "\u200b"),
    "zero-width joiner": groups(2, "\u200d"),
    "soft hyphen": groups(3, "\xad"),
    "word joiner": groups(1, "\u2060"),
    "right-to-left mark": groups(4, "\u200f"),
    "byte order mark": groups(3, "\ufeff"),
    "NUL": groups(2, "\0"),
    "combining mark": groups(1, "\u0301"),
    "no-break space": groups(3, "\xa0"),
    "thin space": groups(1, "\u2009"),
    "line break": halves("\n"),
    "tab": halves("\t"),
    "O for 0": swap("0", "O"),
    "o for 0": swap("0", "o"),
    "l for 1": swap("1", "l"),
    "I for 1": swap("1", "I"),
}
SAID = "không một hai ba bốn năm sáu bảy tám chín"
PLAINLY = "khong mot hai ba bon nam sau bay tam chin"
SPOKEN: dict[str, Callable[[str], str]] = {
    "words": words(SAID),
    "words without marks": words(PLAINLY),
    "words with commas": words(SAID, ", "),
    "words decomposed": lambda number: unicodedata.normalize("NFD", words(SAID)(number)),
    "words in capitals": words(SAID.upper()),
    "words and digits": lambda number: " ".join(
        digit if at % 3 == 2 else SAID.split()[int(digit)] for at, digit in enumerate(number)
    ),
    "then": halves(" rồi "),
    "then, without marks": halves(" roi "),
    "and on": halves(" tiếp theo "),
    "comma": halves(", "),
    "dots": halves("..."),
}


# ---- synthetic secrets, and the sentences they are planted in


def digits(chance: random.Random, count: int, start: str = "") -> str:
    return start + "".join(chance.choice("0123456789") for _ in range(count - len(start)))


def secret(chance: random.Random, kind: str) -> str:
    match kind:
        case "id_card":
            return digits(chance, 12, f"0{chance.randint(1, 96):02}")
        case "old_id_card":
            return digits(chance, 9, chance.choice("0123"))
        case "phone":
            return digits(chance, 10, "0" + chance.choice("35789"))
        case "phone_abroad":
            return digits(chance, 11, "849")
        case "landline":
            return digits(chance, 11, "02")
        case "otp":
            return digits(chance, chance.randint(4, 8))
        case "passcode" | "bare":
            return digits(chance, 6)
        case "bank_account":
            return digits(chance, chance.randint(8, 15))
        case "bank_card":
            stem = digits(chance, 15, "9704")
            return next(stem + last for last in "0123456789" if luhn(stem + last))
        case _:
            raise AssertionError(kind)


def luhn(number: str) -> bool:
    odd = [sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2]]
    return (sum(odd) + sum(map(int, number[::-2]))) % 10 == 0


def planted(
    spellings: dict[str, Callable[[str], str]], rounds: int, seed: int = 23
) -> Iterator[tuple[str, str, str]]:
    """(what was planted, how it was spelt, the message)."""
    chance = random.Random(seed)  # noqa: S311 - test data
    for kind, carriers in CARRIERS.items():
        for name, spell in spellings.items():
            for _ in range(rounds):
                carrier = chance.choice(carriers)
                if name.startswith("spaces 4") and carrier == "{}":
                    continue
                number = secret(chance, kind)
                yield f"{kind} {number}", name, carrier.replace("{}", spell(number))


def traces(text: str) -> str:
    """What is left of a number: every digit in any script, and every run of words for digits."""
    for mask in MASKS.values():
        text = text.replace(mask, "|")
    left = "".join(str(unicodedata.digit(char)) for char in text if unicodedata.digit(char, None) is not None)
    bare = "".join(
        char for char in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(char)
    )
    return left + "".join(re.findall(rf"(?:\b(?:{'|'.join(PLAINLY.split())})\b\W*){{3,}}", bare))


def leaks(sieve: Sieve, spellings: dict[str, Callable[[str], str]], rounds: int) -> list[str]:
    return [
        f"{what} as {name}: {message!r} → {text!r}"
        for what, name, message in planted(spellings, rounds)
        if traces(text := sieve(message).text)
    ]


@pytest.mark.parametrize("name", SPELLINGS)
def test_numbers_never_pass_in_digits(name: str) -> None:
    assert leaks(sift, {name: SPELLINGS[name]}, rounds=6) == []


def test_numbers_hardly_ever_pass_in_words_or_parts() -> None:
    found, planted_here = leaks(sift, SPOKEN, rounds=8), sum(1 for _ in planted(SPOKEN, rounds=8))
    assert len(found) <= 0.005 * planted_here, found


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["typed"]))
def test_tricky(case: dict[str, str]) -> None:
    assert sift(case["typed"]).text == case.get("becomes", case["typed"])


def test_clean_sentences_stay_as_typed() -> None:
    assert len(CLEAN) >= 300
    assert [(typed, sift(typed).text) for typed in CLEAN if sift(typed) != Sifted(typed, ())] == []


def test_names_what_it_masked_once_and_in_order() -> None:
    sifted = sift("sdt 0912345678, 0912345679, cccd 001099000001, thu a@example.com")
    assert sifted.found == (Secret.PHONE, Secret.ID_CARD, Secret.EMAIL)


def test_every_kind_has_a_mask_of_its_own() -> None:
    assert set(MASKS) == set(Secret)
    assert len(set(MASKS.values())) == len(Secret)


def test_the_rest_of_the_text_is_kept_to_the_letter() -> None:
    typed = (
        unicodedata.normalize("NFD", "Đây\u200b số\xa0của  TÔI: ") + "0\u200b912345678" + "…\ud800\u202eạ\n"
    )
    assert sift(typed).text == typed.replace("0\u200b912345678", MASKS[Secret.PHONE])


def test_long_texts_are_cut_and_no_half_number_is_left() -> None:
    assert sift("à" * 5_000).text == "à" * (LONGEST - 1) + "…"
    assert sift("à " * 1_996 + "001099000001").text.endswith("à…")
    assert sift("9" * 1_000_000) == Sifted("…", ())


def test_a_pasted_list_of_numbers_is_masked_without_a_closer_look() -> None:
    text = sift(" a ".join(str(number) for number in range(4000, 4200))).text
    assert set(text.split()) == {"a", *MASKS[Secret.OTP].split()}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "\0",
        "\ud800\udfff",
        "\u200b" * 50,
        "\u0301",
        "\u202e١٢٣",
        "mk",
        "mk " * 2_000,
        "@",
        "|" * 99,
        "²" * 8,
    ],
)
def test_any_text_is_taken(typed: str) -> None:
    assert sift(sift(typed).text).text == sift(typed).text


# ---- any text at all

PIECES = st.sampled_from(
    [
        "0912345678",
        "001099000001",
        "123 456",
        "12/03/2026",
        "1900 0368",
        "113",
        "2024",
        "100.000 đồng",
        "otp",
        "mã",
        "ma",
        "là",
        "mk",
        "mật khẩu",
        "stk",
        "Abc@1234",
        "không chín",
        "một hai ba",
        "năm",
        "rồi",
        "o",
        "l1",
        "O0",
        "\u200b",
        "́",
        "+84",
        "(",
        ")",
        ".",
        ",",
        "-",
        "/",
        ":",
        "@",
        "gmail.com",
        "<<",
        "x",
        "\n",
        "…",
        "passcode",
        "đồng",
        "lần",
        "k",
        "1",
        "22",
        "333",
        "4444",
        "٣",
        "７",
    ]
) | st.sampled_from([*MASKS.values(), "||NGUYEN|01011990|Nam|"])
TEXTS = st.text(max_size=60) | st.lists(
    st.tuples(PIECES, st.sampled_from(["", " ", " ", ", "])).map("".join), max_size=24
).map("".join)
LONG = re.compile(r"\d(?:[ .\-/]?\d){8,}")
ALLOWED = re.compile(
    r"(?<!\d)(?:\d{1,2}([./\-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([./\-])\d{1,2}\2\d{1,2}"
    r"|1900[ .\-/]{0,2}0368|1900[ .\-/]{0,2}0113|0692646646|0692646112|11[345]|1414"
    r"|[1-9]\d{0,2}(?:[.,]\d{3})+(?= ?(?:đồng|đ|k|dong))|(?:19|20)\d\d)(?!\d)"
)


def long_runs(text: str) -> list[str]:
    """Nine digits and more that are no date, money or official number, in any script."""
    shown = "".join(
        char for char in text if unicodedata.category(char) not in {"Cf", "Mn", "Me", "Cc"} or char == "\n"
    )
    plain = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in shown)
    return [match[0] for match in LONG.finditer(ALLOWED.sub("|", plain))]


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(TEXTS)
@example("otp 1234 otp 1234 " * 220)
@example("0000000000 0 MOT HAI BA")
@example("A000 000000")
@example('000000000MK"0000')
@example('STK"1/1/2000 000000000')
@example("200020002000")
def test_any_text_is_sifted_once_and_for_all(text: str) -> None:
    once = sift(text)
    assert sift(once.text) == Sifted(once.text, ())
    assert long_runs(once.text) == []
    assert (once.text == text) == (not once.found) or len(text) > LONGEST


# ---- a checker that lets a broken sieve pass would prove nothing


def without_other_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sieve, "fold", lambda text: "".join(c if not c.isdigit() or c.isascii() else "#" for c in text)
    )


def without_invisible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sieve, "fold", lambda text: text.translate({0x200B: "#"} | dict.fromkeys(range(0x300, 0x370)))
    )


def without_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve_numbers, "_SPELT", re.compile(r"(?!)"))


def without_code_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve_codes, "_CODE_WORDS", re.compile(r"(?!)"))


@pytest.mark.parametrize(
    ("break_it", "spelling"),
    [
        (without_other_scripts, "full-width"),
        (without_other_scripts, "Arabic-Indic"),
        (without_invisible, "zero-width space"),
        (without_spelling, "words"),
        (without_code_words, "plain"),
    ],
)
def test_a_broken_sieve_is_caught(
    monkeypatch: pytest.MonkeyPatch, break_it: Callable[[pytest.MonkeyPatch], None], spelling: str
) -> None:
    chosen = {spelling: (SPELLINGS | SPOKEN)[spelling]}
    assert leaks(sift, chosen, rounds=3) == []
    break_it(monkeypatch)
    assert leaks(sift, chosen, rounds=3) != []


def test_a_sieve_that_masks_everything_is_caught() -> None:
    greedy = re.compile(r"\d{4,}")
    assert [typed for typed in CLEAN if greedy.search(typed)] != []
