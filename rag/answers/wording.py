"""The sentences of the offline engine, in Korean and in English: the same statements, each as a native would put them.

Korean is the polite written style; a particle follows the word's reading, and where that is unknown the sentence is
worded so that it needs none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rag.corpus.relations import Relation
from rag.evidence.types import Aspect, Nearest
from rag.language.terms import glossary
from rag.language.text import josa, josa_or
from rag.questions.plan import SORT_WORDS, Plan, Reason


def _with(names: Sequence[str]) -> str:
    """Join names as Korean does: A와 B, and where a reading is unknown A 및 B; more than two by commas."""
    if len(names) > 2:
        return ", ".join(names)
    return " ".join([*(josa_or(name, "과/와", " 및") for name in names[:-1]), *names[-1:]])


def _joined(names: Sequence[str], last: str, most: int = 7) -> str:
    """Join at most so many names by commas, the last two by a word."""
    shown = [*names[:most]]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + last + shown[-1] if shown else ""


def _bounds(plan: Plan, least: str, most: str) -> str:
    low = [least.format(n=plan.min_votes)] if plan.min_votes is not None else []
    high = [most.format(n=plan.max_votes)] if plan.max_votes is not None else []
    return " ".join(low + high)


def _period(plan: Plan, korean: bool) -> str:
    """Name a range of days as people do: a day, a month, a year, else from and to."""
    start, end = plan.date_from, plan.date_to
    last = date.fromordinal(end.toordinal() - 1) if end else None
    if not start or not last:
        if korean:
            return f"{start:%Y-%m-%d} 이후" if start else f"{last:%Y-%m-%d}까지" if last else ""
        return f"since {start:%Y-%m-%d}" if start else f"until {last:%Y-%m-%d}" if last else ""
    if start == last:
        return f"{start.year}년 {start.month}월 {start.day}일" if korean else f"on {start:%Y-%m-%d}"
    if not (start.day == 1 and end and end.day == 1):
        return f"{start:%Y-%m-%d}~{last:%Y-%m-%d}" if korean else f"from {start:%Y-%m-%d} to {last:%Y-%m-%d}"
    if (start.year, start.month) == (last.year, last.month):
        return f"{start.year}년 {start.month}월" if korean else f"in {start:%B %Y}"
    if (start.month, last.month) == (1, 12):
        years = f"{start.year}" if start.year == last.year else f"{start.year}~{last.year}"
        return f"{years}년" if korean else f"in {years}".replace("~", "–")
    if korean:
        return f"{start.year}년 {start.month}월~{last.year}년 {last.month}월"
    return f"from {start:%B %Y} to {last:%B %Y}"


def _proper(terms: Sequence[str]) -> bool:
    """Whether terms are names, and not kinds of things."""
    return all(term.isascii() and not term.islower() for term in terms)


class Korean:
    """Polite written Korean."""

    unknown_votes = "표 정보 없음"
    also_heading = "언급하거나 비교만 한 논문"
    by_month = "월별 편수"
    other_summary = "영어 요약"
    topic = "주제에 맞을 가능성이 높은 순서이며, 편수는 뜻으로 추정한 값입니다. 몇 편은 빠지거나 덜 맞을 수 있습니다."
    unstated = "요약에 직접 적혀 있지는 않습니다. 가장 가까운 내용은 다음과 같습니다."
    offers = "이렇게 물어보시면 답할 수 있습니다."
    votes_are = "표는 다이제스트 작성 시점의 투표 수입니다."
    columns: tuple[str, ...] = ("논문", "날짜", "표", "핵심 내용")
    aspects: Mapping[Aspect, str] = {
        "hardware": "GPU나 시간", "size": "모델 크기", "cost": "비용", "speed": "속도", "memory": "메모리", "data": "데이터",
        "score": "성능", "code": "코드 공개", "license": "라이선스", "limits": "한계",
    }  # fmt: skip

    def subject(self, plan: Plan) -> str:
        """What the papers of a plan are, up to the word 논문: clauses in the connective form, the last one adnominal."""
        parts: list[str] = []
        rest = (
            plan.date_from
            or plan.date_to
            or plan.authors
            or plan.topics
            or plan.sorts
            or plan.terms
            or plan.not_terms
            or plan.summary
            or plan.unvoted
        )
        bounds = _bounds(plan, "{n}표 이상", "{n}표 이하")
        if plan.papers:
            parts.append("앞선 답의 논문 가운데" if rest or bounds else "앞선 답의")
        if plan.date_from or plan.date_to:
            parts.append(
                f"{_period(plan, True)} 다이제스트{'에서' if plan.terms or plan.topics or plan.not_terms or bounds else '의'}"
            )
        if plan.authors:
            parts.append(", ".join(plan.authors) + ("의" if len(plan.authors) == 1 else "의 공저"))
        if plan.not_authors:
            parts.append(", ".join(plan.not_authors) + " 님의 논문이 아닌 것 중")
        clauses: list[tuple[str, str]] = []  # connective, adnominal
        if plan.terms:
            many = "함께 " if len(plan.terms) > 1 else ""
            kinds = plan.relation == "propose" and not _proper(plan.terms)
            new = "새로운 " if kinds and not many else ""
            verb = {"use": "사용하거나 제안", "mention": "언급", "propose": "제안", None: ""}[plan.relation]
            if kinds and many:
                many, verb = "함께 다루며 그 가운데 하나를 새로 ", "제안"
            head = new + josa_or(_with(plan.terms), "을/를", " 항목을" if many else " 관련 내용을") + f" {many}"
            if plan.in_title:
                head, verb = "제목에 " + josa_or(_with(plan.terms), "이/가", " 항목이") + f" {many}", ""
                clauses.append((head + "들어가고", head + "들어간"))
            else:
                clauses.append((head + (f"{verb}하고" if verb else "다루고"), head + (f"{verb}한" if verb else "다룬")))
        if unwanted := (*plan.not_terms, *plan.not_topics):
            head = josa_or(", ".join(unwanted), "은/는", " 관련 내용은")
            clauses.append((f"{head} 다루지 않으며", f"{head} 다루지 않은"))
        if bounds:
            bounds += "을" if bounds.endswith("이상") else "를"
            clauses.append((f"{bounds} 받고", f"{bounds} 받은"))
        if plan.unvoted:
            clauses.append(("투표 수를 알 수 없고", "투표 수를 알 수 없는"))
        if plan.summary:
            clauses.append(("", f"{'한국어' if plan.summary == 'ko' else '영어'} 요약이 있는"))
        if plan.not_sorts:
            clauses.append(
                ("", f"{', '.join(SORT_WORDS['ko'].get(sort, sort) for sort in plan.not_sorts)} 논문이 아닌")
            )
        told = [*parts, *(first for first, _ in clauses[:-1]), *(last for _, last in clauses[-1:])]
        told += [f"‘{_joined(plan.topics, '’·‘')}’ 관련"] if plan.topics else []
        told += [", ".join(SORT_WORDS["ko"].get(sort, sort) for sort in plan.sorts)] if plan.sorts else []
        return " ".join([*filter(None, told), "논문"])

    def set_line(self, plan: Plan, n: int, also: int, yes_no: bool) -> str:
        line = f"{'예. ' if yes_no else ''}{self.subject(plan)}은 {'모두 ' if n > 1 else ''}{n:,}편입니다."
        return line + (f" 그 밖에 언급하거나 비교만 한 논문이 {also:,}편 있습니다." if also else "")

    def topic_line(self, plan: Plan, n: int, yes_no: bool) -> str:
        """Say how many papers are about a topic, as an estimate."""
        return f"{'예. ' if yes_no else ''}{self.subject(plan)}은 {'약 ' if n > 1 else ''}{n:,}편입니다."

    def near(self, plan: Plan, n: int) -> str:
        """Say that no paper meets all that is asked, and that the nearest follow."""
        return f"{self.subject(plan)}에 꼭 맞는 것은 찾지 못했습니다. 가장 가까운 논문 {n}편입니다."

    def scope(self, digests: int, first: date, last: date) -> str:
        return f"다이제스트 {digests:,}개 기준, {first:%Y-%m-%d}~{last:%Y-%m-%d}."

    def assumed(self, plan: Plan) -> str:
        return f"질문에 연도가 없어, 다이제스트에서 가장 최근인 {_period(plan, True)}로 보았습니다."

    def more(self, shown: int, total: int) -> str:
        return f"전체 {total:,}편 가운데 앞의 {shown}편만 보였습니다. 나머지 {total - shown:,}편도 결과 목록에 모두 들어 있습니다."

    def votes(self, n: int | None) -> str:
        """Name a vote count."""
        return self.unknown_votes if n is None else f"{n}표"

    def unvoted(self, n: int) -> str:
        return f"투표 수를 알 수 없는 {n:,}편은 뺐습니다."

    def ranking(self, plan: Plan, n: int, pool: int, tied: bool) -> str:
        by = {
            ("votes", "desc"): "표를 가장 많이 받은", ("votes", "asc"): "표를 가장 적게 받은",
            ("date", "desc"): "가장 최근에 소개된", ("date", "asc"): "가장 먼저 소개된",
        }[(plan.by or "votes", plan.order or "desc")]  # fmt: skip
        line = f"{self.subject(plan)} {pool:,}편 가운데 {by} {n}편입니다."
        return line + (f" 표가 같아 {plan.limit}편을 넘겨 함께 보였습니다." if tied else "")

    def day(self, plan: Plan, n: int) -> str:
        return f"{_period(plan, True)} 다이제스트에는 논문 {n:,}편이 실렸습니다."

    def paper_is(self, title: str) -> str:
        return f"**{title}** 논문의 요약입니다."

    def field(self, name: str, value: str, title: str) -> str:
        said = {
            "authors": f"저자는 {value}입니다. (다이제스트의 저자 순서는 논문과 다를 수 있습니다.)",
            "votes": f"다이제스트 작성 시점의 투표 수는 {value}입니다.",
            "date": f"{value} 다이제스트에 실렸습니다.", "link": f"링크는 {value} 입니다.",
        }  # fmt: skip
        nothing = {
            "authors": "다이제스트에 저자가 적혀 있지 않습니다.",
            "votes": "다이제스트에 투표 수가 적혀 있지 않습니다.",
        }
        return f"**{title}** 논문: {said[name] if value else nothing[name]}"

    def found(self, n: int) -> str:
        return "질문과 가장 가까운 논문입니다." if n == 1 else f"질문과 가장 가까운 논문 {n}편입니다."

    def only_mentioned(self, name: str) -> str:
        return f"{josa_or(name, '을/를', ' 항목을')} 주제로 한 논문은 없습니다. 다른 논문의 요약에서 언급한 내용은 다음과 같습니다."

    def proposed_by(self, name: str, n: int) -> str:
        return f"{josa_or(name, '을/를', ' 항목을')} 제안한 논문{f' {n}편' if n > 1 else ''}의 설명입니다."

    def mentioned_too(self, name: str, n: int) -> str:
        return f"{josa_or(name, '을/를', ' 항목을')} 언급한 다른 논문도 {n:,}편 있습니다."

    def related(self, name: str, term: str, relation: Relation) -> str:
        """Answer whether a paper uses a term."""
        subject, thing = josa_or(name, "은/는", " 논문은"), josa_or(term, "을/를", " 항목을")
        return {
            "proposes": f"예. {subject} {thing} 제안합니다.", "uses": f"예. {subject} {thing} 사용합니다.",
            "compares": f"아니요. 요약에 따르면 {subject} {thing} 비교 대상으로만 언급합니다.",
            "mentions": f"아니요. 요약에 따르면 {subject} {thing} 언급만 하고, 사용한다는 내용은 없습니다.",
        }[relation]  # fmt: skip

    def similar(self, title: str, n: int) -> str:
        return f"**{title}** 논문과 내용이 가까운 논문 {n}편입니다."

    def compare(self, n: int) -> str:
        return f"논문 {n}편을 나란히 놓았습니다." if n > 1 else "나머지 한 편의 내용입니다."

    def not_compared(self, names: Sequence[str]) -> str:
        """Say which names of a comparison no paper has."""
        return (
            f"이름이 {_joined([f'‘{name}’' for name in names], ' 또는 ')}인 논문은 색인에 없어 비교에 넣지 못했습니다."
        )

    def apart(self, plan: Plan) -> str:
        """Say that no paper has all that is to be compared."""
        return f"{self.subject(plan)}은 없어, 각각을 다룬 논문을 골랐습니다."

    def trend(self, plan: Plan, n: int, most: Sequence[date], each: int) -> str:
        """Say what is counted by month, and in which months there is most, where these are few."""
        line = f"{self.subject(plan)} {n:,}편을 월별로 세었습니다."
        months = ", ".join(f"{day.year}년 {day.month}월" for day in most)
        return line + (f" 가장 많은 달은 {months}({each:,}편)입니다." if most else "")

    def topics(self, plan: Plan, n: int, before: Plan | None, papers: int) -> str:
        how = "앞 기간보다 비중이 가장 늘어난" if plan.by and before else "가장 많이 다뤄진"
        line = f"{self.subject(plan)} {n:,}편에서 {how} 주제입니다. 제목이나 요약의 첫 문장에 나온 주제를 세었고, 데이터셋이나 벤치마크처럼 어느 논문에나 나오는 말은 뺐습니다."
        return line + (f" 앞 기간은 {_period(before, True)}(논문 {papers:,}편)입니다." if before else "")

    def sides(self, told: Sequence[tuple[Plan, int]], both: int) -> str:
        """Say how many papers there are of each term, most first, of which there are more, and how many have all."""
        line = ", ".join(f"{self.subject(plan)}은 {n:,}편" for plan, n in told) + "입니다."
        (first, most), (_, next_) = told[0], told[1]
        more = josa_or(first.terms[0], "이/가", " 쪽이")
        line += f" {more} {most - next_:,}편 더 많습니다." if most > next_ else " 편수가 같습니다."
        return line + (f" {'둘을' if len(told) == 2 else '모두'} 함께 다룬 논문은 {both:,}편입니다." if both else "")

    def writers(self, plan: Plan, n: int, cut: int) -> str:
        line = f"{self.subject(plan)} {n:,}편에 이름이 가장 많이 오른 {'공저자' if plan.authors else '저자'}입니다. 이름으로만 세므로 이름이 같은 사람은 한 사람으로 칩니다."
        return line + (f" 다이제스트가 저자를 줄여 적은 {cut:,}편에서는 빠진 이름을 세지 못했습니다." if cut else "")

    def tied(self, n: int) -> str:
        """Say how many more have as many papers as the last one shown."""
        return f"마지막 사람과 편수가 같은 저자가 {n:,}명 더 있습니다."

    writer_columns: tuple[str, ...] = ("저자", "논문 수", "표가 가장 많은 논문")

    topic_columns: tuple[str, ...] = ("주제", "논문", "앞 기간", "표가 가장 많은 논문")

    def help(self, papers: int, first: date | None, last: date | None) -> str:
        if not papers or first is None or last is None:
            return "아직 색인된 논문이 없습니다. “nonmun ingest 폴더”로 다이제스트를 먼저 색인해 주세요."
        return f"안녕하세요. {first:%Y-%m-%d}부터 {last:%Y-%m-%d}까지의 다이제스트에 실린 논문 {papers:,}편에 대해 답합니다. 이렇게 물어보실 수 있습니다."

    def refusal(
        self, reason: Reason, plan: Plan, unknown: Sequence[str], near: Nearest, yes_no: bool, scope: str
    ) -> str:
        """Say why there is no answer, and what can be answered instead."""
        name = unknown[0] if unknown else ""
        people = _joined([f"{person}({n}편)" for person, n in near.names], " 또는 ")
        days = _joined([f"{day:%Y-%m-%d}(논문 {n}편)" for day, n in near.days], ", ")
        nearest = f"가장 가까운 다이제스트는 {days}입니다." if days else ""
        no = "아니요. " if yes_no else ""
        if reason == "unknown_author":
            meant = f"혹시 {people} 님을 찾으셨나요?" if people else "이름의 철자를 확인해 주세요."
            return f"저자 이름 ‘{name}’{_after(name, '은/는')} 색인된 논문에 없습니다. {meant}"
        if reason == "ambiguous" and plan.kind != "author":
            return "서로 떨어진 기간을 함께 물으셨습니다. 기간마다 따로 물어봐 주세요."
        if reason == "ambiguous":
            many = f" 등 {len(unknown) - 1}명" if len(unknown) > 8 else ""
            return f"‘{name}’에 해당하는 저자가 여럿입니다: {people.replace(' 또는 ', ', ')}{many}. 이름 전체로 물어봐 주세요."
        if reason == "field_not_in_digest":
            if near.paper is None:
                return "다이제스트에는 그 항목(인용 수, 제1저자, 소속, 국적, 게재처 등)이 실려 있지 않아 답할 수 없습니다. 저자 이름, 날짜, 투표 수, 요약 내용은 답할 수 있습니다."
            holds = _joined([self.aspects[aspect] for aspect in near.holds], ", ", 10)
            said = (
                f"요약에서 답할 수 있는 것은 방법과 {holds}이고, 저자와 날짜"
                if holds
                else "요약에서 답할 수 있는 것은 방법이고, 저자와 날짜"
            )
            return f"‘{near.paper.name or near.paper.title}’ 논문의 다이제스트 요약에는 그 내용이 없어 답할 수 없습니다. {said}, 투표 수도 물어보실 수 있습니다."
        if reason == "before_first_digest":
            return f"첫 다이제스트보다 앞선 기간입니다. {nearest} {scope}"
        if reason == "after_last_digest":
            return f"마지막 다이제스트보다 뒤의 기간이어서 아직 실린 논문이 없습니다. {nearest} {scope}"
        if reason == "no_digest_that_day":
            return f"{_period(plan, True)}에는 다이제스트가 없습니다. {nearest} {scope}"
        if reason == "out_of_scope":
            return "색인된 논문 요약으로는 답할 수 없는 질문입니다. 논문의 방법, 저자, 날짜, 투표 수처럼 다이제스트에 있는 내용을 물어봐 주세요."
        if near.names:
            asks = " ".join(
                f"혹시 {josa_or(n, '을/를', ' 항목을')} 찾으셨나요? {josa_or(n, '을/를', ' 항목을')} 언급한 논문은 {c:,}편입니다."
                for n, c in near.names
            )
            return f"{no}‘{name}’{_after(name, '을/를')} 언급한 논문은 없습니다. {asks}"
        if name:
            return f"{no}‘{name}’에 대한 내용은 색인된 논문 요약에 없습니다. {scope}"
        if not plan.filtered or plan.kind in ("fact", "explain", "describe", "known_item"):
            return f"질문에 답할 근거를 색인된 논문 요약에서 찾지 못했습니다. {scope}"
        wider = f" {self.subject(near.without[0])}은 {near.without[1]:,}편 있습니다." if near.without else ""
        return f"{no}{self.subject(plan)}은 없습니다.{wider} {scope}"


def _after(word: str, particle: str) -> str:
    """The particle alone, as it follows a quoted word; both forms never stand together, so an unknown reading gets 관련."""
    joined = josa(word, particle)  # type: ignore[arg-type]
    return joined[len(word) :] if joined else {"은/는": " 님은", "을/를": " 항목을"}[particle]


def _papers(n: int) -> str:
    return f"{n:,} paper" if n == 1 else f"{n:,} papers"


class English:
    """Plain English."""

    unknown_votes = "votes not known"
    also_heading = "Mentioned or only compared with"
    by_month = "Papers by month"
    other_summary = "Korean summary"
    topic = "Most relevant first. The number is an estimate by meaning: a few papers may be missing or fit less well."
    unstated = "The summary does not state it directly. This is the nearest it says:"
    offers = "These can be answered:"
    votes_are = "Votes are as of the day of the digest."
    columns: tuple[str, ...] = ("Paper", "Date", "Votes", "Main points")
    aspects: Mapping[Aspect, str] = {
        "hardware": "GPUs or time", "size": "model size", "cost": "cost", "speed": "speed", "memory": "memory", "data": "data",
        "score": "results", "code": "code", "license": "the licence", "limits": "limits",
    }  # fmt: skip

    def which(self, plan: Plan, n: int) -> str:
        """The clause after "N papers": which they are."""
        parts: list[str] = ["of the last answer"] if plan.papers else []
        if plan.authors:
            parts.append("by " + _joined(plan.authors, " and "))
        if plan.not_authors:
            parts.append("not by " + _joined(plan.not_authors, " or "))
        if plan.terms:
            verb = {"use": "use or propose", "mention": "mention", "propose": "propose", None: "deal with"}[
                plan.relation
            ]
            one = {"use": "uses or proposes", "mention": "mentions", "propose": "proposes", None: "deals with"}[
                plan.relation
            ]
            new = plan.relation == "propose" and not _proper(plan.terms)
            if new and len(plan.terms) > 1:
                said = f"{'deals' if n == 1 else 'deal'} with {_joined(plan.terms, ' and ')} and {one if n == 1 else verb} a new one of these"
            else:
                terms = [f"a new {glossary().term(term).variants[0]}" for term in plan.terms] if new else plan.terms
                said = f"{one if n == 1 else verb} {_joined(terms, ' and ')}"
            titled = f"with {_joined(plan.terms, ' and ')} in {'its title' if n == 1 else 'their titles'}"
            parts.append(titled if plan.in_title else "that " + said)
        if plan.topics:
            parts.append("on " + _joined([f"“{topic}”" for topic in plan.topics], " and "))
        if plan.sorts:
            parts.append(
                f"that {'is a' if n == 1 else 'are'} {_joined([SORT_WORDS['en'].get(s, s) + ('' if n == 1 else 's') for s in plan.sorts], ' or ')}"
            )
        if unwanted := (*plan.not_terms, *plan.not_topics, *(SORT_WORDS["en"].get(s, s) + "s" for s in plan.not_sorts)):
            parts.append("without " + _joined(unwanted, " or "))
        held = (
            [bounds.replace(" votes at", " and at")]
            if (bounds := _bounds(plan, "at least {n} votes", "at most {n} votes"))
            else []
        )
        held += ["an unknown number of votes"] if plan.unvoted else []
        held += [f"a summary in {'Korean' if plan.summary == 'ko' else 'English'}"] if plan.summary else []
        parts += ["with " + " and ".join(held)] if held else []
        if span := _period(plan, False):
            parts.append(f"in the digest of {span[3:]}" if span.startswith("on ") else f"in the digests {span}")
        return "".join(" " + part for part in parts)

    def set_line(self, plan: Plan, n: int, also: int, yes_no: bool) -> str:
        line = f"{'Yes. ' if yes_no else ''}There {'is' if n == 1 else 'are'} {_papers(n)}{self.which(plan, n)}."
        if also == 1:
            return line + " One other paper only mentions it or compares with it."
        return line + (f" Another {_papers(also)} only mention it or compare with it." if also else "")

    def topic_line(self, plan: Plan, n: int, yes_no: bool) -> str:
        """Say how many papers are about a topic, as an estimate."""
        about = "about " if n > 1 else ""
        return f"{'Yes. ' if yes_no else ''}There {'is' if n == 1 else 'are'} {about}{_papers(n)}{self.which(plan, n)}."

    def near(self, plan: Plan, n: int) -> str:
        """Say that no paper meets all that is asked, and that the nearest follow."""
        return f"No paper{self.which(plan, 1)} was found. The nearest {'one is' if n == 1 else f'{n} are'} listed."

    def scope(self, digests: int, first: date, last: date) -> str:
        return f"Counted over {digests:,} digests, {first:%Y-%m-%d} to {last:%Y-%m-%d}."

    def assumed(self, plan: Plan) -> str:
        return f"The question names no year; the latest in the digests was taken: {_period(plan, False)}."

    def more(self, shown: int, total: int) -> str:
        return f"The first {shown} of {total:,} are shown; the other {total - shown:,} are all in the list of results."

    def votes(self, n: int | None) -> str:
        """Name a vote count."""
        return self.unknown_votes if n is None else "1 vote" if n == 1 else f"{n} votes"

    def unvoted(self, n: int) -> str:
        return f"{_papers(n)} without a known vote {'is' if n == 1 else 'are'} left out."

    def ranking(self, plan: Plan, n: int, pool: int, tied: bool) -> str:
        by = {
            ("votes", "desc"): "most votes", ("votes", "asc"): "fewest votes",
            ("date", "desc"): "latest digest", ("date", "asc"): "earliest digest",
        }[(plan.by or "votes", plan.order or "desc")]  # fmt: skip
        line = f"The {_papers(n) if n > 1 else 'paper'} with the {by}, out of {_papers(pool)}{self.which(plan, pool)}."
        return line + (" Ties are shown together." if tied else "")

    def day(self, plan: Plan, n: int) -> str:
        span = _period(plan, False)
        return (
            f"The digest of {span[3:]} has {_papers(n)}."
            if span.startswith("on ")
            else f"The digests {span} have {_papers(n)}."
        )

    def paper_is(self, title: str) -> str:
        return f"**{title}**, as the digest sums it up:"

    def field(self, name: str, value: str, title: str) -> str:
        said = {
            "authors": f"the authors are {value}. (The digests do not keep the order of authors.)",
            "votes": f"{value} as of the day of the digest.", "date": f"it stood in the digest of {value}.",
            "link": f"the link is {value} .",
        }  # fmt: skip
        return f"**{title}**: {said[name] if value else f'the digest states no {name}.'}"

    def found(self, n: int) -> str:
        return "The paper closest to the question:" if n == 1 else f"The {n} papers closest to the question:"

    def only_mentioned(self, name: str) -> str:
        return f"No paper is about {name} itself. What the summaries of others say of it:"

    def proposed_by(self, name: str, n: int) -> str:
        return f"What the {'paper that proposes' if n == 1 else f'{n} papers that propose'} {name} say{'s' if n == 1 else ''} of it:"

    def mentioned_too(self, name: str, n: int) -> str:
        return f"{name} is mentioned in {_papers(n)} besides."

    def related(self, name: str, term: str, relation: Relation) -> str:
        """Answer whether a paper uses a term."""
        return {
            "proposes": f"Yes. {name} proposes {term}.", "uses": f"Yes. {name} uses {term}.",
            "compares": f"No. By its summary, {name} only compares with {term}.",
            "mentions": f"No. The summary of {name} mentions {term}, but does not say that it uses it.",
        }[relation]  # fmt: skip

    def similar(self, title: str, n: int) -> str:
        return f"{_papers(n)} close in content to **{title}**:"

    def compare(self, n: int) -> str:
        return f"The {n} papers side by side:" if n > 1 else "The other paper:"

    def not_compared(self, names: Sequence[str]) -> str:
        """Say which names of a comparison no paper has."""
        return f"No indexed paper is named {_joined([f'“{name}”' for name in names], ' or ')}, so it is not compared."

    def apart(self, plan: Plan) -> str:
        """Say that no paper has all that is to be compared."""
        return f"There is no paper{self.which(plan, 1)}, so papers on each were chosen."

    def trend(self, plan: Plan, n: int, most: Sequence[date], each: int) -> str:
        """Say what is counted by month, and in which months there is most, where these are few."""
        line = f"{_papers(n)}{self.which(plan, n)}, counted by month."
        months = _joined([f"{day:%B %Y}" for day in most], " and ")
        return line + (f" Most are of {months} ({each:,})." if most else "")

    def topics(self, plan: Plan, n: int, before: Plan | None, papers: int) -> str:
        how = "whose share grew most over the time before" if plan.by and before else "treated most"
        line = f"The topics {how} in the {_papers(n)}{self.which(plan, n)}. Counted are those named in a title or in the first sentence of a summary; words that stand in papers of every topic, such as dataset or benchmark, are left out."
        return line + (f" Before: {_period(before, False)} ({_papers(papers)})." if before else "")

    def sides(self, told: Sequence[tuple[Plan, int]], both: int) -> str:
        """Say how many papers there are of each term, most first, of which there are more, and how many have all."""
        line = f"There are {_joined([f'{_papers(n)}{self.which(plan, n)}' for plan, n in told], ' and ')}."
        (first, most), (_, next_) = told[0], told[1]
        line += f" That is {most - next_:,} more for {first.terms[0]}." if most > next_ else " They are as many."
        return line + (
            f" {_papers(both)} {'deals' if both == 1 else 'deal'} with {'both' if len(told) == 2 else 'all'}."
            if both
            else ""
        )

    def writers(self, plan: Plan, n: int, cut: int) -> str:
        line = f"The {'co-' if plan.authors else ''}authors of {'the ' if n > 1 else ''}{_papers(n)}{self.which(plan, n)}, most papers first. Names are counted, so people of one name count as one."
        names = f"{_papers(cut)} {'names' if cut == 1 else 'name'} only some of their authors"
        return line + (f" {names}; the others are not counted." if cut else "")

    def tied(self, n: int) -> str:
        """Say how many more have as many papers as the last one shown."""
        return f"{n:,} more {'author has' if n == 1 else 'authors have'} as many papers as the last one."

    writer_columns: tuple[str, ...] = ("Author", "Papers", "Paper with most votes")

    topic_columns: tuple[str, ...] = ("Topic", "Papers", "Before", "Paper with most votes")

    def help(self, papers: int, first: date | None, last: date | None) -> str:
        if not papers or first is None or last is None:
            return "Nothing is indexed yet. Index your digests first: nonmun ingest FOLDER"
        return f"Hello. I answer from {_papers(papers)} in the digests of {first:%Y-%m-%d} to {last:%Y-%m-%d}. You can ask, for instance:"

    def refusal(
        self, reason: Reason, plan: Plan, unknown: Sequence[str], near: Nearest, yes_no: bool, scope: str
    ) -> str:
        """Say why there is no answer, and what can be answered instead."""
        name = unknown[0] if unknown else ""
        people = _joined([f"{person} ({_papers(n)})" for person, n in near.names], " or ")
        days = _joined([f"{day:%Y-%m-%d} ({_papers(n)})" for day, n in near.days], " and ")
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
            return f"The digest's summary of “{near.paper.name or near.paper.title}” does not say. It can be asked for the method{holds}; authors, date and votes are known too."
        if reason == "before_first_digest":
            return f"That is before the first digest. {nearest} {scope}"
        if reason == "after_last_digest":
            return f"That is after the last digest, so no paper stands there yet. {nearest} {scope}"
        if reason == "no_digest_that_day":
            return f"There is no digest {_period(plan, False)}. {nearest} {scope}"
        if reason == "out_of_scope":
            return "The indexed paper summaries cannot answer this. Ask about what the digests hold: methods, authors, dates, votes."
        if near.names:
            asks = " ".join(f"Did you mean {n}? It is mentioned in {_papers(c)}." for n, c in near.names)
            return f"{no}No paper mentions “{name}”. {asks}"
        if name:
            return f"{no}The indexed summaries say nothing about “{name}”. {scope}"
        if not plan.filtered or plan.kind in ("fact", "explain", "describe", "known_item"):
            return f"The indexed summaries hold no evidence that answers this. {scope}"
        wider = ""
        if near.without:
            other, n = near.without
            wider = f" There {'is' if n == 1 else 'are'} {_papers(n)}{self.which(other, n)}."
        return f"{no}There is no paper{self.which(plan, 1)}.{wider} {scope}"


Wording = Korean | English
WORDING: Mapping[str, Wording] = {"ko": Korean(), "en": English()}
