// SPDX-License-Identifier: Apache-2.0
// Whether what is learnt stops: by what a tokenizer's template adds, whatever else the tokenizer knows.
#include "models/tasks/text2text/end_token.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/t5/t5.h"
#include "models/tasks/task_model.h"
#include "models/tasks/task_table.h"
#include "tests/file_bytes.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

// Of a tokenizer of digits alone, without an unknown piece; 0 is "<pad>", 1 "</s>".
std::string fault_of(const std::string& added_tokens, const std::string& single, std::vector<int32_t> ends) {
  const ScratchFolder folder;
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "T5TokenizerFast"})");
  folder.write("tokenizer.json",
               R"({"added_tokens": [)" + added_tokens +
                   R"(], "normalizer": null, "pre_tokenizer": null, "decoder": null, "post_processor": {
                   "type": "TemplateProcessing", "single": [)" +
                   single + R"(], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B",
                   "type_id": 0}}], "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
                   "model": {"type": "Unigram", "unk_id": null, "byte_fallback": false,
                   "vocab": [["<pad>", 0.0], ["</s>", 0.0], ["7", -1.0], ["8", -1.0]]}})");
  GenerationConfig generation;
  generation.options.end_ids = std::move(ends);
  generation.end_ids_key = "eos_token_id";
  return end_fault(*load_tokenizer(folder.path().string()), generation);
}

}  // namespace

TEST_CASE("end token: it is what the template adds behind a text, whether or not it is an added or a special token") {
  const std::string text = R"({"Sequence": {"id": "A", "type_id": 0}})";
  const std::string end = R"({"SpecialToken": {"id": "</s>", "type_id": 0}})";
  const auto added = [](const std::string& special) {
    return R"({"id": 1, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": )" +
           special + "}";
  };
  for (const std::string& tokens : {std::string(), added("false"), added("true")}) {
    INFO(tokens);
    CHECK(fault_of(tokens, text + ", " + end, {1}).empty());
    CHECK(fault_of(tokens, text + ", " + end, {0, 1}).empty());
    CHECK(fault_of(tokens, text + ", " + end, {0}) ==
          "eos_token_id: 0 (\"<pad>\"), and the tokenizer ends texts with 1 (\"</s>\"): what is learnt from them never "
          "stops");
    const std::string none =
        "eos_token_id: 1 (\"</s>\"), and the tokenizer ends texts with no token: what is learnt from them never stops";
    CHECK(fault_of(tokens, text, {1}) == none);
    CHECK(fault_of(tokens, end + ", " + text, {1}) == none);
  }
}

TEST_CASE("text2text: a model that does not end texts as its tokenizer does is warned of, once") {
  const ScratchFolder folder;
  T5Config config;
  config.vocab_size = small_vocabulary_size();
  config.d_model = config.d_kv = config.d_ff = 8;
  config.num_layers = config.num_decoder_layers = config.num_heads = 1;
  write_small_model<T5ForConditionalGeneration>(folder / "model", config);
  folder.write("model/generation_config.json", R"({"max_length": 40})");
  folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  // Sentinels, in the place of the last words.
  const std::string words = folder / "model/vocab.txt";
  const std::string vocabulary = read_bytes(words);
  write_bytes(words, vocabulary.substr(0, vocabulary.find("film\n")) + "<extra_id_0>\n<extra_id_1>\n");
  const auto warnings_of = [&](const std::string& file, const char* name, Json ends) {
    const std::string path = folder / "model/" + file;
    (std::filesystem::exists(path) ? Json::read(path) : Json::object())
        .set("eos_token_id", std::move(ends))
        .write(path, {.indent = 2});
    const auto task = make_task(name);
    for (const OptionField& option : task->options(TaskUse::training))
      if (option.name == "max_length") *std::get<int64_t*>(option.field) = 6;
    std::vector<std::string> lines = task->open(folder / "model", {.device = Device::open("reference")})->warnings();
    for (std::string& line : lines)
      if (line.starts_with(path)) line.erase(0, path.size());
    return lines;
  };
  const auto warning = [](const std::string& ends) {
    return std::vector<std::string>{": eos_token_id: " + ends +
                                    ", and the tokenizer ends texts with 3 (\"[SEP]\"): what is learnt from them never "
                                    "stops"};
  };
  CHECK(warnings_of("config.json", "text2text", 3).empty());
  CHECK(warnings_of("config.json", "text2text", Json(std::vector<int64_t>{1, 3})).empty());
  CHECK(warnings_of("config.json", "text2text", 1) == warning("1 (\"[UNK]\")"));
  CHECK(warnings_of("config.json", "text2text", {}) == warning("none"));
  CHECK(warnings_of("config.json", "spans", 1) == warning("1 (\"[UNK]\")"));
  CHECK(warnings_of("config.json", "spans", 3).empty());
  CHECK(warnings_of("generation_config.json", "text2text", 3).empty());
  CHECK(warnings_of("generation_config.json", "text2text", 4) == warning("4 (\"[MASK]\")"));
}

}  // namespace thaw
