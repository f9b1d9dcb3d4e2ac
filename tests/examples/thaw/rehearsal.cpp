// SPDX-License-Identifier: Apache-2.0
// What a plan says of memory, against what the device counts in a real run of the same step.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "autograd/variable.h"
#include "examples/thaw/run_cost.h"
#include "models/bert/classification.h"
#include "models/tasks/classification/examples.h"
#include "models/tasks/classification/model.h"
#include "models/tasks/task_training.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/clip.h"
#include "nn/optim/optimizer_table.h"
#include "tensor/counters.h"
#include "tensor/ops.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Plan {
  std::string name;
  FreezeMask mask = FreezeMask::all_trained();
  bool checkpointing = false;
  int64_t batch_size = 8, accumulation = 1;
  std::string optimizer = "adamw";
  double momentum = 0;
};

std::vector<Plan> plans() {
  const FreezeMask none = FreezeMask::all_frozen();
  return {{.name = "all"},
          {.name = "head", .mask = FreezeMask(none).train("classifier.*")},
          {.name = "upper half",
           .mask = FreezeMask(none).train("bert.encoder.layer.{2,3}.*").train("bert.pooler.*").train("classifier.*")},
          {.name = "norms", .mask = FreezeMask(none).train("*LayerNorm*").train("classifier.*")},
          {.name = "no embeddings", .mask = FreezeMask::all_trained().freeze("bert.embeddings.*")},
          {.name = "queries", .mask = FreezeMask(none).train("*query.weight").train("classifier.*")},
          {.name = "biases", .mask = FreezeMask(none).train("*bias")},
          {.name = "rows", .mask = FreezeMask(none).train_rows("*word_embeddings.weight", 3, 11).train("classifier.*")},
          {.name = "checkpointing", .checkpointing = true},
          {.name = "accumulation", .batch_size = 4, .accumulation = 3},
          {.name = "adafactor", .optimizer = "adafactor"},
          {.name = "sgd", .optimizer = "sgd"},
          {.name = "sgd with momentum", .optimizer = "sgd", .momentum = 0.9}};
}

BertConfig config_of(int64_t hidden) {
  BertConfig config = small_bert_config();
  config.hidden_size = hidden;
  config.intermediate_size = 4 * hidden;
  config.num_hidden_layers = 4;
  config.num_attention_heads = hidden / 16;
  config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.1;
  return config;
}

std::shared_ptr<const ClassificationExamples::Data> texts_of(const BertConfig& config, int64_t count) {
  ClassificationExamples::Data texts;
  for (int64_t i = 0; i < count; ++i) {
    Encoding text;
    const int64_t length = 3 + i * 11 % (config.max_position_embeddings - 2);
    for (int64_t t = 0; t < length; ++t) text.ids.push_back(static_cast<int32_t>((i + t) % config.vocab_size));
    text.type_ids.assign(static_cast<size_t>(length), 0);
    texts.texts.add(std::move(text), i + 2);
    texts.targets.classes.push_back(static_cast<int32_t>(i % 2));
  }
  return std::make_shared<const ClassificationExamples::Data>(std::move(texts));
}

ClassificationModel open_model(const ScratchFolder& folder, const Device& device) {
  return {folder.path().string(), TextClassifierOptions{{.device = device}, {"high", "low"}}, {}, {}, {}};
}

// One step on the device itself, as the trainer does it, of all examples; the largest micro-batch last.
double real_peak(ClassificationModel& model, Examples& texts, const TrainingOptions& options,
                 const OptimizerChoice& choice) {
  ParameterStore& store = model.store();
  TaskTraining task(model, texts, nullptr);
  MemoryStats& memory = store.device().backend().memory();
  store.mode().training = true;
  StepBatch batch = epoch_steps(texts.lengths(), options.batches, options.seed, 0).at(0);
  const auto tokens = [&](const std::vector<int64_t>& micro) {
    int64_t sum = 0;
    for (const int64_t example : micro) sum += texts.lengths()[static_cast<size_t>(example)];
    return sum;
  };
  std::ranges::stable_sort(batch.micro_batches, {}, tokens);
  const std::unique_ptr<Optimizer> optimizer = choice.make(store);
  memory.reset_peak();
  Tensor sum;
  for (const std::vector<int64_t>& micro : batch.micro_batches) {
    const Variable loss = task.loss(micro, static_cast<double>(texts.size()));
    backward(loss);
    sum = sum.defined() ? add(sum, loss.value()) : loss.value();
  }
  const GradientNorm norm = clip_gradients(store, options.max_grad_norm);
  optimizer->step(1e-3, norm.scale, add(sum, norm.norm));
  const auto peak = static_cast<double>(memory.peak_bytes);
  optimizer->clear_gradients();
  return peak;
}

}  // namespace

TEST_CASE("rehearsal: the most that is alive at once is what the cpu device then counts, for thirteen plans") {
  const Device device = Device::open("");
  if (device.name() != "cpu") return;  // the one that the dry device is like
  for (const int64_t hidden : {32, 64}) {
    const ScratchFolder folder;
    const BertConfig config = config_of(hidden);
    write_small_model<BertForSequenceClassification>(folder.path().string(), config);
    for (const Plan& plan : plans()) {
      const std::string name = fmt::format("{}, hidden size {}", plan.name, hidden);
      CAPTURE(name);
      TrainingOptions options;
      options.batches.batch_size = plan.batch_size;
      options.batches.accumulation = plan.accumulation;
      const auto texts = texts_of(config, plan.batch_size * plan.accumulation);

      MemoryStats& memory = device.backend().memory();
      const auto before = static_cast<double>(memory.live_bytes);
      ClassificationModel model = open_model(folder, device);
      const auto weights = static_cast<double>(memory.live_bytes) - before;
      model.set_checkpointing(plan.checkpointing);
      plan.mask.apply(model.store());

      const auto choice = choose_optimizer(plan.optimizer);
      for (const OptionField& option : choice->options())
        if (option.name == "momentum") *std::get<double*>(option.field) = plan.momentum;
      const MakeOptimizer make = [&](ParameterStore& store) { return choice->make(store); };

      const DryDevice dry;
      ClassificationModel dry_model(model, dry.device());
      plan.mask.apply(dry_model.store());
      ClassificationExamples dry_examples(dry_model.classifier(), texts);
      ClassificationExamples real_examples(model.classifier(), texts);
      TaskTraining task(dry_model, dry_examples, nullptr);
      const MemoryNeed need = Rehearsal(task, dry_model.store(), dry, options, make).memory_need(device);
      CHECK(need.weights == weights);
      counters() = {};
      const double real = real_peak(model, real_examples, options, *choice) - before;
      // Were it not so, the default bodies' temporaries would be missing in the plan.
      CHECK(counters().default_bodies.empty());
      const auto without_state = static_cast<double>(memory.live_bytes);
      const auto optimizer = choice->make(model.store());
      CHECK(need.optimizer == static_cast<double>(memory.live_bytes) - without_state);
      CHECK(optimizer->state_bytes() <= static_cast<uint64_t>(need.optimizer));
      CHECK(need.most - need.packed_weights == doctest::Approx(real).epsilon(0.05));
      CHECK(need.most >= need.weights + need.gradients + need.optimizer);
    }
  }
}

TEST_CASE("rehearsal: the mean step's arithmetic is that of all steps, and of some where there are many") {
  const ScratchFolder folder;
  const BertConfig config = config_of(32);
  write_small_model<BertForSequenceClassification>(folder.path().string(), config);
  const ClassificationModel model = open_model(folder, {});
  const FreezeMask mask = FreezeMask::all_frozen().train("classifier.*");
  const auto mean_of = [&](int64_t count, int64_t batch_size) {
    const DryDevice dry;
    ClassificationModel dry_model(model, dry.device());
    mask.apply(dry_model.store());
    ClassificationExamples examples(dry_model.classifier(), texts_of(config, count));
    TaskTraining task(dry_model, examples, nullptr);
    TrainingOptions options;
    options.batches.batch_size = batch_size;
    return Rehearsal(task, dry_model.store(), dry, options, {}).mean_cost();
  };
  // Every length comes as often in both.
  const MeanCost all = mean_of(300, 10), some = mean_of(3000, 10);
  CHECK(all.steps_per_epoch == 30);
  CHECK(some.steps_per_epoch == 300);
  CHECK(some.tokens == doctest::Approx(all.tokens));
  CHECK(some.now.forward == doctest::Approx(all.now.forward).epsilon(0.02));
  CHECK(some.unfrozen.backward == doctest::Approx(all.unfrozen.backward).epsilon(0.02));
  CHECK(all.now.forward == all.unfrozen.forward);
  CHECK(all.now.together() < all.unfrozen.together() / 2);
}
