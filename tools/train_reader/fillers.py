"""What fills the slots of templates: topics, names, people, dates, descriptions, from digests and public paper texts."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

from rag.corpus.catalogue import Catalogue
from rag.corpus.mentions import statements
from rag.language.terms import glossary
from rag.language.text import josa_or
from rag.questions.people import names as known_people

_MONTHS = (
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sept Oct Nov Dec"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_GIVEN = "민준 서준 도윤 예준 시우 하준 지호 서연 서윤 지우 서현 하은 민서 지민 수빈 재현 성민 동현 영호 철수 은지 유진 현우 승현".split()
_FAMILY = "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍".split()
_SORTS = {
    "en": "survey;surveys;review;benchmark;benchmarks;dataset;datasets;framework;toolkit;library;position paper;theory;"
    "survey papers;benchmark papers;case study;tutorial;open-source model;system;technical report;evaluation suite;corpus;leaderboard".split(
        ";"
    ),
    "ko": "서베이;서베이 논문;벤치마크;데이터셋;데이터 세트;프레임워크;툴킷;라이브러리;이론;리뷰 논문;벤치마크 논문;데이터셋 논문;기술 보고서;오픈소스 모델;시스템;튜토리얼;말뭉치;평가 도구".split(
        ";"
    ),
}
_ASPECTS = {
    "en": "batch size;backbone;learning rate;optimizer;number of layers;loss function;tokenizer;resolution;input format;prompt format;base model;"
    "evaluation protocol;baseline;ablation;error analysis;vocabulary size;temperature;hidden size;training objective;data efficiency;robustness;"
    "number of heads;teacher model;sampling method;noise schedule;architecture;reward model".split(";"),
    "ko": "배치 크기;백본;학습률;옵티마이저;레이어 수;손실 함수;토크나이저;해상도;입력 형식;프롬프트 형식;베이스 모델;평가 방식;베이스라인;어블레이션;"
    "에러 분석;어휘 크기;온도;은닉 크기;학습 목표;데이터 효율;강건성;헤드 수;교사 모델;샘플링 방법;아키텍처;보상 모델".split(
        ";"
    ),
}
_ORGS = {
    "en": "Google;DeepMind;Google DeepMind;Meta;Meta AI;FAIR;OpenAI;Microsoft;Microsoft Research;NVIDIA;Apple;Amazon;Naver;Kakao;Samsung;Alibaba;Tencent;"
    "ByteDance;Huawei;Anthropic;Stanford;MIT;KAIST;CMU;UC Berkeley;Tsinghua;ETH Zurich;Oxford;Korea;Chinese labs;Seoul National University;Salesforce;IBM;Mistral;"
    "Hugging Face;DeepSeek;Baidu;Korean universities;European labs;Korean researchers;Chinese companies;American universities;Korean authors;Seoul;Google Research;Meta FAIR;Naver Cloud;Japanese labs;industry labs;academia;startups;Cohere;AI2;EPFL;Toyota Research".split(
        ";"
    ),
    "ko": "구글;딥마인드;구글 딥마인드;메타;오픈AI;OpenAI;마이크로소프트;엔비디아;애플;아마존;네이버;카카오;삼성;삼성전자;LG AI연구원;알리바바;텐센트;바이트댄스;"
    "오픈에이아이;구글 리서치;마이크로소프트 리서치;한국 연구팀;한국 연구진;중국 연구진;한국 사람들;국내 연구진;국내 기업;한국 회사;한국 대학;연세대;고려대;유니스트;네이버 클라우드;메타 AI;화웨이;앤트로픽;스탠포드;MIT;카이스트;KAIST;서울대;포스텍;칭화대;옥스퍼드;한국;중국;국내 대학;미국 대학;허깅페이스;딥시크;바이두;유럽 연구소;Meta;Google".split(
        ";"
    ),
}
_VERB_EN = "making;reducing;improving;training;evaluating;speeding up;compressing;aligning;generating;editing;detecting;scaling;understanding;getting rid of;fixing;merging;pruning;distilling;controlling;measuring;securing;serving;running;animating;translating;searching;explaining;planning with;learning from;stopping".split(
    ";"
)
_DO_EN = "make;reduce;improve;train;evaluate;speed up;compress;align;generate;edit;detect;scale;understand;get rid of;fix;merge;prune;distill;control;measure;secure;serve;run;animate;translate;search;explain;plan;learn;stop;extend;build;reconstruct;render;segment;retrieve;adapt;combine;automate;simulate;recommend;predict;classify;synthesize;summarize;teach;give;turn;convert;remove;erase;preserve;accelerate;quantize;judge;verify;defend against;attack;jailbreak;steer;route;cache;shorten;lengthen;filter;select;clean;collect;annotate;rank;rewrite;personalize;customize;stylize;track;estimate;localize;navigate;play;solve;prove;write;debug;repair;test;monitor;watermark;unlearn;forget;memorize;hallucinate less about;reason about;think about;talk about;answer questions about;connect;link;unify;replace;avoid;prevent;handle;work with;deal with".split(
    ";"
)
_TAIL_EN = ";;;;with diffusion models;with LLMs;from text;from a single image;from few examples;without training;in real time;on a phone;at scale;at test time;with reinforcement learning;in the wild;for robots;in a feed-forward way;with less memory;from video;step by step;end to end;in many languages".split(
    ";"
)
_JOIN_EN = "for;with;in;on;using;without;from;of;via;under;across;beyond;against".split(";")
_ACT_KO = "줄이는;높이는;만드는;개선하는;학습하는;평가하는;압축하는;정렬하는;생성하는;편집하는;탐지하는;이해하는;없애는;합치는;제어하는;측정하는;빠르게 하는;가볍게 만드는;다루는;푸는;막는;찾는;번역하는;위한;푸는;돌리는;배우는;알아내는;맞추는;구별하는;합성하는;예측하는;추천하는;고르는;모으는".split(
    ";"
)
_HEADS_EN = ";;;generation;detection;forecasting;understanding;recommendation;datasets;simulation;analysis;with AI;modeling;and LLMs;data;synthesis;robots;agents;retrieval;prediction".split(
    ";"
)
_HEADS_KO = ";;;생성;탐지;예측;이해;추천;데이터;시뮬레이션;분석;모델;다루는 AI;합성;로봇;에이전트;검색;인식;만들어주는 모델;쓰는 모델".split(
    ";"
)
_HEAD_KO = "방법;기법;문제;모델;연구;기술;프레임워크;시스템;알고리즘;에이전트;학습;추론;생성;평가;최적화;거;것".split(
    ";"
)


def _english_topic(heading: str) -> str:
    """Return a list's heading as a phrase, "" where it is none."""
    words = re.sub(r"\s+", " ", re.sub(r"[()&/:;,\[\]{}|*_`\"#]", " ", heading)).strip()
    words = re.sub(r"^[\d.\s]+|\bpapers?\b|\blist\b", "", words, flags=re.I).strip()
    good = re.fullmatch(r"[A-Za-z0-9 .+'-]+", words) and 1 <= len(words.split()) <= 5 and len(words) > 2
    noise = re.search(
        r"\b(?:20\d\d|other|misc|intro\w*|news|table|content\w*|overview|resources?|links?|code|todo|update\w*|arxiv|cvpr|iccv|neurips|iclr|icml|acl|emnlp)\b",
        words,
        re.I,
    )
    return words if good and not noise else ""


def _title_phrase(title: str, rng: random.Random) -> str:
    tail = title.split(":")[-1].split()
    if len(tail) < 3:
        return ""
    size = rng.randint(1, 4)
    at = rng.randrange(max(1, len(tail) - size))
    words = tail[at : at + size]
    edge = {
        "the",
        "a",
        "an",
        "of",
        "for",
        "with",
        "in",
        "and",
        "to",
        "via",
        "from",
        "by",
        "on",
        "is",
        "are",
        "as",
        "at",
        "using",
        "your",
        "you",
        "we",
        "it",
        "can",
    }
    while words and words[0].lower() in edge:
        words = words[1:]
    while words and words[-1].lower() in edge:
        words = words[:-1]
    phrase = " ".join(words).strip(",.?!'\"()")
    return phrase if len(phrase) > 3 else ""


def korean_phrases(catalogue: Catalogue, most: int = 40_000) -> list[str]:
    """Mine noun phrases of one to four words from the Korean bullets of an index."""
    from kiwipiepy import Kiwi

    kiwi = Kiwi()
    texts = [s.text for paper in catalogue.papers.values() for s in statements(paper) if s.language == "ko"]
    counts: dict[str, int] = {}
    for tokens in kiwi.tokenize(texts[:: max(1, len(texts) // 12_000)]):
        run: list[Any] = []
        for token in [*tokens, None]:
            if token is not None and token.tag in ("NNG", "NNP", "SL", "XPN", "XSN", "SN") and len(run) < 8:
                run.append(token)
                continue
            if run and any(t.tag in ("NNG", "NNP") for t in run) and run[0].tag not in ("XSN", "SN"):
                phrase = run[0].form
                for before, after in pairwise(run):
                    phrase += (" " if after.start > before.start + before.len else "") + after.form
                if 2 <= len(phrase) <= 24 and phrase.count(" ") < 4:
                    counts[phrase] = counts.get(phrase, 0) + 1
            run = []
    return sorted(counts, key=lambda p: (-counts[p], p))[:most]


class Fillers:
    """Draws a filling for a slot in a language; everything from one random generator."""

    def __init__(self, catalogue: Catalogue, train: Path, rng: random.Random, kept: Path | None = None) -> None:
        self.rng = rng
        papers = list(catalogue.papers.values())
        self.names = [p.name for p in papers if p.name and len(p.name) > 2 and p.name.count(" ") < 3]
        spelled = (s for group in glossary().groups for s in group)
        spellings = list(spelled)
        self.korean_terms = [s for s in spellings if re.search("[가-힣]", s)]
        self.english_terms = [s for s in spellings if s.isascii()]
        self.name_terms = [s for s in self.english_terms if re.search(r"[A-Z].*[A-Z]|[A-Z]+\d|^[A-Z][a-z]+[A-Z]|\d", s)]
        inner = re.compile(r"(?<![\w-])[A-Z][A-Za-z]*(?:[A-Z0-9][A-Za-z0-9]*)+(?:-[A-Za-z0-9]+)*(?:\s\d(?:\.\d)?)?")
        seen: dict[str, int] = {}
        for paper in papers:
            for name in set(inner.findall(" ".join(s.text for s in statements(paper)))):
                seen[name] = seen.get(name, 0) + 1
        self.mentioned = sorted(name for name, count in seen.items() if count >= 2 and 2 < len(name) < 20)
        headings = {json.loads(line)["heading"] for line in _lines(train / "topic_headings.jsonl.gz")}
        self.headings = sorted(filter(None, map(_english_topic, headings)))
        self.titles = [p.title for p in papers] + [
            json.loads(line)["title"] for line in _lines(train / "aux_en_papers.jsonl.gz")
        ]
        mined = json.loads(kept.read_text(encoding="utf-8")) if kept and kept.exists() else korean_phrases(catalogue)
        if kept:
            kept.write_text(json.dumps(mined, ensure_ascii=False), encoding="utf-8")
        self.korean = [p for p in mined if not re.search(r"\d[.]\d|배$|^의 |^[0-9]", p)]
        self.people = sorted({name for paper in papers for name in paper.authors if 4 < len(name) < 26 and " " in name})
        self.korean_people = sorted(known_people().people)
        self.claims_en = _english_claims(train)
        self.claims_ko = _korean_claims(catalogue)
        self.statements = {"en": _english_sentences(train), "ko": _korean_sentences(catalogue)}
        self.clauses_ko = [
            c for c in self.claims_ko if re.search(r"(?:하는|되는|한|인|는)$", c) and not re.search(r"다는$", c)
        ]
        self.everyday: dict[str, list[str]] = {"en": [], "ko": []}
        self.said = {language: _phrases("topics", language) for language in ("en", "ko")}
        self.known = {language: _phrases("known", language) for language in ("en", "ko")}

    def draw(self, slot: str, language: str) -> str:
        """Return a filling for a slot of TEMPLATES' SLOTS."""
        draw: Callable[[str], str] = getattr(self, f"_{slot}")
        return draw(language)

    def _topic(self, language: str) -> str:
        pick, rng = self.rng.choice, self.rng
        if rng.random() < _COLLOQUIAL:
            return pick(self.said[language])
        roll = rng.random()
        if language == "en":
            if roll < 0.36:
                topic = pick(self.headings)
            elif roll < 0.5:
                topic = pick(self.english_terms)
            elif roll < 0.68:
                topic = _title_phrase(pick(self.titles), rng) or pick(self.headings)
            elif roll < 0.8:
                topic = f"{pick(_VERB_EN)} {self._plain_en()}"
            elif roll < 0.93:
                topic = f"{self._plain_en()} {pick(_JOIN_EN)} {self._plain_en()}"
            elif roll < 0.95:
                topic = f"{self._plain_en()} ({pick(self.name_terms)})"
            elif roll < 0.97:
                topic = f"{self._plain_en()} {pick(('/', '&', '+', 'and', 'or'))} {self._plain_en()}"
            else:
                topic = self._name(language)
            if rng.random() < 0.17:
                topic = _window(pick(self.claims_en).split(), rng)
            elif self.everyday["en"] and rng.random() < 0.12:
                topic = f"{pick(self.everyday['en'])} {pick(_HEADS_EN)}".strip()
            return topic if rng.random() < 0.3 or not re.match(r"[A-Z][a-z]", topic) else topic.lower()
        if rng.random() < 0.14:
            clause = pick(self.clauses_ko).split()
            return " ".join([*clause[-rng.randint(2, 6) :], pick(_HEAD_KO)])
        if self.everyday["ko"] and rng.random() < 0.1:
            return f"{pick(self.everyday['ko'])} {pick(_HEADS_KO)}".strip()
        if roll < 0.4:
            return pick(self.korean)
        if roll < 0.56:
            return pick(self.korean_terms)
        if roll < 0.62:
            return pick(self.english_terms)
        if roll < 0.66:
            return pick(self.headings).lower()
        if roll < 0.74:
            return f"{pick(self.korean)} {pick(self.korean_terms)}"
        if roll < 0.88:
            thing = pick(self.korean_terms if rng.random() < 0.6 else self.korean)
            tail = f" {pick(_HEAD_KO)}" if rng.random() < 0.6 else ""
            particle = "을" if rng.random() < 0.6 else ""
            return f"{_with(thing, particle)} {pick(_ACT_KO)}{tail}"
        if roll < 0.92:
            return f"{pick(self.name_terms)} {pick(self.korean)}"
        if roll < 0.95:
            return f"{pick(self.korean_terms)}({pick(self.name_terms)})"
        if roll < 0.97:
            return f"{pick(self.korean_terms)}{pick((' / ', ' & ', '랑 ', '이나 ', ' 또는 ', ', '))}{pick(self.korean_terms)}"
        return self._name(language)

    def _plain_en(self) -> str:
        return self.rng.choice(self.headings if self.rng.random() < 0.5 else self.english_terms).lower()

    def _thing(self, language: str) -> str:
        """Return a topic that is a plain noun phrase, so that particles and verbs may stand behind it."""
        if language == "en":
            return self._plain_en()
        roll = self.rng.random()
        pick = self.rng.choice
        return pick(self.korean_terms if roll < 0.5 else self.korean if roll < 0.85 else self.name_terms)

    def _doing(self, language: str) -> str:
        """Return what papers do, as the rest of a sentence: "edit long videos with diffusion models"."""
        pick, rng = self.rng.choice, self.rng
        if language == "ko":
            thing = pick(self.korean_terms if rng.random() < 0.5 else self.korean)
            by = (
                f"{pick(self.korean_terms)}{pick(('로', '으로', '를 써서', '를 이용해'))} "
                if rng.random() < 0.25
                else ""
            )
            return f"{by}{_with(thing, '을')} {pick(_ACT_KO)}"
        thing = self._plain_en() if rng.random() < 0.8 else _window(pick(self.claims_en).split(), rng)
        act = pick(_DO_EN) if rng.random() < 0.9 else f"{pick(_DO_EN)} {pick(('or', 'and'))} {pick(_DO_EN)}"
        lead = pick(("", "", "", "the ", "better ", "long ", "large ", "small "))
        return f"{act} {lead}{thing} {pick(_TAIL_EN)}".strip()

    def _value(self, language: str) -> str:
        """Return a figure as summaries report them, with its unit and without a bound."""
        rng, pick = self.rng, self.rng.choice
        small, large, share = rng.randint(1, 40), rng.randint(1, 900), rng.randint(20, 99)
        if language == "en":
            return pick((
                f"{share}%", f"{share} percent", f"{share}.{rng.randint(0, 9)}%", f"{share}.{rng.randint(0, 9)}", f"{small}B parameters", f"{small}B", f"{large}M parameters", f"{large}M",
                f"{small}T tokens", f"{large}B tokens", f"{small}x", f"{small} times", f"{large}K tokens", f"{large}k", f"{small} GB", f"{small}GB", f"{small} GB of memory",
                f"{large} hours", f"{large}K images", f"{small} million samples", f"{large} examples", f"{small} billion parameters", f"${large}", f"{large} dollars", f"{small} ms",
                f"{small} FPS", f"{small} GPUs", f"{small} points", f"{large},000 tokens", "1M tokens", f"{pick('two three four five ten'.split())} billion parameters",
            ))  # fmt: skip
        return pick((
            f"{share}%", f"{share} %", f"{share}퍼센트", f"{share}프로", f"{share}.{rng.randint(0, 9)}%", f"{share}점", f"{small}B", f"{small}B 파라미터", f"{small}0억 파라미터", f"{small}억 파라미터", f"{small}억 개",
            f"{small}조 토큰", f"{large}B 토큰", f"{small}배", f"{large}K 토큰", f"{large}K", f"{small}GB", f"메모리 {small}GB", f"{large}시간", f"{small}만 장", f"{small}만 개", f"{large}만 건",
            f"{large}달러", f"{small}만 달러", f"{small}밀리초", f"{small}FPS", f"GPU {small}장", f"{large}개 샘플", f"{small}포인트", f"파라미터 {small}B", f"{large}M 파라미터",
        ))  # fmt: skip

    def _name(self, language: str) -> str:
        roll, pick = self.rng.random(), self.rng.choice
        name = pick(self.names if roll < 0.45 else self.name_terms if roll < 0.6 else self.mentioned)
        if self.rng.random() < 0.14:
            return name.lower()
        if language == "ko" and roll > 0.93:
            return pick(self.korean_terms)
        return name

    def _person(self, language: str) -> str:
        roll, pick = self.rng.random(), self.rng.choice
        if language == "ko" and roll < 0.35:
            return pick(self.korean_people) if roll < 0.15 else pick(_FAMILY) + pick(_GIVEN)
        name = pick(self.people)
        return name.lower() if roll > 0.93 else name.split()[-1] if roll > 0.88 else name

    def _date(self, language: str) -> str:
        rng, pick = self.rng, self.rng.choice
        year, month, day, few = (
            pick(("2023", "2024", "2025")),
            rng.randint(1, 12),
            rng.randint(1, 28),
            rng.randint(2, 10),
        )
        if language == "en":
            name = pick(_MONTHS)
            return pick((
                year, f"{name} {year}", name, f"{name} {day}", f"{name} {day}, {year}", "yesterday", "today", "last week", "this week", "last month",
                "this month", "this year", "last year", f"the last {few} days", f"the past {few} weeks", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}",
                f"Q{1 + month % 4} {year}", f"the first half of {year}", f"the second half of {year}", f"early {year}", f"late {year}", f"last {pick(_DAYS)}",
                f"the first quarter of {year}", f"{name} {day}th", f"the week of {name} {day}", f"spring {year}", "the last few weeks", "the past month", f"{name} {year} to {pick(_MONTHS)} {year}",
            ))  # fmt: skip
        return pick((
            f"{year}년", f"{year}년 {month}월", f"{month}월", f"{month}월 {day}일", f"{year}년 {month}월 {day}일", "어제", "오늘", "그제", "지난주", "이번 주", "지난달",
            "이번 달", "저번 달", "올해", "작년", f"최근 {few}일", f"최근 {few}주", f"{year}년 상반기", f"{year}년 하반기", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}",
            f"{year}년 {1 + month % 4}분기", f"{year[2:]}년 {month}월", "지난 일주일", "최근 한 달", f"{month}월 초", f"작년 {month}월", f"올해 {month}월", "작년 하반기", "저번주",
            "작년 크리스마스", "크리스마스 즈음", "연말", "연초", "작년 여름", "올해 봄", "지난 주말", f"{month}월 말", f"{month}월 중순", "작년 말", "설 연휴", "지난 분기", "최근", "요즘",
            f"{month}월 첫째 주", f"{year}년 {month}월부터 {1 + month % 12}월까지", "지난주 월요일", f"{year}.{month:02}.{day:02}",
        ))  # fmt: skip

    def _votes(self, language: str) -> str:
        number = self.rng.choice((3, 5, 10, 15, 20, 25, 30, 40, 50, 70, 80, 100, 150, 200))
        if language == "en":
            return self.rng.choice((f"{number} votes", f"{number} upvotes", f"{number} likes", f"{number}"))
        return self.rng.choice(
            (
                f"{number}표",
                f"추천 {number}",
                f"{number} 표",
                f"{number}개",
                f"추천수 {number}",
                f"투표 {number}",
                f"업보트 {number}",
            )
        )

    def _number(self, language: str) -> str:
        number = self.rng.randint(2, 20)
        words = (
            "two three four five six seven eight nine ten"
            if language == "en"
            else "두 세 네 다섯 여섯 일곱 여덟 아홉 열"
        ).split()
        return self.rng.choice(words) if self.rng.random() < 0.25 else str(number)

    def _excluded(self, language: str) -> str:
        roll = self.rng.random()
        return self._topic(language) if roll < 0.45 else self._name(language) if roll < 0.75 else self._sort(language)

    def _description(self, language: str) -> str:
        if self.known[language] and self.rng.random() < _COLLOQUIAL:
            return self.rng.choice(self.known[language])
        return self.rng.choice(self.claims_en if language == "en" else self.claims_ko)

    def _statement(self, language: str) -> str:
        return self.rng.choice(self.statements[language])

    def _sort(self, language: str) -> str:
        return self.rng.choice(_SORTS[language])

    def _aspect(self, language: str) -> str:
        return self.rng.choice(_ASPECTS[language])

    def _org(self, language: str) -> str:
        return self.rng.choice(_ORGS[language])


PHRASES = Path(__file__).with_name("phrases")
_COLLOQUIAL = 0.3  # share of topics and descriptions that are worded as people say them


def _phrases(name: str, language: str) -> list[str]:
    """Read a file of phrases, one a line; empty where there is none."""
    path = PHRASES / f"{name}_{language}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return sorted({line.strip() for line in lines if line.strip()})


_EDGE = frozenset(
    "the a an of for with in and to via from by on is are as at using your you we it can that this these those be been was were which when than or but not their its"
    " our they has have more most also both while such into only even does do".split()
)


def _window(words: Sequence[str], rng: random.Random) -> str:
    """Return a few words of a clause, function words inside of it kept."""
    size = rng.randint(1, 7)
    at = rng.randrange(max(1, len(words) - size))
    found = [word.strip(",.;:()'\"") for word in words[at : at + size]]
    while found and found[0].lower() in _EDGE:
        found = found[1:]
    while found and found[-1].lower() in _EDGE:
        found = found[:-1]
    return " ".join(found) or "reasoning"


def everyday_words(texts: Iterable[str]) -> list[str]:
    """Return the alternatives of everyday templates that are single words: places, things, people."""
    groups = (group.split("|") for text in texts for group in re.findall(r"\(([^()\[\]{}]+)\)", text))
    words = {word.strip() for group in groups for word in group}
    return sorted(word for word in words if 1 < len(word) < 12 and " " not in word and word.isalpha())


def _with(word: str, particle: str) -> str:
    """Return a word as the object of a verb, or as it is where no particle is given."""
    return josa_or(word, "을/를", "를") if particle else word


def _lines(path: Path) -> Iterable[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from file


def _english_claims(train: Path) -> list[str]:
    """Clauses that say what one paper found or did, from abstracts of papers that no index holds."""
    found: list[str] = []
    claim = re.compile(r"\b(?:show|find|demonstrate|reveal|argue|observe) that ([^.;:()]{25,150})[.,;]")
    made = re.compile(r"\b(?:We|we) (?:propose|introduce|present|develop) (?:an? |the )?([^.;:(),]{15,110})[.,;]")
    for line in _lines(train / "aux_en_papers.jsonl.gz"):
        abstract = json.loads(line)["abstract"] or ""
        found += [clause.strip() for clause in claim.findall(abstract)[:2]]
        found += [
            f"they {verb} {clause.strip()}" for clause in made.findall(abstract)[:1] for verb in ("propose", "build")
        ]
    return sorted({re.sub(r"\bour\b|\bwe\b", "they", clause) for clause in found if 4 <= len(clause.split()) <= 22})


def _english_sentences(train: Path) -> list[str]:
    """Whole sentences that say what one paper does, without its own name."""
    found: list[str] = []
    for line in _lines(train / "aux_en_papers.jsonl.gz"):
        for sentence in re.split(r"(?<=[.])\s", json.loads(line)["abstract"] or "")[1:5:2]:
            words = sentence.rstrip(".").split()
            if 7 <= len(words) <= 26 and not re.search(r"\bhttps?:|[A-Z][a-z]+[A-Z]", sentence):
                found.append(
                    re.sub(
                        r"^(?:Specifically|However|Moreover|Furthermore|In this paper|To this end), ",
                        "",
                        " ".join(words),
                    )
                )
    return sorted(set(found))


_SPOKEN = (
    "한대",
    "했대",
    "했다고 했어",
    "한다고 하더라",
    "했던 것 같아요",
    "한다는 거였어요",
    "했었는데",
    "한다고 했던 것 같아",
    "했어요",
    "했음",
    "하던데",
)


def hash_of(text: str) -> int:
    """Return a number that stands for a text, the same in every run."""
    return crc32(text.encode())


def _korean_sentences(catalogue: Catalogue) -> list[str]:
    """Whole Korean sentences of bullets, in their endings as they are (…합니다, …함)."""
    found: set[str] = set()
    for paper in catalogue.papers.values():
        for statement in statements(paper)[1:4]:
            text = re.split(r"(?<=[다함됨임])[.]\s", statement.text)[0].rstrip(". ")
            if statement.language == "ko" and 20 <= len(text) <= 110 and "{" not in text:
                found.add(text)
                found.add(re.sub(r"합니다$", "하는 방법", text))
                found.add(re.sub(r"합니다$", "함", text))
                for spoken in _SPOKEN:
                    if re.search(r"합니다$", text) and hash_of(text + spoken) % 4 == 0:
                        found.add(re.sub(r"합니다$", spoken, text))
    return sorted(found)


def _korean_claims(catalogue: Catalogue) -> list[str]:
    """Clauses that modify a noun ("…한다는", "…하는"), from the first sentences of Korean bullets."""
    found: list[str] = []
    ends: Sequence[tuple[str, tuple[str, ...]]] = (
        (r"합니다$", ("하는", "한다는", "했다는", "한", "했던")), (r"입니다$", ("인", "이라는")), (r"됩니다$", ("되는", "된다는")), (r"하였습니다$|했습니다$", ("한", "했다는")),
        (r"함$", ("하는", "한다는")), (r"됨$", ("되는", "된다는")), (r"한다$", ("하는", "한다는")),
    )  # fmt: skip
    for paper in catalogue.papers.values():
        for statement in statements(paper)[1:3]:
            if statement.language != "ko":
                continue
            text = re.split(r"(?<=[다함됨])[.]\s", statement.text)[0].rstrip(". ")
            text = re.sub(r"\([^)]*\)", "", text)
            if not 15 <= len(text) <= 90:
                continue
            for pattern, variants in ends:
                if re.search(pattern, text):
                    found += [re.sub(pattern, variant, text) for variant in variants]
    return sorted(set(found))
