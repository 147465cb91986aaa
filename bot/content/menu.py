"""The menu: up to six groups of up to five guides, every guide in one of them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bot.content.draft import Role, Said
from bot.content.fields import fields, items, text, texts
from bot.content.problems import Problem, fault, quote, suggest
from bot.content.source import Node, Scalar, parse, read_document
from bot.content.texts import read_text
from bot.core.book import MenuGroup

MOST_GROUPS = 6
MOST_FLOWS = 5


def read_menu(
    root: Path, flows: Collection[str], said: list[Said], problems: list[Problem]
) -> tuple[MenuGroup, ...]:
    document = read_document(root, root / "flows" / "_menu.yaml", problems)
    node = parse(document, problems) if document else None
    found = fields(node, ("groups",), (), problems) if node else None
    if found is None or "groups" not in found:
        return ()
    entries = items(found["groups"], problems)
    if len(entries) > MOST_GROUPS:
        message = f"có {len(entries)} nhóm, tối đa {MOST_GROUPS}"
        problems.append(fault(entries[MOST_GROUPS].spot, message, "gộp nhóm lại"))
    listed: dict[str, Scalar] = {}
    groups = [_group(entry, flows, listed, said, problems) for entry in entries]
    problems.extend(
        fault(found["groups"].spot, f"luồng {quote(flow)} chưa có trong menu", "thêm vào một nhóm")
        for flow in flows
        if flow not in listed
    )
    return tuple(group for group in groups if group is not None)


def _group(
    node: Node, flows: Collection[str], listed: dict[str, Scalar], said: list[Said], problems: list[Problem]
) -> MenuGroup | None:
    found = fields(node, ("title", "flows"), (), problems)
    if found is None:
        return None
    scalar = text(found.get("title"), problems)
    title = read_text(scalar, problems) if scalar else None
    if scalar is not None and title is not None:
        said.append(Said(Role.LABEL, scalar, title))
    entries = items(found.get("flows"), problems)
    if "flows" in found and not entries:
        problems.append(fault(found["flows"].spot, "nhóm này chưa có luồng nào"))
    if len(entries) > MOST_FLOWS:
        message = f"nhóm có {len(entries)} luồng, tối đa {MOST_FLOWS}"
        problems.append(fault(entries[MOST_FLOWS].spot, message, "chuyển bớt sang nhóm khác"))
    names: list[str] = []
    for name in texts(found.get("flows"), problems):
        if name.value not in flows:
            hint = suggest(name.value, flows)
            problems.append(fault(name.spot, f"không có luồng {quote(name.value)}", hint))
        elif name.value in listed:
            line = listed[name.value].spot.line
            problems.append(fault(name.spot, f"luồng {quote(name.value)} đã có ở dòng {line}"))
        else:
            names.append(name.value)
        listed.setdefault(name.value, name)
    return MenuGroup(title, tuple(names)) if title is not None else None
