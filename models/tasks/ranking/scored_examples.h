// SPDX-License-Identifier: Apache-2.0
// Rows with scores: in each epoch every row is compared with another one of its group.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/drawn_partners.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/ranking/score_groups.h"
#include "models/tasks/task_model.h"

namespace thaw {

class ScoredExamples : public Examples, public DrawnPartners {
 public:
  struct Data {
    EncodedTexts rows;
    std::vector<double> scores;
    std::vector<int32_t> groups;          // a number of each row's
    std::vector<std::string> notes = {};  // lines
  };
  // The model must outlive them. Partners are drawn by the seed and the epoch.
  ScoredExamples(TextClassifier& model, uint64_t seed, std::shared_ptr<const Data> data);

  // Of a row and its partner.
  std::span<const int64_t> lengths() const override { return lengths_; }
  // One of each row that has a partner.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  // The rows' numbers, without their partners'.
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  void begin_epoch(int64_t epoch) override;
  void draw_among(std::span<const int64_t> which) override;
  void expect(std::span<const int64_t> examples) const override {
    data_->rows.expect(pairs_of(examples), model_.are_kept());
  }
  // Without their partners.
  void expect_to_judge(std::span<const int64_t> examples) const override {
    data_->rows.expect(examples, model_.are_kept());
  }
  // Among these rows alone. Its loss is that of partners that are drawn in the same way at any time.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  // Rows stay what they are, whoever their partner is.
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return model_.keep_frozen(data_->rows.pick(examples), how);
  }
  using Examples::keep_frozen;
  std::vector<std::string> notes() const override { return data_->notes; }
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(data_->rows[example].cut); }
  // A group; where there is but one, rows that are the same to the model.
  uint64_t kin(int64_t example) const override;
  Fingerprint identity() const override;
  ExampleWords words() const override { return model_.rows().words(); }
  ReadCounts read_ahead() const override { return data_->rows.read_ahead(); }
  std::vector<std::string> files() const override { return data_->rows.files(); }
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  int64_t partner_of(int64_t row) const { return groups_.drawn_partner(seed_, epoch_, row); }
  // The better row and the worse one of each example that has a partner, one after the other.
  std::vector<int64_t> pairs_of(std::span<const int64_t> examples) const;

  TextClassifier& model_;
  uint64_t seed_;
  std::shared_ptr<const Data> data_;
  ScoreGroups groups_;
  bool has_several_groups_;
  int64_t epoch_ = 0;
  std::vector<int64_t> lengths_;
};

}  // namespace thaw
