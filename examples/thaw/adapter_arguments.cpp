// SPDX-License-Identifier: Apache-2.0
// Directories of adapters, by options.
#include "examples/thaw/adapter_arguments.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <filesystem>

#include "models/hub/change_directory.h"
#include "models/hub/model_directory.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// "NAME=DIR", unless that is a directory itself; without a name that of the directory.
AdapterArguments::Named named(const std::string& text) {
  if (const size_t equals = text.find('='); equals != std::string::npos && !exists(text))
    return {text.substr(0, equals), text.substr(equals + 1)};
  const fs::path path = fs::path(text).lexically_normal();
  return {(path.has_filename() ? path : path.parent_path()).filename().string(), text};
}

constexpr const char* what =
    "directory of an adapter on --model, as peft or `thaw finetune` saves it, or of another saved change of it, "
    "wherever it says that its base lies; of peft's the two files are enough, without config.json and tokenizer";

}  // namespace

std::string adapter_directory(const std::string& given) { return named(given).directory; }

void AdapterArguments::add_option(CLI::App& command) {
  command.add_option("--adapter", given_, what)
      ->expected(1)
      ->allow_extra_args(false)
      ->type_name("DIR")
      ->needs(command.get_option("--model"));
}

void AdapterArguments::add_options_of_rows(CLI::App& command) {
  of_rows_ = true;
  CLI::Option* adapter =
      command
          .add_option(
              "--adapter", given_,
              fmt::format("{}. Several, each by a name (without one: its directory's), share one base in memory: "
                          "--adapter-column says which is for what row",
                          what))
          ->expected(1)
          ->allow_extra_args(false)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
          ->type_name("[NAME=]DIR");
  command
      .add_option("--adapter-column", column_,
                  "column with the name of the row's adapter, of a table or of jsonl; all of the input is read first, "
                  "and rows of one that follow one another are computed at once")
      ->type_name("NAME")
      ->needs(adapter);
}

void AdapterArguments::put_on(const std::string& adapter, const std::string& model) {
  if (!exists(adapter)) fail("{}: no such directory", adapter);
  if (has_weights(adapter)) fail("{}: holds a whole model, no adapter: give it as --model", adapter);
  if (!holds_change(adapter))
    fail("{}: holds no adapter: adapter_config.json or thaw_change.safetensors is expected", adapter);
  if (holds_change(model)) fail("{}: is an adapter itself: --model is the model that it is on", model);
  bases_.push_back(std::make_shared<BaseChoice>(adapter, model));
}

std::string AdapterArguments::directory(const std::string& model) {
  if (given_.empty()) return model;
  if (given_.size() > 1)
    throw CLI::ValidationError("--adapter",
                               fmt::format("given {} times, {}", given_.size(),
                                           of_rows_ ? "but no --adapter-column that says which of them is for a row"
                                                    : "one at a time is on the model here"));
  const Named adapter = named(given_[0]);
  put_on(adapter.directory, model);
  return adapter.directory;
}

std::vector<AdapterArguments::Named> AdapterArguments::on(const std::string& model) {
  std::vector<Named> all;
  for (const std::string& text : given_) {
    const Named adapter = named(text);
    for (const Named& other : all) {
      if (other.name == adapter.name)
        throw CLI::ValidationError("--adapter", fmt::format("two have the name {}", quote(adapter.name)));
      std::error_code error;
      if (fs::equivalent(other.directory, adapter.directory, error))
        throw CLI::ValidationError("--adapter", fmt::format("{} is there twice", adapter.directory));
    }
    put_on(adapter.directory, model);
    all.push_back(adapter);
  }
  return all;
}

}  // namespace thaw
