// SPDX-License-Identifier: Apache-2.0
// Reads texts to be told.
#include <fmt/format.h>

#include "models/tasks/checksum.h"
#include "models/tasks/lm/examples.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {

std::shared_ptr<const LmExamples::Data> read_lm_texts(const LmEncoder& encoder, const std::string& file,
                                                      const LmOptions& options) {
  auto data = std::make_shared<LmExamples::Data>();
  data->file = file;
  LmRows rows(file, options);
  const bool has_prompts = !options.prompt_column.empty();
  Occurrence useless;
  int64_t read = 0, taken = 0, long_texts = 0, parts = 0;
  for (LmRow row; rows.next(row); ++read) {
    if (is_blank_text(row.text)) {
      if (has_prompts) fail("{}: there is no text behind the prompt, and nothing to learn", row.where);
      useless.add(row.where);
      continue;
    }
    const LmDocument document = encoder.document(row);
    std::vector<LmWindow> windows = encoder.windows(document);
    if (windows.empty() && has_prompts) encoder.fail_without_windows(row, document);
    if (windows.empty()) {
      useless.add(row.where);
      continue;
    }
    long_texts += windows.size() > 1;
    parts += windows.size() > 1 ? std::ssize(windows) : 0;
    const uint32_t kin = checksum(document.tokens.ids);
    for (LmWindow& window : windows) {
      data->lengths.push_back(static_cast<int64_t>(window.tokens.size()));
      data->lines.push_back(row.line);
      data->documents.push_back(taken);
      data->kin.push_back(kin);
      data->windows.push_back(std::move(window));
    }
    ++taken;
  }
  if (read == 0) fail("{}: has no rows below its header", file);
  if (taken == 0) fail("{}: none of its {} has a token to be told", file, counted(read, "text"));
  if (long_texts > 0)
    data->notes.push_back(fmt::format("{}: {} of more than {} tokens: {} examples were made of {}", file,
                                      counted(long_texts, "text"), encoder.encoder().max_length(), parts,
                                      long_texts == 1 ? "it" : "them"));
  if (useless.count > 0)
    data->notes.push_back(fmt::format("{}: {} {} no token to be told: passed over, the first {}", file,
                                      counted(useless.count, "text"), useless.count == 1 ? "has" : "have",
                                      useless.first));
  return data;
}

std::shared_ptr<const LmExamples::Data> made_up_lm_texts(const TextEncoder& encoder, int64_t count) {
  auto data = std::make_shared<LmExamples::Data>();
  LmWindow window;
  window.tokens.ids.assign(static_cast<size_t>(encoder.max_length()), 0);
  window.tokens.type_ids = window.tokens.ids;
  data->windows.assign(static_cast<size_t>(count), window);
  data->lengths.assign(static_cast<size_t>(count), encoder.max_length());
  data->lines.assign(static_cast<size_t>(count), 0);
  data->kin.assign(static_cast<size_t>(count), 0);
  for (int64_t i = 0; i < count; ++i) data->documents.push_back(i);
  return data;
}

}  // namespace thaw
