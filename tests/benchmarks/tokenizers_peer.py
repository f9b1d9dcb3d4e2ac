# SPDX-License-Identifier: Apache-2.0
# benchmark_tokenizers beside the tokenizers library (and sentencepiece's trainer, if it is installed), in turns on one
# thread: seconds of each, ratios, and whether both give the same number of tokens.
# Usage: tokenizers_peer.py BENCHMARK_TOKENIZERS TEXTS HELD_OUT [SIZE]     (two files of one text a line)
import os
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core for all of them
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers  # noqa: E402

ROUNDS = 5


def own(*words):
    return [float(word) for word in subprocess.run([program, *map(str, words)], check=True, text=True,
                                                   stdout=subprocess.PIPE).stdout.split()]


def peer_trainer(kind):
    if kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        return tokenizer, trainers.WordPieceTrainer(vocab_size=size, min_frequency=2, limit_alphabet=1000,
                                                    special_tokens=special, show_progress=False)
    if kind == "bpe":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        return tokenizer, trainers.BpeTrainer(vocab_size=size, min_frequency=2, special_tokens=["<|endoftext|>"],
                                              initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                              show_progress=False)
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    return tokenizer, trainers.UnigramTrainer(vocab_size=size, unk_token="<unk>", show_progress=False,
                                              special_tokens=["<pad>", "</s>", "<unk>"])


def peer_training(kind):
    tokenizer, trainer = peer_trainer(kind)
    start = time.perf_counter()
    tokenizer.train_from_iterator(texts, trainer)
    return time.perf_counter() - start


def sentencepiece_training(folder):
    try:
        import sentencepiece
    except ImportError:
        return None
    prefix = os.path.join(folder, "sentencepiece")
    start = time.perf_counter()
    sentencepiece.SentencePieceTrainer.train(input=text_file, model_prefix=prefix, vocab_size=size, minloglevel=2,
                                             num_threads=1, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    seconds = time.perf_counter() - start
    model = sentencepiece.SentencePieceProcessor(prefix + ".model")
    return seconds, sum(len(model.encode(text)) + 1 for text in held)


def encoding(kind, directory):
    tokenizer = Tokenizer.from_file(os.path.join(directory, "tokenizer.json"))
    best, others = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        tokens = sum(len(encoded) for encoded in tokenizer.encode_batch(held))
        others.append(time.perf_counter() - start)
        seconds, own_tokens = own("encode", directory, held_file, 1)
        best.append(seconds)
    megabytes = sum(len(text.encode()) for text in held) / 1e6
    print(f"encode {kind:<10} {min(best):8.3f} s ({megabytes / min(best):6.2f} MB/s)   tokenizers {min(others):8.3f} s"
          f"   ratio {min(others) / min(best):5.2f}   tokens {'equal' if own_tokens == tokens else 'DIFFER'}")
    return own_tokens


program, text_file, held_file = sys.argv[1:4]
size = int(sys.argv[4]) if len(sys.argv) > 4 else 8000
texts, held = (open(name, encoding="utf-8").read().splitlines() for name in (text_file, held_file))
with tempfile.TemporaryDirectory() as folder:
    for kind in ("wordpiece", "bpe", "unigram"):
        directory = os.path.join(folder, kind)
        seconds = own("train", kind, size, text_file, directory)[0]
        other = peer_training(kind)
        print(f"train  {kind:<10} {seconds:8.3f} s                 tokenizers {other:8.3f} s"
              f"   ratio {other / seconds:5.2f}", flush=True)
        tokens = encoding(kind, directory)
        if kind == "unigram" and (trained := sentencepiece_training(folder)):
            print(f"train  unigram    {seconds:8.3f} s              sentencepiece {trained[0]:8.3f} s   ratio "
                  f"{trained[0] / seconds:5.2f}   held-out tokens {tokens / trained[1]:.4f} of sentencepiece's")
