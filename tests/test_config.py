"""Settings: every fault at once, each with its place; the environment wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import BadSettings, Settings, read_settings

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "4200000001:planted_token-that-must-not-be-told"
SECRET = "planted_webhook-secret"


def faults(tmp_path: Path, text: str, **environ: str) -> list[str]:
    file = tmp_path / "config.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadSettings) as caught:
        read_settings(file, environ)
    return [str(fault).replace(f"{tmp_path}/", "") for fault in caught.value.faults]


def test_the_file_we_ship_is_the_default() -> None:
    assert read_settings(ROOT / "config.yaml", {}) == Settings()


def test_a_missing_file_is_the_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.yaml", {}) == Settings()


def test_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("http:\n  port: 1\n", "utf-8")
    settings = read_settings(file, {"BOT_HTTP__PORT": "8080", "BOT_ORGANISATION__NAME": "Tổ công nghệ số"})
    assert (settings.http.port, settings.organisation.name) == (8080, "Tổ công nghệ số")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("htp:\n  port: 1\n", 'config.yaml:1:1: unknown setting "htp" (did you mean "http"?)'),
        ("http:\n  prot: 1\n", 'config.yaml:2:3: unknown setting "http.prot" (did you mean "port"?)'),
        ("http:\n  port: eighty\n", "config.yaml:2:3: http.port: "),
        ("http:\n  port: 99999\n", "config.yaml:2:3: http.port: "),
        ("http:\n  port: 1\n  port: 2\n", 'config.yaml:3:3: "port" is there twice'),
        ("database:\n  url: mysql://x\n", "config.yaml:2:3: database.url: must begin with sqlite:///"),
        (
            "channels:\n  telegram:\n    group: 1001234\n",
            "config.yaml:3:5: channels.telegram.group: is not a group's number",
        ),
        (
            "organisation:\n  web_address: example.vn\n",
            "config.yaml:2:3: organisation.web_address: must begin",
        ),
        (
            "channels:\n  telegram:\n    enabled: true\n",
            "config.yaml:2:3: channels.telegram: enabled, but token is not one of @BotFather's",
        ),
        (
            f"channels:\n  telegram:\n    enabled: true\n    token: {TOKEN}\n    mode: webhook\n",
            "config.yaml:2:3: channels.telegram: mode webhook needs webhook_secret",
        ),
        (
            (
                f"channels:\n  telegram:\n    enabled: true\n    token: {TOKEN}\n    mode: webhook\n"
                f"    webhook_secret: {SECRET}\n"
            ),
            "config.yaml:5:5: channels.telegram.mode: webhook needs organisation.web_address",
        ),
        (
            "channels:\n  zalo_oa:\n    enabled: true\n    app_id: '1'\n",
            "config.yaml:2:3: channels.zalo_oa: enabled, but app_secret is missing",
        ),
        (
            "channels:\n  zalo_bot:\n    enabled: true\n    token: abc\n",
            "config.yaml:2:3: channels.zalo_bot: enabled, but token is not one of",
        ),
        ("channels:\n  zalo:\n    a: 1\n", 'config.yaml:2:3: unknown setting "channels.zalo" (did you mean'),
        (
            "channels:\n  telegram:\n    api_base: ftp://x\n",
            "config.yaml:3:5: channels.telegram.api_base: must begin with https://",
        ),
        ("http: [1\n", "config.yaml:2:1: "),
        ("- a\n", "config.yaml:1:1: must be a list of"),
        ("http:\n\tport: 1\n", "config.yaml:2:1: "),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    first = faults(tmp_path, text)[0]
    assert first.startswith(expected), first
    assert "planted" not in first


OA = f"channels:\n  zalo_oa:\n    enabled: true\n    app_id: '431'\n    app_secret: {SECRET}\n"


@pytest.mark.parametrize("weak", ["…", "no", "12:30", "bí-mật-dài-hơn-mười-hai-chữ", "'            '"])
@pytest.mark.parametrize("name", ["app_secret", "oa_secret"])
def test_what_anybody_can_guess_signs_nothing(tmp_path: Path, name: str, weak: str) -> None:
    """Such as the "…" that our own page shows in its place."""
    text = OA.replace(f"    app_secret: {SECRET}\n", "") if name == "app_secret" else OA
    told = faults(tmp_path, text + f"    {name}: {weak}\n")
    assert [f"channels.zalo_oa: {name} is none of Zalo's" in fault for fault in told] == [True]


@pytest.mark.parametrize("nothing", ["null", "~", "", "''"])
def test_no_secret_is_no_secret_called_null(tmp_path: Path, nothing: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(OA + f"    oa_secret: {nothing}\n", "utf-8")
    assert read_settings(file, {}).channels.zalo_oa.oa_secret.get_secret_value() == ""


@pytest.mark.parametrize(
    "text",
    [
        "channels: &all\n  telegram: *all\n",
        "a: &x {b: *x}\n",
        "\n".join("  " * depth + "a:" for depth in range(3000)),
        "{" * 5000,
        "? [channels]\n: x\n",
        f"channels:\n  telegram:\n    {TOKEN}: x\n",
        f"channels:\n  telegram:\n    enabled: true\n    token: 1234567:{'ă' * 30}\n",
        f"channels:\n  zalo_bot:\n    enabled: true\n    token: 'a:b'\n    link: {SECRET}\n",
        OA + "    oa_id: '   x'\n",
        "organisation:\n  web_address: https:///x\n",
        "organisation:\n  web_address: https://a b\n",
    ],
)
def test_nonsense_is_told_in_one_line_without_a_secret(tmp_path: Path, text: str) -> None:
    (told,) = faults(tmp_path, text)
    assert told.startswith("config.yaml:")
    assert len(told) <= 200
    assert "\n" not in told
    assert "planted" not in told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "http:\n  port: x\ndatabase:\n  url: y\n", BOT_HTTP__HOTS="z")
    assert len(found) == 3
    assert found[-1].startswith('BOT_HTTP__HOTS: unknown setting "http.hots" (did you mean "host"?)')


def test_rubbish_is_told_without_a_trace(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSettings):
        read_settings(file, {})


def test_no_secret_is_shown_with_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(f"channels:\n  telegram:\n    enabled: true\n    token: {TOKEN}\n", "utf-8")
    settings = read_settings(file, {"BOT_CHANNELS__ZALO_OA__APP_SECRET": SECRET})
    assert settings.channels.telegram.token.get_secret_value() == TOKEN
    assert settings.channels.zalo_oa.app_secret.get_secret_value() == SECRET
    assert "planted" not in repr(settings) + str(settings)
