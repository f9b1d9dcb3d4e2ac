// SPDX-License-Identifier: Apache-2.0
// Whatever a file holds, the error about it is one short line that begins with the file's name and that a terminal can
// show: every loader gets long and hostile names, values and numbers at every place.
#include <doctest/doctest.h>

#include <functional>
#include <sstream>
#include <stdexcept>

#include "models/bert/config.h"
#include "models/data/label_survey.h"
#include "models/data/table.h"
#include "models/hub/shards.h"
#include "models/text/tokenizer_description.h"
#include "models/text/tokenizer_files.h"
#include "tensor/io/json_line.h"
#include "tensor/io/safetensors.h"

using namespace thaw;

namespace {

constexpr size_t longest = 1000;  // as the fuzz targets demand

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

// True if there was an error; checks it.
bool error_is_short(const std::string& input, const std::function<void(const std::string&)>& load) {
  try {
    load(input);
  } catch (const std::runtime_error& error) {
    const std::string line = error.what();
    CAPTURE(input.substr(0, 200));
    CAPTURE(line.substr(0, 300));
    CHECK(line.size() < longest);
    CHECK(line.starts_with("file"));
    for (const char c : line) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
    return true;
  }
  return false;
}

// Long names: plain, of escapes, of quotes, of letters beyond ASCII, of controls that JSON writes as escapes.
std::vector<std::string> long_json_strings() {
  return {repeated("a", 5000),       repeated("\\\"", 3000),    repeated("\xC3\xA9", 3000),
          repeated("\\u001b", 2000), repeated("\\u202e", 2000), repeated("9", 400)};
}

// JSON texts with such a string as key, as value, in a deep path; as they are, cut off, and with a wrong word.
std::vector<std::string> hostile_json() {
  std::vector<std::string> texts{"{\"a\": " + repeated("9", 5000) + "}", "{\"a\": " + repeated("x", 5000) + "}",
                                 "{\"a\": 1e" + repeated("9", 400) + "}", "{\"a\": -" + repeated("8", 400) + ".5e999}"};
  for (const std::string& s : long_json_strings()) {
    const std::string key = "\"" + s + "\"";
    const std::string deep = repeated("{" + key + ": [0, ", 30);
    const std::string closed = repeated("]}", 30);
    for (const std::string& value :
         {std::string("NaN"), std::string("\"\\ud800\""), std::string("\"\\q\""), std::string("1e999"),
          std::string("nul"), key, std::string("{\"k\": 1, \"k\": 2}")})
      texts.push_back(deep + value + closed);
    texts.push_back(deep);
    texts.push_back("{" + key + ": 1, " + key + ": 2}");
    texts.push_back("{" + key + ": " + key + ", \"vocab\": " + key + ", \"weight_map\": {" + key + ": " + key + "}}");
    texts.push_back("{" + key + ": [" + key + ", {" + key + ": " + key + "}]}");
  }
  return texts;
}

}  // namespace

TEST_CASE("long errors: JSON") {
  int errors = 0;
  for (const std::string& text : hostile_json()) {
    errors += error_is_short(text, [](const std::string& t) { Json::parse(t, "file"); });
    errors += error_is_short(text, [](const std::string& t) { parse_json_line(t, "file:1"); });
    // Getters of a wrong type, at the end of the longest path.
    errors += error_is_short(text, [](const std::string& t) {
      const Json json = Json::parse(t, "file");
      const Json* at = &json;
      while (at->is_object() || (at->is_array() && at->size() > 1))
        at = at->is_object() ? &at->members()[0].value : &at->items()[1];
      at->as_bool();
    });
    errors += error_is_short(text, [](const std::string& t) {
      const Json json = Json::parse(t, "file");
      for (const JsonMember& member : json.members()) json.get_int(member.key);
    });
  }
  CHECK(errors > 100);
}

TEST_CASE("long errors: a path is shortened in its middle") {
  std::string text = "1";
  for (int i = 30; i > 0; --i) text = "{\"level" + std::to_string(i) + "\": [" + text + "]}";
  const Json json = Json::parse(text, "file");
  const Json* at = &json;
  for (int i = 0; i < 30; ++i) at = &at->members()[0].value.items()[0];
  try {
    at->as_string();
    FAIL("no error");
  } catch (const std::runtime_error& error) {
    const std::string line = error.what();
    CHECK(line.starts_with("file: level1[0].level2[0]."));
    CHECK(line.find("...") != std::string::npos);
    CHECK(line.find("level30: an entry: expected a string, found 1") != std::string::npos);
    CHECK(line.size() < 400);
  }
}

TEST_CASE("long errors: shard indexes, tokenizers, configurations") {
  int errors = 0;
  for (const std::string& text : hostile_json()) {
    errors += error_is_short(text, [](const std::string& t) { ShardIndex::from_json(Json::parse(t, "file")); });
    errors += error_is_short(text, [](const std::string& t) { read_description(Json::parse(t, "file")); });
    errors += error_is_short(text, [](const std::string& t) { BertConfig::from_json(Json::parse(t, "file")); });
    errors += error_is_short(text, [](const std::string& t) { parse_vocabulary(t, "file"); });
  }
  for (const std::string& s : long_json_strings()) {
    const std::string key = "\"" + s + "\"";
    for (const std::string& text : {
             "{\"weight_map\": {\"w\": " + key + "}}",
             "{\"weight_map\": {" + key + ": 3}}",
             "{\"metadata\": " + key + ", \"weight_map\": {" + key + ": \"../x\"}}",
         })
      errors += error_is_short(text, [](const std::string& t) { ShardIndex::from_json(Json::parse(t, "file")); });
    for (const char* name : {"model_type", "hidden_act", "position_embedding_type", "problem_type", "hidden_size",
                             "quantization_config", "id2label", "label2id"})
      errors += error_is_short("{\"" + std::string(name) + "\": " + key + "}", [](const std::string& t) {
        BertConfig::from_json(Json::parse(t, "file")).activation();
      });
    for (const std::string& text :
         {"{\"id2label\": {\"0\": " + key + ", \"1\": " + key + "}}", "{\"id2label\": {" + key + ": \"a\"}}",
          "{\"id2label\": {\"0\": \"a\", \"1\": \"b\"}, \"label2id\": {" + key + ": 0, \"b\": 1}}"})
      errors += error_is_short(text, [](const std::string& t) { BertConfig::from_json(Json::parse(t, "file")); });
    const std::string vocab = "\"model\": {\"type\": \"WordPiece\", \"unk_token\": " + key + ", \"vocab\": {\"a\": 0}}";
    for (const std::string& text :
         {"{\"model\": {\"type\": " + key + "}}", "{" + vocab + "}",
          "{\"added_tokens\": [{\"id\": 9, \"content\": " + key + "}], " + vocab + "}",
          "{\"model\": {\"type\": \"WordPiece\", \"unk_token\": \"a\", \"vocab\": {\"a\": 0, " + key + ": 0}}}",
          "{\"model\": {\"type\": \"WordPiece\", \"unk_token\": \"a\", \"vocab\": {\"a\": 0, " + key + ": 7}}}",
          "{\"normalizer\": {\"type\": " + key +
              "}, \"model\": {\"type\": \"WordPiece\", \"unk_token\": \"a\", \"vocab\": "
              "{\"a\": 0}}}"})
      errors += error_is_short(text, [](const std::string& t) { read_description(Json::parse(t, "file")); });
  }
  const std::string token = repeated("x\x1B", 100);
  errors += error_is_short(token + "\xFF\n", [](const std::string& t) { parse_vocabulary(t, "file"); });
  CHECK(errors > 100);
}

TEST_CASE("long errors: safetensors headers") {
  int errors = 0;
  for (const std::string& s : long_json_strings()) {
    const std::string key = "\"" + s + "\"";
    for (const std::string& header :
         {"{" + key + ": 1}", "{" + key + ": {\"dtype\": " + key + ", \"shape\": [1], \"data_offsets\": [0, 4]}}",
          "{" + key + ": {\"dtype\": \"F32\", \"shape\": [" + repeated("9", 300) + "], \"data_offsets\": [0, 4]}}",
          "{" + key + ": {" + key + ": 1, \"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
          "{" + key + ": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}",
          "{\"__metadata__\": {" + key + ": 1}}"}) {
      std::string bytes(8, '\0');
      for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i));
      errors += error_is_short(bytes + header + "data", [](const std::string& t) {
        SafetensorsFile(std::as_bytes(std::span<const char>(t.data(), t.size())), "file");
      });
    }
  }
  CHECK(errors > 30);
}

TEST_CASE("long errors: tables and labels") {
  const auto read = [](TableFormat format, const std::vector<std::string>& wanted) {
    return [format, wanted](const std::string& t) {
      std::istringstream stream(t);
      TableReader reader(stream, "file", format, {wanted, "|"});
      TableRow row;
      while (reader.next(row)) {
      }
    };
  };
  int errors = 0;
  for (const std::string& name : {repeated("a", 5000), repeated("\x1B", 3000), repeated("\xC3\xA9", 3000),
                                  repeated("\r", 900) + "x", repeated("\xE2\x80\x8B", 900)}) {
    for (const auto& [format, separator] : {std::pair{TableFormat::tsv, "\t"}, {TableFormat::csv, ","}}) {
      const std::string line = name + separator + name + "\n";
      errors += error_is_short(line, read(format, {}));
      errors += error_is_short(name + "\n" + line, read(format, {"b"}));
      errors += error_is_short(repeated(name + separator, 60) + "x\n", read(format, {"b"}));
      errors += error_is_short("b" + std::string(separator) + "c\n" + name + "\n", read(format, {}));
    }
    errors += error_is_short("b,c\n\"" + name + "\"" + name + ",1\n", read(TableFormat::csv, {}));
    errors += error_is_short("b,c\n" + name + "\"" + name + ",1\n", read(TableFormat::csv, {}));
    const auto label = [&](const std::string& separator, const std::vector<std::string>& cells) {
      return [=](const std::string&) {
        LabelSurvey survey("file", separator);
        int64_t line = 1;
        for (const std::string& cell : cells) survey.add(cell, ++line);
        for (const std::string& warning : survey.name_warnings()) CHECK(warning.size() < longest);
        for (const std::string& warning : survey.number_warnings()) CHECK(warning.size() < longest);
        survey.refuse_stray_cells();
        survey.refuse_written_lists();
        survey.refuse_repeated_labels();
        survey.vector_length();
        LabelSet({name, name + " ", "x"}).id(cells[0] + "y", "file:1");
      };
    };
    for (const auto& [separator, cells] :
         std::vector<std::pair<std::string, std::vector<std::string>>>{{"", {"1.5", "2.5", name}},
                                                                       {"", {name, name + " ", "a"}},
                                                                       {"", {"[" + name + ",]"}},
                                                                       {"|", {name + "|" + name}},
                                                                       {"|", {name + "||"}},
                                                                       {"|", {repeated("1|", 500) + "1", "1|0"}},
                                                                       {repeated("-", 3000), {name}}})
      errors += error_is_short("", label(separator, cells));
    errors += error_is_short("", [&](const std::string&) { parse_number_label(name, "file:1"); });
  }
  for (const std::string& text : hostile_json()) errors += error_is_short(text, read(TableFormat::jsonl, {"b"}));
  for (const std::string& text : hostile_json()) errors += error_is_short(text + "\n{}", read(TableFormat::jsonl, {}));
  CHECK(errors > 100);
}
