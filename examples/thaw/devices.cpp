// SPDX-License-Identifier: Apache-2.0
// thaw devices: where can be computed?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>

#include "examples/thaw/commands.h"
#include "tensor/device.h"

namespace thaw {
namespace {

constexpr size_t line_length = 110;

// The words of a text, in lines that begin with `indent` spaces.
void print_wrapped(std::string_view text, size_t indent) {
  size_t column = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (column > 0 && column + 1 + word.size() > line_length) {
      fmt::print("\n");
      column = 0;
    }
    fmt::print("{:{}}{}", "", column == 0 ? indent : 1, word);
    column += (column == 0 ? indent : 1) + word.size();
    begin = end + 1;
  }
  fmt::print("\n");
}

void print_devices(bool verbose) {
  const std::vector<DeviceInfo> devices = list_devices();
  size_t width = 0;
  for (const DeviceInfo& device : devices) width = std::max(width, device.name.size());
  for (const DeviceInfo& device : devices) {
    std::istringstream lines(device.description);
    std::string line;
    std::getline(lines, line);
    fmt::print("{:<{}}  {}{}\n", device.name, width, device.usable ? "" : "not usable: ", line);
    while (verbose && std::getline(lines, line)) print_wrapped(line, width + 4);
  }
}

}  // namespace

void add_devices(CLI::App& app) {
  CLI::App* command = app.add_subcommand("devices", "list the devices that --device and $THAW_DEVICE take");
  command->footer(
      "Each line is a name and what is behind it: hardware, memory, the types that tensors can have there. reference "
      "is\n"
      "for tests, and to compare with.\n\n"
      "Example:\n"
      "  thaw devices\n"
      "  THAW_DEVICE=vulkan thaw predict --model RUN < texts.txt");
  const auto verbose = std::make_shared<bool>(false);
  command->add_flag("--verbose", *verbose, "also which kernels each gets, and the sizes they are made with");
  command->callback([verbose] { print_devices(*verbose); });
}

}  // namespace thaw
