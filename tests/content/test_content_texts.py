"""Sentences with variables say what Jinja2 would say, and allow nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from bot.content.grammar import parts_of
from bot.content.parts import Fixed, Template, capitalize
from bot.content.problems import Problem
from bot.content.source import Document, Kind, Scalar
from bot.content.texts import ALL_VARIABLES, read_text, renderings
from bot.core.flow import Text, Variables

VARIABLES = Variables("bác", "Tổ công nghệ", "https://xa.vn", "Bước 1", "Cài app", "mã OTP")
EMPTY = Variables("bạn")


def read(source: str) -> tuple[Text | None, list[Problem]]:
    problems: list[Problem] = []
    scalar = Scalar(source, Kind.TEXT, Document("x", source), 0, len(source))
    return read_text(scalar, problems, ALL_VARIABLES), problems


def jinja(source: str, variables: Variables) -> str:
    environment = SandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, autoescape=False
    )
    environment.filters["capitalize"] = capitalize
    values = {name: getattr(variables, name) for name in ALL_VARIABLES}
    return environment.from_string(source.strip()).render(values).strip()


PIECES = st.sampled_from(
    [
        "Xin chào",
        " ",
        "\n",
        ", ",
        "**VNeID**",
        "{{ xung_ho }}",
        "{{xung_ho|capitalize}}",
        "{{ to_chuc | upper }}",
        "{{ viec|capitalize|upper }}",
        "{% if to_chuc %}có {{ to_chuc }}{% else %}không{% endif %}",
        "{% if xung_ho == 'bạn' %}cậu{% elif not dia_chi_web %}x{% endif %}",
        "{% if xung_ho != 'bác' %}a{% endif %}",
        "{# ghi chú #}",
        "{%- if buoc %} b {%- endif %}",
        "{{- dieu -}}",
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join))
def test_the_same_words_as_jinja(source: str) -> None:
    text, problems = read(source)
    assert problems == []
    assert text is not None
    for variables in (VARIABLES, EMPTY):
        assert text(variables) == jinja(source, variables)
        assert text(variables) == jinja(source, variables)


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("{}%#|x_ngho '\"()=.7*\n"), max_size=40))
def test_anything_is_a_text_or_a_problem(source: str) -> None:
    text, problems = read(source)
    assert (text is None) == bool(problems)


@pytest.mark.parametrize(
    "source",
    [
        "{{ 7*7 }}", "{{ ''.__class__ }}", "{{ xung_ho.__class__ }}", "{{ xung_ho[0] }}", "{{ xung_ho() }}",
        "{{ xung_ho|attr('x') }}", "{{ xung_ho|capitalize(1) }}", "{{ self }}", "{{ cycler }}",
        "{{ 'a' ~ xung_ho }}", "{% for x in xung_ho %}{% endfor %}", "{% include 'x' %}",
        "{% macro a() %}{% endmacro %}", "{% set a = 1 %}",
        "{% if 7*7 %}a{% endif %}", "{% if xung_ho == to_chuc %}a{% endif %}", "{% if x %}a{% endif %}",
        "{% raw %}{{ a }}{% endraw %}", "{{", "}}", "{%", "{ xung_ho }", "{xung_ho}", "{{ xung_ho }", "{{ }}",
        "{{ " + "(" * 900 + "xung_ho" + ")" * 900 + " }}", "{{ xung_ho }}" * 1000,
    ],
)  # fmt: skip
def test_nothing_else_is_allowed(source: str) -> None:
    text, problems = read(source)
    assert text is None
    assert len(problems) == 1


def test_control_the_sandbox_alone_would_compute_and_loop() -> None:
    assert jinja("{{ 7*7 }}", VARIABLES) == "49"
    assert jinja("{% for x in 'ab' %}{{ x }}!{% endfor %}", VARIABLES) == "a!b!"


def test_capitalize_raises_the_first_letter_only() -> None:
    assert capitalize("đăng ký VNeID") == "Đăng ký VNeID"
    assert capitalize("") == ""


def test_a_sentence_remembers_what_it_said_but_not_without_bound() -> None:
    text, _ = read("{{ buoc }} ạ")
    assert isinstance(text, Template)
    for number in range(1000):
        assert text(Variables(buoc=str(number))) == f"{number} ạ"
    assert len(text._said) <= 64
    assert text(VARIABLES) is text(VARIABLES)


def test_plain_words_need_no_template() -> None:
    assert read("Đã bấm")[0] == Fixed("Đã bấm")


def test_the_quick_reading_equals_the_grammar() -> None:
    source = "Mời {{ xung_ho|capitalize }} bấm «{{ viec }}»."
    text, _ = read(source)
    assert isinstance(text, Template)
    assert text.parts == parts_of(source)


def test_all_forms_are_checked_where_something_is_conditional() -> None:
    text, _ = read("{% if xung_ho == 'bạn' %}A{% elif to_chuc %}B{% else %}C{% endif %}")
    assert text is not None
    assert set(renderings(text)) == {"A", "B", "C"}
