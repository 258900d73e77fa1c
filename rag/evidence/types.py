"""What evidence is: everything an answer may rest on, found and counted before any prose is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rag.corpus.figures import Reported
from rag.corpus.mentions import Statement
from rag.corpus.papers import Paper
from rag.corpus.relations import Labelled
from rag.evidence.acronyms import SpelledOut
from rag.evidence.brief import Brief
from rag.evidence.comparison import Thing
from rag.evidence.definitions import Definition
from rag.evidence.groups import Group
from rag.evidence.overview import Overview, Step, Trend
from rag.evidence.recommendation import Choice
from rag.evidence.tallies import Tally
from rag.evidence.telling import Told
from rag.evidence.topics import Topic
from rag.evidence.verdicts import Claimed, Shared
from rag.questions.plan import Field, Plan, Reason
from rag.questions.reading import Reading

Aspect = Literal["hardware", "size", "cost", "speed", "memory", "data", "score", "code", "license", "limits"]
"""What a summary may say of a paper beyond its idea."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """What can be answered where the question cannot: each part empty where it does not apply.

    `names` the question may mean, with their papers; `days` before and after that have a digest, with their papers;
    `without`: the plan with one constraint less and its count; `paper` that lacks the fact, and what its summary `holds`.
    """

    names: tuple[tuple[str, int], ...] = ()
    days: tuple[tuple[date, int], ...] = ()
    without: tuple[Plan, int] | None = None
    paper: Paper | None = None
    holds: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Reported figures that can be compared, in order, one a paper: `label` is the metric, the benchmark or what is counted.

    `of` is how many papers the first rows were taken from (0: these are all), `low` that the lowest come first.
    """

    label: str
    rows: tuple[Reported, ...]
    of: int = 0
    low: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything an answer may rest on, found and counted by code before any prose is written.

    `papers` is the whole answer set in order; `quotes` the statements to quote for those that are shown; `pool` how many
    papers a ranking was made over and `unvoted` how many had to be left out for want of a known vote; `topic` that a set
    without a nameable term was cut out of a ranking; `tallies` counts by a unit of time, oldest first, `trend` compares the halves of that time, or its two units; `topics` those of a set, and then
    `before` is the same plan over the time before, which has `pool` papers; `writers` the authors of a set with their papers,
    and `tied` how many more have as many as the last of them; `outside` a name asked about that papers only mention; `apart`
    the plan of methods to compare that no paper meets, so that each has papers of its own;
    `sides` what is counted for itself where a question asks of which there are more; `nearest` goes with a reason.
    `near` tells that no paper meets all that is asked and these are only nearest, `carried` that one of them plainly carries a description all the same; `likely` the expected size of a set about
    a topic, `titled` how many of its papers name it in their title, `kept_all` excluded topics that none of them is about,
    `absent` that no paper is about the topic; `left_out` are topics that no paper is about and that were
    left out beside others, `unreleased` kinds of releases that no summary mentions and that were left out; `beyond` that no paper of an earlier answer fits and these are of all papers, `exhausted` that all papers of a set were shown before and these come next or again; `unstated` that quotes only come near an asked fact, `missing` the asked words that stand nowhere;
    `groups` are the papers of a set by approach, `rejected` the borderline papers that a model took out of it;
    `overview` counts a set as a whole, `brief` a range of days, `steps` are what to read of it first;
    `things` are what a comparison compares and `together` sentences that name them all, `shared` benchmarks that all report on, `claimed` what one says of another, `defined` sentences that say what a thing is, `speaking` those that tell most of one that none defines, `reasons` what it is good for, `spelled` what an abbreviation stands for, `fields` the facts of the metadata
    that are asked for, `chosen` the one paper that is recommended and why; `figures` what papers report of an asked figure, comparable ones together (with a reason: the nearest there is),
    `named` amounts that summaries of a set write without saying whose they are, `unread` how many of the set write none, and `among` how many papers of a set about something they were looked for in; `whole` is the wider set that a share is of, with its size, `stated` sentences that state what is asked, among those of `pool` papers;
    `described` tells that the paper was found by its description, `close` are others that may be meant.
    """

    reading: Reading
    papers: tuple[Paper, ...] = ()
    also: tuple[Paper, ...] = ()
    labels: Mapping[str, Labelled] = field(default_factory=dict)
    quotes: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    reason: Reason | None = None
    pool: int = 0
    unvoted: int = 0
    topic: bool = False
    tallies: tuple[Tally, ...] = ()
    trend: Trend | None = None
    topics: tuple[Topic, ...] = ()
    writers: tuple[tuple[str, tuple[Paper, ...]], ...] = ()
    tied: int = 0
    before: Plan | None = None
    outside: tuple[str, ...] = ()
    apart: Plan | None = None
    sides: tuple[Topic, ...] = ()
    nearest: Nearest = Nearest()
    near: bool = False
    carried: bool = False
    titled: int = 0
    kept_all: tuple[str, ...] = ()
    likely: float = 0.0
    absent: bool = False
    unstated: bool = False
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    unreleased: tuple[str, ...] = ()
    beyond: bool = False
    exhausted: bool = False
    groups: tuple[Group, ...] = ()
    rejected: tuple[Paper, ...] = ()
    overview: Overview | None = None
    brief: Brief | None = None
    steps: tuple[Step, ...] = ()
    things: tuple[Thing, ...] = ()
    together: tuple[tuple[Paper, Told], ...] = ()
    shared: tuple[Shared, ...] = ()
    claimed: tuple[Claimed, ...] = ()
    fields: tuple[Field, ...] = ()
    defined: tuple[Definition, ...] = ()
    speaking: tuple[Definition, ...] = ()
    reasons: tuple[Definition, ...] = ()
    spelled: tuple[SpelledOut, ...] = ()
    chosen: Choice | None = None
    figures: tuple[Ranked, ...] = ()
    stated: tuple[tuple[Paper, Told], ...] = ()
    named: Ranked | None = None
    unread: int = 0
    among: int = 0
    whole: tuple[Plan, int] | None = None
    described: bool = False
    close: tuple[Paper, ...] = ()
