# SPDX-License-Identifier: Apache-2.0
# What benchmark_generation_t5 measures beside CTranslate2 in f32, with one model of t5-small's shape and random
# weights, turn by turn in one run. Needs the Python packages torch, transformers and ctranslate2.
#   generation_t5.py BENCHMARK_GENERATION_T5 [--threads 2] [--rounds 5] [--rows 16] [--tokens 32] [--new 64]
# Every row gets the same number of new tokens: no token ends one. Prints new tokens a second, and a second of processor
# time, which other work on the machine does not blur where there is one thread; and their ratios, greedily and by
# beams.
import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time

options = argparse.ArgumentParser()
options.add_argument("program")
options.add_argument("--threads", type=int, default=2)
options.add_argument("--rounds", type=int, default=5)
options.add_argument("--rows", type=int, default=16)
options.add_argument("--tokens", type=int, default=32)
options.add_argument("--new", type=int, default=64)
options = options.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["THAW_THREADS"] = str(options.threads)

import ctranslate2  # noqa: E402  (reads OMP_NUM_THREADS)
import ctranslate2.converters.transformers as converters  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402


class Tokens:
    """Stands for a tokenizer: a token is its number."""

    pad_token, eos_token, unk_token = "0", "1", "2"

    def __init__(self, size):
        self.size = size

    def get_vocab(self):
        return {str(i): i for i in range(self.size)}

    def convert_ids_to_tokens(self, i):
        return str(i)


def make_models(folder):
    torch.manual_seed(1)
    config = transformers.T5Config(vocab_size=32128, decoder_start_token_id=0)
    model = transformers.T5ForConditionalGeneration(config).eval()
    model.save_pretrained(folder)
    loader = converters.T5Loader()
    spec = loader(model, Tokens(config.vocab_size))
    spec.validate()
    spec.optimize(quantization=None)
    os.mkdir(os.path.join(folder, "ctranslate2"))
    spec.save(os.path.join(folder, "ctranslate2"))


def peer(translator, sources, beams):
    begin, processor = time.perf_counter(), time.process_time()
    results = translator.translate_batch(
        [[str(i) for i in source] for source in sources], beam_size=beams, max_decoding_length=options.new,
        min_decoding_length=options.new)
    seconds, processor = time.perf_counter() - begin, time.process_time() - processor
    rows = [[int(token) for token in result.hypotheses[0]] for result in results]
    assert all(len(row) == options.new for row in rows), [len(row) for row in rows]
    tokens = options.new * len(rows)
    return (tokens / seconds, tokens / processor), rows


def thaw(folder, beams):
    output = os.path.join(folder, "rows")
    said = subprocess.run(
        [options.program, "--device", "cpu", "--model", folder, "--sources", os.path.join(folder, "sources"), "--beams",
         str(beams), "--new", str(options.new), "--repeat", "1", "--output", output],
        check=True, capture_output=True, text=True).stdout
    with open(output) as file:
        rows = [[int(i) for i in line.split()] for line in file]
    found = re.search(r"([0-9.]+) tokens/s at best.* ([0-9.]+) a second of processor", said)
    return (float(found.group(1)), float(found.group(2))), rows


with tempfile.TemporaryDirectory() as folder:
    make_models(folder)
    generator = torch.Generator().manual_seed(5)
    sources = torch.randint(100, 32000, (options.rows, options.tokens), generator=generator).tolist()
    with open(os.path.join(folder, "sources"), "w") as file:
        for source in sources:
            print(*source, file=file)
    translator = ctranslate2.Translator(
        os.path.join(folder, "ctranslate2"), device="cpu", compute_type="float32", inter_threads=1,
        intra_threads=options.threads)
    for beams in (1, 4):
        peer(translator, sources, beams)
        speeds = []
        for _ in range(options.rounds):
            theirs, wanted = peer(translator, sources, beams)
            ours, made = thaw(folder, beams)
            speeds.append((ours, theirs))
        same = sum(a == b for a, b in zip(made, wanted))
        print(f"{options.rows} rows of {options.tokens} tokens, {options.new} new ones, "
              f"{'greedy' if beams == 1 else f'beam {beams}'}, {options.threads} threads: {same} of {len(sources)} "
              f"rows are CTranslate2 {ctranslate2.__version__}'s in f32")
        for what, i in ("tokens/s", 0), ("tokens a second of processor time", 1):
            ratios = [ours[i] / theirs[i] for ours, theirs in speeds]
            print(f"  {what}: thaw {statistics.median(ours[i] for ours, _ in speeds):.1f}, CTranslate2 "
                  f"{statistics.median(theirs[i] for _, theirs in speeds):.1f}; ratio min {min(ratios):.2f}, median "
                  f"{statistics.median(ratios):.2f}", flush=True)
