// SPDX-License-Identifier: Apache-2.0
// Options out of their ranges; generation_config.json, good and bad.
#include "models/generation/options.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "models/generation/generation_config.h"
#include "tests/error_of.h"

namespace thaw {

TEST_CASE("generation options: what is out of range or contradicts is named") {
  CHECK_NOTHROW(check_options({}, 10));
  struct Bad {
    std::string message;
    std::function<void(GenerationOptions&)> change;
  };
  const std::vector<Bad> all = {
      {"max_new_tokens 0: from 1 to 1000000 was expected", [](auto& o) { o.max_new_tokens = 0; }},
      {"max_new_tokens 1000001: from 1 to 1000000", [](auto& o) { o.max_new_tokens = 1000001; }},
      {"min_new_tokens 21: from 0 to the greatest number, 20,", [](auto& o) { o.min_new_tokens = 21; }},
      {"num_beams 11: from 1 to 10", [](auto& o) { o.num_beams = 11; }},
      {"num_beams 0: from 1 to 10", [](auto& o) { o.num_beams = 0; }},
      {"num_return_sequences 0: at least 1", [](auto& o) { o.num_return_sequences = 0; }},
      {"num_return_sequences 3: more than there are beams, 2",
       [](auto& o) { o.num_beams = 2, o.num_return_sequences = 3; }},
      {"num_beams 2: sampling is done without beams", [](auto& o) { o.do_sample = true, o.num_beams = 2; }},
      {"length_penalty nan: from -20 to 20 was expected", [](auto& o) { o.length_penalty = NAN; }},
      {"length_penalty -20.5: from -20 to 20", [](auto& o) { o.length_penalty = -20.5; }},
      {"temperature 0: a number above 0", [](auto& o) { o.temperature = 0; }},
      {"top_k -1: at least 0", [](auto& o) { o.top_k = -1; }},
      {"top_p 0: above 0 and at most 1", [](auto& o) { o.top_p = 0; }},
      {"min_p 1.5: from 0 to 1", [](auto& o) { o.min_p = 1.5; }},
      {"repetition_penalty 0: from 0.001 to 1000 was expected", [](auto& o) { o.repetition_penalty = 0; }},
      {"repetition_penalty 2000: from 0.001", [](auto& o) { o.repetition_penalty = 2000; }},
      {"no_repeat_ngram_size -2: at least 0", [](auto& o) { o.no_repeat_ngram_size = -2; }},
      {"eos_token_id: 10 is no token id below 10",
       [](auto& o) {
         o.end_ids = {3, 10};
       }},
      {"forced_bos_token_id: -1 is no", [](auto& o) { o.forced_bos_token_id = -1; }},
      {"bad_words_ids: an empty list",
       [](auto& o) {
         o.bad_words_ids = {{1}, {}};
       }},
      {"forced_bos_token_id 4: suppress_tokens forbids it",
       [](auto& o) {
         o.forced_bos_token_id = 4, o.suppress_tokens = {3, 4};
       }},
      {"forced_eos_token_id 4: suppress_tokens forbids it",
       [](auto& o) { o.forced_eos_token_id = 4, o.suppress_tokens = {4}; }},
      {"forced_bos_token_id 4: bad_words_ids forbids it",
       [](auto& o) {
         o.forced_bos_token_id = 4, o.bad_words_ids = {{1, 4}, {4}};
       }},
  };
  for (const Bad& bad : all) {
    GenerationOptions options;
    bad.change(options);
    CHECK(error_of<std::invalid_argument>([&] { check_options(options, 10); }).starts_with(bad.message));
  }
}

TEST_CASE("generation options: a forced token that nothing forbids may come") {
  GenerationOptions options;
  options.forced_bos_token_id = options.forced_eos_token_id = 4;
  options.suppress_tokens = options.begin_suppress_tokens = {3};
  options.bad_words_ids = {{1, 4}};
  CHECK_NOTHROW(check_options(options, 10));
  options.bad_words_ids = {{4}};
  options.end_ids = {4};  // which is no bad word
  CHECK_NOTHROW(check_options(options, 10));
}

TEST_CASE("generation options: at their bounds scores are numbers") {
  for (const double penalty : {-most_length_penalty, most_length_penalty})
    for (const double length : {1.0, static_cast<double>(most_new_tokens)}) {
      CHECK(std::isfinite(-1e9 / std::pow(length, penalty)));
      CHECK(-1e9 / std::pow(length, penalty) < 0);
    }
}

TEST_CASE("generation_config.json: read by its keys, lengths of whole rows too") {
  const auto read = [](const std::string& text) { return read_generation_config(Json::parse(text, "g.json")); };
  const GenerationConfig c = read(
      R"({"eos_token_id": 1, "decoder_start_token_id": 0, "pad_token_id": 0, "max_length": 50, "min_length": 5,
          "num_beams": 4, "early_stopping": "never", "length_penalty": 0.6, "bad_words_ids": [[3], [4, 5]],
          "top_k": null, "transformers_version": "5.1", "guidance_scale": 1.0, "typical_p": 1, "surprise": [1],
          "two words": 2})");
  CHECK(c.options.end_ids == std::vector<int32_t>{1});
  CHECK(c.decoder_start_token_id == 0);
  CHECK(c.options.num_beams == 4);
  CHECK(c.options.early_stopping == EarlyStopping::never);
  CHECK(c.options.bad_words_ids == std::vector<std::vector<int32_t>>{{3}, {4, 5}});
  CHECK(c.for_prompts_of(1).max_new_tokens == 49);
  CHECK(c.for_prompts_of(3).min_new_tokens == 2);
  CHECK(c.for_prompts_of(9).min_new_tokens == 0);
  CHECK(error_of<std::runtime_error>([&] { c.for_prompts_of(50); }) ==
        "g.json: max_length: 50 leaves no room behind a prompt of 50 tokens");
  CHECK(c.for_prompts_of(50, 6).max_new_tokens == 6);
  CHECK(c.notes == std::vector<std::string>{"g.json: not known, without effect: surprise, two words"});
  CHECK(read(R"({"max_new_tokens": 7, "max_length": 50})").for_prompts_of(60).max_new_tokens == 7);
  CHECK(read(R"({"max_length": 2000000000})").for_prompts_of(1).max_new_tokens == most_new_tokens);
  CHECK(read(R"({"min_length": 30, "max_length": 9})").for_prompts_of(1).min_new_tokens == 8);
  CHECK(read(R"({"typical_p": 0.9, "temperature": 0.0, "do_sample": false})").options.temperature == 1);
  CHECK(read(R"({"early_stopping": true, "eos_token_id": [1, 2]})").options.end_ids.size() == 2);
}

TEST_CASE("generation_config.json: bad values and ways to generate that there are not, one line each") {
  const auto error = [](const std::string& text) {
    return error_of<std::runtime_error>([&] { read_generation_config(Json::parse(text, "g.json")); });
  };
  const std::vector<std::pair<std::string, std::string>> all = {
      {R"({"num_beams": 0})", "num_beams"},
      {R"({"num_beams": 2.5})", "num_beams"},
      {R"({"num_beams": "4"})", "num_beams"},
      {R"({"max_new_tokens": -1})", "max_new_tokens"},
      {R"({"early_stopping": "soon"})", "early_stopping"},
      {R"({"early_stopping": 1})", "early_stopping"},
      {R"({"eos_token_id": -1})", "eos_token_id"},
      {R"({"eos_token_id": [1, "2"]})", "eos_token_id"},
      {R"({"bad_words_ids": [3]})", "bad_words_ids"},
      {R"({"bad_words_ids": [[]]})", "bad_words_ids"},
      {R"({"do_sample": 1})", "do_sample"},
      {R"({"temperature": 0, "do_sample": true})", "temperature"},
      {R"({"top_p": 2})", "top_p"},
      {R"({"length_penalty": -21})", "length_penalty"},
      {R"({"repetition_penalty": 1e-9})", "repetition_penalty"},
      {R"({"guidance_scale": 3})", "guidance_scale"},
      {R"({"penalty_alpha": 0.6})", "penalty_alpha"},
      {R"({"num_beam_groups": 2})", "num_beam_groups"},
      {R"({"stop_strings": ["x"]})", "stop_strings"},
      {R"({"sequence_bias": [[[1], 2.0]]})", "sequence_bias"},
  };
  for (const auto& [text, key] : all) {
    const std::string message = error(text);
    CHECK(message.starts_with("g.json: " + key));
    CHECK(message.find('\n') == std::string::npos);
  }
}

}  // namespace thaw
