#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# thaw import: a Whisper of CTranslate2's, made here of zeros, becomes a directory that is listed like any other; what
# is wrong is one line, and nothing is written.
. "$(dirname "$0")/lib.bash"

# In little-endian: u8, u16 and u32 numbers; a string.
number() {
  local value=$1 size=$2
  while [ "$size" -gt 0 ]; do
    # shellcheck disable=SC2059
    printf "\\x$(printf %02x $((value & 255)))"
    value=$((value >> 8)) size=$((size - 1))
  done
}
text() { number $((${#1} + 1)) 2; printf '%s\0' "$1"; }

# tensor NAME SIZE...: zeros in f32. option NAME VALUE: an i8.
tensor() {
  local name=$1 count=4 size
  shift
  text "$name" && number $# 1
  for size; do number "$size" 4 && count=$((count * size)); done
  number 0 1 && number $count 4 && head -c $count /dev/zero
}
option() { text "$1" && number 0 1 && number 1 1 && number 1 4 && number "$2" 1; }
norm() { tensor "$1/gamma" 4 && tensor "$1/beta" 4; }
linear() { tensor "$1/weight" "$2" "$3" && tensor "$1/bias" "$2"; }
# stack NAME: a layer, and what is around it.
stack() {
  norm "$1/layer_norm" && tensor "$1/position_encodings/encodings" 50 4 && option "$1/num_heads" 2
  norm "$1/layer_0/self_attention/layer_norm" && linear "$1/layer_0/self_attention/linear_0" 12 4
  linear "$1/layer_0/self_attention/linear_1" 4 4
  norm "$1/layer_0/ffn/layer_norm" && linear "$1/layer_0/ffn/linear_0" 8 4 && linear "$1/layer_0/ffn/linear_1" 4 8
}
whisper() {
  number 6 4 && text WhisperSpec && number 3 4 && number $((4 + 2 * 16 + 8 + 3)) 4
  tensor encoder/conv1/weight 4 3 3 && tensor encoder/conv1/bias 4
  tensor encoder/conv2/weight 4 4 3 && tensor encoder/conv2/bias 4
  stack encoder && stack decoder
  norm decoder/layer_0/attention/layer_norm && linear decoder/layer_0/attention/linear_0 4 4
  linear decoder/layer_0/attention/linear_1 8 4 && linear decoder/layer_0/attention/linear_2 4 4
  tensor decoder/embeddings/weight 7 4
  option decoder/activation 3 && option decoder/pre_norm 1
  number 1 4 && text decoder/projection/weight && text decoder/embeddings/weight
}
whisper > "$scratch/model.bin"

expect 0 "$scratch/deep/whisper: WhisperForConditionalGeneration, 50 tensors, " \
  "$thaw" import whisper "$scratch/model.bin" "$scratch/deep/whisper"
holds "$scratch/deep/whisper/config.json" '"model_type": "whisper"' "what it is"
holds "$scratch/deep/whisper/config.json" '"encoder_ffn_dim": 8' "its sizes"
holds "$scratch/deep/whisper/preprocessor_config.json" '"feature_size": 3' "its features"
expect 0 "encoder.layers.0.self_attn.q_proj.weight" "$thaw" inspect "$scratch/deep/whisper" --pattern '*q_proj*'

expect 1 "$scratch/deep/whisper: " "$thaw" import whisper "$scratch/model.bin" "$scratch/deep/whisper"
expect 1 "$scratch/none.bin: " "$thaw" import whisper "$scratch/none.bin" "$scratch/other"
head -c 1000 "$scratch/model.bin" > "$scratch/short.bin"
expect 1 "$scratch/short.bin: byte " "$thaw" import whisper "$scratch/short.bin" "$scratch/other"
[ ! -e "$scratch/other" ] || die "something was written"
expect 2 "one of whisper was expected" "$thaw" import onnx "$scratch/model.bin" "$scratch/other"
expect 2 "directory is required" "$thaw" import whisper "$scratch/model.bin"
expect 0 "CTranslate2" "$thaw" import --help
