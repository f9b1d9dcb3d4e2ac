// SPDX-License-Identifier: Apache-2.0
// spiece.model alone, against every case that sentencepiece computed.
#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "models/data/json_rows.h"
#include "models/text/sentencepiece_file.h"
#include "models/text/sentencepiece_normalizer.h"
#include "models/text/tokenizer.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

std::vector<int32_t> integers(const Json& json, const char* key) {
  const auto wide = json.get_ints(key);
  return {wide.begin(), wide.end()};
}

void check_case(const Tokenizer& tokenizer, const SentencePieceNormalizer& normalizer, const Json& expected) {
  const std::string& text = expected.get_string("text");
  INFO(text);
  EncodeOptions options;
  options.keep_tokens = true;
  const Encoding got = tokenizer.encode(text, options);
  CHECK(got.ids == integers(expected, "ids"));
  CHECK(got.tokens == expected.get_strings("tokens"));
  CHECK(tokenizer.decode(got.ids) == expected.get_string("decoded"));
  NormalizedText normalized;
  normalizer.normalize(text, 0, normalized);
  CHECK(normalized.text == expected.get_string("normalized"));
  if (expected.contains("decode"))
    CHECK(tokenizer.decode(integers(expected, "decode")) == expected.get_string("decodes_to"));
  if (!expected.contains("offsets")) return;
  std::vector<TextSpan> offsets;
  for (const Json& item : expected.get_array("offsets").items())
    offsets.push_back({static_cast<uint32_t>(item.get_int(0)), static_cast<uint32_t>(item.get_int(1))});
  CHECK(got.offsets == offsets);
}

size_t check_folder(const std::filesystem::path& folder) {
  CAPTURE(folder.string());
  const std::string path = (folder / "spiece.model").string(), content = read_bytes(path);
  const std::unique_ptr<Tokenizer> tokenizer = load_tokenizer(folder.string());
  const SentencePieceNormalizer normalizer(parse_sentencepiece(content, path), path);
  REQUIRE(tokenizer->files().size() == 1);
  CHECK(tokenizer->files().front().name == "spiece.model");
  CHECK(tokenizer->files().front().content == content);
  JsonRows rows{LineReader((folder / "cases.jsonl").string())};
  size_t count = 0;
  for (Json row; rows.next(row); ++count) check_case(*tokenizer, normalizer, row);
  return count;
}

}  // namespace

TEST_CASE("sentencepiece: every golden case is identical") {
  if (!has_golden("tokenizers")) return;
  for (const char* name : {"unigram", "unigram_bytes", "unigram_identity"})
    CHECK(check_folder(golden_dir() / "tokenizers" / name) > 0);
}

TEST_CASE("sentencepiece: bytes, user-defined pieces and rare settings work as in the reference") {
  for (const char* name : {"bytes", "user", "odd"})
    CHECK(check_folder(source_folder() / "tests/models/text/sentencepiece_cases" / name) > 100);
}
