"""A phone with a real browser in it, a server that says when it is there, and what to look for on a page."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from typing import Any

import uvicorn
from playwright.sync_api import BrowserContext, Page

PHONE: Any = {"width": 360, "height": 740}
PAGES = [
    "/",
    "/guide",
    "/guide/kich-hoat",
    "/privacy",
    "/du-lieu",
    "/luu",
    "/tiep",
    "/tiep/ACDEFGHJ",
    "/khong-co",
    "/c/22291",
    "/c/99999",
]


class Announced(uvicorn.Server):
    """Says when its port is open."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


@dataclass
class Phone:
    """Somebody's phone; `faults` is everything the browser complained about."""

    context: BrowserContext
    page: Page
    address: str
    faults: list[str]

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)

    def press(self, label: str) -> None:
        """Press a button of the chat and wait for what comes of it."""
        before = self.page.locator(".line.bot").count()
        self.page.get_by_role("button", name=label).first.click()
        self.heard(before + 1)

    def heard(self, at_least: int) -> None:
        self.page.wait_for_function(
            "n => document.querySelectorAll('.line.bot').length >= n && !document.querySelector('.pending')",
            arg=at_least,
            timeout=10_000,
        )

    def write(self, text: str) -> None:
        self.page.locator("#tin").fill(text)
        self.page.locator(".send").click()

    def shown(self) -> list[str]:
        return self.page.locator(".line:not([hidden]) .said").all_inner_texts()

    def kept(self) -> list[dict[str, Any]]:
        """What the server holds of this phone's conversation."""
        data = self.context.request.get(self.address + "/du-lieu.json").json()
        lines: list[dict[str, Any]] = data["kept"]["lines"]
        return lines

    def own_words(self) -> list[str]:
        return [line["reply"]["text"] for line in self.kept() if line["mine"]]


CONTRAST = """() => {
  const rgb = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.getClientRects().length) continue;
    const ink = light(rgb(getComputedStyle(element).color));
    const [one, two] = [ink, light(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < 4.5) poor.push([element.className || element.tagName, Math.round(ratio * 100) / 100]);
  }
  return poor;
}"""
SMALL = """() => Array.from(
    document.querySelectorAll('button, a.button, input:not([type=hidden]), summary, nav a'))
  .filter(one => one.getClientRects().length)
  .filter(one => one.getBoundingClientRect().height < 47.5)
  .map(one => one.outerHTML)"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
