// SPDX-License-Identifier: Apache-2.0
// Logits of some tokens at a time.
#include "models/target_guesses.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>

#include "autograd/tape.h"
#include "models/judged_rows.h"
#include "models/labelled_tokens.h"
#include "tensor/ops.h"

namespace thaw {

std::vector<TargetGuesses> target_guesses(const Variable& hidden, const DecoderTargets& targets, int64_t vocab_size,
                                          const std::function<Variable(const Variable&)>& head) {
  const NoGrad no_grad;
  const LabelledTokens counted = labelled_tokens(hidden, targets.labels);
  const std::span<const int32_t> truths = counted.targets.host();
  const int64_t row_bytes = vocab_size * static_cast<int64_t>(sizeof(float));
  const auto chunk = static_cast<size_t>(std::max<int64_t>(1, logits_chunk_bytes / row_bytes));
  std::vector<float> losses;
  std::vector<int32_t> likeliest;
  for (size_t begin = 0; begin < truths.size(); begin += chunk) {
    const size_t end = std::min(begin + chunk, truths.size());
    const Tensor logits =
        head(slice(counted.hidden, 0, static_cast<int64_t>(begin), static_cast<int64_t>(end))).value();
    const Indices some({truths.begin() + static_cast<ptrdiff_t>(begin), truths.begin() + static_cast<ptrdiff_t>(end)},
                       hidden.value().device());
    const JudgedRows judged = judge_rows(logits, some);
    std::ranges::copy(judged.likeliest, std::back_inserter(likeliest));
    std::ranges::copy(judged.losses, std::back_inserter(losses));
  }
  std::vector<TargetGuesses> guesses;
  size_t next = 0;
  for (int64_t b = 0; b < targets.read.count(); ++b) {
    TargetGuesses& of_one = guesses.emplace_back();
    const auto end = static_cast<size_t>(targets.read.segments.end(b));
    for (auto i = static_cast<size_t>(targets.read.segments.begin(b)); i < end; ++i) {
      if (targets.labels[i] == -100) continue;
      of_one.loss += static_cast<double>(losses[next]);
      of_one.likeliest.push_back(likeliest[next++]);
    }
  }
  return guesses;
}

}  // namespace thaw
