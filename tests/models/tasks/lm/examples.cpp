// SPDX-License-Identifier: Apache-2.0
// Texts whose tokens are told, as the trainer and an evaluation meet them.
#include "models/tasks/lm/examples.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/tasks/lm/evaluation.h"
#include "models/tasks/task_table.h"
#include "tests/models/small_gpt.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<Task> task = make_task("lm");
  std::unique_ptr<TaskModel> model;

  Opened() {
    write_small_model<GptLMHeadModel>(folder / "model", small_gpt_config());
    folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
    model = task->open(folder / "model", {.device = Device::open("reference")});
  }
  std::unique_ptr<Examples> read(const std::string& texts) {
    return model->read(folder.write("t.txt", texts).string());
  }
  double loss(const Examples& examples, const std::vector<int64_t>& of, double count) const {
    return static_cast<double>(examples.loss(of, count).value().item());
  }
};

const std::string three = "the cats sat on the mats\nvery good film, not bad\nthe dog\n";

}  // namespace

TEST_CASE("lm: texts of a batch do not see one another, and micro-batches add up") {
  Opened opened;
  const auto examples = opened.read(three);
  REQUIRE(examples->size() == 3);
  const std::vector<int64_t> all{0, 1, 2};
  const double count = examples->terms(all);
  double apart = 0;
  for (const int64_t one : all) {
    apart += opened.loss(*examples, {one}, count);
    CHECK(examples->terms(std::vector{one}) == examples->lengths()[static_cast<size_t>(one)] - 1);
  }
  CHECK(opened.loss(*examples, all, count) == doctest::Approx(apart));
  CHECK(opened.loss(*examples, {2, 0, 1}, count) == doctest::Approx(apart));
}

TEST_CASE("lm: what a token is told from is what stands before it, by the model's own logits") {
  Opened opened;
  const auto examples = opened.read("the cats sat\n");
  TextPipeline pipeline(opened.folder / "model", {"LMHeadModel", "what comes next", false},
                        {.device = Device::open("reference")});
  const Encoding text = pipeline.encode("the cats sat");
  const std::vector<const Encoding*> batch{&text};
  const std::vector<float> logits = pipeline.outputs(batch).value().to_host<float>();
  const size_t words = logits.size() / text.size();
  double nats = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    double sum = 0;
    for (size_t w = 0; w < words; ++w) sum += std::exp(static_cast<double>(logits[i * words + w]));
    nats += std::log(sum) - static_cast<double>(logits[i * words + static_cast<size_t>(text.ids[i + 1])]);
  }
  CHECK(opened.loss(*examples, {0}, 1) == doctest::Approx(nats));
  const Metrics metrics = examples->evaluate()->metrics();
  const double tokens = static_cast<double>(text.size() - 1);
  CHECK(metrics.at("loss") == doctest::Approx(nats / tokens));
  CHECK(metrics.at("perplexity") == doctest::Approx(std::exp(nats / tokens)));
  CHECK(metrics.at("bits_per_byte") == doctest::Approx(nats / std::numbers::ln2 / 12));
}

TEST_CASE("lm: windows of a text are one when it is judged, and each of its tokens counts once") {
  Opened opened;
  std::string text = "the";
  for (int i = 0; i < 40; ++i) text += " cats";
  const auto examples = opened.read("the dog\n" + text + "\n\nvery good\n");
  CHECK(examples->groups() == 3);
  CHECK(examples->size() > 4);
  for (const int64_t length : examples->lengths()) CHECK(length <= 32);
  const auto evaluation = examples->evaluate();
  CHECK(evaluation->size() == 3);
  const std::vector<int64_t> second{1};
  const int64_t first = examples->first_of_groups()[1], behind = examples->first_of_groups()[2];
  std::vector<int64_t> windows;
  for (int64_t i = first; i < behind; ++i) {
    windows.push_back(i);
    CHECK(examples->kin(i) == examples->kin(first));
  }
  CHECK(examples->evaluate(windows)->metrics().at("bits_per_byte") ==
        doctest::Approx(evaluation->scores(second).at("bits_per_byte")));
  CHECK(evaluation->judgement(1).truth.find("cats cats") != std::string::npos);
  CHECK(examples->notes().size() == 2);
}

TEST_CASE("lm: what is saved is of this task, and goes on as it was") {
  Opened opened;
  const auto examples = opened.read(three);
  opened.model->save(opened.folder / "saved");
  CHECK(task_of_directory(opened.folder / "saved") == "lm");
  CHECK(writing_task_of(opened.folder / "saved") == "lm");
  const auto again =
      make_task("lm")->open(opened.folder / "saved", {.device = Device::open("reference"), .trained = true});
  const auto same = again->read(opened.folder / "t.txt");
  CHECK(same->evaluate()->metrics() == examples->evaluate()->metrics());
  CHECK(same->identity() == examples->identity());
}

TEST_CASE("lm: where words are tied, a classifier's directory has their vectors for a head, and says next tokens") {
  const ScratchFolder folder;
  write_small_model<GptForSequenceClassification>(folder / "model", small_gpt_config());
  folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  const auto model = make_task("lm")->open(folder / "model", {.device = Device::open("reference"), .trained = true});
  CHECK(model->report().notes.empty());
  CHECK(model->report().initialised.empty());
}
