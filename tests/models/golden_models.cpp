// SPDX-License-Identifier: Apache-2.0
// The models that are held to goldens: each family tells its own, the folders are found here.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string_view>

#include "tensor/check.h"
#include "tests/goldens.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

using Open = std::unique_ptr<GoldenModel> (*)(const GoldenCase&, Device, DType);

// Filled before main, by files in any order.
std::map<std::string, Open, std::less<>>& entries() {
  static std::map<std::string, Open, std::less<>> all;
  return all;
}

// Read by tests of their own.
const std::set<std::string> other_goldens = {"minilm", "mpnet", "pieces", "tokenizers", "whisper_tiny_en"};

// Adapters of these kinds are read.
bool has_known_adapter(const std::filesystem::path& folder) {
  const std::string kind = Json::read((folder / "adapter/adapter_config.json").string()).get_string("peft_type");
  return kind == "LORA" || kind == "IA3" || kind == "PROMPT_TUNING" || kind == "PREFIX_TUNING";
}

bool has_adapter(const std::filesystem::path& folder) { return std::filesystem::exists(folder / "adapter"); }

// Null if no entry knows the folder.
Open find_entry(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "trace.json") || (has_adapter(folder) && !has_known_adapter(folder)))
    return nullptr;
  const Json config = Json::read((folder / "config.json").string());
  const std::string architecture = config.get_array("architectures").get_string(0);
  const auto found = entries().find(architecture);
  return found == entries().end() ? nullptr : found->second;
}

}  // namespace

GoldenEntry::GoldenEntry(std::string_view architecture, Open open) {
  check(entries().emplace(architecture, open).second, "golden models: two entries for {}", architecture);
}

namespace {

// Those with an adapter, or those without.
std::vector<GoldenCase> goldens_of(bool adapters) {
  std::vector<std::filesystem::path> known;
  std::set<std::string> unknown;
  for (const auto& entry : std::filesystem::directory_iterator(golden_dir())) {
    const std::filesystem::path& folder = entry.path();
    if (!entry.is_directory() || other_goldens.contains(folder.filename().string())) continue;
    if (find_entry(folder)) {
      if (has_adapter(folder) == adapters) known.push_back(folder);
    } else {
      unknown.insert(folder.filename().string());
    }
  }
  static bool told = false;
  if (!told && !unknown.empty())
    MESSAGE("skipped: goldens that no test reads: " << fmt::format("{}", fmt::join(unknown, ", ")));
  if (known.empty())
    MESSAGE("skipped: no golden of " << (adapters ? "an adapter" : "a model") << " is in " << golden_dir().string());
  told = true;
  std::ranges::sort(known);
  return {known.begin(), known.end()};
}

}  // namespace

std::vector<GoldenCase> model_goldens() { return goldens_of(false); }

std::vector<GoldenCase> adapter_goldens() { return goldens_of(true); }

std::unique_ptr<GoldenModel> open_golden(const GoldenCase& golden, Device device, DType dtype) {
  const Open open = find_entry(golden.directory());
  if (!open) fail("{}: no entry of the table of golden models knows it", golden.directory());
  return open(golden, device, dtype);
}

}  // namespace thaw
