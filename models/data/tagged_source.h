// SPDX-License-Identifier: Apache-2.0
// One format of words with labels: cuts a file into sentences.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "models/data/line_reader.h"
#include "models/data/tagged_words.h"

namespace thaw {

class TaggedSource {
 public:
  virtual ~TaggedSource() = default;

  // See TaggedWords.
  virtual bool next(TaggedSentence& sentence) = 0;
  virtual const std::string& name() const = 0;
  virtual std::string where(const TaggedSentence& sentence, size_t word) const = 0;
};

std::unique_ptr<TaggedSource> make_tagged_lists(LineReader lines, const TaggedReading& reading);  // JSONL
std::unique_ptr<TaggedSource> make_tagged_columns(LineReader lines, const TaggedReading& reading, bool conllu);

}  // namespace thaw
