// SPDX-License-Identifier: Apache-2.0
// BPE tokenizers that must be refused, each with what its error must say.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "models/text/tokenizer.h"
#include "tests/models/text/loading_error.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

const std::string vocabulary = R"({"<|endoftext|>":0,"a":1,"b":2,"ab":3,"#":4,"##":5,"#version":6,"c":7})";
const std::string merges = "#version: 0.2\na b\n# #\n";
const ProcessorFile gpt2{"tokenizer_config.json", R"({"tokenizer_class":"GPT2Tokenizer"})"};
const std::string good_json = R"({"added_tokens":[],"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},
"post_processor":{"type":"RobertaProcessing","sep":["c",7],"cls":["a",1],"trim_offsets":true},
"decoder":{"type":"BPEDecoder","suffix":"</w>"},
"model":{"type":"BPE","dropout":null,"unk_token":"c","continuing_subword_prefix":"","end_of_word_suffix":"",
"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":)" +
                              vocabulary + R"(,"merges":[["a","b"],"# #"]}})";

struct Bad {
  std::string from, to, error;
};

}  // namespace

TEST_CASE("bad bpe files: the good ones open, and a merge may hold the sign of comments") {
  CHECK(loading_error({{"vocab.json", vocabulary}, {"merges.txt", merges}, gpt2}) == "");
  CHECK(loading_error({{"vocab.json", vocabulary}, {"merges.txt", "a b\r\n# #"}, gpt2}) == "");
  CHECK(loading_error({{"tokenizer.json", good_json}}) == "");
  const ScratchFolder folder;
  folder.write("vocab.json", vocabulary);
  folder.write("merges.txt", merges);
  folder.write(gpt2.name, gpt2.content);
  const auto tokenizer = load_tokenizer(folder.path().string());
  CHECK(tokenizer->encode("ab##c").ids == std::vector<int32_t>{3, 5, 7});
  CHECK(tokenizer->encode("axb").ids ==
        std::vector<int32_t>{3});  // what is no token is passed over, as in the reference
}

TEST_CASE("bad bpe files: merges.txt is refused, naming the line") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"#version: 0.2\na b\nab\n", "/merges.txt:3: expected two tokens with a space between, found \"ab\""},
      {"a b c\n", "/merges.txt:1: expected two tokens"},
      {"a  b\n", "/merges.txt:1: expected two tokens"},
      {"a b\n\n# #\n", "/merges.txt:2: expected two tokens with a space between, found \"\""},
      {" b\n", "/merges.txt:1: the token \"\" is not in the vocabulary"},
      {"a z\n", "/merges.txt:1: the token \"z\" is not in the vocabulary"},
      {"z a\n", "/merges.txt:1: the token \"z\" is not in the vocabulary"},
      {"a b\nb a\n", "/merges.txt:2: \"b\" and \"a\" merge to \"ba\", which is not in the vocabulary"},
      {"a b\n# #\na b\n", "/merges.txt:3: the merge of \"a\" and \"b\" is there already, as number 1"},
      {"a \xFF\n", "/merges.txt:1: byte 3 is not valid UTF-8"},
      {"\xEF\xBB\xBF#version: 0.2\na b\n", "/merges.txt:1: the token"},
      {std::string("a b\0", 4), "/merges.txt:1: the token"},
      {"a\tb\n", "/merges.txt:1: expected two tokens"},
      {"{\"a\": 1}", "/merges.txt:1: the token"},
  };
  for (const auto& [text, error] : cases) {
    const std::string& content = text;
    CAPTURE(content);
    const std::string found = loading_error({{"vocab.json", vocabulary}, {"merges.txt", text}, gpt2});
    CAPTURE(found);
    CHECK(found.starts_with(error));
  }
}

TEST_CASE("bad bpe files: vocab.json is refused, naming the key") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "/vocab.json: empty"},
      {"[]", "/vocab.json: expected an object"},
      {"{}", "/vocab.json: no tokens"},
      {"{\"a\": 0", "/vocab.json"},
      {"{\"a\": 0, \"a\": 1}", "/vocab.json: a: the key is there twice"},
      {"{\"a\": 0, \"b\": 0}", "/vocab.json: b: id 0 is that of \"a\" too"},
      {"{\"a\": -1}", "/vocab.json: a: "},
      {"{\"a\": 4194304}", "/vocab.json: a: "},
      {"{\"a\": 99999999999999999999}", "/vocab.json: a: "},
      {"{\"a\": 1.5}", "/vocab.json: a: "},
      {"{\"a\": \"1\"}", "/vocab.json: a: "},
      {"{\"a\": null}", "/vocab.json: a: "},
      {"{\"\\u0000\": 1}", "/vocab.json: "},
      {"{\"" + std::string(4097, 'x') + "\": 1}", "/vocab.json: "},
      {"{\"\xFF\": 1}", "/vocab.json: "},
      {"[" + std::string(70, '['), "/vocab.json: "},
  };
  for (const auto& [text, error] : cases) {
    const std::string& content = text;
    CAPTURE(content);
    const std::string found = loading_error({{"vocab.json", text}, {"merges.txt", "#version: 0.2\n"}, gpt2});
    CAPTURE(found);
    CHECK(found.starts_with(error));
  }
}

TEST_CASE("bad bpe files: a tokenizer.json is refused, naming the key") {
  const std::vector<Bad> cases{
      {R"(["a","b"])", R"(["a"])", "model.merges[0]: expected two tokens, found 1"},
      {R"(["a","b"])", R"(["a","b","c"])", "model.merges[0]: expected two tokens, found 3"},
      {R"(["a","b"])", R"(["a",2])", "model.merges[0][1]: expected a string"},
      {R"(["a","b"])", "7", "model.merges[0]: expected an array"},
      {R"(["a","b"])", R"(["a","z"])", "model.merges[0]: the token \"z\" is not in the vocabulary"},
      {R"(["a","b"])", R"(["b","a"])", "model.merges[0]: \"b\" and \"a\" merge to \"ba\""},
      {R"("# #")", R"("a b")", "model.merges[1]: the merge of \"a\" and \"b\" is there already, as number 1"},
      {R"("# #")", R"("# # #")", "model.merges[1]: expected two tokens with a space between"},
      {R"("merges":)", R"("merged":)", "model.merges: missing"},
      {R"("merges":[)", R"("merges":{},"x":[)", "model.merges: expected an array"},
      {R"("dropout":null)", R"("dropout":0.5)", "model.dropout: 0.5 is not supported"},
      {R"("dropout":null)", R"("dropout":"no")", "model.dropout: expected a number"},
      {R"("dropout":null)", R"("dropout":2)", "model.dropout: "},
      {R"("unk_token":"c")", R"("unk_token":"z")", "model.vocab: the unknown token \"z\" is missing"},
      {R"("unk_token":"c")", R"("unk_token":3)", "model.unk_token: expected a string"},
      {R"("continuing_subword_prefix":"")", R"("continuing_subword_prefix":"@@")",
       "model.merges[0]: \"b\" does not begin with continuing_subword_prefix \"@@\""},
      {R"("end_of_word_suffix":"")", R"("end_of_word_suffix":[])", "model.end_of_word_suffix: expected a string"},
      {R"("fuse_unk":false)", R"("fuse_unk":0)", "model.fuse_unk"},
      {R"("byte_fallback":false)", R"("byte_fallback":"yes")", "model.byte_fallback"},
      {R"("ignore_merges":false)", R"("ignore_merges":{})", "model.ignore_merges"},
      {R"("add_prefix_space":false)", R"("add":false)", "pre_tokenizer.add_prefix_space: missing"},
      {R"("add_prefix_space":false)", R"("add_prefix_space":false,"use_regex":1)", "pre_tokenizer.use_regex"},
      {R"("sep":["c",7])", R"("sep":["c",6])", "post_processor.sep: id 6 is \"#version\" in the vocabulary, not \"c\""},
      {R"("sep":["c",7])", R"("sep":["c",99])", "post_processor.sep: id 99 is not in the vocabulary of 8"},
      {R"("cls":["a",1],)", "", "post_processor.cls: missing"},
      {R"("trim_offsets":true)", R"("trim_offsets":3)", "post_processor.trim_offsets"},
      {R"("suffix":"</w>")", R"("suffix":true)", "decoder.suffix"},
      {R"({"type":"ByteLevel","add_prefix_space":false})",
       R"({"type":"Split","pattern":{"Regex":"[a-z]+"},"behavior":"Removed","invert":true})",
       "pre_tokenizer.pattern.Regex: regular expressions are not supported, but for those of GPT-2 and CLIP"},
  };
  for (const Bad& bad : cases) {
    CAPTURE(bad.to);
    const std::string found = loading_error({{"tokenizer.json", changed_text(good_json, bad.from, bad.to)}});
    CAPTURE(found);
    CHECK(found.starts_with("/tokenizer.json: " + bad.error));
  }
}

TEST_CASE("bad bpe files: a directory that does not fit its class is refused") {
  const auto with = [](const std::string& config) { return ProcessorFile{"tokenizer_config.json", config}; };
  const ProcessorFile words{"vocab.json", vocabulary}, pairs{"merges.txt", merges};
  CHECK(loading_error({words, gpt2}).starts_with(": neither tokenizer.json nor merges.txt is there, of which "));
  CHECK(loading_error({pairs, gpt2}).starts_with(": neither tokenizer.json nor vocab.json is there, of which "));
  CHECK(loading_error({words, pairs}).starts_with(": vocab.json and merges.txt without a tokenizer_class"));
  CHECK(loading_error({words, pairs, with(R"({"tokenizer_class":"OpenAIGPTTokenizer"})")}) ==
        "/vocab.json: no token \"<unk>\", which OpenAIGPTTokenizer needs");
  CHECK(loading_error({words, pairs, with(R"({"tokenizer_class":"CLIPTokenizer"})")}) ==
        "/vocab.json: no token \"<|startoftext|>\", which CLIPTokenizer needs");
  CHECK(loading_error({words, pairs, with(R"({"tokenizer_class":"RobertaTokenizer","cls_token":"a"})")}) ==
        "/vocab.json: no token \"</s>\", which RobertaTokenizer needs");
  CHECK(loading_error({words, pairs, with(R"({"tokenizer_class":"CLIPTokenizer","bos_token":null})")}) ==
        "/tokenizer_config.json: bos_token is null, but CLIPTokenizer needs one");
  CHECK(loading_error({words, pairs, with(R"({"tokenizer_class":"GPT2Tokenizer","pad_token":"[PAD]"})")}) ==
        "/tokenizer_config.json: pad_token is \"[PAD]\", which is not in the vocabulary");
  CHECK(loading_error({words, pairs, with(R"({"tokenizer_class":"GPT2Tokenizer","add_prefix_space":"no"})")})
            .starts_with("/tokenizer_config.json: add_prefix_space"));
  const std::string wordpiece = R"({"model":{"type":"WordPiece","unk_token":"a","vocab":{"a":0}}})";
  CHECK(loading_error({{"tokenizer.json", wordpiece}, gpt2}) ==
        "/tokenizer.json: model.type: \"WordPiece\" is not supported here (supported: BPE)");
  CHECK(loading_error({{"tokenizer.json", good_json}, with(R"({"tokenizer_class":"BertTokenizer"})")}) ==
        "/tokenizer.json: model.type: \"BPE\" is not supported here (supported: WordPiece)");
}

}  // namespace thaw
