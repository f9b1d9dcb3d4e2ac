#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Adapters that thaw wrote, loaded by peft: the same predictions; and one of peft's with words that its base has not,
# read by thaw. Needs a Python with torch, transformers and peft: $THAW_PYTHON, else python3.
. "$(dirname "$0")/lib.bash"
python=${THAW_PYTHON:-python3}
if ! "$python" -c 'import peft, torch, transformers' 2> /dev/null; then
  echo "skipped: $python has no torch, transformers and peft (THAW_PYTHON names one that has)"
  exit 0
fi
small_model
small_data "$scratch/train.tsv" 60 1
small_data "$scratch/new.tsv" 8 2
cut -f 1 "$scratch/new.tsv" | tail -n +2 > "$scratch/texts.txt"

predict() {  # FILE OPTIONS...
  local out=$1
  shift
  "$thaw" predict --output-format jsonl --probabilities "$@" "$scratch/texts.txt" > "$out" 2> "$scratch/log" ||
    die "$*: $(cat "$scratch/log")"
}
write() {  # NAME OPTIONS...
  local name=$1
  shift
  finetune_quietly "$scratch/$name" --train-file "$scratch/train.tsv" --max-steps 4 --eval-strategy no "$@"
  [ -e "$scratch/$name/adapter_model.safetensors" ] || die "$name: no adapter of peft's"
  predict "$scratch/$name.jsonl" --model "$scratch/$name"
}
write lora --lora 'r=2 alpha=4'
write rslora --lora 'bert.encoder.* r=3 rs' --train 'classifier.*'
write dora --lora '*.{query,value} r=2 dora'
write ranks --lora 'r=2' --lora '*layer.0*.query r=4 alpha=3'
write biases --lora '*.query r=2' --train '*.bias' --train 'classifier.*'
write norms --lora 'r=2' --train '*attention.output.LayerNorm*' --train 'classifier.*'
write rows --lora 'r=2' --train '*word_embeddings.weight rows 5:9,12' --train 'classifier.*'
write ia3 --rule ia3
write prompt --rule 'prompt n=3'

"$python" - "$scratch" > "$scratch/log" 2>&1 << 'END' || die "$(tail -n 3 "$scratch/log")"
import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import BertForSequenceClassification

folder = sys.argv[1]
words = [line.rstrip("\n") for line in open(f"{folder}/model/vocab.txt")]
texts = [line.split() for line in open(f"{folder}/texts.txt")]


def base(labels=2):
    return BertForSequenceClassification.from_pretrained(f"{folder}/model", num_labels=labels,
                                                         ignore_mismatched_sizes=True).eval()


def probabilities(model, text):
    ids = torch.tensor([[2] + [words.index(word) for word in text] + [3]])
    return torch.softmax(model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits, -1)[0].tolist()


with torch.no_grad():
    for name in ["lora", "rslora", "dora", "ranks", "biases", "norms", "rows", "ia3", "prompt"]:
        model = PeftModel.from_pretrained(base(), f"{folder}/{name}").eval()
        for text, line in zip(texts, open(f"{folder}/{name}.jsonl"), strict=True):
            said = list(json.loads(line)["probabilities"].values())
            assert max(abs(a - b) for a, b in zip(said, probabilities(model, text), strict=True)) < 1e-5, (name, text)
    torch.manual_seed(0)
    model = base(3)
    model.resize_token_embeddings(len(words) + 2)
    model = get_peft_model(model, LoraConfig(r=2, target_modules=["query"], task_type="SEQ_CLS",
                                             trainable_token_indices=[len(words), len(words) + 1])).eval()
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter += 0.3 * torch.randn_like(parameter)
    model.save_pretrained(f"{folder}/grown")
    words += ["new1", "new2"]
    open(f"{folder}/grown/vocab.txt", "w").write("".join(word + "\n" for word in words))
    texts = [text + ["new2", "new1"] for text in texts]
    open(f"{folder}/texts.txt", "w").write("".join(" ".join(text) + "\n" for text in texts))
    with open(f"{folder}/grown.tsv", "w") as file:
        for text in texts:
            print(*probabilities(model, text), sep="\t", file=file)
END
predict "$scratch/grown.jsonl" --model "$scratch/model" --adapter "$scratch/grown"
paste "$scratch/grown.tsv" <(sed 's/.*"probabilities": //' "$scratch/grown.jsonl" | grep -o '{.*}' |
  sed 's/"[^"]*": //g; s/[{}]//g; s/, /\t/g') | awk -F '\t' '
  { for (i = 1; i <= 3; i++) if (NF != 6 || ($i - $(i + 3)) ^ 2 > 1e-10) exit 1; rows++ }
  END { exit !(rows == 8) }' || die "an adapter with words that its base has not is read otherwise than by peft"
