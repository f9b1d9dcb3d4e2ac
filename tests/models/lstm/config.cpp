// SPDX-License-Identifier: Apache-2.0
// An LSTM's config.json, and what it does not take.
#include "models/lstm/config.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/error_of.h"

using namespace thaw;

namespace {

LstmConfig read(const char* json) { return LstmConfig::from_json(Json::parse(json, "config.json")); }

std::string said_of(const char* json) {
  return error_of<std::runtime_error>([&] { read(json); });
}

}  // namespace

TEST_CASE("lstm config: without keys the baseline of Lu et al., and what is written is read again") {
  const LstmOptions lu = LstmOptions::of_lu(768, 768, 3), options = read(R"({"model_type": "lstm"})").options();
  CHECK(options.in == lu.in);
  CHECK(options.hidden == lu.hidden);
  CHECK(options.layers == lu.layers);
  CHECK(options.gates == lu.gates);
  CHECK(options.layer_norm);
  CHECK(options.eps == lu.eps);
  CHECK(options.unbiased_variance);
  const LstmConfig torch = read(R"({"model_type": "lstm", "hidden_size": 8, "num_hidden_layers": 2, "dropout": 0.25,
    "gate_order": "ifgo", "layer_norm": false, "layer_norm_eps": 1e-5, "layer_norm_unbiased_variance": false,
    "mine": 1})");
  CHECK(torch.options().gates == GateOrder::ifgo);
  CHECK(torch.options().dropout == 0.25);
  CHECK_FALSE(torch.options().layer_norm);
  const Json written = torch.to_json();
  CHECK(written.get_int("mine") == 1);
  CHECK(LstmConfig::from_json(written).to_json().dump() == written.dump());
}

TEST_CASE("lstm config: what cannot be is told") {
  CHECK(said_of(R"({"gate_order": "figo"})") ==
        R"(config.json: gate_order: "figo" is not known: "ifgo" or "ifog" was expected)");
  CHECK(said_of(R"({"bidirectional": true})").starts_with("config.json: bidirectional: "));
  CHECK(said_of(R"({"proj_size": 4})").starts_with("config.json: proj_size: "));
  CHECK(said_of(R"({"hidden_size": 0})").starts_with("config.json: hidden_size: "));
  CHECK(said_of(R"({"hidden_size": 1})") == "config.json: hidden_size: one number has no unbiased variance");
  CHECK(said_of(R"({"layer_norm_eps": 0})") ==
        "config.json: layer_norm_eps: is 0: states of zeros would be divided by it; above 0 was expected");
  CHECK(said_of(R"({"hidden_size": 1, "layer_norm": false})") == "no error");
}
