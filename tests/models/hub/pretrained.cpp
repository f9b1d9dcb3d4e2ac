// SPDX-License-Identifier: Apache-2.0
// Directories written and read: the same numbers under new and old names, with and without prefix, in one file or in
// shards, in every dtype.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/hub/pretrained.h"
#include "models/hub/shards.h"
#include "tests/models/rewritten_weights.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

using Names = std::vector<std::string>;
using Values = std::map<std::string, std::vector<float>>;

Device device() { return Device::from_environment(); }

Values values_of(const ParameterStore& store) {
  Values values;
  for (const Parameter& p : store.all()) values[p.name()] = p.value().to_host<float>();
  return values;
}

std::string replaced(std::string name, const std::string& from, const std::string& to) {
  if (const size_t at = name.find(from); at != std::string::npos) name.replace(at, from.size(), to);
  return name;
}

template <typename Model>
Values loaded(const std::string& directory) {
  Pretrained<Model> bert(directory, device());
  CHECK(bert.report().initialised.empty());
  CHECK(bert.report().unexpected.empty());
  return values_of(bert.store());
}

}  // namespace

TEST_CASE("pretrained BERT: saved and read again, in one file and in shards") {
  const ScratchFolder folder;
  const std::string one = folder / "one", many = folder / "many";
  write_small_model<BertForPreTraining>(one, small_bert_config());
  Pretrained<BertForPreTraining> bert(one, device());
  CHECK(bert.report().notes.empty());
  SaveOptions sharded;
  sharded.max_shard_bytes = 4000;
  bert.save(many, nullptr, sharded);
  CHECK(std::filesystem::exists(many + "/model.safetensors.index.json"));
  CHECK_FALSE(std::filesystem::exists(many + "/model.safetensors"));
  CHECK(loaded<BertForPreTraining>(many) == values_of(bert.store()));

  bert.save(many);
  CHECK_FALSE(std::filesystem::exists(many + "/model.safetensors.index.json"));
  CHECK(loaded<BertForPreTraining>(many) == values_of(bert.store()));
  const SafetensorsFile a(one + "/model.safetensors"), b(many + "/model.safetensors");
  REQUIRE(a.entries().size() == b.entries().size());
  CHECK(a.find("cls.predictions.decoder.weight") == nullptr);
  for (const SafetensorsEntry& entry : a.entries()) CHECK(same_numbers(entry, b.at(entry.name)));
  CHECK(Json::read(many + "/config.json").get_string("dtype") == "float32");
}

TEST_CASE("pretrained BERT: names of old files") {
  const ScratchFolder folder;
  const std::string directory = folder / "model";
  write_small_model<BertForMaskedLM>(directory, small_bert_config());
  const Values values = loaded<BertForMaskedLM>(directory);
  rename(directory, [](std::string name) {
    return replaced(replaced(name, "LayerNorm.weight", "LayerNorm.gamma"), "LayerNorm.bias", "LayerNorm.beta");
  });
  CHECK(loaded<BertForMaskedLM>(directory) == values);

  rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {  // both names, the same numbers
    SafetensorsEntry copy = entry_named(entries, "bert.embeddings.LayerNorm.gamma");
    copy.name = "embeddings.LayerNorm.weight";
    entries.push_back(copy);
  });
  CHECK(loaded<BertForMaskedLM>(directory) == values);

  const std::vector<std::byte> positions(32 * 8);
  rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {
    entries.push_back({"bert.embeddings.position_ids", "I64", {1, 32}, positions});
  });
  CHECK(loaded<BertForMaskedLM>(directory) == values);
}

TEST_CASE("pretrained BERT: the prefix may be there or not") {
  const ScratchFolder folder;
  const std::string bare = folder / "bare", task = folder / "task";
  write_small_model<Bert>(bare, small_bert_config());
  const Values values = loaded<Bert>(bare);
  Pretrained<BertForSequenceClassification> classifier(bare, device());
  CHECK(classifier.report().initialised == Names{"classifier.weight", "classifier.bias"});
  CHECK(classifier.report().unexpected.empty());
  for (const auto& [name, numbers] : values) CHECK(values_of(classifier.store()).at("bert." + name) == numbers);

  classifier.save(task);
  Pretrained<Bert> again(task, device());
  CHECK(again.report().initialised.empty());
  CHECK(again.report().unexpected == Names{"classifier.bias", "classifier.weight"});
  CHECK(values_of(again.store()) == values);
}

TEST_CASE("pretrained BERT: a prefix too many does not matter, as in the reference library; another one is named") {
  const ScratchFolder folder;
  const std::string directory = folder / "model";
  write_small_model<BertForSequenceClassification>(directory, small_bert_config());
  const Values values = loaded<BertForSequenceClassification>(directory);
  rename(directory, [](const std::string& name) { return "bert." + name; });
  CHECK(loaded<BertForSequenceClassification>(directory) == values);
  for (const std::string prefix : {"module.", "_orig_mod.", "model.", "a.b."}) {
    write_small_model<BertForSequenceClassification>(directory, small_bert_config());
    rename(directory, [&](const std::string& name) { return prefix + name; });
    const std::string error = directory + "/model.safetensors: the names of its tensors begin with \"" + prefix +
                              "\", as a wrapper around the model or another family makes them: \"" + prefix +
                              "bert.embeddings.";
    CHECK_THROWS_WITH_AS(Pretrained<BertForSequenceClassification>(directory, device()),
                         doctest::Contains(error.c_str()), std::runtime_error);
    write_small_model<Bert>(directory, small_bert_config());
    rename(directory, [&](const std::string& name) { return prefix + name; });
    CHECK_THROWS_WITH_AS(Pretrained<BertForSequenceClassification>(directory, device()),
                         doctest::Contains(("begin with \"" + prefix + "\"").c_str()), std::runtime_error);
  }
}

TEST_CASE("pretrained BERT: weights of more layers than config.json tells of are not left out in silence") {
  const ScratchFolder folder;
  write_small_model<BertForSequenceClassification>(folder / "model", small_bert_config());
  Json config = Json::read(folder / "model/config.json");
  folder.write("model/config.json", config.set("num_hidden_layers", 2).dump());
  const Pretrained<BertForSequenceClassification> bert(folder / "model", device());
  REQUIRE(bert.report().notes.size() == 1);
  CHECK(bert.report().notes[0].find("model: 16 tensors of the model's body are not used (bert.encoder.layer.2.") !=
        std::string::npos);
}

TEST_CASE("checkpoint names: what a freezing rule calls a tensor") {
  const CheckpointNames names = BertConfig().checkpoint_names();
  for (const auto& [tensor, parameter] : std::vector<std::pair<std::string, std::string>>{
           {"bert.encoder.layer.0.output.dense.weight", "bert.encoder.layer.0.output.dense.weight"},
           {"encoder.layer.0.output.dense.weight", "bert.encoder.layer.0.output.dense.weight"},
           {"embeddings.LayerNorm.gamma", "bert.embeddings.LayerNorm.weight"},
           {"bert.embeddings.LayerNorm.beta", "bert.embeddings.LayerNorm.bias"},
           {"pooler.dense.bias", "bert.pooler.dense.bias"},
           {"bert.bert.pooler.dense.bias", "bert.pooler.dense.bias"},
           {"bert.classifier.weight", "classifier.weight"},
           {"classifier.weight", "classifier.weight"},
           {"cls.predictions.transform.LayerNorm.gamma", "cls.predictions.transform.LayerNorm.weight"},
           {"embeddings.position_ids", "embeddings.position_ids"},
           {"module.encoder.layer.0.output.dense.weight", "module.encoder.layer.0.output.dense.weight"},
           {"bert.", "bert."}})
    CHECK(parameter_name(names, tensor) == parameter);
}

TEST_CASE("pretrained BERT: heads that are missing are new, and the same for the same seed") {
  const ScratchFolder folder;
  const std::string directory = folder / "model";
  write_small_model<BertForMaskedLM>(directory, small_bert_config());
  Pretrained<BertForSequenceClassification> a(directory, device(), DType::f32, 5),
      b(directory, device(), DType::f32, 5), c(directory, device(), DType::f32, 6);
  CHECK(a.report().initialised ==
        Names{"bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"});
  CHECK(a.report().unexpected.size() == 5);  // the masked-LM head
  CHECK(a.report().to_text().find("new: bert.pooler.dense.weight, ") != std::string::npos);
  CHECK(values_of(a.store()) == values_of(b.store()));
  CHECK(values_of(a.store()).at("classifier.weight") != values_of(c.store()).at("classifier.weight"));
}

TEST_CASE("pretrained BERT: tied tensors under either name") {
  const ScratchFolder folder;
  const std::string directory = folder / "model";
  write_small_model<BertForMaskedLM>(directory, small_bert_config());
  const Values values = loaded<BertForMaskedLM>(directory);
  const auto copies = [](std::vector<SafetensorsEntry>& entries) {
    SafetensorsEntry weight = entry_named(entries, "bert.embeddings.word_embeddings.weight");
    SafetensorsEntry bias = entry_named(entries, "cls.predictions.bias");
    weight.name = "cls.predictions.decoder.weight";
    bias.name = "cls.predictions.decoder.bias";
    entries.push_back(weight);
    entries.push_back(bias);
  };
  rewrite(directory, copies);
  CHECK(loaded<BertForMaskedLM>(directory) == values);
  rewrite(directory, [](std::vector<SafetensorsEntry>& entries) {
    std::erase_if(entries, [](const SafetensorsEntry& e) {
      return e.name == "bert.embeddings.word_embeddings.weight" || e.name == "cls.predictions.bias";
    });
  });
  CHECK(loaded<BertForMaskedLM>(directory) == values);
}

TEST_CASE("pretrained BERT: a decoder with numbers of its own is not tied, and saved as such") {
  const ScratchFolder folder;
  const std::string directory = folder / "model", saved = folder / "saved";
  write_small_model<BertForMaskedLM>(directory, small_bert_config());
  std::vector<std::byte> other;
  rewrite(directory, [&](std::vector<SafetensorsEntry>& entries) {
    SafetensorsEntry weight = entry_named(entries, "bert.embeddings.word_embeddings.weight");
    other.assign(weight.bytes.rbegin(), weight.bytes.rend());
    for (size_t i = 0; i + 4 <= other.size(); i += 4) {
      const float value = static_cast<float>(i % 13) / 8;
      std::memcpy(&other[i], &value, 4);
    }
    weight.name = "cls.predictions.decoder.weight";
    weight.bytes = other;
    entries.push_back(weight);
  });
  Pretrained<BertForMaskedLM> bert(directory, device());
  REQUIRE(bert.report().notes.size() == 1);
  CHECK(bert.report().notes[0].find("cls.predictions.decoder.weight differs") == 0);
  CHECK_FALSE(bert.config().tie_word_embeddings);
  CHECK(bert.report().unexpected.empty());
  const Values values = values_of(bert.store());
  CHECK(values.at("cls.predictions.decoder.weight")[1] == 4.0f / 8);
  CHECK(values.at("cls.predictions.decoder.bias") == values.at("cls.predictions.bias"));
  bert.save(saved);
  CHECK(loaded<BertForMaskedLM>(saved) == values);
}

TEST_CASE("pretrained BERT: half precision and double files") {
  const ScratchFolder folder;
  const std::string directory = folder / "model", half = folder / "half";
  write_small_model<Bert>(directory, small_bert_config());
  Pretrained<Bert> bert(directory, Device::open("reference"));
  for (const DType dtype : {DType::bf16, DType::f16, DType::f64}) {
    INFO(name_of(dtype));
    SaveOptions options;
    options.dtype = dtype;
    bert.save(half, nullptr, options);
    CHECK(ModelWeights(half).entries().at(0)->dtype == safetensors_name(dtype));
    Values rounded;
    for (const Parameter& p : bert.store().all())
      rounded[p.name()] = p.value().to(dtype).to(DType::f32).to_host<float>();
    CHECK(loaded<Bert>(half) == rounded);
  }
  CHECK(Json::read(half + "/config.json").get_string("dtype") == "float64");
  SaveOptions integers;
  integers.dtype = DType::i32;
  CHECK_THROWS_WITH_AS(bert.save(half, nullptr, integers), "weights cannot be i32", std::invalid_argument);
}

}  // namespace thaw
