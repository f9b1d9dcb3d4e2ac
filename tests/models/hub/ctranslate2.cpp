// SPDX-License-Identifier: Apache-2.0
// Files of CTranslate2's: what one holds is found by all its names, and what is damaged is refused in one line.
#include "models/hub/ctranslate2.h"

#include <doctest/doctest.h>

#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/hub/ctranslate2_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

CTranslate2Parts good() {
  CTranslate2Parts parts;
  parts.variables = {{"a/weight", {2, 3}, ct2_f16, "abcdefghijkl"},
                     {"a/heads", {}, ct2_i16, {'\x06', '\0'}},
                     {"b/layer", {}, ct2_i32, "\xFE\xFF\xFF\xFF"},
                     {"none", {0, 4}, ct2_f32, ""},
                     {"q", {2}, ct2_i8, "\x01\x02"},
                     {"flag", {}, ct2_i8, "\x80"}};
  parts.aliases = {{"z/weight", "a/weight"}, {"y", "q"}};
  return parts;
}

CTranslate2File read(const std::string& bytes) { return {std::as_bytes(std::span<const char>(bytes)), "model.bin"}; }

std::string error_of_bytes(const std::string& bytes) {
  const std::string error = error_of<std::runtime_error>([&] { read(bytes); });
  INFO(error);
  CHECK(error.starts_with("model.bin: "));
  CHECK(error.find('\n') == std::string::npos);
  CHECK(error.size() < 300);
  return error.substr(0, 11) == "model.bin: " ? error.substr(11) : error;
}

std::string error_of_parts(const CTranslate2Parts& parts) { return error_of_bytes(parts.bytes()); }

}  // namespace

TEST_CASE("CTranslate2 file: what it holds, by names and aliases") {
  const ScratchFolder folder;
  write_bytes(folder / "model.bin", good().bytes());
  const CTranslate2File file(folder / "model.bin");
  CHECK(file.path() == folder / "model.bin");
  CHECK(file.kind() == "WhisperSpec");
  CHECK(file.revision() == 3);
  REQUIRE(file.variables().size() == 6);
  const SafetensorsEntry& weight = file.at("a/weight");
  CHECK(weight.dtype == "F16");
  CHECK(weight.shape == std::vector<int64_t>{2, 3});
  CHECK(std::memcmp(weight.bytes.data(), "abcdefghijkl", weight.bytes.size()) == 0);
  CHECK(file.find("z/weight") == &weight);
  CHECK(file.find("y") == &file.at("q"));
  CHECK(file.find("x") == nullptr);
  CHECK(file.at("none").bytes.empty());
  CHECK(file.integer("a/heads") == 6);
  CHECK(file.integer("b/layer") == -2);
  CHECK(file.integer("flag") == -128);
  const auto error = [&](const char* name) {
    return error_of<std::runtime_error>([&] { file.integer(name); }).substr(file.path().size());
  };
  CHECK(error("x") == ": there is no \"x\"");
  CHECK(error("y") == ": \"y\" is I8 of shape [2], expected a whole number");
  CHECK(error("a/weight") == ": \"a/weight\" is F16 of shape [2, 3], expected a whole number");
}

TEST_CASE("CTranslate2 file: cut off anywhere, it is refused") {
  const std::string bytes = good().bytes();
  read(bytes);
  for (size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    const std::string error = error_of_bytes(bytes.substr(0, length));
    CHECK(error.find(" bytes, and the file has ") != std::string::npos);
  }
  CHECK(error_of_bytes(bytes + '\0') == "1 bytes behind the last alias");
}

TEST_CASE("CTranslate2 file: sizes that lie, unknown types, names that are there twice or none are refused") {
  const auto changed = [](auto change) {
    CTranslate2Parts parts = good();
    change(parts);
    return error_of_parts(parts);
  };
  for (const uint32_t version : {0U, 3U, 7U, 0xFFFFFFFFU})
    CHECK(changed([&](auto& p) { p.version = version; }).find(" another version: ") != std::string::npos);
  CHECK(changed([](auto& p) { p.at("q").type = 6; }) == "\"q\": type 6 is not known");
  CHECK(changed([](auto& p) { p.at("q").type = 255; }) == "\"q\": type 255 is not known");
  CHECK(changed([](auto& p) { p.at("q").shape = {3}; }) == "\"q\": I8 of shape [3], and 2 bytes");
  CHECK(changed([](auto& p) { p.at("q").type = ct2_f16; }) == "\"q\": F16 of shape [2], and 2 bytes");
  CHECK(changed([](auto& p) { p.at("q").shape = {0}; }) == "\"q\": I8 of shape [0], and 2 bytes");
  CHECK(changed([](auto& p) { p.at("q").shape = {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}; }).ends_with("and 2 bytes"));
  // 2^64 bytes would be none in 64 bits
  CHECK(changed([](auto& p) {
          p.at("q").shape = {0x80000000, 0x80000000, 4};
          p.at("q").data = "";
        }).ends_with("and 0 bytes"));
  CHECK(changed([](auto& p) { p.at("q").shape.assign(65, 1); }) == "\"q\": 65 dimensions, at most 64 are read");
  CHECK(changed([](auto& p) { p.at("q").name = "none"; }) == "\"none\" is there twice");
  CHECK(changed([](auto& p) { p.at("q").name = ""; }).find("a variable's name is \"") != std::string::npos);
  CHECK(changed([](auto& p) {
          p.at("q").name = std::string("q\0q", 3);
        }).find("a text that ends in its one NUL was expected") != std::string::npos);
  CHECK(changed([](auto& p) { p.kind = ""; }).find("the kind of model is \"") != std::string::npos);
  CHECK(changed([](auto& p) { p.aliases[0].first = "q"; }) == "\"q\" is there twice");
  CHECK(changed([](auto& p) { p.aliases[1].first = "z/weight"; }) == "\"z/weight\" is there twice");
  CHECK(changed([](auto& p) { p.aliases[0].second = "x"; }) == "\"z/weight\" stands for \"x\", which is not there");
}

TEST_CASE("CTranslate2 file: counts that no file holds cost nothing") {
  const auto number = CTranslate2Parts::number;
  const std::string head = number(6, 4) + CTranslate2Parts::text("WhisperSpec") + number(3, 4);
  CHECK(error_of_bytes(head + number(0xFFFFFFFF, 4)) ==
        "byte 26: a variable's name of 2 bytes, and the file has 0 more");
  CHECK(error_of_bytes(head + number(0, 4) + number(0xFFFFFFFF, 4)) ==
        "byte 30: an alias of 2 bytes, and the file has 0 more");
  const std::string huge =
      CTranslate2Parts::text("w") + number(1, 1) + number(0xFFFFFFFF, 4) + number(ct2_i8, 1) + number(0xFFFFFFFF, 4);
  CHECK(error_of_bytes(head + number(1, 4) + huge) == "byte 40: data of 4294967295 bytes, and the file has 0 more");
}

TEST_CASE("CTranslate2 file: what is no model at all is told") {
  const ScratchFolder folder;
  const auto error = [&](const std::string& content) {
    write_bytes(folder / "model.bin", content);
    return error_of<std::runtime_error>([&] { CTranslate2File(folder / "model.bin"); });
  };
  CHECK(error("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 75537502\n").find("Git LFS pointer") !=
        std::string::npos);
  CHECK(error("PK\x03\x04 and so on").find("is no model of CTranslate2, or of another version: ") != std::string::npos);
  CHECK(error("").find("a version of 4 bytes, and the file has 0 more") != std::string::npos);
  CHECK(error_of<std::runtime_error>([&] { CTranslate2File(folder / "none.bin"); }).starts_with(folder / "none.bin"));
}
