// SPDX-License-Identifier: Apache-2.0
// generation_config.json goes before config.json.
#include "models/generation_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "models/hub/bare_change.h"
#include "models/hub/token_ids.h"

namespace thaw {
namespace {

constexpr const char* file_name = "generation_config.json";
constexpr const char* end_key = "eos_token_id";

}  // namespace

Json read_generation_json(const std::string& directory) {
  const std::string file = path_of_file(directory, file_name);
  return std::filesystem::exists(file) ? Json::read(file) : Json();
}

void write_generation_json(const Json& json, const std::string& directory) {
  if (!json.is_null()) json.write(directory + "/" + file_name, {.indent = 2});
}

void settle_ends(GenerationConfig& generation, const Json& generation_json, const Json& config_json,
                 std::span<const int64_t> ends, int64_t vocab_size) {
  std::vector<int32_t>& settled = generation.options.end_ids;
  for (const int32_t id : settled) checked_token_id(id, generation_json, end_key, vocab_size);
  if (settled.empty()) {
    for (const int64_t id : ends) settled.push_back(static_cast<int32_t>(id));
    generation.end_ids_key = config_json.where(end_key);
    return;
  }
  const bool both_know_one =
      std::ranges::any_of(ends, [&](int64_t id) { return std::ranges::find(settled, id) != settled.end(); });
  if (config_json.contains(end_key) && !ends.empty() && !both_know_one)
    generation.notes.push_back(fmt::format("{} is {}, in config.json {}: texts end with the first",
                                           generation_json.where(end_key), fmt::join(settled, " or "),
                                           fmt::join(ends, " or ")));
}

GenerationConfig causal_generation(const Json& generation_json, const Json& config_json, std::span<const int64_t> ends,
                                   int64_t vocab_size) {
  GenerationConfig generation;
  if (!generation_json.is_null()) generation = read_generation_config(generation_json);
  settle_ends(generation, generation_json, config_json, ends, vocab_size);
  return generation;
}

}  // namespace thaw
