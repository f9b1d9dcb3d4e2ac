// SPDX-License-Identifier: Apache-2.0
// Sums over texts.
#include "models/tasks/lm/evaluation.h"

#include <cmath>
#include <numbers>

namespace thaw {

double JudgedText::bits_per_byte() const { return nats / std::numbers::ln2 / static_cast<double>(bytes); }

JudgedText LmEvaluation::sum(std::span<const int64_t> which) const {
  JudgedText all;
  for (const int64_t number : which) {
    const JudgedText& one = documents_[static_cast<size_t>(number)];
    all.nats += one.nats;
    all.tokens += one.tokens;
    all.right += one.right;
    all.bytes += one.bytes;
  }
  return all;
}

double LmEvaluation::loss() const {
  double nats = 0, tokens = 0;
  for (const JudgedText& one : documents_) {
    nats += one.nats;
    tokens += static_cast<double>(one.tokens);
  }
  return nats / tokens;
}

Metrics LmEvaluation::scores(std::span<const int64_t> which) const {
  const JudgedText all = sum(which);
  const auto tokens = static_cast<double>(all.tokens);
  return {{"bits_per_byte", all.bits_per_byte()},
          {"perplexity", std::exp(all.nats / tokens)},
          {"accuracy", static_cast<double>(all.right) / tokens}};
}

Evaluation::Judgement LmEvaluation::judgement(int64_t document) const {
  const JudgedText& one = documents_[static_cast<size_t>(document)];
  return {tokenizer_.decode(one.ids), {}, one.nats / static_cast<double>(one.tokens)};
}

}  // namespace thaw
