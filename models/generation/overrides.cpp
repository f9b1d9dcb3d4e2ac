// SPDX-License-Identifier: Apache-2.0
// Puts what is given over what a model's file says.
#include "models/generation/overrides.h"

#include <algorithm>
#include <stdexcept>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t usual_new_tokens = 128;  // of a model that nothing says more of

template <class T>
void take(const std::optional<T>& given, T& option) {
  if (given) option = *given;
}

EarlyStopping early_stopping_named(const std::string& word) {
  if (word == "never") return EarlyStopping::never;
  return word == "true" ? EarlyStopping::yes : EarlyStopping::no;
}

bool is_given(GenerationOverrides given, std::string_view name) {
  std::vector<OptionField> fields = given.judged_fields();
  for (OptionField& field : given.other_fields()) fields.push_back(std::move(field));
  const auto field = std::ranges::find(fields, name, &OptionField::name);
  return field != fields.end() && !value_text(*field).empty() && value_text(*field) != "model";
}

bool is_asked(const GenerationOverrides& given, std::string_view name) {
  return is_given(given, name) && std::ranges::find(given.kept, name) == given.kept.end();
}

// An option of sampling, where nothing is drawn. A temperature of 0 asks for just that.
template <class T>
void check_drawn(const char* name, const std::optional<T>& given, bool draws) {
  check(!given || draws, "{} {}: without do_sample nothing is drawn", name, given.value_or(T()));
}

}  // namespace

std::vector<OptionField> GenerationOverrides::judged_fields() {
  return {
      {.name = "num_beams",
       .field = &num_beams,
       .help = "search by so many beams (default: as generation_config.json says, else 1: greedy)",
       .range = {.least = 1},
       .kept = true},
      {.name = "length_penalty",
       .field = &length_penalty,
       .help = "beams: a text scores its log probability / length^this (default: as generation_config.json says, "
               "else 1)",
       .range = {-most_length_penalty, most_length_penalty},
       .kept = true},
      {.name = "early_stopping",
       .field = &early_stopping,
       .help = "beams: stop when there are as many finished texts as beams; model: as generation_config.json says",
       .words = {"model", "true", "false", "never"},
       .kept = true},
      {.name = "min_new_tokens",
       .field = &min_new_tokens,
       .help = "write at least so many tokens",
       .range = {0, most_new_tokens},
       .kept = true},
      {.name = "no_repeat_ngram_size",
       .field = &no_repeat_ngram_size,
       .help = "no group of so many tokens twice in a text; 0: as often as it comes",
       .kept = true},
      {.name = "repetition_penalty",
       .field = &repetition_penalty,
       .help = "above 1: tokens that were written are less likely",
       .range = {least_repetition_penalty, most_repetition_penalty},
       .kept = true},
  };
}

std::vector<OptionField> GenerationOverrides::other_fields() {
  return {
      {.name = "max_new_tokens",
       .field = &max_new_tokens,
       .help = "write at most so many tokens (default: as in training, else as generation_config.json says, else 128)",
       .range = {1, most_new_tokens}},
      {.name = "num_return_sequences",
       .field = &num_return_sequences,
       .help = "texts for each source, with their scores (default: as generation_config.json says, else 1)",
       .range = {1, 1000}},
      {"do_sample", &do_sample,
       "draw tokens by their probabilities (default: as generation_config.json says); --do-sample=false: do not"},
      {"temperature", &temperature, "sampling: logits are divided by this"},
      {"top_k", &top_k, "sampling: of the so many likeliest tokens alone; 0: of all"},
      {.name = "top_p",
       .field = &top_p,
       .help = "sampling: of the likeliest tokens that together have this probability",
       .range = {.most = 1, .least_open = true}},
      {.name = "min_p",
       .field = &min_p,
       .help = "sampling: of tokens at least so likely, as a share of the likeliest",
       .range = {0, 1}},
      {"seed", &seed, "sampling: decides, with a row's number, what is drawn (default: 42)"},
  };
}

GenerationOptions with_overrides(const GenerationConfig& own, const GenerationOverrides& o, int64_t prompt_tokens) {
  GenerationOptions g = own.for_prompts_of(prompt_tokens, o.max_new_tokens);
  if (!o.max_new_tokens && !own.has_max_new_tokens && !own.max_length) g.max_new_tokens = usual_new_tokens;
  take(o.min_new_tokens, g.min_new_tokens);
  take(o.num_beams, g.num_beams);
  take(o.length_penalty, g.length_penalty);
  if (o.early_stopping != "model") g.early_stopping = early_stopping_named(o.early_stopping);
  take(o.do_sample, g.do_sample);
  take(o.temperature, g.temperature);
  take(o.top_k, g.top_k);
  take(o.top_p, g.top_p);
  take(o.min_p, g.min_p);
  if (o.seed) g.seed = static_cast<uint64_t>(*o.seed);
  take(o.repetition_penalty, g.repetition_penalty);
  take(o.no_repeat_ngram_size, g.no_repeat_ngram_size);
  take(o.num_return_sequences, g.num_return_sequences);
  if (o.do_sample.value_or(false) && !is_asked(o, "num_beams")) g.num_beams = 1;
  if (o.num_beams.value_or(1) > 1 && !o.do_sample) g.do_sample = false;
  if (!is_asked(o, "min_new_tokens")) g.min_new_tokens = std::min(g.min_new_tokens, g.max_new_tokens);
  if (!g.do_sample && g.temperature == 0) g.temperature = 1;  // the likeliest token is what that asks for
  return g;
}

void check_with_overrides(const GenerationConfig& own, const GenerationOverrides& given,
                          const GenerationOptions& options, int64_t vocab_size) {
  const bool draws = options.do_sample;
  check_drawn("temperature", given.temperature, draws || given.temperature == 0);
  check_drawn("top_k", given.top_k, draws);
  check_drawn("top_p", given.top_p, draws);
  check_drawn("min_p", given.min_p, draws);
  try {
    check_options(options, vocab_size);
  } catch (const std::invalid_argument& error) {
    const std::string_view message = error.what();
    if (own.file.empty() || is_given(given, message.substr(0, message.find_first_of(" :")))) throw;
    fail("{}: {}", own.file, message);
  }
}

std::vector<EffectlessOption> effectless(const GenerationOverrides& given, const GenerationOptions& options) {
  std::vector<EffectlessOption> all;
  const auto add = [&](std::string_view name, std::string_view why) {
    if (is_asked(given, name)) all.push_back({name, why});
  };
  if (options.num_beams == 1) {
    add("length_penalty", "there are no beams");
    add("early_stopping", "there are no beams");
  }
  if (!options.do_sample) add("seed", "nothing is drawn");
  return all;
}

}  // namespace thaw
