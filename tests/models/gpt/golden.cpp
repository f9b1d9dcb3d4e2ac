// SPDX-License-Identifier: Apache-2.0
// Goldens of GPT-1 and GPT-2: next tokens, and classes of texts.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/hub/pretrained.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

using Outputs = std::map<std::string, GoldenOutput>;

// A folder of the oldest public files' kind: names without prefix, masks among the tensors.
bool is_bare(const GoldenCase& golden) { return golden.has("grad.0.wte.weight"); }

template <typename Model>
class GoldenGpt : public GoldenModel {
 public:
  GoldenGpt(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), gpt_(golden.directory(), device, dtype) {
    CHECK(gpt_.report().initialised.empty());
    CHECK(gpt_.report().unexpected.empty());
    CHECK(gpt_.report().notes.empty());
  }
  ParameterStore& store() override { return gpt_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const GptInput text = input(batch);
    std::vector<Variable> all;
    gpt_.model().transformer(text, &all);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, text.cells});
    return {{"hidden", outputs}};
  }
  void save(const std::string& directory) const override { gpt_.save(directory); }
  std::string added_prefix() const override { return is_bare(golden_) ? "transformer." : ""; }

 protected:
  const Model& model() const { return gpt_.model(); }
  const GptConfig& config() const { return gpt_.config(); }
  const GoldenCase& golden() const { return golden_; }
  Device device() const { return gpt_.device(); }
  GptInput input(int64_t batch) const { return GptInput::from_padded(golden_.padded_text(batch), device()); }
  std::vector<int32_t> labels(int64_t batch) const { return golden_.integers(golden_.input(batch, "labels")); }

 private:
  GoldenCase golden_;
  Pretrained<Model> gpt_;
};

class GoldenLanguageModel : public GoldenGpt<GptLMHeadModel> {
 public:
  using GoldenGpt::GoldenGpt;
  Outputs outputs(int64_t batch) const override {
    const GptInput text = input(batch);
    return {{"logits", {model()(text), text.cells}}};
  }
  Variable loss(int64_t batch) const override {
    const GptInput text = input(batch);
    return model().loss(text, text.pick(labels(batch)));
  }
  // Version 5.23 of the library computed losses of next tokens in f32, whatever the model's type; the goldens of 5.24
  // were made without that.
  bool reference_is_rounded() const override {
    return config().json.get_string_or("transformers_version", "") == "5.23.0";
  }
};

class GoldenClassifier : public GoldenGpt<GptForSequenceClassification> {
 public:
  using GoldenGpt::GoldenGpt;
  Outputs outputs(int64_t batch) const override {
    const GptInput text = input(batch);
    if (!says_words()) return {{"logits", {model()(text), {}}}};
    const Gpt::States states = model().transformer.states(text);
    return {{"logits", {model().score(states.last_tokens), {}}},
            {"lm_logits", {linear(states.tokens, model().transformer.words.weight), text.cells}}};
  }
  Variable loss(int64_t batch) const override {
    if (!says_words()) return classes_loss(batch, model()(input(batch)));
    const ClassesAndWords both = classes_and_words(batch);
    return add(classes_loss(batch, both.logits), scale(both.words_loss, 0.5));
  }

 private:
  bool says_words() const { return golden().has("out.0.lm_loss"); }
  Variable classes_loss(int64_t batch, const Variable& logits) const {
    return model().loss(logits, {.classes = labels(batch)});
  }
  ClassesAndWords classes_and_words(int64_t batch) const {
    const GptInput text = input(batch);
    const std::vector<int32_t> next = next_labels(text.segments, {text.ids.host().begin(), text.ids.host().end()});
    std::vector<int32_t> tokens, truths;
    for (size_t t = 0; t < next.size(); ++t) {
      if (next[t] == -100) continue;
      tokens.push_back(static_cast<int32_t>(t));
      truths.push_back(next[t]);
    }
    return model().classes_and_words(text, Indices(tokens, device()), Indices(truths, device()));
  }
};

template <typename Model>
std::unique_ptr<GoldenModel> open(const GoldenCase& golden, Device device, DType dtype) {
  return std::make_unique<Model>(golden, device, dtype);
}

const GoldenEntry entries[] = {
    {"GPT2LMHeadModel", open<GoldenLanguageModel>},
    {"OpenAIGPTLMHeadModel", open<GoldenLanguageModel>},
    {"GPT2ForSequenceClassification", open<GoldenClassifier>},
    {"OpenAIGPTForSequenceClassification", open<GoldenClassifier>},
};

}  // namespace

}  // namespace thaw
