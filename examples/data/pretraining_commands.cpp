// SPDX-License-Identifier: Apache-2.0
// Measures the baselines.
#include "examples/data/pretraining_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "examples/data/pretraining_baselines.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {
namespace {

struct Options {
  std::string train, test, model;
  int64_t max_length = 0;
  uint64_t seed = 42;
};

void measure(const Options& options) {
  const TextEncoder encoder = open_text_encoder(options.model, options.max_length);
  const PretrainingBaselines found = pretraining_baselines(encoder, options.train, options.test, options.seed);
  fmt::print("{} masked words: the most frequent one {:.3f}, by the word before {:.3f}, by both neighbours {:.3f}\n",
             found.words, found.frequent, found.behind_left, found.by_both);
  fmt::print("{} pairs, {:.3f} of them next: by TF-IDF cosine {:.3f}\n", found.pairs, found.following, found.by_cosine);
}

}  // namespace

void add_pretraining_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("pretraining-baselines",
                                     "what counting makes of the masked words and next sentences that the task "
                                     "pretraining judges a model by");
  command->add_option("train", options->train, "texts to count")->required();
  command->add_option("test", options->test, "texts to measure on")->required();
  command->add_option("--model", options->model, "directory whose tokenizer is used")->required();
  command->add_option("--max-length", options->max_length, "tokens of a pair, as in the training")
      ->check(CLI::PositiveNumber);
  command->add_option("--seed", options->seed, "of the pairs that the threshold is learnt from")->capture_default_str();
  command->callback([options] { measure(*options); });
}

}  // namespace thaw
