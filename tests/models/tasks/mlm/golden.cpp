// SPDX-License-Identifier: Apache-2.0
// The golden model for masked words, opened, trained and asked by the task, with the golden's masks.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "models/tasks/mlm/examples.h"
#include "models/tasks/mlm/model.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "nn/optim/schedule.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/trace_decay.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

constexpr int32_t not_counted = -100;

// The golden's directory with a vocabulary: token i is "wi", but for the special ones.
std::unique_ptr<MlmModel> open_golden_mlm(const GoldenCase& golden, const ScratchFolder& folder) {
  for (const char* file : {"config.json", "model.safetensors"})
    std::filesystem::copy_file(golden.directory() + "/" + file, folder.path() / file);
  const int64_t size = Json::read(golden.directory() + "/config.json").get_int("vocab_size");
  std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  for (int64_t i = 5; i < size; ++i) vocabulary += "w" + std::to_string(i) + "\n";
  folder.write("vocab.txt", vocabulary);
  return std::make_unique<MlmModel>(folder.path().string(), TextPipelineOptions{}, MlmOptions{}, FieldNames{});
}

struct Batches {
  std::unique_ptr<MlmExamples> examples;
  std::vector<std::vector<int64_t>> numbers;  // of each batch's texts
};

Batches read(const GoldenCase& golden, MlmModel& model) {
  Batches batches;
  auto data = std::make_shared<MlmExamples::Data>();
  for (int64_t k = 0; golden.has(golden.input(k, "input_ids")); ++k) {
    const PaddedText padded = golden.padded_text(k);
    const std::vector<int32_t> labels = golden.integers(golden.input(k, "labels"));
    std::vector<int64_t>& numbers = batches.numbers.emplace_back();
    for (int64_t b = 0; b < padded.rows; ++b) {
      Encoding text;
      std::vector<MaskedToken> masks;
      for (int64_t s = 0; s < padded.columns; ++s) {
        const auto cell = static_cast<size_t>(b * padded.columns + s);
        if (!padded.mask.empty() && padded.mask[cell] == 0) continue;
        const auto place = static_cast<int32_t>(text.size());
        text.ids.push_back(padded.ids[cell]);
        text.type_ids.push_back(padded.type_ids.empty() ? 0 : padded.type_ids[cell]);
        if (labels[cell] != not_counted) masks.push_back({place, labels[cell], padded.ids[cell]});
      }
      numbers.push_back(static_cast<int64_t>(data->fixed.size()));
      data->texts.add(std::move(text), 0);
      data->fixed.push_back(std::move(masks));
    }
  }
  batches.examples = std::make_unique<MlmExamples>(model.text(), nullptr, 0, std::move(data));
  return batches;
}

void check_mode(const GoldenCase& golden, const Json& optimizer, const Json& trace) {
  const ScratchFolder folder;
  const auto model = open_golden_mlm(golden, folder);
  CHECK(model->report().initialised.empty());
  const Batches batches = read(golden, *model);
  FreezeMask mask = FreezeMask::all_frozen();
  for (const std::string& name : trace.get_strings("trained")) mask.train(name);
  mask.apply(model->store());
  const Json& betas = optimizer.get_array("betas");
  AdamW adamw(
      model->store(),
      {betas.get_number(0), betas.get_number(1), optimizer.get_number("eps"), optimizer.get_number("weight_decay")},
      decay_of_trace(model->store(), optimizer));
  const Schedule schedule = make_schedule(optimizer.get_string("schedule"), optimizer.get_number("lr"),
                                          optimizer.get_int("warmup"), optimizer.get_int("steps"));
  const Json& losses = trace.get_array("losses");
  for (size_t s = 0; s < losses.size(); ++s) {
    INFO("step " << s);
    const std::vector<int64_t>& batch = batches.numbers[s % batches.numbers.size()];
    const Variable loss = batches.examples->loss(batch, batches.examples->terms(batch));
    CHECK(loss.value().item<double>() == doctest::Approx(losses.get_number(s)).epsilon(1e-4));
    if (s < batches.numbers.size()) {
      const auto judged = batches.examples->evaluate(batch);
      CHECK(judged->loss() == doctest::Approx(loss.value().item<double>()).epsilon(1e-5));
    }
    adamw.clear_gradients();
    backward(loss);
    adamw.step(schedule(static_cast<int64_t>(s)), clip_gradients(model->store(), optimizer.get_number("clip")).scale);
  }
}

}  // namespace

TEST_CASE("masked words: the golden's losses, trained through the task with its own masks") {
  if (!has_golden("bert_mlm")) return;
  const GoldenCase golden(golden_dir() / "bert_mlm");
  const Json file = golden.trace();
  for (const JsonMember& mode : file.get_object("traces").members()) {
    INFO(mode.key);
    check_mode(golden, file.get_object("optimizer"), mode.value);
  }
}

TEST_CASE("masked words: predictions of the golden are its logits' likeliest words") {
  if (!has_golden("bert_mlm")) return;
  const GoldenCase golden(golden_dir() / "bert_mlm");
  const ScratchFolder folder;
  const auto model = open_golden_mlm(golden, folder);
  // A text of the task's own, whose logits the model gives as the golden's test holds it to.
  const Encoding text = model->text().encode("w7 [MASK] w9");
  const std::vector<const Encoding*> batch{&text};
  const std::vector<float> logits = model->text().outputs(batch).value().to_host<float>();
  const size_t width = logits.size() / text.size();
  const auto row = logits.begin() + static_cast<ptrdiff_t>(2 * width);
  const auto best = std::max_element(row, row + static_cast<ptrdiff_t>(width)) - row;
  std::istringstream lines("w7 [MASK] w9\nw8 w9\n");
  const auto predictor = model->predictor({.file = "-", .stream = &lines});
  CHECK(predictor->header() == "mask\tword\tprobability\ttext\n");
  std::string out;
  REQUIRE(predictor->next(1, out));
  CHECK(out.starts_with("1\t" + model->text().tokenizer().token(static_cast<int32_t>(best)) + "\t0."));
  CHECK(std::ranges::count(out, '\n') == 5);
  CHECK_THROWS_WITH_AS(predictor->next(1, out), "standard input:2: the text has no [MASK]: there is nothing to find",
                       std::runtime_error);
}

}  // namespace thaw
