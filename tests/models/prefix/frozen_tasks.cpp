// SPDX-License-Identifier: Apache-2.0
// Trainings of all tasks of texts over a model whose lower part is frozen end with the same bits, whether that part is
// computed in each step, kept in memory, or found in files that another run left, with other batches.
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/bert/bert.h"
#include "models/tasks/task_table.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tensor/counters.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

constexpr int64_t layers = 3, epochs = 3, texts = 7;

struct Data {
  std::string task, file, content;
  bool changes = false;
};
const std::vector<Data> all_data{
    {"classification", "t.tsv",
     "text\tlabel\nthe cat sat\ta\nbad film\tb\ngood\ta\nvery bad dog on the mat\tb\nthe cat is good\ta\nbad film\ta\n"
     "not a good film\tb\nthe dog sat on the mat\ta\n"},
    {"tokens", "t.conll",
     "the O\ncat B-X\n\nbad O\nfilm B-X\n\ngood O\n\nvery O\nbad O\ndog B-X\non O\n\nthe O\ncat O\nis O\n\nnot O\n\n"
     "the B-X\ndog O\nsat O\non O\nthe O\nmat B-X\n"},
    {"mlm", "t.txt",
     "the cat sat\nbad film\ngood dog\nvery bad dog on the mat\nthe cat is good\nnot a good film\nthe dog sat\n", true},
    {"embed", "t.tsv",
     "text\tpartner\nthe cat\tsat\nbad film\tgood\nthe dog\tvery bad\nnot a\tmat\nthe cat is\ton the mat\na\tfilm\n"
     "good dog\tthe mat sat\n"}};

struct Opened {
  std::unique_ptr<Task> task;
  std::unique_ptr<TaskModel> model;
  std::unique_ptr<Examples> examples;

  Opened(const ScratchFolder& folder, const Data& data, Device device, int64_t frozen, const std::string& rule = {}) {
    task = make_task(data.task);
    for (const OptionField& option : task->options(TaskUse::training))
      if (data.task == "embed" && option.name == "text_pair_column") *std::get<std::string*>(option.field) = "partner";
    const std::string file = folder / data.file;
    task->look_at(folder / "model", file);
    model = task->open(folder / "model", {.device = device, .seed = 5});
    FreezeMask mask = FreezeMask::all_trained();
    if (frozen > 0) mask.freeze("*embeddings.*");
    for (int64_t layer = 0; layer < std::min(frozen - 1, layers); ++layer)
      mask.freeze("*encoder.layer." + std::to_string(layer) + ".*");
    if (frozen > layers + 1 && data.task == "classification") mask.freeze("*pooler.*");
    mask.add(rule).apply(model->store());
    examples = model->read(file);
  }
};

struct Result {
  std::vector<float> numbers = {};  // losses, and what was trained
  uint64_t attentions = 0;
  KeptTexts kept;
};

Result train(const Opened& opened, const Keeping& how, int64_t batch_size, bool trained_numbers = true) {
  Result result;
  TaskModel& model = *opened.model;
  Examples& examples = *opened.examples;
  result.kept = examples.keep_frozen(how);
  AdamW adamw(model.store(), {});
  counters() = {};
  const TrainingMode training(model.store().mode());
  model.store().mode().random = RandomStreams(3);
  for (int64_t epoch = 0; epoch < epochs; ++epoch) {
    examples.begin_epoch(epoch);
    for (int64_t begin = 0; begin < texts; begin += batch_size) {
      std::vector<int64_t> batch;
      for (int64_t i = begin; i < std::min(begin + batch_size, texts); ++i)
        batch.push_back((i * 3 + epoch) % texts);  // another order in each epoch
      const Variable loss = examples.loss(batch, 5);
      result.numbers.push_back(loss.item());
      backward(loss);
      adamw.step(1e-2);
      adamw.clear_gradients();
    }
  }
  result.attentions = counters().by_name["attention"];
  for (const auto& [name, value] : examples.evaluate()->metrics()) result.numbers.push_back(static_cast<float>(value));
  if (!trained_numbers) return result;
  for (const Parameter& parameter : model.store().trained()) {
    const std::vector<float> values = parameter.variable().value().to_host<float>();
    result.numbers.insert(result.numbers.end(), values.begin(), values.end());
  }
  return result;
}

}  // namespace

TEST_CASE("frozen tasks: kept, found in files or computed, a training ends with the same bits") {
  const Device device = Device::from_environment();
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.hidden_dropout_prob = 0.1;
  config.attention_probs_dropout_prob = 0.2;
  write_small_model<Bert>(folder / "model", config);
  constexpr int64_t plenty = std::numeric_limits<int64_t>::max();
  for (const Data& data : all_data) {
    folder.write(data.file, data.content);
    for (const int64_t frozen : {0, 1, 2, 4, 5}) {
      INFO(data.task, ", ", frozen, " stages frozen");
      if (data.task == "embed" && frozen > layers) continue;  // nothing is left to train
      const Keeping nothing{.passes = epochs}, memory{.bytes = plenty, .passes = epochs};
      Keeping files = memory;
      files.folder = folder / "rows";
      const auto run = [&](const Keeping& how, int64_t batch_size) {
        return train(Opened(folder, data, device, frozen), how, batch_size);
      };
      const Result uncached = run(nothing, 2), kept = run(memory, 2);
      CHECK(kept.numbers == uncached.numbers);
      CHECK(kept.kept.part.empty() == (frozen < 2));  // not of embeddings alone
      CHECK((kept.kept.kept > 0) == (frozen > 1 && !data.changes));
      if (kept.kept.kept > 0) CHECK(kept.attentions < uncached.attentions);
      run(files, 3);  // in other batches
      const Result found = run(files, 2);
      CHECK(found.numbers == uncached.numbers);
      CHECK(found.kept.found == found.kept.kept);
      CHECK(found.kept.kept == kept.kept.kept);
    }
  }
}

TEST_CASE("frozen tasks: behind a trained prefix of the top layer, those below it are kept, at their places") {
  const Device device = Device::from_environment();
  const ScratchFolder folder;
  write_small_model<Bert>(folder / "model", small_bert_config());
  constexpr int64_t plenty = std::numeric_limits<int64_t>::max();
  const Data& data = all_data[0];
  folder.write(data.file, data.content);
  const Keeping nothing{.passes = epochs};
  Keeping files{.bytes = plenty, .passes = epochs};
  files.folder = folder / "rows";
  const auto run = [&](const Keeping& how, const std::string& rule) {
    return train(Opened(folder, data, device, layers, rule), how, 2);
  };
  const std::string rule = "prefix *.layer.2.* n=3";
  const Result plain = run(files, ""), uncached = run(nothing, rule);
  CHECK(plain.numbers != uncached.numbers);
  const Result kept = run(files, rule), found = run(files, rule);
  CHECK(kept.kept.part == "bert.embeddings to bert.encoder.layer.1");
  CHECK(kept.kept.found == 0);  // without the prefix texts stood at other positions
  CHECK(found.kept.found == found.kept.kept);
  CHECK(kept.numbers == uncached.numbers);
  CHECK(found.numbers == uncached.numbers);
  CHECK(run(files, "prefix n=3").kept.kept == 0);  // what every layer reads is trained
}

TEST_CASE("frozen tasks: of a head alone a row a text is kept, and no layer runs again") {
  const Device device = Device::open("reference");
  const ScratchFolder folder;
  write_small_model<Bert>(folder / "model", small_bert_config());
  folder.write(all_data[0].file, all_data[0].content);
  Opened opened(folder, all_data[0], device, layers + 2);
  const Keeping how{.bytes = 1'000'000, .passes = epochs};
  const Result first = train(opened, how, 3);
  CHECK(first.kept.texts == texts);  // one is there twice, one is not learnt
  CHECK(first.kept.bytes == texts * 16 * static_cast<int64_t>(sizeof(float)));
  CHECK(first.kept.part == "bert.embeddings to bert.pooler");
  CHECK(train(opened, how, 2).attentions == 0);
}

TEST_CASE("frozen tasks: kept in bf16, a run is the same whether its rows were there or not, but not the one in f32") {
  const Device device = Device::from_environment();
  const ScratchFolder folder;
  write_small_model<Bert>(folder / "model", small_bert_config());
  folder.write(all_data[0].file, all_data[0].content);
  const auto run = [&](Keeping how) { return train(Opened(folder, all_data[0], device, 3), how, 2); };
  const Keeping whole{.bytes = 1'000'000, .passes = epochs};
  Keeping half = whole;
  half.kept_as = DType::bf16;
  half.folder = folder / "rows";
  const Result exact = run(whole), first = run(half), second = run(half);
  CHECK(first.numbers == second.numbers);
  CHECK(first.numbers != exact.numbers);
  CHECK(first.kept.bytes * 2 == exact.kept.bytes);
  CHECK(second.kept.found == second.kept.kept);
}

}  // namespace thaw
