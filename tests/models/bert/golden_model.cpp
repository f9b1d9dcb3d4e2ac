// SPDX-License-Identifier: Apache-2.0
// How each head of BERT runs a golden.
#include <doctest/doctest.h>

#include <type_traits>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "models/hub/pretrained.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

using Outputs = std::map<std::string, GoldenOutput>;

// What a head's loss needs to know of the golden.
struct Labels {
  const GoldenCase& golden;
  int64_t batch;
  const BertInput& text;
  Device device;

  std::vector<int32_t> integers(const std::string& name) const { return golden.integers(golden.input(batch, name)); }
  std::vector<double> numbers(const std::string& name) const { return golden.numbers(golden.input(batch, name)); }
};

Outputs outputs_of(const BertForSequenceClassification& model, const BertInput& text) {
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

Outputs outputs_of(const BertForTokenClassification& model, const BertInput& text) {
  return {{"logits", {model(text), text.cells}}};
}
Variable loss_of(const BertForTokenClassification& model, const Labels& labels) {
  return model.loss(model(labels.text), Indices(labels.text.pick(labels.integers("labels")), labels.device));
}

Outputs outputs_of(const BertForQuestionAnswering& model, const BertInput& text) {
  const Variable logits = model(text);
  return {{"start_logits", {slice(logits, 1, 0, 1), text.cells}}, {"end_logits", {slice(logits, 1, 1, 2), text.cells}}};
}
Variable loss_of(const BertForQuestionAnswering& model, const Labels& labels) {
  return model.loss(model(labels.text), labels.text, labels.integers("start_positions"),
                    labels.integers("end_positions"));
}

Outputs outputs_of(const BertForMaskedLM& model, const BertInput& text) {
  return {{"logits", {model(text), text.cells}}};
}
Variable loss_of(const BertForMaskedLM& model, const Labels& labels) {
  return model.loss(labels.text, labels.text.pick(labels.integers("labels")));
}

Outputs outputs_of(const BertForNextSentencePrediction& model, const BertInput& text) {
  return {{"logits", {model(text), {}}}};
}
Variable loss_of(const BertForNextSentencePrediction& model, const Labels& labels) {
  return model.loss(model(labels.text), Indices(labels.integers("labels"), labels.device));
}

Outputs outputs_of(const BertForPreTraining& model, const BertInput& text) {
  const BertForPreTraining::Logits logits = model(text);
  return {{"prediction_logits", {logits.words, text.cells}}, {"seq_relationship_logits", {logits.next_sentence, {}}}};
}
Variable loss_of(const BertForPreTraining& model, const Labels& labels) {
  return model.loss(labels.text, labels.text.pick(labels.integers("labels")), labels.integers("next_sentence_label"));
}

template <typename Model>
class GoldenBert : public GoldenModel {
 public:
  GoldenBert(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), bert_(golden.directory(), device, dtype) {
    CHECK(bert_.report().initialised.empty());
    CHECK(bert_.report().unexpected.empty());
  }
  ParameterStore& store() override { return bert_.store(); }
  std::vector<GoldenOutput> hidden(int64_t batch) const override {
    const BertInput text = input(batch);
    std::vector<Variable> all;
    bert_.model().bert(text, &all);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, text.cells});
    return outputs;
  }
  Outputs outputs(int64_t batch) const override { return outputs_of(bert_.model(), input(batch)); }
  void save(const std::string& directory) const override { bert_.save(directory); }
  Variable loss(int64_t batch) const override {
    return loss_of(bert_.model(), {golden_, batch, input(batch), device()});
  }

 private:
  Device device() const { return bert_.model().bert.embeddings.scope.store().device(); }
  BertInput input(int64_t batch) const {
    const PaddedText padded = golden_.padded_text(batch);
    if constexpr (std::is_same_v<Model, BertForQuestionAnswering>) return keep_padding(padded, device());
    return BertInput::from_padded(padded, device());
  }

  GoldenCase golden_;
  Pretrained<Model> bert_;
};

template <typename Model>
std::unique_ptr<GoldenModel> open_golden(const GoldenCase& golden, Device device, DType dtype) {
  return std::make_unique<GoldenBert<Model>>(golden, device, dtype);
}

const GoldenEntry entries[] = {
    {BertForMaskedLM::architecture, open_golden<BertForMaskedLM>},
    {BertForNextSentencePrediction::architecture, open_golden<BertForNextSentencePrediction>},
    {BertForPreTraining::architecture, open_golden<BertForPreTraining>},
    {BertForQuestionAnswering::architecture, open_golden<BertForQuestionAnswering>},
    {BertForSequenceClassification::architecture, open_golden<BertForSequenceClassification>},
    {BertForTokenClassification::architecture, open_golden<BertForTokenClassification>},
};

}  // namespace

}  // namespace thaw
