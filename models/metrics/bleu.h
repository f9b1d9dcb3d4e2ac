// SPDX-License-Identifier: Apache-2.0
// BLEU (Papineni et al. 2002), as sacrebleu computes it (Post 2018): words of mteval-v13a, "exp" smoothing, case kept.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// What is counted of a text, or of many: counts add up.
struct BleuCounts {
  static constexpr int64_t max_order = 4;

  std::array<int64_t, max_order> matched{}, predicted{};  // n-grams of 1, 2, 3, 4 words
  int64_t predicted_words = 0, reference_words = 0;       // of each text's references the nearest in length

  BleuCounts& operator+=(const BleuCounts& other);
};

// An n-gram is matched at most as often as in the reference that has it most often. Throws std::invalid_argument if
// there are no references, or a text is not valid UTF-8.
BleuCounts bleu_counts(std::string_view predicted, const std::vector<std::string>& references);

struct BleuScore {
  double score = 0;                                        // in percent
  std::array<double, BleuCounts::max_order> precisions{};  // in percent
  double brevity_penalty = 1;
};

// Of a corpus; of a single text, which may have fewer than four words, with the effective order: n-grams that it is too
// short for do not count.
BleuScore bleu(const BleuCounts& counts, bool effective_order = false);

// What sacrebleu calls this score. references: how many each text has; 0: not all the same number.
std::string bleu_signature(int64_t references, bool effective_order = false);

// The words of a text, a blank between any two.
std::string tokenize_13a(std::string_view text);

}  // namespace thaw
