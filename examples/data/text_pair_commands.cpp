// SPDX-License-Identifier: Apache-2.0
// Makes the data sets of texts for texts, and measures what needs no learning.
#include "examples/data/text_pair_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "examples/data/debian_texts.h"
#include "examples/data/description_words.h"
#include "examples/data/hash_split.h"
#include "examples/data/nearest_text.h"
#include "examples/data/tsv.h"
#include "models/data/table.h"
#include "models/metrics/chrf.h"
#include "models/metrics/copied_words.h"
#include "models/metrics/rouge.h"

namespace thaw {
namespace {

struct Options {
  std::filesystem::path lists, output, test, train;
  std::string language = "de";
};

void write(const std::filesystem::path& folder, std::vector<TextPair> pairs) {
  std::map<Split, Table> tables;
  for (const auto split : all_splits) tables[split].columns = {"source", "target"};
  for (TextPair& pair : pairs)
    tables[split_of(pair.group)].rows.push_back({std::move(pair.source), std::move(pair.target)});
  FileSet files;
  std::string told;
  for (const auto& [split, table] : tables) {
    const auto path = folder / (split_name(split) + ".tsv");
    add_tsv(files, path, table);
    told += fmt::format("{}: {} rows\n", path.string(), table.rows.size());
  }
  files.commit();
  fmt::print("{}", told);
}

// Up to the first mark that ends a sentence: one before a blank, or the text's last.
std::string first_sentence(const std::string& text) {
  for (size_t at = text.find_first_of(".!?"); at != std::string::npos; at = text.find_first_of(".!?", at + 1))
    if (at + 1 < text.size() && text[at + 1] == ' ') return text.substr(0, at + 1);
  return text;
}

constexpr int lead_words = 8;

// Sources and targets, line by line.
struct Pairs {
  std::vector<std::string> sources, targets;

  explicit Pairs(const std::filesystem::path& file) {
    Table table = read_table(file);
    const auto source = table.column("source", file), target = table.column("target", file);
    for (auto& row : table.rows) {
      sources.push_back(std::move(row[source]));
      targets.push_back(std::move(row[target]));
    }
  }
};

// Prints what texts are worth that are written for the pairs' sources.
void print_scores(std::string_view name, const std::vector<std::string>& written, const Pairs& pairs) {
  const ChrfOptions chrf_plus_plus{.word_order = 2};
  RougeTotals totals;
  ChrfCounts counts;
  for (size_t i = 0; i < written.size(); ++i) {
    totals.add(rouge(written[i], {pairs.targets[i]}));
    counts += chrf_counts(written[i], {pairs.targets[i]}, chrf_plus_plus);
  }
  const RougeScores means = totals.means();
  fmt::print("{:<20} rouge1 {:.3f}  rouge2 {:.3f}  rougeL {:.3f}  chrf {:.1f}\n", name, means.rouge1.f1,
             means.rouge2.f1, means.rougeL.f1, chrf(counts, chrf_plus_plus));
}

void measure(const Options& options) {
  const Pairs test(options.test);
  const std::pair<std::string_view, std::string (*)(const std::string&)> baselines[] = {
      {"the source itself", [](const std::string& text) { return text; }},
      {"its first sentence", first_sentence},
      {"its first 8 words", [](const std::string& text) { return first_words(text, lead_words); }},
  };
  for (const auto& [name, write] : baselines) {
    std::vector<std::string> written;
    for (const auto& source : test.sources) written.push_back(write(source));
    print_scores(name, written, test);
  }
  if (!options.train.empty()) {
    const Pairs train(options.train);
    if (train.sources.empty()) throw std::runtime_error(options.train.string() + ": no rows");
    std::vector<std::string> written;
    for (const size_t nearest : nearest_texts(train.sources, test.sources)) written.push_back(train.targets[nearest]);
    print_scores("nearest one's target", written, test);
  }
  CopiedWords copied;
  for (size_t i = 0; i < test.targets.size(); ++i) copied += copied_words(test.targets[i], test.sources[i]);
  fmt::print("of the targets' words {:.3f} are in their sources\n", copied.rate());
}

}  // namespace

void add_text_pair_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  const auto add_maker = [&](const char* name, const char* what) {
    auto* maker = app.add_subcommand(name, what);
    maker->add_option("--lists", options->lists, "folder that examples/fetch_debian_lists.sh filled")->required();
    maker->add_option("--output", options->output, "folder for train.tsv, validation.tsv, test.tsv (source, target)")
        ->required();
    return maker;
  };
  add_maker("debian-summaries", "first paragraph of a package's description -> its synopsis")->callback([options] {
    write(options->output, debian_summaries(read_debian_packages(options->lists)));
  });
  auto* translations = add_maker("debian-translations", "synopsis of a package -> the same in another language");
  translations->add_option("--language", options->language, "of a file Translation-LANGUAGE")->capture_default_str();
  translations->callback([options] {
    write(options->output,
          debian_translations(read_debian_packages(options->lists), options->lists, options->language));
  });
  auto* baselines = app.add_subcommand("text-baselines",
                                       "what needs no learning, as target of its source; prints ROUGE (F1) and chrF++");
  baselines->add_option("test", options->test, "table to measure on (source, target)")->required();
  baselines->add_option("--train", options->train,
                        "table (source, target): the target of the source that is nearest by TF-IDF is measured, too");
  baselines->callback([options] { measure(*options); });
}

}  // namespace thaw
