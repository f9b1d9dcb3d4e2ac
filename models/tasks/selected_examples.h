// SPDX-License-Identifier: Apache-2.0
// Some examples of a file as examples of their own: a part that is kept for validation, the first thousand.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/drawn_partners.h"
#include "models/tasks/task_model.h"

namespace thaw {

class SelectedExamples : public Examples, public DrawnPartners {
 public:
  // which: numbers of examples of `of`; those of one group follow one another. What they take of other examples they
  // take of each other.
  SelectedExamples(std::shared_ptr<Examples> of, std::vector<int64_t> which);

  std::span<const int64_t> lengths() const override { return lengths_; }
  double terms(std::span<const int64_t> examples) const override { return of_->terms(of_whole(examples)); }
  Variable loss(std::span<const int64_t> examples, double count) const override {
    return of_->loss(of_whole(examples), count);
  }
  Variable loss_and_terms(std::span<const int64_t> examples, double count, Tensor& terms) const override {
    return of_->loss_and_terms(of_whole(examples), count, terms);
  }
  std::vector<float> outputs(std::span<const int64_t> examples) const override {
    return of_->outputs(of_whole(examples));
  }
  bool batches_decide_loss() const override { return of_->batches_decide_loss(); }
  bool is_learnt_alone() const override { return of_->is_learnt_alone(); }
  void begin_epoch(int64_t epoch) override;
  void expect(std::span<const int64_t> examples) const override { of_->expect(of_whole(examples)); }
  void expect_to_judge(std::span<const int64_t> examples) const override { of_->expect_to_judge(of_whole(examples)); }
  ReadCounts read_ahead() const override { return of_->read_ahead(); }
  void draw_among(std::span<const int64_t> which) override;
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override {
    return of_->evaluate(of_whole(examples));
  }
  using Examples::evaluate;
  void bound_evaluation(int64_t tokens) override { of_->bound_evaluation(tokens); }
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return of_->keep_frozen(of_whole(examples), how);
  }
  using Examples::keep_frozen;
  std::vector<std::string> notes() const override { return of_->notes(); }
  ShownExample show(int64_t example) const override { return of_->show(of_whole(example)); }
  int64_t cut(int64_t example) const override { return of_->cut(of_whole(example)); }
  std::vector<CutPart> cut_parts(int64_t example) const override { return of_->cut_parts(of_whole(example)); }
  int64_t group(int64_t example) const override { return of_->group(of_whole(example)); }
  int64_t stratum(int64_t example) const override { return of_->stratum(of_whole(example)); }
  uint64_t kin(int64_t example) const override { return of_->kin(of_whole(example)); }
  std::string part(int64_t example) const override { return of_->part(of_whole(example)); }
  // That of all examples, and which of them these are.
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;
  ExampleWords words() const override { return of_->words(); }
  std::vector<std::string> files() const override { return of_->files(); }

 private:
  int64_t of_whole(int64_t example) const { return which_[static_cast<size_t>(example)]; }
  std::vector<int64_t> of_whole(std::span<const int64_t> examples) const;
  void take_lengths();

  std::shared_ptr<Examples> of_;
  std::vector<int64_t> which_, lengths_;
};

// Numbers of examples, for two parts of a file.
struct ExampleSplit {
  std::vector<int64_t> train, validation;
};
// A `share` in (0, 1) of the examples, drawn by the seed, for validation: of each stratum as many as that share makes,
// rounded so that all together are as many as it makes of all; of a stratum with one example none. Kin are on one side
// (in the stratum of one of them): there may be fewer than the share then. Both in the order of the file.
// std::invalid_argument if nothing would be left for one of them.
ExampleSplit split_examples(const Examples& examples, double share, uint64_t seed);

// `count` of the examples (groups are whole, and counted as one), drawn by the seed, in the order of the file; all if
// there are no more.
std::vector<int64_t> sample_examples(const Examples& examples, int64_t count, uint64_t seed);

}  // namespace thaw
