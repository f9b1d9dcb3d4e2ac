// SPDX-License-Identifier: Apache-2.0
// Families by what a config.json says.
#include "models/families.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "tensor/dry_device.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("families: by model_type; without one, BERT; of another name, an error that lists them") {
  CHECK(family_of(Json::parse(R"({"model_type": "bert"})", "config.json")).model_type == "bert");
  CHECK(family_of(Json::parse("{}", "config.json")).model_type == "bert");
  CHECK_THROWS_WITH_AS(family_of(Json::parse(R"({"model_type": "bort"})", "config.json")),
                       doctest::Contains(R"(config.json: model_type: this is "bort", not "bert")"), std::runtime_error);
}

TEST_CASE("families: a config.json that tells no family, and one that writes no texts, are told apart") {
  const ScratchFolder folder;
  const auto said_of = [&](const char* config) {
    folder.write("model/config.json", config);
    const std::string said = error_of<std::runtime_error>([&] { check_writes_texts(folder / "model"); });
    return said.substr(std::min(said.size(), (folder / "model").size()));
  };
  const std::string missing =
      R"(/config.json: model_type: is missing: of a model that writes texts it is "encoder-decoder" or "mt5" or )"
      R"("t5" or "umt5")";
  CHECK(said_of("{}") == missing);
  CHECK(said_of(R"({"model_type": null})") == missing);
  CHECK(said_of(R"({"model_type": "bert"})") ==
        R"(/config.json: model_type: models of "bert" write no texts for texts, those of T5 and encoder-decoders do; )"
        "language models of GPT-1 and GPT-2 continue texts (task lm)");
}

TEST_CASE("families: a directory's checkpoint knows its heads") {
  const ScratchFolder folder;
  write_small_model<BertForSequenceClassification>(folder / "model", small_bert_config());
  const auto checkpoint = open_text_checkpoint(folder / "model");
  CHECK(checkpoint->head("ForSequenceClassification").path == "classifier");
  CHECK_THROWS_WITH_AS(checkpoint->head("ForJuggling"),
                       doctest::Contains("model: there is no ForJuggling of this family of models"),
                       std::runtime_error);
  std::vector<size_t> prepared;  // how many parameters there were
  const auto model = checkpoint->build("ForSequenceClassification", Device::open("reference"), DType::f32, 1,
                                       [&](ParameterStore& store) { prepared.push_back(store.all().size()); });
  CHECK(model->report().initialised.empty());
  const DryDevice dry;
  const auto twin = model->on_dry_device(dry.device());
  CHECK(prepared == std::vector<size_t>{0, 0});
  CHECK(twin->store().all().size() == model->store().all().size());
  CHECK(model->limits().positions == read_text_facts(folder / "model").limits.positions);
}
