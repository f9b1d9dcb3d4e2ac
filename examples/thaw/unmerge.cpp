// SPDX-License-Identifier: Apache-2.0
// thaw unmerge: a model that took up an adapter, without it again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/App.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "models/tasks/unmerged_model.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model, adapter, output_dir, device;
};

void unmerge(const Arguments& a) {
  if (std::filesystem::exists(a.output_dir) && !std::filesystem::is_empty(a.output_dir))
    fail("{}: is there already, and not empty", a.output_dir);
  const UnmergedModel done = unmerge_model(a.model, a.adapter, a.output_dir, open_device(a.device));
  fmt::print("{}: {} without the adapter; weights changed by up to {:.3g}, the largest is {:.3g}\n", a.output_dir,
             counted(done.products, "product"), done.largest_change, done.largest_number);
  if (!done.kept.empty())
    fmt::print("kept as the adapter has it, for what the base has there is not known: {}\n",
               fmt::join(done.kept, ", "));
  if (done.base.empty())
    fmt::print("not held to the base, which is not at hand: its numbers, if it is that, but for rounding to {}\n",
               name_of(done.stored));
  else
    fmt::print("held to {}{}: its weights but for rounding to {}, largest difference {:.2g}\n", done.base,
               done.kept.empty() ? "" : ", but for what was kept", name_of(done.stored), done.largest_difference);
}

}  // namespace

void add_unmerge(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("unmerge", "take an adapter out of the model that it was merged into");
  command->add_option("--model", a->model, "directory of the whole model")->required()->type_name("DIR");
  command->add_option("--adapter", a->adapter, "directory of the adapter, as it was merged")
      ->required()
      ->type_name("DIR");
  command->add_option("--output-dir", a->output_dir, "where the model goes: a new directory")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--device", a->device,
                   "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  command->footer(
      "LoRA is taken from the weights that it is in, IA3's factors are divided out. What was added and taken away "
      "again\n"
      "in f32 is rounded twice: the weights are the base's but for about a ten millionth, not bit by bit. Where the\n"
      "adapter's base is at hand they are held to it. DoRA cannot be undone. Heads and rows that the adapter replaced\n"
      "stay: what the base has there is in neither.\n\n"
      "Example:\n"
      "  thaw unmerge --model runs/merged --adapter runs/lora --output-dir base");
  command->callback([a] { unmerge(*a); });
}

}  // namespace thaw
