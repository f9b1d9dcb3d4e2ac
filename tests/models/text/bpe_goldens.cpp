// SPDX-License-Identifier: Apache-2.0
// BPE against every case that the reference library computed: of bytes, with ends of words, CLIP's.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/text/tokenizer.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/models/text/token_cases.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

const std::filesystem::path own_cases = source_folder() / "tests" / "models" / "text" / "bpe_cases";

// Every case, from the files there are, and from what is saved of them; with vocab.json and merges.txt alone too.
void check_folder(const std::filesystem::path& folder) {
  CAPTURE(folder.string());
  const std::filesystem::path cases = folder / "cases.jsonl";
  const auto tokenizer = load_tokenizer(folder.string());
  CHECK(check_cases(*tokenizer, cases) > 0);
  const ScratchFolder vocabulary, saved, json_only;
  for (const char* file : {"vocab.json", "merges.txt", "tokenizer_config.json"})
    std::filesystem::copy(folder / file, vocabulary.path() / file);
  const auto built = load_tokenizer(vocabulary.path().string());
  CHECK(check_cases(*built, cases) > 0);
  CHECK(built->max_length() == tokenizer->max_length());
  built->save(saved.path().string());
  for (const char* file : {"vocab.json", "merges.txt", "tokenizer_config.json"})
    CHECK(read_bytes(saved / file) == read_bytes((folder / file).string()));
  for (const char* file : {"tokenizer.json", "tokenizer_config.json"})
    std::filesystem::copy(saved.path() / file, json_only.path() / file);
  CHECK(check_cases(*load_tokenizer(json_only.path().string()), cases) > 0);
}

}  // namespace

TEST_CASE("bpe: every golden case is identical") {
  if (!has_golden("tokenizers")) return;
  for (const char* name : {"bytebpe", "gpt1", "clip"}) check_folder(golden_dir() / "tokenizers" / name);
}

TEST_CASE("bpe: GPT-2's own vocabulary gives the same ids") {
  if (!has_golden("tokenizers")) return;
  const std::filesystem::path folder = golden_dir() / "tokenizers" / "gpt2_real";
  if (!std::filesystem::exists(folder / "tokenizer.json")) {
    std::printf("skipped: GPT-2's tokenizer.json is not in %s\n", folder.string().c_str());
    return;
  }
  const auto tokenizer = load_tokenizer(folder.string());
  std::ifstream lines(folder / "cases.jsonl");
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json expected = Json::parse(line, "cases.jsonl");
    CAPTURE(line);
    const std::vector<int32_t> ids = tokenizer->encode(expected.get_string("text"), {.add_special_tokens = false}).ids;
    const auto wide = expected.get_ints("ids");
    CHECK(ids == std::vector<int32_t>(wide.begin(), wide.end()));
    CHECK(tokenizer->decode(ids, false) == expected.get_string("decoded"));
  }
  CHECK(count > 100);
}

TEST_CASE("bpe: cases kept here are identical") {
  for (const char* name : {"bytebpe", "gpt1", "clip"}) check_folder(own_cases / name);
}

TEST_CASE("bpe: every component and option that a tokenizer.json may have works as in the reference") {
  CHECK(check_components(own_cases) > 60);
}

TEST_CASE("bpe: what a directory's files say together means the same as in the reference, and again once saved") {
  const size_t count = for_each_variant(own_cases, "directories.jsonl", [](const Json& variant, const Json&) {
    INFO(variant.get_string("name"));
    const ScratchFolder folder, saved;
    const Json& config = variant.get_object("config");
    if (!config.empty()) {
      folder.write("config.json", config.dump());
      saved.write("config.json", config.dump());
    }
    for (const JsonMember& file : variant.get_object("files").members())
      folder.write(file.key, file.value.is_string() ? file.value.as_string() : file.value.dump());
    check_variant(folder.path(), variant.get_array("cases"));
    load_tokenizer(folder.path().string())->save(saved.path().string());
    check_variant(saved.path(), variant.get_array("cases"));
    for (const auto& file : std::filesystem::directory_iterator(folder.path()))
      CHECK(read_bytes(file.path().string()) == read_bytes(saved / file.path().filename().string()));
  });
  CHECK(count > 20);
}
