// SPDX-License-Identifier: Apache-2.0
// The keys, by what becomes of them: read, passed over, refused unless they change nothing.
#include "models/generation/generation_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int64_t most = INT32_MAX;

// Of how results are handed out and computed, not of what they are.
constexpr std::array passed_over = {"_from_model_config",
                                    "transformers_version",
                                    "use_cache",
                                    "cache_implementation",
                                    "cache_config",
                                    "return_dict_in_generate",
                                    "output_attentions",
                                    "output_hidden_states",
                                    "output_scores",
                                    "output_logits",
                                    "low_memory",
                                    "compile_config",
                                    "disable_compile",
                                    "is_assistant",
                                    "num_assistant_tokens",
                                    "num_assistant_tokens_schedule",
                                    "assistant_confidence_threshold",
                                    "max_matching_ngram_size",
                                    "remove_invalid_values"};

// Another way to generate, unless the value is this number (or false, an empty list, null).
struct NotBuilt {
  std::string_view key;
  double neutral;
  bool is_of_sampling = false;  // and without effect where nothing is drawn
};
constexpr NotBuilt not_built[] = {
    {"guidance_scale", 1},
    {"typical_p", 1, true},
    {"epsilon_cutoff", 0, true},
    {"eta_cutoff", 0, true},
    {"top_h", 1, true},
    {"penalty_alpha", 0},
    {"num_beam_groups", 1},
    {"diversity_penalty", 0},
    {"encoder_repetition_penalty", 1},
    {"encoder_no_repeat_ngram_size", 0},
    {"renormalize_logits", 0},
    {"exponential_decay_length_penalty", 0},
    {"sequence_bias", 0},
    {"constraints", 0},
    {"force_words_ids", 0},
    {"forced_decoder_ids", 0},
    {"stop_strings", 0},
    {"max_time", 0},
    {"dola_layers", 0},
    {"prompt_lookup_num_tokens", 0},
    {"watermarking_config", 0},
    {"token_healing", 0},
};

bool changes_nothing(const Json& value, double neutral) {
  if (value.is_null()) return true;
  if (value.is_bool()) return !value.as_bool();
  if (value.is_number()) return value.as_number() == neutral;
  return (value.is_array() || value.is_object()) && value.empty();
}

class Keys {
 public:
  explicit Keys(const Json& json) : json_(json) {}

  // Null if it is absent or null.
  const Json* find(const char* key) {
    known_.push_back(key);
    const Json* value = json_.find(key);
    return value && !value->is_null() ? value : nullptr;
  }
  void read(const char* key, int64_t& value, int64_t least) {
    if (find(key)) value = json_.get_int(key, least, most);
  }
  void read(const char* key, double& value, double least, double greatest) {
    if (find(key)) value = json_.get_number(key, least, greatest);
  }
  void read(const char* key, std::optional<int64_t>& value) {
    if (find(key)) value = json_.get_int(key, 0, most);
  }
  void read(const char* key, std::optional<int32_t>& id) {
    if (find(key)) id = static_cast<int32_t>(json_.get_int(key, 0, most));
  }
  // A number or a list of them.
  void read(const char* key, std::vector<int32_t>& ids) {
    const Json* value = find(key);
    if (!value) return;
    ids.clear();
    if (!value->is_array()) {
      ids.push_back(static_cast<int32_t>(json_.get_int(key, 0, most)));
      return;
    }
    for (const int64_t id : json_.get_ints(key, 0, most)) ids.push_back(static_cast<int32_t>(id));
  }
  bool is_known(std::string_view key) const { return std::ranges::find(known_, key) != known_.end(); }

 private:
  const Json& json_;
  std::vector<std::string_view> known_;
};

void read_early_stopping(const Json& json, Keys& keys, GenerationOptions& o) {
  const Json* value = keys.find("early_stopping");
  if (!value) return;
  if (value->is_bool()) {
    o.early_stopping = value->as_bool() ? EarlyStopping::yes : EarlyStopping::no;
  } else if (value->is_string() && value->as_string() == "never") {
    o.early_stopping = EarlyStopping::never;
  } else {
    fail("{}: true, false or \"never\" was expected, not {}", json.where("early_stopping"), value->describe());
  }
}

void read_bad_words(const Json& json, Keys& keys, GenerationOptions& o) {
  if (!keys.find("bad_words_ids")) return;
  const Json& words = json.get_array("bad_words_ids");
  for (size_t i = 0; i < words.size(); ++i) {
    std::vector<int32_t>& word = o.bad_words_ids.emplace_back();
    for (const int64_t id : words.get_ints(i, 0, most)) word.push_back(static_cast<int32_t>(id));
    if (word.empty()) fail("{}: an empty list", words.where(i));
  }
}

}  // namespace

GenerationConfig read_generation_config(const Json& json) {
  GenerationConfig c;
  GenerationOptions& o = c.options;
  Keys keys(json);
  c.file = json.where();
  c.has_max_new_tokens = keys.find("max_new_tokens") != nullptr;
  keys.read("max_new_tokens", o.max_new_tokens, 1);
  keys.read("min_new_tokens", o.min_new_tokens, 0);
  keys.read("max_length", c.max_length);
  keys.read("min_length", c.min_length);
  keys.read("eos_token_id", o.end_ids);
  c.end_ids_key = json.where("eos_token_id");
  keys.find("pad_token_id");  // nothing is padded
  keys.read("decoder_start_token_id", c.decoder_start_token_id);
  keys.find("bos_token_id");
  keys.read("num_return_sequences", o.num_return_sequences, 1);
  keys.read("num_beams", o.num_beams, 1);
  keys.read("length_penalty", o.length_penalty, -most_length_penalty, most_length_penalty);
  read_early_stopping(json, keys, o);
  if (keys.find("do_sample")) o.do_sample = json.get_bool("do_sample");
  keys.read("temperature", o.temperature, 0, 1e6);
  if (o.temperature == 0) {
    if (o.do_sample) fail("{}: above 0 was expected where tokens are drawn", json.where("temperature"));
    o.temperature = 1;  // greedy, as some files say it
  }
  keys.read("top_k", o.top_k, 0);
  keys.read("top_p", o.top_p, std::numeric_limits<double>::min(), 1);
  keys.read("min_p", o.min_p, 0, 1);
  keys.read("repetition_penalty", o.repetition_penalty, least_repetition_penalty, most_repetition_penalty);
  keys.read("no_repeat_ngram_size", o.no_repeat_ngram_size, 0);
  read_bad_words(json, keys, o);
  keys.read("forced_bos_token_id", o.forced_bos_token_id);
  keys.read("forced_eos_token_id", o.forced_eos_token_id);
  keys.read("suppress_tokens", o.suppress_tokens);
  keys.read("begin_suppress_tokens", o.begin_suppress_tokens);
  std::vector<std::string> unknown;
  for (const JsonMember& member : json.members()) {
    if (keys.is_known(member.key) || std::ranges::find(passed_over, member.key) != passed_over.end()) continue;
    const auto* other = std::ranges::find(not_built, member.key, &NotBuilt::key);
    if (other == std::end(not_built)) {
      unknown.push_back(quote_if_odd(member.key));
    } else if (!changes_nothing(member.value, other->neutral) && (o.do_sample || !other->is_of_sampling)) {
      fail("{}: {} asks for a way to generate that there is not", json.where(member.key), member.value.describe());
    }
  }
  if (!unknown.empty())
    c.notes.push_back(fmt::format("{}: not known, without effect: {}", c.file, fmt::join(unknown, ", ")));
  return c;
}

GenerationOptions GenerationConfig::for_prompts_of(int64_t tokens, std::optional<int64_t> max_new_tokens) const {
  GenerationOptions fit = options;
  if (max_new_tokens) {
    fit.max_new_tokens = *max_new_tokens;
  } else if (max_length && !has_max_new_tokens) {
    if (*max_length <= tokens)
      fail("{}: max_length: {} leaves no room behind a prompt of {}", file, *max_length, counted(tokens, "token"));
    fit.max_new_tokens = std::min(*max_length - tokens, most_new_tokens);
  }
  if (min_length) fit.min_new_tokens = std::max(fit.min_new_tokens, *min_length - tokens);
  fit.min_new_tokens = std::min(fit.min_new_tokens, fit.max_new_tokens);
  return fit;
}

}  // namespace thaw
