// SPDX-License-Identifier: Apache-2.0
// Writes the seed corpora of the fuzz targets: small good files that hold every feature of their format; of
// tokenizer.json those that the tests' cases change from a common one, component by component. Usage:
// fuzz_seeds DIRECTORY FOLDER_OF_TOKENIZER_CASES
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/text/base64.h"
#include "tensor/io/json.h"
#include "tensor/io/safetensors.h"
#include "tests/models/audio/wav_bytes.h"
#include "tests/models/text/spiece_bytes.h"
#include "tests/models/whisper/small_whisper_file.h"

namespace {

namespace fs = std::filesystem;

void write_seeds(const fs::path& folder, const std::vector<std::string>& seeds) {
  fs::create_directories(folder);
  for (size_t i = 0; i < seeds.size(); ++i)
    std::ofstream(folder / ("seed" + std::to_string(i)), std::ios::binary) << seeds[i];
}

const std::string bert_steps = R"("normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,)"
                               R"("strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"})";
const std::string other_steps =
    R"("normalizer":{"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"String":"a"},"content":"b"},)"
    R"({"type":"NFKC"},{"type":"Lowercase"},{"type":"StripAccents"},)"
    R"({"type":"Strip","strip_left":true,"strip_right":true}]},)"
    R"("pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Whitespace"},)"
    R"({"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"MergedWithNext"},)"
    R"({"type":"Split","pattern":{"String":"b"},"behavior":"Contiguous","invert":true}]})";

std::string wordpiece(const std::string& processor, const std::string& added, const std::string& steps = bert_steps) {
  return R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[)" + added + "]," + steps +
         R"(,"post_processor":)" + processor +
         R"(,"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},)"
         R"("model":{"type":"WordPiece","unk_token":"[UNK]",)"
         R"("continuing_subword_prefix":"##","max_input_chars_per_word":100,)"
         R"("vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"a":4,"##b":5}}})";
}

void write_safetensors_seeds(const fs::path& folder) {
  fs::create_directories(folder);
  const std::vector<std::byte> bytes(64);
  const auto entry = [&](const char* name, const char* dtype, std::vector<int64_t> shape, size_t size) {
    return thaw::SafetensorsEntry{name, dtype, std::move(shape), std::span(bytes).first(size)};
  };
  thaw::write_safetensors((folder / "one").string(), {entry("x", "F32", {2, 3}, 24)});
  thaw::write_safetensors((folder / "many").string(), {entry("a", "F64", {1}, 8), entry("b", "BF16", {3}, 6),
                                                       entry("c", "U8", {}, 1), entry("d", "I64", {2, 0, 3}, 0),
                                                       entry("e", "F16", {1, 1, 2}, 4), entry("f", "BOOL", {5}, 5)});
  thaw::write_safetensors((folder / "none").string(), {}, {});
  thaw::write_safetensors((folder / "metadata").string(), {entry("w", "I32", {4}, 16)},
                          {{"format", "pt"}, {"note", "\"\\\n\xC3\xA9"}});
}

// One for each line of CASES/*/variants/components.jsonl.
void write_component_seeds(const fs::path& folder, const fs::path& cases) {
  for (const char* kind : {"bpe", "unigram", "wordpiece"}) {
    const fs::path variants = cases / (std::string(kind) + "_cases") / "variants";
    const thaw::Json common = thaw::Json::read((variants / "tokenizer.json").string());
    std::ifstream lines(variants / "components.jsonl");
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      const thaw::Json variant = thaw::Json::parse(line, "components.jsonl");
      thaw::Json json = common;
      for (const thaw::JsonMember& member : variant.members())
        if (member.key != "cases") json.set(member.key, member.value);
      std::ofstream(folder / (kind + std::to_string(count)), std::ios::binary) << json.dump();
    }
  }
}

void write_sound_and_film_seeds(const fs::path& root) {
  write_seeds(root / "sound", {thaw::wav_bytes({}, "abcd"), thaw::wav_bytes({.channels = 2, .bits = 24}, "abcdef"),
                               thaw::wav_bytes({.format = 3, .rate = 8000, .bits = 32}, "abc?"),
                               thaw::wav_bytes({.bits = 8}, "abcd", 0xFFFFFFFF)});
  write_seeds(root / "y4m",
              {"YUV4MPEG2 W3 H2 F25:1 Ip A1:1 C420jpeg XYSCSS=420JPEG\nFRAME\n0123456789FRAME\n0123456789",
               "YUV4MPEG2 H1 W4 C422 XCOLORRANGE=FULL\nFRAME I\n01234567", "YUV4MPEG2 W1 H1 Cmono F0:0\nFRAME\n0"});
  write_seeds(
      root / "ast_features",
      {R"({"do_normalize":true,"feature_extractor_type":"ASTFeatureExtractor","feature_size":1,"max_length":96,)"
       R"("mean":-4.2677393,"num_mel_bins":64,"padding_value":0.0,"sampling_rate":16000,"std":4.5689974})"});
  write_seeds(
      root / "whisper_features",
      {R"({"chunk_length":30,"dither":0.0,"feature_extractor_type":"WhisperFeatureExtractor","feature_size":80,)"
       R"("hop_length":160,"n_fft":400,"n_samples":480000,"nb_max_frames":3000,"padding_value":0.0,)"
       R"("sampling_rate":16000})"});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: fuzz_seeds DIRECTORY FOLDER_OF_TOKENIZER_CASES\n");
    return 2;
  }
  const fs::path root = argv[1];
  write_seeds(root / "json", {R"({"a":[1,-2.5e3,true,false,null,"x\u00e9\n"],"b":{"c":{}}})", "[]",
                              "18446744073709551615", "-9223372036854775808", "123456789012345678901234567890",
                              R"("\ud83d\ude00")", "1e308", "[[[[[[[[0.1]]]]]]]]", " {\"k\" : \"v\" } \n"});
  write_safetensors_seeds(root / "safetensors");
  write_seeds(root / "ctranslate2", {thaw::SmallWhisperFile::parts().bytes()});
  write_seeds(root / "shard_index",
              {R"({"metadata":{"total_size":8},"weight_map":{"a":"model-00001-of-00002.safetensors",)"
               R"("b":"model-00002-of-00002.safetensors"}})",
               R"({"weight_map":{}})"});
  // The first letter chooses the format: 'd' % 4 is TSV, 'e' CSV, 'f' JSONL, 'g' lines.
  write_seeds(root / "table", {"dtext\tlabel\nline one\ta\r\n\"two\tb\n", "etext,label\n\"a, \"\"b\"\"\nc\",x\r\nd,\n",
                               "f{\"text\":\"a\",\"label\":1}\n{\"label\":true,\"text\":\"b\\u00e9\"}\n{\"text\":["
                               "\"x\",\"y\"],\"label\":null}\n",
                               "g\xEF\xBB\xBFone\ntwo\n"});
  // The first letter chooses the format: 'c' % 3 is JSONL, 'd' CoNLL, 'e' CoNLL-U; from 128 on labels are not read.
  write_seeds(
      root / "tagged_words",
      {"c{\"tokens\":[\"a\",\"b\"],\"ner_tags\":[\"B-X\",\"O\"]}\n{\"tokens\":[\"c\"],\"ner_tags\":[\"O\"]}\n",
       "d-DOCSTART- O\n\n# id\na B-X\nb O\n\nc\tO\n", "e# id\n1-2\tab\t_\t_\n1\ta\t_\tNOUN\n2.1\tb\t_\tVERB\n\n",
       "\x82"
       "a\nb\n"});
  const std::string npy("\x93NUMPY\x01\0\x3F\0{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }   \n", 73);
  write_seeds(root / "npy", {npy + std::string(8, 'x')});
  write_seeds(root / "picture", {"P2\n# c\n2 1 10 3 4", "P3 1 1 255 1 2 3", "P5 2 1 255 ab", "P6 1 1 256 abcdef"});
  const std::string special = R"({"id":0,"content":"[PAD]","single_word":false,"lstrip":false,"rstrip":false,)"
                              R"("normalized":false,"special":true})",
                    word = R"({"id":6,"content":"\u00c9t","single_word":true,"lstrip":true,"rstrip":true,)"
                           R"("normalized":true,"special":false})";
  write_seeds(
      root / "tokenizer_json",
      {wordpiece(R"({"type":"BertProcessing","cls":["[CLS]",2],"sep":["[SEP]",3]})", special),
       wordpiece("null", special + "," + word), wordpiece("null", word, other_steps),
       wordpiece(R"({"type":"TemplateProcessing",)"
                 R"("single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],)"
                 R"("pair":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}},)"
                 R"({"Sequence":{"id":"B","type_id":1}}],)"
                 R"("special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},)"
                 R"("[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}})",
                 "")});
  const std::string unigram =
      R"({"added_tokens":[{"id":0,"content":"<unk>","special":true,"normalized":false}],)"
      R"("normalizer":{"type":"Precompiled","precompiled_charsmap":")" +
      thaw::base64(thaw::letter_map('c', "\xC3\xA9")) +
      R"("},"pre_tokenizer":{"type":"Metaspace","replacement":"_","prepend_scheme":"first","split":true},)"
      R"("decoder":{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"},)"
      R"({"type":"Strip","content":" ","start":1,"stop":0},{"type":"Replace","pattern":{"String":"_"},"content":" "},)"
      R"({"type":"Metaspace","replacement":"_","add_prefix_space":true}]},)"
      R"("model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["_a",-1.5],["<0x41>",0]],"byte_fallback":true}})";
  std::ofstream(root / "tokenizer_json" / "unigram", std::ios::binary) << unigram;
  write_sound_and_film_seeds(root);
  write_component_seeds(root / "tokenizer_json", argv[2]);
  write_seeds(root / "spiece_model", {thaw::good_spiece()});
  write_seeds(root / "vocab_txt", {"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n",
                                   "[UNK]\r\n[CLS]\r\n[SEP]\r\n\xC3\xA9\r\n \r\n##", "[CLS]\n[SEP]\n[UNK]"});
  return 0;
}
