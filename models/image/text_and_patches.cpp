// SPDX-License-Identifier: Apache-2.0
// Lays a picture's entries behind a text's tokens, and takes them apart.
#include "models/image/text_and_patches.h"

#include <utility>

#include "models/image/patch_embeddings.h"
#include "tensor/check.h"

namespace thaw {

Encoding text_and_patches(Encoding text, std::shared_ptr<const RowSource> patches, int64_t tokens_in_front) {
  const size_t size = text.ids.size() + static_cast<size_t>(tokens_in_front + patches->rows());
  Encoding example;
  example.ids = std::move(text.ids);
  example.type_ids = std::move(text.type_ids);
  example.ids.resize(size);
  example.type_ids.resize(size);
  example.cut = text.cut;
  example.rows = std::move(patches);
  return example;
}

Encoding text_of(const Encoding& example, int64_t tokens_in_front) {
  check(example.rows && std::ssize(example.ids) > tokens_in_front + example.rows->rows(),
        "an example of {} entries is none of a text and a picture behind it", example.ids.size());
  const auto tokens = static_cast<ptrdiff_t>(std::ssize(example.ids) - tokens_in_front - example.rows->rows());
  Encoding text;
  text.ids.assign(example.ids.begin(), example.ids.begin() + tokens);
  text.type_ids.assign(example.type_ids.begin(), example.type_ids.begin() + tokens);
  text.cut = example.cut;
  return text;
}

Encoding patches_of(const Encoding& example, int64_t tokens_in_front) {
  check(example.rows != nullptr, "an example of {} tokens has no picture", example.ids.size());
  return encoding_of_patches(example.rows, tokens_in_front);
}

}  // namespace thaw
