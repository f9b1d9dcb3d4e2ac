// SPDX-License-Identifier: Apache-2.0
// A frozen encoder runs once for each source, however often training and evaluation go through them: losses are those
// of a run that keeps nothing, with dropout in the decoder.
#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/t5/t5.h"
#include "models/tasks/selected_examples.h"
#include "models/tasks/task_table.h"
#include "models/tasks/text2text/examples.h"
#include "models/tasks/text2text/model.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tensor/counters.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

constexpr int64_t layers = 2, different = 4;  // of the encoder; sources
constexpr int64_t plenty = 100'000'000;

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<Task> task = make_task("text2text");
  std::unique_ptr<TaskModel> model;
  std::string file;

  // mixture: a table of two tasks, which becomes the file.
  explicit Opened(Device device, bool mixture = false) {
    file = folder
               .write("t.tsv",
                      "source\ttarget\nthe cat sat\tgood dog\nthe dog\ta very good film\nnot a mat\tplay on\n"
                      "the dog\tplay\nthe cat sat on the mat\tnot bad\n")
               .string();
    folder.write("u.tsv", "source\ttarget\nplay\tnot bad on the mat\n");
    T5Config config;
    config.vocab_size = small_vocabulary_size();
    config.d_model = 24;
    config.d_kv = 8;
    config.d_ff = 48;
    config.num_layers = config.num_decoder_layers = layers;
    config.num_heads = 3;
    config.dropout_rate = 0.2;
    config.eos_token_ids = {3};  // [SEP]
    write_small_model<T5ForConditionalGeneration>(folder / "model", config);
    folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    if (mixture) {
      file = folder.write("m.tsv", "name\tprefix\tfile\none\tvery \tt.tsv\ntwo\tnot \tu.tsv\n").string();
      for (const OptionField& option : task->options(TaskUse::training)) {
        if (option.name == "mixture") *std::get<std::string*>(option.field) = file;
        if (option.name == "mixture_examples") *std::get<int64_t*>(option.field) = 8;
      }
    }
    task->look_at(folder / "model", file);
    model = task->open(folder / "model", {.device = device, .seed = 5});
    freeze();
  }
  void freeze() const { FreezeMask::all_trained().freeze("encoder.*").freeze("shared.weight").apply(model->store()); }
  // From now on the encoder runs each time, until something is to be kept again.
  void keep_nothing() const { dynamic_cast<Text2TextModel&>(*model).text().writer().set_prefix_cache(nullptr); }
};

using Batches = std::vector<std::vector<int64_t>>;
const Batches in_order{{0, 1, 2}, {3, 4}}, others{{4, 1, 0, 3}, {2}}, alone{{3}, {2}, {0}, {1}, {4}};

// The losses of some epochs in training mode, with the same dropout whenever they are asked for; and how many
// attentions that took.
struct Losses {
  std::vector<float> values = {};
  uint64_t attentions = 0;
};
Losses losses(TaskModel& model, Examples& examples, const std::vector<Batches>& epochs) {
  const TrainingMode training(model.store().mode());
  model.store().mode().random = RandomStreams(3);
  Losses all;
  counters() = {};
  for (size_t epoch = 0; epoch < epochs.size(); ++epoch) {
    examples.begin_epoch(static_cast<int64_t>(epoch));
    for (const std::vector<int64_t>& batch : epochs[epoch]) all.values.push_back(examples.loss(batch, 7).item());
  }
  all.attentions = counters().by_name["attention"];
  return all;
}

uint64_t batches_of(const std::vector<Batches>& epochs) {
  uint64_t count = 0;
  for (const Batches& epoch : epochs) count += epoch.size();
  return count;
}

}  // namespace

TEST_CASE(
    "frozen encoder: it runs once for each source, and losses are those of a run that keeps nothing, to the bit") {
  const Opened opened(Device::open("reference"));
  const std::vector<Batches> epochs{in_order, others, alone, in_order};
  const auto plain = opened.model->read(opened.file), kept = opened.model->read(opened.file);
  const Losses uncached = losses(*opened.model, *plain, epochs);
  CHECK(uncached.attentions == batches_of(epochs) * (layers + 2 * layers));
  const KeptTexts plan = kept->keep_frozen({.bytes = plenty, .passes = 4});
  CHECK(plan.texts == different);
  CHECK(plan.kept == different);
  CHECK(plan.bytes == (5 + 4 + 5 + 8) * 24 * static_cast<int64_t>(sizeof(float)));
  const Losses cached = losses(*opened.model, *kept, epochs);
  CHECK(cached.values == uncached.values);
  CHECK(cached.attentions == batches_of(epochs) * 2 * layers + 2 * layers);  // two batches bring new ones
  // And never again.
  CHECK(losses(*opened.model, *kept, epochs).attentions == batches_of(epochs) * 2 * layers);
}

TEST_CASE("frozen encoder: on the device of the environment losses are the same to the bit") {
  const Opened opened(Device::from_environment());
  const auto examples = opened.model->read(opened.file);
  const std::vector<Batches> epochs{in_order, others, alone};
  examples->keep_frozen({.bytes = 0, .passes = 4});
  const std::vector<float> uncached = losses(*opened.model, *examples, epochs).values;
  examples->keep_frozen({.bytes = plenty, .passes = 4});
  CHECK(losses(*opened.model, *examples, epochs).values == uncached);
  CHECK(losses(*opened.model, *examples, epochs).values == uncached);
}

TEST_CASE("frozen encoder: what does not fit is computed each time, with the same losses") {
  const Opened opened(Device::open("reference"));
  const std::vector<Batches> epochs{in_order, others};
  const auto plain = opened.model->read(opened.file), kept = opened.model->read(opened.file);
  const KeptTexts plan = kept->keep_frozen({.bytes = 10 * 24 * static_cast<int64_t>(sizeof(float)), .passes = 2});
  CHECK(plan.texts == different);
  CHECK(plan.kept == 2);
  const Losses cached = losses(*opened.model, *kept, epochs);
  opened.keep_nothing();
  CHECK(cached.values == losses(*opened.model, *plain, epochs).values);
  CHECK(opened.model->read(opened.file)->keep_frozen({.bytes = plenty, .passes = 1}).texts == 0);  // of no use
}

TEST_CASE("frozen encoder: a trained one is computed each time, and what was kept before is forgotten") {
  const Opened opened(Device::open("reference"));
  const auto plain = opened.model->read(opened.file), kept = opened.model->read(opened.file);
  FreezeMask::all_trained().freeze("encoder.block.*").apply(opened.model->store());
  CHECK(kept->keep_frozen({.bytes = plenty, .passes = 2}).texts == 0);  // its words are the decoder's
  opened.freeze();
  CHECK(kept->keep_frozen({.bytes = plenty, .passes = 2}).kept == different);
  const std::vector<float> before = losses(*opened.model, *kept, {in_order}).values;

  FreezeMask::all_trained().apply(opened.model->store());
  AdamW adamw(opened.model->store(), {});
  backward(kept->loss(std::vector<int64_t>{0, 1}, 1));
  adamw.step(1e-2);
  adamw.clear_gradients();
  opened.freeze();
  const std::vector<float> after = losses(*opened.model, *kept, {in_order}).values;
  CHECK(after != before);
  opened.keep_nothing();
  CHECK(losses(*opened.model, *plain, {in_order}).values == after);
}

TEST_CASE("frozen encoder: below trained layers the frozen ones run once") {
  const Opened opened(Device::open("reference"));
  FreezeMask::all_trained().freeze("encoder.block.0.*").freeze("shared.weight").apply(opened.model->store());
  const auto plain = opened.model->read(opened.file), kept = opened.model->read(opened.file);
  const std::vector<Batches> epochs{in_order, others};
  const Losses uncached = losses(*opened.model, *plain, epochs);
  CHECK(kept->keep_frozen({.bytes = plenty, .passes = 2}).kept == different);
  const Losses cached = losses(*opened.model, *kept, epochs);
  CHECK(cached.values == uncached.values);
  CHECK(uncached.attentions == batches_of(epochs) * (layers + 2 * layers));
  CHECK(cached.attentions == batches_of(epochs) * (layers - 1 + 2 * layers) + 2);
}

TEST_CASE("frozen encoder: evaluations take what is kept, for losses and for what is written") {
  const Opened opened(Device::open("reference"));
  const auto plain = opened.model->read(opened.file), kept = opened.model->read(opened.file);
  const auto evaluated = [](const Examples& examples) {
    counters() = {};
    Metrics metrics = examples.evaluate()->metrics();
    return std::pair{std::move(metrics), counters().by_name["attention"]};
  };
  const auto [expected, computing] = evaluated(*plain);
  kept->keep_frozen({.bytes = plenty, .passes = 2});
  const auto [first, filling] = evaluated(*kept);
  const auto [second, looking_up] = evaluated(*kept);
  CHECK(first == expected);
  CHECK(second == expected);
  CHECK(computing == looking_up + 2 * layers);
  CHECK(filling == looking_up + layers);  // in one batch
}

TEST_CASE("frozen encoder: of a part of a file that part's sources are kept") {
  const Opened opened(Device::open("reference"));
  const std::shared_ptr<Examples> all = opened.model->read(opened.file);
  SelectedExamples train(all, {0, 1, 3}), validation(all, {2, 4});
  CHECK(train.keep_frozen({.bytes = plenty, .passes = 2}).texts == 2);
  CHECK(validation.keep_frozen({.bytes = plenty, .passes = 2}).texts == 2);
  const std::vector<Batches> epochs{{{2, 0}, {1}}, {{0, 1, 2}}};
  const Losses cached = losses(*opened.model, train, epochs);
  CHECK(cached.attentions == batches_of(epochs) * 2 * layers + layers);  // two sources, one batch
  opened.keep_nothing();
  CHECK(cached.values == losses(*opened.model, train, epochs).values);
}

TEST_CASE("frozen encoder: of a mixture the tasks that come again are kept") {
  const Opened opened(Device::open("reference"), true);
  const auto plain = opened.model->read(opened.file), kept = opened.model->read(opened.file);
  // 8 draws an epoch, 5/6 and 1/6 of them: of five rows (two the same) and of one.
  CHECK(opened.model->read(opened.file)->keep_frozen({.bytes = plenty, .passes = 0.5}).texts == 0);
  CHECK(opened.model->read(opened.file)->keep_frozen({.bytes = plenty, .passes = 0.8}).texts == different + 1);
  CHECK(opened.model->read(opened.file)->keep_frozen({.bytes = plenty, .passes = 0.7}).texts == 0);
  const Batches half{{7, 0, 3, 1}, {2, 6, 5, 4}};
  const std::vector<Batches> epochs{half, half, half, half};
  opened.keep_nothing();
  const Losses uncached = losses(*opened.model, *plain, epochs);
  kept->keep_frozen({.bytes = plenty, .passes = 4});
  const Losses cached = losses(*opened.model, *kept, epochs);
  CHECK(cached.values == uncached.values);
  CHECK(cached.attentions <= batches_of(epochs) * 2 * layers + (different + 1) * layers);
}

}  // namespace thaw
