// SPDX-License-Identifier: Apache-2.0
// generation_config.json goes before config.json.
#include "models/writer_generation.h"

#include <fmt/format.h>

#include "models/generation_file.h"
#include "models/hub/token_ids.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr const char* start_key = "decoder_start_token_id";

// Texts are written behind the start token of `generation`, and learnt behind that of `config`.
void settle_start(GenerationConfig& generation, const Json& json, const WriterConfig& config) {
  std::optional<int64_t>& learnt = config.tokens.decoder_start_token_id;
  std::optional<int32_t>& start = generation.decoder_start_token_id;
  const Json* own = config.json.find(start_key);
  if (!own || own->is_null()) {
    const std::string where = config.json.where(start_key);
    if (start) {
      learnt = *start;
      generation.notes.push_back(
          fmt::format("{}: is not there: texts begin with {}, by generation_config.json", where, *start));
    } else if (own || !learnt) {
      fail("{}: expected is the id of the token that texts begin with; {}", where, config.usual_start);
    } else {
      generation.notes.push_back(fmt::format("{}: is missing: texts begin with {}, pad_token_id", where, *learnt));
    }
  }
  if (!start) start = static_cast<int32_t>(*learnt);
  if (*learnt != *start)
    generation.notes.push_back(
        fmt::format("{} is {}, in config.json {}: texts begin with the first, training with the second",
                    json.where(start_key), *start, *learnt));
}

}  // namespace

GenerationConfig writer_generation(const Json& json, const WriterConfig& config) {
  GenerationConfig generation;
  if (!json.is_null()) generation = read_generation_config(json);
  if (const auto start = generation.decoder_start_token_id)
    checked_token_id(*start, json, start_key, config.vocab_size);
  settle_start(generation, json, config);
  settle_ends(generation, json, config.json, config.tokens.eos_token_ids, config.vocab_size);
  return generation;
}

}  // namespace thaw
