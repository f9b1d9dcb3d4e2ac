// SPDX-License-Identifier: Apache-2.0
// thaw: the command-line program. Exit status 0: done; 1: something is wrong with files, data or the machine, said in
// one line; 2: wrong usage; 128 + a signal's number: ended by it, with what was done so far saved where that can be.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "examples/standard_streams.h"
#include "examples/thaw/command_line.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/version.h"

namespace {

std::unique_ptr<CLI::App> make_app() {
  auto made = std::make_unique<CLI::App>(
      "Fine-tunes pretrained models, in part or as a whole. `thaw SUBCOMMAND --help` tells more, with an example.",
      "thaw");
  CLI::App& app = *made;
  app.require_subcommand(1);
  // An option given twice: the last counts, so that a script's options can be followed by a user's.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.set_version_flag("--version", fmt::format("thaw {}", thaw::program_version));
  app.footer(
      "A first run:\n"
      "  thaw data --train-file train.tsv --model MODEL                 what is in the data?\n"
      "  thaw plan --train-file train.tsv --model MODEL                 what would be trained, in how much memory?\n"
      "  thaw lr-find --train-file train.tsv --model MODEL              at which learning rate?\n"
      "  thaw finetune --train-file train.tsv --model MODEL --output-dir RUN\n"
      "  thaw evaluate --test-file test.tsv --model RUN                 how good is it, and where does it fail?\n"
      "  echo \"A text.\" | thaw predict --model RUN\n\n"
      "Options are named as in the Hugging Face Trainer; --learning_rate is --learning-rate.");
  thaw::add_finetune(app);
  thaw::add_evaluate(app);
  thaw::add_predict(app);
  thaw::add_generate(app);
  thaw::add_embed(app);
  thaw::add_plan(app);
  thaw::add_lr_find(app);
  thaw::add_compare(app);
  thaw::add_merge(app);
  thaw::add_unmerge(app);
  thaw::add_mask(app);
  thaw::add_inspect(app);
  thaw::add_data(app);
  thaw::add_tokenizer(app);
  thaw::add_init(app);
  thaw::add_import(app);
  thaw::add_add_tokens(app);
  thaw::add_devices(app);
  return made;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  return thaw::run_program("thaw", [&] { return thaw::run_command_line(make_app, arguments); });
}
