// SPDX-License-Identifier: Apache-2.0
// Lays each picture behind its text.
#include "models/vilt/input.h"

#include <utility>
#include <vector>

#include "models/image/text_and_patches.h"
#include "models/packed_text.h"
#include "tensor/check.h"

namespace thaw {

ViltInput::ViltInput(BertInput texts_of_pairs, PatchInput pictures_of_pairs)
    : texts(std::move(texts_of_pairs)), pictures(std::move(pictures_of_pairs)) {
  const Segments& tokens = texts.segments;
  const Segments& patches = pictures.rows.segments;
  check(tokens.count() == patches.count(), "{} texts and {} pictures: each has its own", tokens.count(),
        patches.count());
  std::vector<int32_t> lengths, source, modality, at, firsts;
  for (int64_t b = 0; b < tokens.count(); ++b) {
    firsts.push_back(static_cast<int32_t>(source.size()));
    for (int32_t t = tokens.begin(b); t < tokens.end(b); ++t) {
      at.push_back(static_cast<int32_t>(source.size()));
      source.push_back(t);
    }
    for (int32_t r = patches.begin(b); r < patches.end(b); ++r)
      source.push_back(static_cast<int32_t>(tokens.total()) + r);
    modality.resize(modality.size() + static_cast<size_t>(tokens.length(b)), 0);
    modality.resize(source.size(), 1);
    lengths.push_back(tokens.length(b) + patches.length(b));
  }
  const Device device = texts.type_ids.device().device();
  segments = Segments(lengths, device);
  one_each = Segments(std::vector<int32_t>(lengths.size(), 1), device);
  order = Indices(std::move(source), device);
  modalities = Indices(std::move(modality), device);
  text_rows = Indices(std::move(at), device);
  first_tokens = Indices(std::move(firsts), device);
}

ViltInput ViltInput::from_encodings(std::span<const Encoding* const> pairs, Device device) {
  std::vector<Encoding> texts, pictures;
  for (const Encoding* pair : pairs) {
    texts.push_back(text_of(*pair));
    pictures.push_back(patches_of(*pair));
  }
  return {BertInput::from_encodings(texts, device), PatchInput::from_encodings(pointers_to(pictures), device)};
}

}  // namespace thaw
