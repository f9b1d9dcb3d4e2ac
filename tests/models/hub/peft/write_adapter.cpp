// SPDX-License-Identifier: Apache-2.0
// Changes in peft's words: what comes back, and what there are no words for.
#include "models/hub/peft/write_adapter.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "models/hub/peft/read_adapter.h"
#include "models/t5/t5.h"
#include "nn/change/applied_change.h"
#include "tests/error_of.h"
#include "tests/models/hub/peft/small_adapter.h"
#include "tests/models/small_t5.h"

using namespace thaw;

namespace {

std::map<std::string, std::vector<std::byte>> bytes_with(SmallAdapter& adapter, const ModelChange& change) {
  AppliedChange applied(adapter.bert.store, change);
  std::map<std::string, std::vector<std::byte>> all;
  for (const Parameter& parameter : adapter.bert.store.all()) all[parameter.name()] = parameter.value().to_bytes();
  applied.take_off();
  return all;
}

// Written and read again it makes the same model, whether it is written with the change on the model or off it.
void check_comes_back(SmallAdapter& adapter, const ModelChange& change, const AdapterFacts& facts = {}) {
  const auto expected = bytes_with(adapter, change);
  adapter.write(change, facts);
  CHECK(bytes_with(adapter, read_adapter(adapter.directory, adapter.bert.store)) == expected);
  AppliedChange applied(adapter.bert.store, change);
  adapter.write(change_of(adapter.bert.store, std::vector<std::string>()), facts);
  CHECK(read_adapter(adapter.directory, adapter.bert.store).products.size() == change.products.size());
  applied.take_off();
}

std::string layer(int number, const std::string& rest) { return "bert.encoder.layer." + std::to_string(number) + rest; }

}  // namespace

TEST_CASE("peft adapters: what is written comes back") {
  SmallAdapter adapter;
  ModelChange mixed = adapter.lora_on({"query", "value"});
  ModelChange::LowRank& other = *mixed.products.at(layer(1, ".attention.self.query")).low_rank;
  other = {{.rank = 4, .alpha = 1.5}, host_numbers({4, 16}, "a"), host_numbers({16, 4}, "b"), {}};
  check_comes_back(adapter, mixed);
  adapter.write(mixed);
  const Json config = adapter.config();
  CHECK(config.get_int("r") == 2);
  CHECK(config.get_object("rank_pattern").get_int(layer(1, ".attention.self.query")) == 4);
  CHECK(config.get_object("alpha_pattern").get_number(layer(1, ".attention.self.query")) == 1.5);
  CHECK(config.at("modules_to_save").is_null());

  check_comes_back(adapter, adapter.lora_on({"dense"}, {.rank = 3, .dropout = 0.25, .rank_stabilised = true}));
  check_comes_back(adapter, adapter.lora_on({"layer.2.output.dense"}, {.rank = 3, .magnitudes = true}));
  // A head of which nothing is changed is stored with it.
  check_comes_back(adapter, adapter.lora_on({"key"}), {.task_type = "SEQ_CLS"});
  ModelChange factors;
  for (const auto& product : adapter.bert.store.products()) {
    if (product->path.ends_with("self.key"))
      factors.products[product->path].scaling = ModelChange::Scaling{false, host_numbers({16, 1}, product->path)};
    if (product->path.ends_with("output.dense") && !product->path.ends_with("attention.output.dense"))
      factors.products[product->path].scaling = ModelChange::Scaling{true, host_numbers({1, 24}, product->path)};
  }
  check_comes_back(adapter, factors);
  check_comes_back(adapter, adapter.with(factors, {"classifier.weight", "classifier.bias"}), {.task_type = "SEQ_CLS"});
}

TEST_CASE("peft adapters: whole modules, biases, rows") {
  SmallAdapter adapter;
  const std::string norm = layer(0, ".attention.output.LayerNorm");
  // One tensor of a module: the other is stored as the base has it.
  const ModelChange modules = adapter.with(adapter.lora_on({"query"}), {norm + ".weight", "classifier.bias"});
  check_comes_back(adapter, modules);
  adapter.write(modules);
  CHECK(adapter.config().get_strings("modules_to_save") == std::vector<std::string>{norm, "classifier"});
  CHECK(adapter.config().get_string("bias") == "none");

  std::vector<std::string> biases;
  for (const auto& product : adapter.bert.store.products())
    if (product->path.ends_with("query")) biases.push_back(product->path + ".bias");
  const ModelChange adapted = adapter.with(adapter.lora_on({"query"}), biases);
  check_comes_back(adapter, adapted);
  adapter.write(adapted);
  CHECK(adapter.config().get_string("bias") == "lora_only");

  for (const Parameter& parameter : adapter.bert.store.all())
    if (parameter.name().ends_with(".bias")) biases.push_back(parameter.name());
  check_comes_back(adapter, adapter.with(adapter.lora_on({"query"}), biases));
  adapter.write(adapter.with(adapter.lora_on({"query"}), biases));
  CHECK(adapter.config().get_string("bias") == "all");
  CHECK(adapter.config().at("modules_to_save").is_null());

  ModelChange rows = adapter.lora_on({"query"});
  rows.rows["bert.embeddings.word_embeddings.weight"] = {{7, 2, 9}, host_numbers({3, 16}, "rows")};
  check_comes_back(adapter, rows);
  adapter.write(rows);
  CHECK(adapter.config().get_object("trainable_token_indices").get_ints("bert.embeddings.word_embeddings") ==
        std::vector<int64_t>{7, 2, 9});
}

TEST_CASE("peft adapters: a prompt comes back, alone or beside a head") {
  SmallAdapter adapter;
  ModelChange change;
  change.prompts["bert"] = host_numbers({3, 16}, "prompt");
  const auto same = [&](const AdapterFacts& facts) {
    const auto expected = bytes_with(adapter, change);
    adapter.write(change, facts);
    CHECK(bytes_with(adapter, read_adapter(adapter.directory, adapter.bert.store)) == expected);
  };
  same({});
  CHECK(adapter.tensors() == std::vector<std::string>{"prompt_embeddings"});
  CHECK(adapter.config().get_string("peft_type") == "PROMPT_TUNING");
  CHECK(adapter.config().get_int("num_virtual_tokens") == 3);
  CHECK(adapter.config().get_int("num_transformer_submodules") == 1);
  same({.task_type = "SEQ_2_SEQ_LM"});  // stored twice
  CHECK(adapter.config().get_int("num_transformer_submodules") == 2);
  change = adapter.with(change, {"classifier.weight"});
  same({.task_type = "SEQ_CLS"});
  CHECK(adapter.tensors() ==
        std::vector<std::string>{"base_model.classifier.bias", "base_model.classifier.weight", "prompt_embeddings"});
  adapter.set("num_virtual_tokens", "4");
  CHECK(error_of<std::runtime_error>([&] { read_adapter(adapter.directory, adapter.bert.store); }) ==
        adapter.weights_path() + ": tensor prompt_embeddings: its shape is [3, 16], [4, 16] is expected");
  change.products = adapter.lora_on({"query"}).products;
  CHECK(error_of([&] { adapter.write(change); }) ==
        "bert: a prompt beside other adapters or prompts is nothing that one adapter of peft can be");
}

TEST_CASE("peft adapters: a prefix comes back, as one tensor for all layers") {
  SmallAdapter adapter;
  ModelChange change;
  for (const int i : {0, 1, 2})
    change.prefixes[layer(i, ".attention.self")] = {host_numbers({3, 16}, std::to_string(i) + "keys"),
                                                    host_numbers({3, 16}, std::to_string(i) + "values")};
  const auto same = [&](const AdapterFacts& facts) {
    const auto expected = bytes_with(adapter, change);
    adapter.write(change, facts);
    CHECK(bytes_with(adapter, read_adapter(adapter.directory, adapter.bert.store)) == expected);
  };
  same({});
  CHECK(adapter.tensors() == std::vector<std::string>{"prompt_embeddings"});
  CHECK(adapter.config().get_string("peft_type") == "PREFIX_TUNING");
  for (const auto& [key, value] : {std::pair{"num_virtual_tokens", 3},
                                   {"num_transformer_submodules", 1},
                                   {"num_layers", 3},
                                   {"num_attention_heads", 2},
                                   {"token_dim", 16}})
    CHECK(adapter.config().get_int(key) == value);
  change = adapter.with(change, {"classifier.weight"});
  same({.task_type = "SEQ_CLS"});
  CHECK(adapter.tensors() ==
        std::vector<std::string>{"base_model.classifier.bias", "base_model.classifier.weight", "prompt_embeddings"});
  // What it went through when it was trained is over.
  adapter.set("prefix_projection", "true");
  read_adapter(adapter.directory, adapter.bert.store);

  const auto spoilt = [&](const std::string& key, const std::string& value) {
    const Json before = adapter.config();
    adapter.set(key, value);
    const std::string message =
        error_of<std::runtime_error>([&] { read_adapter(adapter.directory, adapter.bert.store); });
    before.write(adapter.config_path(), {.indent = 2});
    return message;
  };
  CHECK(spoilt("num_virtual_tokens", "4") ==
        adapter.weights_path() + ": tensor prompt_embeddings: its shape is [3, 96], [4, 96] is expected");
  CHECK(spoilt("num_layers", "2") ==
        adapter.config_path() + ": num_layers: 2 layers, this model has 3 that take a prefix");
  CHECK(spoilt("num_transformer_submodules", "2") ==
        adapter.config_path() + ": num_transformer_submodules: 2, of this model 1 is expected");
  const auto refused = [&](const std::function<void(ModelChange&)>& spoil) {
    ModelChange other = change;
    spoil(other);
    return error_of([&] { adapter.write(other); });
  };
  CHECK(refused([](ModelChange& c) { c.prefixes.erase(layer(1, ".attention.self")); }) ==
        "bert.encoder.layer.1.attention.self: has no prefix: peft gives one to each layer");
  CHECK(refused([](ModelChange& c) {
          c.prefixes[layer(2, ".attention.self")] = {host_numbers({2, 16}, "k"), host_numbers({2, 16}, "v")};
        }) ==
        "bert.encoder.layer.2.attention.self: its prefix has 2 rows, that of bert.encoder.layer.0.attention.self "
        "3: peft has as many for all");
  CHECK(
      refused([&](ModelChange& c) { c.products = adapter.lora_on({"query"}).products; }) ==
      "bert.encoder.layer.0.attention.self: a prefix beside other adapters is nothing that one adapter of peft can be");
  CHECK(refused([](ModelChange& c) {
          c.prompts["bert"] = host_numbers({3, 16}, "prompt");
        }) == "bert: a prompt beside other adapters or prompts is nothing that one adapter of peft can be");
}

TEST_CASE("peft adapters: a decoder's prefixes come back, in a file of an odd number of layers") {
  for (const int64_t layers : {1, 2, 3, 4}) {
    CAPTURE(layers);
    T5Config config = small_t5_config();
    config.num_decoder_layers = layers;
    SmallT5<T5ForConditionalGeneration> small(config);
    ModelChange change;
    for (int64_t i = 0; i < layers; ++i) {
      const std::string path = fmt::format("decoder.block.{}.layer.0.SelfAttention", i);
      change.prefixes[path] = {host_numbers({2, 12}, path + "k"), host_numbers({2, 12}, path + "v")};
    }
    const ScratchFolder folder;
    const AdapterFacts facts{.task_type = "SEQ_2_SEQ_LM"};
    write_adapter(folder / "a", change, small.store, facts);
    CHECK(Json::read(folder / "a/adapter_config.json").get_int("num_layers") == layers + (layers % 2 == 0));
    const ModelChange again = read_adapter(folder / "a", small.store);
    REQUIRE(again.prefixes.size() == change.prefixes.size());
    for (const auto& [path, prefix] : change.prefixes) {
      CHECK(again.prefixes.at(path).keys.to_bytes() == prefix.keys.to_bytes());
      CHECK(again.prefixes.at(path).values.to_bytes() == prefix.values.to_bytes());
    }
    CHECK(error_of([&] { write_adapter(folder / "b", change, small.store); }) ==
          "decoder.block.0.layer.0.SelfAttention: peft gives encoder-decoders prefixes for SEQ_2_SEQ_LM alone");
    change.prefixes["encoder.block.0.layer.0.SelfAttention"] = change.prefixes.begin()->second;
    CHECK(error_of([&] { write_adapter(folder / "b", change, small.store, facts); }) ==
          "encoder.block.0.layer.0.SelfAttention: peft gives prefixes to the layers of the decoder alone");
  }
}

TEST_CASE("peft adapters: what peft cannot say is told by name") {
  const SmallAdapter adapter;
  const std::string query = layer(0, ".attention.self.query"), key = layer(0, ".attention.self.key");
  const auto spoilt = [&](const std::function<void(ModelChange&)>& change, const AdapterFacts& facts = {}) {
    ModelChange other = adapter.lora_on({"query"});
    change(other);
    return error_of([&] { adapter.write(other, facts); });
  };
  CHECK(spoilt([&](ModelChange& c) { c.products.clear(); }) ==
        "a change without LoRA, IA3, prompt and prefix is nothing that peft's adapters can be");
  CHECK(spoilt([&](ModelChange& c) {
          c.products[key].bottleneck = ModelChange::Bottleneck{{.size = 2},
                                                               host_numbers({2, 16}, "d"),
                                                               host_numbers({2}, "db"),
                                                               host_numbers({16, 2}, "u"),
                                                               host_numbers({16}, "ub")};
        }) == key + ": peft has no bottleneck adapters");
  CHECK(spoilt([&](ModelChange& c) {
          c.products[query].scaling = ModelChange::Scaling{false, host_numbers({16, 1}, "s")};
        }) == query + ": LoRA beside IA3 is nothing that one adapter of peft can be");
  CHECK(spoilt([&](ModelChange& c) { c.products[query].low_rank->options.dropout = 0.5; }) ==
        layer(1, ".attention.self.query") + ": its dropout, rs or dora is another than that of " + query +
            ": one adapter of peft has the same for all");
  CHECK(spoilt([&](ModelChange& c) { c = adapter.with(c, {query + ".weight"}); }) ==
        query + ".weight: peft does not store it beside the adapter of the same module");
  CHECK(
      spoilt(
          [&](ModelChange& c) { c.products["classifier"] = adapter.lora_on({"classifier"}).products.begin()->second; },
          {.task_type = "SEQ_CLS"}) ==
      "classifier: by the names of its modules peft would store it whole, it cannot bear an adapter beside that");
  CHECK(spoilt([&](ModelChange& c) {
          c.rows["classifier.weight"] = {{1}, host_numbers({1, 16}, "rows")};
        }) == "classifier.weight: peft stores rows of tables of words alone");
  CHECK_FALSE(std::filesystem::exists(adapter.directory));
}

TEST_CASE("peft adapters: tied tensors are no module's own") {
  T5Config config = small_t5_config();
  config.head_is_shared = true;
  SmallT5<T5ForConditionalGeneration> t5(config);
  const ScratchFolder folder;
  ModelChange change;
  change.products["lm_head"].low_rank =
      ModelChange::LowRank{{.rank = 2}, host_numbers({2, 16}, "a"), host_numbers({t5.config.vocab_size, 2}, "b"), {}};
  write_adapter(folder / "adapter", change, t5.store, {.task_type = "SEQ_2_SEQ_LM"});
  CHECK(read_adapter(folder / "adapter", t5.store).products.contains("lm_head"));

  change.rows["shared.weight"] = {{3, 1}, host_numbers({2, 16}, "rows")};
  CHECK(error_of([&] { write_adapter(folder / "adapter", change, t5.store); }) ==
        "lm_head: its weight is tied to shared.weight, of which rows are trained: peft cannot put an adapter beside "
        "that");

  change.rows.clear();
  change.tensors["shared.weight"] = host_numbers(t5.store.find("shared.weight").value().shape(), "words");
  CHECK(error_of([&] { write_adapter(folder / "adapter", change, t5.store); }) ==
        "shared.weight: is tied to another module's, which peft would part from it");
  change.tensors.clear();
  change.products["encoder.block.0.layer.0.SelfAttention.q"] = change.products.at("lm_head");
  change.products.erase("lm_head");
  ModelChange::LowRank& low = *change.products.begin()->second.low_rank;
  low.a = host_numbers({2, 16}, "a");
  low.b = host_numbers({t5.store.find("encoder.block.0.layer.0.SelfAttention.q.weight").value().size(0), 2}, "b");
  change.rows["shared.weight"] = {{3, 1}, host_numbers({2, 16}, "rows")};
  write_adapter(folder / "adapter", change, t5.store);
  CHECK(read_adapter(folder / "adapter", t5.store).rows.at("shared.weight").numbers == std::vector<int64_t>{3, 1});
  Json file = Json::read(folder / "adapter/adapter_config.json");
  file.set("modules_to_save", std::vector<std::string>{"lm_head"});
  file.write(folder / "adapter/adapter_config.json", {.indent = 2});
  CHECK(error_of<std::runtime_error>([&] { read_adapter(folder / "adapter", t5.store); }) ==
        (folder / "adapter/adapter_config.json") +
            ": modules_to_save: lm_head.weight is tied to shared.weight: a module of its own in its place is not "
            "supported");

  // A matrix of its own is one for peft as well, but not for its rows.
  const SmallT5<T5ForConditionalGeneration> untied;
  change.tensors.clear();
  write_adapter(folder / "adapter", change, t5.store);
  const std::string message =
      "shared.weight: lm_head.weight is a matrix of its own, but peft puts the trained rows of one into the other";
  CHECK(error_of([&] { write_adapter(folder / "other", change, untied.store); }) == message);
  CHECK(error_of<std::runtime_error>([&] { read_adapter(folder / "adapter", untied.store); }) ==
        (folder / "adapter/adapter_config.json") + ": trainable_token_indices: " + message);
}
