// SPDX-License-Identifier: Apache-2.0
// Blanks there and back.
#include "models/text/metaspace.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "models/text/tokenizer_json.h"
#include "tensor/check.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {

// A blank's character lies where the blank did, one that is put before the word where the word's first character does.
void put_metaspace_words(const Metaspace& step, const NormalizedText& text, Word word, NormalizedText& out,
                         std::vector<Word>& words) {
  if (word.begin == word.end) return;
  const std::string_view mark = step.replacement;
  const std::string_view content = std::string_view(text.text).substr(word.begin, word.end - word.begin);
  size_t begin = out.text.size();
  const auto put = [&](std::string_view bytes, TextSpan source) {
    out.text += bytes;
    out.source.resize(out.text.size(), source);
  };
  const TextSpan first = text.source[word.begin];
  const bool has_mark = content.starts_with(' ') || content.starts_with(mark);
  const bool prepends =
      step.prepend == Metaspace::Prepend::always || (step.prepend == Metaspace::Prepend::first && first.begin == 0);
  if (prepends && !has_mark) put(mark, first);
  for (size_t at = 0; at < content.size();) {
    const size_t here = at;
    const bool blank = content[at] == ' ';
    next_code_point(content, at);
    const std::string_view bytes = blank ? mark : content.substr(here, at - here);
    const bool begins_word = step.split && bytes == mark && out.text.size() > begin;
    if (begins_word) {
      words.push_back({begin, out.text.size()});
      begin = out.text.size();
    }
    put(bytes, text.source[word.begin + here]);
  }
  words.push_back({begin, out.text.size()});
}

void decode_metaspace(const Metaspace& step, std::vector<std::string>& tokens) {
  const std::string& mark = step.replacement;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool drops = i == 0 && step.prepend != Metaspace::Prepend::never;
    std::string text;
    for (size_t at = 0; at < tokens[i].size();) {
      const size_t end = std::min(tokens[i].find(mark, at), tokens[i].size());
      text.append(tokens[i], at, end - at);
      if (end < tokens[i].size() && !drops) text += ' ';
      at = end + mark.size();
    }
    tokens[i] = std::move(text);
  }
}

Metaspace read_metaspace(const Json& json) {
  Metaspace step;
  step.replacement = json.get_string("replacement");
  if (count_code_points(step.replacement) != 1) fail("{}: expected one character", json.where("replacement"));
  step.split = json.get_bool_or("split", true);
  if (!json.contains("prepend_scheme")) {
    if (!json.get_bool_or("add_prefix_space", true)) step.prepend = Metaspace::Prepend::never;
    return step;
  }
  using Prepend = Metaspace::Prepend;
  static constexpr std::pair<std::string_view, Prepend> schemes[] = {
      {"always", Prepend::always}, {"first", Prepend::first}, {"never", Prepend::never}};
  const std::string& given = json.get_string("prepend_scheme");
  for (const auto& [name, prepend] : schemes) {
    if (given != name) continue;
    step.prepend = prepend;
    return step;
  }
  fail("{}: {} is not known (known: always, first, never)", json.where("prepend_scheme"), quote(given));
}

}  // namespace thaw
