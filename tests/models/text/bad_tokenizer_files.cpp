// SPDX-License-Identifier: Apache-2.0
// Tokenizer directories that must be refused, each with what its error must say.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/models/text/loading_error.h"

namespace thaw {

namespace {

const std::string good_json = R"({
"added_tokens":[{"id":0,"content":"[PAD]","special":true,"normalized":false},
{"id":2,"content":"[CLS]","special":true,"normalized":false}],
"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
"strip_accents":null,"lowercase":true},
"pre_tokenizer":{"type":"BertPreTokenizer"},
"post_processor":{"type":"TemplateProcessing",
"single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
{"SpecialToken":{"id":"[SEP]","type_id":0}}],
"pair":[{"SpecialToken":{"id":"[CLS]","type_id":0}},
{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},
"[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},
"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"a":4,"##b":5}}})";

const std::string good_vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n";

// good_json with one piece of text in place of another.
struct Change {
  std::string from, to, error;
};

std::vector<Change> bad_json_changes() {
  const std::string vocab = R"({"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"a":4,"##b":5})",
                    cls_part = R"({"SpecialToken":{"id":"[CLS]","type_id":0}})",
                    a_part = R"({"Sequence":{"id":"A","type_id":0}})",
                    b_part = R"({"Sequence":{"id":"B","type_id":1}})";
  const std::string components = R"("decoder":{"type":"WordPiece","prefix":"##","cleanup":true})";
  return {
      // the model
      {"\"model\":", "\"modell\":", "model: missing"},
      {R"("model":{"type":"WordPiece",)", R"("model":{"type":"WordLevel",)",
       "model.type: \"WordLevel\" is not supported"},
      {R"("model":{"type":"WordPiece",)", R"("model":{"type":"",)", "model"},
      {R"("model":{"type":"WordPiece",)", R"("model":{"type":7,)", "model.type: expected a string, found 7"},
      {R"("model":{"type":"WordPiece",)", R"("model":{"type":null,)", "model.type"},
      {R"("unk_token":"[UNK]")", R"("unk_token":"[unk]")", "model.vocab: the unknown token \"[unk]\" is missing"},
      {R"("unk_token":"[UNK]")", R"("unk_token":1)", "model.unk_token: expected a string"},
      {R"("continuing_subword_prefix":"##")", R"("continuing_subword_prefix":[])",
       "model.continuing_subword_prefix: expected a string"},
      {R"("max_input_chars_per_word":100)", R"("max_input_chars_per_word":-1)", "model.max_input_chars_per_word"},
      {R"("max_input_chars_per_word":100)", R"("max_input_chars_per_word":1.5)", "model.max_input_chars_per_word"},
      {R"("max_input_chars_per_word":100)", R"("max_input_chars_per_word":18446744073709551616)",
       "model.max_input_chars_per_word"},
      // the vocabulary
      {vocab, "{}", "model.vocab: no tokens"},
      {vocab, "null", "model.vocab: expected an object, found null"},
      {vocab, R"(["[PAD]","[UNK]"])", "model.vocab: expected an object"},
      {R"("a":4)", R"("a":5)", "id 5 is that of"},
      {R"("a":4)", R"("a":-4)", "model.vocab.a"},
      {R"("a":4)", R"("a":4.5)", "model.vocab.a"},
      {R"("a":4)", R"("a":"4")", "model.vocab.a: expected"},
      {R"("a":4)", R"("a":4194304)", "model.vocab.a"},
      {R"("a":4)", R"("a":2147483648)", "model.vocab.a"},
      {R"("a":4)", R"("a":4294967300)", "model.vocab.a"},
      {R"("a":4)", R"("a":18446744073709551620)", "model.vocab.a"},
      {R"("a":4)", R"("a":null)", "model.vocab.a"},
      {R"("a":4)", R"("a":true)", "model.vocab.a"},
      {R"("a":4)", R"("a":4,"a":6)", "a: the key is there twice"},
      {R"("a":4)", R"("\u0000":4)", "NUL"},
      {R"("a":4)", "\"" + std::string(4097, 'x') + "\":4", "a token of 4097 bytes, the limit is 4096"},
      {R"("a":4)", "\"\xFF\":4", "UTF-8"},
      {R"("a":4)", R"("\ud800":4)", "/tokenizer.json: "},
      // added tokens
      {R"("id":0,"content":"[PAD]")", R"("id":1,"content":"[PAD]")",
       "added token \"[PAD]\" has id 1, but its id is 0 already"},
      {R"("id":0,"content":"[PAD]")", R"("id":4,"content":"new")", "id 4 belongs to both"},
      {R"("id":0,"content":"[PAD]")", R"("id":7,"content":"new")", "no token has id 6"},
      {R"("id":0,"content":"[PAD]")", R"("id":2147483647,"content":"new")", "no token has id 6"},
      {R"("id":0,"content":"[PAD]")", R"("id":-1,"content":"new")", "added_tokens[0].id"},
      {R"("id":0,"content":"[PAD]")", R"("id":2147483648,"content":"new")", "added_tokens[0].id"},
      {R"("id":0,"content":"[PAD]")", R"("id":0.5,"content":"new")", "added_tokens[0].id"},
      {R"("id":0,"content":"[PAD]")", R"("content":"[PAD]")", "added_tokens[0].id: missing"},
      {R"("id":0,"content":"[PAD]")", R"("id":0)", "added_tokens[0].content: missing"},
      {R"("id":0,"content":"[PAD]")", R"("id":0,"content":"")", "added_tokens[0].content: an empty token"},
      {R"("id":0,"content":"[PAD]")", R"("id":0,"content":"a\u0000")", "added_tokens[0].content: a token with a NUL"},
      {R"("id":0,"content":"[PAD]")", R"("id":0,"content":null)", "added_tokens[0].content"},
      {R"("id":0,"content":"[PAD]")", R"("id":2,"content":"[CLS]")", "token \"[CLS]\" is listed twice"},
      {R"("id":0,"content":"[PAD]","special":true)", R"("id":0,"content":"[PAD]","special":1)",
       "added_tokens[0].special"},
      {R"("id":0,"content":"[PAD]","special":true)", R"("id":0,"content":"[PAD]","lstrip":"yes")",
       "added_tokens[0].lstrip"},
      {R"("added_tokens":[)", R"("added_tokens":["[PAD]",)", "added_tokens[0]: expected an object"},
      {R"("added_tokens":[)", R"("added_tokens":[[],)", "added_tokens[0]: expected an object"},
      {R"("added_tokens":[)", R"("added_tokens":{},"other":[)", "added_tokens: expected an array"},
      // components
      {R"("type":"BertNormalizer")", R"("type":"Nmt")", "normalizer.type: \"Nmt\" is not supported"},
      {R"("type":"BertNormalizer")", R"("type":"Sequence")", "normalizer.normalizers: missing"},
      {R"("type":"BertNormalizer")", R"("type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Prepend"}])",
       "normalizer.normalizers[1].type: \"Prepend\" is not supported"},
      {R"("type":"BertNormalizer")", R"("type":"Strip","strip_left":true)", "normalizer.strip_right: missing"},
      {R"("type":"BertNormalizer")", R"("type":"Replace","content":"","pattern":{"Regex":"a+"})",
       "normalizer.pattern.Regex: regular expressions are not supported"},
      {R"("type":"BertNormalizer")", R"("type":"Replace","content":"","pattern":{"String":""})",
       "normalizer.pattern.String: empty"},
      {R"("type":"BertNormalizer",)", "", "normalizer.type: missing"},
      {R"("clean_text":true)", R"("clean_text":"true")", "normalizer.clean_text"},
      {R"("strip_accents":null)", R"("strip_accents":0)", "normalizer.strip_accents"},
      {R"("lowercase":true)", R"("lowercase":{})", "normalizer.lowercase"},
      {R"({"type":"BertPreTokenizer"})", R"({"type":"Unheard"})", "pre_tokenizer.type: \"Unheard\" is not supported"},
      {R"({"type":"BertPreTokenizer"})", R"({"type":"Sequence","pretokenizers":[{"type":"UnicodeScripts"}]})",
       "pre_tokenizer.pretokenizers[0].type: \"UnicodeScripts\" is not supported"},
      {R"({"type":"BertPreTokenizer"})", R"({"type":"Punctuation","behavior":"Dropped"})",
       "pre_tokenizer.behavior: \"Dropped\" is not known"},
      {R"({"type":"BertPreTokenizer"})", R"({"type":"Digits"})", "pre_tokenizer.individual_digits: missing"},
      {R"({"type":"BertPreTokenizer"})",
       R"({"type":"Split","behavior":"Removed","invert":false,"pattern":{"Regex":"a+"}})",
       "pre_tokenizer.pattern.Regex: regular expressions are not supported"},
      {R"({"type":"BertPreTokenizer"})", R"({"type":"CharDelimiterSplit","delimiter":"ab"})",
       "pre_tokenizer.delimiter: expected one character"},
      {R"({"type":"BertPreTokenizer"})", "[]", "pre_tokenizer: expected an object"},
      {components, R"("decoder":{"type":"Unheard"})", "decoder.type: \"Unheard\" is not supported"},
      {components, R"("decoder":{"type":"WordPiece","prefix":2})", "decoder.prefix"},
      {components, R"("decoder":{"type":"WordPiece","cleanup":null,"prefix":null,"x":)", "/tokenizer.json: "},
      {components, R"("decoder":"WordPiece")", "decoder: expected an object"},
      // the template
      {R"("type":"TemplateProcessing")", R"("type":"Unheard")", "post_processor.type: \"Unheard\" is not supported"},
      {R"("type":"TemplateProcessing")", R"("type":"Sequence","processors":[{"type":"Unheard"}])",
       "post_processor.processors[0].type: \"Unheard\" is not supported"},
      {R"("type":"TemplateProcessing")", R"("type":"Sequence","processors":[{"type":"X"},{"type":"X"}])",
       "post_processor.processors: a sequence of 2 is not supported"},
      {R"("type":"TemplateProcessing",)", R"("type":"BertProcessing",)", "post_processor.cls: missing"},
      {R"("type":"TemplateProcessing",)", R"("type":"BertProcessing","cls":["[CLS]"],"sep":["[SEP]",3],)",
       "post_processor.cls: expected a token and its id"},
      {R"("type":"TemplateProcessing",)", R"("type":"BertProcessing","cls":["[CLS]",3],"sep":["[SEP]",3],)",
       "post_processor.cls: id 3 is \"[SEP]\" in the vocabulary, not \"[CLS]\""},
      {R"("type":"TemplateProcessing",)", R"("type":"BertProcessing","cls":["[CLS]",2],"sep":[3,"[SEP]"],)",
       "post_processor.sep"},
      {R"("ids":[2])", R"("ids":[3])", "id 3 is \"[SEP]\" in the vocabulary, not \"[CLS]\""},
      {R"("ids":[2])", R"("ids":[6])", "id 6 is not in the vocabulary of 6"},
      {R"("ids":[2])", R"("ids":[-1])", "id -1 is not in the vocabulary of 6"},
      {R"("ids":[2])", R"("ids":[4294967298])", "id 4294967298 is not in the vocabulary of 6"},
      {R"("ids":[2])", R"("ids":[2,3])", "2 ids for 1 tokens"},
      {R"("ids":[2])", R"("ids":[])", "0 ids for 1 tokens"},
      {R"("ids":[2])", R"("ids":["2"])", "ids"},
      {R"("ids":[2])", R"("ids":2)", "ids"},
      {"\"single\":[" + cls_part, R"("single":[{"SpecialToken":{"id":"[MASK]","type_id":0}})",
       "post_processor.special_tokens"},
      {"\"single\":[" + cls_part, R"("single":[{"SpecialToken":{"id":"[CLS]","type_id":-1}})", "type_id"},
      {"\"single\":[" + cls_part, R"("single":[{"SpecialToken":{"id":"[CLS]","type_id":2147483648}})", "type_id"},
      {"\"single\":[" + cls_part, R"("single":[{"SpecialToken":{"id":"[CLS]"}})", "type_id: missing"},
      {"\"single\":[" + cls_part, R"("single":[{"Word":{"id":"[CLS]","type_id":0}})",
       "post_processor.single[0]: \"Word\" is neither"},
      {"\"single\":[" + cls_part, R"("single":[{})", "post_processor.single[0]: expected one of"},
      {"\"single\":[" + cls_part, R"("single":["[CLS]")", "post_processor.single[0]: expected one of"},
      {"\"single\":[" + cls_part, "\"single\":[" + b_part, "no sequence \"B\" here"},
      {"\"single\":[" + cls_part + "," + a_part, "\"single\":[" + cls_part,
       "post_processor.single: sequence A does not occur"},
      {"," + b_part, "", "post_processor.pair: sequence B does not occur"},
      {"," + b_part, R"(,{"Sequence":{"id":"C","type_id":1}})", "no sequence \"C\" here"},
      {"\"pair\":", "\"pairs\":", "post_processor.pair: missing"},
      {"\"single\":", "\"single\":{},\"singles\":", "post_processor.single: expected an array"},
      // truncation
      {"\"decoder\"", R"("truncation":{"direction":"Up"},"decoder")", "truncation.direction: expected \"Left\" or"},
      {"\"decoder\"", R"("truncation":"Left","decoder")", "truncation: expected an object"},
      // JSON itself
      {"\"decoder\"", "\"model\"", "model: the key is there twice"},
      {"\"cleanup\":true", "\"cleanup\":True", "/tokenizer.json: "},
      {"}}}", "}}}}", "/tokenizer.json: "},
      {"}}}", "}}", "/tokenizer.json: "},
      {"{\n", "\xEF\xBB\xBF{\n", "byte order mark"},
      {good_json, "", "/tokenizer.json: empty"},
      {good_json, "[]", "/tokenizer.json: "},
      {good_json, "null", "/tokenizer.json: "},
      {good_json, "{}", "model: missing"},
      {good_json, std::string(70, '[') + std::string(70, ']'), "/tokenizer.json: "},
  };
}

}  // namespace

TEST_CASE("tokenizer files: the good ones open") {
  CHECK(loading_error({{"tokenizer.json", good_json}}) == "");
  CHECK(loading_error({{"vocab.txt", good_vocabulary}}) == "");
}

TEST_CASE("tokenizer files: a tokenizer.json that is not sound is refused, naming file and key") {
  const std::vector<Change> changes = bad_json_changes();
  CHECK(changes.size() >= 90);
  for (const Change& change : changes) {
    const std::string error = loading_error({{"tokenizer.json", changed_text(good_json, change.from, change.to)}});
    CAPTURE(change.from);
    CAPTURE(change.to);
    CAPTURE(error);
    CHECK(error.starts_with("/tokenizer.json: "));
    CHECK(error.find(change.error) != std::string::npos);
  }
}

TEST_CASE("tokenizer files: a tokenizer.json cut off anywhere is refused") {
  for (size_t size = 0; size < good_json.size(); size += 7) {
    CAPTURE(size);
    CHECK(loading_error({{"tokenizer.json", good_json.substr(0, size)}}).starts_with("/tokenizer.json: "));
  }
}

TEST_CASE("tokenizer files: a vocab.txt that is not sound is refused, naming the line") {
  struct Bad {
    std::string bytes, error;
  };
  const std::vector<Bad> cases{
      {"", "/vocab.txt: empty, expected one token a line"},
      {"\xEF\xBB\xBF" + good_vocabulary, "/vocab.txt:1: starts with a byte order mark"},
      {good_vocabulary + "\xFF\n", "/vocab.txt:8: byte 1 is not valid UTF-8"},
      {good_vocabulary + "ok\xC3\n", "/vocab.txt:8: byte 3 is not valid UTF-8"},
      {good_vocabulary + "\xED\xA0\x80\n", "/vocab.txt:8: byte 1 is not valid UTF-8"},      // a surrogate
      {good_vocabulary + "\xC0\x80\n", "/vocab.txt:8: byte 1 is not valid UTF-8"},          // NUL in two bytes
      {good_vocabulary + "\xF4\x90\x80\x80\n", "/vocab.txt:8: byte 1 is not valid UTF-8"},  // above U+10FFFF
      {good_vocabulary + std::string("x\0y", 3), "/vocab.txt:8: a token with a NUL"},
      {good_vocabulary + std::string(1, '\0'), "/vocab.txt:8: a token with a NUL"},
      {good_vocabulary + std::string(4097, 'x'), "/vocab.txt:8: a token of 4097 bytes, the limit is 4096"},
      {"[PAD]\n[CLS]\n[SEP]\n[MASK]\na\n", "/vocab.txt: no token \"[UNK]\", which BERT needs"},
      {"[PAD]\n[UNK]\n[SEP]\n[MASK]\na\n", "/vocab.txt: no token \"[CLS]\", which BERT needs"},
      {"[PAD]\n[UNK]\n[CLS]\n[MASK]\na\n", "/vocab.txt: no token \"[SEP]\", which BERT needs"},
      {std::string(100, '\n'), "/vocab.txt: no token \"[UNK]\", which BERT needs"},
      {std::string("\xFF\xFE", 2) + "[\0P\0", "/vocab.txt:1: byte 1 is not valid UTF-8"},  // UTF-16
  };
  for (const Bad& bad : cases) {
    const std::string error = loading_error({{"vocab.txt", bad.bytes}});
    CAPTURE(bad.error);
    CAPTURE(error);
    CHECK(error.starts_with(bad.error));
  }
}

TEST_CASE("tokenizer files: configurations that do not fit are refused, naming file and key") {
  struct Bad {
    std::string name, bytes, error;
  };
  const std::string config = "tokenizer_config.json", map = "special_tokens_map.json", added = "added_tokens.json";
  const std::vector<Bad> cases{
      {config, "", "empty"},
      {config, "[]", "expected an object, found an empty array"},
      {config, "\"x\"", "expected an object"},
      {config, "{\"a\":1,\"a\":2}", "a: the key is there twice"},
      {config, R"({"model_max_length":0})", "model_max_length"},
      {config, R"({"model_max_length":-5})", "model_max_length"},
      {config, R"({"model_max_length":2.5})", "model_max_length"},
      {config, R"({"model_max_length":"512"})", "model_max_length"},
      {config, R"({"model_max_length":-100000000000000000000})", "model_max_length"},
      {config, R"({"unk_token":"<unk>"})", "<unk>"},
      {config, R"({"unk_token":5})", "unk_token: expected a string"},
      {config, R"({"unk_token":""})", "unk_token: an empty token"},
      {config, R"({"unk_token":{}})", "unk_token.content: missing"},
      {config, R"({"cls_token":"<s>"})", "<s>"},
      {config, R"({"sep_token":{"content":["x"]}})", "sep_token.content"},
      {config, R"({"mask_token":"<mask>"})", "<mask>"},
      {config, R"({"pad_token":"a\u0000"})", "pad_token: a token with a NUL"},
      {config, R"({"tokenizer_class":"AlbertTokenizer"})",
       "tokenizer_class: \"AlbertTokenizer\" is not supported (supported: BertTokenizer and its kin"},
      {config, R"({"tokenizer_class":"PreTrainedTokenizerFast"})",
       "tokenizer_class: \"PreTrainedTokenizerFast\" without a tokenizer.json is not supported"},
      {config, R"({"tokenizer_class":"OwnTokenizer"})", "tokenizer_class: \"OwnTokenizer\" without a tokenizer.json"},
      {config, R"({"truncation_side":"top"})", "truncation_side: expected \"left\" or \"right\", found \"top\""},
      {config, R"({"truncation_side":1})", "truncation_side"},
      {config, R"({"model_input_names":"input_ids"})", "model_input_names"},
      {config, R"({"model_input_names":[1]})", "model_input_names"},
      {config, R"({"split_special_tokens":"no"})", "split_special_tokens"},
      {config, R"({"cls_token":null})", "cls_token is null, but BERT needs one"},
      {config, R"({"max_len":-1})", "max_len"},
      {config, R"({"tokenizer_class":1})", "tokenizer_class"},
      {config, R"({"do_lower_case":"yes"})", "do_lower_case"},
      {config, R"({"strip_accents":1})", "strip_accents"},
      {config, R"({"tokenize_chinese_chars":[]})", "tokenize_chinese_chars"},
      {config, R"({"added_tokens_decoder":[]})", "added_tokens_decoder: expected an object"},
      {config, R"({"added_tokens_decoder":{"x":{"content":"new"}}})",
       "added_tokens_decoder.x: expected a token id as the key"},
      {config, R"({"added_tokens_decoder":{"-1":{"content":"new"}}})", "expected a token id as the key"},
      {config, R"({"added_tokens_decoder":{"99999999999":{"content":"new"}}})", "expected a token id as the key"},
      {config, R"({"added_tokens_decoder":{"7":"new"}})", "expected an object"},
      {config, R"({"added_tokens_decoder":{"7":{}}})", "content: missing"},
      {config, R"({"added_tokens_decoder":{"7":{"content":""}}})", "an empty token"},
      {config, R"({"added_tokens_decoder":{"3":{"content":"new"}}})", "id 3 belongs to both"},
      {config, R"({"added_tokens_decoder":{"999999999":{"content":"new"}}})", "no token has id 7"},
      {config, R"({"additional_special_tokens":[5]})", "additional_special_tokens[0]"},
      {config, R"({"additional_special_tokens":[""]})", "an empty token"},
      {config, R"({"additional_special_tokens":[{}]})", "content: missing"},
      {map, "[]", "expected an object"},
      {map, R"({"unk_token":false})", "unk_token"},
      {map, R"({"cls_token":{"content":3}})", "cls_token.content"},
      {map, R"({"sep_token":"</s>"})", "</s>"},
      {added, "[]", "expected an object"},
      {added, R"({"new":-1})", "new"},
      {added, R"({"new":1.5})", "new"},
      {added, R"({"new":2147483648})", "new"},
      {added, R"({"":7})", "an empty token"},
      {added, R"({"new":9})", "no token has id 7"},
      {added, R"({"new":4})", "id 4 belongs to both"},
  };
  for (const Bad& bad : cases) {
    const std::string error = loading_error({{"vocab.txt", good_vocabulary}, {bad.name, bad.bytes}});
    CAPTURE(bad.name);
    CAPTURE(bad.bytes);
    CAPTURE(error);
    CHECK_FALSE(error.empty());
    CHECK(error.find(bad.error) != std::string::npos);
  }
  CHECK(loading_error({{"tokenizer.json", good_json}, {config, R"({"mask_token":"[MASK]"})"}}) ==
        "/tokenizer_config.json: mask_token is \"[MASK]\", which is not in the vocabulary");
  CHECK(loading_error({}) == ": neither tokenizer.json nor vocab.txt is there");
}

}  // namespace thaw
