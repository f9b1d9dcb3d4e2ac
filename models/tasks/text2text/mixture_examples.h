// SPDX-License-Identifier: Apache-2.0
// Examples of several tasks: to learn from, drawn by their rates; to judge by, each task with its own metrics.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/text2text/examples.h"
#include "models/tasks/text2text/mixture_draws.h"
#include "models/tasks/text2text/mixture_table.h"

namespace thaw {

// The rows of some tasks' files, one task behind the other.
struct MixtureRows {
  std::shared_ptr<const Text2TextExamples::Data> rows;
  std::vector<MixtureTask> tasks;
  std::vector<int64_t> begins;  // of each task's rows, and behind the last

  int64_t size(int64_t task) const { return begins[static_cast<size_t>(task) + 1] - begins[static_cast<size_t>(task)]; }
  int64_t task_of(int64_t row) const;
};

// std::runtime_error naming the task's row: its prefix is no text, or leaves no room for one.
void check_prefix(const MixtureTask& task, const TextEncoder& sources);

// Of each task the file that it is learnt from (to_learn: its targets, where they were tokenized before), or (null; of
// those that have one) its validation file; each source with its task's prefix. Errors are those of
// read_sources_and_targets() and check_prefix(); to judge by, those of labels_of(), too.
MixtureRows read_mixture(const TextToText& model, const std::vector<MixtureTask>& tasks,
                         const Text2TextOptions& options, TokenizedTargets* to_learn);

class MixtureExamples : public Examples {
 public:
  // `all`: of the rows. With draws, as many examples as an epoch has, the same ones in no two epochs; without, each row
  // is an example.
  MixtureExamples(std::shared_ptr<const MixtureRows> mixture, std::unique_ptr<Text2TextExamples> all,
                  std::optional<MixtureDraws> draws);

  // In place: what was given for one epoch tells of the next once that has begun.
  std::span<const int64_t> lengths() const override { return lengths_; }
  double terms(std::span<const int64_t> examples) const override { return all_->terms(rows_of(examples)); }
  Variable loss(std::span<const int64_t> examples, double count) const override {
    return all_->loss(rows_of(examples), count);
  }
  Variable loss_and_terms(std::span<const int64_t> examples, double count, Tensor& terms) const override {
    return all_->loss_and_terms(rows_of(examples), count, terms);
  }
  std::vector<float> outputs(std::span<const int64_t> examples) const override {
    return all_->outputs(rows_of(examples));
  }
  void begin_epoch(int64_t epoch) override;
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  void bound_evaluation(int64_t tokens) override { all_->bound_evaluation(tokens); }
  // With draws: of the tasks whose rows come more often than once, whichever examples are asked for.
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override;
  using Examples::keep_frozen;
  // Rows of each task, how often it is drawn, how many of its texts do not fit; tasks that the first epoch does not
  // draw.
  std::vector<std::string> notes() const override;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return all_->cut(row(example)); }
  std::vector<CutPart> cut_parts(int64_t example) const override { return all_->cut_parts(row(example)); }
  uint64_t kin(int64_t example) const override { return all_->kin(row(example)); }
  std::string part(int64_t example) const override;
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  int64_t row(int64_t example) const { return rows_[static_cast<size_t>(example)]; }
  std::vector<int64_t> rows_of(std::span<const int64_t> examples) const;
  const std::string& file_of(const MixtureTask& task) const { return draws_ ? task.file : task.validation_file; }
  // "2 of 30 sources are too long: 17 tokens are cut off"; empty if all fit.
  std::string cuts_of(int64_t task) const;
  std::string not_drawn() const;

  std::shared_ptr<const MixtureRows> mixture_;
  std::unique_ptr<Text2TextExamples> all_;
  std::optional<MixtureDraws> draws_;
  std::vector<int64_t> rows_, lengths_;  // of each example of the epoch that began last
  std::vector<int64_t> drawn_first_;     // of each task, in the first epoch
};

// By the options' rates, or the table's weights; an epoch has mixture_examples, or as many as count for rates.
MixtureDraws draws_of(const MixtureRows& mixture, const Text2TextOptions& options, uint64_t seed);

}  // namespace thaw
