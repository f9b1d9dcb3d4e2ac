// SPDX-License-Identifier: Apache-2.0
// Fuzz target: words with labels. The first byte chooses the format, and whether labels are read; the others are the
// file. Every word has a label, and both are something.
#include "models/data/tagged_words.h"

#include <sstream>

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    if (bytes.empty()) return;
    constexpr thaw::TaggedFormat formats[] = {thaw::TaggedFormat::jsonl, thaw::TaggedFormat::conll,
                                              thaw::TaggedFormat::conllu};
    const auto choice = static_cast<unsigned char>(bytes[0]);
    std::istringstream file{std::string(bytes.substr(1))};
    thaw::TaggedReading reading;
    reading.with_tags = choice < 128;
    thaw::TaggedWords words(file, "file", formats[choice % 3], reading);
    thaw::TaggedSentence sentence;
    for (int64_t line = 0; words.next(sentence); line = sentence.line) {
      thaw::fuzz::require(sentence.line > line, "line numbers that do not rise");
      thaw::fuzz::require(sentence.tags.size() == (reading.with_tags ? sentence.words.size() : 0),
                          "labels are missing");
      thaw::fuzz::require(sentence.lines.size() == sentence.words.size(), "lines are missing");
      thaw::fuzz::require(!reading.with_tags || !sentence.words.empty(), "a sentence without words");
      for (const std::string& word : sentence.words) thaw::fuzz::require(!word.empty(), "a word that is empty");
      for (const std::string& tag : sentence.tags) thaw::fuzz::require(!tag.empty(), "a label that is empty");
    }
  });
}
