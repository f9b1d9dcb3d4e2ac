// SPDX-License-Identifier: Apache-2.0
// Adapters' directories without a config.json, on bases that somebody names: with heads and words that the base has
// not.
#include "models/hub/bare_change.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/hub/base_model.h"
#include "models/hub/pretrained.h"
#include "models/hub/shared_weights.h"
#include "nn/change/since_base.h"
#include "tests/error_of.h"
#include "tests/models/hub/peft/small_adapter.h"
#include "tests/models/small_model.h"

using namespace thaw;

namespace {

using Model = BertForSequenceClassification;

constexpr const char* words = "bert.embeddings.word_embeddings";
const std::string table_name = std::string(words) + ".weight";

// A base of two classes, and beside it an adapter's two files, for three.
struct Bare : SmallAdapter {
  std::string base = folder / "base";
  int64_t rows = small_vocabulary_size();

  explicit Bare(int64_t classes = 3) {
    write_small_model<Model>(base, small_bert_config());
    ModelChange change = lora_on({"query"});
    change.tensors["classifier.weight"] = bert.store.find("classifier.weight").value();
    change.tensors["classifier.bias"] = bert.store.find("classifier.bias").value();
    write(change, {.base_model = "someone/model", .task_type = "SEQ_CLS"});
    add("classifier.weight", host_numbers({classes, 16}, "head"));
    add("classifier.bias", host_numbers({classes}, "bias"));
  }
  // In the place of one of that name, if there is one.
  void add(const std::string& name, const Tensor& value) const {
    const std::vector<std::byte> bytes = value.to_bytes();
    rewrite([&](std::vector<SafetensorsEntry>& entries) {
      std::erase_if(entries, [&](const auto& entry) { return entry.name == "base_model.model." + name; });
      entries.push_back({"base_model.model." + name, "F32", {value.shape().begin(), value.shape().end()}, bytes});
    });
  }
  std::vector<float> table(Pretrained<Model>& model) const {
    return model.store().find(table_name).value().to_host<float>();
  }
};

std::vector<float> joined(std::vector<float> a, const std::vector<float>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<float> logits(Pretrained<Model>& bert) {
  return bert.model()(small_batch(small_bert_config(), {6, 3}, bert.device())).value().to_host<float>();
}

}  // namespace

TEST_CASE("bare changes: the base is the one that is named, classes are as many as the head has") {
  const Bare bare;
  CHECK(is_bare_change(bare.directory));
  CHECK(error_of<std::runtime_error>([&] {
          Pretrained<Model>(bare.directory, Device::from_environment());
        }).starts_with(bare.directory + ": is an adapter (adapter_config.json) of another model (\"someone/model\")"));
  const BaseChoice chosen(bare.directory, bare.base);
  Pretrained<Model> model(bare.directory, Device::from_environment());
  CHECK(model.config().num_labels() == 3);
  CHECK(model.config().json.get_strings("architectures") == std::vector<std::string>{"BertForSequenceClassification"});
  CHECK(model.store().find("classifier.bias").value().to_host<float>() == host_numbers({3}, "bias").to_host<float>());
  CHECK(model.report().initialised.empty());
  CHECK(error_of([&] { const BaseChoice again(bare.directory, bare.base); }) ==
        bare.directory + ": its base was chosen already");
  CHECK(error_of<std::runtime_error>([&] { const BaseChoice none(bare.base, bare.directory); }) != "no error");
  CHECK(path_of_file(bare.directory, "vocab.txt") == bare.base + "/vocab.txt");
  CHECK(tokenizer_directory(bare.directory) == bare.base);
  write_small_vocabulary(bare.directory);
  CHECK(tokenizer_directory(bare.directory) == bare.directory);
}

TEST_CASE("bare changes: the architecture is of the base's family, whatever it is for there") {
  for (const char* name : {"BertLMHeadModel", "BertModel", "BertForMaskedLM"}) {
    CAPTURE(name);
    const Bare bare;
    Json config = Json::read(bare.base + "/config.json");
    config.set("architectures", std::vector<std::string>{name});
    config.write(bare.base + "/config.json", {});
    const BaseChoice chosen(bare.directory, bare.base);
    CHECK(config_of_bare_change(bare.directory).get_strings("architectures") ==
          std::vector<std::string>{"BertForSequenceClassification"});
  }
}

TEST_CASE("bare changes: words that the base has not, as peft stores them, are rows of its table") {
  // What is in the file beside the rows, and whether the configuration names the rows.
  struct Case {
    const char* what;
    bool named, whole;
    const char* whole_name;
  };
  for (const Case& c : {Case{"a whole table that nobody asked for", false, true, ".weight"},
                        Case{"rows beside their whole table", true, true, ".token_adapter.base_layer.weight"},
                        Case{"rows alone", true, false, ""}}) {
    CAPTURE(c.what);
    const Bare bare;
    const BaseChoice chosen(bare.directory, bare.base);
    std::vector<float> before;
    {
      Pretrained<Model> base(bare.base, Device::from_environment());
      before = bare.table(base);
    }
    const Tensor added = host_numbers({2, 16}, "new");
    const std::vector<float> expected = joined(before, added.to_host<float>());
    if (c.named) {
      bare.set("trainable_token_indices",
               "{\"word_embeddings\": [" + std::to_string(bare.rows) + ", " + std::to_string(bare.rows + 1) + "]}");
      bare.add(std::string(words) + ".token_adapter.trainable_tokens_delta", added);
    }
    const Device host = Device::open("reference");
    const std::vector<float> zeros(32, 0);  // overruled by the rows
    if (c.whole)
      bare.add(words + std::string(c.whole_name),
               Tensor::from_host(c.named ? joined(before, zeros) : expected, {bare.rows + 2, 16}, host));
    Pretrained<Model> model(bare.directory, Device::from_environment());
    CHECK(model.config().json.get_int("vocab_size") == bare.rows + 2);
    CHECK(bare.table(model) == expected);
    // Saved again, they are rows: not the table.
    const ModelChange change = change_since_base(model.store());
    CHECK(change.rows.at(table_name).numbers == std::vector<int64_t>{bare.rows, bare.rows + 1});
    const std::string again = bare.folder / "again";
    model.save(again, nullptr, {.base = BaseModel{bare.base, weights_hash(bare.base)}});
    Pretrained<Model> read(again, Device::from_environment());
    CHECK(bare.table(read) == expected);
  }
}

TEST_CASE("bare changes: a row of a new word that is nowhere is an error") {
  const Bare bare;
  const BaseChoice chosen(bare.directory, bare.base);
  bare.set("trainable_token_indices", "{\"word_embeddings\": [" + std::to_string(bare.rows + 1) + "]}");
  bare.add(std::string(words) + ".token_adapter.trainable_tokens_delta", host_numbers({1, 16}, "new"));
  CHECK(error_of<std::runtime_error>([&] { Pretrained<Model>(bare.directory, Device::from_environment()); }) ==
        fmt::format("{}: of the rows {} to {} of {}, which its base has not, some are nowhere", bare.directory,
                    bare.rows, bare.rows + 1, table_name));
}

TEST_CASE("bare changes: several on one base have its tensors in common, and compute as each alone") {
  const Bare one, other(4);
  const BaseChoice chosen(one.directory, one.base), other_chosen(other.directory, one.base);
  other.set("trainable_token_indices", "{\"word_embeddings\": [7]}");
  other.add(std::string(words) + ".token_adapter.trainable_tokens_delta", host_numbers({1, 16}, "new"));
  const Device device = Device::from_environment();
  std::vector<float> alone, other_alone;
  {
    Pretrained<Model> model(one.directory, device), second(other.directory, device);
    alone = logits(model);
    other_alone = logits(second);
    CHECK(!model.store()
               .find("bert.pooler.dense.weight")
               .value()
               .same_view(second.store().find("bert.pooler.dense.weight").value()));
  }
  const SharedWeights shared;
  Pretrained<Model> model(one.directory, device), second(other.directory, device);
  CHECK(logits(model) == alone);
  CHECK(logits(second) == other_alone);
  const auto is_shared = [&](const std::string& name) {
    return model.store().find(name).value().same_view(second.store().find(name).value());
  };
  CHECK(is_shared("bert.pooler.dense.weight"));
  CHECK(is_shared("bert.encoder.layer.0.attention.self.query.weight"));
  CHECK(!is_shared(table_name));
  CHECK(!is_shared("classifier.weight"));
}

TEST_CASE("bare changes: an adapter that thaw wrote knows its base by its weights") {
  const Bare bare;
  const ModelChange change = bare.lora_on({"query"});
  bare.write(change, {.base_model = bare.base, .base_hash = weights_hash(bare.base)});
  CHECK_NOTHROW(Pretrained<Model>(bare.directory, Device::from_environment()));
  bare.write(change, {.base_model = bare.base, .base_hash = "0123456789abcdef"});
  CHECK(error_of<std::runtime_error>([&] {
          Pretrained<Model>(bare.directory, Device::from_environment());
        }).starts_with(bare.directory + ": changes a model whose weights have the SHA-256 0123456789ab..., but those"));
}
