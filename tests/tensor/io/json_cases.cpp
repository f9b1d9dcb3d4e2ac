// SPDX-License-Identifier: Apache-2.0
// JSON texts that must be refused, each with what its error must say.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tensor/io/json.h"

namespace thaw {

namespace {

struct BadText {
  std::string text;
  std::string error;
};

std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

std::string with_nul(std::string text) {
  for (char& c : text)
    if (c == '@') c = '\0';
  return text;
}

std::vector<BadText> bad_texts() {
  std::vector<BadText> cases = {
      // nothing, or more than one value
      {"", "empty"},
      {"  \n\t ", "empty"},
      {"\xEF\xBB\xBF{}", "byte order mark"},
      {"\xEF\xBB\xBF", "byte order mark"},
      {"{} {}", "bad.json"},
      {"{}x", "bad.json"},
      {"{},", "text after the JSON value"},
      {"[]]", "bad.json"},
      {"[1][2]", "text after the JSON value"},
      {"{}{}", "text after the JSON value"},
      {"1 2", "bad.json"},
      {"1,2", "line 1, byte 2: text after the JSON value"},
      {"1],[2", "bad.json"},
      {"\"a\" \"b\"", "bad.json"},
      {"null,", "bad.json"},
      {with_nul("{}@"), "bad.json"},
      {with_nul("@{}"), "bad.json"},
      // not closed, badly closed
      {"{", "not JSON"},
      {"[", "bad.json: not JSON: an object or array is not closed"},
      {"}", "bad.json"},
      {"]", "bad.json"},
      {"[1", "not JSON"},
      {"[1,", "not JSON"},
      {"[[1]", "bad.json"},
      {"{\"a\":1", "not JSON"},
      {"{\"a\":[1}", "bad.json: a: not JSON: unexpected text near line 1, byte 8"},
      {"{\"a\":{\"b\":1}", "bad.json"},
      {"[1}", "not JSON"},
      {"{\"a\":1]", "not JSON"},
      {"[{]}", "not JSON"},
      {"{\"a\":[}]", "not JSON"},
      // commas and colons
      {"[1,]", "not JSON"},
      {"[,1]", "not JSON"},
      {"[,]", "bad.json"},
      {"[1,,2]", "not JSON"},
      {"[1 2]", "not JSON"},
      {"[\"a\" \"b\"]", "not JSON"},
      {"[[] []]", "not JSON: unexpected text near line 1, byte 5"},
      {"[:1]", "bad.json"},
      {"[\"a\":1]", "bad.json"},
      {"{\"a\":1,}", "not JSON"},
      {"{,\"a\":1}", "not JSON"},
      {"{\"a\" 1}", "unexpected text near line 1, byte 6"},
      {"{\"a\"}", "bad.json"},
      {"{\"a\":}", "bad.json"},
      {"{\"a\"::1}", "bad.json"},
      {"{\"a\":1 \"b\":2}", "bad.json"},
      {"{\"a\":1,,\"b\":2}", "bad.json"},
      {"{\"a\",\"b\"}", "bad.json"},
      {"{a:1}", "unexpected text near line 1, byte 2"},
      {"{'a':1}", "bad.json"},
      {"{1:2}", "bad.json"},
      {"{null:2}", "bad.json"},
      {"{[]:2}", "bad.json"},
      {"{\"a\":1,\n\"b\":\n,}", "line 3"},
      // comments
      {"// x\n{}", "bad.json"},
      {"{} // x", "bad.json"},
      {"{/* x */}", "bad.json"},
      {"# x\n[]", "bad.json"},
      // words
      {"nul", "\"nul\" is not a JSON value"},
      {"nulll", "\"nulll\" is not a JSON value"},
      {"True", "bad.json"},
      {"tru", "\"tru\" is not a JSON value"},
      {"truex", "\"truex\" is not a JSON value"},
      {"true1", "\"true1\" is not a JSON value"},
      {"falsee", "\"falsee\" is not a JSON value"},
      {"None", "bad.json"},
      {"undefined", "bad.json"},
      {"[nan]", "\"nan\" is not a JSON value"},
      {"[NaN]", "\"NaN\" is not a JSON value"},
      {"[Infinity]", "\"Infinity\" is not a JSON value"},
      {"[-Infinity]", "\"-Infinity\" is not a JSON value"},
      {"[inf]", "bad.json"},
      {"{\"x\":{\"y\":nan}}", "bad.json: x.y: \"nan\" is not a JSON value"},
      // numbers
      {"[01]", "\"01\" is not a JSON value"},
      {"[-01]", "\"-01\" is not a JSON value"},
      {"[00]", "\"00\" is not a JSON value"},
      {"[+1]", "bad.json"},
      {"[-]", "\"-\" is not a JSON value"},
      {"[--1]", "\"--1\" is not a JSON value"},
      {"[1.]", "\"1.\" is not a JSON value"},
      {"[.5]", "bad.json"},
      {"[-.5]", "\"-.5\" is not a JSON value"},
      {"[1e]", "\"1e\" is not a JSON value"},
      {"[1e+]", "\"1e+\" is not a JSON value"},
      {"[1.e3]", "\"1.e3\" is not a JSON value"},
      {"[1e1.5]", "\"1e1.5\" is not a JSON value"},
      {"[0x10]", "\"0x10\" is not a JSON value"},
      {"[1_000]", "\"1_000\" is not a JSON value"},
      {"[1a]", "\"1a\" is not a JSON value"},
      {"[1-2]", "\"1-2\" is not a JSON value"},
      {"[1f]", "\"1f\" is not a JSON value"},
      {"[1e400]", "1e400\" does not fit a double"},
      {"[-1e400]", "-1e400\" does not fit a double"},
      {"[0.1e999]", "does not fit a double"},
      {"{\"k\":[0,{\"m\":1.5e309}]}", "bad.json: k[1].m: \"1.5e309\" does not fit a double"},
      // strings
      {"\"", "bad.json"},
      {"[\"a]", "a string is not closed"},
      {"[\"a\\\"]", "a string is not closed"},
      {"{\"a", "a string is not closed"},
      {"[\n\"a\\", "bad.json: [0]: not JSON: line 2, byte 1: a string is not closed"},
      {"[\"a\nb\"]", "control character inside a string"},
      {"[\"a\tb\"]", "control character inside a string"},
      {with_nul("[\"a@b\"]"), "control character inside a string"},
      {"[\"\x1F\"]", "control character inside a string"},
      {"[\"\\x41\"]", "bad escape"},
      {"[\"\\'\"]", "bad escape"},
      {"[\"\\u12\"]", "bad escape"},
      {"[\"\\u12g4\"]", "bad escape"},
      {"[\"\\U00000041\"]", "bad escape"},
      {"[\"\\ud800\"]", "bad.json: [0]: not JSON: line 1, byte 3: a string holds half of a surrogate pair, \\ud800"},
      {"[\"\\ud800x\"]", "bad.json"},
      {"[\"\\ud800\\u0041\"]", "bad.json"},
      {"[\"\\udc00\"]", "bad.json"},
      {"[\"\\ud800\\ud800\"]", "bad.json"},
      {"{\"\\udc00\":1}", "bad.json: not JSON: line 1, byte 3: a string holds half of a surrogate pair, \\udc00"},
      {"{\"\\q\":1}", "bad escape"},
      // UTF-8
      {"[\"\xFF\"]", "line 1, byte 3: byte 0xff is not valid UTF-8"},
      {"[\n\"a\x80\"]", "line 2, byte 3: byte 0x80 is not valid UTF-8"},
      {"[\"\xC0\x80\"]", "byte 0xc0 is not valid UTF-8"},
      {"[\"\xC3\"]", "byte 0xc3 is not valid UTF-8"},
      {"[\"\xE2\x82\"]", "byte 0xe2 is not valid UTF-8"},
      {"[\"\xED\xA0\x80\"]", "byte 0xed is not valid UTF-8"},
      {"[\"\xF4\x90\x80\x80\"]", "byte 0xf4 is not valid UTF-8"},
      {"[\"\xF8\x88\x80\x80\x80\"]", "byte 0xf8 is not valid UTF-8"},
      {"{\"\xE9\":1}", "byte 0xe9 is not valid UTF-8"},
      {"\xFF\xFE{", "line 1, byte 1: byte 0xff is not valid UTF-8"},
      // duplicate keys
      {"{\"a\":1,\"a\":2}", "bad.json: a: the key is there twice"},
      {"{\"a\":1,\"b\":2,\"a\":1}", "bad.json: a: the key is there twice"},
      {"{\"a\":1,\"\\u0061\":2}", "bad.json: a: the key is there twice"},
      {"{\"\":1,\"\":2}", "bad.json: \"\": the key is there twice"},
      {"{\"x\":[{\"b c\":1,\"b c\":2}]}", "bad.json: x[0].\"b c\": the key is there twice"},
      {"[{\"y\":{\"z\":{},\"z\":[]}}]", "bad.json: [0].y.z: the key is there twice"},
      // depth
      {repeated("[", 65) + repeated("]", 65), "nested deeper than 64 levels"},
      {repeated("{\"a\":", 65) + "1" + repeated("}", 65), "nested deeper than 64 levels"},
      {repeated("[", 5000) + repeated("]", 5000), "nested deeper than 64 levels"},
      {repeated("[", 200000), "bad.json"},
      {repeated("{\"a\":", 200000), "bad.json"},
      {repeated("[{\"a\":", 33) + "1" + repeated("}]", 33), "nested deeper than 64 levels"},
  };
  // every strict prefix of an object is refused
  const std::string whole = R"({"a": [1, -2.5e3, "x\n\u00e9", true], "b": {"c": null}})";
  for (size_t length = 0; length < whole.size(); ++length) cases.push_back({whole.substr(0, length), "bad.json"});
  return cases;
}

std::string error_of(const std::string& text) {
  try {
    return "accepted: " + Json::parse(text, "bad.json").dump();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("json: texts that are not strict JSON are refused, naming file and place") {
  const auto cases = bad_texts();
  CHECK(cases.size() >= 150);
  for (const BadText& bad : cases) {
    const std::string error = error_of(bad.text);
    CAPTURE(bad.text);
    CAPTURE(error);
    CHECK(error.starts_with("bad.json: "));
    CHECK(error.find(bad.error) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
    CHECK(error.size() < 400);
  }
}

}  // namespace thaw
