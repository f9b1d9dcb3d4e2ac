// SPDX-License-Identifier: Apache-2.0
// WordPiece against every case that the reference library computed.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "models/text/tokenizer.h"
#include "models/text/unicode.h"
#include "tensor/json.h"
#include "tests/goldens.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::vector<int32_t> integers(const Json& json, const char* key) {
  const auto wide = json.get_ints(key);
  return {wide.begin(), wide.end()};
}

Truncation truncation_of(const std::string& name) {
  if (name == "only_first") return Truncation::only_first;
  if (name == "only_second") return Truncation::only_second;
  REQUIRE(name == "longest_first");
  return Truncation::longest_first;
}

// Checks whatever a case states.
void check_case(const Tokenizer& tokenizer, const Json& expected) {
  const std::string& text = expected.get_string("text");
  INFO(text);
  EncodeOptions options;
  options.keep_tokens = true;
  options.add_special_tokens = expected.get_bool_or("add_special_tokens", true);
  if (expected.contains("max_length")) {
    options.max_length = static_cast<size_t>(expected.get_int("max_length"));
    options.truncation = truncation_of(expected.get_string("truncation"));
  }
  const Encoding got = expected.contains("pair") ? tokenizer.encode_pair(text, expected.get_string("pair"), options)
                                                 : tokenizer.encode(text, options);
  CHECK(got.ids == integers(expected, "ids"));
  CHECK(got.tokens == expected.get_strings("tokens"));
  if (expected.contains("type_ids")) CHECK(got.type_ids == integers(expected, "type_ids"));
  if (expected.contains("decoded")) CHECK(tokenizer.decode(got.ids) == expected.get_string("decoded"));
  if (!expected.contains("offsets")) return;
  std::vector<TextSpan> offsets;
  for (const Json& item : expected.get_array("offsets").items())
    offsets.push_back({static_cast<uint32_t>(item.get_int(0)), static_cast<uint32_t>(item.get_int(1))});
  CHECK(got.offsets == offsets);
}

size_t check_cases(const Tokenizer& tokenizer, const std::filesystem::path& file) {
  std::ifstream lines(file);
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) check_case(tokenizer, Json::parse(line, file.string()));
  return count;
}

}  // namespace

TEST_CASE("wordpiece: every golden case is identical") {
  if (!has_golden("tokenizers")) return;
  size_t folders = 0;
  for (const auto& folder : std::filesystem::directory_iterator(golden_dir() / "tokenizers")) {
    const std::string name = folder.path().filename().string();
    if (!name.starts_with("wordpiece")) continue;
    ++folders;
    CAPTURE(name);
    CHECK(check_cases(*load_tokenizer(folder.path().string()), folder.path() / "cases.jsonl") > 0);
    // From vocab.txt alone, and from the tokenizer.json made of it.
    const ScratchFolder vocabulary, saved, json_only;
    for (const char* file : {"vocab.txt", "tokenizer_config.json"})
      std::filesystem::copy(folder.path() / file, vocabulary.path() / file);
    const auto tokenizer = load_tokenizer(vocabulary.path().string());
    CHECK_FALSE(tokenizer->max_length().has_value());
    CHECK(check_cases(*tokenizer, folder.path() / "cases.jsonl") > 0);
    tokenizer->save(saved.path().string());
    std::filesystem::copy(saved.path() / "tokenizer.json", json_only.path() / "tokenizer.json");
    CHECK(check_cases(*load_tokenizer(json_only.path().string()), folder.path() / "cases.jsonl") > 0);
  }
  CHECK(folders > 0);
}

TEST_CASE("wordpiece: the extra cases are identical") {
  const std::filesystem::path folder =
      std::filesystem::path(THAW_SOURCE_DIR) / "tests" / "models" / "text" / "wordpiece_cases";
  CHECK(check_cases(*load_tokenizer((folder / "uncased").string()), folder / "uncased" / "cases.jsonl") > 0);
  CHECK(check_cases(*load_tokenizer((folder / "cased").string()), folder / "cased" / "cases.jsonl") > 0);
}
