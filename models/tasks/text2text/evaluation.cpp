// SPDX-License-Identifier: Apache-2.0
// Scores of written texts.
#include "models/tasks/text2text/evaluation.h"

#include <algorithm>
#include <utility>

namespace thaw {
namespace {

const ChrfOptions chrf_plus_plus{.word_order = 2};

}  // namespace

std::vector<std::string> text2text_metric_names(bool has_labels) {
  std::vector<std::string> names = {"bleu",
                                    "chrf",
                                    "exact_match",
                                    "loss",
                                    "perplexity",
                                    "rouge1",
                                    "rouge2",
                                    "rougeL",
                                    "rougeLsum",
                                    "text_error_rate",
                                    "token_error_rate"};
  if (!has_labels) return names;
  names.insert(names.end(), {"accuracy", "no_label_error"});
  std::ranges::sort(names);
  return names;
}

Text2TextEvaluation::Text2TextEvaluation(std::vector<Text> texts, std::span<const std::string> labels)
    : has_labels_(!labels.empty()), texts_(std::move(texts)) {
  for (const Text& text : texts_)
    counts_.push_back({bleu_counts(text.said, text.references), chrf_counts(text.said, text.references, chrf_plus_plus),
                       rouge(text.said, text.references), error_counts(text.said, text.references),
                       is_exact_match(text.said, text.references),
                       label_word_counts(text.said, text.references[0], labels), copied_words(text.said, text.source)});
}

double Text2TextEvaluation::loss() const {
  TokenLosses all;
  for (const Text& text : texts_) all += text.losses;
  return all.mean();
}

Metrics Text2TextEvaluation::scores(std::span<const int64_t> which) const {
  BleuCounts bleu_sum;
  ChrfCounts chrf_sum;
  RougeTotals rouge_sum;
  ErrorCounts errors;
  TokenLosses losses;
  LabelWordCounts labels;
  CopiedWords copied;
  int64_t exact = 0;
  for (const int64_t i : which) {
    const Counts& counts = counts_[static_cast<size_t>(i)];
    bleu_sum += counts.bleu;
    chrf_sum += counts.chrf;
    rouge_sum.add(counts.rouge);
    errors += counts.errors;
    losses += texts_[static_cast<size_t>(i)].losses;
    exact += counts.is_exact;
    labels += counts.labels;
    copied += counts.copied;
  }
  const RougeScores means = rouge_sum.means();
  const auto count = static_cast<double>(std::max<size_t>(1, which.size()));
  Metrics metrics = {{"bleu", bleu(bleu_sum).score},
                     {"chrf", chrf(chrf_sum, chrf_plus_plus)},
                     {"copied_words", copied.rate()},
                     {"exact_match", static_cast<double>(exact) / count},
                     {"perplexity", losses.perplexity()},
                     {"rouge1", means.rouge1.f1},
                     {"rouge2", means.rouge2.f1},
                     {"rougeL", means.rougeL.f1},
                     {"rougeLsum", means.rougeLsum.f1},
                     {"text_error_rate", errors.text_rate()},
                     {"token_error_rate", errors.token_rate()}};
  if (has_labels_) {
    metrics["accuracy"] = labels.accuracy();
    metrics["no_label_error"] = labels.no_label_rate();
  }
  return metrics;
}

Evaluation::Judgement Text2TextEvaluation::judgement(int64_t i) const {
  const auto at = static_cast<size_t>(i);
  return {texts_[at].references[0], texts_[at].said, counts_[at].errors.token_rate()};
}

}  // namespace thaw
