// SPDX-License-Identifier: Apache-2.0
// The golden of labelled tokens, trained and predicted by the task: its own batches, and sentences read from a file.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "models/tasks/task_table.h"
#include "models/tasks/tokens/evaluation.h"
#include "models/tasks/tokens/examples.h"
#include "models/tasks/tokens/model.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/tasks/golden_training.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

constexpr const char* modes[] = {"full", "half"};
constexpr double fair = 1e-5;  // to f32, over 20 steps

bool is_piece(int32_t id) { return id % 7 == 0; }

// The golden with a tokenizer whose token i has the id i.
struct Directory {
  ScratchFolder folder;
  GoldenCase golden;
  std::string path = folder / "model";

  explicit Directory(const std::filesystem::path& golden_folder) : golden(golden_folder) {
    std::filesystem::create_directory(path);
    for (const char* file : {"config.json", "model.safetensors"})
      std::filesystem::copy(golden_folder / file, std::filesystem::path(path) / file);
    std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    const int64_t size = Json::read(path + "/config.json").get_int("vocab_size");
    for (int32_t id = 5; id < size; ++id) words += fmt::format("{}{}\n", is_piece(id) ? "##p" : "word", id);
    folder.write("model/vocab.txt", words);
  }

  // Row `row` of a batch without its padding.
  std::vector<int32_t> row(int64_t batch, const char* name, int64_t row) const {
    const PaddedText text = golden.padded_text(batch);
    const std::vector<int32_t> all = golden.integers(golden.input(batch, name));
    std::vector<int32_t> cells;
    for (int64_t i = row * text.columns; i < (row + 1) * text.columns; ++i)
      if (text.mask[static_cast<size_t>(i)]) cells.push_back(all[static_cast<size_t>(i)]);
    return cells;
  }
};

template <typename Value>
void set(Task& task, TaskUse use, const std::string& name, const Value& value) {
  for (const OptionField& option : task.options(use))
    if (option.name == name) *std::get<Value*>(option.field) = value;
}

// A file of the golden's sentences, and the numbers of those of each batch.
struct SentenceFile {
  std::string path;
  std::vector<std::vector<int64_t>> batches;

  explicit SentenceFile(const Directory& directory) {
    std::string rows;
    for (int64_t k = 0, example = 0; k < 4; ++k) {
      batches.emplace_back();
      for (int64_t r = 0; r < directory.golden.padded_text(k).rows; ++r) {
        batches.back().push_back(example++);
        Json words = Json::array(), tags = Json::array();
        const std::vector<int32_t> ids = directory.row(k, "input_ids", r), labels = directory.row(k, "labels", r);
        for (size_t t = 0; t < ids.size();) {
          tags.push_back(fmt::format("LABEL_{}", labels[t]));
          std::string word = fmt::format("word{}", ids[t++]);
          while (t < ids.size() && is_piece(ids[t])) word += fmt::format("p{}", ids[t++]);
          words.push_back(word);
        }
        rows += Json::object().set("tokens", words).set("tags", tags).dump() + "\n";
      }
    }
    path = directory.folder.write("train.jsonl", rows).string();
  }
};

std::unique_ptr<TaskModel> open(const std::string& directory) {
  return make_task("tokens")->open(directory, {.device = Device::from_environment(), .trained = true});
}

}  // namespace

TEST_CASE("tokens, golden: losses, labels and traces of its own batches") {
  if (!has_golden("bert_tokens")) return;
  const Directory directory(golden_dir() / "bert_tokens");
  const auto data = std::make_shared<TokensExamples::Data>();
  std::vector<std::vector<int64_t>> batches;
  for (int64_t k = 0; directory.golden.has(directory.golden.input(k, "input_ids")); ++k) {
    batches.emplace_back();
    for (int64_t r = 0; r < directory.golden.padded_text(k).rows; ++r) {
      TokensExamples::Sentence& sentence = data->sentences.emplace_back();
      const std::vector<int32_t> labels = directory.row(k, "labels", r);
      for (size_t t = 0; t < labels.size(); ++t) {
        if (labels[t] < 0) continue;
        sentence.labels.push_back(labels[t]);
        sentence.tokens.push_back(static_cast<int32_t>(t));
      }
      batches.back().push_back(std::ssize(data->sentences) - 1);
      Encoding encoding;
      encoding.ids = directory.row(k, "input_ids", r);
      encoding.type_ids = directory.row(k, "token_type_ids", r);
      data->texts.add(std::move(encoding), 0);
    }
  }
  for (const char* mode : modes) {
    INFO(mode);
    const auto model = open(directory.path);
    TokensExamples examples(dynamic_cast<TokensModel&>(*model).tagger(), data);
    const Json trace = directory.golden.trace();
    const auto evaluation = examples.evaluate(batches[0]);
    CHECK(evaluation->loss() == doctest::Approx(directory.golden.numbers("out.0.loss")[0]).epsilon(1e-6));
    const Json& losses = trace.get_object("traces").get_object(mode).get_array("losses");
    check_losses(golden_losses(*model, examples, trace, mode, losses.size(), batches), losses, fair);
  }
}

TEST_CASE("tokens, golden: a file of its sentences gives the losses and labels of the reference") {
  const Directory directory(source_folder() / "tests/goldens/bert_tokens");
  const Json reference = Json::read((source_folder() / "tests/models/tasks/tokens/reference.json").string());
  const SentenceFile sentences(directory);
  const std::string& file = sentences.path;
  for (const char* mode : modes) {
    INFO(mode);
    const auto task = make_task("tokens");
    task->look_at(directory.path, file);
    const auto model = task->open(directory.path, {.device = Device::from_environment()});
    CHECK(model->report().initialised.empty());
    const auto examples = model->read(file);
    const Json& losses = reference.get_object("losses").get_array(mode);
    check_losses(golden_losses(*model, *examples, directory.golden.trace(), mode, losses.size(), sentences.batches),
                 losses, fair);
  }

  const auto task = make_task("tokens");
  set(*task, TaskUse::prediction, "probabilities", true);
  const auto model = task->open(directory.path, {.device = Device::from_environment(), .trained = true});
  const auto predictor = model->predictor({.file = file, .as_json = true});
  std::string lines;
  REQUIRE(predictor->next(3, lines));
  std::istringstream each(lines);
  std::string line;
  for (size_t s = 0; std::getline(each, line); ++s) {
    const Json said = Json::parse(line, "predictions");
    const Json &classes = reference.get_array("said").get_array(s),
               &shares = reference.get_array("probabilities").get_array(s);
    REQUIRE(said.get_array("tags").size() == classes.size());
    for (size_t i = 0; i < classes.size(); ++i) {
      CHECK(said.get_array("tags").get_string(i) == fmt::format("LABEL_{}", classes.get_int(i)));
      CHECK(said.get_array("probabilities").get_number(i) == doctest::Approx(shares.get_number(i)).epsilon(1e-5));
    }
  }
}

TEST_CASE("tokens, golden: weighed and smoothed losses are those of torch's CrossEntropyLoss; judged is by the plain") {
  const Directory directory(source_folder() / "tests/goldens/bert_tokens");
  const Json reference = Json::read((source_folder() / "tests/models/tasks/tokens/reference.json").string());
  const SentenceFile sentences(directory);
  const std::string weights =
      directory.folder.write("weights.tsv", "LABEL_0\t0.5\nLABEL_1\t2\nLABEL_2\t1\nLABEL_3\t4\n").string();
  const double plain = open(directory.path)->read(sentences.path)->evaluate()->loss();
  for (const bool smoothed : {false, true}) {
    const auto task = make_task("tokens");
    set(*task, TaskUse::training, "class_weights", smoothed ? weights : std::string("balanced"));
    if (smoothed) set(*task, TaskUse::training, "label_smoothing", 0.1);
    task->look_at(directory.path, sentences.path);
    const auto model = task->open(directory.path, {.device = Device::from_environment()});
    CHECK(model->identity().contains("class_weights"));
    CHECK(model->identity().contains("label_smoothing") == smoothed);
    const auto examples = model->read(sentences.path);
    CHECK(examples->evaluate()->loss() == plain);
    const Json& losses = reference.get_object("weighed").get_array(smoothed ? "smoothed" : "balanced");
    check_losses(golden_losses(*model, *examples, directory.golden.trace(), "full", losses.size(), sentences.batches),
                 losses, fair);
  }
}
