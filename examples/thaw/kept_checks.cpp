// SPDX-License-Identifier: Apache-2.0
// A JSON file a device and driver, whose name is a checksum of their description; what it holds for stands in it.
#include "examples/thaw/kept_checks.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "examples/thaw/version.h"
#include "tensor/backend.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/cache_folder.h"
#include "tensor/io/crc32c.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

// Which build of the program: kernels change with it, its version seldom.
std::string this_build() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto bytes = std::filesystem::file_size(program, error);
  const auto written = std::filesystem::last_write_time(program, error).time_since_epoch().count();
  return error ? "" : fmt::format(" ({} bytes, {})", bytes, written);
}

// The build, hardware, driver and its version.
std::string holds_for(const Device& device) {
  return fmt::format("thaw {}{}: {}", program_version, this_build(), device.backend().description());
}

}  // namespace

std::string kept_check_path(const Device& device) {
  const std::string folder = cache_folder();
  return folder.empty() ? "" : fmt::format("{}/check-{:08x}.json", folder, crc32c(device.backend().description()));
}

std::optional<KeptCheck> kept_check(const Device& device) {
  const std::string path = kept_check_path(device);
  std::error_code missing;
  if (path.empty() || !std::filesystem::exists(path, missing)) return {};
  try {
    const Json json = Json::read(path);
    if (json.get_string("for") != holds_for(device)) return {};
    KeptCheck kept{json.get_string("date"), {json.get_uint("checked"), json.get_uint("skipped"), {}}};
    for (const Json& wrong : json.get_array("wrong").items())
      kept.found.wrong.push_back({wrong.get_string("op"), wrong.get_string("what")});
    return kept;
  } catch (const std::exception&) {
    return {};
  }
}

void keep_check(const Device& device, const KeptCheck& check) {
  const std::string path = kept_check_path(device);
  if (path.empty()) return;
  std::vector<Json> wrong;
  for (const WrongOp& op : check.found.wrong) {
    Json entry = Json::object();
    entry.set("op", op.op);
    entry.set("what", op.what);
    wrong.push_back(std::move(entry));
  }
  Json json = Json::object();
  json.set("for", holds_for(device));
  json.set("date", check.date);
  json.set("checked", check.found.checked);
  json.set("skipped", check.found.skipped);
  json.set("wrong", std::move(wrong));
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  write_file_atomically(path, json.dump(2) + "\n");
}

std::string failed_before(const Device& device) {
  const std::optional<KeptCheck> kept = kept_check(device);
  if (!kept || kept->found.wrong.empty()) return {};
  constexpr size_t most = 3;
  std::string names;
  for (size_t i = 0; i < kept->found.wrong.size() && i < most; ++i) names += (i ? ", " : "") + kept->found.wrong[i].op;
  if (kept->found.wrong.size() > most) names += ", ...";
  return fmt::format(
      "{}: {} of {} operations were wrong with this driver on {} ({}); `thaw devices --check {}` has more",
      device.name(), kept->found.wrong.size(), kept->found.checked, kept->date, names, device.name());
}

}  // namespace thaw
