"""The sentences of the offline engine in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rag.answers.phrases import FEW, are_names, at_once, joined, period, vote_bounds
from rag.corpus.relations import Relation
from rag.corpus.releases import RELEASES
from rag.evidence.types import Aspect, Nearest
from rag.language.terms import glossary
from rag.questions.plan import SET_KINDS, SORT_WORDS, Plan, Reason


def papers_of(n: int) -> str:
    """Return a number of papers in words."""
    return f"{n:,} paper" if n == 1 else f"{n:,} papers"


_SORTED = {
    ("votes", "desc"): "most votes", ("votes", "asc"): "fewest votes", ("date", "desc"): "newest", ("date", "asc"): "oldest",
    ("authors", "desc"): "most authors", ("authors", "asc"): "fewest authors",
}  # fmt: skip


def _kind_of_paper(sort: str, one: bool) -> str:
    """Return a kind of contribution in the singular or the plural; what is released has none."""
    named = SORT_WORDS["en"].get(sort, sort)
    return named if one or sort in RELEASES else f"{named}s"


class English:
    """Plain English."""

    unknown_votes = "votes not known"
    also_heading = "Mentioned or only compared with"
    rejected_heading = "Near papers that the language model takes to be about something else"
    by_approach = "By approach"
    doubtful = "This summary may not be about its paper:"
    other_summary = "Korean summary"
    stance = "Summaries do not tell which papers come to opposite results. These are on the same subject, to compare for yourself."
    votes_unknown = "The votes of these papers are not known, so they cannot be ranked."
    popularity = "The digests do not tell why a paper got its votes. This is how its summary presents it."
    lacking = "The digests do not keep where authors work, so this part of the question was left out."
    carried = "The digests do not keep where authors work; these papers carry the name in their titles."
    lacks: Mapping[str, str] = {
        "affiliation": "where authors work or are from", "citations": "citation counts", "venue": "where papers appeared",
        "pages": "page counts", "author_order": "the order of authors", "email": "e-mail addresses", "stars": "GitHub stars or downloads", "peer_review": "reviews",
    }  # fmt: skip
    author_order = "The digests do not keep the order of authors."
    offers = "These can be answered:"
    welcome = "You are welcome. Ask on whenever you like."
    votes_are = "Votes are as of the day of the digest."
    by_wording = "Told by the wording of the summaries; others may be missing."
    aspects: Mapping[Aspect, str] = {
        "hardware": "GPUs or time", "size": "model size", "cost": "cost", "speed": "speed", "memory": "memory", "data": "data",
        "score": "results", "code": "code", "license": "the licence", "limits": "limits",
    }  # fmt: skip

    def which(self, plan: Plan, n: int) -> str:
        """The clause after "N papers": which they are."""
        parts: list[str] = ["of the last answer"] if plan.papers and plan.kind in SET_KINDS else []
        if plan.authors:
            parts.append("by " + joined(plan.authors, " and "))
        if plan.not_authors:
            parts.append("not by " + joined([at_once(one, " and ", " together") for one in plan.not_authors], " or "))
        if plan.topics:
            parts.append("on " + joined([f"“{topic}”" for topic in plan.topics], " and "))
        if plan.terms:
            verb = {
                "use": "use or propose",
                "mention": "mention",
                "propose": "propose",
                "beat": "report to do better than",
                "extend": "improve or extend",
                None: "involve",
            }[plan.relation]
            one = {
                "use": "uses or proposes",
                "mention": "mentions",
                "propose": "proposes",
                "beat": "reports to do better than",
                "extend": "improves or extends",
                None: "involves",
            }[plan.relation]
            new = plan.relation == "propose" and not are_names(plan.terms)
            if new and len(plan.terms) > 1:
                said = f"{'involves' if n == 1 else 'involve'} {joined(plan.terms, ' and ')} and {one if n == 1 else verb} a new one of these"
            else:
                terms = [f"a new {glossary().term(term).variants[0]}" for term in plan.terms] if new else plan.terms
                said = f"{one if n == 1 else verb} {joined(terms, ' and ')}"
            titled = f"with {joined(plan.terms, ' and ')} in {'its title' if n == 1 else 'their titles'}"
            parts.append(titled if plan.in_title else "that " + said)
        kinds = [_kind_of_paper(sort, n == 1) for sort in plan.sorts if sort not in RELEASES]
        if kinds:
            parts.append(f"that {'is a' if n == 1 else 'are'} {joined(kinds, ' or ')}")
        if unwanted := (*plan.not_terms, *plan.not_topics, *(_kind_of_paper(sort, False) for sort in plan.not_sorts)):
            parts.append("without " + joined([at_once(one, " and ", " together") for one in unwanted], ", "))
        held = (
            [bounds.replace(" votes at", " and at")]
            if (bounds := vote_bounds(plan, "at least {n} votes", "at most {n} votes", "exactly {n} votes"))
            else []
        )
        held += ["an unknown number of votes"] if plan.unvoted else []
        held += [SORT_WORDS["en"][sort] for sort in plan.sorts if sort in RELEASES]
        held += [f"a summary in {'Korean' if plan.summary == 'ko' else 'English'}"] if plan.summary else []
        parts += ["with " + " and ".join(held)] if held else []
        if span := period(plan, False):
            parts.append(f"in the digest of {span[3:]}" if span.startswith("on ") else f"in the digests {span}")
        if parts == ["of the last answer"]:
            parts = ["picked from the last answer"]
        return "".join(" " + part for part in parts)

    def set_line(self, plan: Plan, n: int, also: int, yes_no: bool) -> str:
        line = f"{'Yes. ' if yes_no else ''}There {'is' if n == 1 else 'are'} {papers_of(n)}{self.which(plan, n)}."
        use = plan.relation == "extend"
        if also == 1:
            return line + f" One other paper only mentions it{', uses it' if use else ''} or compares with it."
        only = f"only mention it{', use it' if use else ''} or compare with it"
        return line + (f" Another {papers_of(also)} {only}." if also else "")

    def share(self, part: float, whole: Plan, size: int, about: bool) -> str:
        """Say what part of a wider set some papers are, and whether that is an estimate."""
        every = "about " if whole.topics else "the " if whole.filtered else "all "
        return f"That is {'about ' if about else ''}{part:.1%} of {every}{papers_of(size)}{self.which(whole, size)}."

    def same_day(self, n: int) -> str:
        """Say how many more papers stand in the digest of the same day as the last one shown."""
        return f"{n:,} more {'paper is' if n == 1 else 'papers are'} of the same day."

    def estimated(self, n: int, ordered: bool) -> str:
        """Say that a number of papers is an estimate, and whether the likeliest come first; of few only that more may be missing."""
        if n <= FEW:
            return "Found by meaning; others may be missing."
        said = "The number is an estimate: a few papers may be missing."
        return f"Most relevant first. {said}" if ordered else said

    def some(self, plan: Plan, n: int, pool: int) -> str:
        """Say that as many papers of a set are shown as were asked for."""
        return f"{n:,} of {'about ' if plan.topics else ''}{papers_of(pool)}{self.which(plan, pool)}."

    def topic_line(self, plan: Plan, n: int, yes_no: bool) -> str:
        """Say how many papers are about a topic, as an estimate."""
        about = "about " if n > 1 else ""
        return (
            f"{'Yes. ' if yes_no else ''}There {'is' if n == 1 else 'are'} {about}{papers_of(n)}{self.which(plan, n)}."
        )

    def titled(self, n: int) -> str:
        """Say how many papers of a set about a topic name it in their title."""
        return f"{n} of them name{'s' if n == 1 else ''} it in the title."

    def kept_all(self, topics: Sequence[str]) -> str:
        """Say that leaving topics out took no paper away."""
        return f"No paper had to be left out for {joined([f'“{topic}”' for topic in topics], ' or ')}."

    def near(self, plan: Plan, n: int) -> str:
        """Say that no paper meets all that is asked, and that the nearest follow."""
        nearest = "here is the nearest one" if n == 1 else f"here are the nearest {n}"
        none = "0 papers: no clear match" if plan.kind == "count" else "No clear match"
        return f"{none} for papers{self.which(plan, 2)}; {nearest}."

    def silent(self, n: int) -> str:
        """Say how many of the papers that were asked about do not tell what is asked."""
        return f"The {'summary' if n == 1 else 'summaries'} of the other {'one does' if n == 1 else f'{n} do'} not state it."

    def unreleased(self, kinds: Sequence[str]) -> str:
        """Say that no summary of such a paper says that it releases something, so that this was left out."""
        named = joined([SORT_WORDS["en"][kind] for kind in kinds], " or ")
        return f"No summary of such a paper mentions {named}, so that part was left out."

    def exhausted(self, n: int) -> str:
        """Say that a set was shown to its end, and that the `n` papers nearest to it follow, or all of it again."""
        behind = f"Next in nearness {'comes' if n == 1 else 'come'} {papers_of(n)}." if n else "Here they are again."
        return f"All papers that fit were shown before. {behind}"

    beyond: str = "No paper of the last answer fits well, so all papers were searched."

    def left_out(self, topics: Sequence[str]) -> str:
        """Say which topics no paper is about, so that they were left out."""
        return f"No paper is about {joined([f'“{topic}”' for topic in topics], ' or ')}, so that part was left out."

    def read_as(self, words: Sequence[tuple[str, str]]) -> str:
        """Say which words were taken for which."""
        return "Read as: " + joined([f"“{typed}” → “{taken}”" for typed, taken in words], ", ") + "."

    def scope(self, digests: int, first: date, last: date) -> str:
        return f"Counted over {digests:,} digests, {first:%Y-%m-%d} to {last:%Y-%m-%d}."

    def counted_from(self, day: date) -> str:
        """Say that days were counted back from the last digest."""
        return f"Counted back from the last digest, of {day:%Y-%m-%d}."

    def without_day(self, said: str) -> str:
        return f"No calendar has “{said}”; it was left out."

    def assumed(self, plan: Plan) -> str:
        return f"The question names no year; the latest in the digests was taken: {period(plan, False)}."

    def more(self, shown: int, total: int, skip: int = 0) -> str:
        if skip:
            return f"These are {skip + 1} to {skip + shown} of {total:,}."
        return f"The first {shown} of {total:,} are shown; the other {total - shown:,} are all in the list of results."

    def votes(self, n: int | None) -> str:
        """Name a vote count."""
        return self.unknown_votes if n is None else "1 vote" if n == 1 else f"{n} votes"

    def team(self, n: int) -> str:
        """Name a number of authors."""
        return f"{n:,} author{'' if n == 1 else 's'}"

    def uncounted(self, n: int) -> str:
        return f"{papers_of(n)} that {'names' if n == 1 else 'name'} only some authors {'is' if n == 1 else 'are'} left out."

    def unvoted(self, n: int) -> str:
        return f"{papers_of(n)} without a known vote {'is' if n == 1 else 'are'} left out."

    def ranking(self, plan: Plan, n: int, pool: int, tied: bool) -> str:
        by = {
            ("votes", "desc"): "most votes", ("votes", "asc"): "fewest votes",
            ("date", "desc"): "latest digest", ("date", "asc"): "earliest digest",
            ("authors", "desc"): "most authors", ("authors", "asc"): "fewest authors",
        }[(plan.by or "votes", plan.order or "desc")]  # fmt: skip
        about = "about " if plan.topics else ""
        if plan.limit is None:
            line = f"{about}{papers_of(n)}{self.which(plan, n)}, {_SORTED[plan.by or 'votes', plan.order or 'desc']} first."
            return line[0].upper() + line[1:]
        if plan.skip and plan.limit == 1:
            by = f"{('second', 'third', 'fourth', 'fifth')[min(plan.skip, 4) - 1]} {by}"
        line = f"The {papers_of(n) if n > 1 else 'paper'} with the {by}, out of {about}{papers_of(pool)}{self.which(plan, pool)}."
        return line + (" Ties are shown together." if tied else "")

    def day(self, plan: Plan, n: int) -> str:
        span = period(plan, False)
        return (
            f"The digest of {span[3:]} has {papers_of(n)}."
            if span.startswith("on ")
            else f"The digests {span} have {papers_of(n)}."
        )

    def paper_is(self, title: str) -> str:
        return f"**{title}**, as the digest sums it up:"

    def found(self, n: int) -> str:
        return "The paper closest to the question:" if n == 1 else f"The {n} papers closest to the question:"

    def only_mentioned(self, name: str) -> str:
        return f"No paper is about {name} itself. What the summaries of others say of it:"

    def not_told(self, name: str, n: int) -> str:
        """Say that no paper is about a thing, and that the summaries which name it do not tell what is asked."""
        told = "does the one summary that names it" if n == 1 else f"do the {n:,} summaries that name it"
        return f"No paper is about {name} itself, nor {told} state this."

    def proposed_by(self, name: str, n: int) -> str:
        return f"What the {'paper that proposes' if n == 1 else f'{n} papers that propose'} {name} say{'s' if n == 1 else ''} of it:"

    def mentioned_too(self, name: str, n: int) -> str:
        return f"{name} is mentioned in {papers_of(n)} besides."

    def related(self, name: str, term: str, relation: Relation) -> str:
        """Answer whether a paper uses a term."""
        return {
            "proposes": f"Yes. {name} proposes {term}.", "uses": f"Yes. {name} uses {term}.",
            "compares": f"No. By its summary, {name} only compares with {term}.",
            "mentions": f"No. The summary of {name} mentions {term}, but does not say that it uses it.",
        }[relation]  # fmt: skip

    def similar(self, title: str, n: int) -> str:
        return f"{papers_of(n)} close in content to **{title}**:"

    def not_compared(self, names: Sequence[str]) -> str:
        """Say which names of a comparison no paper has."""
        return f"No indexed paper is named {joined([f'“{name}”' for name in names], ' or ')}, so it is not compared."

    def counted(self, plan: Plan, n: int) -> str:
        """Name a set with its size, which is an estimate where it is about a topic."""
        return f"{'about ' if plan.topics else ''}{papers_of(n)}{self.which(plan, n)}"

    def topics(self, plan: Plan, n: int, before: Plan | None, papers: int) -> str:
        how = "whose share grew most over the time before" if plan.by and before else "treated most"
        line = f"The topics {how} in the {papers_of(n)}{self.which(plan, n)}. Counted are those named in a title or in the first sentence of a summary; words that stand in papers of every topic, such as dataset or benchmark, are left out."
        return line + (f" Before: {period(before, False)} ({papers_of(papers)})." if before else "")

    def sides(self, told: Sequence[tuple[Plan, int]], both: int) -> str:
        """Say how many papers there are of each term, most first, of which there are more, and how many have all."""
        line = f"There are {joined([f'{papers_of(n)}{self.which(plan, n)}' for plan, n in told], ' and ')}."
        (first, most), (_, next_) = told[0], told[1]
        line += (
            f" That is {most - next_:,} more for {(*first.terms, *first.authors)[0]}."
            if most > next_
            else " The numbers are equal."
        )
        return line + (
            f" {papers_of(both)} {'is' if both == 1 else 'are'} by {'both' if len(told) == 2 else 'all'}."
            if first.authors and both
            else f" {papers_of(both)} {'involves' if both == 1 else 'involve'} {'both' if len(told) == 2 else 'all'}."
            if both
            else ""
        )

    def writers(self, plan: Plan, n: int, cut: int) -> str:
        line = f"The {'co-' if plan.authors else ''}authors of {'the ' if n > 1 else ''}{papers_of(n)}{self.which(plan, n)}, most papers first. Names are counted, so people of one name count as one."
        names = f"{papers_of(cut)} {'names' if cut == 1 else 'name'} only some of their authors"
        return line + (f" {names}; the others are not counted." if cut else "")

    def tied(self, n: int) -> str:
        """Say how many more have as many papers as the last one shown."""
        return f"{n:,} more {'author has' if n == 1 else 'authors have'} as many papers as the last one."

    writer_columns: tuple[str, ...] = ("Author", "Papers", "Paper with most votes")

    topic_columns: tuple[str, ...] = ("Topic", "Papers", "Before", "Paper with most votes")

    def help(self, papers: int, first: date | None, last: date | None) -> str:
        if not papers or first is None or last is None:
            return "Nothing is indexed yet. Index your digests first: nonmun ingest FOLDER"
        return f"Hello, this is Nonmun. I answer from {papers_of(papers)} in the digests of {first:%Y-%m-%d} to {last:%Y-%m-%d}. You can ask, for instance:"

    def not_kept(self, field: str) -> str:
        """Say that digests do not keep what is asked, and what they do."""
        return f"The digests do not state {self.lacks[field]}. Authors, dates, votes and the summaries' content can be answered."

    def refusal(
        self, reason: Reason, plan: Plan, unknown: Sequence[str], near: Nearest, yes_no: bool, scope: str
    ) -> str:
        """Say why there is no answer, and what can be answered instead."""
        name = unknown[0] if unknown else ""
        people = joined([f"{person} ({papers_of(n)})" for person, n in near.names], " or ")
        days = joined([f"{day:%Y-%m-%d} ({papers_of(n)})" for day, n in near.days], " and ")
        nearest = (
            f"The nearest digests: {days}." if len(near.days) > 1 else f"The nearest digest: {days}." if days else ""
        )
        no = "No. " if yes_no else ""
        if reason == "unknown_author":
            meant = f"Did you mean {people}?" if people else "Please check the spelling."
            return f"No indexed paper has an author called “{name}”. {meant}"
        if reason == "ambiguous" and plan.kind != "author":
            return "The question names ranges of days that lie apart. Please ask about each alone."
        if reason == "ambiguous":
            many = f" and {len(unknown) - 8} more" if len(unknown) > 8 else ""
            return f"“{name}” may be any of several authors: {people.replace(' or ', ', ')}{many}. Please ask with the full name."
        if reason == "field_not_in_digest":
            if near.paper is None:
                return "The digests do not state that (citation counts, first authors, affiliations, nationalities, venues). Authors, dates, votes and the summaries' content can be answered."
            holds = "".join(f", {self.aspects[aspect]}" for aspect in near.holds)
            asked = joined([f"“{word}”" for word in unknown], " or ") if unknown else "that"
            return f"The digest's summary of “{near.paper.name or near.paper.title}” does not state {asked}. It can be asked for the method{holds}; authors, date and votes are known too."
        if reason == "before_first_digest":
            return f"That is before the first digest. {nearest} {scope}"
        if reason == "after_last_digest":
            return f"That is after the last digest, so there are no papers of that time yet. {nearest} {scope}"
        if reason == "impossible_day":
            if name.lower().startswith("lunar"):
                return f"“{name}” is a day of the lunar calendar, which I cannot count with. Please write it as in 2024-06-11. {scope}"
            return f"No calendar has “{name}”. Please check the date. {scope}"
        if reason == "no_digest_that_day":
            return f"There is no digest {period(plan, False)}. {nearest} {scope}"
        if reason == "no_reference":
            return "There is no earlier answer, so I cannot tell which papers you mean. Please add a paper's name or a topic."
        if reason == "out_of_scope":
            return "The indexed paper summaries cannot answer this. Ask about what the digests hold: methods, authors, dates, votes."
        if near.names:
            asks = " ".join(f"Did you mean {n}? It is mentioned in {papers_of(c)}." for n, c in near.names)
            return f"{no}No paper mentions “{name}”. {asks}"
        if name:
            return f"{no}The indexed summaries say nothing about “{name}”. {scope}"
        if not plan.filtered or plan.kind in ("fact", "explain", "describe", "known_item"):
            return f"The indexed summaries hold no evidence that answers this. {scope}"
        wider = ""
        if near.without:
            other, n = near.without
            wider = f" There {'is' if n == 1 else 'are'} {papers_of(n)}{self.which(other, n)}."
        which = self.which(plan, 1)
        if plan.topics:  # by meaning, some may be missed
            return f"{no}No paper{which} was found.{wider} {scope}"
        return f"{no}There is no paper{which}.{wider} {scope}"
