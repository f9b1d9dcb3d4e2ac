// SPDX-License-Identifier: Apache-2.0
// thaw add-tokens: a model with more special tokens.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "examples/number_options.h"
#include "examples/thaw/commands.h"
#include "models/grown_vocabulary.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model, output_dir, single, pair;
  std::vector<std::string> tokens;
  uint64_t seed = 42;
};

void add(const Arguments& a) {
  if (std::filesystem::exists(a.output_dir)) fail("--output-dir {}: is there already: choose another", a.output_dir);
  ParentDirectories parents(a.output_dir);
  AtomicDirectory fresh(a.output_dir);
  const GrownVocabulary grown = add_tokens(a.model, fresh.path(), {a.tokens, a.single, a.pair}, a.seed);
  fresh.commit();
  parents.commit();
  const auto last = grown.first + std::ssize(a.tokens) - 1;
  fmt::print("{}: {} more (id {}{}), {} words in all\n", a.output_dir, counted(std::ssize(a.tokens), "token"),
             grown.first, last > grown.first ? fmt::format(" to {}", last) : "", grown.words);
}

}  // namespace

void add_add_tokens(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("add-tokens", "give a model more special tokens, and what stands around texts");
  command->add_option("--model", a->model, "directory of the model")->required()->type_name("DIR");
  command->add_option("--tokens", a->tokens, "a new token (several: give it several times)")
      ->required()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->expected(1)
      ->allow_extra_args(false)
      ->type_name("TOKEN");
  command->add_option("--template", a->single, "what stands around a text: \"<start> $A <end>\" (default: as before)")
      ->type_name("WORDS");
  command->add_option("--pair-template", a->pair, "around two: \"<start> $A <between> $B <end>\"")->type_name("WORDS");
  command->add_option("--output-dir", a->output_dir, "where the model goes: a new directory")
      ->required()
      ->type_name("DIR");
  add_number(*command, "--seed", a->seed, "of the new tokens' vectors")->default_str(fmt::format("{}", a->seed));
  command->footer(
      "All that was there keeps its bytes; vectors of new tokens are drawn as the model's authors began. What is "
      "written loads\nin the reference library.\n\n"
      "Example (how GPT-1 is taught to classify; its last token is what the classes are told from):\n"
      "  thaw add-tokens --model runs/gpt --tokens '<start>' --tokens '<delimiter>' --tokens '<extract>' \\\n"
      "    --template '<start> $A <extract>' --pair-template '<start> $A <delimiter> $B <extract>' \\\n"
      "    --output-dir runs/gpt_start");
  command->callback([a] { add(*a); });
}

}  // namespace thaw
