"""Train the bundled static bilingual (Korean-English) embedding model.

    pieces.py   the tokenizer: text to piece ids
    pairs.py    the training files: what is read, what is refused, which texts are paired
    spellings.tsv  our own list of terms in both languages
    lexicon.py  the dictionary of pieces counted from the translations
    batches.py  one seeded batch: which pairs, which part of each text
    model.py    the piece vectors, the loss, the training loop and its checkpoint
    shorten.py  the axes that a text's vector keeps
    export.py   float rows to the int8 model2vec folder
    card.py     the model card
    figures.json  what the evaluation measured, for the card
    __main__.py the command line

It reads pair files only: neither the digests nor the benchmark's queries. Never imported by the product.
"""
