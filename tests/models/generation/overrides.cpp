// SPDX-License-Identifier: Apache-2.0
// What is given, over what a model's file says: what counts, and whose fault is what cannot be.
#include "models/generation/overrides.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "tests/error_of.h"

namespace thaw {
namespace {

GenerationConfig read(const std::string& text) { return read_generation_config(Json::parse(text, "g.json")); }

const char* const beams = R"({"num_beams": 4, "length_penalty": 2.0, "no_repeat_ngram_size": 3, "early_stopping": true,
                              "repetition_penalty": 1.5, "min_new_tokens": 9, "max_length": 50})";

std::string refused(const std::string& file, const GenerationOverrides& given) {
  const GenerationConfig own = read(file);
  const GenerationOptions options = with_overrides(own, given, 1);
  try {
    check_with_overrides(own, given, options, 100);
  } catch (const std::invalid_argument& error) {
    return std::string("given: ") + error.what();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("generation overrides: what is given counts, 0 as well; the file says the rest") {
  const GenerationOptions own = with_overrides(read(beams), {}, 1);
  CHECK(own.num_beams == 4);
  CHECK(own.length_penalty == 2);
  CHECK(own.early_stopping == EarlyStopping::yes);
  CHECK(own.max_new_tokens == 49);
  GenerationOverrides given;
  given.num_beams = 1;
  given.length_penalty = 0;
  given.no_repeat_ngram_size = 0;
  given.repetition_penalty = 1;
  given.min_new_tokens = 0;
  given.early_stopping = "false";
  const GenerationOptions off = with_overrides(read(beams), given, 1);
  CHECK(off.num_beams == 1);
  CHECK(off.length_penalty == 0);
  CHECK(off.no_repeat_ngram_size == 0);
  CHECK(off.repetition_penalty == 1);
  CHECK(off.min_new_tokens == 0);
  CHECK(off.early_stopping == EarlyStopping::no);
  CHECK(with_overrides(GenerationConfig(), {}, 1).max_new_tokens == 128);
  given.max_new_tokens = 5;
  given.min_new_tokens.reset();
  const GenerationOptions few = with_overrides(read(beams), given, 60);  // max_length does not count
  CHECK(few.max_new_tokens == 5);
  CHECK(few.min_new_tokens == 5);
}

TEST_CASE("generation overrides: drawing has one beam, several beams draw nothing") {
  GenerationOverrides draws, searches;
  draws.do_sample = true;
  CHECK(with_overrides(read(beams), draws, 1).num_beams == 1);
  searches.num_beams = 3;
  CHECK_FALSE(with_overrides(read(R"({"do_sample": true})"), searches, 1).do_sample);
  CHECK(with_overrides(read(R"({"do_sample": true})"), {}, 1).do_sample);
  GenerationOverrides calm;
  calm.do_sample = false;
  CHECK_FALSE(with_overrides(read(R"({"do_sample": true})"), calm, 1).do_sample);
  draws.num_beams = 3;
  CHECK(refused("{}", draws) == "given: num_beams 3: sampling is done without beams");
}

TEST_CASE("generation overrides: what the file alone says is told with its name") {
  CHECK(refused(R"({"num_beams": 200})", {}) == "g.json: num_beams 200: from 1 to 100 was expected");
  CHECK(refused(R"({"num_return_sequences": 3})", {}) ==
        "g.json: num_return_sequences 3: more than there are beams, 1; sampling gives any number");
  CHECK(refused(R"({"do_sample": true, "num_beams": 2})", {}) == "g.json: num_beams 2: sampling is done without beams");
  CHECK(refused(R"({"suppress_tokens": [7, 100]})", {}) == "g.json: suppress_tokens: 100 is no token id below 100");
  GenerationOverrides given;
  given.num_beams = 200;
  CHECK(refused(beams, given) == "given: num_beams 200: from 1 to 100 was expected");
  given.num_beams = 1;
  CHECK(refused(R"({"num_beams": 200})", given).empty());
  CHECK(error_of<std::runtime_error>([] { with_overrides(read(R"({"max_length": 2})"), {}, 2); }) ==
        "g.json: max_length: 2 leaves no room behind a prompt of 2 tokens");
}

TEST_CASE("generation overrides: options of sampling want sampling, those of beams are told to have no effect") {
  GenerationOverrides given;
  given.temperature = 0.5;
  CHECK(refused("{}", given) == "given: temperature 0.5: without do_sample nothing is drawn");
  CHECK(refused(R"({"do_sample": true})", given).empty());
  given.temperature = 0;  // the likeliest token
  CHECK(refused("{}", given).empty());
  CHECK(refused(R"({"do_sample": true})", given).starts_with("given: temperature 0: a number above 0 was expected"));
  given = {};
  given.top_k = 0;
  CHECK(refused("{}", given) == "given: top_k 0: without do_sample nothing is drawn");
  given = {};
  given.length_penalty = 0.6;
  given.early_stopping = "true";
  const auto idle = effectless(given, with_overrides(read("{}"), given, 1));
  REQUIRE(idle.size() == 2);
  CHECK(idle[0].name == "length_penalty");
  CHECK(idle[1].name == "early_stopping");
  CHECK(effectless(given, with_overrides(read(beams), given, 1)).empty());
  given = {};
  given.seed = 7;
  const auto drawn = effectless(given, with_overrides(read("{}"), given, 1));
  REQUIRE(drawn.size() == 1);
  CHECK(drawn[0].name == "seed");
  CHECK(drawn[0].why == "nothing is drawn");
  CHECK(effectless(given, with_overrides(read(R"({"do_sample": true})"), given, 1)).empty());
  CHECK(with_overrides(read("{}"), given, 1).seed == 7);
}

TEST_CASE("generation overrides: what is kept of a training gives way to what is asked for") {
  GenerationOverrides given;
  given.num_beams = 3;
  given.length_penalty = 0.6;
  given.min_new_tokens = 9;
  given.kept = {"num_beams", "length_penalty", "min_new_tokens"};
  CHECK(with_overrides(read("{}"), given, 1).num_beams == 3);
  given.do_sample = true;
  given.max_new_tokens = 5;
  CHECK(with_overrides(read("{}"), given, 1).num_beams == 1);
  CHECK(with_overrides(read("{}"), given, 1).min_new_tokens == 5);
  CHECK(refused("{}", given).empty());
  CHECK(effectless(given, with_overrides(read("{}"), given, 1)).empty());
  given.kept = {};
  CHECK(refused("{}", given) == "given: min_new_tokens 9: from 0 to the greatest number, 5, was expected");
  given.min_new_tokens = 2;
  CHECK(refused("{}", given) == "given: num_beams 3: sampling is done without beams");
}

}  // namespace thaw
