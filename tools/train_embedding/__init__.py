"""Train the bundled static bilingual (Korean-English) embedding model.

    pieces.py   the tokenizer: text to piece ids
    pairs.py    the training files: what is read, what is refused, which texts are paired
    batches.py  one seeded batch: which pairs, which part of each text
    model.py    the piece vectors, the loss, the training loop and its checkpoint
    export.py   float rows to the int8 model2vec folder
    card.py     the model card
    __main__.py the command line

It reads pair files only: neither the digests nor the benchmark's queries. Never imported by the product.
"""
