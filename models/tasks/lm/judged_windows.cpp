// SPDX-License-Identifier: Apache-2.0
// Logits, window by window or several at once.
#include "models/tasks/lm/judged_windows.h"

#include "autograd/functions.h"
#include "models/judged_rows.h"

namespace thaw {
namespace {

void judge(const TextPipeline& model, std::span<const LmWindow* const> windows, std::span<JudgedWindow> out) {
  const CountedTokens batch(windows);
  const Tensor logits = model.outputs_at(batch.texts, batch.tokens).value();
  const JudgedRows judged = judge_rows(logits, Indices(batch.truths, logits.device()));
  size_t row = 0;
  for (size_t i = 0; i < windows.size(); ++i)
    for (const size_t end = row + static_cast<size_t>(windows[i]->counted()); row < end; ++row) {
      out[i].scores += {{static_cast<double>(judged.losses[row]), 1}, judged.likeliest[row] == batch.truths[row]};
      out[i].losses.push_back(judged.losses[row]);
    }
}

}  // namespace

CountedTokens::CountedTokens(std::span<const LmWindow* const> windows) {
  int32_t before = 0;
  for (const LmWindow* window : windows) {
    texts.push_back(&window->tokens);
    const auto size = static_cast<int32_t>(window->tokens.size());
    for (int32_t place = window->first; place < size; ++place) {
      tokens.push_back(before + place - 1);
      truths.push_back(window->tokens.ids[static_cast<size_t>(place)]);
    }
    before += size;
  }
}

std::vector<JudgedWindow> judge_windows(const TextPipeline& model, std::span<const LmWindow* const> windows) {
  const int64_t row_bytes = model.model().limits().vocab_size * static_cast<int64_t>(sizeof(float));
  std::vector<JudgedWindow> out(windows.size());
  for (size_t begin = 0, end = 0; begin < windows.size(); begin = end) {
    int64_t rows = 0;
    for (end = begin; end < windows.size(); ++end) {
      rows += windows[end]->counted();
      if (end > begin && rows * row_bytes > logits_chunk_bytes) break;
    }
    judge(model, windows.subspan(begin, end - begin), std::span(out).subspan(begin, end - begin));
  }
  return out;
}

}  // namespace thaw
