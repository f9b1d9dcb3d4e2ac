// SPDX-License-Identifier: Apache-2.0
// Adapters' directories that are not as they must be: each told in one line that names file and key or tensor.
#include "models/hub/peft/read_adapter.h"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "nn/change/applied_change.h"
#include "tests/error_of.h"
#include "tests/models/hub/peft/small_adapter.h"

using namespace thaw;

namespace {

const std::string query0 = "bert.encoder.layer.0.attention.self.query";
const std::string query0_a = "base_model.model." + query0 + ".lora_A.weight";

std::string error_of_reading(const SmallAdapter& adapter) {
  return error_of<std::runtime_error>([&] { read_adapter(adapter.directory, adapter.bert.store); });
}

void write_usual(const SmallAdapter& adapter) {
  adapter.write(adapter.with(adapter.lora_on({"query", "value"}), {"classifier.weight", "classifier.bias"}),
                {.task_type = "SEQ_CLS"});
}

SafetensorsEntry& named(std::vector<SafetensorsEntry>& entries, const std::string& name) {
  const auto found = std::ranges::find(entries, name, &SafetensorsEntry::name);
  REQUIRE(found != entries.end());
  return *found;
}

}  // namespace

TEST_CASE("peft adapters: a configuration that cannot be followed") {
  const SmallAdapter adapter;
  write_usual(adapter);
  const std::string file = adapter.config_path() + ": ", weights = adapter.weights_path() + ": ";
  struct Case {
    std::string key, value, message;
  };
  const std::vector<Case> cases = {
      {"peft_type", "\"P_TUNING\"",
       file + "peft_type: adapters of the kind \"P_TUNING\" are not supported: LORA, IA3, PROMPT_TUNING or "
              "PREFIX_TUNING"},
      {"r", "0", file + "r: expected an integer from 1 to 1048576, found 0"},
      {"r", "2.5", file + "r: expected an integer from 1 to 1048576, found 2.5"},
      {"r", "3", weights + "tensor " + query0_a + ": its shape is [2, 16], [3, 16] is expected"},
      {"lora_alpha", "0", file + "lora_alpha: 0 is not above 0"},
      {"lora_dropout", "1", file + "lora_dropout: a dropout of 1 leaves nothing"},
      {"rank_pattern", R"({"query": -1})",
       file + "rank_pattern.query: expected an integer from 1 to 1048576, found -1"},
      {"alpha_pattern", R"({"query": 0})", file + "alpha_pattern.query: 0 is not above 0"},
      {"alpha_pattern", R"({"que(ry": 4})",
       file + "alpha_pattern: \"que(ry\" is no regular expression that can be read"},
      {"bias", "\"some\"", file + "bias: \"some\" is not known: none, all or lora_only"},
      {"bias", "\"lora_only\"", weights + "there is no tensor base_model.model." + query0 + ".base_layer.bias"},
      {"init_lora_weights", "\"pissa\"",
       file + "init_lora_weights: \"pissa\" begins by changing the base's weights, which is not supported"},
      {"use_dora", "true", weights + "there is no tensor base_model.model." + query0 + ".lora_magnitude_vector"},
      {"use_qalora", "true", file + "use_qalora: true asks for what is not supported"},
      {"alora_invocation_tokens", "[1, 2]", file + "alora_invocation_tokens: an array asks for what is not supported"},
      {"layer_replication", "[[0, 2]]", file + "layer_replication: an array asks for what is not supported"},
      {"target_parameters", "[\"x\"]", file + "target_parameters: an array asks for what is not supported"},
      {"loftq_config", R"({"loftq_bits": 4})", file + "loftq_config: an object asks for what is not supported"},
      {"lora_bias", "true", file + "lora_bias: true asks for what is not supported"},
      {"of_a_later_version", "7", file + "of_a_later_version: 7 asks for what is not supported"},
      {"target_modules", "null", file + "target_modules: no module is named"},
      {"target_modules", "[\"quarry\"]", file + "target_modules: the model has no product of those names"},
      {"target_modules", "\".*(query\"",
       file + "target_modules: \".*(query\" is no regular expression that can be read"},
      {"target_modules", R"(".*query\\Z")",
       file + R"(target_modules: ".*query\\Z" is no regular expression that can be read)"},
      {"target_modules", "\"(?:.{9}){9}\"",
       file + "target_modules: \"(?:.{9}){9}\" is no regular expression that can be read"},
      {"target_modules", "\"(?:.*.*.*.*.*.*.*.*)*#\"",
       file + "target_modules: the model has no product of those names"},
      {"exclude_modules", "\"(?i).*QUERY\"",
       file + "exclude_modules: \"(?i).*QUERY\" is no regular expression that can be read"},
      {"target_modules", "[\"query\"]",
       weights + "tensor \"base_model.model.bert.encoder.layer.0.attention.self.value.lora_A.weight\": the "
                 "configuration says of no module that it has this"},
      {"target_modules", "[\"query\", \"value\", \"key\"]",
       weights + "there is no tensor base_model.model.bert.encoder.layer.0.attention.self.key.lora_A.weight"},
      {"exclude_modules", "[\"value\"]",
       weights + "tensor \"base_model.model.bert.encoder.layer.0.attention.self.value.lora_A.weight\": the "
                 "configuration says of no module that it has this"},
      {"layers_to_transform", "[0, 1]",
       weights + "tensor \"base_model.model.bert.encoder.layer.2.attention.self.query.lora_A.weight\": the "
                 "configuration says of no module that it has this"},
      {"modules_to_save", "[\"pooler.dense\"]",
       weights + "there is no tensor base_model.model.bert.pooler.dense.weight"},
      {"trainable_token_indices", R"({"word_embeddings": [1]})",
       file + "trainable_token_indices: \"word_embeddings\" has no rows in " + adapter.weights_path()},
      {"trainable_token_indices", "[1]",
       file + "trainable_token_indices: 0 tables have rows in " + adapter.weights_path() + ", one is expected"},
  };
  for (const Case& c : cases) {
    INFO(c.key << " = " << c.value);
    write_usual(adapter);
    adapter.set(c.key, c.value);
    CHECK(error_of_reading(adapter) == c.message);
  }
}

TEST_CASE("peft adapters: files that are missing, of another kind, or hold what is no weight") {
  const SmallAdapter adapter;
  write_usual(adapter);
  const std::string weights = adapter.weights_path() + ": ";
  const auto spoilt = [&](const std::function<void(std::vector<SafetensorsEntry>&)>& change) {
    write_usual(adapter);
    adapter.rewrite(change);
    return error_of_reading(adapter);
  };
  const std::vector<float> nan(32, std::numeric_limits<float>::quiet_NaN());
  CHECK(spoilt([&](auto& entries) { named(entries, query0_a).bytes = std::as_bytes(std::span(nan)); }) ==
        weights + "tensor " + query0_a + ": 32 of 32 numbers are not finite");
  CHECK(spoilt([&](auto& entries) { named(entries, query0_a).dtype = "I32"; }) ==
        weights + "tensor " + query0_a + ": I32 numbers are no weights");
  CHECK(spoilt([&](auto& entries) { named(entries, query0_a).name = query0 + ".lora_A.weight"; }) ==
        weights + "tensor \"" + query0 + ".lora_A.weight\": its name does not begin with \"base_model.model.\"");
  CHECK(spoilt([&](auto& entries) { std::erase_if(entries, [](const auto& e) { return e.name == query0_a; }); }) ==
        weights + "there is no tensor " + query0_a);

  std::filesystem::remove(adapter.weights_path());
  CHECK(error_of_reading(adapter) == adapter.directory + ": there is no adapter_model.safetensors");
  adapter.folder.write("adapter/adapter_model.bin", "x");
  CHECK(error_of_reading(adapter) ==
        adapter.directory + "/adapter_model.bin: is a pickle, which is not read: save the adapter as safetensors");
  std::filesystem::remove(adapter.config_path());
  CHECK(error_of_reading(adapter) == adapter.directory + ": there is no adapter_config.json");
}

TEST_CASE("peft adapters: numbers of 16 bits, and all that names a module") {
  const SmallAdapter adapter;
  const ModelChange change = adapter.lora_on({"query", "value"});
  adapter.write(change);
  const auto reads = [&] { return read_adapter(adapter.directory, adapter.bert.store).products.size(); };
  CHECK(adapter.config().get_strings("target_modules") == std::vector<std::string>{"query", "value"});
  adapter.set("target_modules", R"x("bert\\.encoder\\.layer\\.\\d{1,2}\\.attention\\.self\\.(?:query|value)")x");
  CHECK(reads() == 6);
  adapter.set(
      "target_modules",
      R"(["self.query", "bert.encoder.layer.0.attention.self.value", "layer.1.attention.self.value", "value"])");
  CHECK(reads() == 6);
  adapter.set("exclude_modules", R"("bert\\.pooler.*")");
  CHECK(reads() == 6);
  adapter.set("layers_to_transform", "[0, 1, 2]");
  CHECK(reads() == 6);
  adapter.set("layers_pattern", R"(["layer"])");
  CHECK(reads() == 6);

  ModelChange half = change;
  for (auto& [path, adapters] : half.products) {
    adapters.low_rank->a = adapters.low_rank->a.to(DType::bf16);
    adapters.low_rank->b = adapters.low_rank->b.to(DType::f16);
  }
  adapter.write(half);
  const ModelChange read = read_adapter(adapter.directory, adapter.bert.store);
  CHECK(read.products.at(query0).low_rank->a.dtype() == DType::bf16);
  CHECK(read.products.at(query0).low_rank->b.to_bytes() == half.products.at(query0).low_rank->b.to_bytes());
}

TEST_CASE("peft adapters: on all linear modules, heads may be without") {
  const SmallAdapter adapter;
  ModelChange change = adapter.lora_on({"query", "key", "value", "dense"});
  change.products.erase("bert.pooler.dense");
  adapter.write(change);
  adapter.set("target_modules", "\"all-linear\"");
  CHECK(read_adapter(adapter.directory, adapter.bert.store).products.size() == 18);
  adapter.rewrite([](auto& entries) {
    std::erase_if(entries,
                  [](const auto& entry) { return entry.name.find("layer.1.output.dense") != std::string::npos; });
  });
  CHECK(error_of_reading(adapter) == adapter.weights_path() +
                                         ": there is no tensor "
                                         "base_model.model.bert.encoder.layer.1.output.dense.lora_A.weight");
}
