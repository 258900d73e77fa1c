"""Writes the tiny models that the peers serve: random weights, made on the spot. Run by the peers' own Python.

python models.py gguf FILE | mean FILE | hf FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

SIZE, LAYERS, HEADS, FFN, CONTEXT = 64, 2, 4, 128, 512
PIECES = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"


def write_gguf(path: Path, mean: bool = False) -> None:
    """Write a Llama of byte tokens for llama.cpp; its context is CONTEXT tokens. With `mean` a text has one vector."""
    import gguf
    import numpy as np

    rng = np.random.default_rng(7)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(SIZE)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(SIZE // HEADS)
    writer.add_vocab_size(len(PIECES))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(PIECES)
    writer.add_token_scores([0.0] * len(PIECES))
    writer.add_token_types([2, 3, 3, *[6] * 256])  # unknown, control, bytes
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)
    if mean:
        writer.add_pooling_type(gguf.PoolingType.MEAN)

    def put(name: str, *shape: int) -> None:
        data = np.ones(shape) if len(shape) == 1 else rng.normal(0, 0.05, shape)
        writer.add_tensor(name, data.astype(np.float32))

    put("token_embd.weight", len(PIECES), SIZE)
    put("output_norm.weight", SIZE)
    put("output.weight", len(PIECES), SIZE)
    for n in range(LAYERS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            put(f"blk.{n}.{name}.weight", SIZE, SIZE)
        put(f"blk.{n}.attn_norm.weight", SIZE)
        put(f"blk.{n}.ffn_norm.weight", SIZE)
        put(f"blk.{n}.ffn_gate.weight", FFN, SIZE)
        put(f"blk.{n}.ffn_up.weight", FFN, SIZE)
        put(f"blk.{n}.ffn_down.weight", SIZE, FFN)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_hf(folder: Path) -> None:
    """Write a Llama with a byte-level tokenizer for transformers."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: n for n, piece in enumerate(["<s>", "</s>", *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="</s>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=SIZE, intermediate_size=FFN, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
        max_position_embeddings=4096, bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)


if __name__ == "__main__":
    writers = {"gguf": write_gguf, "mean": lambda path: write_gguf(path, mean=True), "hf": write_hf}
    writers[sys.argv[1]](Path(sys.argv[2]))
