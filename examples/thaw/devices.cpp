// SPDX-License-Identifier: Apache-2.0
// thaw devices: where can be computed?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "examples/thaw/commands.h"
#include "tensor/device.h"

namespace thaw {
namespace {

void print_devices() {
  const std::vector<DeviceInfo> devices = list_devices();
  size_t width = 0;
  for (const DeviceInfo& device : devices) width = std::max(width, device.name.size());
  for (const DeviceInfo& device : devices)
    fmt::print("{:<{}}  {}{}\n", device.name, width, device.usable ? "" : "not usable: ", device.description);
}

}  // namespace

void add_devices(CLI::App& app) {
  CLI::App* command = app.add_subcommand("devices", "list the devices that --device and $THAW_DEVICE take");
  command->footer(
      "Each line is a name and what is behind it. reference is slow and exact: for tests, and to compare with.\n\n"
      "Example:\n"
      "  thaw devices\n"
      "  THAW_DEVICE=vulkan thaw predict --model RUN < texts.txt");
  command->callback(print_devices);
}

}  // namespace thaw
