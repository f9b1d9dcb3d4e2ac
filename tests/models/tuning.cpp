// SPDX-License-Identifier: Apache-2.0
// Whatever is tuned: as many numbers as the closed formula says, with the gradients of full fine-tuning where there are
// such, at the cost that the dry run tells; and nothing else changes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/hub/shape_source.h"
#include "nn/attention_prefix.h"
#include "nn/freeze/compress_frozen.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/soft_prompt.h"
#include "tensor/counters.h"
#include "tensor/dry_device.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_encoder_decoder.h"
#include "tests/models/small_gpt.h"
#include "tests/models/small_t5.h"
#include "tests/models/tuning_plans.h"

using namespace thaw;

namespace {

using Bytes = std::vector<std::byte>;

// A model of any family, with a batch.
class Tuned {
 public:
  explicit Tuned(Device device) : store(device, DType::f32, 11) {
    store.set_source(device.name() == "dry" ? &shapes_ : nullptr);
  }
  virtual ~Tuned() = default;
  virtual Variable loss() const = 0;
  virtual void set_checkpointing(bool on) = 0;

  std::map<std::string, Bytes> values() const {
    std::map<std::string, Bytes> found;
    for (const Parameter& p : store.all()) found[p.name()] = p.value().to_bytes();
    return found;
  }
  std::map<std::string, Bytes> gradients() const {
    std::map<std::string, Bytes> found;
    for (const Parameter& p : store.trained()) {
      INFO(p.name());
      REQUIRE(p.variable().grad().defined());
      found[p.name()] = p.variable().grad().to_bytes();
    }
    return found;
  }
  void forget_gradients() const {
    for (const Parameter& p : store.trained()) p.variable().clear_grad();
  }

  ParameterStore store;

 protected:
  int64_t numbers() const {
    int64_t all = 0;
    for (const Parameter& p : store.all()) all += p.value().numel();
    return all;
  }
  void numbers_differ() {
    store.set_source(nullptr);
    if (store.device().name() != "dry") randomise(store);
  }

 private:
  ShapeSource shapes_;
};

constexpr int64_t labels = 3;

struct TunedBert final : Tuned {
  BertConfig config = config_of();
  BertForSequenceClassification model;
  BertInput text;
  ClassificationTargets targets;

  static BertConfig config_of() {
    BertConfig c = small_bert_config();
    c.num_hidden_layers = 4;
    c.hidden_dropout_prob = c.attention_probs_dropout_prob = 0;
    c.classifier_dropout = 0;
    c.labels = {"a", "b", "c"};
    return c;
  }
  explicit TunedBert(Device device)
      : Tuned(device), model(Scope(store), config), text(small_batch(config, {9, 4, 12, 7}, device)) {
    numbers_differ();
    targets.classes = {0, 2, 1, 1};
  }
  Variable loss() const override { return model.loss(model(text), targets); }
  void set_checkpointing(bool on) override { model.bert.checkpointing = on; }
  std::vector<TuningPlan> plans() const {
    return bert_plans(
        {config.hidden_size, config.intermediate_size, config.num_hidden_layers, config.vocab_size, numbers()}, labels);
  }
};

struct TunedGpt2 final : Tuned {
  GptConfig config = small_gpt_config();
  GptLMHeadModel model;
  GptInput text;
  std::vector<int32_t> truths;

  explicit TunedGpt2(Device device)
      : Tuned(device), model(Scope(store), config), text(gpt_texts(small_texts({9, 4, 12, 7}), device)) {
    numbers_differ();
    truths.assign(text.ids.host().begin(), text.ids.host().end());
    truths[3] = -100;
  }
  Variable loss() const override { return model.loss(text, truths); }
  void set_checkpointing(bool on) override { model.transformer.checkpointing = on; }
  std::vector<TuningPlan> plans() const {
    return gpt2_plans({config.n_embd, config.inner_size(), config.n_layer, config.vocab_size, numbers()},
                      config.n_positions);
  }
};

struct TunedGpt1 final : Tuned {
  GptConfig config = config_of();
  GptForSequenceClassification model;
  GptInput text;

  static GptConfig config_of() {
    GptConfig c = small_gpt_config("openai-gpt");
    c.labels = {"a", "b", "c"};
    c.pad_token_id = 0;
    return c;
  }
  explicit TunedGpt1(Device device) : Tuned(device), model(Scope(store), config), text(gpt_texts(texts(), device)) {
    numbers_differ();
  }
  static std::vector<std::vector<int32_t>> texts() {
    std::vector<std::vector<int32_t>> all = small_texts({9, 4, 12});
    all[0].back() = 0;  // it is not the last token that is read
    return all;
  }
  Variable loss() const override { return model.loss(model(text), {.classes = {0, 2, 1}}); }
  void set_checkpointing(bool on) override { model.transformer.checkpointing = on; }
  std::vector<TuningPlan> plans() const {
    return gpt1_plans({config.n_embd, config.inner_size(), config.n_layer, config.vocab_size, numbers()}, labels);
  }
};

struct TunedT5 final : Tuned {
  T5Config config = config_of();
  T5ForConditionalGeneration model;
  PackedText sources;
  DecoderTargets targets;

  static T5Config config_of() {
    T5Config c = small_t5_config();
    c.num_layers = c.num_decoder_layers = 3;
    c.num_heads = 4;
    c.feed_forward_proj = c.dense_act_fn = "relu";
    c.is_gated_act = false;
    c.tie_word_embeddings = c.head_is_shared = true;
    return c;
  }
  explicit TunedT5(Device device)
      : Tuned(device),
        model(Scope(store), {config}),
        sources(packed(small_texts({9, 4, 12}), device)),
        targets(DecoderTargets::from_labels(small_texts({5, 7, 3}, 2), config, device)) {
    numbers_differ();
  }
  Variable loss() const override { return model.loss(sources, targets); }
  void set_checkpointing(bool on) override {
    model.model.encoder.checkpointing = model.model.decoder.checkpointing = on;
  }
  std::vector<TuningPlan> plans() const {
    return t5_plans({config.d_model, config.d_ff, config.num_layers, config.vocab_size, numbers()},
                    config.relative_attention_num_buckets, config.num_heads);
  }
};

struct TunedEncoderDecoder final : Tuned {
  EncoderDecoderConfig config = config_of();
  EncoderDecoderModel model;
  BertInput sources;
  DecoderTargets targets;

  static EncoderDecoderConfig config_of() {
    EncoderDecoderConfig c = small_encoder_decoder_config();
    c.encoder.num_hidden_layers = c.decoder.num_hidden_layers = 2;
    return c;
  }
  explicit TunedEncoderDecoder(Device device)
      : Tuned(device),
        model(Scope(store), config),
        sources(small_batch(config.encoder, {9, 4, 12}, device)),
        targets(DecoderTargets::from_labels(small_texts({5, 7, 3}, 2), config, device)) {
    numbers_differ();
  }
  Variable loss() const override { return model.loss(sources, targets); }
  void set_checkpointing(bool on) override { model.set_checkpointing(on); }
  std::vector<TuningPlan> plans() const {
    int64_t numbers = 0;
    for (const Parameter& p : store.all()) numbers += p.value().numel();
    const BertConfig& c = config.encoder;
    return encoder_decoder_plans({c.hidden_size, c.intermediate_size, c.num_hidden_layers, c.vocab_size, numbers});
  }
};

struct Cost {
  std::map<std::string, uint64_t> forward, backward;
  double forward_flops = 0, backward_flops = 0;
  uint64_t kept_bytes = 0, gradient_bytes = 0;
  bool operator==(const Cost&) const = default;
};

Cost cost_of(const Tuned& tuned) {
  const MemoryStats& memory = tuned.store.device().backend().memory();
  Cost cost;
  const uint64_t before = memory.live_bytes;
  counters() = {};
  const Variable loss = tuned.loss();
  cost.kept_bytes = memory.live_bytes - before;
  cost.forward = counters().by_name;
  cost.forward_flops = counters().flops;
  counters() = {};
  backward(loss);
  cost.backward = counters().by_name;
  cost.backward_flops = counters().flops;
  for (const Parameter& p : tuned.store.trained()) cost.gradient_bytes += p.variable().grad().numel() * 4;
  return cost;
}

// DoRA scales what the product gives before the bias is added: where a device adds that within the product, the last
// bits are others, though all factors are 1 at first.
bool has_dora(const ParameterStore& store) {
  return std::ranges::any_of(
      store.products(), [](const auto& product) { return product->low_rank && product->low_rank->options.magnitudes; });
}

// The largest between the numbers (f32), as a share of the largest there is.
double difference(const Bytes& a, const Bytes& b) {
  double apart = 0, most = 0;
  for (size_t at = 0; at < a.size(); at += sizeof(float)) {
    float one, other;
    std::memcpy(&one, &a[at], sizeof(float));
    std::memcpy(&other, &b.at(at), sizeof(float));
    apart = std::max(apart, std::abs(static_cast<double>(one) - other));
    most = std::max(most, std::abs(static_cast<double>(other)));
  }
  return most > 0 ? apart / most : apart;
}

template <typename Family>
void check_numbers(const TuningPlan& plan, const std::map<std::string, Bytes>& of_all) {
  CAPTURE(plan.name);
  Family tuned(Device::from_environment());
  const FreezeReport report = FreezeMask::parse(plan.rules, "plan").apply(tuned.store);
  CHECK(report.trained == plan.trained);
  backward(tuned.loss());
  for (const auto& [name, gradient] : tuned.gradients()) {
    // Behind a prompt or a prefix the model says something else from the first step on.
    if (prompt_rows(tuned.store) + prefix_rows(tuned.store) > 0 || !of_all.contains(name) ||
        tuned.store.find(name).trained_rows())
      continue;
    INFO(name);
    if (has_dora(tuned.store))
      CHECK(difference(gradient, of_all.at(name)) < 1e-6);
    else
      CHECK(gradient == of_all.at(name));
  }
  tuned.forget_gradients();

  const std::map<std::string, Bytes> before = tuned.values();
  AdamW optimizer(tuned.store, {.weight_decay = 0.1});
  tuned.store.mode().training = true;
  for (int step = 0; step < 3; ++step) {
    backward(tuned.loss());
    optimizer.step(0.01);
    optimizer.clear_gradients();
  }
  for (const Parameter& p : tuned.store.all()) {
    INFO(p.name());
    const Bytes now = p.value().to_bytes();
    if (const auto& rows = p.trained_rows()) {
      const Bytes& old = before.at(p.name());
      const auto width = std::ssize(now) / p.value().size(0);
      for (int64_t row = 0; row < p.value().size(0); ++row)
        if (!rows->place_of(row))
          CHECK(std::equal(now.begin() + row * width, now.begin() + (row + 1) * width, old.begin() + row * width));
      CHECK(now != old);
    } else {
      CHECK((now == before.at(p.name())) == p.frozen());
    }
  }
}

template <typename Family>
void check_costs(const TuningPlan& plan, bool checkpointing, FrozenDType dtype = FrozenDType::f32) {
  CAPTURE(plan.name);
  CAPTURE(name_of(dtype));
  CAPTURE(checkpointing);
  const DryDevice dry;
  Family real(Device::from_environment()), planned(dry.device());
  for (Tuned* tuned : {static_cast<Tuned*>(&real), static_cast<Tuned*>(&planned)}) {
    FreezeMask::parse(plan.rules, "plan").apply(tuned->store);
    compress_weights(tuned->store, compressible_weights(tuned->store), dtype);
    tuned->set_checkpointing(checkpointing);
    tuned->store.mode().training = true;
  }
  CHECK(compressed_weights(real.store).bytes == compressed_weights(planned.store).bytes);
  const Cost cost = cost_of(real), told = cost_of(planned);
  CHECK(cost.forward == told.forward);
  CHECK(cost.backward == told.backward);
  CHECK(cost.forward_flops == told.forward_flops);
  CHECK(cost.backward_flops == told.backward_flops);
  CHECK(cost.gradient_bytes == told.gradient_bytes);
  CHECK(cost.kept_bytes == told.kept_bytes);
}

template <typename Family>
std::map<std::string, Bytes> full_gradients() {
  const Family tuned(Device::from_environment());
  backward(tuned.loss());
  return tuned.gradients();
}

}  // namespace

TEST_CASE("tuning BERT: the closed formula's numbers are trained, with the gradients of full training, and no other") {
  const auto of_all = full_gradients<TunedBert>();
  for (const TuningPlan& plan : TunedBert(Device::from_environment()).plans()) check_numbers<TunedBert>(plan, of_all);
}

TEST_CASE("tuning GPT: the closed formula's numbers are trained, with the gradients of full training, and no other") {
  const auto of_gpt2 = full_gradients<TunedGpt2>(), of_gpt1 = full_gradients<TunedGpt1>();
  for (const TuningPlan& plan : TunedGpt2(Device::from_environment()).plans()) check_numbers<TunedGpt2>(plan, of_gpt2);
  for (const TuningPlan& plan : TunedGpt1(Device::from_environment()).plans()) check_numbers<TunedGpt1>(plan, of_gpt1);
}

TEST_CASE("tuning T5: the closed formula's numbers are trained, with the gradients of full training, and no other") {
  const auto of_all = full_gradients<TunedT5>();
  for (const TuningPlan& plan : TunedT5(Device::from_environment()).plans()) check_numbers<TunedT5>(plan, of_all);
}

TEST_CASE("tuning an encoder-decoder: the closed formula's numbers are trained, with full training's gradients") {
  const auto of_all = full_gradients<TunedEncoderDecoder>();
  for (const TuningPlan& plan : TunedEncoderDecoder(Device::from_environment()).plans())
    check_numbers<TunedEncoderDecoder>(plan, of_all);
}

TEST_CASE("tuning BERT: a step launches, computes and keeps what the dry run says, checkpointed or not") {
  for (const TuningPlan& plan : TunedBert(Device::from_environment()).plans())
    for (const bool checkpointing : {false, true}) check_costs<TunedBert>(plan, checkpointing);
}

TEST_CASE("tuning GPT: a step launches, computes and keeps what the dry run says, checkpointed or not") {
  for (const bool checkpointing : {false, true}) {
    for (const TuningPlan& plan : TunedGpt2(Device::from_environment()).plans())
      check_costs<TunedGpt2>(plan, checkpointing);
    for (const TuningPlan& plan : TunedGpt1(Device::from_environment()).plans())
      check_costs<TunedGpt1>(plan, checkpointing);
  }
}

TEST_CASE("tuning T5: a step launches, computes and keeps what the dry run says, checkpointed or not") {
  for (const TuningPlan& plan : TunedT5(Device::from_environment()).plans())
    for (const bool checkpointing : {false, true}) check_costs<TunedT5>(plan, checkpointing);
}

TEST_CASE("tuning an encoder-decoder: a step launches, computes and keeps what the dry run says, checkpointed or not") {
  for (const TuningPlan& plan : TunedEncoderDecoder(Device::from_environment()).plans())
    for (const bool checkpointing : {false, true}) check_costs<TunedEncoderDecoder>(plan, checkpointing);
}

TEST_CASE("tuning on frozen weights in bf16 or int8: a step launches, computes and keeps what the dry run says") {
  for (const FrozenDType dtype : {FrozenDType::bf16, FrozenDType::int8})
    for (const bool checkpointing : {false, true}) {
      for (const TuningPlan& plan : TunedBert(Device::from_environment()).plans())
        check_costs<TunedBert>(plan, checkpointing, dtype);
      for (const TuningPlan& plan : TunedGpt2(Device::from_environment()).plans())
        check_costs<TunedGpt2>(plan, checkpointing, dtype);
      for (const TuningPlan& plan : TunedGpt1(Device::from_environment()).plans())
        check_costs<TunedGpt1>(plan, checkpointing, dtype);
      for (const TuningPlan& plan : TunedT5(Device::from_environment()).plans())
        check_costs<TunedT5>(plan, checkpointing, dtype);
      for (const TuningPlan& plan : TunedEncoderDecoder(Device::from_environment()).plans())
        check_costs<TunedEncoderDecoder>(plan, checkpointing, dtype);
    }
}
