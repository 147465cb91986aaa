"""The commands. Each reads its arguments, calls one thing and prints; nothing is decided here."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.config import Settings

app = typer.Typer(
    help="The VNeID guide bot.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)

CONFIG = Path("config.yaml")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def run() -> None:
    """Serve all channels that config.yaml switches on."""
    from bot import wiring

    def announce(address: str, first: str, simulated: bool) -> None:
        print(f"Sẵn sàng. Trang trò chuyện: {address}", flush=True)
        print(f"Hướng dẫn bản in: {address}guide", flush=True)
        print(f"Bàn trực cho tình nguyện viên và người tổ chức: {address}desk", flush=True)
        print(f"Số liệu cho người tổ chức: {address}insights", flush=True)
        if simulated:
            print("SỐ LIỆU MÔ PHỎNG: kho này chỉ có người giả; không mở Zalo, Telegram.", flush=True)
        if first:
            print("Vào bàn trực lần đầu, dùng được một lần, rồi chọn câu mật khẩu riêng:", flush=True)
            print(f"   tên đăng nhập: to-chuc    mật khẩu: {first}", flush=True)

    with _told():
        wiring.run(wiring.serve(_settings(), announce))


@app.command()
def chat(
    record: Annotated[Path | None, typer.Option(help="Write the conversation as a transcript.")] = None,
) -> None:
    """Talk to the bot in the terminal. What was done is remembered for the next time."""
    from bot import commands

    with _told():
        commands.chat(_settings(), record)


@app.command()
def check(
    live: Annotated[bool, typer.Option(help="Also show who stands on a step that has changed.")] = False,
    teach: Annotated[
        bool, typer.Option("--train/--no-train", help="Train the matcher when the phrases have changed.")
    ] = True,
) -> None:
    """List every fault in config, flows, FAQ, phrases and locales; exit 0 or 2.

    When the phrases have changed, train the matcher and show what that does to its accuracy.
    """
    from bot import commands

    checked = commands.check(CONFIG)
    for line in (*checked.problems, *([] if checked.failed else ["Không có lỗi."])):
        print(line)
    if checked.untaught:
        print(*commands.told_changes(checked.untaught), sep="\n")
    if checked.failed:
        raise typer.Exit(2)
    if checked.untaught and teach:
        print(commands.TEACHING, flush=True)
        with _told():
            print(commands.teach(checked.untaught))
    if live:
        with _told():
            for place, same in commands.standing(_settings()):
                mark = "" if same else "  (bản cũ: vẫn đi tiếp theo bản cũ)"
                print(f"{place.flow}/{place.step} {place.version}: {place.count} người{mark}")


@app.command()
def train() -> None:
    """Build what a started bot does not wait for: the matcher from faq/phrases, and the guides' pictures."""
    from bot import wiring

    with _told():
        print(wiring.train_matcher())
        wiring.draw_pictures()


@app.command()
def translate(locale: str = "en") -> None:
    """Bring the catalogues in locales/<locale> up to date with guides, answers, sentences and pages."""
    from bot import commands

    with _told():
        catalogues = commands.translate(locale)
    for one in catalogues:
        if not one.needed:
            print(f"{one.path}: không còn tệp gốc, nên xóa")
        elif one.missing or one.changed:
            print(f"{one.path}: chưa dịch {one.missing}/{one.total}, cần xem lại {one.changed}")


@app.command()
def ask(text: str, as_json: AsJson = False) -> None:
    """What the bot takes a message to be about."""
    from bot import commands

    with _told():
        sifted, verdict, error = commands.ask(_settings(), text)
    found = [{"id": guess.intent, "score": round(guess.score, 4)} for guess in verdict.guesses]
    if as_json:
        said: dict[str, object] = {"decision": verdict.decision, "intents": found, "masked": sifted.text}
        if error:
            said["error"] = error
        if verdict.second:
            said["second"] = verdict.second.intent
        print(json.dumps(said, ensure_ascii=False))
        return
    print(f"{verdict.decision}: {sifted.text}" + (f"  [{error}]" if error else ""))
    for guess in verdict.guesses:
        print(f"  {guess.score:.2f}  {guess.intent}")


@app.command()
def evaluate(file: Path, as_json: AsJson = False) -> None:
    """Accuracy of the matcher on labelled messages (JSON lines of text, intent, optional alt and style)."""
    from bot import commands

    with _told():
        figures = commands.evaluate_file(_settings(), file)
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        if not isinstance(value, dict):
            print(f"{name:15} {value}")
    for style, row in figures["by_style"].items():
        print(f"  {style:15} {row}")


@app.command()
def stats(flow: str, as_json: AsJson = False) -> None:
    """The funnel of a guide: reached, outcomes, arrows, medians."""
    from dataclasses import asdict

    from bot import commands

    with _told():
        figures = commands.funnel_of(_settings(), flow)
    if as_json:
        print(json.dumps(asdict(figures), ensure_ascii=False))
        return
    print(f"{figures.title}: {figures.started} bắt đầu")
    print("  " + ", ".join(f"{name} {count}" for name, count in figures.runs.items() if count))
    for step in figures.steps:
        outcomes = ", ".join(f"{name} {count}" for name, count in step.outcomes.items() if count)
        print(f"  {step.step:24} {step.reached:6} người: {outcomes}")


@app.command()
def recount(
    repair: Annotated[bool, typer.Option("--repair", help="Set what is wrong right.")] = False,
) -> None:
    """Whether the counters say what the recorded stays say; the bot must not be running."""
    from bot import recounting

    with _told():
        lines, right = recounting.recount(_settings(), repair=repair)
    print(*lines, sep="\n")
    if not right:
        raise typer.Exit(1)


@app.command()
def unmatched(
    as_json: AsJson = False,
    weeks: Annotated[int, typer.Option(min=1, max=5, help="How many weeks back, this one counted.")] = 4,
    flow: Annotated[str | None, typer.Option(help="Only what was said in this guide.")] = None,
) -> None:
    """What the bot did not understand: near-duplicates together, per week and place."""
    from dataclasses import asdict

    from bot import commands

    with _told():
        groups = commands.unmatched(_settings(), weeks, flow)
    if as_json:
        print(json.dumps([asdict(group) for group in groups], ensure_ascii=False))
        return
    print(*commands.told_unmatched(groups), sep="\n")


@app.command()
def export(file: Path) -> None:
    """Write all published numbers to FILE: .db (SQLite, for Datasette), .csv or .xlsx. Nobody is in it."""
    from rich.progress import Progress

    from bot import exporting

    with _told(), Progress(transient=True) as progress:
        bar = progress.add_task("Đang xuất số liệu…", total=None)
        lines = exporting.export(
            _settings(),
            file,
            lambda whole: progress.update(bar, total=whole),
            lambda more: progress.advance(bar, more),
        )
    print(*lines, sep="\n")


@app.command()
def simulate(
    residents: Annotated[int, typer.Option(min=1, max=100_000, help="How many people are made up.")] = 5000,
    weeks: Annotated[int, typer.Option(min=1, max=26, help="Whole weeks before this one.")] = 8,
    seed: Annotated[int, typer.Option(help="The same seed makes the same numbers, within an hour.")] = 1,
) -> None:
    """Fill an empty store with made-up residents and volunteers, to see every page full."""
    from rich.progress import Progress

    from bot import wiring
    from bot.simulating import command

    with _told(), Progress(transient=True) as progress:
        bar = progress.add_task("Đang mô phỏng…", total=1.0)
        made = command.simulate(
            _settings(),
            command.Wanted(residents, weeks, seed, wiring.now() // 3600 * 3600),
            lambda share: progress.update(bar, completed=share),
        )
    print(*made, sep="\n")


@app.command("zalo-oa")
def zalo_oa() -> None:
    """Let an administrator of the Zalo Official Account allow the bot to speak for it."""
    import asyncio

    from bot.consenting import connect

    with _told():
        asyncio.run(connect(_settings(), print, input))


user = typer.Typer(help="People who may answer at the desk.", no_args_is_help=True)
app.add_typer(user, name="user")


class RoleName(StrEnum):
    VOLUNTEER = "volunteer"
    LEAD = "lead"
    ORGANISER = "organiser"


@user.command("add")
def user_add(
    name: Annotated[str, typer.Argument(help="What is typed to sign in, such as lan.tp.")],
    role: Annotated[RoleName, typer.Option(help="What they may do.")] = RoleName.VOLUNTEER,
    shown: Annotated[str, typer.Option(help="What residents and colleagues read, such as Lan.")] = "",
    areas: Annotated[str, typer.Option(help="Codes of communes and provinces: 22291,66; none: all.")] = "",
    watched: Annotated[
        int | None,
        typer.Option(min=0, help="First conversations of a volunteer that a second pair of eyes sees."),
    ] = None,
) -> None:
    """Invite somebody: prints a link that is good once, for seven days."""
    from bot import membership

    with _told():
        print(*membership.add(_settings(), name, role.value, shown, areas, watched), sep="\n")


@user.command("invite")
def user_invite(name: str) -> None:
    """A new link for somebody who lost passphrase or phone."""
    from bot import membership

    with _told():
        print(*membership.invite(_settings(), name), sep="\n")


@user.command("list")
def user_list() -> None:
    """Everybody who may sign in, and who was shut out."""
    from bot import membership

    with _told():
        print(*membership.listed(_settings()), sep="\n")


@user.command("disable")
def user_disable(name: str) -> None:
    """Shut somebody out, at once and on every device."""
    from bot import membership

    with _told():
        print(membership.disable(_settings(), name))


@user.command("enable")
def user_enable(name: str) -> None:
    """Let somebody in again."""
    from bot import membership

    with _told():
        print(membership.enable(_settings(), name))


@app.command()
def journal(
    head: Annotated[str, typer.Option(help="A mark kept elsewhere, as this command prints it.")] = "",
    last: Annotated[int, typer.Option(min=0, help="How many of the latest entries to show.")] = 20,
) -> None:
    """Who did and read what at the desk; exit 2 when an entry was changed or is missing."""
    from bot import membership

    with _told():
        lines, whole = membership.journal(_settings(), head, last)
    print(*lines, sep="\n")
    if not whole:
        raise typer.Exit(2)


def _settings() -> Settings:
    from bot.config import BadSettings, read_settings

    try:
        return read_settings(CONFIG)
    except BadSettings as bad:
        _stop(str(bad))


class _told:  # noqa: N801 - reads as a word in `with _told():`
    """What a person has to do first is told in plain words, without a trace."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: object) -> bool:
        from bot.keys import NotReady

        if isinstance(fault, NotReady):
            _stop(str(fault))
        return isinstance(fault, KeyboardInterrupt)


def _stop(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)
