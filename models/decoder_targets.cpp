// SPDX-License-Identifier: Apache-2.0
// Labels, one place to the right.
#include "models/decoder_targets.h"

#include <utility>

#include "tensor/check.h"

namespace thaw {

namespace {
constexpr int32_t not_counted = -100;

int32_t known_token(const std::optional<int64_t>& id, const char* key) {
  check(id.has_value(), "labels: config.json has no {}", key);
  return static_cast<int32_t>(*id);
}
}  // namespace

DecoderTargets DecoderTargets::from_labels(const std::vector<std::vector<int32_t>>& texts, const WriterTokens& known,
                                           Device device) {
  const int32_t start = known_token(known.decoder_start_token_id, "decoder_start_token_id");
  DecoderTargets targets;
  std::vector<Encoding> read;
  for (const std::vector<int32_t>& labels : texts) {
    Encoding& text = read.emplace_back();
    for (const int32_t label : labels) {
      const int32_t before = text.ids.empty() ? start : targets.labels.back();
      text.ids.push_back(before == not_counted ? known_token(known.pad_token_id, "pad_token_id") : before);
      targets.labels.push_back(label);
    }
  }
  targets.read = PackedText::from_encodings(pointers_to(read), device);
  return targets;
}

DecoderTargets DecoderTargets::from_padded(int64_t rows, int64_t columns, const std::vector<int32_t>& labels,
                                           const WriterTokens& known, Device device) {
  check(static_cast<int64_t>(labels.size()) == rows * columns, "labels: {} cells, [{}, {}] has {}", labels.size(), rows,
        columns, rows * columns);
  std::vector<std::vector<int32_t>> texts;
  std::vector<int32_t> cells;
  for (int64_t b = 0; b < rows; ++b) {
    const auto begin = labels.begin() + b * columns;
    int64_t length = columns;
    while (length > 0 && begin[length - 1] == not_counted) --length;
    texts.emplace_back(begin, begin + length);
    for (int64_t s = 0; s < length; ++s) cells.push_back(static_cast<int32_t>(b * columns + s));
  }
  DecoderTargets targets = from_labels(texts, known, device);
  targets.read.cells = std::move(cells);
  return targets;
}

}  // namespace thaw
