// SPDX-License-Identifier: Apache-2.0
// thaw devices: where can be computed, and does it compute what it should?
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/conformance/device_check.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/kept_checks.h"
#include "tensor/check.h"
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

struct Arguments {
  std::string name;
  bool verbose = false, check = false, again = false;
};

// All devices, or the one that is named; an error if it cannot be opened.
std::vector<DeviceInfo> chosen_devices(const std::string& name) {
  std::vector<DeviceInfo> devices = list_devices();
  if (name.empty()) return devices;
  const Device device = Device::open(name);
  std::erase_if(devices, [&](const DeviceInfo& info) { return info.name != device.name(); });
  return devices;
}

size_t width_of(const std::vector<DeviceInfo>& devices) {
  size_t width = 0;
  for (const DeviceInfo& device : devices) width = std::max(width, device.name.size());
  return width;
}

void print_devices(const Arguments& a) {
  const std::vector<DeviceInfo> devices = chosen_devices(a.name);
  const size_t width = width_of(devices);
  for (const DeviceInfo& device : devices) {
    std::istringstream lines(device.description);
    std::string line;
    std::getline(lines, line);
    fmt::print("{:<{}}  {}{}\n", device.name, width, device.usable ? "" : "not usable: ", line);
    while (a.verbose && std::getline(lines, line)) print_wrapped(line, width + 4);
  }
}

// Checks it now and keeps what was found.
KeptCheck checked_now(const Device& device) {
  const KeptCheck check{fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr))), check_device(device)};
  try {
    keep_check(device, check);
  } catch (const std::exception& error) {
    fmt::print(stderr, "warning: the result is not kept: {}\n", error.what());
  }
  return check;
}

// Prints the verdict on a device; true if all is right.
bool print_check(const Device& device, size_t width, bool again) {
  const auto start = std::chrono::steady_clock::now();
  std::optional<KeptCheck> kept;
  if (!again) kept = kept_check(device);
  const bool old = kept.has_value();
  if (!kept) kept = checked_now(device);
  const DeviceCheck& found = kept->found;
  const std::string skipped =
      found.skipped ? fmt::format(", {} skipped (of types that it does not hold)", found.skipped) : "";
  const std::string when =
      old ? fmt::format("checked on {}; --again checks anew", kept->date)
          : fmt::format("in {:.1f} s", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  if (found.wrong.empty()) {
    fmt::print("{:<{}}  {} operations as the reference has them{}; {}\n", device.name(), width, found.checked, skipped,
               when);
  } else {
    fmt::print("{:<{}}  {} of {} operations wrong{}; {}\n", device.name(), width, found.wrong.size(), found.checked,
               skipped, when);
  }
  for (const WrongOp& wrong : found.wrong) fmt::print("{:{}}{}: {}\n", "", width + 4, wrong.op, wrong.what);
  std::fflush(stdout);
  return found.wrong.empty();
}

void check_devices(const Arguments& a) {
  const std::vector<DeviceInfo> devices = chosen_devices(a.name);
  std::string failed;
  for (const DeviceInfo& info : devices) {
    if (!info.usable || (a.name.empty() && info.name == "reference")) continue;
    if (!print_check(Device::open(info.name), width_of(devices), a.again))
      failed += (failed.empty() ? "" : ", ") + info.name;
  }
  if (!failed.empty()) fail("{}: operations are wrong; do not trust what is trained there", failed);
}

}  // namespace

void add_devices(CLI::App& app) {
  CLI::App* command = app.add_subcommand("devices", "list the devices that --device and $THAW_DEVICE take; check them");
  command->footer(
      "Each line is a name and what is behind it: hardware, memory, the types that tensors can have there. reference "
      "is\n"
      "for tests, and to compare with.\n\n"
      "--check runs every operation, forward and backward, and compares numbers with the reference device's in double\n"
      "precision: seconds on a GPU, a minute where software stands in for one. What is wrong is named, and the exit\n"
      "status is 1: a fault of the driver or of thaw, which is worth a report. What was found is kept in\n"
      "$XDG_CACHE_HOME/thaw or ~/.cache/thaw until driver or thaw change; finetune warns where a device failed.\n\n"
      "Examples:\n"
      "  thaw devices\n"
      "  thaw devices --check                    # all that can be used\n"
      "  thaw devices vulkan:1 --check --again   # this one, whatever was found before\n"
      "  THAW_DEVICE=vulkan thaw predict --model RUN < texts.txt");
  const auto a = std::make_shared<Arguments>();
  command->add_option("name", a->name, "only this device: cpu, vulkan, vulkan:1 ...")->type_name("NAME");
  command->add_flag("--verbose", a->verbose, "also which kernels each gets, and the sizes they are made with");
  CLI::Option* check = command->add_flag("--check", a->check, "does it compute what it should? (kept for each driver)");
  command->add_flag("--again", a->again, "check anew, also where a result is kept")->needs(check);
  command->callback([a] { a->check ? check_devices(*a) : print_devices(*a); });
}

}  // namespace thaw
