// SPDX-License-Identifier: Apache-2.0
// BERT's heads behind one face for the golden tests.
#include "tests/models/golden_model.h"

#include <doctest/doctest.h>

#include <type_traits>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "models/hub/pretrained.h"
#include "tensor/check.h"

namespace thaw {

namespace {

using Outputs = std::map<std::string, GoldenOutput>;

// What a head's loss needs to know of the golden.
struct Labels {
  const GoldenCase& golden;
  int64_t batch;
  const PackedText& text;
  Device device;

  std::vector<int32_t> integers(const std::string& name) const { return golden.integers(golden.input(batch, name)); }
  std::vector<double> numbers(const std::string& name) const { return golden.numbers(golden.input(batch, name)); }
};

Outputs outputs_of(const BertForSequenceClassification& model, const PackedText& text) {
  return {{"logits", {model(text), {}}}};
}
Variable loss_of(const BertForSequenceClassification& model, const Labels& labels) {
  ClassificationTargets targets;
  if (model.problem == ProblemType::single_label) {
    targets.classes = labels.integers("labels");
  } else {
    targets.values = labels.numbers("labels");
  }
  return model.loss(model(labels.text), targets);
}

Outputs outputs_of(const BertForTokenClassification& model, const PackedText& text) {
  return {{"logits", {model(text), text.cells}}};
}
Variable loss_of(const BertForTokenClassification& model, const Labels& labels) {
  return model.loss(model(labels.text), Indices(labels.text.pick(labels.integers("labels")), labels.device));
}

Outputs outputs_of(const BertForQuestionAnswering& model, const PackedText& text) {
  const Variable logits = model(text);
  return {{"start_logits", {slice(logits, 1, 0, 1), text.cells}}, {"end_logits", {slice(logits, 1, 1, 2), text.cells}}};
}
Variable loss_of(const BertForQuestionAnswering& model, const Labels& labels) {
  return model.loss(model(labels.text), labels.text, labels.integers("start_positions"),
                    labels.integers("end_positions"));
}

Outputs outputs_of(const BertForMaskedLM& model, const PackedText& text) {
  return {{"logits", {model(text), text.cells}}};
}
Variable loss_of(const BertForMaskedLM& model, const Labels& labels) {
  return model.loss(labels.text, labels.text.pick(labels.integers("labels")));
}

Outputs outputs_of(const BertForNextSentencePrediction& model, const PackedText& text) {
  return {{"logits", {model(text), {}}}};
}
Variable loss_of(const BertForNextSentencePrediction& model, const Labels& labels) {
  return model.loss(model(labels.text), Indices(labels.integers("labels"), labels.device));
}

Outputs outputs_of(const BertForPreTraining& model, const PackedText& text) {
  const BertForPreTraining::Logits logits = model(text);
  return {{"prediction_logits", {logits.words, text.cells}}, {"seq_relationship_logits", {logits.next_sentence, {}}}};
}
Variable loss_of(const BertForPreTraining& model, const Labels& labels) {
  return model.loss(labels.text, labels.text.pick(labels.integers("labels")), labels.integers("next_sentence_label"));
}

template <typename Model>
class Golden : public GoldenModel {
 public:
  Golden(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), bert_(golden.directory(), device, dtype) {
    CHECK(bert_.report().initialised.empty());
    CHECK(bert_.report().unexpected.empty());
  }
  ParameterStore& store() override { return bert_.store(); }
  PackedText text(int64_t batch) const override {
    const bool whole_rows = std::is_same_v<Model, BertForQuestionAnswering>;
    return PackedText::from_padded(golden_.padded_text(batch), device(),
                                   whole_rows ? PackedText::Padding::keep : PackedText::Padding::drop);
  }
  std::vector<Variable> hidden(const PackedText& text) const override {
    std::vector<Variable> all;
    bert_.model().bert(text, &all);
    return all;
  }
  Outputs outputs(const PackedText& text) const override { return outputs_of(bert_.model(), text); }
  void save(const std::string& directory) const override { bert_.save(directory); }
  Variable loss(int64_t batch) const override {
    return loss_of(bert_.model(), {golden_, batch, text(batch), device()});
  }

 private:
  Device device() const { return bert_.model().bert.embeddings.scope.store().device(); }
  GoldenCase golden_;
  Pretrained<Model> bert_;
};

template <typename... Models>
std::unique_ptr<GoldenModel> open_one_of(const std::string& architecture, const GoldenCase& golden, Device device,
                                         DType dtype) {
  std::unique_ptr<GoldenModel> model;
  ((architecture == Models::architecture ? void(model = std::make_unique<Golden<Models>>(golden, device, dtype))
                                         : void()),
   ...);
  if (!model) fail("{}: there is no model for the architecture {}", golden.directory(), architecture);
  return model;
}

}  // namespace

std::unique_ptr<GoldenModel> open_golden(const GoldenCase& golden, Device device, DType dtype) {
  const Json config = Json::read(golden.directory() + "/config.json");
  return open_one_of<BertForSequenceClassification, BertForTokenClassification, BertForQuestionAnswering,
                     BertForMaskedLM, BertForNextSentencePrediction, BertForPreTraining>(
      config.get_array("architectures").get_string(0), golden, device, dtype);
}

}  // namespace thaw
