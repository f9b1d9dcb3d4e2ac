// SPDX-License-Identifier: Apache-2.0
// safetensors: files written as the reference library writes them, byte by byte, and all that it writes is read.
#include "tensor/io/safetensors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

SafetensorsFile parse(const std::string& file) { return SafetensorsFile(bytes_of(file), "good.safetensors"); }

}  // namespace

TEST_CASE("safetensors: re-writing a golden gives the same bytes") {
  const ScratchFolder directory;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(golden_dir())) {
    if (entry.path().extension() != ".safetensors" || entry.file_size() > (16u << 20)) continue;
    CAPTURE(entry.path().string());
    const SafetensorsFile file(entry.path());
    auto entries = file.entries();
    std::ranges::reverse(entries);
    const std::string copy = directory / "copy.safetensors";
    write_safetensors(copy, entries, file.metadata());
    CHECK((read_bytes(copy) == read_bytes(entry.path())));
    ++files;
  }
  CHECK(files > 0);
}

TEST_CASE("safetensors: types are sorted as the reference library sorts them, names bytewise") {
  const std::vector<std::string> order = {
      "U64",         "I64",         "F64",     "C64",     "F32",     "U32", "I32", "BF16",    "F16",     "U16", "I16",
      "F8_E5M2FNUZ", "F8_E4M3FNUZ", "F8_E8M0", "F8_E4M3", "F8_E5M2", "I8",  "U8",  "F6_E3M2", "F6_E2M3", "F4",  "BOOL"};
  const ScratchFolder directory;
  const std::string data(64, 'd');
  std::vector<SafetensorsEntry> entries;
  for (const std::string& dtype : order)
    for (const char* name : {"b", "B", "é"}) {
      const auto bits = static_cast<size_t>(find_safetensors_dtype(dtype)->bits);
      entries.push_back({name + dtype, dtype, {2, 4}, bytes_of(data).first(bits)});
    }
  std::ranges::reverse(entries);
  write_safetensors(directory / "all.safetensors", entries);
  const SafetensorsFile file(directory / "all.safetensors");
  REQUIRE(file.entries().size() == 3 * order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    CHECK(file.entries()[3 * i].name == "B" + order[i]);
    CHECK(file.entries()[3 * i + 1].name == "b" + order[i]);
    CHECK(file.entries()[3 * i + 2].name == "é" + order[i]);
    CHECK(file.entries()[3 * i].count() == 8);
  }
  CHECK(file.at("bF32").thaw_dtype() == DType::f32);
  CHECK_FALSE(file.at("bI64").thaw_dtype().has_value());
  for (const DType dtype : {DType::f32, DType::f64, DType::bf16, DType::f16, DType::i32, DType::u8})
    CHECK(file.at(std::string("b").append(safetensors_name(dtype))).thaw_dtype() == dtype);
}

TEST_CASE("safetensors: bytes as the reference library wrote them for odd names, an empty tensor and a scalar") {
  const ScratchFolder directory;
  const std::string one("\0\0\x80\x3f", 4), zero(4, '\0');
  write_safetensors(
      directory / "odd",
      {{"é\n\x7f\"€😀", "F32", {1}, bytes_of(zero)}, {"", "F32", {0, 3}, {}}, {"s", "F32", {}, bytes_of(one)}},
      {{"k", "é\x01"}});
  const std::string header =
      "{\"__metadata__\":{\"k\":\"é\\u0001\"},\"\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]},"
      "\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
      "\"é\\n\x7f\\\"€😀\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}   ";
  REQUIRE(header.size() == 0xd0);
  CHECK((read_bytes(directory / "odd") == safetensors_bytes(header, one + zero)));
  const SafetensorsFile file(directory / "odd");
  CHECK(file.metadata().at("k") == "é\x01");
  CHECK(file.at("").shape == std::vector<int64_t>{0, 3});
  CHECK(file.at("s").shape.empty());
  CHECK(text_of(file.at("s").bytes) == one);
  write_safetensors(directory / "none", {}, {});
  CHECK((read_bytes(directory / "none") == safetensors_bytes("{}      ", "")));
}

TEST_CASE("safetensors: files that others write differently are read") {
  const std::string x = R"("x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  CHECK(parse(safetensors_bytes("{}", "")).entries().empty());
  CHECK(parse(safetensors_bytes("   {" + x + "}", "abcd")).entries().size() == 1);
  CHECK(parse(safetensors_bytes("{" + x + "} \n\t ", "abcd")).entries().size() == 1);
  CHECK(parse(safetensors_bytes("{\n  " + x + "\n}", "abcd")).at("x").bytes.size() == 4);
  // header of odd length: the data begin anywhere
  for (size_t blanks = 0; blanks < 8; ++blanks)
    CHECK(text_of(parse(safetensors_bytes("{" + x + "}" + std::string(blanks, ' '), "abcd")).at("x").bytes) == "abcd");
  // offsets that are not aligned, tensors not sorted by type, keys in any order
  const std::string odd_bytes = safetensors_bytes(
      R"({"f":{"shape":[1],"data_offsets":[1,5],"dtype":"F32"},"b":{"data_offsets":[0,1],"dtype":"U8","shape":[1]}})",
      "Babcd");
  const auto odd = parse(odd_bytes);
  CHECK(odd.entries()[0].name == "b");
  CHECK(text_of(odd.at("f").bytes) == "abcd");
  // empty tensors at the beginning, between and at the end
  const std::string empty_bytes = safetensors_bytes(
      R"({"z":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
      R"("m":{"dtype":"I64","shape":[3,0,2],"data_offsets":[2,2]},"y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]},)"
      R"("a":{"dtype":"BF16","shape":[0],"data_offsets":[0,0]}})",
      "abcd");
  const auto empty = parse(empty_bytes);
  CHECK(empty.entries().size() == 5);
  CHECK(empty.at("m").count() == 0);
  CHECK(text_of(empty.at("y").bytes) == "cd");
  // metadata: none, empty, after the tensors
  CHECK(parse(safetensors_bytes("{\"__metadata__\":{}," + x + "}", "abcd")).metadata().empty());
  CHECK(parse(safetensors_bytes("{" + x + R"(,"__metadata__":{"a":"b","":""}})", "abcd")).metadata().at("a") == "b");
  // many dimensions, escapes in names, elements of 4 and 6 bits
  std::string ones = "1";
  for (int i = 1; i < 64; ++i) ones += ",1";
  CHECK(parse(safetensors_bytes(R"({"x":{"dtype":"U8","shape":[)" + ones + R"(],"data_offsets":[0,1]}})", "a"))
            .at("x")
            .shape.size() == 64);
  CHECK(parse(safetensors_bytes(R"({"\u0041\n":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "a")).find("A\n"));
  CHECK(parse(safetensors_bytes(R"({"x":{"dtype":"F4","shape":[2,3],"data_offsets":[0,3]}})", "abc")).at("x").count() ==
        6);
  CHECK(parse(safetensors_bytes(R"({"x":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}})", "abc"))
            .at("x")
            .count() == 4);
}

TEST_CASE("safetensors: a file's entries stay valid when the object moves or is copied") {
  const ScratchFolder directory;
  const std::string data = "abcdefgh";
  write_safetensors(directory / "f", {{"x", "F32", {2}, bytes_of(data)}});
  std::vector<SafetensorsFile> files;
  for (int i = 0; i < 9; ++i) files.emplace_back(directory / "f");
  const SafetensorsFile copy = files[3];
  files.clear();
  CHECK(text_of(copy.at("x").bytes) == data);
  CHECK(copy.find("y") == nullptr);
  CHECK_THROWS_WITH(copy.at("y"), doctest::Contains("/f: there is no tensor \"y\""));
}

TEST_CASE("safetensors: data that is given piece by piece, each tensor when the one before is written") {
  const ScratchFolder directory;
  const std::vector<SafetensorsEntry> entries = {
      {"c", "U8", {5}, {}}, {"a", "F32", {3}, {}}, {"empty", "F32", {0}, {}}, {"b", "F32", {2}, {}}};
  std::string buffer, order;  // the one buffer holds one tensor after the other
  const auto content = [&](const SafetensorsEntry& entry, const auto& write) {
    order += entry.name + " ";
    buffer.assign(data_bytes(entry), entry.name[0]);
    write(bytes_of(buffer).first(buffer.size() / 2));
    write(bytes_of(buffer).subspan(buffer.size() / 2));
  };
  stream_safetensors(directory / "pieces", entries, content);
  CHECK(order == "a b empty c ");
  const std::string a(12, 'a'), b(8, 'b'), c(5, 'c');
  write_safetensors(directory / "whole", {{"a", "F32", {3}, bytes_of(a)},
                                          {"b", "F32", {2}, bytes_of(b)},
                                          {"c", "U8", {5}, bytes_of(c)},
                                          {"empty", "F32", {0}, {}}});
  CHECK(read_bytes(directory / "pieces") == read_bytes(directory / "whole"));
  const auto short_content = [&](const SafetensorsEntry&, const auto& write) { write(bytes_of(c)); };
  CHECK_THROWS_WITH_AS(stream_safetensors(directory / "short", entries, short_content),
                       "tensor \"a\": 5 bytes do not fit its shape and dtype F32", std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(directory / "short"));
}

TEST_CASE("safetensors: entries that make no file are refused before anything is written") {
  const ScratchFolder directory;
  const std::string path = directory / "f", data(16, 'd');
  const auto refuses = [&](std::vector<SafetensorsEntry> entries, const char* message) {
    CHECK_THROWS_WITH_AS(write_safetensors(path, std::move(entries)), doctest::Contains(message),
                         std::invalid_argument);
    CHECK_FALSE(std::filesystem::exists(path));
  };
  const auto bytes = bytes_of(data);
  refuses({{"x", "F33", {4}, bytes}}, "tensor \"x\": safetensors has no dtype \"F33\"");
  refuses({{"x", "F32", {5}, bytes}}, "tensor \"x\": 16 bytes do not fit its shape and dtype F32");
  refuses({{"x", "F32", {-4}, bytes}}, "do not fit");
  refuses({{"x", "F32", {1LL << 62, 4}, bytes}}, "do not fit");
  refuses({{"x", "F4", {3}, bytes.first(1)}}, "do not fit");
  refuses({{"x", "U8", {16}, bytes}, {"y", "U8", {16}, bytes}, {"x", "F32", {4}, bytes}},
          "tensor \"x\" is to be written twice");
  refuses({{"__metadata__", "U8", {16}, bytes}}, "reserved");
  refuses({{std::string("a\0b", 3), "U8", {16}, bytes}}, "NUL");
  refuses({{"x", "U8", std::vector<int64_t>(65, 1), bytes.first(1)}}, "65 dimensions");
  CHECK_THROWS_WITH(write_safetensors(directory / "none/f", {}),
                    doctest::Contains("none/f: cannot be written: No such file"));
  CHECK_THROWS_WITH(write_safetensors(path, {{"a\xFF", "U8", {16}, bytes}}), doctest::Contains("not UTF-8"));
}

}  // namespace thaw
