// SPDX-License-Identifier: Apache-2.0
// The plan's arithmetic against what a step really launches and keeps, for several freeze masks.
#include "examples/thaw/step_cost.h"

#include <doctest/doctest.h>

#include "autograd/functions.h"
#include "models/bert/classification.h"
#include "models/hub/pretrained.h"
#include "nn/freeze.h"
#include "tensor/counters.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

std::vector<Encoding> encodings(std::span<const int64_t> lengths, int64_t vocabulary) {
  std::vector<Encoding> texts;
  int32_t next = 1;
  for (const int64_t length : lengths) {
    Encoding& text = texts.emplace_back();
    for (int64_t t = 0; t < length; ++t)
      text.ids.push_back(next = next * 31 % static_cast<int32_t>(vocabulary - 1) + 1);
    text.type_ids.assign(static_cast<size_t>(length), 0);
  }
  return texts;
}

struct Measured {
  double forward, backward, kept_bytes;
};

Measured measure(Pretrained<BertForSequenceClassification>& bert, const std::vector<int64_t>& lengths) {
  const PackedText batch =
      PackedText::from_encodings(encodings(lengths, bert.config().vocab_size), bert.store().device());
  const ClassificationTargets targets{std::vector<int32_t>(lengths.size(), 0), {}};
  const MemoryStats& memory = bert.store().device().backend().memory();
  const auto live = static_cast<double>(memory.live_bytes);
  counters() = {};
  const Variable loss = classification_loss(ProblemType::single_label, bert.model()(batch), targets);
  Measured m{counters().flops, 0, static_cast<double>(memory.live_bytes) - live};
  backward(loss);
  m.backward = counters().flops - m.forward;
  for (const Parameter& parameter : bert.store().trained()) parameter.variable().clear_grad();
  return m;
}

}  // namespace

TEST_CASE("step cost: FLOPs and kept bytes are those of a real step, whatever is frozen") {
  if (!has_golden("bert_seqclass")) return;
  Pretrained<BertForSequenceClassification> bert((golden_dir() / "bert_seqclass").string(), Device::from_environment());
  const BertConfig& config = bert.config();
  const int64_t longest = config.max_position_embeddings;
  const std::vector<int64_t> lengths{longest, 3, longest / 2, 7, longest - 1};
  const std::string last = "bert.encoder.layer." + std::to_string(config.num_hidden_layers - 1) + ".";
  const FreezeMask all = FreezeMask::all_trained(), none = FreezeMask::all_frozen();
  const std::pair<const char*, FreezeMask> masks[] = {
      {"all", all},
      {"no embeddings", FreezeMask(all).freeze("bert.embeddings.*")},
      {"last layer and head", FreezeMask(none).train(last + "*").train("bert.pooler.*").train("classifier.*")},
      {"head", FreezeMask(none).train("classifier.*")},
      {"norms", FreezeMask(none).train("*LayerNorm*")},
      {"biases", FreezeMask(none).train("*bias")},
      {"queries", FreezeMask(none).train("*query.weight").train("classifier.*")},
      {"an output product", FreezeMask(none).train(last + "output.dense.weight")},
      {"rows of a product",
       FreezeMask(none).train_rows(last + "intermediate.dense.weight", 0, config.intermediate_size / 4)},
  };
  // Not counted in the plan: logits and what belongs to the loss, a few numbers a text.
  const double slack =
      static_cast<double>(lengths.size() * static_cast<size_t>(config.hidden_size + 8 * config.num_labels()) *
                          sizeof(float)) +
      256;
  for (const auto& [name, mask] : masks) {
    const std::string mask_name = name;  // clang 14's lambdas cannot hold parts of a structured binding
    for (const bool checkpointing : {false, true}) {
      CAPTURE(mask_name);
      CAPTURE(checkpointing);
      mask.apply(bert.store());
      bert.model().bert.checkpointing = checkpointing;
      const StepCost planned = step_cost(config, bert.store(), lengths, {.checkpointing = checkpointing});
      const Measured real = measure(bert, lengths);
      CHECK(real.forward == doctest::Approx(planned.forward).epsilon(1e-9));
      CHECK(real.backward == doctest::Approx(planned.backward).epsilon(1e-9));
      // With checkpointing, the plan adds the one layer that is computed again.
      if (!checkpointing) CHECK(real.kept_bytes >= planned.kept_bytes);
      CHECK(real.kept_bytes <= planned.kept_bytes + slack);
    }
  }
}
