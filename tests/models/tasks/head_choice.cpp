// SPDX-License-Identifier: Apache-2.0
// Heads of another make than BERT's: of several modules, the last weight stored [in, out].
#include "models/tasks/head_choice.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "models/bert/bert.h"
#include "models/tasks/text_encoder.h"
#include "models/text_family.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Verdict {
  static constexpr const char* architecture = "VerdictForSequenceClassification";
  static constexpr const char* head = "verdict";
  static constexpr const char* output = "verdict.out";
  static constexpr WeightLayout output_layout = WeightLayout::in_out;
  using Config = BertConfig;
  Bert bert;
  Linear dense, out;

  Verdict(const Scope& s, const BertConfig& config)
      : bert(s / "bert", config, Bert::Pooler::without),
        dense(s / "verdict.dense", config.hidden_size, config.hidden_size, Init::normal(1)),
        out(s / "verdict.out", config.hidden_size, config.num_labels(), Init::normal(1), true, output_layout) {}

  Variable operator()(const BertInput& text) const { return out(dense(bert.first_tokens(text), UnaryOp::tanh)); }
};

struct VerdictTexts {
  using Config = BertConfig;
  using Input = BertInput;
  static TextLimits limits(const BertConfig& c) { return {c.max_position_embeddings, c.vocab_size, {}}; }
  static int64_t width(const BertConfig& c) { return c.hidden_size; }
  static Fingerprint switches(const BertConfig&) { return {}; }
  static void set_checkpointing(Verdict& model, bool on) { model.bert.checkpointing = on; }
};

using VerdictCheckpoint = TextCheckpointOf<VerdictTexts, Verdict>;

struct Opened {
  std::unique_ptr<TextModel> model;
  std::vector<std::string> initialised;
};

Opened open_with(const std::string& directory, const std::vector<std::string>& labels) {
  VerdictCheckpoint verdict(directory);
  TextCheckpoint& checkpoint = verdict;
  fit_head(checkpoint, "ForSequenceClassification", {.labels = labels});
  auto model = checkpoint.build("ForSequenceClassification", Device::open("reference"), DType::f32, 1);
  std::vector<std::string> initialised = model->report().initialised;
  return {std::move(model), std::move(initialised)};
}

}  // namespace

TEST_CASE("classifier heads: one of several modules, stored [in, out], is kept or replaced as a whole") {
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.labels = {"good", "fair", "bad"};
  write_small_model<Verdict>(folder / "model", config);
  CHECK(open_with(folder / "model", {"bad", "good", "fair"}).initialised.empty());
  const Opened other = open_with(folder / "model", {"yes", "no"});
  CHECK(other.initialised == std::vector<std::string>{"verdict.dense.weight", "verdict.dense.bias",
                                                      "verdict.out.weight", "verdict.out.bias"});
  CHECK(other.model->store().find("verdict.out.weight").value().shape() == Shape{16, 2});

  config.labels.clear();  // the weights tell how many there are
  write_small_model<Verdict>(folder / "nameless", config);
  CHECK(open_with(folder / "nameless", {}).model->config().num_labels() == 2);
}

TEST_CASE("classifier heads: weights for another number of labels than config.json tells of are refused") {
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.labels = {"good", "fair", "bad"};
  write_small_model<Verdict>(folder / "model", config);
  Json json = Json::read(folder / "model/config.json");
  folder.write("model/config.json", json.set("id2label", Json::parse(R"({"0": "a", "1": "b"})", "test"))
                                        .set("label2id", Json::parse(R"({"a": 0, "b": 1})", "test"))
                                        .dump());
  CHECK_THROWS_WITH_AS(open_with(folder / "model", {}),
                       doctest::Contains("tensor verdict.out.weight: its shape is [16, 3], verdict.out.weight needs "
                                         "[16, 2]: config.json gives 2 labels"),
                       std::runtime_error);
}

TEST_CASE("classifier heads: a family that reads no segment types takes pairs") {
  const ScratchFolder folder;
  write_small_model<Verdict>(folder / "model", small_bert_config());
  const Opened opened = open_with(folder / "model", {"a", "b"});
  CHECK_NOTHROW(TextEncoder("model", load_tokenizer(folder / "model"), opened.model->limits(), 0).check_takes_pairs());
}
