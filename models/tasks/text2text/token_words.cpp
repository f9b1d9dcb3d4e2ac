// SPDX-License-Identifier: Apache-2.0
// Looks words up.
#include "models/tasks/text2text/token_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "models/data/line_reader.h"
#include "models/tasks/text2text/comma_list.h"
#include "models/tasks/text_at.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// Of a model that knows the first vocab_size tokens of a tokenizer.
class Tokens {
 public:
  Tokens(const Tokenizer& tokenizer, int64_t vocab_size) : tokenizer_(tokenizer), vocab_size_(vocab_size) {}

  void set(const char* option, const std::string& word, std::optional<int32_t>& id) const {
    if (word == TokenWords::no_rule) {
      id.reset();
    } else if (!word.empty()) {
      id = id_of(option, word);
    }
  }

  void set(const char* option, const std::string& words, std::vector<int32_t>& ids) const {
    if (words.empty()) return;
    ids.clear();
    if (words == TokenWords::no_rule) return;
    for (const std::string& word : comma_list(words)) ids.push_back(id_of(option, word));
  }

  // As the reference makes lists of bad words: each text by itself, at its beginning.
  std::vector<std::vector<int32_t>> read_bad_words(const std::string& file) const {
    std::vector<std::vector<int32_t>> words;
    LineReader lines(file);
    for (std::string line; lines.next(line);) {
      if (line.empty()) continue;
      try {
        words.push_back(known_tokens(line, tokenizer_));
        for (const int32_t id : words.back()) check_known(id);
      } catch (const std::invalid_argument& error) {
        fail("{}: {}", lines.where(), error.what());
      }
    }
    return words;
  }

 private:
  void check_known(int32_t id) const {
    check(id < vocab_size_, "the model does not know {} (id {}): it has {} tokens", quote(tokenizer_.token(id)), id,
          vocab_size_);
  }

  int32_t id_of(const char* option, const std::string& word) const {
    int32_t id = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    const bool is_id =
        !word.empty() && error == std::errc() && end == word.data() + word.size() && tokenizer_.has_token(id);
    if (!is_id) {
      const std::optional<int32_t> found = tokenizer_.find_id(word);
      check(found.has_value(), "{}: {} is neither a token of the vocabulary nor the id of one", option, quote(word));
      id = *found;
    }
    try {
      check_known(id);
    } catch (const std::invalid_argument& unknown) {
      throw std::invalid_argument(fmt::format("{}: {}", option, unknown.what()));
    }
    return id;
  }

  const Tokenizer& tokenizer_;
  int64_t vocab_size_;
};

// How the option is called that gives the rule; empty: it is not given.
std::string given_name(TokenWords given, std::string_view rule) {
  const std::string_view name = rule == "bad_words_ids" ? "bad_words_file" : rule;
  const std::vector<OptionField> fields = given.fields();
  const auto field = std::ranges::find(fields, name, &OptionField::name);
  return field != fields.end() && !value_text(*field).empty() ? field->name : "";
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
       .words = {TokenWords::no_rule},
       .is_file = true},
  };
}

std::vector<int32_t> known_tokens(const std::string& text, const Tokenizer& tokenizer) {
  Encoding encoding = tokenizer.encode(text, EncodeOptions{.add_special_tokens = false});
  check(!encoding.ids.empty(), "{} has no token", quote(text));
  for (size_t i = 0; i < encoding.size(); ++i)
    check(encoding.ids[i] != tokenizer.special().unknown, "{} has {}, which the vocabulary does not know", quote(text),
          quote(text_at(text, encoding.offsets[i])));
  return std::move(encoding.ids);
}

void check_lists(const TokenWords& words, const FieldNames& called) {
  for (const auto& [name, list] :
       {std::pair{"suppress_tokens", words.suppress_tokens}, {"begin_suppress_tokens", words.begin_suppress_tokens}}) {
    const std::vector<std::string> all = comma_list(list);
    check(list.empty() || std::ranges::find(all, "") == all.end(), "{} {}: there is no token between two commas",
          called(name), quote_if_odd(list));
  }
}

void apply(const TokenWords& words, const Tokenizer& tokenizer, int64_t vocab_size, GenerationOptions& o) {
  const Tokens tokens(tokenizer, vocab_size);
  tokens.set("forced_bos_token_id", words.forced_bos_token_id, o.forced_bos_token_id);
  tokens.set("forced_eos_token_id", words.forced_eos_token_id, o.forced_eos_token_id);
  tokens.set("suppress_tokens", words.suppress_tokens, o.suppress_tokens);
  tokens.set("begin_suppress_tokens", words.begin_suppress_tokens, o.begin_suppress_tokens);
  if (words.bad_words_file == TokenWords::no_rule) {
    o.bad_words_ids.clear();
  } else if (!words.bad_words_file.empty()) {
    o.bad_words_ids = tokens.read_bad_words(words.bad_words_file);
  }
}

void check_forced(const TokenWords& given, const std::string& file, const GenerationOptions& options) {
  const std::optional<ForbiddenToken> token = forbidden_token(options);
  if (!token) return;
  const std::string forced = given_name(given, token->forced), other = given_name(given, token->forbidden_by);
  const auto of_file = [&](std::string_view rule) { return fmt::format("{} of {}", rule, file); };
  if (!forced.empty())
    check(false, "{} {}: {} forbids it", forced, token->id, other.empty() ? of_file(token->forbidden_by) : other);
  check(other.empty(), "{} {}: forbids the {}", other, token->id, of_file(token->forced));
}

}  // namespace thaw
