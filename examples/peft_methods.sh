#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What do methods of tuning a part of a model give, and what do they cost? Topics by MiniLM, a hundred texts a class,
# over three seeds: a table, and runs/peft_methods/compare.svg.
#
#   examples/peft_methods.sh [OPTIONS OF thaw compare OR thaw finetune, e.g. --seeds 1 --num-train-epochs 2]
. "$(dirname "$0")/begin.sh" minilm topics
train=$(topics_sample 100 1)
out=runs/peft_methods
mkdir -p "$out"

# The highest rates are those that suit each: few parameters want higher ones, a new head beside them the same.
[ -f "$out/fisher.safetensors" ] ||
  thaw mask --model data/minilm --train-file "$train" --freeze '*' --train '{bert.encoder.*.weight,classifier.*}' \
    --by fisher --keep 0.005 --output "$out/fisher.safetensors" > /dev/null
cat > "$out/plans.txt" << END
all --learning-rate 1e-4
upper-half --freeze bert.embeddings.* --freeze bert.encoder.layer.[0-2].* --learning-rate 2e-4
head --freeze bert.* --learning-rate 1e-2
biases --freeze bert.* --train bert.*.bias --learning-rate 2e-3
norms --freeze bert.* --train *LayerNorm* --learning-rate 2e-3
lora --lora 'r=8' --learning-rate 2e-3
lora-top-third --lora 'bert.encoder.layer.[45].attention.self.{query,value} r=8' --learning-rate 2e-3
dora --lora 'r=8 dora' --learning-rate 2e-3
ia3 --rule ia3 --learning-rate 1e-2
bottleneck --rule 'adapter size=64' --learning-rate 1e-3
prompt --rule 'prompt n=20' --learning-rate 1e-2
prefix --rule 'prefix n=20' --learning-rate 1e-2
fisher-mask --freeze '*' --train classifier.* --train '* mask $out/fisher.safetensors' --learning-rate 2e-3
END
thaw compare --plans "$out/plans.txt" --output-dir "$out" --model data/minilm --train-file "$train" \
  --validation-file data/topics/validation.tsv --test-file data/topics/test.tsv --num-train-epochs 5 --batch-size 16 \
  --eval-strategy no --save-strategy no "$@"
