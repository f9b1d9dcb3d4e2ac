// SPDX-License-Identifier: Apache-2.0
// What a model wrote for sources, beside what it should have written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/metrics/bleu.h"
#include "models/metrics/chrf.h"
#include "models/metrics/copied_words.h"
#include "models/metrics/rouge.h"
#include "models/metrics/text_matches.h"
#include "models/tasks/task_model.h"

namespace thaw {

// Metrics of texts: bleu, chrf (chrF++) in percent; exact_match, rouge1, rouge2, rougeL, rougeLsum (F1) as shares;
// token_error_rate: errors in what blanks are between (word error rate, phone error rate); text_error_rate: texts with
// such an error; perplexity of the first reference's tokens. Where targets are labels: accuracy, the share of texts
// that are their first reference, and no_label_error, that of texts that are no label at all. Evaluations tell, too, of
// copied_words, the share of written words that are in their source: that is no quality.
std::vector<std::string> text2text_metric_names(bool has_labels);

class Text2TextEvaluation : public Evaluation {
 public:
  struct Text {
    std::string said;
    std::vector<std::string> references;
    TokenLosses losses;       // of the first reference's tokens
    std::string source = {};  // what of it the model read
  };
  // labels: what targets may be; empty: anything.
  explicit Text2TextEvaluation(std::vector<Text> texts, std::span<const std::string> labels = {});

  int64_t size() const override { return static_cast<int64_t>(texts_.size()); }
  double loss() const override;
  Metrics scores(std::span<const int64_t> which) const override;
  // By the share of tokens that are wrong.
  Judgement judgement(int64_t text) const override;

 private:
  // Of one text. Counted once: intervals add them up a thousand times.
  struct Counts {
    BleuCounts bleu;
    ChrfCounts chrf;
    RougeScores rouge;
    ErrorCounts errors;
    bool is_exact;
    LabelWordCounts labels;
    CopiedWords copied;
  };
  bool has_labels_;
  std::vector<Text> texts_;
  std::vector<Counts> counts_;
};

}  // namespace thaw
