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
# Particles and endings are cut off stems of two syllables and more, so that "제안합니다" and "제안함" share "제안".
# A wrong cut ("고양이" gives "고양" + "이") costs little: both parts stay in the bag, wherever the word occurs.
PARTICLES = (
    "으로부터|로부터|에서는|에서의|에서도|으로써|으로서|으로의|으로는|에게서|이라는|라는|까지|부터|보다|처럼|마다|조차|밖에|이나|이며|이고|"
    "에서|에게|으로|로써|로서|로의|와의|과의|에는|에도|에의|들의|들을|들이|들은|들과|들에|을|를|은|는|이|가|의|에|로|와|과|도|만|나|들"
)
ENDINGS = (
    "하였습니다|되었습니다|했습니다|됐습니다|합니다|됩니다|입니다|습니다|하였다|되었다|했다|됐다|한다|된다|이다|"
    "하는데|하도록|하거나|하면서|하지만|하려는|하기|하는|하고|하며|하여|해서|하게|하지|하면|해야|할|한|함|해|"
    "되는|되고|되며|되어|되지|될|된|됨|돼|시키는|시키고|시키며|시킨다|시킵니다|시켜|시킴|시킨|시킬|"
    "적으로|적이고|적이며|적인|적"
)
WORD = rf"[가-힣]{{2,}}?(?=(?:{ENDINGS}|{PARTICLES})(?![가-힣]))|[가-힣]+|[a-z0-9]+|\p{{L}}+|\p{{N}}+"


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
