// SPDX-License-Identifier: Apache-2.0
// What freezing saves in BERT, shown by counters: no product in the backward pass and no kept byte for what is frozen.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "models/bert/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tensor/counters.h"
#include "tests/models/small_bert.h"

namespace thaw {

namespace {

// Launches and memory of one step with the given parameters trained.
struct Cost {
  std::map<std::string, uint64_t> forward, backward;
  uint64_t kept_bytes = 0;      // between forward and backward, beyond what was there before
  uint64_t gradient_bytes = 0;  // after backward
  FreezeReport report;

  uint64_t backward_of(const std::string& name) const { return backward.contains(name) ? backward.at(name) : 0; }
};

FreezeMask head_only() { return FreezeMask::all_frozen().train("classifier.*"); }

// Layers from `first` on, pooler and classifier.
FreezeMask upper(int64_t first, int64_t layers) {
  FreezeMask mask = head_only();
  mask.train("bert.pooler.*");
  for (int64_t i = first; i < layers; ++i) mask.train(fmt::format("bert.encoder.layer.{}.*", i));
  return mask;
}

constexpr int64_t label_count = 3;

struct Step {
  BertConfig config = small_bert_config();
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 3};
  BertForSequenceClassification model;
  BertInput text;
  ClassificationTargets targets;

  static BertConfig with_layers(int64_t layers) {
    BertConfig c = small_bert_config();
    c.num_hidden_layers = layers;
    c.hidden_dropout_prob = 0.1;
    c.attention_probs_dropout_prob = 0.1;
    c.classifier_dropout = 0;
    for (int64_t i = 0; i < label_count; ++i) c.labels.push_back(fmt::format("label {}", i));
    return c;
  }
  explicit Step(int64_t layers)
      : config(with_layers(layers)), model(Scope(store), config), text(small_batch(config, {9, 4, 12, 7}, device)) {
    targets.classes = {0, 2, 1, 1};
    store.mode().training = true;
  }

  uint64_t live() const { return device.backend().memory().live_bytes; }

  Cost cost(const FreezeMask& mask) {
    Cost cost;
    cost.report = mask.apply(store);
    store.mode().random.set_position(0);
    const uint64_t before = live();
    counters() = {};
    {
      const Variable loss = model.loss(model(text), targets);
      cost.forward = counters().by_name;
      cost.kept_bytes = live() - before;
      counters() = {};
      backward(loss);
    }
    cost.backward = counters().by_name;
    cost.gradient_bytes = live() - before;
    for (const Parameter& p : store.all()) CHECK(p.variable().grad().defined() != p.frozen());
    for (const Parameter& p : store.trained()) p.variable().clear_grad();
    return cost;
  }
};

}  // namespace

TEST_CASE("freezing BERT: a head alone runs one product backward, and nothing of the encoder is kept") {
  Step step(3);
  const Cost cost = step.cost(head_only());
  CHECK(cost.backward_of("matmul") == 1);
  for (const char* name : {"attention_backward", "norm_backward", "unary_backward", "softmax_backward", "dropout",
                           "gather_rows", "scatter_add_rows", "binary"}) {
    INFO(name);
    CHECK(cost.backward_of(name) == 0);
  }
  // The pooled first tokens, the logits, and a few numbers a text; one hidden state would be more.
  const auto texts = static_cast<uint64_t>(step.text.count()),
             channels = static_cast<uint64_t>(step.config.hidden_size);
  const uint64_t head_bytes = 4 * texts * (channels + 2 * label_count + 4) + 64;
  CHECK(cost.kept_bytes <= head_bytes);
  CHECK(head_bytes < 4 * channels * static_cast<uint64_t>(step.text.total()));
  CHECK(cost.gradient_bytes == 4 * static_cast<uint64_t>(cost.report.trained));
  CHECK(AdamW(step.store).state_bytes() == 8 * static_cast<uint64_t>(cost.report.trained));
}

TEST_CASE("freezing BERT: the frozen forward pass is that of inference") {
  Step step(3);
  FreezeMask::all_frozen().apply(step.store);
  counters() = {};
  {
    const NoGrad no_grad;
    step.model(step.text);
  }
  const auto inference = counters().by_name;
  counters() = {};
  step.model(step.text);
  CHECK(counters().by_name == inference);
}

TEST_CASE("freezing BERT: products, kept bytes and gradients at every cut between layers") {
  constexpr int64_t layers = 4;
  Step step(layers);
  for (int64_t cut = 0; cut < layers; ++cut) {
    INFO("trained from layer " << cut << " on");
    const auto trained = static_cast<uint64_t>(layers - cut);
    const Cost cost = step.cost(upper(cut, layers));
    // Six products a layer, each with the gradients of weight and input; the lowest one's queries, keys and values need
    // none of their input. Pooler and classifier: four.
    CHECK(cost.backward_of("matmul") == 4 + 12 * trained - 3);
    CHECK(cost.backward_of("attention_backward") == trained);
    CHECK(cost.backward_of("norm_backward") == 2 * trained);
    CHECK(cost.gradient_bytes == 4 * static_cast<uint64_t>(cost.report.trained));
  }
  const Cost all = step.cost(FreezeMask::all_trained());
  CHECK(all.backward_of("matmul") == 4 + 12 * static_cast<uint64_t>(layers));
  CHECK(all.backward_of("norm_backward") == 2 * static_cast<uint64_t>(layers) + 1);
  CHECK(all.backward_of("scatter_add_rows") >= 3);
}

TEST_CASE("freezing BERT: a frozen prefix costs nothing in the backward pass, however deep it is") {
  Step shallow(2), deep(5);
  const Cost a = shallow.cost(upper(0, 2)), b = deep.cost(upper(3, 5));
  CHECK(a.backward == b.backward);
  CHECK(a.kept_bytes == b.kept_bytes);
  CHECK(a.gradient_bytes == b.gradient_bytes);
}

TEST_CASE("freezing BERT: frozen lower layers compute without dropout, trained ones with it") {
  Step step(3);
  upper(2, 3).apply(step.store);
  const auto hidden_in = [&](bool training) {
    step.store.mode().training = training;
    std::vector<Variable> hidden;
    step.model.bert(step.text, &hidden);
    return hidden;
  };
  const std::vector<Variable> training = hidden_in(true), evaluation = hidden_in(false);
  for (size_t i = 0; i < training.size(); ++i) {
    INFO("hidden state " << i);
    CHECK((training[i].value().to_bytes() == evaluation[i].value().to_bytes()) == (i + 1 < training.size()));
  }
}

TEST_CASE("checkpointing BERT's layers: the same gradients to the bit, fewer bytes kept") {
  Step step(4);
  const auto run = [&](bool on, const FreezeMask& mask) {
    step.model.bert.checkpointing = on;
    mask.apply(step.store);
    step.store.mode().random.set_position(0);
    const uint64_t before = step.live();
    const Variable loss = step.model.loss(step.model(step.text), step.targets);
    const uint64_t kept = step.live() - before;
    backward(loss);
    std::map<std::string, std::vector<std::byte>> gradients;
    for (const Parameter& p : step.store.trained()) {
      gradients[p.name()] = p.variable().grad().to_bytes();
      p.variable().clear_grad();
    }
    return std::pair{gradients, kept};
  };
  for (const FreezeMask& mask : {FreezeMask::all_trained(), upper(2, 4)}) {
    const auto [plain, plain_bytes] = run(false, mask);
    const auto [again, again_bytes] = run(true, mask);
    CHECK(plain == again);
    CHECK(2 * again_bytes < plain_bytes);
  }
}

}  // namespace thaw
