// SPDX-License-Identifier: Apache-2.0
// The start and the end of texts, by config.json and generation_config.json.
#include <doctest/doctest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/t5/config.h"
#include "models/writer_generation.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

struct Settled {
  T5Config config;
  GenerationConfig generation;

  // An empty text: there is no such file.
  Settled(const std::string& keys, const std::string& own)
      : config(T5Config::from_json(Json::parse("{\"vocab_size\": 30" + keys + "}", "DIR/config.json"))),
        generation(writer_generation(own.empty() ? Json() : Json::parse(own, "DIR/generation_config.json"),
                                     {config.json, config, config.vocab_size, "T5's is pad_token_id"})) {}
};

}  // namespace

TEST_CASE("T5 generation files: which start and end count, and what is told where they differ or are not there") {
  struct Case {
    const char* keys;  // of config.json, beside vocab_size
    const char* own;
    int64_t written_behind, learnt_behind;
    std::vector<int32_t> ends;
    std::vector<std::string> notes = {};
  };
  for (const Case& c : {
           Case{R"(, "decoder_start_token_id": 4)", "", 4, 4, {1}},
           Case{R"(, "decoder_start_token_id": 4, "eos_token_id": [1, 2])", R"({"eos_token_id": 2})", 4, 4, {2}},
           Case{R"(, "decoder_start_token_id": 4, "eos_token_id": null)", "", 4, 4, {}},
           Case{R"(, "decoder_start_token_id": 4, "eos_token_id": 3)",
                R"({"eos_token_id": [1, 2]})",
                4,
                4,
                {1, 2},
                {"DIR/generation_config.json: eos_token_id is 1 or 2, in config.json 3: texts end with the first"}},
           Case{R"(, "pad_token_id": 6)",
                "",
                6,
                6,
                {1},
                {"DIR/config.json: decoder_start_token_id: is missing: texts begin with 6, pad_token_id"}},
           Case{R"(, "decoder_start_token_id": null)",
                R"({"decoder_start_token_id": 5})",
                5,
                5,
                {1},
                {"DIR/config.json: decoder_start_token_id: is not there: texts begin with 5, by "
                 "generation_config.json"}},
           Case{R"(, "decoder_start_token_id": 4)",
                R"({"decoder_start_token_id": 5})",
                5,
                4,
                {1},
                {"DIR/generation_config.json: decoder_start_token_id is 5, in config.json 4: texts begin with the "
                 "first, "
                 "training with the second"}},
       }) {
    INFO(c.keys << " " << c.own);
    const Settled settled(c.keys, c.own);
    CHECK(settled.generation.decoder_start_token_id == c.written_behind);
    CHECK(settled.config.decoder_start_token_id == c.learnt_behind);
    CHECK(settled.generation.options.end_ids == c.ends);
    CHECK(settled.generation.notes == c.notes);
  }
}

TEST_CASE("T5 generation files: ids beyond the vocabulary, and no start anywhere, are errors by file and key") {
  struct Bad {
    const char *keys, *own, *error;
  };
  for (const Bad& bad : {
           Bad{R"(, "decoder_start_token_id": null)", "",
               "DIR/config.json: decoder_start_token_id: expected is the id of the token that texts begin with"},
           Bad{R"(, "decoder_start_token_id": null)", R"({"eos_token_id": 1})",
               "DIR/config.json: decoder_start_token_id: expected is the id of the token that texts begin with"},
           Bad{R"(, "pad_token_id": null)", "",
               "DIR/config.json: decoder_start_token_id: expected is the id of the token that texts begin with"},
           Bad{"", R"({"decoder_start_token_id": 30})",
               "DIR/generation_config.json: decoder_start_token_id: 30 is no token's id: from 0 to 29 are"},
           Bad{"", R"({"eos_token_id": [1, 30]})",
               "DIR/generation_config.json: eos_token_id: 30 is no token's id: from 0 to 29 are"},
           Bad{"", R"({"eos_token_id": -1})", "DIR/generation_config.json: eos_token_id: expected an integer from 0"},
       }) {
    INFO(bad.keys << " " << bad.own);
    CHECK(error_of<std::runtime_error>([&] { Settled(bad.keys, bad.own); }).starts_with(bad.error));
  }
}
