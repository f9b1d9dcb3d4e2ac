// SPDX-License-Identifier: Apache-2.0
// The golden model of pretraining, opened and trained by the task, with the golden's masks and pairs.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "models/tasks/pretraining/examples.h"
#include "models/tasks/pretraining/model.h"
#include "models/tasks/two_counts.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/tasks/golden_training.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

constexpr int32_t not_counted = -100;

// The golden's directory with a vocabulary: token i is "wi", but for the special ones.
struct Golden {
  GoldenCase golden{golden_dir() / "bert_pretraining"};
  ScratchFolder folder;
  std::unique_ptr<PretrainingModel> model;
  std::unique_ptr<PretrainingExamples> examples;
  std::vector<std::vector<int64_t>> batches;  // numbers of each batch's texts

  Golden() {
    for (const char* file : {"config.json", "model.safetensors"})
      std::filesystem::copy_file(golden.directory() + "/" + file, folder.path() / file);
    const int64_t size = Json::read(golden.directory() + "/config.json").get_int("vocab_size");
    std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    for (int64_t i = 5; i < size; ++i) vocabulary += "w" + std::to_string(i) + "\n";
    folder.write("vocab.txt", vocabulary);
    model = std::make_unique<PretrainingModel>(folder.path().string(), TextPipelineOptions{}, PretrainingOptions{},
                                               FieldNames{});
    PretrainingTexts::Data data{.in_pairs = true};
    for (int64_t k = 0; golden.has(golden.input(k, "input_ids")); ++k) read(k, data.given);
    examples = std::make_unique<PretrainingExamples>(
        model->text(), PretrainingTexts(std::make_shared<PretrainingTexts::Data>(std::move(data)), nullptr, 0));
  }

 private:
  void read(int64_t batch, std::vector<PretrainingText>& texts) {
    const PaddedText padded = golden.padded_text(batch);
    const std::vector<int32_t> labels = golden.integers(golden.input(batch, "labels"));
    const std::vector<int32_t> relations = golden.integers(golden.input(batch, "next_sentence_label"));
    std::vector<int64_t>& numbers = batches.emplace_back();
    for (int64_t b = 0; b < padded.rows; ++b) {
      PretrainingText text;
      text.relation = relations[static_cast<size_t>(b)];
      for (int64_t s = 0; s < padded.columns; ++s) {
        const auto cell = static_cast<size_t>(b * padded.columns + s);
        if (!padded.mask.empty() && padded.mask[cell] == 0) continue;
        const auto place = static_cast<int32_t>(text.text.size());
        text.text.ids.push_back(padded.ids[cell]);
        text.text.type_ids.push_back(padded.type_ids.empty() ? 0 : padded.type_ids[cell]);
        text.words.push_back(place);
        if (labels[cell] != not_counted) text.masks.push_back({place, labels[cell], padded.ids[cell]});
      }
      numbers.push_back(static_cast<int64_t>(texts.size()));
      texts.push_back(std::move(text));
    }
  }
};

}  // namespace

TEST_CASE("pretraining: the golden's loss and gradients, whole and in micro-batches of one") {
  if (!has_golden("bert_pretraining")) return;
  const Golden golden;
  ParameterStore& store = golden.model->store();
  CHECK(golden.model->report().initialised.empty());
  const std::vector<int64_t>& batch = golden.batches[0];
  const double count = golden.examples->terms(batch);
  CHECK(TwoCounts::of(count).second == std::ssize(batch));
  double norm = 0;
  for (const Parameter& p : store.all())
    for (const double g : golden.golden.numbers("grad.0." + p.name())) norm += g * g;
  for (const bool apart : {false, true}) {
    INFO("apart: " << apart);
    double loss = 0;
    for (const Parameter& p : store.all()) p.variable().clear_grad();
    for (const int64_t& example : batch) {
      const std::span<const int64_t> some = apart ? std::span(&example, 1) : std::span(batch);
      const Variable part = golden.examples->loss(some, count);
      loss += part.value().item<double>();
      backward(part);
      if (!apart) break;
    }
    CHECK(loss == doctest::Approx(golden.golden.numbers("out.0.loss")[0]).epsilon(1e-5));
    for (const Parameter& p : store.all()) {
      INFO(p.name());
      const std::vector<double> expected = golden.golden.numbers("grad.0." + p.name()),
                                found = p.variable().grad().to_host<double>();
      REQUIRE(found.size() == expected.size());
      double difference = 0;
      for (size_t i = 0; i < found.size(); ++i) difference += std::pow(found[i] - expected[i], 2);
      CHECK(std::sqrt(difference) < 1e-4 * std::sqrt(norm));
    }
  }
}

TEST_CASE("pretraining: the golden's losses while it trains, and judged") {
  if (!has_golden("bert_pretraining")) return;
  const Golden golden;
  const Json trace = golden.golden.trace();
  const Json& expected = trace.get_object("traces").get_object("full").get_array("losses");
  for (const std::vector<int64_t>& batch : golden.batches) {
    const auto judged = golden.examples->evaluate(batch);
    const double loss = golden.examples->loss(batch, golden.examples->terms(batch)).value().item<double>();
    CHECK(judged->loss() == doctest::Approx(loss).epsilon(1e-5));
  }
  check_losses(golden_losses(*golden.model, *golden.examples, trace, "full", expected.size(), golden.batches), expected,
               1e-4);
}

}  // namespace thaw
