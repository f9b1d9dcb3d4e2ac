// SPDX-License-Identifier: Apache-2.0
// Reads texts to mask.
#include <cstdint>
#include <utility>

#include "models/tasks/mlm/examples.h"
#include "models/tasks/text_parts.h"

namespace thaw {
namespace {

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
  const PartsReading reading{.column = options.text_column,
                             .length = encoder.max_length(),
                             .is_of_use = [](const Encoding&, const auto& words) { return has_word(words); },
                             .lack = "no word to mask",
                             .need = "a word to mask"};
  data->notes = read_text_parts(encoder, file, reading, [&](TextPart part) {
    data->words.push_back(std::move(part.words));
    data->kin.push_back(part.kin);
    data->texts.add(std::move(part.tokens), part.line);
  });
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
