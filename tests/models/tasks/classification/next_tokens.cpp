// SPDX-License-Identifier: Apache-2.0
// Classes and next tokens of one pass: GPT-1's auxiliary loss.
#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/bert/bert.h"
#include "models/gpt/language_model.h"
#include "models/tasks/classification/task.h"
#include "models/tasks/task_table.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_gpt.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

const std::string table = "text\tlabel\nthe cats sat on the mats\ta\nvery good film, not bad\tb\nthe dog\ta\n";

double loss_of(const Examples& examples, const std::vector<int64_t>& of, double count) {
  return static_cast<double>(examples.loss(of, count).value().item());
}

}  // namespace

TEST_CASE("classification: next tokens add the mean of their losses, times the weight; parts of a step add up") {
  const ScratchFolder folder;
  write_small_model<GptLMHeadModel>(folder / "model", small_gpt_config());
  folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  const std::string file = folder.write("t.tsv", table).string();
  const TaskOpening opening{.device = Device::open("reference"), .seed = 3};
  const auto opened = [&](double weight) {
    ClassificationOptions options;
    options.lm_weight = weight;
    ClassificationTask task(options);
    task.look_at(folder / "model", file);
    return task.open(folder / "model", opening);
  };
  const auto plain = opened(0), both = opened(0.5);
  const auto plain_examples = plain->read(file), examples = both->read(file);
  const auto words = make_task("lm")->open(folder / "model", opening);
  const auto next = words->read(file);
  const std::vector<int64_t> all{0, 1, 2};
  const double count = examples->terms(all);
  const double expected = loss_of(*plain_examples, all, 3) + 0.5 * loss_of(*next, all, next->terms(all));
  CHECK(loss_of(*examples, all, count) == doctest::Approx(expected));
  CHECK(examples->terms(std::vector<int64_t>{0, 2}) + examples->terms(std::vector<int64_t>{1}) == count);
  CHECK(loss_of(*examples, {0, 2}, count) + loss_of(*examples, {1}, count) == doctest::Approx(expected));
  CHECK(examples->evaluate()->metrics() == plain_examples->evaluate()->metrics());
  CHECK(both->identity() != plain->identity());
}

TEST_CASE("classification: a frozen body is kept for classes and next tokens too, with the same losses") {
  const ScratchFolder folder;
  write_small_model<GptLMHeadModel>(folder / "model", small_gpt_config());
  folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  const std::string file = folder.write("t.tsv", table).string();
  ClassificationOptions options;
  options.lm_weight = 0.5;
  ClassificationTask task(options);
  task.look_at(folder / "model", file);
  const auto model = task.open(folder / "model", {.device = Device::open("reference"), .seed = 3});
  FreezeMask::all_frozen().train("score.*").train("*.ln_f.*").apply(model->store());
  const auto examples = model->read(file);
  const std::vector<int64_t> all{0, 1, 2};
  const double count = examples->terms(all), plain = loss_of(*examples, all, count);
  const KeptTexts kept = examples->keep_frozen({.bytes = 1 << 20, .passes = 3});
  CHECK(kept.kept == 3);
  CHECK(kept.part == "transformer.wte.weight to transformer.h.1");
  CHECK(loss_of(*examples, all, count) == doctest::Approx(plain));
  counters() = {};
  CHECK(loss_of(*examples, all, count) == doctest::Approx(plain));
  CHECK(counters().by_name["attention"] == 1);
}

TEST_CASE("classification: a model that reads in both directions says no next tokens") {
  const ScratchFolder folder;
  write_small_model<Bert>(folder / "model", small_bert_config());
  ClassificationOptions options;
  options.lm_weight = 0.5;
  ClassificationTask task(options);
  task.look_at(folder / "model", folder.write("t.tsv", table).string());
  CHECK_THROWS_WITH_AS(task.open(folder / "model", {.device = Device::open("reference")}),
                       doctest::Contains("lm_weight: a model of \"bert\" reads in both directions"),
                       std::runtime_error);
}

TEST_CASE("classification: a model that says words by a matrix of its own has none of it beside classes") {
  const ScratchFolder folder;
  GptConfig config = small_gpt_config();
  config.tie_word_embeddings = false;
  write_small_model<GptLMHeadModel>(folder / "model", config);
  folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  ClassificationOptions options;
  const std::string file = folder.write("t.tsv", table).string();
  const auto opened = [&] {
    ClassificationTask task(options);
    task.look_at(folder / "model", file);
    return task.open(folder / "model", {.device = Device::open("reference")});
  };
  CHECK_NOTHROW(opened());
  options.lm_weight = 0.5;
  CHECK_THROWS_WITH_AS(opened(), doctest::Contains("lm_weight: its words are not tied"), std::runtime_error);
}
