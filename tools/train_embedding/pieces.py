"""The tokenizer: bilingual text to ids of unigram pieces.

Holds the rules of what a piece may span, and its training. Knows nothing of vectors or pairs.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC, Lowercase
from tokenizers.normalizers import Sequence as NormalizerSequence
from tokenizers.pre_tokenizers import Split
from tokenizers.trainers import UnigramTrainer

UNKNOWN = "<unk>"
UNKNOWN_ID = 0
# A piece never crosses from Hangul to Latin ("Mamba를" is "mamba" + "를"); punctuation and spaces are dropped, and no
# piece marks the start of a word, so that "강화학습" and "강화 학습" are the same bag.
WORD = r"[가-힣]+|[a-z0-9]+|\p{L}+|\p{N}+"


def build_tokenizer() -> Tokenizer:
    """Build the untrained tokenizer: NFKC (so NFD Hangul too), lower case, runs of one script."""
    tokenizer = Tokenizer(Unigram())
    tokenizer.normalizer = NormalizerSequence([NFKC(), Lowercase()])
    tokenizer.pre_tokenizer = Split(Regex(WORD), behavior="removed", invert=True)
    return tokenizer


def train_tokenizer(texts: Iterable[str], vocab_size: int, *, show_progress: bool = True) -> Tokenizer:
    """Train the pieces on `texts`.

    Args:
        texts: training sentences; read once.
        vocab_size: number of pieces, `UNKNOWN` included.
        show_progress: draw the trainer's own progress bar on stderr.
    """
    tokenizer = build_tokenizer()
    trainer = UnigramTrainer(
        vocab_size=vocab_size,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=16,
        show_progress=show_progress,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def _chunks(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


def encode(tokenizer: Tokenizer, texts: Sequence[str], max_pieces: int) -> list[NDArray[np.int32]]:
    """Encode texts to piece ids, unknown pieces left out as model2vec does when it embeds.

    Args:
        tokenizer: a trained tokenizer.
        texts: may hold empty texts; those give empty arrays.
        max_pieces: pieces kept from the start of each text, at least 1.

    Returns:
        One int32 array a text, in order.
    """
    encoded: list[NDArray[np.int32]] = []
    for chunk in _chunks(texts, 10_000):
        for encoding in tokenizer.encode_batch_fast(list(chunk), add_special_tokens=False):
            ids = np.asarray(encoding.ids[:max_pieces], dtype=np.int32)
            encoded.append(ids[ids != UNKNOWN_ID])
    return encoded
