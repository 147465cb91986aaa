"""What one resident does next, from what stands before them. They see what the screen shows and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.core.book import Book
from bot.core.buttons import door_token, option_token, step_token
from bot.core.flow import Ask, Say, Shape, Variables, Way
from bot.core.message import Kind, Reply
from bot.core.session import Option, Session, State, Verb
from bot.simulating import words
from bot.simulating.hardship import UPDATE_ERROR, Hardship, Odds
from bot.simulating.hours import DAY, HOUR
from bot.simulating.people import Person
from bot.simulating.words import typed

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Act:
    """A message after so many seconds."""

    wait: int
    text: str = ""
    button: str = ""
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Shown:
    """What is before somebody: the bot's last words, and what it is waiting for."""

    state: State | None
    replies: Sequence[Reply] = ()


@dataclass
class Resident:
    """A person as time passes. `planned` acts come before any others; `said` counts messages."""

    person: Person
    random: Random
    book: Book
    hardship: Hardship
    planned: list[Act] = field(default_factory=list)
    wants: list[str] = field(default_factory=list)
    said: int = 0
    been_aside: set[tuple[str, str]] = field(default_factory=set)
    gone: bool = False

    def begin(self) -> Act:
        """The first words, and where they come from."""
        self.wants = list(self.person.wants)
        wanted = self.wants[0]
        if self.person.says_where:
            commune = self.book.places.commune(self.person.commune)
            named = commune.label if commune and self.random.random() < 0.6 else f"xa {self.person.commune}"
            self.planned.append(Act(0, named))
        elif self.random.random() < 0.3:
            self.planned.append(Act(0, "/start" if self.person.channel != "web" else "xin chào"))
        if self.random.random() < 0.45:
            self.planned.append(Act(self._soon(20), self._request(wanted)))
        return self.next(Shown(None), 0) or Act(0, "xin chào")

    def next(self, shown: Shown, now: int) -> Act | None:
        """None: they do nothing more by themselves."""
        if self.gone:
            return None
        if self.planned:
            self.said += 1
            return self.planned.pop(0)
        if self.said > self.person.patience + 8 * len(self.person.wants):
            return self._enough(shown)
        self.said += 1
        if shown.state is None:
            return self._at_the_door(shown)
        return self._known(shown.state, now)

    # --- Before anything is kept of them --------------------------------------------------------------

    def _at_the_door(self, shown: Shown) -> Act | None:
        if self.random.random() < 0.05:  # reads, and leaves
            return None
        offered = [choice for reply in shown.replies for choice in reply.choices]
        begin = next((one for one in offered if one.token.startswith(f"!{Verb.BEGIN}.")), None)
        wanted = self.wants[0] if self.wants else ""
        if begin is None or (self.random.random() < 0.6 and begin.token.startswith(f"!{Verb.BEGIN}..")):
            token = door_token(Verb.BEGIN, wanted, self.person.locale, self.person.commune)
            return Act(self._soon(25), button=token)  # from the guide's page, which leads to its button
        return Act(self._soon(25), button=begin.token)

    # --- What the bot asks of its own account ---------------------------------------------------------

    def _known(self, state: State, now: int) -> Act | None:
        if state.ticket is not None and state.ticket.holder is not None:
            return None  # whoever helps leads on
        if state.ticket is not None and self.random.random() < 0.55:
            return None  # waits
        if state.options:
            return self._chosen(state)
        if state.session is None:
            return self._nothing_open()
        if not state.session.is_open or state.session.paused:
            return Act(self._soon(40), words.ON) if self.random.random() < 0.8 else None
        return self._at_step(state.session, now)

    def _chosen(self, state: State) -> Act | None:
        option = self._option(state)
        if option is None:
            return None
        number = state.options.index(option)
        wait = self._soon(18)
        if self.random.randrange(100) < self.person.numbers:
            return Act(wait, str(number + 1))
        if self.random.randrange(100) < self.person.types // 2 and option.verb is not Verb.RATE:
            return Act(wait, typed(option.label, self.person, self.random))
        return Act(wait, button=option_token(state.asked, number))

    def _option(self, state: State) -> Option | None:
        by_verb: dict[Verb, Option] = {}
        for option in state.options:
            by_verb.setdefault(option.verb, option)
        chance = self.random.random()
        match state.options[0].verb:
            case Verb.FORM:
                return self._of_arg(state.options, self.person.form) or state.options[0]
            case Verb.RATE:
                score = self.random.choices(("3", "2", "1"), (74, 17, 9))[0]
                return (
                    next((one for one in state.options if one.arg.endswith(score)), None)
                    if chance < 0.75
                    else None
                )
            case Verb.CALL:
                return by_verb[Verb.CALL] if chance < 0.78 else state.options[-1]
            case Verb.VISIT:
                return state.options[0] if chance < 0.85 else state.options[-1]
            case Verb.ERASE:
                return state.options[0]
            case Verb.START if Verb.STAY in by_verb:
                return by_verb[Verb.START] if chance < 0.6 else by_verb[Verb.STAY]
            case Verb.START | Verb.ANSWER if Verb.NONE in by_verb:
                return state.options[0] if chance < 0.75 else state.options[-1]
            case Verb.HUMAN if Verb.ALONE in by_verb:
                return by_verb[Verb.ALONE] if chance < 0.6 else state.options[0]
            case Verb.COMMUNE | Verb.ERROR | Verb.AGAIN | Verb.RESUME if (
                Verb.MENU not in by_verb or chance < 0.8
            ):
                return state.options[0]
            case _:
                return self._of_menu(state)

    def _of_menu(self, state: State) -> Option | None:
        """The guide that is wanted, the group it stands in, or going on."""
        options = state.options
        stay = next((one for one in options if one.verb in {Verb.RESUME, Verb.STAY}), None)
        wanted = self.wants[0] if self.wants else ""
        if wanted:
            direct = next((one for one in options if one.arg.partition("/")[0] == wanted), None)
            if direct is not None:
                self.wants.pop(0)
                return direct
            for number, group in enumerate(self.book.menu):
                if wanted in group.flows:
                    inside = next(
                        (one for one in options if one.verb is Verb.MENU and one.arg == str(number)), None
                    )
                    if inside is not None:
                        return inside
        if stay is not None and self.random.random() < 0.75:
            return stay
        if wanted or options[0].verb not in {Verb.MENU, Verb.START}:
            return options[0]
        return None if self.random.random() < 0.7 else options[0]

    def _of_arg(self, options: Sequence[Option], arg: str) -> Option | None:
        return next((option for option in options if option.arg == arg), None)

    def _nothing_open(self) -> Act | None:
        """The guide is over. Some come back another day for something else."""
        if not self.wants:
            return (
                Act(self._soon(20), self.random.choice(words.THANKS)) if self.random.random() < 0.05 else None
            )
        wait = self.random.choice((2 * MINUTE, 5 * HOUR, DAY, 3 * DAY, 6 * DAY))
        self.said = 0
        return Act(wait, self._request(self.wants[0]))

    # --- At a step ------------------------------------------------------------------------------------

    def _at_step(self, session: Session, now: int) -> Act | None:
        run = session.top
        place = (run.flow, run.visit.step)
        if self.wants and run.flow == self.wants[0]:
            self.wants.pop(0)
        flow = self.book.edition(run.flow, run.version)
        step = flow.steps.get(run.visit.step) if flow else None
        if not isinstance(step, (Say, Ask)):
            return Act(self._soon(30), words.ON)
        mark = run.trail.get(run.visit.step)
        odds = self.hardship.odds(*place, self.person, now, mark.times if mark else 1)
        aside = None if place in self.been_aside else self._aside(odds)
        if aside is not None:
            self.been_aside.add(place)
            return aside()
        if isinstance(step, Ask):
            return self._answers(step)
        return self._goes(session, step.ways, odds)

    def _aside(self, odds: Odds) -> Callable[[], Act | None] | None:
        """What somebody does instead of answering, once at each place."""
        doings: tuple[tuple[float, Callable[[], Act | None]], ...] = (
            (odds.lost, self._lost),
            (odds.away, self._away),
            (odds.human, lambda: Act(self._soon(50), words.HUMAN)),
            (
                odds.asks,
                lambda: Act(
                    self._soon(40), typed(self.random.choice(words.QUESTIONS), self.person, self.random)
                ),
            ),
            (odds.error, self._error),
            (odds.shows, lambda: Act(self._soon(60), kind=Kind.PHOTO)),
            (
                odds.unclear,
                lambda: Act(
                    self._soon(30), typed(self.random.choice(words.UNCLEAR), self.person, self.random)
                ),
            ),
            (
                odds.strays,
                lambda: Act(self._soon(50), self._request(self.random.choice(tuple(words.REQUESTS)))),
            ),
            (0.004, lambda: Act(self._soon(30), self.random.choice(words.SECRETS))),
            (0.0015, lambda: Act(self._soon(30), self.random.choice(words.ALARMS))),
            (0.01, lambda: Act(self._soon(20), words.BACK)),
            (0.004, self._erases),
        )
        drawn = self.random.random()
        for share, doing in doings:
            drawn -= share
            if drawn < 0:
                return doing
        return None

    def _lost(self) -> Act | None:
        """Away for good; some block the bot, some say that they stop."""
        self.gone = True
        drawn = self.random.random()
        if drawn < 0.07 and self.person.channel != "web":
            return Act(self._soon(600), kind=Kind.LEFT)
        if drawn < 0.12:
            return Act(self._soon(60), words.STOP)
        return None

    def _away(self) -> Act:
        """The phone is put down; the place is found again hours or days later."""
        wait = self.random.choice((HOUR // 2, 2 * HOUR, 5 * HOUR, 14 * HOUR, DAY, 2 * DAY, 4 * DAY))
        return Act(round(wait * self.random.uniform(0.7, 1.4)), words.ON)

    def _error(self) -> Act:
        errors = [error for error in self.book.errors if error.shown]
        chosen = next((error for error in errors if error.id == UPDATE_ERROR), errors[0])
        if self.random.random() < 0.35:
            chosen = self.random.choice(errors)
        return Act(self._soon(70), typed(chosen.shown[0], self.person, self.random))

    def _erases(self) -> Act:
        """Everything shall go; the bot asks once whether it really shall."""
        self.planned = [Act(self._soon(15), "1"), Act(self._soon(20), self.random.choice(words.THANKS))]
        self.wants.clear()
        self.said = self.person.patience + 1000
        return Act(self._soon(30), words.ERASE)

    def _answers(self, step: Ask) -> Act:
        wait = self._soon(45)
        match step.shape:
            case Shape.NUMBER:
                return Act(wait, str(self.random.randint(step.least, min(step.most, step.least + 9))))
            case Shape.COMMUNE:
                return Act(wait, f"xa {self.person.commune}" if self.person.commune else "xa 22291")
            case Shape.TEXT:
                listed = {"thon": words.HAMLETS, "moc": words.LANDMARKS, "ngay": words.DAYS}
                return Act(wait, self.random.choice(listed.get(step.answer, words.LANDMARKS)))

    def _goes(self, session: Session, ways: tuple[Way, ...], odds: Odds) -> Act:
        number = self._way(ways, odds)
        run = session.top
        wait = self._soon(55 if ways[number].stuck else 80)
        drawn = self.random.randrange(100)
        if drawn < self.person.numbers:
            return Act(wait, str(number + 1))
        if drawn < self.person.numbers + self.person.types:
            return Act(wait, self._in_words(ways[number]))
        return Act(wait, button=step_token(run, number))

    def _way(self, ways: tuple[Way, ...], odds: Odds) -> int:
        drawn = self.random.random()
        for number, way in enumerate(ways):
            drawn -= (odds.stuck or {}).get(way.stuck, 0.05) if way.stuck else 0
            if drawn < 0:
                return number
        main = [number for number, way in enumerate(ways) if not way.stuck] or list(range(len(ways)))
        weights = [1 / (3**rank) for rank in range(len(main))]
        return self.random.choices(main, weights)[0]

    def _in_words(self, way: Way) -> str:
        said = (
            self.random.choice(way.also)
            if way.also and self.random.random() < 0.6
            else way.label(Variables())
        )
        return typed(said, self.person, self.random)

    def _request(self, wanted: str) -> str:
        said = self.random.choice(words.REQUESTS.get(wanted, ("menu",)))
        return typed(said, self.person, self.random)

    def _enough(self, shown: Shown) -> Act | None:
        """Patience is over."""
        self.gone = True
        state = shown.state
        if state is None or state.session is None or not state.session.is_open:
            return None
        drawn = self.random.random()
        if drawn < 0.2:
            self.gone = False
            self.said -= 12
            return Act(self._soon(40), words.HUMAN)
        if drawn < 0.27 and self.person.channel != "web":
            return Act(self._soon(300), kind=Kind.LEFT)
        return None

    def _soon(self, seconds: float) -> int:
        """About so long, for this person: seldom much longer."""
        return max(2, round(self.random.lognormvariate(0, 0.7) * seconds * self.person.pace))
