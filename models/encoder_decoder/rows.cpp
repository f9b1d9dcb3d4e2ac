// SPDX-License-Identifier: Apache-2.0
// Steps of the decoder.
#include "models/encoder_decoder/rows.h"

#include <vector>

#include "autograd/tape.h"
#include "models/prompted_limits.h"
#include "nn/mode.h"

namespace thaw {

namespace {

std::vector<const MultiHeadAttention*> selfs_of(const BertDecoder& decoder) {
  std::vector<const MultiHeadAttention*> selfs;
  for (const BertDecoderLayer& layer : decoder.layers) selfs.push_back(&layer.layer.attention);
  return selfs;
}

}  // namespace

EncoderDecoderRows::EncoderDecoderRows(const EncoderDecoderModel& model, const EncoderMemory& memory)
    : MemoryDecoder(model.decoder.scope.mode(), model.decoder.scope.store().device(), model.predictions.decoder.out(),
                    selfs_of(model.decoder)),
      model_(model) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model.decoder.scope.mode());
  read_memory(model.decoder.memory_keys(model.read(memory)));
}

int64_t EncoderDecoderRows::most_tokens() const {
  const int64_t positions = model_.decoder.embeddings.positions.weight.value().size(0);
  return positions - RowsBefore(model_.decoder.scope.store(), model_.decoder.scope.path())();
}

Variable EncoderDecoderRows::states(const DecoderStep& tokens, const SeenKeysOfLayer& seen,
                                    std::span<const KeysAndValues> memory) const {
  return model_.decoder.step(tokens, seen, memory);
}

}  // namespace thaw
