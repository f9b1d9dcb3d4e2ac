// SPDX-License-Identifier: Apache-2.0
// Reads texts to mask.
#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "models/data/table.h"
#include "models/tasks/checksum.h"
#include "models/tasks/mlm/examples.h"
#include "models/tasks/mlm/words.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"

namespace thaw {
namespace {

struct Counts {
  int64_t long_texts = 0, parts = 0;
  Occurrence wordless, wordless_parts;
};

std::vector<std::string> notes_of(const std::string& file, const Counts& counts, int64_t length) {
  std::vector<std::string> notes;
  if (counts.long_texts > 0)
    notes.push_back(fmt::format("{}: {} text{} of more than {} tokens: {} examples were made of {}", file,
                                counts.long_texts, counts.long_texts == 1 ? "" : "s", length, counts.parts,
                                counts.long_texts == 1 ? "it" : "them"));
  if (counts.wordless.count > 0)
    notes.push_back(fmt::format("{}: {} text{} no word to mask: passed over, the first {}", file, counts.wordless.count,
                                counts.wordless.count == 1 ? " has" : "s have", counts.wordless.first));
  if (counts.wordless_parts.count > 0)
    notes.push_back(fmt::format("{}: {} part{} of long texts {} no word to mask: passed over, the first of {}", file,
                                counts.wordless_parts.count, counts.wordless_parts.count == 1 ? "" : "s",
                                counts.wordless_parts.count == 1 ? "has" : "have", counts.wordless_parts.first));
  return notes;
}

bool has_word(const std::vector<int32_t>& words) {
  for (const int32_t word : words)
    if (word >= 0) return true;
  return false;
}

}  // namespace

std::shared_ptr<const MlmExamples::Data> read_texts_to_mask(const TextEncoder& encoder, const std::string& file,
                                                            const MlmOptions& options) {
  auto data = std::make_shared<MlmExamples::Data>();
  data->texts = EncodedTexts(file);
  TableReader rows(file, {.columns = {options.text_column}, .text_columns = {options.text_column}});
  Counts counts;
  int64_t read = 0;
  for (TableRow row; rows.next(row); ++read) {
    const Encoding whole = encoder.encode_whole_row(row.cells[0], rows.where(row));
    const std::vector<int32_t> words = words_of(whole, encoder.tokenizer());
    if (!has_word(words)) {
      counts.wordless.add(rows.where(row));
      continue;
    }
    const uint32_t kin = checksum(whole.type_ids, checksum(whole.ids));
    std::vector<Encoding> parts = in_parts(whole, words, static_cast<size_t>(encoder.max_length()));
    counts.long_texts += parts.size() > 1;
    for (Encoding& part : parts) {
      std::vector<int32_t> own = parts.size() == 1 ? words : words_of(part, encoder.tokenizer());
      if (!has_word(own)) {  // unknown words alone
        counts.wordless_parts.add(rows.where(row));
        continue;
      }
      counts.parts += parts.size() > 1;
      data->words.push_back(std::move(own));
      data->kin.push_back(kin);
      data->texts.add(std::move(part), row.line);
    }
  }
  if (read == 0) fail("{}: has no rows below its header", file);
  if (data->texts.empty()) fail("{}: none of its {} texts has a word to mask", file, read);
  data->notes = notes_of(file, counts, encoder.max_length());
  return data;
}

std::shared_ptr<const MlmExamples::Data> made_up_texts_to_mask(const TextEncoder& encoder, int64_t count) {
  auto data = std::make_shared<MlmExamples::Data>();
  data->texts = EncodedTexts::made_up(count, encoder.max_length());
  std::vector<int32_t> words;
  for (int64_t i = 0; i < encoder.max_length(); ++i) words.push_back(static_cast<int32_t>(i));
  data->words.assign(static_cast<size_t>(count), words);
  return data;
}

}  // namespace thaw
