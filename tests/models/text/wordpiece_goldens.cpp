// SPDX-License-Identifier: Apache-2.0
// WordPiece against every case that the reference library computed.
#include <doctest/doctest.h>

#include <filesystem>

#include "models/text/tokenizer.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/models/text/token_cases.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

const std::filesystem::path own_cases = source_folder() / "tests" / "models" / "text" / "wordpiece_cases";

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
  for (const char* name : {"uncased", "cased"})
    CHECK(check_cases(*load_tokenizer((own_cases / name).string()), own_cases / name / "cases.jsonl") > 0);
}

TEST_CASE("wordpiece: MPNet's class, from vocab.txt and from the tokenizer.json made of it, is the reference's") {
  const std::filesystem::path cases = own_cases / "mpnet";
  const auto tokenizer = load_tokenizer(cases.string());
  CHECK(check_cases(*tokenizer, cases / "cases.jsonl") > 15);
  CHECK(tokenizer->special().pad == 1);
  CHECK(tokenizer->special().mask == tokenizer->find_id("<mask>"));
  const ScratchFolder saved;
  std::filesystem::copy(cases / "vocab.txt", saved.path() / "vocab.txt");
  saved.write("config.json", R"({"model_type": "mpnet"})");  // the model's type will do in place of a class
  load_tokenizer(saved.path().string())->save(saved.path().string());
  CHECK(Json::read(saved / "tokenizer_config.json").get_string("tokenizer_class") == "MPNetTokenizer");
  CHECK(std::filesystem::exists(saved / "tokenizer.json"));
  CHECK(check_cases(*load_tokenizer(saved.path().string()), cases / "cases.jsonl") > 15);
}

TEST_CASE("wordpiece: every component that a tokenizer.json may have works as in the reference") {
  CHECK(check_components(own_cases) > 35);
}

TEST_CASE("wordpiece: what a directory's files say together means the same as in the reference, and again once saved") {
  const size_t count = for_each_variant(own_cases, "directories.jsonl", [](const Json& variant, const Json& common) {
    INFO(variant.get_string("name"));
    const ScratchFolder folder, saved;
    Json config = variant.get_object("config");
    folder.write("config.json", config.set("model_type", "bert").dump());
    saved.write("config.json", config.dump());
    for (const JsonMember& file : variant.get_object("files").members()) folder.write(file.key, file.value.dump());
    if (const Json& changes = variant.at("tokenizer"); !changes.is_null()) {
      Json json = common;
      for (const JsonMember& member : changes.members()) json.set(member.key, member.value);
      folder.write("tokenizer.json", json.dump());
    }
    if (!variant.at("vocab").is_null()) folder.write("vocab.txt", variant.get_string("vocab"));
    check_variant(folder.path(), variant.get_array("cases"));
    load_tokenizer(folder.path().string())->save(saved.path().string());
    check_variant(saved.path(), variant.get_array("cases"));
    for (const auto& file : std::filesystem::directory_iterator(folder.path()))
      CHECK(read_bytes(file.path().string()) == read_bytes(saved / file.path().filename().string()));
  });
  CHECK(count > 35);
}

TEST_CASE("wordpiece: what is written for a directory without tokenizer_config.json says all that decides") {
  const ScratchFolder bert, file;
  for (const ScratchFolder* folder : {&bert, &file})
    std::filesystem::copy(own_cases / "variants" / "tokenizer.json", folder->path() / "tokenizer.json");
  bert.write("config.json", R"({"model_type":"bert"})");
  file.write("config.json", R"({"model_type":"bert","tokenizer_class":"PreTrainedTokenizerFast"})");
  const auto written = [](const ScratchFolder& folder) {
    const ScratchFolder saved;
    load_tokenizer(folder.path().string())->save(saved.path().string());
    return Json::read((saved.path() / "tokenizer_config.json").string());
  };
  const Json of_bert = written(bert), of_file = written(file);
  CHECK(of_bert.get_string("tokenizer_class") == "BertTokenizer");
  CHECK(of_bert.get_bool("do_lower_case"));
  CHECK(of_bert.get_strings("model_input_names").size() == 3);
  CHECK(of_file.get_string("tokenizer_class") == "PreTrainedTokenizerFast");
  CHECK(of_file.get_strings("model_input_names") == std::vector<std::string>{"input_ids", "attention_mask"});
  CHECK(of_file.get_string("mask_token") == "[MASK]");
}

TEST_CASE("wordpiece: ids without a token are passed over when decoding") {
  const ScratchFolder folder;
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n\nb\na\n");
  const auto tokenizer = load_tokenizer(folder.path().string());
  CHECK(tokenizer->vocab_size() == 8);
  CHECK(tokenizer->find_id("a") == 7);
  CHECK(tokenizer->decode(std::vector<int32_t>{6, 4, 7}) == "b a");
  CHECK(tokenizer->decode(std::vector<int32_t>{6, 5, 7}) == "b  a");  // a blank line is a token without letters
  CHECK_THROWS_AS(tokenizer->token(4), std::invalid_argument);
  CHECK_THROWS_AS(tokenizer->decode(std::vector<int32_t>{8}), std::invalid_argument);
}
