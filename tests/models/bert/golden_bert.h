// SPDX-License-Identifier: Apache-2.0
// A head of BERT that runs goldens. A head's file says what it gives and how its loss is made, by specialising
// GoldenHead's two functions, and makes its entry.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/bert/input.h"
#include "models/hub/pretrained.h"
#include "tests/models/golden_model.h"

namespace thaw {

using GoldenOutputs = std::map<std::string, GoldenOutput>;

// What a head's loss needs to know of the golden.
struct GoldenLabels {
  const GoldenCase& golden;
  int64_t batch;
  const BertInput& text;
  Device device;

  std::vector<int32_t> integers(const std::string& name) const { return golden.integers(golden.input(batch, name)); }
  std::vector<double> numbers(const std::string& name) const { return golden.numbers(golden.input(batch, name)); }
};

template <typename Model>
struct GoldenHead {
  static GoldenOutputs outputs(const Model& model, const BertInput& text);
  static Variable loss(const Model& model, const GoldenLabels& labels);
  static BertInput input(const PaddedText& padded, Device device) { return BertInput::from_padded(padded, device); }
};

template <typename Model>
class GoldenBert : public GoldenModel {
 public:
  GoldenBert(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), bert_(golden.directory(), device, dtype) {
    CHECK(bert_.report().initialised.empty());
    CHECK(bert_.report().unexpected.empty());
  }
  ParameterStore& store() override { return bert_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const BertInput text = input(batch);
    std::vector<Variable> all;
    bert_.model().bert(text, &all);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, text.cells});
    return {{"hidden", outputs}};
  }
  GoldenOutputs outputs(int64_t batch) const override {
    return GoldenHead<Model>::outputs(bert_.model(), input(batch));
  }
  void save(const std::string& directory) const override { bert_.save(directory); }
  Variable loss(int64_t batch) const override {
    return GoldenHead<Model>::loss(bert_.model(), {golden_, batch, input(batch), device()});
  }

 private:
  Device device() const { return bert_.model().bert.embeddings.scope.store().device(); }
  BertInput input(int64_t batch) const { return GoldenHead<Model>::input(golden_.padded_text(batch), device()); }

  GoldenCase golden_;
  Pretrained<Model> bert_;
};

template <typename Model>
GoldenEntry golden_bert() {
  return {Model::architecture,
          [](const GoldenCase& golden, Device device, DType dtype) -> std::unique_ptr<GoldenModel> {
            return std::make_unique<GoldenBert<Model>>(golden, device, dtype);
          }};
}

}  // namespace thaw
