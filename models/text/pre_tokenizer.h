// SPDX-License-Identifier: Apache-2.0
// The pre-tokenizer of a tokenizer.json: steps that cut a normalized text into words, each cutting the words of the one
// before.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/text/metaspace.h"
#include "models/text/normalized_text.h"
#include "models/text/word.h"
#include "models/text/word_patterns.h"
#include "tensor/io/json.h"

namespace thaw {

// What becomes of the delimiters between words.
enum class Delimiters { removed, isolated, merged_with_previous, merged_with_next, contiguous };

struct BertWords {};   // at whitespace, which is dropped; punctuation marks are words
struct WordRuns {};    // runs of letters (\w) and runs of what is neither letter nor whitespace
struct SpaceSplit {};  // at whitespace
struct Punctuation {
  Delimiters delimiters = Delimiters::isolated;
};
struct Digits {
  bool individual = false;
};
struct TextSplit {  // at a piece of text, or (inverted) at what lies between
  std::string pattern;
  Delimiters delimiters = Delimiters::removed;
  bool invert = false;
};
struct PatternSplit {  // at matches of a pattern, or (inverted) at what lies between
  WordPattern pattern = WordPattern::gpt2;
  Delimiters delimiters = Delimiters::removed;
  bool invert = false;
};
struct ByteWords {               // every byte becomes its character (byte_characters.h)
  bool add_prefix_space = true;  // a word that does not begin with a space gets one
  bool use_pattern = true;       // after that, words are cut as WordPattern::gpt2 says
};
using PreTokenizerStep =
    std::variant<BertWords, WordRuns, SpaceSplit, Punctuation, Digits, TextSplit, PatternSplit, ByteWords, Metaspace>;

class PreTokenizer {
 public:
  // Without steps the whole text is one word.
  PreTokenizer() = default;
  explicit PreTokenizer(std::vector<PreTokenizerStep> steps) : steps_(std::move(steps)) {}

  // Replaces `words` by those of the bytes [begin, end) of a text, and returns the text that they lie in: `text`, or
  // `rewritten` if a step writes characters anew.
  const NormalizedText& split(const NormalizedText& text, size_t begin, size_t end, std::vector<Word>& words,
                              NormalizedText& rewritten) const;

 private:
  std::vector<PreTokenizerStep> steps_;
};

// The section `pre_tokenizer` of a tokenizer.json, which may be null. std::runtime_error naming the file and the
// component if it is not one of those above, or a Sequence of them.
PreTokenizer read_pre_tokenizer(const Json& json);

}  // namespace thaw
