#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the loaders with clang's libFuzzer, with the address and undefined-behaviour sanitizers.
#   tests/fuzz/run.sh [SECONDS a target, default 60] [TARGET...]
# A crash leaves its input in build-address/crashes/TARGET-...; the corpora in build-address/corpus grow with each run.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(adapter_config ast_features bert_config ctranslate2 json npy picture
  preprocessor_config safetensors shard_index sound spiece_model table tagged_words tokenizer_json vocab_txt
  whisper_features y4m)
. tests/sanitize.sh fuzz
build=$THAW_BUILD
ninja -C "$build" tests/fuzz/fuzz_seeds "${targets[@]/#/tests/fuzz/fuzz_}"
mkdir -p "$build/crashes" \
  "$build/seeds"/{tokenizer_json,bert_config,adapter_config,picture,preprocessor_config,sound}
"$build/tests/fuzz/fuzz_seeds" "$build/seeds" tests/models/text
for case in tests/models/text/wordpiece_cases/*/; do
  cp "$case/tokenizer.json" "$build/seeds/tokenizer_json/$(basename "$case")"
done
for case in tests/models/text/sentencepiece_cases/*/ tests/models/text/unigram_cases/t5/; do
  cp "$case/spiece.model" "$build/seeds/spiece_model/$(basename "$case")"
done
for config in tests/goldens/*/config.json; do
  cp "$config" "$build/seeds/bert_config/$(basename "$(dirname "$config")")"
done
for config in tests/goldens/*/adapter/adapter_config.json; do
  cp "$config" "$build/seeds/adapter_config/$(basename "$(dirname "$(dirname "$config")")")"
done
cp tests/models/audio/sounds/tone.* "$build/seeds/sound/"
for config in tests/goldens/images/*/preprocessor_config.json; do
  cp "$config" "$build/seeds/preprocessor_config/$(basename "$(dirname "$config")")"
done
cp tests/goldens/images/*.{png,jpg} "$build/seeds/picture/"
failed=0
for target in "${targets[@]}"; do
  echo "== $target"
  mkdir -p "$build/corpus/$target"
  "$build/tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=12288 -timeout=60 -rss_limit_mb=2048 \
    -dict=tests/fuzz/json.dict -print_final_stats=1 -artifact_prefix="$build/crashes/$target-" -verbosity=0 \
    "$build/corpus/$target" "$build/seeds/$target" || failed=$((failed + 1))
done
[ $failed = 0 ] || { echo "$failed targets failed: the inputs are in $build/crashes"; exit 1; }
