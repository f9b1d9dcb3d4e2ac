// SPDX-License-Identifier: Apache-2.0
// Regression with several outputs as the reference library computes it: loss, gradients, scores, steps, predictions.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "models/tasks/classification/options.h"
#include "models/tasks/classification/task.h"
#include "tests/models/tasks/golden_training.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

constexpr double fair = 1e-5;  // to f32

// The golden of classes of texts as a model of four numbers, whose token i is the word i, and the rows of the case.
struct Numbers {
  Json reference = Json::read((source_folder() / "tests/models/tasks/classification/numbers.json").string());
  ScratchFolder folder;
  std::string model = folder / "model", file;
  ClassificationTask task{{.label_separator = "|"}};

  Numbers() {
    const std::filesystem::path golden = source_folder() / "tests/goldens/bert_seqclass";
    std::filesystem::create_directory(model);
    std::filesystem::copy(golden / "model.safetensors", std::filesystem::path(model) / "model.safetensors");
    Json config = Json::read((golden / "config.json").string());
    config.set("problem_type", "regression").write(model + "/config.json", {});
    std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n", rows;
    for (int64_t id = 5; id < config.get_int("vocab_size"); ++id) words += fmt::format("word{}\n", id);
    folder.write("model/vocab.txt", words);
    for (const Json& row : reference.get_array("rows").items()) rows += row.dump() + "\n";
    file = folder.write("rows.jsonl", rows).string();
  }

  std::unique_ptr<TaskModel> open() {
    task.look_at(model, file);
    return task.open(model, {.device = Device::from_environment()});
  }
};

}  // namespace

TEST_CASE("several numbers, reference: loss, gradients and scores") {
  Numbers numbers;
  const auto model = numbers.open();
  CHECK(model->report().initialised.empty());
  const auto examples = model->read(numbers.file);
  std::vector<int64_t> all;
  for (int64_t i = 0; i < examples->size(); ++i) all.push_back(i);
  const Variable loss = examples->loss(all, examples->terms(all));
  CHECK(loss.value().item() == doctest::Approx(numbers.reference.get_number("loss")).epsilon(fair));
  backward(loss);
  for (const JsonMember& norm : numbers.reference.get_object("gradient_norms").members()) {
    INFO(norm.key);
    double squares = 0;
    for (const float x : model->store().find(norm.key).variable().grad().to_host<float>())
      squares += static_cast<double>(x) * static_cast<double>(x);
    CHECK(std::sqrt(squares) == doctest::Approx(norm.value.as_number()).epsilon(1e-4));
  }
  const std::vector<float> bias = model->store().find("classifier.bias").variable().grad().to_host<float>();
  for (size_t i = 0; i < bias.size(); ++i)
    CHECK(bias[i] == doctest::Approx(numbers.reference.get_array("classifier.bias.grad").get_number(i)).epsilon(1e-4));
  const Metrics metrics = examples->evaluate()->metrics();
  const Json& expected = numbers.reference.get_object("metrics");
  CHECK(metrics.size() == expected.size());
  for (const auto& [name, value] : metrics) {
    INFO(name);
    CHECK(value == doctest::Approx(expected.get_number(name)).epsilon(1e-4));
  }
}

TEST_CASE("several numbers, reference: steps of training, and predictions") {
  Numbers numbers;
  const auto model = numbers.open();
  const auto predictor = model->predictor({.file = numbers.file, .as_json = true});
  std::string lines, line;
  REQUIRE(predictor->next(1000, lines));
  std::istringstream each(lines);
  for (size_t row = 0; std::getline(each, line); ++row) {
    const Json said = Json::parse(line, "predictions").get_object("values");
    for (size_t i = 0; i < said.size(); ++i)
      CHECK(said.get_number(fmt::format("LABEL_{}", i)) ==
            doctest::Approx(numbers.reference.get_array("predictions").get_array(row).get_number(i)).epsilon(1e-4));
  }
  const auto examples = model->read(numbers.file);
  const Json& losses = numbers.reference.get_object("traces").get_object("full").get_array("losses");
  check_losses(golden_losses(*model, *examples, numbers.reference, "full", losses.size(), {{0, 1, 2, 3, 4}, {5, 6, 7}}),
               losses, fair);
}
