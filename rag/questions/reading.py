"""A question as understood: the value that the reader returns and that evidence and answers are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.language.assertions import Assertion
from rag.language.dates import DateReading
from rag.language.periods import Range
from rag.language.text import Language
from rag.questions.plan import SET_KINDS, Field, Plan, Reason
from rag.questions.wants import Shortly

PAGE = 20
"""Papers that an answer shows at once; “more” goes on behind them."""
UNSAID = 0.15
"""How probable it is at least that a question is not about papers which speaks neither of research nor of a name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as understood. `query` is what to rank by; `reason` is set when no evidence could change the answer.

    `unknown` are names that no paper mentions, `near` the known names they may mean (authors, of an author question);
    `field` a fact of the metadata that is asked for, `aspect` what else is asked of a paper; `yes_no` that the answer
    should begin with yes or no, `one` that one paper is wanted, `overview` a synthesis, `ordered` papers in an order to read them in, `why` that it is asked what a thing is good for, `better` which of two is better, `thanks` that the reader says thank you, `titles` that a list is to have titles alone, `shortly` that one sentence is to explain, `core` the question without its words of asking,
    `sides` that things are counted each for itself, `against` the days that those of the plan are compared with. `about` are the words of the
    question that name what it is about, `said` a paper that is described and not named. `lacking` is an asked thing that
    digests do not keep, `foreign` how probable it is, 0 to 1, that the question is not about papers; `read_as` are words that were typed wrong, each with what it was taken for. `offers` are questions, ready to ask, that can be answered where this one cannot. `later` are the
    readings of further questions in the same sentence; `otherwise` is what to read where this finds nothing that fits.
    `confidence`, 0 to 1, is how sure the reader is of its kinds and roles. `members` asks for the papers of a set alone, without what
    an answer shows of them, `share` what part of a wider set they are. `asserts` is the kind of statement that is asked for, and `claim` what it is to be of.
    """

    question: str
    language: Language
    plan: Plan
    query: str
    yes_no: bool = False
    field: Field | None = None
    dates: DateReading | None = None
    against: Range | None = None
    reason: Reason | None = None
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    aspect: str = "none"
    one: bool = False
    sides: bool = False
    overview: bool = False
    ordered: bool = False
    why: bool = False
    better: bool = False
    members: bool = False
    share: bool = False
    asserts: Assertion | None = None
    claim: str = ""
    thanks: bool = False
    titles: bool = False
    shortly: Shortly = ""
    core: str = ""
    about: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    lacking: str = ""
    foreign: float = 0.0
    read_as: tuple[tuple[str, str], ...] = ()
    confidence: float = 1.0
    later: tuple[Reading, ...] = ()
    otherwise: Reading | None = None

    def anew(self, question: str, language: Language) -> Reading:
        """Return this reading for another question, without what belonged to the words of its own alone."""
        return replace(
            self, question=question, language=language, reason=None, unknown=(), near=(), later=(), yes_no=False,
            titles=False, shortly="", otherwise=None,
        )  # fmt: skip

    def answered_in(self, language: Language) -> Reading:
        """Return this reading as one that is answered in a language, whichever it was asked in."""
        later = tuple(part.answered_in(language) for part in self.later)
        otherwise = self.otherwise.answered_in(language) if self.otherwise else None
        return replace(self, language=language, later=later, otherwise=otherwise)


_NAMES = ("terms", "topics", "sorts", "authors")  # fields of a plan that name papers


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same chat: its reading, the papers of its answer in order, and the turn before it.

    `beyond` tells that it asked for papers of the answer before, and that none fitted.
    """

    reading: Reading
    papers: tuple[str, ...]
    before: Turn | None = None
    beyond: bool = False

    def turns(self) -> Iterator[Turn]:
        """Yield this turn and those before it, the latest first."""
        turn: Turn | None = self
        while turn:
            yield turn
            turn = turn.before

    @property
    def shown(self) -> int:
        """How many papers of its answer stand on the page, of which “the last one” is the last."""
        plan = self.reading.plan
        return min(len(self.papers), plan.skip + (plan.limit or PAGE)) if plan.kind in SET_KINDS else len(self.papers)

    @property
    def subject(self) -> str:
        """The one name that the question is about; "" for papers, topics, several names or none."""
        plan = self.reading.plan
        alone = len(plan.terms) == 1 and not (plan.papers or plan.relation in ("use", "mention"))
        return plan.terms[0] if alone else ""

    @property
    def set(self) -> Turn:
        """The last turn that asked for a set of papers, behind those that picked one of it or asked of a paper; else itself."""
        turn: Turn | None = self
        while turn and turn._picks:
            turn = turn.before
        return turn or self

    @property
    def thing(self) -> str:
        """The one thing that the question is about: a name, a topic to explain, or what it calls a paper; "" for sets."""
        plan, about = self.reading.plan, self.reading.about
        called = about[0] if len(about) == 1 and plan.kind not in SET_KINDS else ""
        return self.subject or self.topic or called

    @property
    def last_thing(self) -> str:
        """The last one thing that the chat was about; "" where it was about none."""
        turn: Turn | None = self
        while turn and not turn.thing:
            turn = turn.before
        return turn.thing if turn else ""

    @property
    def two_authors(self) -> tuple[str, ...]:
        """The two authors that the last two different sets were by; none where they were not two."""
        found = list(dict.fromkeys(name for turn in self.turns() for name in turn.reading.plan.authors))
        return tuple(reversed(found[:2])) if len(found) > 1 else ()

    @property
    def rivals(self) -> tuple[str, ...]:
        """The papers that were compared before this turn picked one of them."""
        picked = self.reading.plan.kind == "superlative" and len(self.papers) == 1 and self.before is not None
        compared = picked and self.before.reading.plan.kind == "compare"  # type: ignore[union-attr]
        return self.before.papers if compared and self.before else ()

    @property
    def goes_on(self) -> bool:
        """Whether a turn shows more papers of the set before it."""
        if self.before is None or self.reading.plan.kind not in SET_KINDS:
            return False
        plan, earlier = (replace(turn.reading.plan, skip=0, limit=None) for turn in (self, self.before))
        return plan == earlier and set(self.papers) != set(self.before.papers)

    @property
    def about_thing(self) -> Turn | None:
        """This turn, if it is about one thing; after a comparison the turn before it, which was about what was compared first."""
        if self.thing:
            return self
        compared = self.reading.plan.kind == "compare" and self.before is not None and self.before.thing
        return self.before if compared else None

    @property
    def about_it(self) -> Plan:
        """The plan of the papers that are about that one thing: by its name where it has one, else by meaning."""
        plan = self.reading.plan
        return Plan("list", terms=(self.thing,)) if plan.terms or plan.papers else Plan("list", topics=(self.thing,))

    def with_topic(self, question: str, language: Language, *topics: str) -> Reading:
        """Return a question for papers on that one thing and on topics besides: “does it work for vision?”."""
        plan = replace(self.about_it, topics=tuple(dict.fromkeys((*self.about_it.topics, *topics))))
        about = (*plan.terms, *plan.topics)
        return Reading(question, language, plan, " ".join(about), about=about)

    @property
    def narrows(self) -> bool:
        """Whether a turn looks for something among the papers of the turn before it, or asks for fewer of the same."""
        if self.before is None or self.beyond:
            return self.before is not None
        plan, wider = self.reading.plan, self.before.reading.plan
        if plan.kind not in SET_KINDS or wider.kind not in SET_KINDS:
            return False
        kept = all(set(getattr(wider, name)) <= set(getattr(plan, name)) for name in _NAMES)
        named = kept and any(getattr(wider, name) for name in _NAMES)
        return named or (bool(plan.papers) and set(plan.papers) <= set(self.before.papers))

    @property
    def narrows_by_topic(self) -> bool:
        """Whether a turn narrows the one before it by what papers are about or bring, and not by days or votes alone."""
        if self.before is None or not self.narrows:
            return False
        plan, wider = self.reading.plan, self.before.reading.plan
        return self.beyond or (plan.topics, plan.terms, plan.sorts) != (wider.topics, wider.terms, wider.sorts)

    @property
    def has_sides(self) -> bool:
        """Whether a set is about a thing and a side of it, so that the side may be exchanged: “no, I meant audio”."""
        plan = self.reading.plan
        several = bool(plan.topics) and len(plan.terms) + len(plan.topics) > 1
        return self.narrows_by_topic or several or any(" in " in topic or " for " in topic for topic in plan.topics)

    @property
    def _picks(self) -> bool:
        """Whether a turn is about a paper or a name, or picks one paper of the turn before."""
        plan, before = self.reading.plan, self.before
        one = plan.kind == "superlative" and len(self.papers) < 2
        return plan.kind not in SET_KINDS or (one and before is not None and set(self.papers) <= set(before.papers))

    @property
    def topic(self) -> str:
        """The one topic that the question is to explain; "" for sets, names, several topics or none."""
        plan = self.reading.plan
        return plan.topics[0] if plan.kind == "explain" and len(plan.topics) == 1 and not plan.terms else ""
