"""The sentences of the offline engine in polite written Korean. A particle follows the reading of its word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from rag.answers.phrases import FEW, and_joined, are_names, at_once, joined, particle_after, period, vote_bounds
from rag.corpus.relations import Relation
from rag.evidence.types import Aspect, Nearest
from rag.language.text import josa, josa_or
from rag.questions.plan import SET_KINDS, SORT_WORDS, Plan, Reason

_MODIFIES = re.compile("(?:[가-힣]는|한|된|던)$")  # a verb before a noun: no 관련 stands behind it


_SORTED = {
    ("votes", "desc"): "표가 많은 순", ("votes", "asc"): "표가 적은 순", ("date", "desc"): "최신순", ("date", "asc"): "오래된 순",
    ("authors", "desc"): "저자가 많은 순", ("authors", "asc"): "저자가 적은 순",
}  # fmt: skip


def _topical(topics: Sequence[str]) -> str:
    """What stands before 논문: topics in quotation marks, and one that ends in a verb as it is ("환각을 줄이는")."""
    if len(topics) == 1 and _MODIFIES.search(topics[0]):
        return topics[0]
    return f"‘{joined(topics, '’·‘')}’{'' if _MODIFIES.search(topics[-1]) else ' 관련'}"


def _as(word: str) -> str:
    """Return the particle that says what a quoted word was taken for."""
    read = josa(word, "으로/로")
    return read[len(word) :] if read else " 쪽으로"


class Korean:
    """Polite written Korean."""

    unknown_votes = "표 정보 없음"
    also_heading = "언급하거나 비교만 한 논문"
    rejected_heading = "언어 모델이 주제에서 벗어난다고 본 가까운 논문"
    by_approach = "접근별"
    doubtful = "요약이 이 논문의 것이 아닐 수 있습니다:"
    other_summary = "영어 요약"
    stance = "요약만으로는 서로 반대되는 결과인지 가릴 수 없습니다. 같은 주제의 논문을 보여 드리니 직접 비교해 보세요."
    votes_unknown = "이 논문들은 투표 수를 알 수 없어 순위를 매기지 못했습니다."
    popularity = "표를 많이 받은 까닭은 다이제스트에 나오지 않습니다. 요약은 논문을 이렇게 소개합니다."
    lacking = "저자의 소속과 국적은 다이제스트에 없어 가려내지 못했습니다."
    carried = "저자의 소속은 다이제스트에 없습니다. 대신 그 이름이 제목에 있는 논문을 찾았습니다."
    lacks: Mapping[str, str] = {
        "affiliation": "저자의 소속이나 국적", "citations": "인용 수", "stars": "깃허브 스타 수나 다운로드 수", "venue": "게재된 학회나 학술지", "pages": "쪽수",
        "author_order": "저자 순서", "email": "이메일 주소", "peer_review": "심사 결과",
    }  # fmt: skip
    author_order = "다이제스트의 저자 순서는 논문과 다를 수 있습니다."
    offers = "이렇게 물어보시면 답할 수 있습니다."
    welcome = "천만에요. 더 궁금한 점이 있으면 언제든 물어보세요."
    votes_are = "표는 다이제스트 작성 시점의 투표 수입니다."
    by_wording = "요약의 표현으로 가려낸 결과라 빠진 논문이 있을 수 있습니다."
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
        bounds = vote_bounds(plan, "{n}표 이상", "{n}표 이하", "정확히 {n}표")
        if plan.papers and plan.kind in SET_KINDS:
            parts.append("앞선 답의 논문 가운데" if rest or bounds else "앞선 답에서 고른")
        if plan.date_from or plan.date_to:
            limited = plan.terms or plan.topics or plan.not_terms or plan.not_topics or bounds
            where = "에서" if limited else "에 실린" if plan.authors else "의"
            parts.append(f"{period(plan, True)} 다이제스트{where}")
        if plan.authors:
            parts.append(", ".join(plan.authors) + ("의" if len(plan.authors) == 1 else "의 공저"))
        if plan.not_authors:
            parts.append(", ".join(at_once(one, " 님과 ", "") for one in plan.not_authors) + " 님의 논문이 아닌 것 중")
        clauses: list[tuple[str, str]] = []  # connective, adnominal
        if plan.terms:
            many = "함께 " if len(plan.terms) > 1 else ""
            kinds = plan.relation == "propose" and not are_names(plan.terms)
            new = "새로운 " if kinds and not many else ""
            verb = {
                "use": "사용하거나 제안",
                "mention": "언급",
                "propose": "제안",
                "beat": "",
                "extend": "개선하거나 확장",
                None: "",
            }[plan.relation]
            if kinds and many:
                many, verb = "함께 다루며 그 가운데 하나를 새로 ", "제안"
            head = new + josa_or(and_joined(plan.terms), "을/를", " 모두를" if many else " 관련 내용을") + f" {many}"
            if plan.in_title:
                head, verb = "제목에 " + josa_or(and_joined(plan.terms), "이/가", "이라는 이름이") + f" {many}", ""
                clauses.append((head + "들어가고", head + "들어간"))
            elif plan.relation == "beat":
                head = "성능이 " + and_joined(plan.terms) + "보다 낫다고 "
                clauses.append((head + "밝히고", head + "밝힌"))
            else:
                clauses.append((head + (f"{verb}하고" if verb else "다루고"), head + (f"{verb}한" if verb else "다룬")))
        if unwanted := (*plan.not_terms, *plan.not_topics):
            head = josa_or(", ".join(at_once(one, ", ", " 모두") for one in unwanted), "은/는", " 관련 내용은")
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
        told += [_topical(plan.topics)] if plan.topics else []
        told += [", ".join(SORT_WORDS["ko"].get(sort, sort) for sort in plan.sorts)] if plan.sorts else []
        return " ".join([*filter(None, told), "논문"])

    def set_line(self, plan: Plan, n: int, also: int, yes_no: bool) -> str:
        line = f"{'네, ' if yes_no else ''}{self.subject(plan)}은 {'모두 ' if n > 1 and plan.relation not in ('beat', 'extend') else ''}{n:,}편입니다."
        only = "사용하거나 언급만" if plan.relation == "extend" else "언급하거나 비교만"
        return line + (f" 그 밖에 {only} 한 논문이 {also:,}편 있습니다." if also else "")

    def share(self, part: float, whole: Plan, size: int, about: bool) -> str:
        """Say what part of a wider set some papers are, and whether that is an estimate."""
        every = self.subject(whole) if whole.filtered else "전체 논문"
        return f"{every} {'약 ' if whole.topics else ''}{size:,}편의 {'약 ' if about else ''}{part:.1%}입니다."

    def same_day(self, n: int) -> str:
        """Say how many more papers stand in the digest of the same day as the last one shown."""
        return f"같은 날 다이제스트에 실린 논문이 {n:,}편 더 있습니다."

    def estimated(self, n: int, ordered: bool) -> str:
        """Say that a number of papers is an estimate, and whether the likeliest come first; of few only that more may be missing."""
        if n <= FEW:
            return "의미로 찾은 결과라 빠진 논문이 있을 수 있습니다."
        said = "편수는 추정값이라 빠진 논문이 있을 수 있습니다."
        return f"주제와 가까운 순서이며, {said}" if ordered else said

    def some(self, plan: Plan, n: int, pool: int) -> str:
        """Say that as many papers of a set are shown as were asked for."""
        return f"{self.subject(plan)} {'약 ' if plan.topics else ''}{pool:,}편 가운데 {n:,}편입니다."

    def topic_line(self, plan: Plan, n: int, yes_no: bool) -> str:
        """Say how many papers are about a topic, as an estimate."""
        return f"{'네, ' if yes_no else ''}{self.subject(plan)}은 {'약 ' if n > 1 else ''}{n:,}편입니다."

    def titled(self, n: int) -> str:
        """Say how many papers of a set about a topic name it in their title."""
        return f"이 가운데 {n}편은 제목에 그 주제가 나옵니다."

    def kept_all(self, topics: Sequence[str]) -> str:
        """Say that leaving topics out took no paper away."""
        named = joined([f"‘{topic}’" for topic in topics], ", ")
        return f"{named} 때문에 뺀 논문은 없습니다."

    def near(self, plan: Plan, n: int) -> str:
        """Say that no paper meets all that is asked, and that the nearest follow."""
        none = "꼭 맞는 것은 0편이라" if plan.kind == "count" else "꼭 맞는 것은 찾지 못해"
        return f"{self.subject(plan)} 가운데 {none}, 가장 가까운 논문 {n}편을 보여 드립니다."

    def silent(self, n: int) -> str:
        """Say how many of the papers that were asked about do not tell what is asked."""
        return f"나머지 {n}편의 요약에는 그 내용이 나와 있지 않습니다."

    def unreleased(self, kinds: Sequence[str]) -> str:
        """Say that no summary of such a paper says that it releases something, so that this was left out."""
        named = joined([SORT_WORDS["ko"][kind] for kind in kinds], ", ")
        return f"요약에 {josa(named, '을/를')} 밝힌 논문은 찾지 못해, 그 조건은 빼고 찾았습니다."

    def exhausted(self, n: int) -> str:
        """Say that a set was shown to its end, and that the `n` papers nearest to it follow, or all of it again."""
        behind = f"다음으로 가까운 논문 {n}편입니다." if n else "처음부터 다시 보여 드립니다."
        return f"꼭 맞는 논문은 앞에서 모두 보여 드렸습니다. {behind}"

    beyond: str = "앞선 답의 논문 가운데에는 꼭 맞는 것이 없어 전체 논문에서 찾았습니다."

    def left_out(self, topics: Sequence[str]) -> str:
        """Say which topics no paper is about, so that they were left out."""
        return f"{joined([f'‘{topic}’' for topic in topics], ', ')} 관련 논문은 찾지 못해 그 조건은 빼고 찾았습니다."

    def read_as(self, words: Sequence[tuple[str, str]]) -> str:
        """Say which words were taken for which."""
        said = [f"‘{typed}’{particle_after(typed, '은/는')} ‘{taken}’{_as(taken)}" for typed, taken in words]
        return f"{joined(said, ', ')} 읽었습니다."

    def scope(self, digests: int, first: date, last: date) -> str:
        return f"다이제스트 {digests:,}개 기준, {first:%Y-%m-%d}~{last:%Y-%m-%d}."

    def counted_from(self, day: date) -> str:
        """Say that days were counted back from the last digest."""
        return f"마지막 다이제스트인 {day:%Y-%m-%d}을 기준으로 셌습니다."

    def without_day(self, said: str) -> str:
        return f"‘{said}’{particle_after(said, '은/는')} 달력에 없어 빼고 답했습니다."

    def assumed(self, plan: Plan) -> str:
        return f"질문에 연도가 없어, 다이제스트에서 가장 최근인 {josa_or(period(plan, True), '으로/로', ' 기준으로')} 보았습니다."

    def more(self, shown: int, total: int, skip: int = 0) -> str:
        if skip:
            return f"전체 {total:,}편 가운데 {skip + 1}~{skip + shown}번째입니다."
        return f"전체 {total:,}편 가운데 앞의 {shown}편만 보여 드렸습니다. 나머지 {total - shown:,}편도 결과 목록에 모두 들어 있습니다."

    def votes(self, n: int | None) -> str:
        """Name a vote count."""
        return self.unknown_votes if n is None else f"{n}표"

    def team(self, n: int) -> str:
        """Name a number of authors."""
        return f"저자 {n:,}명"

    def uncounted(self, n: int) -> str:
        return f"저자를 다 적지 않은 {n:,}편은 뺐습니다."

    def unvoted(self, n: int) -> str:
        return f"투표 수를 알 수 없는 {n:,}편은 뺐습니다."

    def ranking(self, plan: Plan, n: int, pool: int, tied: bool) -> str:
        by = {
            ("votes", "desc"): "표를 가장 많이 받은", ("votes", "asc"): "표를 가장 적게 받은",
            ("date", "desc"): "가장 최근에 소개된", ("date", "asc"): "가장 먼저 소개된",
            ("authors", "desc"): "저자가 가장 많은", ("authors", "asc"): "저자가 가장 적은",
        }[(plan.by or "votes", plan.order or "desc")]  # fmt: skip
        if plan.skip and plan.limit == 1:
            place = ("두", "세", "네", "다섯")[min(plan.skip, 4) - 1]
            by = by.replace("가장", f"{place} 번째로")
        about = "약 " if plan.topics else ""
        if plan.limit is None:
            return f"{self.subject(plan)} {about}{n:,}편을 {_SORTED[plan.by or 'votes', plan.order or 'desc']}으로 정리했습니다."
        line = f"{self.subject(plan)} {about}{pool:,}편 가운데 {by} {n}편입니다."
        return line + (
            f" {'저자 수가' if plan.by == 'authors' else '표가'} 같은 논문이 있어 {n}편을 함께 보여 드립니다."
            if tied
            else ""
        )

    def day(self, plan: Plan, n: int) -> str:
        return f"{period(plan, True)} 다이제스트에는 논문 {n:,}편이 실렸습니다."

    def paper_is(self, title: str) -> str:
        return f"**{title}** 논문의 요약입니다."

    def found(self, n: int) -> str:
        return "질문과 가장 가까운 논문입니다." if n == 1 else f"질문과 가장 가까운 논문 {n}편입니다."

    def only_mentioned(self, name: str) -> str:
        return f"{josa_or(name, '을/를', ' 자체를')} 주제로 한 논문은 없습니다. 다른 논문의 요약에서 언급한 내용은 다음과 같습니다."

    def not_told(self, name: str, n: int) -> str:
        return f"{josa_or(name, '을/를', ' 자체를')} 주제로 한 논문은 없고, 언급한 논문 {n:,}편의 요약에도 묻는 내용은 나와 있지 않습니다."

    def proposed_by(self, name: str, n: int) -> str:
        proposed = f"{told} 제안한" if (told := josa(name, "을/를")) else f"{name} 제안"
        return f"{proposed} 논문{f' {n}편' if n > 1 else ''}의 설명입니다."

    def mentioned_too(self, name: str, n: int) -> str:
        named = f"{told} 언급한" if (told := josa(name, "을/를")) else f"{name} 이름을 언급한"
        return f"{named} 다른 논문도 {n:,}편 있습니다."

    def related(self, name: str, term: str, relation: Relation) -> str:
        """Answer whether a paper uses a term."""
        subject, thing = josa_or(name, "은/는", " 논문은"), josa_or(term, "을/를", "을(를)")
        return {
            "proposes": f"네, {subject} {thing} 제안합니다.", "uses": f"네, {subject} {thing} 사용합니다.",
            "compares": f"아니요, 요약에 따르면 {subject} {thing} 비교 대상으로만 언급합니다.",
            "mentions": f"아니요, 요약에 따르면 {subject} {thing} 언급만 하고, 사용한다는 내용은 없습니다.",
        }[relation]  # fmt: skip

    def similar(self, title: str, n: int) -> str:
        return f"**{title}** 논문과 내용이 가까운 논문 {n}편입니다."

    def not_compared(self, names: Sequence[str]) -> str:
        """Say which names of a comparison no paper has."""
        return (
            f"이름이 {joined([f'‘{name}’' for name in names], ' 또는 ')}인 논문은 색인에 없어 비교에 넣지 못했습니다."
        )

    def counted(self, plan: Plan, n: int) -> str:
        """Name a set with its size, which is an estimate where it is about a topic."""
        return f"{self.subject(plan)} {'약 ' if plan.topics else ''}{n:,}편"

    def topics(self, plan: Plan, n: int, before: Plan | None, papers: int) -> str:
        how = "앞 기간보다 비중이 가장 늘어난" if plan.by and before else "가장 많이 다뤄진"
        line = f"{self.subject(plan)} {n:,}편에서 {how} 주제입니다. 제목이나 요약의 첫 문장에 나온 주제를 세었고, 데이터셋이나 벤치마크처럼 어느 논문에나 나오는 말은 뺐습니다."
        return line + (f" 앞 기간은 {period(before, True)}(논문 {papers:,}편)입니다." if before else "")

    def sides(self, told: Sequence[tuple[Plan, int]], both: int) -> str:
        """Say how many papers there are of each term, most first, of which there are more, and how many have all."""
        line = ", ".join(f"{self.subject(plan)}은 {n:,}편" for plan, n in told) + "입니다."
        (first, most), (_, next_) = told[0], told[1]
        more = josa_or((*first.terms, *first.authors)[0], "이/가", " 쪽이")
        line += f" {more} {most - next_:,}편 더 많습니다." if most > next_ else " 편수가 같습니다."
        return line + (
            f" {'둘을' if len(told) == 2 else '모두'} 함께 {'쓴' if first.authors else '다룬'} 논문은 {both:,}편입니다."
            if both
            else ""
        )

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
        return f"안녕하세요, 논문 다이제스트로 답하는 Nonmun입니다. {first:%Y-%m-%d}부터 {last:%Y-%m-%d}까지의 다이제스트에 실린 논문 {papers:,}편에 대해 답합니다. 이렇게 물어보실 수 있습니다."

    def not_kept(self, field: str) -> str:
        """Say that digests do not keep what is asked, and what they do."""
        asked = josa_or(self.lacks[field], "이/가", " 정보가")
        return f"다이제스트에는 {asked} 실려 있지 않아 답할 수 없습니다. 저자 이름, 날짜, 투표 수, 요약 내용은 답할 수 있습니다."

    def refusal(
        self, reason: Reason, plan: Plan, unknown: Sequence[str], near: Nearest, yes_no: bool, scope: str
    ) -> str:
        """Say why there is no answer, and what can be answered instead."""
        name = unknown[0] if unknown else ""
        people = joined([f"{person}({n}편)" for person, n in near.names], " 또는 ")
        days = joined([f"{day:%Y-%m-%d}(논문 {n}편)" for day, n in near.days], ", ")
        nearest = f"가장 가까운 다이제스트는 {days}입니다." if days else ""
        no = "아니요, " if yes_no else ""
        if reason == "unknown_author":
            meant = f"혹시 {people} 님을 찾으셨나요?" if people else "이름의 철자를 확인해 주세요."
            return f"저자 이름 ‘{name}’{particle_after(name, '은/는')} 색인된 논문에 없습니다. {meant}"
        if reason == "ambiguous" and plan.kind != "author":
            return "서로 떨어진 기간을 함께 물으셨습니다. 기간마다 따로 물어봐 주세요."
        if reason == "ambiguous":
            many = f" 등 {len(unknown) - 1}명" if len(unknown) > 8 else ""
            return f"‘{name}’에 해당하는 저자가 여럿입니다: {people.replace(' 또는 ', ', ')}{many}. 이름 전체로 물어봐 주세요."
        if reason == "field_not_in_digest":
            if near.paper is None:
                return "다이제스트에는 그 항목(인용 수, 제1저자, 소속, 국적, 게재처 등)이 실려 있지 않아 답할 수 없습니다. 저자 이름, 날짜, 투표 수, 요약 내용은 답할 수 있습니다."
            holds = joined([self.aspects[aspect] for aspect in near.holds], ", ", 10)
            said = (
                f"요약에서 답할 수 있는 것은 방법과 {holds}이고, 저자와 날짜"
                if holds
                else "요약에서 답할 수 있는 것은 방법이고, 저자와 날짜"
            )
            asked = joined([f"‘{word}’" for word in unknown], ", ") + " 관련" if unknown else "그"
            return f"‘{near.paper.name or near.paper.title}’ 논문의 다이제스트 요약에는 {asked} 내용이 나와 있지 않습니다. {said}, 투표 수도 물어보실 수 있습니다."
        if reason == "before_first_digest":
            return f"첫 다이제스트보다 앞선 기간입니다. {nearest} {scope}"
        if reason == "after_last_digest":
            return f"마지막 다이제스트보다 뒤의 기간이어서 아직 실린 논문이 없습니다. {nearest} {scope}"
        if reason == "impossible_day":
            if name.startswith(("음력", "구력")):
                return f"‘{name}’{particle_after(name, '은/는')} 음력 날짜라서 계산하지 못합니다. 양력 날짜로 적어 주세요. {scope}"
            return f"‘{name}’{particle_after(name, '은/는')} 달력에 없습니다. 날짜를 확인해 주세요. {scope}"
        if reason == "no_digest_that_day":
            return f"{period(plan, True)}에는 다이제스트가 없습니다. {nearest} {scope}"
        if reason == "no_reference":
            return "앞선 답이 없어 어느 논문을 말씀하시는지 알 수 없습니다. 논문 이름이나 주제를 함께 적어 주세요."
        if reason == "out_of_scope":
            return "죄송하지만 색인된 논문 요약으로는 답할 수 없는 질문입니다. 논문의 방법, 저자, 날짜, 투표 수처럼 다이제스트에 있는 내용을 물어봐 주세요."
        if near.names:
            asks = " ".join(
                f"혹시 {josa_or(n, '을/를', ' 쪽을')} 찾으셨나요? {josa_or(n, '을/를', ' 이름을')} 언급한 논문은 {c:,}편입니다."
                for n, c in near.names
            )
            return f"{no}‘{name}’{particle_after(name, '을/를')} 언급한 논문은 없습니다. {asks}"
        if name:
            return f"{no}‘{name}’에 대한 내용은 색인된 논문 요약에 없습니다. {scope}"
        if not plan.filtered or plan.kind in ("fact", "explain", "describe", "known_item"):
            return f"질문에 답할 근거를 색인된 논문 요약에서 찾지 못했습니다. {scope}"
        wider = f" {self.subject(near.without[0])}은 {near.without[1]:,}편 있습니다." if near.without else ""
        none = "찾지 못했습니다" if plan.topics else "없습니다"  # by meaning, some may be missed
        return f"{no}{self.subject(plan)}은 {none}.{wider} {scope}"
