// SPDX-License-Identifier: Apache-2.0
// Unigram in tokenizer.json and T5's and ByT5's tokenizers, against every case that the reference library computed.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "models/text/tokenizer.h"
#include "tensor/io/json.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/models/text/spiece_bytes.h"
#include "tests/models/text/token_cases.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

const std::filesystem::path own_cases = source_folder() / "tests" / "models" / "text" / "unigram_cases";

std::string error_of_loading(const ScratchFolder& folder) {
  const std::string text = error_of<std::runtime_error>([&] { load_tokenizer(folder.path().string()); });
  const std::string path = folder.path().string();
  return text.starts_with(path) ? text.substr(path.size()) : text;
}

// T5's tokenizer from spiece.model alone, from what is saved of it, and from the saved tokenizer.json alone.
void check_spiece(const std::filesystem::path& folder) {
  CAPTURE(folder.string());
  const ScratchFolder spiece, saved, json_only;
  std::filesystem::copy(folder / "spiece.model", spiece.path() / "spiece.model");
  for (const ScratchFolder* scratch : {&spiece, &saved, &json_only})
    scratch->write("config.json", R"({"model_type": "t5"})");
  const auto tokenizer = load_tokenizer(spiece.path().string());
  CHECK(check_cases(*tokenizer, folder / "cases.jsonl") > 0);
  CHECK(tokenizer->special().eos == 1);
  CHECK(tokenizer->special().pad == 0);
  CHECK(tokenizer->special().unknown == 2);
  CHECK(tokenizer->find_id("<extra_id_0>") == static_cast<int32_t>(tokenizer->vocab_size()) - 1);
  CHECK(tokenizer->find_id("<extra_id_99>") == static_cast<int32_t>(tokenizer->vocab_size()) - 100);
  tokenizer->save(saved.path().string());
  CHECK(read_bytes(saved / "spiece.model") == read_bytes((folder / "spiece.model").string()));
  CHECK(Json::read(saved / "tokenizer_config.json").get_string("tokenizer_class") == "T5Tokenizer");
  CHECK(check_cases(*load_tokenizer(saved.path().string()), folder / "cases.jsonl") > 0);
  std::filesystem::copy(saved.path() / "tokenizer.json", json_only.path() / "tokenizer.json");
  CHECK(check_cases(*load_tokenizer(json_only.path().string()), folder / "cases.jsonl") > 0);
}

}  // namespace

TEST_CASE("t5 tokenizer: every golden case is identical, and files are written back as they were") {
  if (!has_golden("tokenizers")) return;
  const std::filesystem::path folder = golden_dir() / "tokenizers" / "t5";
  const auto tokenizer = load_tokenizer(folder.string());
  CHECK(check_cases(*tokenizer, folder / "cases.jsonl") > 0);
  CHECK_FALSE(tokenizer->max_length().has_value());
  const ScratchFolder saved;
  tokenizer->save(saved.path().string());
  for (const char* file : {"tokenizer.json", "tokenizer_config.json", "spiece.model"})
    CHECK(read_bytes(saved / file) == read_bytes((folder / file).string()));
  check_spiece(folder);
}

TEST_CASE("t5 tokenizer: from spiece.model alone the cases are identical, and again once saved") {
  check_spiece(own_cases / "t5");
}

TEST_CASE("t5 tokenizer: the configuration says how many sentinels there are, and that a token is special") {
  const ScratchFolder folder;
  std::filesystem::copy(own_cases / "t5" / "spiece.model", folder.path() / "spiece.model");
  folder.write("tokenizer_config.json",
               R"({"tokenizer_class": "T5TokenizerFast", "extra_ids": 3, "legacy": false, "model_max_length": 512,
                   "additional_special_tokens": ["<extra_id_0>", "<extra_id_1>", "<extra_id_2>", "<new>"]})");
  const auto tokenizer = load_tokenizer(folder.path().string());
  CHECK(tokenizer->find_id("<extra_id_0>") == 182);
  CHECK(tokenizer->find_id("<extra_id_2>") == 180);
  CHECK(tokenizer->find_id("<new>") == 183);
  CHECK(tokenizer->is_special(183));
  CHECK(tokenizer->vocab_size() == 184);
  CHECK(tokenizer->max_length() == 512);
}

TEST_CASE("byt5 tokenizer: needs no file, and every case is identical, again once saved") {
  const ScratchFolder folder;
  const auto tokenizer = load_tokenizer((own_cases / "byt5").string());
  CHECK(check_cases(*tokenizer, own_cases / "byt5" / "cases.jsonl") > 0);
  CHECK(tokenizer->vocab_size() == 384);
  CHECK(tokenizer->find_id("<extra_id_0>") == 259);
  CHECK(tokenizer->special().eos == 1);
  tokenizer->save(folder.path().string());
  const auto again = load_tokenizer(folder.path().string());
  CHECK(check_cases(*again, own_cases / "byt5" / "cases.jsonl") > 0);
  const Encoding got = again->encode("\xC3\xA9<extra_id_2>a");
  CHECK(got.ids == std::vector<int32_t>{198, 172, 261, 100, 1});
  CHECK(got.offsets == std::vector<TextSpan>{{0, 1}, {0, 1}, {1, 13}, {13, 14}, {0, 0}});
}

TEST_CASE("unigram: every component that a tokenizer.json may have works as in the reference") {
  CHECK(check_components(own_cases) > 20);
}

TEST_CASE("unigram: a damaged tokenizer.json is refused in one line that names file and key") {
  const std::string head = R"({"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",-1]])", tail = "}}";
  const std::string map = R"({"normalizer":{"type":"Precompiled","precompiled_charsmap":)";
  const std::string metaspace = R"(,"pre_tokenizer":{"type":"Metaspace",)";
  const std::pair<std::string, const char*> damaged[] = {
      {R"({"model":{"type":"Unigram","vocab":[]}})", "model.vocab: no pieces"},
      {R"({"model":{"type":"Unigram","vocab":{"a":1}}})", "model.vocab: expected an array"},
      {R"({"model":{"type":"Unigram","vocab":["a"]}})", "model.vocab[0]: expected an array"},
      {R"({"model":{"type":"Unigram","vocab":[["a"]]}})", "model.vocab[0]: expected a piece and its score"},
      {R"({"model":{"type":"Unigram","vocab":[[1,"a"]]}})", "model.vocab[0][0]: expected a string"},
      {R"({"model":{"type":"Unigram","vocab":[["a","1"]]}})", "model.vocab[0][1]: expected a number"},
      {R"({"model":{"type":"Unigram","vocab":[["a",1e999]]}})", "model.vocab[0][1]"},
      {R"({"model":{"type":"Unigram","vocab":[["",0]]}})", "model.vocab[0]: an empty token"},
      {R"({"model":{"type":"Unigram","vocab":[["a",0],["a",1]]}})", "model.vocab[1]: \"a\" is the piece 0 too"},
      {R"({"model":{"type":"Unigram","unk_id":1,"vocab":[["a",0]]}})", "model.unk_id"},
      {R"({"model":{"type":"Unigram","unk_id":-1,"vocab":[["a",0]]}})", "model.unk_id"},
      {R"({"model":{"type":"Unigram","unk_id":"a","vocab":[["a",0]]}})", "model.unk_id"},
      {R"({"model":{"type":"Unigram","byte_fallback":1,"vocab":[["a",0]]}})", "model.byte_fallback"},
      {map + R"("AAA"},)" + head.substr(1) + tail, "normalizer.precompiled_charsmap: not in base64"},
      {map + R"("AAAA"},)" + head.substr(1) + tail, "normalizer.precompiled_charsmap: 3 bytes, too few"},
      {map + R"(null},)" + head.substr(1) + tail, "normalizer.precompiled_charsmap: expected a string"},
      {head + "}" + metaspace + R"("replacement":"ab"}})", "pre_tokenizer.replacement: expected one character"},
      {head + "}" + metaspace + R"("replacement":"a","prepend_scheme":"last"}})", "pre_tokenizer.prepend_scheme"},
      {head + "}" + metaspace + R"("replacement":"a","split":0}})", "pre_tokenizer.split"},
      {head + R"(},"decoder":{"type":"Strip","content":"ab","start":1,"stop":0}})", "decoder.content"},
      {head + R"(},"decoder":{"type":"Strip","content":"a","start":-1,"stop":0}})", "decoder.start"},
      {head + R"(},"decoder":{"type":"Replace","pattern":{"Regex":"a"},"content":"b"}})", "decoder.pattern.Regex"},
      {head + R"(},"decoder":{"type":"Sequence","decoders":[{"type":"CTC"}]}})", "decoder.decoders[0].type: \"CTC\""},
  };
  for (const auto& [json, expected] : damaged) {
    const ScratchFolder folder;
    folder.write("tokenizer.json", json);
    const std::string error = error_of_loading(folder);
    CAPTURE(error);
    CAPTURE(expected);
    CHECK(error.starts_with("/tokenizer.json: "));
    CHECK(error.find(expected) != std::string::npos);
  }
}

TEST_CASE("t5 tokenizer: what is missing or belongs to others is refused by name") {
  const ScratchFolder folder;
  folder.write("config.json", R"({"model_type": "t5"})");
  CHECK(error_of_loading(folder).starts_with(": neither tokenizer.json nor spiece.model is there"));
  folder.write("spiece.model", "not one");
  CHECK(error_of_loading(folder).starts_with("/spiece.model: byte 0: "));
  folder.write("spiece.model", piece_field("<unk>", 0, 2) + piece_field("a", -1));
  CHECK(error_of_loading(folder) == "/spiece.model: no token \"</s>\", with which T5's texts end");
  folder.write("spiece.model", good_spiece() + piece_field("<extra_id_5>"));
  CHECK(error_of_loading(folder).starts_with("/spiece.model: pieces[101]: \"<extra_id_5>\" is the piece 6 too"));
  for (const char* name : {"AlbertTokenizer", "XLNetTokenizer", "PegasusTokenizerFast", "LlamaTokenizer"}) {
    folder.write("tokenizer_config.json", Json::object().set("tokenizer_class", name).dump());
    const std::string error = error_of_loading(folder);
    CHECK(error.starts_with("/tokenizer_config.json: tokenizer_class: \"" + std::string(name) + "\" is not supported"));
  }
}
