// SPDX-License-Identifier: Apache-2.0
// Texts of a data set, tokenized once: token ids stay in memory, the texts do not.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/tasks/checksum.h"
#include "models/text/encoding.h"

namespace thaw {

class EncodedTexts {
 public:
  // Keeps what a model reads: ids and types.
  void add(Encoding full) {
    Encoding encoding;
    encoding.ids = std::move(full.ids);
    encoding.type_ids = std::move(full.type_ids);
    lengths_.push_back(static_cast<int64_t>(encoding.size()));
    encodings_.push_back(std::move(encoding));
  }
  // So many made-up texts of `length` tokens: to plan without data.
  static EncodedTexts made_up(int64_t count, int64_t length) {
    Encoding encoding;
    encoding.ids.assign(static_cast<size_t>(length), 0);
    encoding.type_ids = encoding.ids;
    EncodedTexts texts;
    texts.encodings_.assign(static_cast<size_t>(count), encoding);
    texts.lengths_.assign(static_cast<size_t>(count), length);
    return texts;
  }

  bool empty() const { return encodings_.empty(); }
  std::span<const int64_t> lengths() const { return lengths_; }  // tokens of each
  std::vector<const Encoding*> pick(std::span<const int64_t> examples) const {
    std::vector<const Encoding*> picked;
    for (const int64_t example : examples) picked.push_back(&encodings_[static_cast<size_t>(example)]);
    return picked;
  }
  uint32_t checksum() const {
    uint32_t sum = thaw::checksum(lengths_);
    for (const Encoding& encoding : encodings_)
      sum = thaw::checksum(encoding.type_ids, thaw::checksum(encoding.ids, sum));
    return sum;
  }

 private:
  std::vector<Encoding> encodings_;
  std::vector<int64_t> lengths_;
};

}  // namespace thaw
