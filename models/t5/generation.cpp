// SPDX-License-Identifier: Apache-2.0
// generation_config.json goes before config.json.
#include "models/t5/generation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/t5/special_tokens.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr const char* start_key = "decoder_start_token_id";
constexpr const char* end_key = "eos_token_id";

// Texts are written behind the start token of `generation`, and learnt behind that of `config`.
void settle_start(GenerationConfig& generation, const Json& json, T5Config& config) {
  std::optional<int32_t>& start = generation.decoder_start_token_id;
  const Json* own = config.json.find(start_key);
  if (!own || own->is_null()) {
    const std::string where = config.json.where(start_key);
    if (start) {
      config.decoder_start_token_id = *start;
      generation.notes.push_back(
          fmt::format("{}: is not there: texts begin with {}, by generation_config.json", where, *start));
    } else if (own || !config.decoder_start_token_id) {
      fail("{}: expected is the id of the token that texts begin with; T5's is pad_token_id", where);
    } else {
      generation.notes.push_back(
          fmt::format("{}: is missing: texts begin with {}, pad_token_id", where, *config.decoder_start_token_id));
    }
  }
  if (!start) start = static_cast<int32_t>(*config.decoder_start_token_id);
  if (*config.decoder_start_token_id != *start)
    generation.notes.push_back(
        fmt::format("{} is {}, in config.json {}: texts begin with the first, training with the second",
                    json.where(start_key), *start, *config.decoder_start_token_id));
}

void settle_ends(GenerationConfig& generation, const Json& json, const T5Config& config) {
  std::vector<int32_t>& ends = generation.options.end_ids;
  if (ends.empty()) {
    for (const int64_t id : config.eos_token_ids) ends.push_back(static_cast<int32_t>(id));
    generation.end_ids_key = config.json.where(end_key);
    return;
  }
  const bool both_know_one =
      std::ranges::any_of(config.eos_token_ids, [&](int64_t id) { return std::ranges::find(ends, id) != ends.end(); });
  if (config.json.contains(end_key) && !config.eos_token_ids.empty() && !both_know_one)
    generation.notes.push_back(fmt::format("{} is {}, in config.json {}: texts end with the first", json.where(end_key),
                                           fmt::join(ends, " or "), fmt::join(config.eos_token_ids, " or ")));
}

}  // namespace

GenerationConfig t5_generation(const Json& json, T5Config& config) {
  GenerationConfig generation;
  if (!json.is_null()) generation = read_generation_config(json);
  if (const auto start = generation.decoder_start_token_id)
    checked_token_id(*start, json, start_key, config.vocab_size);
  for (const int32_t id : generation.options.end_ids) checked_token_id(id, json, end_key, config.vocab_size);
  settle_start(generation, json, config);
  settle_ends(generation, json, config);
  return generation;
}

}  // namespace thaw
