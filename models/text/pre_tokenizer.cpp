// SPDX-License-Identifier: Apache-2.0
// Cuts texts into words.
#include "models/text/pre_tokenizer.h"

#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/text/bert_pre_tokenizer.h"
#include "models/text/byte_characters.h"
#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// A stretch of a text: a delimiter, or what lies between two.
struct Stretch {
  size_t begin, end;
  bool is_delimiter;
};

// The reference's rules: of several delimiters in a row only the first is merged.
void put_words(const std::vector<Stretch>& stretches, Delimiters delimiters, std::vector<Word>& out) {
  const size_t first = out.size();
  const auto put = [&](size_t begin, size_t end) {
    if (begin < end) out.push_back({begin, end});
  };
  switch (delimiters) {
    case Delimiters::removed:
      for (const Stretch& s : stretches)
        if (!s.is_delimiter) put(s.begin, s.end);
      break;
    case Delimiters::isolated:
      for (const Stretch& s : stretches) put(s.begin, s.end);
      break;
    case Delimiters::contiguous:
      for (size_t i = 0; i < stretches.size(); ++i) {
        const bool same = i > 0 && stretches[i].is_delimiter == stretches[i - 1].is_delimiter;
        if (same && out.size() > first) {
          out.back().end = stretches[i].end;
        } else {
          put(stretches[i].begin, stretches[i].end);
        }
      }
      break;
    case Delimiters::merged_with_previous:
      for (size_t i = 0; i < stretches.size(); ++i) {
        const bool merges = stretches[i].is_delimiter && (i == 0 || !stretches[i - 1].is_delimiter);
        if (merges && out.size() > first) {
          out.back().end = stretches[i].end;
        } else {
          put(stretches[i].begin, stretches[i].end);
        }
      }
      break;
    case Delimiters::merged_with_next:
      for (size_t i = 0; i < stretches.size(); ++i) {
        const bool merges = stretches[i].is_delimiter && i + 1 < stretches.size() && !stretches[i + 1].is_delimiter;
        const size_t begin = stretches[i].begin;
        if (merges) ++i;
        put(begin, stretches[i].end);
      }
      break;
  }
}

class Cutter {
 public:
  Cutter(std::string_view text, Word word, std::vector<Word>& out) : text_(text), word_(word), out_(out) {}

  void operator()(const BertWords&) {
    split_bert_words(text_, word_.begin, word_.end, [&](size_t begin, size_t end) { out_.push_back({begin, end}); });
  }
  void operator()(const WordRuns&) {
    enum class Kind { space, letter, other };
    Kind before = Kind::space;
    for (size_t at = word_.begin; at < word_.end;) {
      const size_t begin = at;
      const char32_t code = next_code_point(text_, at);
      const Kind kind = is_word_character(code) ? Kind::letter : is_whitespace(code) ? Kind::space : Kind::other;
      if (kind != Kind::space) {
        if (kind == before) {
          out_.back().end = at;
        } else {
          out_.push_back({begin, at});
        }
      }
      before = kind;
    }
  }
  void operator()(const SpaceSplit&) { at_characters(is_whitespace, Delimiters::removed); }
  void operator()(const Punctuation& step) { at_characters(is_punctuation, step.delimiters); }
  void operator()(const Digits& step) {
    at_characters(is_numeric, step.individual ? Delimiters::isolated : Delimiters::contiguous);
  }
  void operator()(const Metaspace&) {}  // which writes words anew: put_metaspace_words
  void operator()(const TextSplit& step) {
    const std::string_view text = text_.substr(0, word_.end);
    at_matches(step, [&](size_t from) {
      const size_t at = text.find(step.pattern, from);
      return at == std::string_view::npos ? Word{word_.end, word_.end} : Word{at, at + step.pattern.size()};
    });
  }
  void operator()(const ByteWords&) {}  // which writes words anew: put_byte_words
  void operator()(const PatternSplit& step) {
    at_matches(step, [&](size_t from) {
      for (size_t at = from; at < word_.end; next_code_point(text_, at))
        if (const size_t end = match(step.pattern, text_, at, word_.end); end > at) return Word{at, end};
      return Word{word_.end, word_.end};
    });
  }

 private:
  // find(from): the next match, or one without letters at the end of the word.
  template <typename Find>
  void at_matches(const auto& step, Find find) {
    std::vector<Stretch> stretches;
    size_t done = word_.begin;
    const auto put = [&](size_t end, bool is_match) {
      if (done < end) stretches.push_back({done, end, is_match != step.invert});
      done = end;
    };
    while (done < word_.end) {
      const Word found = find(done);
      put(found.begin, false);
      put(found.end, true);
    }
    put_words(stretches, step.delimiters, out_);
  }

  // Every character for which is_delimiter(character) is true is a delimiter of its own.
  template <typename IsDelimiter>
  void at_characters(IsDelimiter is_delimiter, Delimiters delimiters) {
    std::vector<Stretch> stretches;
    for (size_t at = word_.begin; at < word_.end;) {
      const size_t begin = at;
      const bool found = is_delimiter(next_code_point(text_, at));
      if (!found && !stretches.empty() && !stretches.back().is_delimiter) {
        stretches.back().end = at;
      } else {
        stretches.push_back({begin, at, found});
      }
    }
    put_words(stretches, delimiters, out_);
  }

  std::string_view text_;
  Word word_;
  std::vector<Word>& out_;
};

// Writes the bytes [begin, end) of `from` as their characters.
void put_bytes(const NormalizedText& from, size_t begin, size_t end, NormalizedText& out) {
  for (size_t at = begin; at < end; ++at) {
    out.text += byte_characters()[static_cast<unsigned char>(from.text[at])];
    out.source.resize(out.text.size(), from.source[at]);
  }
}

// One word of a text as words of `out`.
void put_byte_words(const ByteWords& step, const NormalizedText& text, Word word, NormalizedText& out,
                    std::vector<Word>& words) {
  NormalizedText prefixed;
  const NormalizedText* whole = &text;
  if (step.add_prefix_space && text.text[word.begin] != ' ') {  // the space lies where the first character does
    prefixed.append(U' ', text.source[word.begin]);
    prefixed.text.append(text.text, word.begin, word.end - word.begin);
    const auto source = text.source.begin();
    prefixed.source.insert(prefixed.source.end(), source + static_cast<ptrdiff_t>(word.begin),
                           source + static_cast<ptrdiff_t>(word.end));
    whole = &prefixed;
    word = {0, prefixed.text.size()};
  }
  while (word.begin < word.end) {
    const size_t end = step.use_pattern ? match(WordPattern::gpt2, whole->text, word.begin, word.end) : word.end;
    const size_t begin = out.text.size();
    put_bytes(*whole, word.begin, end, out);
    words.push_back({begin, out.text.size()});
    word.begin = end;
  }
}

}  // namespace

const NormalizedText& PreTokenizer::split(const NormalizedText& text, size_t begin, size_t end,
                                          std::vector<Word>& words, NormalizedText& rewritten) const {
  words.clear();
  if (begin < end) words.push_back({begin, end});
  const NormalizedText* now = &text;
  std::vector<Word> before;
  for (const PreTokenizerStep& step : steps_) {
    std::swap(before, words);
    words.clear();
    if (const auto* bytes = std::get_if<ByteWords>(&step)) {
      NormalizedText out;
      for (const Word& word : before) put_byte_words(*bytes, *now, word, out, words);
      rewritten = std::move(out);
      now = &rewritten;
    } else if (const auto* metaspace = std::get_if<Metaspace>(&step)) {
      NormalizedText out;
      for (const Word& word : before) put_metaspace_words(*metaspace, *now, word, out, words);
      rewritten = std::move(out);
      now = &rewritten;
    } else {
      for (const Word& word : before) std::visit(Cutter(now->text, word, words), step);
    }
  }
  return *now;
}

}  // namespace thaw
