/** Every word of the page, in Korean and in English. `{n}` and the like are filled in by `say`. */
export const STRINGS = {
  ko: {
    skip: "질문 상자로 건너뛰기",
    headline: "무엇을 찾아볼까요?",
    tagline: "다이제스트 {digests}일 치, 논문 {papers}편에서 답합니다. 문장마다 arXiv 출처가 붙습니다.",
    placeholder: "논문에 대해 한국어나 영어로 물어보세요",
    question: "질문", ask: "묻기", stop: "멈추기", new_chat: "새 대화", chats: "지난 대화",
    no_chats: "나눈 대화가 이 브라우저에만 저장됩니다.",
    menu: "메뉴 열기", close: "닫기", sources: "출처", sources_n: "출처 {n}편", starters: "이렇게 물어보세요",
    no_sources: "답변의 근거가 된 논문이 여기에 표시됩니다.",
    pictures: "그림 보기", pictures_note: "켜면 이 브라우저가 huggingface.co에서 그림을 가져옵니다.",
    settings: "설정", ui_language: "화면 언어", answer_language: "답변 언어", engine: "답변 방식", theme: "테마",
    auto_browser: "브라우저 언어", auto_question: "질문 언어", auto: "자동", korean: "한국어", english: "English",
    offline: "오프라인", offline_note: "다이제스트 원문 그대로", system: "시스템", light: "밝게", dark: "어둡게",
    your_chats: "내 대화", export_all: "모두 내보내기", delete_all: "모두 삭제",
    private_note: "대화는 이 브라우저에만 남습니다. 화면에 키를 입력할 일은 없습니다.",
    filters: "조건", filters_on: "조건 {n}개", from: "시작일", to: "마지막 날", author: "저자", min_votes: "최소 표 수",
    summary_language: "요약 언어", summary_any: "상관없음", summary_ko: "한국어 요약", summary_en: "영어 요약",
    apply: "적용", reset: "모두 지우기", remove: "{label} 빼기", edit_chip: "{label} 바꾸기",
    edit: "질문 고치기", save: "다시 묻기", cancel: "취소", copy: "복사", copied: "복사했습니다", retry: "다시 답하기",
    link: "링크 복사", link_copied: "링크를 복사했습니다", good: "도움이 됐습니다", bad: "도움이 되지 않았습니다",
    why: "이유를 적어 주시면 도움이 됩니다(선택)", reasons: ["사실과 다릅니다", "빠진 논문이 있습니다", "엉뚱한 논문입니다", "읽기 어렵습니다"],
    send: "보내기", thanks: "의견을 남겼습니다", not_kept: "의견을 저장하지 못했습니다",
    thinking: "찾는 중", writing: "쓰는 중", stopped: "여기에서 멈췄습니다.", answered: "답변이 준비되었습니다. 논문 {n}편, 출처 {m}편.",
    engine_offline: "오프라인 답변", engine_llm: "{model} 답변", seconds: "{s}초",
    tokens: "토큰 {n}개", tokens_about: "토큰 약 {n}개", usage_parts: "입력 {a}개, 출력 {b}개", cost: "약 ${usd}", cost_unknown: "비용 정보 없음",
    all_left: "남은 조건이 없어 색인된 논문 모두를 보여 드립니다. 아래 질문을 누르거나 새로 물어 좁힐 수 있습니다.",
    without: "‘{label}’ 조건을 빼면 {n}편", without_dates: "기간({label})을 빼면 {n}편", votes: "{n}표", votes_none: "표 정보 없음", more_authors: "외 {n}명", fewer: "접기",
    proposes: "제안", uses: "사용", compares: "비교", mentions: "언급", summary: "요약 보기", pdf: "PDF", similar: "비슷한 논문",
    similar_q: "이 논문과 비슷한 논문: {title}", author_q: "{name}의 논문은?", day_q: "{y}년 {m}월 {d}일 논문은?",
    explain_q: "이 논문을 설명해 줘: {title}",
    answer_tab: "답변", table_tab: "표로 보기", months_tab: "월별 추이", title: "제목", date: "날짜", votes_col: "득표", authors: "저자", relation: "관계",
    search_table: "표에서 찾기", total: "모두 {n}편", shown: "{n}편 중 {a}–{b}", previous: "이전", next: "다음", nothing_here: "맞는 논문이 없습니다.",
    export_as: "내보내기", chart: "월별 논문 수: {from}부터 {to}까지 모두 {n}편, 가장 많은 달은 {top}로 {max}편", month_n: "{month} · {n}편",
    today: "최신 다이제스트", day_papers: "{day} · {n}편", day_before: "이전 날", day_after: "다음 날", show_all: "{n}편 모두 보기", about_this: "이 논문에 대해 묻기",
    rename: "이름 바꾸기", delete: "삭제", export: "내보내기", sure_chat: "이 대화를 삭제할까요?", sure_all: "이 브라우저의 대화를 모두 삭제할까요?",
    untitled: "새 대화", expand: "펼쳐 보기", collapse: "접기",
    state_empty: "아직 색인이 없습니다", state_empty_text: "다이제스트 폴더를 색인하면 바로 물어볼 수 있습니다. 터미널에서 실행하세요.",
    state_indexing: "색인을 만드는 중입니다", state_indexing_text: "끝나면 이 화면이 저절로 바뀝니다.",
    stage_read: "다이제스트 읽기", stage_embed: "의미 벡터 만들기", stage_analyse: "본문 분석",
    state_unreachable: "색인을 열 수 없습니다", state_unreachable_text: "몇 초마다 다시 확인합니다.",
    store_damaged: "색인 파일이 손상되었습니다. 다이제스트로 색인을 다시 만들어 주세요.", store_other: "다른 설정으로 만든 색인입니다. 색인을 다시 만들어 주세요.",
    store_away: "색인이 있는 Chroma 서버가 답하지 않습니다. 서버가 돌아오면 이어서 쓸 수 있습니다.", store_store: "색인을 읽지 못했습니다.",
    state_lost: "서버와 연결이 끊겼습니다", state_lost_text: "Nonmun이 실행 중인지 확인해 주세요. 연결되면 이어서 쓸 수 있습니다.",
    error_busy: "지금은 질문이 많아 차례를 받지 못했습니다. 잠시 뒤에 다시 시도해 주세요.",
    error_slow_down: "짧은 시간에 많이 물어보셨습니다. 몇 초 뒤에 다시 시도해 주세요.",
    error_address: "같은 네트워크에서 온 질문이 너무 많습니다. 몇 초 뒤에 다시 시도해 주세요.", too_many_verdicts: "의견을 너무 빨리 보내셨습니다. 잠시 뒤에 다시 남겨 주세요.",
    error_broken: "답변을 만들다가 문제가 생겼습니다. 다시 시도하거나 다르게 물어봐 주세요.",
    error_lost: "서버에 연결하지 못했습니다. 실행 중인지 확인하고 다시 시도해 주세요.",
    error_question: "질문이 너무 깁니다. 2,000자까지 물어볼 수 있습니다.", error_history: "앞서 한 질문이 너무 많거나 깁니다. 새 대화에서 물어봐 주세요.",
    error_too_large: "한 번에 보낼 수 있는 크기를 넘었습니다. 질문을 줄이거나 새 대화에서 물어봐 주세요.",
    error_open: "같은 네트워크에서 동시에 열린 연결이 너무 많습니다. 다른 창을 닫거나 잠시 뒤에 다시 시도해 주세요.", model_busy: "언어 모델을 쓰는 사람이 많아 오프라인 답변을 보였습니다.",
    file_chat: "대화", loading: "불러오는 중",
  },
  en: {
    skip: "Skip to the question box",
    headline: "What shall we look up?",
    tagline: "Answers from {papers} papers in {digests} daily digests, with an arXiv source behind every statement.",
    placeholder: "Ask about the papers, in English or Korean",
    question: "Question", ask: "Ask", stop: "Stop", new_chat: "New chat", chats: "Earlier chats",
    no_chats: "Your chats are kept in this browser only.",
    menu: "Open the menu", close: "Close", sources: "Sources", sources_n: "{n} {n:source:sources}", starters: "You can ask, for instance",
    no_sources: "The papers that an answer rests on are shown here.",
    pictures: "Pictures", pictures_note: "When on, this browser loads pictures from huggingface.co.",
    settings: "Settings", ui_language: "Interface language", answer_language: "Answer language", engine: "Who writes", theme: "Theme",
    auto_browser: "The browser's", auto_question: "The question's", auto: "Automatic", korean: "한국어", english: "English",
    offline: "Offline", offline_note: "the digests' own words", system: "System", light: "Light", dark: "Dark",
    your_chats: "Your chats", export_all: "Export all", delete_all: "Delete all",
    private_note: "Chats stay in this browser. The page never asks for a key.",
    filters: "Filters", filters_on: "{n} {n:filter:filters}", from: "From", to: "To", author: "Author", min_votes: "At least this many votes",
    summary_language: "Summarised in", summary_any: "Either language", summary_ko: "Korean summary", summary_en: "English summary",
    apply: "Apply", reset: "Clear all", remove: "Remove {label}", edit_chip: "Change {label}",
    edit: "Edit the question", save: "Ask again", cancel: "Cancel", copy: "Copy", copied: "Copied", retry: "Answer again",
    link: "Copy link", link_copied: "Link copied", good: "Helpful", bad: "Not helpful",
    why: "What was it? (optional)", reasons: ["Not true", "Papers are missing", "The wrong papers", "Hard to read"],
    send: "Send", thanks: "Noted, thank you", not_kept: "The verdict could not be saved",
    thinking: "Looking", writing: "Writing", stopped: "Stopped here.", answered: "The answer is ready: {n} {n:paper:papers}, {m} {m:source:sources}.",
    engine_offline: "Offline answer", engine_llm: "Written by {model}", seconds: "{s} s",
    tokens: "{n} {n:token:tokens}", tokens_about: "about {n} {n:token:tokens}", usage_parts: "{a} in, {b} out", cost: "about ${usd}", cost_unknown: "cost not known",
    all_left: "No constraint is left, so these are all the papers there are. Pick a question below, or ask anew, to narrow them.",
    without: "{n} {n:paper:papers} without “{label}”", without_dates: "{n} {n:paper:papers} without the period {label}", votes: "{n} {n:vote:votes}", votes_none: "votes unknown", more_authors: "and {n} more", fewer: "Show fewer",
    proposes: "proposes", uses: "uses", compares: "compares", mentions: "mentions", summary: "Summary", pdf: "PDF", similar: "More like this",
    similar_q: "Papers similar to {title}", author_q: "Which papers did {name} co-author?", day_q: "Papers of {month} {d}, {y}",
    explain_q: "Explain this paper: {title}",
    answer_tab: "Answer", table_tab: "Table", months_tab: "By month", title: "Title", date: "Date", votes_col: "Votes", authors: "Authors", relation: "Relation",
    search_table: "Find in the table", total: "{n} {n:paper:papers} in all", shown: "{a}–{b} of {n}", previous: "Previous", next: "Next", nothing_here: "No paper fits.",
    export_as: "Export", chart: "Papers by month: {n} in all from {from} to {to}, most in {top} with {max}", month_n: "{month} · {n} {n:paper:papers}",
    today: "Newest digest", day_papers: "{day} · {n} {n:paper:papers}", day_before: "Day before", day_after: "Day after", show_all: "Show all {n}", about_this: "Ask about this paper",
    rename: "Rename", delete: "Delete", export: "Export", sure_chat: "Delete this chat?", sure_all: "Delete every chat in this browser?",
    untitled: "New chat", expand: "Show all of it", collapse: "Show less",
    state_empty: "Nothing is indexed yet", state_empty_text: "Index a folder of digests and you can ask at once. In a terminal:",
    state_indexing: "The index is being made", state_indexing_text: "This page goes on by itself when it is done.",
    stage_read: "Reading digests", stage_embed: "Embedding", stage_analyse: "Analysing text",
    state_unreachable: "The index cannot be opened", state_unreachable_text: "The page tries again every few seconds.",
    store_damaged: "Its files are damaged. Please build it anew from the digests.", store_other: "It was built with other settings. Please build it anew.",
    store_away: "The Chroma server that holds it does not answer. Your chat goes on once it is back.", store_store: "It could not be read.",
    state_lost: "The server is gone", state_lost_text: "Please see whether Nonmun is running. Your chat goes on once it is back.",
    error_busy: "Many questions are waiting just now. Please try again in a moment.",
    error_slow_down: "That was a lot of questions in a short time. Please wait a few seconds.",
    error_address: "Too many questions came from your network. Please try again in a few seconds.", too_many_verdicts: "That was a lot of verdicts in a short time. Please try again in a while.",
    error_broken: "Something went wrong on the way to an answer. Try again, or ask it differently.",
    error_lost: "The server could not be reached. See whether it is running, then try again.",
    error_question: "The question is too long; 2,000 characters is the limit.", error_history: "The questions before this one are too many or too long. Please ask it in a new chat.",
    error_too_large: "That is more than can be sent at once. Shorten the question, or ask it in a new chat.",
    error_open: "Too many connections from your network are open at once. Close other windows, or try again in a moment.", model_busy: "Many people are using the language model, so this is the offline answer.",
    file_chat: "chat", loading: "Loading",
  },
};

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
let tongue = "ko";

export const setTongue = (language) => { tongue = language; };
export const getTongue = () => tongue;

/** Return a sentence of the interface language with its places filled in; numbers get thousands separators. */
export const say = (key, values = {}) => {
  const text = STRINGS[tongue][key] ?? key;
  if (typeof text !== "string") return text;
  const counted = text.replace(/\{(\w+):(\w+):(\w+)\}/g, (_, name, one, many) => (String(values[name]) === "1" ? one : many));
  return counted.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? (typeof values[name] === "number" ? values[name].toLocaleString("en-US") : values[name]) : whole));
};

/** Return the question that asks for a day's papers. */
export const dayQuestion = (iso) => {
  const [y, m, d] = iso.split("-").map(Number);
  return say("day_q", { y: String(y), m: String(m), d: String(d), month: MONTHS[m - 1] });
};
