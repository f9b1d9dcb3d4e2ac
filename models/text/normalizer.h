// SPDX-License-Identifier: Apache-2.0
// The normalizer of a tokenizer.json: steps that rewrite a text one after the other and remember where it came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/text/bert_normalizer.h"
#include "models/text/normal_form.h"
#include "models/text/precompiled_normalizer.h"
#include "tensor/io/json.h"

namespace thaw {

struct Lowercase {};
struct StripAccents {};  // drops marks of all kinds (M*), without decomposing anything
struct StripSpace {
  bool left = true, right = true;
};
struct ReplaceText {
  std::string from, to;
};
struct ReplaceSpace {  // runs of whitespace, each by `to`
  std::string to;
};
using NormalizerStep = std::variant<BertNormalizer, NormalForm, Lowercase, StripAccents, StripSpace, ReplaceText,
                                    ReplaceSpace, PrecompiledNormalizer>;

class Normalizer {
 public:
  // Without steps a text stays as it is.
  Normalizer() = default;
  explicit Normalizer(std::vector<NormalizerStep> steps) : steps_(std::move(steps)) {}

  // Replaces `out` by the normalized piece, whose first code point is number `first` of its text.
  void normalize(std::string_view piece, uint32_t first, NormalizedText& out) const;

 private:
  std::vector<NormalizerStep> steps_;
};

// The section `normalizer` of a tokenizer.json, which may be null. std::runtime_error naming the file and the component
// if it is not one of those above, or a Sequence of them.
Normalizer read_normalizer(const Json& json);

// The section that stands for a BertNormalizer.
Json normalizer_json(const BertNormalizer& normalizer);

}  // namespace thaw
