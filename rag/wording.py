"""The sentences of the offline engine, in Korean and in English: the same statements, each as a native would put them.

Korean is the polite written style; a particle follows the word's reading, and where that is unknown the sentence is
worded so that it needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from rag.plan import Plan, Reason
from rag.text import josa, josa_or


class Wording(Protocol):
    """What an answer can say; one implementation a language."""

    unknown_votes: str
    also_heading: str
    by_month: str
    other_summary: str
    offers: str
    columns: tuple[str, ...]

    def set_line(self, plan: Plan, n: int, also: int, yes_no: bool) -> str: ...
    def scope(self, digests: int, first: date, last: date) -> str: ...
    def more(self, shown: int, total: int) -> str: ...
    def votes(self, n: int | None) -> str: ...
    def ranking(self, plan: Plan, n: int, pool: int, unvoted: int, tied: bool) -> str: ...
    def day(self, plan: Plan, n: int, label: str) -> str: ...
    def words(self, words: Sequence[str]) -> str: ...
    def paper_is(self, title: str) -> str: ...
    def field(self, name: str, value: str, title: str) -> str: ...
    def found(self, n: int) -> str: ...
    def similar(self, title: str, n: int) -> str: ...
    def compare(self, n: int) -> str: ...
    def trend(self, plan: Plan, n: int) -> str: ...
    def help(self, papers: int, first: date | None, last: date | None, examples: Sequence[str]) -> str: ...
    def refusal(
        self, reason: Reason, plan: Plan, unknown: Sequence[str], near: Sequence[tuple[str, int]], span: str
    ) -> str: ...


def _with(names: Sequence[str]) -> str:
    """Join names as Korean does: A와 B, and where a reading is unknown A 및 B; more than two by commas."""
    if len(names) > 2:
        return ", ".join(names)
    return " ".join([*(josa_or(name, "과/와", " 및") for name in names[:-1]), *names[-1:]])


def _joined(names: Sequence[str], pair: str, last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return pair.join(names[:-1]) + last + names[-1]


class Korean:
    """Polite written Korean."""

    unknown_votes = "표 정보 없음"
    also_heading = "언급하거나 비교만 한 논문"
    by_month = "월별 편수"
    other_summary = "영어 요약"
    offers = "이렇게 물어보시면 답할 수 있습니다."
    columns: tuple[str, ...] = ("논문", "날짜", "표", "핵심 내용")

    def _subject(self, plan: Plan) -> str:
        """What the papers of a plan are, up to the word 논문: clauses in the connective form, the last one adnominal."""
        parts: list[str] = []
        if plan.papers:
            alone = not (plan.date_from or plan.date_to or plan.authors or plan.terms or plan.not_terms)
            parts.append("앞선 답의" if alone and plan.min_votes is None else "앞선 답의 논문 가운데")
        if plan.date_from or plan.date_to:
            parts.append(
                f"{_span_ko(plan)} 다이제스트에서"
                if plan.terms or plan.not_terms or plan.min_votes
                else f"{_span_ko(plan)} 다이제스트의"
            )
        if plan.authors:
            names = ", ".join(plan.authors)
            parts.append(f"{names}의" if len(plan.authors) == 1 else f"{names}의 공저")
        clauses: list[tuple[str, str]] = []  # what it does, with the verb's stem: -고 or -ㄴ/은
        if plan.terms:
            name = _with(plan.terms)
            many = "함께 " if len(plan.terms) > 1 else ""
            verb = {
                "use": ("사용하거나 제안하고", "사용하거나 제안한"),
                "mention": ("언급하고", "언급한"),
                None: ("다루고", "다룬"),
            }[plan.relation]
            head = josa_or(name, "을/를", " 항목을" if many else " 관련 내용을")
            clauses.append((f"{head} {many}{verb[0]}", f"{head} {many}{verb[1]}"))
        if plan.not_terms:
            head = josa_or(", ".join(plan.not_terms), "은/는", " 관련 내용은")
            clauses.append((f"{head} 다루지 않으며", f"{head} 다루지 않은"))
        if plan.min_votes is not None:
            clauses.append((f"{plan.min_votes}표 이상을 받고", f"{plan.min_votes}표 이상을 받은"))
        if plan.max_votes is not None:
            clauses.append((f"{plan.max_votes}표 이하를 받고", f"{plan.max_votes}표 이하를 받은"))
        parts += [connective for connective, _ in clauses[:-1]] + [final for _, final in clauses[-1:]]
        return " ".join([*parts, "논문"])

    def set_line(self, plan: Plan, n: int, also: int, yes_no: bool) -> str:
        """Say how many there are."""
        line = f"{'예. ' if yes_no else ''}{self._subject(plan)}은 {'모두 ' if n > 1 else ''}{n:,}편입니다."
        if also:
            line += f" 그 밖에 언급하거나 비교만 한 논문이 {also:,}편 있습니다."
        return line

    def scope(self, digests: int, first: date, last: date) -> str:
        """Say what was counted over."""
        return f"{first:%Y-%m-%d}부터 {last:%Y-%m-%d}까지 다이제스트 {digests:,}일 치를 기준으로 했습니다."

    def more(self, shown: int, total: int) -> str:
        """Say that the list goes on."""
        return f"전체 {total}편 가운데 앞의 {shown}편만 보였습니다. 나머지 {total - shown}편도 결과 목록에 모두 들어 있습니다."

    def votes(self, n: int | None) -> str:
        """Name a vote count."""
        return self.unknown_votes if n is None else f"{n}표"

    def ranking(self, plan: Plan, n: int, pool: int, unvoted: int, tied: bool) -> str:
        """Introduce a ranking."""
        subject = self._subject(plan)
        by = {
            ("votes", "desc"): "표를 가장 많이 받은", ("votes", "asc"): "표를 가장 적게 받은",
            ("date", "desc"): "가장 최근에 소개된", ("date", "asc"): "가장 먼저 소개된",
        }[(plan.by or "votes", plan.order or "desc")]  # fmt: skip
        line = f"{subject} {pool:,}편 가운데 {by} {n}편입니다."
        if plan.by == "votes":
            line += " 표는 다이제스트 작성 시점의 투표 수입니다."
            if unvoted:
                line += f" 투표 수를 알 수 없는 {unvoted}편은 순위에서 뺐습니다."
        return line + (" 같은 순위는 함께 보였습니다." if tied else "")

    def day(self, plan: Plan, n: int, label: str) -> str:
        """Introduce the papers of some days."""
        return f"{_span_ko(plan)} 다이제스트에는 논문 {n}편이 실렸습니다."

    def words(self, words: Sequence[str]) -> str:
        """Say how a topic's set was made."""
        listed = ", ".join(f"‘{word}’" for word in words)
        return f"정해진 이름이 없는 주제여서, 제목이나 요약에 다음 낱말이 모두 나오는 논문을 모았습니다: {listed}."

    def paper_is(self, title: str) -> str:
        """Introduce one paper."""
        return f"**{title}** 논문의 요약입니다."

    def field(self, name: str, value: str, title: str) -> str:
        """State one fact of the metadata."""
        said = {
            "authors": f"저자는 {value}입니다. (다이제스트의 저자 순서는 논문과 다를 수 있습니다.)",
            "votes": f"다이제스트 작성 시점의 투표 수는 {value}입니다."
            if value
            else "다이제스트에 투표 수가 적혀 있지 않습니다.",
            "date": f"{value} 다이제스트에 실렸습니다.",
            "link": f"링크는 {value} 입니다.",
        }[name]
        return f"**{title}** 논문: {said}"

    def found(self, n: int) -> str:
        """Introduce what a description found."""
        return "질문과 가장 가까운 논문입니다." if n == 1 else f"질문과 가장 가까운 논문 {n}편입니다."

    def similar(self, title: str, n: int) -> str:
        """Introduce similar papers."""
        return f"**{title}** 논문과 내용이 가까운 논문 {n}편입니다."

    def compare(self, n: int) -> str:
        """Introduce a comparison."""
        return f"논문 {n}편을 나란히 놓았습니다."

    def trend(self, plan: Plan, n: int) -> str:
        """Introduce counts by month."""
        return f"{self._subject(plan)} {n:,}편을 월별로 세었습니다."

    def help(self, papers: int, first: date | None, last: date | None, examples: Sequence[str]) -> str:
        """Say what can be asked."""
        if not papers or first is None or last is None:
            return "아직 색인된 논문이 없습니다. “nonmun ingest 폴더”로 다이제스트를 먼저 색인해 주세요."
        head = f"안녕하세요. {first:%Y-%m-%d}부터 {last:%Y-%m-%d}까지의 다이제스트에 실린 논문 {papers:,}편에 대해 답합니다. 이렇게 물어보실 수 있습니다."
        return "\n".join([head, "", *(f"- {example}" for example in examples)])

    def refusal(
        self, reason: Reason, plan: Plan, unknown: Sequence[str], near: Sequence[tuple[str, int]], span: str
    ) -> str:
        """Say why there is no answer, and what can be answered instead."""
        name = unknown[0] if unknown else ""
        if reason == "unknown_author":
            line = f"저자 이름 ‘{name}’{_after(name, '은/는')} 색인된 논문에 없습니다."
            return line + (
                f" 혹시 {' 또는 '.join(f'{n}(논문 {c}편)' for n, c in near)} 님을 찾으셨나요?"
                if near
                else " 이름의 철자를 확인해 주세요."
            )
        if reason == "ambiguous" and plan.kind == "author":
            listed = ", ".join(unknown[1:8]) + (f" 등 {len(unknown) - 1}명" if len(unknown) > 8 else "")
            return f"‘{name}’에 해당하는 저자가 여럿입니다: {listed}. 이름 전체로 물어봐 주세요."
        if near:
            hint = " ".join(
                f"혹시 {josa_or(n, '을/를', ' 항목을')} 찾으셨나요? {josa_or(n, '을/를', ' 항목을')} 언급한 논문은 {c}편입니다."
                for n, c in near[:2]
            )
            return f"‘{name}’{_after(name, '을/를')} 언급한 논문은 없습니다. {hint}"
        return {
            "out_of_scope": "색인된 논문 요약으로는 답할 수 없는 질문입니다. 논문의 방법, 저자, 날짜, 투표 수처럼 다이제스트에 있는 내용을 물어봐 주세요.",
            "no_evidence": f"{self._nothing(plan, name)} {span}".strip(),
            "field_not_in_digest": "다이제스트에는 그 항목(인용 수, 제1저자, 소속, 게재처 등)이 실려 있지 않아 답할 수 없습니다. 저자 이름, 날짜, 투표 수, 요약 내용은 답할 수 있습니다.",
            "before_first_digest": f"첫 다이제스트보다 앞선 기간입니다. {span}",
            "after_last_digest": f"마지막 다이제스트보다 뒤의 기간이어서 아직 실린 논문이 없습니다. {span}",
            "no_digest_that_day": f"{_span_ko(plan)}에는 다이제스트가 없습니다. {span}",
            "unknown_author": "",
            "ambiguous": "서로 떨어진 기간을 함께 물으셨습니다. 기간마다 따로 물어봐 주세요.",
        }[reason]

    def _nothing(self, plan: Plan, name: str) -> str:
        if name:
            return f"‘{name}’에 대한 내용은 색인된 논문 요약에 없습니다."
        if plan.filtered and plan.kind not in ("fact", "explain", "describe", "known_item"):
            return f"{self._subject(plan)}은 없습니다."
        return "질문에 답할 근거를 색인된 논문 요약에서 찾지 못했습니다."


def _after(word: str, particle: str) -> str:
    """The particle alone, as it follows a quoted word; both forms never stand together, so an unknown reading gets 관련."""
    joined = josa(word, particle)  # type: ignore[arg-type]
    return joined[len(word) :] if joined else {"은/는": " 님은", "을/를": " 항목을"}[particle]


def _span_ko(plan: Plan) -> str:
    start, end = plan.date_from, plan.date_to
    last = date.fromordinal(end.toordinal() - 1) if end else None
    if start and last and start == last:
        return f"{start.year}년 {start.month}월 {start.day}일"
    if start and last and start.day == 1 and end and end.day == 1:
        if (start.year, start.month) == (last.year, last.month):
            return f"{start.year}년 {start.month}월"
        if start.month == 1 and last.month == 12 and start.year == last.year:
            return f"{start.year}년"
        return f"{start.year}년 {start.month}월~{last.year}년 {last.month}월"
    if start and last:
        return f"{start:%Y-%m-%d}~{last:%Y-%m-%d}"
    return f"{start:%Y-%m-%d} 이후" if start else f"{last:%Y-%m-%d}까지" if last else ""


def _span_en(plan: Plan) -> str:
    start, end = plan.date_from, plan.date_to
    last = date.fromordinal(end.toordinal() - 1) if end else None
    if start and last and start == last:
        return f"on {start:%Y-%m-%d}"
    if start and last and start.day == 1 and end and end.day == 1:
        if (start.year, start.month) == (last.year, last.month):
            return f"in {start:%B %Y}"
        if start.month == 1 and last.month == 12 and start.year == last.year:
            return f"in {start.year}"
        return f"from {start:%B %Y} to {last:%B %Y}"
    if start and last:
        return f"from {start:%Y-%m-%d} to {last:%Y-%m-%d}"
    return f"since {start:%Y-%m-%d}" if start else f"until {last:%Y-%m-%d}" if last else ""


def _papers(n: int) -> str:
    return f"{n:,} paper" if n == 1 else f"{n:,} papers"


class English:
    """Plain English."""

    unknown_votes = "votes not known"
    also_heading = "Mentioned or only compared with"
    by_month = "Papers by month"
    other_summary = "Korean summary"
    offers = "These can be answered:"
    columns: tuple[str, ...] = ("Paper", "Date", "Votes", "Main points")

    def _which(self, plan: Plan, n: int) -> str:
        """The clause after "N papers": which they are."""
        parts: list[str] = []
        if plan.papers:
            parts.append("of the last answer")
        if plan.authors:
            parts.append("by " + _joined(plan.authors, ", ", " and "))
        if plan.terms:
            verb = {"use": "use or propose", "mention": "mention", None: "deal with"}[plan.relation]
            one = {"use": "uses or proposes", "mention": "mentions", None: "deals with"}[plan.relation]
            parts.append(f"that {one if n == 1 else verb} {_joined(plan.terms, ', ', ' and ')}")
        if plan.not_terms:
            parts.append("without " + _joined(plan.not_terms, ", ", " or "))
        if plan.min_votes is not None:
            parts.append(f"with at least {plan.min_votes} votes")
        if plan.max_votes is not None:
            parts.append(f"with at most {plan.max_votes} votes")
        if plan.date_from or plan.date_to:
            parts.append(
                f"in the digests {_span_en(plan)}"
                if not _span_en(plan).startswith("on ")
                else f"in the digest of {_span_en(plan)[3:]}"
            )
        return "".join(" " + part for part in parts)

    def set_line(self, plan: Plan, n: int, also: int, yes_no: bool) -> str:
        """Say how many there are."""
        verb = "is" if n == 1 else "are"
        line = f"{'Yes. ' if yes_no else ''}There {verb} {_papers(n)}{self._which(plan, n)}."
        if also:
            other = "One other paper" if also == 1 else f"Another {_papers(also)}"
            line += f" {other} only {'mentions it or compares' if also == 1 else 'mention it or compare'} with it."
        return line

    def scope(self, digests: int, first: date, last: date) -> str:
        """Say what was counted over."""
        return f"Counted over {digests:,} days of digests, {first:%Y-%m-%d} to {last:%Y-%m-%d}."

    def more(self, shown: int, total: int) -> str:
        """Say that the list goes on."""
        return f"The first {shown} of {total} are shown; the other {total - shown} are all in the list of results."

    def votes(self, n: int | None) -> str:
        """Name a vote count."""
        return self.unknown_votes if n is None else "1 vote" if n == 1 else f"{n} votes"

    def ranking(self, plan: Plan, n: int, pool: int, unvoted: int, tied: bool) -> str:
        """Introduce a ranking."""
        by = {
            ("votes", "desc"): "most votes", ("votes", "asc"): "fewest votes",
            ("date", "desc"): "latest digest", ("date", "asc"): "earliest digest",
        }[(plan.by or "votes", plan.order or "desc")]  # fmt: skip
        which = self._which(plan, pool)
        line = f"The {_papers(n) if n > 1 else 'paper'} with the {by}, out of {_papers(pool)}{which}."
        if plan.by == "votes":
            line += " Votes are as of the day of the digest."
            if unvoted:
                line += f" {_papers(unvoted)} without a known vote {'is' if unvoted == 1 else 'are'} left out."
        return line + (" Ties are shown together." if tied else "")

    def day(self, plan: Plan, n: int, label: str) -> str:
        """Introduce the papers of some days."""
        span = _span_en(plan)
        return (
            f"The digest of {span[3:]} has {_papers(n)}."
            if span.startswith("on ")
            else f"The digests {span} have {_papers(n)}."
        )

    def words(self, words: Sequence[str]) -> str:
        """Say how a topic's set was made."""
        return (
            "The topic has no fixed name, so these are the papers whose title or summary holds all of "
            + ", ".join(f"“{w}”" for w in words)
            + "."
        )

    def paper_is(self, title: str) -> str:
        """Introduce one paper."""
        return f"**{title}**, as the digest sums it up:"

    def field(self, name: str, value: str, title: str) -> str:
        """State one fact of the metadata."""
        said = {
            "authors": f"the authors are {value}. (The digests do not keep the order of authors.)",
            "votes": f"{value} as of the day of the digest." if value else "the digest states no votes.",
            "date": f"it stood in the digest of {value}.",
            "link": f"the link is {value} .",
        }[name]
        return f"**{title}**: {said}"

    def found(self, n: int) -> str:
        """Introduce what a description found."""
        return "The paper closest to the question:" if n == 1 else f"The {n} papers closest to the question:"

    def similar(self, title: str, n: int) -> str:
        """Introduce similar papers."""
        return f"{_papers(n)} close in content to **{title}**:"

    def compare(self, n: int) -> str:
        """Introduce a comparison."""
        return f"The {n} papers side by side:"

    def trend(self, plan: Plan, n: int) -> str:
        """Introduce counts by month."""
        return f"{_papers(n)}{self._which(plan, n)}, counted by month:"

    def help(self, papers: int, first: date | None, last: date | None, examples: Sequence[str]) -> str:
        """Say what can be asked."""
        if not papers or first is None or last is None:
            return "Nothing is indexed yet. Index your digests first: nonmun ingest FOLDER"
        head = f"Hello. I answer from {_papers(papers)} in the digests of {first:%Y-%m-%d} to {last:%Y-%m-%d}. You can ask, for instance:"
        return "\n".join([head, "", *(f"- {example}" for example in examples)])

    def refusal(
        self, reason: Reason, plan: Plan, unknown: Sequence[str], near: Sequence[tuple[str, int]], span: str
    ) -> str:
        """Say why there is no answer, and what can be answered instead."""
        name = unknown[0] if unknown else ""
        if reason == "unknown_author":
            hint = (
                f" Did you mean {' or '.join(f'{n} ({_papers(c)})' for n, c in near)}?"
                if near
                else " Please check the spelling."
            )
            return f"No indexed paper has an author called “{name}”.{hint}"
        if reason == "ambiguous" and plan.kind == "author":
            listed = ", ".join(unknown[1:8]) + (f" and {len(unknown) - 8} more" if len(unknown) > 8 else "")
            return f"“{name}” may be any of several authors: {listed}. Please ask with the full name."
        if near:
            hint = " ".join(f"Did you mean {n}? It is mentioned in {_papers(c)}." for n, c in near[:2])
            return f"No paper mentions “{name}”. {hint}"
        return {
            "out_of_scope": "The indexed paper summaries cannot answer this. Ask about what the digests hold: methods, authors, dates, votes.",
            "no_evidence": f"{self._nothing(plan, name)} {span}".strip(),
            "field_not_in_digest": "The digests do not state that (citation counts, first authors, affiliations, venues). Authors, dates, votes and the summaries' content can be answered.",
            "before_first_digest": f"That is before the first digest. {span}",
            "after_last_digest": f"That is after the last digest, so no paper stands there yet. {span}",
            "no_digest_that_day": f"There is no digest {_span_en(plan)}. {span}",
            "unknown_author": "",
            "ambiguous": "The question names ranges of days that lie apart. Please ask about each alone.",
        }[reason]

    def _nothing(self, plan: Plan, name: str) -> str:
        if name:
            return f"The indexed summaries say nothing about “{name}”."
        if plan.filtered and plan.kind not in ("fact", "explain", "describe", "known_item"):
            return f"There is no paper{self._which(plan, 1)}."
        return "The indexed summaries hold no evidence that answers this."


WORDING: dict[str, Wording] = {"ko": Korean(), "en": English()}
