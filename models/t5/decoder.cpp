// SPDX-License-Identifier: Apache-2.0
// Steps of T5's decoder.
#include "models/t5/decoder.h"

#include <vector>

#include "autograd/tape.h"
#include "nn/mode.h"

namespace thaw {

namespace {

EncoderMemory encoded(const T5Model& model, const PackedText& sources) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model.encoder.scope.mode());
  return model.encode(sources);
}

std::vector<const MultiHeadAttention*> selfs_of(const T5Stack& stack) {
  std::vector<const MultiHeadAttention*> selfs;
  for (const T5Block& block : stack.blocks) selfs.push_back(&block.self.heads);
  return selfs;
}

}  // namespace

T5Decoder::T5Decoder(const T5ForConditionalGeneration& model, const PackedText& sources)
    : T5Decoder(model, encoded(model.model, sources)) {}

T5Decoder::T5Decoder(const T5ForConditionalGeneration& model, const EncoderMemory& memory)
    : MemoryDecoder(model.model.decoder.scope.mode(), model.model.decoder.scope.store().device(),
                    model.lm_head.matrix.weight.value().size(0), selfs_of(model.model.decoder)),
      model_(model) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model.model.decoder.scope.mode());
  read_memory(model.model.decoder.memory_keys(memory));
}

Variable T5Decoder::states(const DecoderStep& tokens, const SeenKeysOfLayer& seen,
                           std::span<const KeysAndValues> memory) const {
  return model_.model.decoder.step(tokens, seen, memory);
}

}  // namespace thaw
