"""How fast, how large and how right the matcher is.

python bench/matcher.py [LABELLED.jsonl] [--artefact FILE]

Without an artefact one is trained first. LABELLED holds one message a line: text, intent, optional alt
and style. Then those with diacritics are tried as other keyboards leave them, too.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, thread_time

ROOT = Path(__file__).parents[1]
PHRASES = ROOT / "faq/phrases"
EVERY = 10
UGLY = 10_000


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", type=Path, nargs="?")
    parser.add_argument("--artefact", type=Path)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        artefact = asked.artefact or trained(Path(folder))
        print(f"artefact   {artefact.stat().st_size / 1e6:8.1f} MB")
        subprocess.run(
            [sys.executable, __file__, "--serve", str(artefact), str(asked.labelled or "")], check=True
        )


def trained(folder: Path) -> Path:
    """In a process of its own: the memory of training is not the memory of serving."""
    artefact = folder / "matcher.npz"
    program = (
        "import sys; from pathlib import Path; from bot.language.train import train\n"
        "train(*map(Path, sys.argv[1:]))"
    )
    began = perf_counter()
    subprocess.run([sys.executable, "-c", program, str(PHRASES), str(artefact)], check=True, cwd=ROOT)
    print(f"training   {perf_counter() - began:8.1f} s")
    return artefact


def serve(artefact: Path, labelled: str) -> None:
    sys.path.insert(0, str(ROOT))
    began = perf_counter()
    from bot.language.evaluate import evaluate
    from bot.language.keyboards import KEYBOARDS
    from bot.language.matcher import load
    from bot.language.normalise import fold

    matcher = load(artefact)
    print(f"start      {perf_counter() - began:8.3f} s")
    texts = [line for path in sorted(PHRASES.glob("*.txt")) for line in path.read_text("utf-8").splitlines()]
    texts = texts[::EVERY]
    times = sorted(timed(matcher.verdict, text) for text in texts)
    print(f"verdict    {times[len(times) // 2]:8.3f} ms p50   {times[len(times) * 99 // 100]:.3f} ms p99")
    times = sorted(timed(fold, text) for text in texts)
    print(f"fold       {times[len(times) // 2]:8.3f} ms p50   {times[len(times) * 99 // 100]:.3f} ms p99")
    print(f"memory     {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.1f} MB")
    slowest = max(timed(matcher.verdict, text) for text in ugly())
    print(f"ugly texts {slowest:8.3f} ms at most")
    if labelled:
        rows = [json.loads(line) for line in Path(labelled).read_text("utf-8").splitlines()]
        report = evaluate(matcher, rows)
        print(json.dumps(report, ensure_ascii=False, indent=2))
        marked = [row for row in rows if not row["text"].isascii()]
        print(f"as typed   {evaluate(matcher, marked)['top1']:8.4f} of {len(marked)} with diacritics")
        for name, keyboard in KEYBOARDS.items():
            typed = [{**row, "text": keyboard(row["text"])} for row in marked]
            print(f"{name:<10} {evaluate(matcher, typed)['top1']:8.4f}")


def ugly() -> Iterator[str]:
    """What no person writes: signs of all scripts, and a megabyte of one thing."""
    chance = random.Random(0)  # noqa: S311 - nothing is secret here
    for _ in range(UGLY):
        length = chance.choice((3, 30, 300))
        yield "".join(chr(chance.randrange(0x110000)) for _ in range(length))
    for unit in ("a", "mã ", "khongthay", "\u202e\u200f", "\ud800", "quên mật khẩu, ", "ﷺ", "1 "):
        yield unit * (1_000_000 // len(unit))


def timed(work: object, text: str) -> float:
    assert callable(work)
    began = thread_time()
    work(text)
    return (thread_time() - began) * 1000


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]), sys.argv[3])
    else:
        main()
