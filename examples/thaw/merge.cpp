// SPDX-License-Identifier: Apache-2.0
// thaw merge: an adapter, or whatever changed of a model, and its base as one model.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "examples/thaw/adapter_arguments.h"
#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "models/tasks/merged_model.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model, output_dir, device;
  AdapterArguments adapter;
};

void merge(const Arguments& a) {
  if (std::filesystem::exists(a.output_dir) && !std::filesystem::is_empty(a.output_dir))
    fail("{}: is there already, and not empty", a.output_dir);
  const MergedModel done = merge_model(a.model, a.output_dir, open_device(a.device));
  fmt::print("{}: {} merged\n", a.output_dir, counted(done.products, "product"));
  for (const std::string& line : done.untied) fmt::print("untied: {}\n", line);
  fmt::print(
      "read again, it gives the same numbers but for rounding: largest difference {:.2g}, largest number {:.3g}\n",
      done.largest_difference, done.largest_output);
}

}  // namespace

void add_merge(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("merge", "make an adapter and its base model one model");
  command
      ->add_option(
          "--model", a->model,
          "directory of the adapter (of `thaw finetune`, or peft's), which names its base; or, with --adapter, "
          "the base")
      ->required()
      ->type_name("DIR");
  a->adapter.add_option(*command);
  command->add_option("--output-dir", a->output_dir, "where the model goes: a new directory")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--device", a->device,
                   "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  command->footer(
      "LoRA (rsLoRA, DoRA) and IA3 are written into the weights that they are on; what was trained beside them, heads "
      "and\n"
      "rows, is taken over. The model is read again and held to the first one on made-up texts or sequences.\n"
      "Bottleneck adapters, prompts and prefixes cannot be merged: they are no part of a weight.\n\n"
      "Example:\n"
      "  thaw merge --model runs/lora --output-dir runs/merged\n"
      "  thaw merge --model base --adapter downloaded/adapter --output-dir merged");
  command->callback([a] {
    a->model = a->adapter.directory(a->model);
    merge(*a);
  });
}

}  // namespace thaw
