// SPDX-License-Identifier: Apache-2.0
// Makes the corpus, and measures its baseline.
#include "examples/data/description_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "examples/data/byte_mixture.h"
#include "examples/data/debian_descriptions.h"
#include "examples/data/file_set.h"
#include "examples/data/hash_split.h"
#include "models/data/document_reader.h"
#include "models/data/table.h"
#include "tensor/check.h"

namespace thaw {
namespace {

struct Options {
  std::filesystem::path lists, output, train, test;
  int order = 6;
};

// Texts with an empty line between two.
void write(const Options& options) {
  struct Part {
    std::string text;
    size_t texts = 0;
  };
  std::map<Split, Part> parts;
  for (const DescriptionText& one : debian_descriptions(read_debian_packages(options.lists))) {
    Part& part = parts[split_of(one.source)];
    part.text += (part.texts++ > 0 ? "\n" : "") + one.text + "\n";
  }
  FileSet files;
  std::string told;
  for (const Split split : all_splits) {
    const auto path = options.output / (split_name(split) + ".txt");
    files.add(path, parts[split].text);
    told += fmt::format("{}: {} texts, {} bytes\n", path.string(), parts[split].texts, parts[split].text.size());
  }
  files.commit();
  fmt::print("{}", told);
}

template <typename Take>
void for_texts(const std::filesystem::path& path, const Take& take) {
  DocumentReader texts(TableReader(path, TableFormat::lines), true);
  for (Document text; texts.next(text);) take(std::string_view(text.text));
}

void measure(const Options& options) {
  ByteMixture model(options.order);
  for_texts(options.train, [&](std::string_view text) { model.learn(text); });
  double bits = 0;
  size_t bytes = 0;
  for_texts(options.test, [&](std::string_view text) {
    bits += model.bits(text);
    bytes += text.size();
  });
  if (bytes == 0) fail("{}: has no texts", options.test.string());
  fmt::print("{} bytes of context: {:.3f} bits per byte of {}\n", options.order, bits / static_cast<double>(bytes),
             options.test.string());
}

}  // namespace

void add_description_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  auto* corpus = app.add_subcommand("debian-descriptions", "descriptions of packages as plain texts, one a source");
  corpus->add_option("--lists", options->lists, "folder that examples/fetch_debian_lists.sh filled")->required();
  corpus->add_option("--output", options->output, "folder for train.txt, validation.txt, test.txt")->required();
  corpus->callback([options] { write(*options); });
  auto* baseline = app.add_subcommand("byte-baseline",
                                      "bits per byte of texts by what bytes follow which in others; texts have an "
                                      "empty line between two");
  baseline->add_option("train", options->train, "plain texts to count")->required();
  baseline->add_option("test", options->test, "plain texts to measure on")->required();
  baseline->add_option("--order", options->order, "bytes of context")->check(CLI::Range(0, 16))->capture_default_str();
  baseline->callback([options] { measure(*options); });
}

}  // namespace thaw
