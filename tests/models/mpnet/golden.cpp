// SPDX-License-Identifier: Apache-2.0
// MPNet's goldens: masked words, classes of texts.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/mpnet/heads.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

GoldenOutput logits_of(const MPNetForMaskedLM& model, const MPNetInput& text) { return {model(text), text.cells}; }
GoldenOutput logits_of(const MPNetForSequenceClassification& model, const MPNetInput& text) {
  return {model(text), {}};
}

Variable loss_of(const MPNetForMaskedLM& model, const MPNetInput& text, const std::vector<int32_t>& labels) {
  return model.loss(text, text.pick(labels));
}
Variable loss_of(const MPNetForSequenceClassification& model, const MPNetInput& text,
                 const std::vector<int32_t>& labels) {
  ClassificationTargets targets;
  targets.classes = labels;
  return model.loss(model(text), targets);
}

template <typename Model>
class GoldenMPNet final : public GoldenModel {
 public:
  GoldenMPNet(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), mpnet_(golden.directory(), device, dtype) {
    CHECK(mpnet_.report().initialised.empty());
    CHECK(mpnet_.report().unexpected.empty());
  }
  ParameterStore& store() override { return mpnet_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const MPNetInput text = input(batch);
    std::vector<Variable> all;
    mpnet_.model().mpnet(text, &all);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, text.cells});
    return {{"hidden", outputs}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    return {{"logits", logits_of(mpnet_.model(), input(batch))}};
  }
  Variable loss(int64_t batch) const override {
    return loss_of(mpnet_.model(), input(batch), golden_.integers(golden_.input(batch, "labels")));
  }
  void save(const std::string& directory) const override { mpnet_.save(directory); }

 private:
  MPNetInput input(int64_t batch) const { return MPNetInput::from_padded(golden_.padded_text(batch), mpnet_.device()); }

  GoldenCase golden_;
  Pretrained<Model> mpnet_;
};

template <typename Model>
GoldenEntry golden_mpnet() {
  return {Model::architecture,
          [](const GoldenCase& golden, Device device, DType dtype) -> std::unique_ptr<GoldenModel> {
            return std::make_unique<GoldenMPNet<Model>>(golden, device, dtype);
          }};
}

const GoldenEntry entries[] = {
    golden_mpnet<MPNetForMaskedLM>(),
    golden_mpnet<MPNetForSequenceClassification>(),
};

}  // namespace

}  // namespace thaw
