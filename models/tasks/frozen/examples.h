// SPDX-License-Identifier: Apache-2.0
// Labelled sequences for a frozen transformer.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/data/sequences/sequence.h"
#include "models/tasks/frozen/model.h"
#include "models/tasks/task_model.h"
#include "models/text/encoding.h"

namespace thaw {

class FrozenExamples : public Examples {
 public:
  struct Data {
    // name: of where they come from.
    Data(const std::vector<LabelledSequence>& all, const SequenceFormat& of_all, std::string from);

    SequenceFormat format;
    std::string name;
    std::vector<Encoding> sequences;
    std::vector<std::vector<int32_t>> answers;
    std::vector<int64_t> lengths;
  };
  FrozenExamples(FrozenModel& model, std::shared_ptr<const Data> data) : model_(model), data_(std::move(data)) {}

  std::span<const int64_t> lengths() const override { return data_->lengths; }
  // One an answer.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override;
  using Examples::keep_frozen;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t) const override { return 0; }
  // That some are longer than the training data, where the body knows positions.
  std::vector<std::string> notes() const override;
  // Its answer, where there is one.
  int64_t stratum(int64_t example) const override;
  // Sequences that the model sees alike.
  uint64_t kin(int64_t example) const override;
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  std::vector<const Encoding*> sequences(std::span<const int64_t> examples) const;
  std::vector<int32_t> answers(std::span<const int64_t> examples) const;
  Variable logits(std::span<const int64_t> examples) const;  // a row for each answer

  FrozenModel& model_;
  std::shared_ptr<const Data> data_;
};

}  // namespace thaw
