// SPDX-License-Identifier: Apache-2.0
// safetensors files that must be refused, each with what its error must say.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "tensor/io/safetensors.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

struct BadFile {
  std::string bytes;
  std::string error;
};

// A file with one tensor "x" whose fields are given, and `data` bytes.
std::string one(const std::string& fields, size_t data) {
  return safetensors_bytes("{\"x\":{" + fields + "}}", std::string(data, 'd'));
}

std::string shaped(const std::string& shape, size_t data = 4) {
  return one(fmt::format(R"("dtype":"F32","shape":{},"data_offsets":[0,{}])", shape, data), data);
}

std::string placed(const std::string& offsets, size_t data = 4) {
  return one(R"("dtype":"F32","shape":[1],"data_offsets":)" + offsets, data);
}

// Tensors of bytes "a", "b", ... at the given offsets.
std::string laid_out(const std::vector<std::pair<int, int>>& offsets, size_t data) {
  std::string header = "{";
  char name = 'a';
  for (const auto& [begin, end] : offsets) {
    if (header.size() > 1) header += ',';
    header +=
        fmt::format(R"("{}":{{"dtype":"U8","shape":[{}],"data_offsets":[{},{}]}})", name++, end - begin, begin, end);
  }
  return safetensors_bytes(header + "}", std::string(data, 'd'));
}

std::string with_metadata(const std::string& metadata) {
  return safetensors_bytes("{\"__metadata__\":" + metadata + "}", "");
}

void add_lengths(std::vector<BadFile>& cases) {
  for (size_t n = 0; n < 8; ++n)
    cases.push_back({std::string(n, '\0'), fmt::format("{} bytes, too short for a safetensors file", n)});
  cases.push_back({std::string(8, '\0'), "header: empty"});
  cases.push_back({little_endian(1), "header length 1 is beyond the end of the file (8 bytes)"});
  cases.push_back({little_endian(3) + "{}", "header length 3 is beyond the end of the file (10 bytes)"});
  cases.push_back({little_endian(100'000'000) + "{}", "header length 100000000 is beyond the end"});
  cases.push_back({little_endian(100'000'001) + "{}", "header length 100000001 is above the format's limit"});
  for (int bit = 27; bit < 64; ++bit)
    cases.push_back({little_endian(uint64_t{1} << bit) + "{}", "is above the format's limit"});
  cases.push_back({little_endian(~uint64_t{0}) + "{}", "header length 18446744073709551615 is above"});
  cases.push_back({little_endian(~uint64_t{0} - 7) + "{}", "header length 18446744073709551608 is above"});
  cases.push_back({std::string("\0\0\0\0\0\0\0\2", 8) + "{}", "is above the format's limit"});  // big-endian
  cases.push_back(
      {"[PAD]\n[UNK]\n[CLS]\n", "it is no safetensors file, but looks like a text that begins with \"[PAD]\""});
  cases.push_back({"{\"model_type\": \"bert\"}", "looks like a text that begins with"});
  cases.push_back({"PK\x03\x04 a pickle in an archive", "it is no safetensors file"});
  cases.push_back({little_endian(1) + "{}", "header"});
}

void add_headers(std::vector<BadFile>& cases) {
  const auto header = [&](const std::string& text, const std::string& error) {
    cases.push_back({safetensors_bytes(text, ""), error});
  };
  header("[]", "header: expected an object, found an empty array");
  header("null", "header: expected an object, found null");
  header("1", "header: expected an object, found 1");
  header("\"x\"", "header: expected an object, found \"x\"");
  header("    ", "header: empty");
  header("{", "header: not JSON");
  header("{}{}", "header: line 1, byte 3: text after the JSON value");
  header(std::string("{}\0\0", 4), "header");
  header("\xEF\xBB\xBF{}", "header: starts with a byte order mark");
  header("{\"\xFF\":1}", "header: line 1, byte 3: byte 0xff is not valid UTF-8");
  header("{\"\xC3\":1}", "is not valid UTF-8");
  header("{'x':1}", "header: not JSON");
  header("{\"x\":{}", "header: not JSON");
  header("{\"x\":{},}", "header: not JSON");
  header("{\"x\":NaN}", "header: x: \"NaN\" is not a JSON value");
  header("{\"\\ud800\":{}}", "header");
  header("{\"x\":{\"a\":1,\"a\":2}}", "header: x.a: the key is there twice");
  header("{\"x\":" + std::string(70, '[') + std::string(70, ']') + "}", "nested deeper than 64 levels");
  header(std::string(100000, '['), "header");
  for (const char* value : {"1", "null", "true", "[]", "\"F32\"", "[\"F32\",[1],[0,4]]"})
    header(std::string("{\"x\":") + value + "}", "tensor \"x\": expected an object, found");
  const std::string x = R"("x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  header("{" + x + "," + x + "}", "header: x: the key is there twice");
  header("{" + x + R"(,"\u0078":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
         "header: x: the key is there twice");
  header(R"({"a\u0000b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
         "tensor \"a\\u0000b\": the name holds a NUL");
  header(R"({"\u0000":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})", "the name holds a NUL");
  header("{\"__metadata__\":{}," + x + ",\"__metadata__\":{}}", "__metadata__: the key is there twice");
}

void add_metadata(std::vector<BadFile>& cases) {
  for (const char* value : {"1", "null", "true", "[]", "\"pt\"", "[{\"format\":\"pt\"}]"})
    cases.push_back({with_metadata(value), "header: __metadata__: expected an object, found"});
  for (const char* value : {"1", "null", "true", "[]", "{}", "1.5", "18446744073709551616"})
    cases.push_back(
        {with_metadata(std::string("{\"format\":") + value + "}"), "header: __metadata__.format: expected a string"});
  cases.push_back({with_metadata(R"({"a":"b","a":"b"})"), "header: __metadata__.a: the key is there twice"});
  cases.push_back({with_metadata(R"({"a":"b","\u0061":"c"})"), "header: __metadata__.a: the key is there twice"});
  cases.push_back({with_metadata("{\"a\":\"\\udc00\"}"), "bad.safetensors"});
}

void add_fields(std::vector<BadFile>& cases) {
  const std::string dtype = R"("dtype":"F32")", shape = R"("shape":[1])", offsets = R"("data_offsets":[0,4])";
  cases.push_back({one("", 0), "header: x.dtype: missing, expected a string"});
  cases.push_back({one(shape + "," + offsets, 4), "header: x.dtype: missing, expected a string"});
  cases.push_back({one(dtype + "," + offsets, 4), "header: x.shape: missing, expected an array"});
  cases.push_back({one(dtype + "," + shape, 4), "header: x.data_offsets: missing, expected an array"});
  for (const char* key : {"Dtype", "offset", "strides", "data_offset", "", "x"})
    cases.push_back({one(dtype + "," + shape + "," + offsets + ",\"" + key + "\":1", 4),
                     fmt::format("tensor \"x\": unknown key \"{}\"", key)});
  cases.push_back(
      {one(dtype + "," + dtype + "," + shape + "," + offsets, 4), "header: x.dtype: the key is there twice"});
  cases.push_back(
      {one(dtype + "," + shape + "," + shape + "," + offsets, 4), "header: x.shape: the key is there twice"});
  for (const char* type : {"", "F3", "F320", "f32", "float32", "FLOAT", "I31", "U128", "F8", "F8_E4M4", "BF32", "STR",
                           "OBJECT", " F32", "F32 ", "F32\\u0000", "BOOL\\n", "\\u0000", "é"})
    cases.push_back(
        {one(std::string("\"dtype\":\"") + type + "\"," + shape + "," + offsets, 4), "tensor \"x\": unknown dtype \""});
  for (const char* type : {"1", "null", "[]", "[\"F32\"]", "{\"a\":1}", "false"})
    cases.push_back({one(std::string("\"dtype\":") + type + "," + shape + "," + offsets, 4),
                     "header: x.dtype: expected a string, found"});
}

void add_shapes(std::vector<BadFile>& cases) {
  for (const char* shape : {"1", "null", "\"[1]\"", "{}", "{\"0\":1}", "true"})
    cases.push_back({shaped(shape), "header: x.shape: expected an array, found"});
  for (const char* size :
       {"-1", "-9223372036854775808", "1.0", "1.5", "1e0", "null", "\"1\"", "[1]", "{}", "true", "9223372036854775808",
        "18446744073709551615", "18446744073709551616", "-0.0", "99999999999999999999999999999999999"}) {
    cases.push_back({shaped(fmt::format("[{}]", size)), "header: x.shape[0]: expected a non-negative integer, found"});
    cases.push_back(
        {shaped(fmt::format("[1,{}]", size)), "header: x.shape[1]: expected a non-negative integer, found"});
  }
  // too small, too large
  cases.push_back({shaped("[2]"), "tensor \"x\": F32 of shape [2] takes 8 bytes, data_offsets give it 4"});
  cases.push_back({shaped("[0]"), "tensor \"x\": F32 of shape [0] takes 0 bytes, data_offsets give it 4"});
  cases.push_back({shaped("[1,0,5]"), "tensor \"x\": F32 of shape [1, 0, 5] takes 0 bytes"});
  cases.push_back({shaped("[]", 8), "tensor \"x\": F32 of shape [] takes 4 bytes, data_offsets give it 8"});
  cases.push_back({shaped("[]", 0), "tensor \"x\": F32 of shape [] takes 4 bytes, data_offsets give it 0"});
  // products that wrap around 2^63 or 2^64 to something plausible
  for (const char* shape :
       {"[9223372036854775807]", "[9223372036854775807,2]", "[4294967296,4294967296]", "[2147483648,4294967296]",
        "[4611686018427387905]", "[4611686018427387904,4]", "[1152921504606846977,4]", "[2305843009213693952]",
        "[9223372036854775807,9223372036854775807]", "[6148914691236517205,3]", "[0,9223372036854775807,3]",
        "[3,9223372036854775807,0]", "[1099511627776,1099511627776,1099511627776]"})
    cases.push_back({shaped(shape), "are no size in bytes"});
  cases.push_back({shaped("[576460752303423487]"), "takes 2305843009213693948 bytes, data_offsets give it 4"});
  for (const int rank : {65, 100, 1000, 10000}) {
    std::string shape = "[1";
    for (int i = 1; i < rank; ++i) shape += ",1";
    cases.push_back({shaped(shape + "]"), fmt::format("tensor \"x\": {} dimensions, at most 64 are read", rank)});
  }
  // element sizes
  const std::vector<std::pair<const char*, int>> types = {
      {"BOOL", 8},        {"U8", 8},          {"I8", 8},      {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8},
      {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
      {"I32", 32},        {"U32", 32},        {"F32", 32},    {"C64", 64},    {"F64", 64},    {"I64", 64},
      {"U64", 64},        {"F4", 4},          {"F6_E2M3", 6}, {"F6_E3M2", 6}};
  for (const auto& [type, bits] : types) {
    const size_t bytes = static_cast<size_t>(bits) + 1;  // one more than 8 elements take
    cases.push_back(
        {one(fmt::format(R"("dtype":"{}","shape":[8],"data_offsets":[0,{}])", type, bytes), bytes),
         fmt::format("tensor \"x\": {} of shape [8] takes {} bytes, data_offsets give it {}", type, bits, bytes)});
  }
  cases.push_back(
      {one(R"("dtype":"F4","shape":[3],"data_offsets":[0,1])", 1), "F4 elements of shape [3] are no size in bytes"});
  cases.push_back(
      {one(R"("dtype":"F4","shape":[3],"data_offsets":[0,2])", 2), "F4 elements of shape [3] are no size in bytes"});
  cases.push_back({one(R"("dtype":"F6_E3M2","shape":[3],"data_offsets":[0,2])", 2), "are no size in bytes"});
}

void add_offsets(std::vector<BadFile>& cases) {
  for (const char* offsets : {"4", "null", "\"0,4\"", "{}", "{\"begin\":0,\"end\":4}"})
    cases.push_back({placed(offsets), "header: x.data_offsets: expected an array, found"});
  for (const char* offsets : {"[]", "[4]", "[0,4,4]", "[0,2,2,4]"})
    cases.push_back({placed(offsets), "tensor \"x\": data_offsets: expected 2 integers, found"});
  for (const char* offset : {"-1", "-9223372036854775808", "0.0", "4.0", "4e0", "null", "\"4\"", "[4]", "true",
                             "18446744073709551616", "184467440737095516160"}) {
    cases.push_back(
        {placed(fmt::format("[{},4]", offset)), "header: x.data_offsets[0]: expected an integer from 0 to"});
    cases.push_back(
        {placed(fmt::format("[0,{}]", offset)), "header: x.data_offsets[1]: expected an integer from 0 to"});
  }
  cases.push_back({placed("[4,0]"), "tensor \"x\": data_offsets: begin 4 is after end 0"});
  cases.push_back({placed("[18446744073709551615,3]"), "begin 18446744073709551615 is after end 3"});
  cases.push_back({placed("[0,5]"), "tensor \"x\": data_offsets: end 5 is beyond the file's 4 bytes of data"});
  cases.push_back({placed("[0,4]", 3), "tensor \"x\": data_offsets: end 4 is beyond the file's 3 bytes of data"});
  cases.push_back({placed("[0,4]", 0), "end 4 is beyond the file's 0 bytes of data"});
  cases.push_back({placed("[0,18446744073709551615]"), "end 18446744073709551615 is beyond the file's 4 bytes"});
  cases.push_back({placed("[18446744073709551612,18446744073709551615]"), "is beyond the file's 4 bytes"});
  cases.push_back({placed("[9223372036854775808,9223372036854775812]"), "is beyond the file's 4 bytes"});
  for (const char* far : {"5,5", "9223372036854775807,9223372036854775807", "9223372036854775808,9223372036854775808",
                          "18446744073709551615,18446744073709551615"})
    cases.push_back({one(fmt::format(R"("dtype":"F32","shape":[0],"data_offsets":[{}])", far), 0),
                     "is beyond the file's 0 bytes of data"});
  // holes, overlaps, rests
  cases.push_back({placed("[0,4]", 5), "1 bytes after the last tensor's data"});
  cases.push_back({placed("[0,4]", 4096), "4092 bytes after the last tensor's data"});
  cases.push_back({placed("[1,5]", 5), "tensor \"x\": its data begin at 1, after a hole that begins at 0"});
  cases.push_back({safetensors_bytes("{}", "x"), "1 bytes after the last tensor's data"});
  cases.push_back({safetensors_bytes("{\"__metadata__\":{}}", "xyz"), "3 bytes after the last tensor's data"});
  cases.push_back({laid_out({{0, 4}, {5, 8}}, 8), "tensor \"b\": its data begin at 5, after a hole that begins at 4"});
  cases.push_back({laid_out({{5, 8}, {0, 4}}, 8), "tensor \"a\": its data begin at 5, after a hole that begins at 4"});
  cases.push_back(
      {laid_out({{0, 4}, {3, 8}}, 8), "tensor \"b\": its data begin at 3, inside another tensor's, which end at 4"});
  cases.push_back(
      {laid_out({{0, 8}, {0, 8}}, 8), "tensor \"b\": its data begin at 0, inside another tensor's, which end at 8"});
  cases.push_back({laid_out({{0, 8}, {2, 4}}, 8), "tensor \"b\": its data begin at 2, inside"});
  cases.push_back({laid_out({{0, 4}, {0, 8}}, 8), "tensor \"b\": its data begin at 0, inside"});
  cases.push_back({laid_out({{0, 8}, {5, 5}}, 8), "tensor \"b\": its data begin at 5, inside"});
  cases.push_back({laid_out({{0, 4}, {6, 6}, {4, 8}}, 8), "tensor \"b\": its data begin at 6, inside"});
  cases.push_back({laid_out({{0, 4}, {6, 6}}, 6), "tensor \"b\": its data begin at 6, after a hole"});
  cases.push_back({laid_out({{0, 4}, {4, 8}, {8, 12}}, 13), "1 bytes after the last tensor's data"});
  cases.push_back({laid_out({{0, 4}, {4, 8}, {12, 16}, {8, 11}}, 16),
                   "tensor \"c\": its data begin at 12, after a hole that begins at 11"});
}

std::string error_of(const std::string& file) {
  try {
    SafetensorsFile(std::as_bytes(std::span(file)), "bad.safetensors");
    return "accepted";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("safetensors: files that are not sound are refused, naming file and tensor") {
  std::vector<BadFile> cases;
  add_lengths(cases);
  add_headers(cases);
  add_metadata(cases);
  add_fields(cases);
  add_shapes(cases);
  add_offsets(cases);
  CHECK(cases.size() >= 250);
  for (const BadFile& bad : cases) {
    const std::string error = error_of(bad.bytes);
    const std::string text = bad.bytes.substr(0, 300);
    CAPTURE(text);
    CAPTURE(bad.error);
    CAPTURE(error);
    CHECK(error.starts_with("bad.safetensors: "));
    CHECK(error.find(bad.error) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
    CHECK(error.size() < 600);
  }
}

TEST_CASE("safetensors: a good file cut off or lengthened anywhere is refused") {
  const std::string header = R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                             R"("b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}})";
  const std::string file = safetensors_bytes(header, "abcdefghijk");
  CHECK(error_of(file) == "accepted");
  for (size_t length = 0; length < file.size(); ++length) CHECK(error_of(file.substr(0, length)) != "accepted");
  CHECK(error_of(file + "x") != "accepted");
  for (uint64_t length = 0; length < header.size() + 20; ++length)
    if (length != header.size()) CHECK(error_of(little_endian(length) + file.substr(8)) != "accepted");
}

TEST_CASE("safetensors: a path that is no file is named") {
  const ScratchFolder directory;
  CHECK_THROWS_WITH(SafetensorsFile(directory / "none"),
                    doctest::Contains("/none: cannot be opened: No such file or directory"));
  CHECK_THROWS_WITH(SafetensorsFile(directory.path().string()), doctest::Contains("not a regular file"));
  CHECK_THROWS_WITH(SafetensorsFile(std::string("/dev/zero")), doctest::Contains("/dev/zero: not a regular file"));
  write_bytes(directory / "empty", "");
  CHECK_THROWS_WITH(SafetensorsFile(directory / "empty"), doctest::Contains("/empty: 0 bytes, too short"));
}

}  // namespace thaw
