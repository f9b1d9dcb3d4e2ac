// SPDX-License-Identifier: Apache-2.0
// Looks words up.
#include "models/tasks/text2text/token_words.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "models/data/line_reader.h"
#include "models/tasks/text2text/comma_list.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* no_rule = "none";

int32_t token_id(const char* option, const std::string& word, const Tokenizer& tokenizer) {
  int32_t id = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
  if (!word.empty() && error == std::errc() && end == word.data() + word.size() && tokenizer.has_token(id)) return id;
  const std::optional<int32_t> found = tokenizer.find_id(word);
  check(found.has_value(), "{}: {} is neither a token of the vocabulary nor the id of one", option, quote(word));
  return *found;
}

void set(const char* option, const std::string& word, const Tokenizer& tokenizer, std::optional<int32_t>& id) {
  if (word == no_rule) {
    id.reset();
  } else if (!word.empty()) {
    id = token_id(option, word, tokenizer);
  }
}

void set(const char* option, const std::string& words, const Tokenizer& tokenizer, std::vector<int32_t>& ids) {
  if (words.empty()) return;
  ids.clear();
  if (words == no_rule) return;
  for (const std::string& word : comma_list(words)) ids.push_back(token_id(option, word, tokenizer));
}

// As the reference makes lists of bad words: each text by itself, at its beginning.
std::vector<std::vector<int32_t>> read_bad_words(const std::string& file, const Tokenizer& tokenizer) {
  std::vector<std::vector<int32_t>> words;
  LineReader lines(file);
  for (std::string line; lines.next(line);) {
    if (line.empty()) continue;
    words.push_back(tokenizer.encode(line, EncodeOptions{.add_special_tokens = false}).ids);
    if (words.back().empty()) fail("{}: {} has no token", lines.where(), quote(line));
  }
  return words;
}

}  // namespace

std::vector<OptionField> TokenWords::fields() {
  return {
      {"forced_bos_token_id", &forced_bos_token_id,
       "the first token that is written, by its id or its text in the vocabulary; none: any"},
      {"forced_eos_token_id", &forced_eos_token_id, "the last token of a text that has reached --max-new-tokens"},
      {"suppress_tokens", &suppress_tokens, "tokens, with commas between them, that are never written; none: no such"},
      {"begin_suppress_tokens", &begin_suppress_tokens, "tokens that no text begins with"},
      {.name = "bad_words_file",
       .field = &bad_words_file,
       .help = "file of words or phrases, one a line, that are not written; none: no such",
       .words = {no_rule},
       .is_file = true},
  };
}

void apply(const TokenWords& words, const Tokenizer& tokenizer, GenerationOptions& o) {
  set("forced_bos_token_id", words.forced_bos_token_id, tokenizer, o.forced_bos_token_id);
  set("forced_eos_token_id", words.forced_eos_token_id, tokenizer, o.forced_eos_token_id);
  set("suppress_tokens", words.suppress_tokens, tokenizer, o.suppress_tokens);
  set("begin_suppress_tokens", words.begin_suppress_tokens, tokenizer, o.begin_suppress_tokens);
  if (!words.bad_words_file.empty())
    o.bad_words_ids = words.bad_words_file == no_rule ? std::vector<std::vector<int32_t>>()
                                                      : read_bad_words(words.bad_words_file, tokenizer);
}

}  // namespace thaw
