// SPDX-License-Identifier: Apache-2.0
// JSON values: what is read is what was written, getters never convert, errors name the key, dumps follow Python's
// layout.
#include "tensor/io/json.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/error_of.h"
#include "tests/goldens.h"

namespace thaw {

namespace {

const auto error_in = [](const auto& f) { return error_of<std::runtime_error>(f); };

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("json: scalars at the top") {
  CHECK(Json::parse("3", "f").as_int() == 3);
  CHECK(Json::parse(" \n-0.5e1 ", "f").as_number() == -5.0);
  CHECK(Json::parse("\"a\\u0000b\"", "f").as_string() == std::string("a\0b", 3));
  CHECK(Json::parse("true", "f").as_bool());
  CHECK(Json::parse("null\n", "f").is_null());
  CHECK(error_in([] { Json::parse("3", "f").as_string(); }) == "f: expected a string, found 3");
}

TEST_CASE("json: integers keep their value or are refused") {
  const Json json = Json::parse(
      R"({"min": -9223372036854775808, "max": 9223372036854775807, "u": 9223372036854775808,
          "umax": 18446744073709551615,
          "big": 18446744073709551616, "negative_big": -9223372036854775809, "real": 2.7,
          "whole": 2.0, "zero": -0, "e": 1e2})",
      "numbers.json");
  CHECK(json.get_int("min") == std::numeric_limits<int64_t>::min());
  CHECK(json.get_int("max") == std::numeric_limits<int64_t>::max());
  CHECK(json.get_uint("max") == 9223372036854775807u);
  CHECK(json.get_uint("umax") == std::numeric_limits<uint64_t>::max());
  CHECK(json.at("big").kind() == Json::Kind::big_integer);
  CHECK(json.at("big").as_digits() == "18446744073709551616");
  CHECK(json.at("negative_big").as_digits() == "-9223372036854775809");
  CHECK(json.get_number("big") == 18446744073709551616.0);
  CHECK(json.get_number("umax") == 18446744073709551615.0);
  CHECK(json.get_int("zero") == 0);
  CHECK(json.get_number("e") == 100.0);
  CHECK(error_in([&] { json.get_int("u"); }) ==
        "numbers.json: u: expected an integer of 64 bits, found 9223372036854775808");
  CHECK(error_in([&] { json.get_int("big"); }) ==
        "numbers.json: big: expected an integer of 64 bits, found 18446744073709551616");
  CHECK(error_in([&] { json.get_int("real"); }) == "numbers.json: real: expected an integer of 64 bits, found 2.7");
  CHECK(error_in([&] { json.get_int("whole"); }) == "numbers.json: whole: expected an integer of 64 bits, found 2.0");
  CHECK(error_in([&] { json.get_int("e"); }) == "numbers.json: e: expected an integer of 64 bits, found 100.0");
  CHECK(error_in([&] { json.get_uint("min"); }) ==
        "numbers.json: min: expected an integer from 0 to 18446744073709551615, found -9223372036854775808");
  CHECK(error_in([&] { json.get_uint("umax", 7); }) ==
        "numbers.json: umax: expected an integer from 0 to 7, found 18446744073709551615");
  CHECK(error_in([&] { json.get_int("max", 1, 10); }) ==
        "numbers.json: max: expected an integer from 1 to 10, found 9223372036854775807");
  CHECK(error_in([&] { json.get_int("zero", 1); }) == "numbers.json: zero: expected an integer of at least 1, found 0");
}

TEST_CASE("json: a number too long to print or to convert is named by its length") {
  const Json json = Json::parse("{\"n\": " + std::string(400, '9') + "}", "f");
  CHECK(error_in([&] { json.get_number("n"); }).find("an integer of 400 digits") != std::string::npos);
  CHECK(json.dump() == "{\"n\": " + std::string(400, '9') + "}");
}

TEST_CASE("json: getters name file and key path") {
  const Json json = Json::parse(
      R"({"a": {"b": [{"c": "text"}, 5], "x.y": 1}, "s": "v", "n": null, "list": [1, "2"], "flag": 1, "p": 1.5})",
      "dir/config.json");
  CHECK(error_in([&] { json.get_int("missing"); }) == "dir/config.json: missing: missing, expected an integer");
  CHECK(error_in([&] { json.get_int("s"); }) == "dir/config.json: s: expected an integer of 64 bits, found \"v\"");
  CHECK(error_in([&] { json.get_object("a").get_bool("x.y"); }) ==
        "dir/config.json: a.\"x.y\": expected true or false, found 1");
  CHECK(error_in([&] { json.at("a").at("b").at(0).get_int("c"); }) ==
        "dir/config.json: a.b[0].c: expected an integer of 64 bits, found \"text\"");
  CHECK(error_in([&] { json.at("a").at("b").at(2); }) ==
        "dir/config.json: a.b[2]: expected a value, but the array ends before it (length 2)");
  CHECK(error_in([&] { json.at("a").at("b").get_string(1); }) == "dir/config.json: a.b[1]: expected a string, found 5");
  CHECK(error_in([&] { json.get_ints("list"); }) ==
        "dir/config.json: list[1]: expected an integer of 64 bits, found \"2\"");
  CHECK(error_in([&] { json.get_strings("list"); }) == "dir/config.json: list[0]: expected a string, found 1");
  CHECK(error_in([&] { json.get_array("a"); }) == "dir/config.json: a: expected an array, found an object");
  CHECK(error_in([&] { json.get_object("list"); }) == "dir/config.json: list: expected an object, found an array");
  CHECK(error_in([&] { json.get_string("n"); }) == "dir/config.json: n: expected a string, found null");
  CHECK(error_in([&] { json.get_number("p", 0, 1); }) ==
        "dir/config.json: p: expected a number from 0 to 1, found 1.5");
  CHECK(error_in([&] { json.get_bool_or("flag", false); }) == "dir/config.json: flag: expected true or false, found 1");
  CHECK(error_in([&] { json.items(); }) == "dir/config.json: expected an array, found an object");
  CHECK(error_in([&] { json.at("s").find("x"); }) == "dir/config.json: expected an object, found \"v\"");
  CHECK(error_in([&] { json.at("list").items()[1].as_int(); }) ==
        "dir/config.json: list: an entry: expected an integer of 64 bits, found \"2\"");
  CHECK(json.where("s") == "dir/config.json: s");
  CHECK(json.at("a").at("b").where() == "dir/config.json: a.b");
  CHECK(json.get_int_or("n", 7) == 7);
  CHECK(json.get_int_or("missing", 7, 1, 9) == 7);
  CHECK(json.get_number_or("p", 0) == 1.5);
  CHECK(json.get_string_or("s", "") == "v");
  CHECK(json.get_string_or("missing", "d") == "d");
  CHECK(json.get_bool_or("missing", true));
}

TEST_CASE("json: a message stays one short line whatever the key or the value holds") {
  const Json json = Json::parse("{\"a\\nb\": \"" + std::string(1000, 'x') + "\"}", "f");
  const std::string error = error_in([&] { json.get_int("a\nb"); });
  CHECK(error.starts_with("f: \"a\\u000ab\": expected"));
  CHECK(error.size() < 200);
}

TEST_CASE("json: depth 64 is read, empty containers and long objects too") {
  CHECK(Json::parse(std::string(64, '[') + std::string(64, ']'), "f").dump() ==
        std::string(64, '[') + std::string(64, ']'));
  CHECK(Json::parse("{}", "f").empty());
  CHECK(Json::parse("[]", "f").empty());
}

TEST_CASE("json: objects keep their order, find every key and replace in place") {
  Json json = Json::object();
  constexpr int count = 3000;
  for (int i = 0; i < count; ++i) json.set("key" + std::to_string((i * 7919) % count), i);
  CHECK(json.size() == count);
  CHECK(json.members()[1].key == "key" + std::to_string(7919 % count));
  for (int i = 0; i < count; ++i) CHECK(json.get_int("key" + std::to_string((i * 7919) % count)) == i);
  json.set("key0", "new");
  CHECK(json.size() == count);
  CHECK(json.members()[0].value.as_string() == "new");
  CHECK_FALSE(json.contains("key3000"));
  CHECK(json.erase("key0"));
  CHECK_FALSE(json.erase("key0"));
  CHECK_FALSE(json.contains("key0"));
  CHECK(json.get_int("key" + std::to_string(7919 % count)) == 1);
  const Json copy = Json::parse(json.dump(), "f");
  CHECK(copy == json);
  json.set("key1", nullptr);
  CHECK_FALSE(copy == json);
}

TEST_CASE("json: strings are read escape by escape") {
  CHECK(Json::parse(R"("\"\\\/\b\f\n\r\t")", "f").as_string() == "\"\\/\b\f\n\r\t");
  CHECK(Json::parse(R"("\u0041\u00e9\u20AC\ud83d\uDE00x")", "f").as_string() == "Aé€😀x");
  CHECK(Json::parse(R"("\uFFFF\ud800\udc00\udbff\udfff")", "f").as_string() ==
        "\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
}

TEST_CASE("json: the edges of numbers") {
  const auto number = [](const char* text) { return Json::parse(text, "f").as_number(); };
  CHECK(Json::parse("9007199254740993", "f").as_int() == 9007199254740993);  // no double holds it
  CHECK(std::signbit(number("-0.0")));
  CHECK(number("-1e-999") == 0.0);
  CHECK(std::signbit(number("-1e-999")));
  CHECK(number("2.2250738585072011e-308") > 0.0);  // no normal number
  CHECK(number("0e999") == 0.0);
  CHECK(number("1E+2") == 100.0);
}

TEST_CASE("json: dumps are laid out as Python lays them out") {
  Json json = Json::object();
  json.set("b", 1)
      .set("a", Json::array().push_back(1.0).push_back("x").push_back(nullptr))
      .set("c", Json::object())
      .set("d", Json::array());
  json.set("e", true).set("f", std::vector<int>{1, 2}).set("g", std::vector<std::string>{"p"});
  CHECK(json.dump() == R"({"b": 1, "a": [1.0, "x", null], "c": {}, "d": [], "e": true, "f": [1, 2], "g": ["p"]})");
  CHECK(json.dump({.compact = true}) == R"({"b":1,"a":[1.0,"x",null],"c":{},"d":[],"e":true,"f":[1,2],"g":["p"]})");
  CHECK(Json::object()
            .set("b", Json::array().push_back(1))
            .set("a", Json::object())
            .dump({.indent = 2, .sort_keys = true}) == "{\n  \"a\": {},\n  \"b\": [\n    1\n  ]\n}");
  CHECK(Json("\b\f\n\r\t\x01\x1f\x7f\"\\/é€😀").dump() == "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\\"\\\\/é€😀\"");
  CHECK(Json("\x7f/é€😀").dump({.ensure_ascii = true}) == "\"\\u007f/\\u00e9\\u20ac\\ud83d\\ude00\"");
  CHECK(error_in([] { Json("a\xFF").dump(); }).find("not UTF-8 at byte 1") != std::string::npos);
  CHECK(error_in([] { Json::object().set("m", Json::array().push_back(std::nan(""))).dump(); }) ==
        "JSON: m[0]: nan cannot be written");
  CHECK(error_in([] { Json(INFINITY).dump(); }) == "JSON: the value: inf cannot be written");
  CHECK(Json::big_integer("-123456789012345678901234567890").dump() == "-123456789012345678901234567890");
  CHECK_THROWS_AS(Json::big_integer("12a"), std::invalid_argument);
  CHECK_THROWS_AS(Json::big_integer("-"), std::invalid_argument);
  CHECK_THROWS_AS(Json::big_integer("012"), std::invalid_argument);
  CHECK(Json(uint64_t{18446744073709551615u}).dump() == "18446744073709551615");
}

TEST_CASE("json: doubles have the fewest digits, in Python's form") {
  const std::vector<std::pair<double, std::string>> cases = {{0.0, "0.0"},
                                                             {-0.0, "-0.0"},
                                                             {1.0, "1.0"},
                                                             {0.1, "0.1"},
                                                             {1e-12, "1e-12"},
                                                             {5e-05, "5e-05"},
                                                             {0.0001, "0.0001"},
                                                             {0.00012, "0.00012"},
                                                             {1e15, "1000000000000000.0"},
                                                             {1e16, "1e+16"},
                                                             {1.5e16, "1.5e+16"},
                                                             {1e22, "1e+22"},
                                                             {123456.789, "123456.789"},
                                                             {5e-324, "5e-324"},
                                                             {1.7976931348623157e308, "1.7976931348623157e+308"},
                                                             {2.0 / 3, "0.6666666666666666"},
                                                             {-2.5e-7, "-2.5e-07"},
                                                             {9007199254740993.0, "9007199254740992.0"},
                                                             {1e100, "1e+100"}};
  for (const auto& [value, text] : cases) {
    CHECK(Json(value).dump() == text);
    CHECK(Json::parse(text, "f").as_number() == value);
  }
  CHECK(Json::parse("1e-400", "f").as_number() == 0.0);
}

TEST_CASE("json: every golden JSON file reads back the same") {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(golden_dir())) {
    if (entry.path().extension() != ".json" || entry.file_size() > (1u << 20)) continue;
    CAPTURE(entry.path().string());
    const Json json = Json::read(entry.path());
    CHECK(Json::parse(json.dump(2), "dump") == json);
    ++files;
    if (entry.path().filename() != "config.json") continue;
    std::string text = read_text(entry.path());
    CHECK(json.dump({.indent = 2, .ensure_ascii = true}) + (text.ends_with('\n') ? "\n" : "") == text);
  }
  CHECK(files > 0);
}

TEST_CASE("json: a file that cannot be read is named") {
  CHECK(error_in([] { Json::read("/nowhere/config.json"); }) == "/nowhere/config.json: no such file");
  CHECK(error_in([] { Json::read("/tmp"); }) == "/tmp: not a regular file");
}

}  // namespace thaw
