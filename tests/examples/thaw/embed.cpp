// SPDX-License-Identifier: Apache-2.0
// What `thaw embed` writes: the reference's vectors, of MiniLM's golden sentences where the model is there, and of a
// small golden. golden_vectors.json is what transformers computed of it in float64: means of unit length, and the first
// tokens' states as they are.
#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "examples/thaw/command_line.h"
#include "examples/thaw/commands.h"
#include "tensor/io/json.h"
#include "tensor/io/npy.h"
#include "tests/goldens.h"
#include "tests/models/tasks/embed/golden_sentences.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

constexpr double fair = 1e-5;  // to f32

using Words = std::vector<std::string>;

// The rows that the subcommand writes of these texts.
NpyArray embedded(const std::string& model, const Words& texts, const Words& options) {
  const ScratchFolder folder;
  std::string rows;
  for (const std::string& text : texts) rows += Json::object().set("text", text).dump() + "\n";
  const std::string output = folder / "out.npy";
  Words arguments{"embed", "--model", model, folder.write("texts.jsonl", rows).string(), "--output", output};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const auto make = [] {
    auto app = std::make_unique<CLI::App>("", "thaw");
    add_embed(*app);
    return app;
  };
  REQUIRE(run_command_line(make, arguments) == 0);
  return read_npy(output);
}

double largest_difference(const NpyArray& found, const std::vector<std::vector<double>>& expected) {
  REQUIRE(found.rows == std::ssize(expected));
  REQUIRE(found.columns == std::ssize(expected[0]));
  double largest = 0;
  size_t at = 0;
  for (const std::vector<double>& row : expected)
    for (const double x : row) largest = std::max(largest, std::abs(x - static_cast<double>(found.values[at++])));
  return largest;
}

std::vector<std::vector<double>> rows_of(const Json& list) {
  std::vector<std::vector<double>> rows;
  for (const Json& row : list.items()) {
    rows.emplace_back();
    for (const Json& x : row.items()) rows.back().push_back(x.as_number());
  }
  return rows;
}

}  // namespace

TEST_CASE("thaw embed: vectors of MiniLM's golden sentences") {
  const std::string directory = minilm_directory();
  if (!has_golden("minilm")) return;
  if (!std::filesystem::exists(directory + "/modules.json")) {
    MESSAGE("skipped: no MiniLM in " << directory);
    return;
  }
  const GoldenSentences golden;
  CHECK(golden.texts.size() == 20);
  CHECK(largest_difference(embedded(directory, golden.texts, {"--batch-size", "7"}), golden.vectors) <= fair);
}

TEST_CASE("thaw embed: vectors of a small golden, in the order of the texts, for either pooling") {
  const ScratchFolder folder;
  for (const char* file : {"config.json", "model.safetensors"})
    std::filesystem::copy_file(source_folder() / "tests/goldens/bert_seqclass" / file, folder.path() / file);
  std::string words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  for (int word = 6; word <= 211; ++word) words += "word" + std::to_string(word) + "\n";
  folder.write("vocab.txt", words);
  const Json golden = Json::read((source_folder() / "tests/models/tasks/embed/golden_vectors.json").string());
  const Words cut{"--max-length", std::to_string(golden.get_int("max_length")), "--batch-size", "2"};
  const auto of = [&](const char* pooling, const char* normalize) {
    Words options{"--pooling", pooling, "--normalize", normalize};
    options.insert(options.end(), cut.begin(), cut.end());
    return embedded(folder.path().string(), golden.get_strings("texts"), options);
  };
  CHECK(largest_difference(embedded(folder.path().string(), golden.get_strings("texts"), cut),
                           rows_of(golden.get_array("mean"))) <= fair);
  CHECK(largest_difference(of("mean", "true"), rows_of(golden.get_array("mean"))) <= fair);
  CHECK(largest_difference(of("first", "false"), rows_of(golden.get_array("first"))) <= fair);
}
