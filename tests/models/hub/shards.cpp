// SPDX-License-Identifier: Apache-2.0
// Weights in one or several files: what is written is read, and an index that lies or leads astray is refused.
#include "models/hub/shards.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

namespace fs = std::filesystem;

struct BadIndex {
  std::string text;
  std::string error;
};

std::string listed(const std::string& shard) {
  return Json::object().set("weight_map", Json::object().set("x", shard)).dump();
}

std::vector<BadIndex> bad_indices() {
  std::vector<BadIndex> cases = {
      {"", "empty"},
      {"[]", "expected an object"},
      {"null", "expected an object"},
      {"{}", "weight_map: missing, expected an object"},
      {R"({"metadata":{"total_size":1}})", "weight_map: missing, expected an object"},
      {R"({"weight_map":[]})", "weight_map: expected an object, found an empty array"},
      {R"({"weight_map":null})", "weight_map: expected an object, found null"},
      {R"({"weight_map":"model.safetensors"})", "weight_map: expected an object"},
      {R"({"weight_map":{}})", "weight_map: lists no tensor"},
      {R"({"weight_map":{"x":1}})", "weight_map.x: expected a string, found 1"},
      {R"({"weight_map":{"x":null}})", "weight_map.x: expected a string, found null"},
      {R"({"weight_map":{"x":["a.safetensors"]}})", "weight_map.x: expected a string, found an array"},
      {R"({"weight_map":{"x":{"file":"a.safetensors"}}})", "weight_map.x: expected a string, found an object"},
      {R"({"weight_map":{"x":"a.safetensors","x":"b.safetensors"}})", "weight_map.x: the key is there twice"},
      {R"({"weight_map":{"x":"a.safetensors"},"weight_map":{}})", "weight_map: the key is there twice"},
      {R"({"weight_map":{"a\u0000b":"a.safetensors"}})", "the name holds a NUL character"},
      {R"({"metadata":1,"weight_map":{"x":"a.safetensors"}})", "metadata: expected an object, found 1"},
      {R"({"metadata":[],"weight_map":{"x":"a.safetensors"}})", "metadata: expected an object"},
      {R"({"metadata":{"total_size":"4"},"weight_map":{"x":"a.safetensors"}})",
       "metadata.total_size: expected a number"},
      {R"({"metadata":{"total_size":-4},"weight_map":{"x":"a.safetensors"}})",
       "metadata.total_size: expected a number of at least 0"},
      {R"({"weight_map":{"x":"a.safetensors"}} x)", "bad.index.json"},
      {R"({"weight_map":{"x":"a.safetensors"})", "not JSON"},
  };
  for (const char* shard : {"/etc/a.safetensors",
                            "/a.safetensors",
                            "../a.safetensors",
                            "../../a.safetensors",
                            "sub/a.safetensors",
                            "./a.safetensors",
                            "a/../a.safetensors",
                            "..\\a.safetensors",
                            "C:\\a.safetensors",
                            "\\\\host\\a.safetensors",
                            "..",
                            "../",
                            "/",
                            "//a.safetensors",
                            "a/",
                            "..safetensors",
                            "~/a.safetensors",
                            "file:///a.safetensors",
                            "https://host/a.safetensors",
                            "a..safetensors"})
    cases.push_back({listed(shard), "is not a bare file name"});
  for (const char* shard : {"", ".", "a", "a.bin", "pytorch_model-00001-of-00002.bin", ".safetensors", "a.safetensors ",
                            "a.SAFETENSORS", "a.safetensors.index.json", "a.safetensors\n"})
    cases.push_back({listed(shard), "is not the name of a .safetensors file"});
  cases.push_back({listed(std::string("a\0.safetensors", 14)), "holds a NUL character"});
  cases.push_back({listed(std::string(300, 'a') + ".safetensors"), "is not the name of a .safetensors file"});
  return cases;
}

// A directory with tensors w0 ... w4 of 4, 8, 12, 16 and 20 bytes, at most `limit` bytes a shard.
void write_five(const std::string& directory, uint64_t limit) {
  static const std::string data = "abcdefghijklmnopqrst";
  std::vector<SafetensorsEntry> entries;
  for (int64_t i = 0; i < 5; ++i)
    entries.push_back(
        {fmt::format("w{}", i), "F32", {i + 1}, std::as_bytes(std::span(data)).first(4 * static_cast<size_t>(i + 1))});
  write_model_weights(directory, entries, limit);
}

std::vector<std::string> names(const SafetensorsFile& file) {
  std::vector<std::string> out;
  for (const auto& entry : file.entries()) out.push_back(entry.name);
  return out;
}

std::vector<std::string> files_in(const fs::path& directory) {
  std::vector<std::string> out;
  for (const auto& file : fs::directory_iterator(directory)) out.push_back(file.path().filename());
  std::ranges::sort(out);
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("shards: an index that is not sound is refused, naming file and key") {
  for (const BadIndex& bad : bad_indices()) {
    CAPTURE(bad.text);
    std::string error = "accepted";
    try {
      ShardIndex::from_json(Json::parse(bad.text, "bad.index.json"));
    } catch (const std::runtime_error& caught) {
      error = caught.what();
    }
    CAPTURE(error);
    CHECK(error.starts_with("bad.index.json: "));
    CHECK(error.find(bad.error) != std::string::npos);
  }
}

TEST_CASE("shards: weights below the limit are one file") {
  const ScratchFolder directory;
  write_five(directory / "model", 60);
  CHECK(files_in(directory / "model") == Names{"model.safetensors"});
  const ModelWeights weights(directory / "model");
  CHECK(weights.entries().size() == 5);
  CHECK(weights.at("w3").bytes.size() == 16);
}

TEST_CASE("shards: weights above the limit are split in order, with an index as the reference library writes it") {
  const ScratchFolder directory;
  write_five(directory.path(), 24);
  CHECK(files_in(directory.path()) == Names{"model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
                                            "model-00003-of-00003.safetensors", "model.safetensors.index.json"});
  const ModelWeights weights(directory.path());
  REQUIRE(weights.files().size() == 3);
  CHECK(names(weights.files()[0]) == Names{"w0", "w1", "w2"});
  CHECK(names(weights.files()[1]) == Names{"w3"});
  CHECK(names(weights.files()[2]) == Names{"w4"});
  CHECK(weights.entries().size() == 5);
  CHECK(weights.entries()[3]->name == "w3");
  CHECK(weights.find("w5") == nullptr);
  CHECK_THROWS_WITH(weights.at("w5"), doctest::Contains("there is no tensor \"w5\""));
  CHECK(read_bytes(directory / "model.safetensors.index.json") ==
        "{\n  \"metadata\": {\n    \"total_parameters\": 15,\n    \"total_size\": 60\n  },\n  \"weight_map\": {\n"
        "    \"w0\": \"model-00001-of-00003.safetensors\",\n    \"w1\": \"model-00001-of-00003.safetensors\",\n"
        "    \"w2\": \"model-00001-of-00003.safetensors\",\n    \"w3\": \"model-00002-of-00003.safetensors\",\n"
        "    \"w4\": \"model-00003-of-00003.safetensors\"\n  }\n}\n");
}

TEST_CASE("shards: a tensor above the limit has a file of its own") {
  const ScratchFolder directory;
  write_five(directory.path(), 14);
  const ModelWeights weights(directory.path());
  REQUIRE(weights.files().size() == 4);
  CHECK(names(weights.files()[0]) == Names{"w0", "w1"});
  CHECK(names(weights.files()[1]) == Names{"w3"});
  CHECK(names(weights.files()[2]) == Names{"w4"});
  CHECK(names(weights.files()[3]) == Names{"w2"});
}

TEST_CASE("shards: a later save leaves nothing of a former one") {
  const ScratchFolder directory;
  write_bytes(directory / "config.json", "{}");
  write_five(directory.path(), 60);
  write_five(directory.path(), 24);
  CHECK(files_in(directory.path()).size() == 5);
  write_five(directory.path(), 30);
  CHECK(files_in(directory.path()) == Names{"config.json", "model-00001-of-00003.safetensors",
                                            "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors",
                                            "model.safetensors.index.json"});
  write_five(directory.path(), 60);
  CHECK(files_in(directory.path()) == Names{"config.json", "model.safetensors"});
  CHECK(ModelWeights(directory.path()).entries().size() == 5);
}

TEST_CASE("shards: files that do not match their index are named") {
  const ScratchFolder directory;
  const std::string index = directory / "model.safetensors.index.json";
  const auto error = [&] {
    try {
      ModelWeights weights(directory.path());
      return std::string("accepted");
    } catch (const std::runtime_error& caught) {
      return std::string(caught.what());
    }
  };
  const auto edit = [&](const std::function<void(Json&)>& change) {
    write_five(directory.path(), 24);
    Json map = Json::read(index).at("weight_map");
    change(map);
    Json::object().set("weight_map", map).write(index, {});
  };
  edit([](Json&) {});
  CHECK(error() == "accepted");
  edit([](Json& map) { map.set("w9", "model-00001-of-00003.safetensors"); });
  CHECK(error() == index + ": tensor \"w9\" is listed for model-00001-of-00003.safetensors, which does not hold it");
  edit([](Json& map) { map.set("w0", "model-00002-of-00003.safetensors"); });
  CHECK(error() == index + ": tensor \"w0\" is listed for model-00002-of-00003.safetensors, which does not hold it");
  edit([](Json& map) { map.erase("w1"); });
  CHECK(error() ==
        index + ": tensor \"w1\" is in model-00001-of-00003.safetensors but the index does not list it there");
  edit([](Json& map) { map.set("w1", "other.safetensors"); });
  CHECK(error() == index + ": lists other.safetensors, which is not there");
  edit([](Json&) {});
  fs::remove(directory / "model-00002-of-00003.safetensors");
  CHECK(error() == index + ": lists model-00002-of-00003.safetensors, which is not there");
  edit([](Json&) {});
  fs::copy_file(directory / "model-00001-of-00003.safetensors", directory / "model-00002-of-00003.safetensors",
                fs::copy_options::overwrite_existing);
  CHECK(error() == index + ": tensor \"w3\" is listed for model-00002-of-00003.safetensors, which does not hold it");
  edit([](Json&) {});
  write_bytes(directory / "model-00003-of-00003.safetensors", "short");
  CHECK(error() == directory / "model-00003-of-00003.safetensors" +
                       ": 5 bytes, too short for a safetensors file (its first 8 bytes are the header's length)");
  write_bytes(index, "{");
  CHECK(error().find("index.json: not JSON") != std::string::npos);
}

TEST_CASE("shards: a directory without weights is named, with what it has instead") {
  const ScratchFolder directory;
  CHECK_THROWS_WITH(ModelWeights(directory.path()),
                    doctest::Contains("has neither model.safetensors nor model.safetensors.index.json"));
  CHECK_THROWS_WITH(ModelWeights(directory / "none"), doctest::Contains("/none: no such directory"));
  write_bytes(directory / "pytorch_model.bin", "x");
  CHECK_THROWS_WITH(ModelWeights(directory.path()),
                    doctest::Contains("has pytorch_model.bin (a pickle, which is not read)"));
}

}  // namespace thaw
