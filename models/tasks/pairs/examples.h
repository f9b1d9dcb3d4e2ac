// SPDX-License-Identifier: Apache-2.0
// Pairs of things and texts as they are learnt and judged.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/encoded_texts.h"
#include "models/tasks/pair_pipeline.h"
#include "models/tasks/pairs/options.h"
#include "models/tasks/task_model.h"

namespace thaw {

class PairExamples : public Examples {
 public:
  struct Data {
    EncodedTexts files, texts;
    std::vector<int64_t> lengths;  // of both together
    // By which things that are the same are known: pairs with one number have the same picture, or the same text.
    std::vector<int64_t> file_numbers, text_numbers;
    std::vector<std::string> notes = {};
  };
  // The model must outlive them.
  PairExamples(PairPipeline& model, std::shared_ptr<const Data> data) : model_(model), data_(std::move(data)) {}

  std::span<const int64_t> lengths() const override { return data_->lengths; }
  void expect(std::span<const int64_t> examples) const override { expect(PairSide::files, examples); }
  // Partners are told from the others of their micro-batch: a pair that has the picture, or the text, of another one is
  // no wrong answer to it, and is left out of its softmax.
  Variable loss(std::span<const int64_t> examples, double count) const override;
  // Vectors of both sides.
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  bool batches_decide_loss() const override { return true; }
  bool is_learnt_alone() const override { return false; }
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return model_.keep_frozen(data_->files.pick(examples), data_->texts.pick(examples), how);
  }
  using Examples::keep_frozen;
  std::vector<std::string> notes() const override { return data_->notes; }
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(data_->texts[example].cut); }
  // Pairs with the same picture, or the same sound.
  uint64_t kin(int64_t example) const override { return data_->files.checksum(example); }
  Fingerprint identity() const override;
  ExampleWords words() const override;
  ReadCounts read_ahead() const override { return data_->files.read_ahead(); }
  std::vector<std::string> files() const override { return data_->files.files(); }
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  // [B, B]: very small where column's picture or text is row's and the pair another; undefined if that is nowhere.
  Tensor repeated(std::span<const int64_t> examples, const Variable& logits) const;
  Variable logits_of(std::span<const int64_t> examples) const;
  const EncodedTexts& things_of(PairSide side) const { return side == PairSide::files ? data_->files : data_->texts; }
  void expect(PairSide side, std::span<const int64_t> examples) const;
  // Vectors of these examples' things of one side [examples, P], computed in batches.
  std::vector<float> vectors(PairSide side, std::span<const int64_t> examples) const;
  // The mean of the loss over blocks of pairs that follow one another (equal parts of at least `block`, or one of all).
  double mean_loss(std::span<const int64_t> examples, std::span<const float> files, std::span<const float> texts) const;

  PairPipeline& model_;
  std::shared_ptr<const Data> data_;
};

// The pairs of a file. std::runtime_error naming file and line: a broken row, a file that cannot be read.
std::shared_ptr<const PairExamples::Data> read_pairs(const PairPipeline& model, const std::string& file,
                                                     const PairOptions& options);
// So many made-up pairs, each as long as the model takes them.
std::shared_ptr<const PairExamples::Data> made_up_pairs(const PairPipeline& model, int64_t count);

}  // namespace thaw
