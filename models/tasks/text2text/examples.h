// SPDX-License-Identifier: Apache-2.0
// A data file as a model that writes texts reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text2text/options.h"
#include "models/tasks/text2text/target_tokens.h"
#include "models/tasks/text2text/text_to_text.h"

namespace thaw {

// How a model is judged: how it writes, and what targets may be, if they are labels.
struct Judging {
  Writing writing;
  std::vector<std::string> labels;
};

class Text2TextExamples : public Examples {
 public:
  struct Data {
    EncodedTexts sources, targets;
    std::vector<std::vector<std::string>> references = {};  // of each, to judge by
    std::vector<int64_t> lengths = {};                      // tokens of source and target
  };
  // The model must outlive them.
  Text2TextExamples(TextToText& model, std::shared_ptr<const Data> data, Judging judging, double smoothing)
      : model_(model), data_(std::move(data)), judging_(std::move(judging)), smoothing_(smoothing) {}

  std::span<const int64_t> lengths() const override { return data_->lengths; }
  // Tokens of the targets.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override {
    return loss_of(examples, count, nullptr);
  }
  Variable loss_and_terms(std::span<const int64_t> examples, double count, Tensor& terms) const override {
    return loss_of(examples, count, &terms);
  }
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  // By what the model writes. Its loss is the plain one, without smoothing.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  // Of what a frozen encoder makes of the sources; sources of the same tokens are one.
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override;
  using Examples::keep_frozen;
  // Targets that the vocabulary does not know, and those that are no label where targets are labels.
  std::vector<std::string> notes() const override;
  // Of the rows from `begin` to `end`: "2 of 30 targets have tokens that the vocabulary does not know ..."; empty:
  // none.
  std::string unknown_targets(int64_t begin, int64_t end) const;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override;
  std::vector<CutPart> cut_parts(int64_t example) const override;
  uint64_t kin(int64_t example) const override { return data_->sources.checksum(example); }
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;
  std::unique_ptr<Text2TextExamples> read_by(TextToText& other) const {
    return std::make_unique<Text2TextExamples>(other, data_, judging_, smoothing_);
  }

 private:
  std::vector<TargetIds> targets(std::span<const int64_t> examples) const;
  Variable loss_of(std::span<const int64_t> examples, double count, Tensor* tokens) const;
  EncodedSources encoded(std::span<const int64_t> examples) const {
    return model_.writer().encode(data_->sources.pick(examples));
  }

  TextToText& model_;
  std::shared_ptr<const Data> data_;
  Judging judging_;
  double smoothing_;
};

// Appends the rows of a file, whose targets may have been tokenized before. std::runtime_error naming file and line: a
// broken row, an empty target, one without a token.
void append_sources_and_targets(const TextToText& model, const std::string& file, const Text2TextOptions& options,
                                TargetTokens targets, Text2TextExamples::Data& data);
// The rows of a file; its targets are taken out of `before`, if they are there. Errors as above.
std::shared_ptr<const Text2TextExamples::Data> read_sources_and_targets(const TextToText& model,
                                                                        const std::string& file,
                                                                        const Text2TextOptions& options,
                                                                        TokenizedTargets& before);
// So many made-up ones of the greatest lengths.
std::shared_ptr<const Text2TextExamples::Data> made_up_sources_and_targets(const TextToText& model, int64_t count);

}  // namespace thaw
