// SPDX-License-Identifier: Apache-2.0
// Compares ids, tokens, types, offsets and what is decoded.
#include "tests/models/text/token_cases.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "tensor/utf8.h"
#include "tests/scratch_folder.h"

namespace thaw {

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

}  // namespace

void check_case(const Tokenizer& tokenizer, const Json& expected, Call call) {
  const std::string& text = expected.get_string("text");
  INFO(text);
  EncodeOptions options;
  options.keep_tokens = true;
  options.add_special_tokens = expected.get_bool_or("add_special_tokens", true);
  if (expected.contains("max_length")) {
    options.max_length = static_cast<size_t>(expected.get_int("max_length"));
    options.truncation = truncation_of(expected.get_string_or("truncation", "longest_first"));
  }
  const std::string pair = expected.get_string_or("pair", "");
  const bool is_pair = call == Call::batched ? expected.contains("pair") : !pair.empty();
  const Encoding got = is_pair ? tokenizer.encode_pair(text, pair, options) : tokenizer.encode(text, options);
  CHECK(got.ids == integers(expected, "ids"));
  if (expected.contains("tokens")) CHECK(got.tokens == expected.get_strings("tokens"));
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

void check_variant(const std::filesystem::path& folder, const Json& cases) {
  const auto tokenizer = load_tokenizer(folder.string());
  for (const Json& expected : cases.items()) check_case(*tokenizer, expected, Call::batched);
}

size_t for_each_variant(const std::filesystem::path& folder, const char* file,
                        const std::function<void(const Json&, const Json&)>& check) {
  const Json common = Json::read((folder / "variants" / "tokenizer.json").string());
  std::ifstream lines(folder / "variants" / file);
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) check(Json::parse(line, file), common);
  return count;
}

size_t check_components(const std::filesystem::path& folder) {
  return for_each_variant(folder, "components.jsonl", [](const Json& variant, const Json& common) {
    Json json = common;
    for (const JsonMember& member : variant.members())
      if (member.key != "cases") json.set(member.key, member.value);
    INFO(variant.dump().substr(0, 600));
    const ScratchFolder scratch;
    scratch.write("tokenizer.json", json.dump());
    check_variant(scratch.path(), variant.get_array("cases"));
  });
}

}  // namespace thaw
