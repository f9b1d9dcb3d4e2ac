// SPDX-License-Identifier: Apache-2.0
// Directories that are no model, or another one than they say: each is refused by one line that names file and tensor.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "models/bert/classification.h"
#include "models/bert/question_answering.h"
#include "models/hub/pretrained.h"
#include "models/tasks/classification/text_classifier.h"
#include "tests/file_bytes.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

namespace fs = std::filesystem;
using Entries = std::vector<SafetensorsEntry>;

// Bytes for tensors that a case adds or changes.
const std::vector<std::byte> zeros(1 << 16);

SafetensorsEntry tensor(const std::string& name, const std::string& dtype, std::vector<int64_t> shape, size_t bytes) {
  return {name, dtype, std::move(shape), std::span<const std::byte>(zeros).first(bytes)};
}

void set_key(const std::string& directory, const std::string& key, const Json& value) {
  Json config = Json::read(directory + "/config.json");
  config.set(key, value);
  config.write(directory + "/config.json", {});
}

void set_tensor(const std::string& directory, const SafetensorsEntry& replacement) {
  std::vector<std::string> kept;
  {
    const ModelWeights weights(directory);
    Entries entries;
    for (const SafetensorsEntry* entry : weights.entries()) {
      if (entry->name != replacement.name) entries.push_back(*entry);
    }
    entries.push_back(replacement);
    write_safetensors(directory + "/other", entries);
  }
  fs::rename(directory + "/other", directory + "/model.safetensors");
}

void drop_tensor(const std::string& directory, const std::string& name) {
  {
    const ModelWeights weights(directory);
    Entries entries;
    for (const SafetensorsEntry* entry : weights.entries()) {
      if (entry->name != name) entries.push_back(*entry);
    }
    write_safetensors(directory + "/other", entries);
  }
  fs::rename(directory + "/other", directory + "/model.safetensors");
}

struct Case {
  std::string name;
  std::function<void(const std::string& directory)> damage;
  std::string error;
};

Case key(const std::string& name, const Json& value, const std::string& error) {
  return {name + " = " + value.dump(), [=](const std::string& d) { set_key(d, name, value); }, error};
}
Case shape(const std::string& name, std::vector<int64_t> sizes, size_t bytes, const std::string& error) {
  return {name + " of another shape", [=](const std::string& d) { set_tensor(d, tensor(name, "F32", sizes, bytes)); },
          error};
}
Case dtype(const std::string& name, const std::string& type, size_t bytes, const std::string& error) {
  return {name + " as " + type, [=](const std::string& d) { set_tensor(d, tensor(name, type, {16}, bytes)); }, error};
}
Case both(const std::string& name, std::vector<int64_t> sizes, const std::string& parameter) {
  const size_t count = static_cast<size_t>(sizes[0] * (sizes.size() > 1 ? sizes[1] : 1));
  return {name + " beside " + parameter,
          [=](const std::string& d) { set_tensor(d, tensor(name, "F32", sizes, 4 * count)); },
          fmt::format("model.safetensors: tensors {} and {} are both {}, but", parameter, name, parameter)};
}
Case missing(const std::string& name) {
  return {"no " + name, [=](const std::string& d) { drop_tensor(d, name); }, "the checkpoint has no tensor " + name};
}
Case no_file(const std::string& name, const std::string& error) {
  return {"no " + name, [=](const std::string& d) { fs::remove(d + "/" + name); }, error};
}
Case file(const std::string& name, const std::string& content, const std::string& error) {
  return {name + " is " + content.substr(0, 20), [=](const std::string& d) { write_bytes(d + "/" + name, content); },
          error};
}

std::vector<Case> cases() {
  const std::string norm = "bert.embeddings.LayerNorm.weight";
  const std::string query = "bert.encoder.layer.1.attention.self.query.weight";
  std::vector<Case> all = {
      // configuration and weights that do not belong together
      key("hidden_size", 32,
          "tensor bert.embeddings.word_embeddings.weight: its shape is [27, 16], "
          "bert.embeddings.word_embeddings.weight needs [27, 32]"),
      key("vocab_size", 28, "needs [28, 16]"),
      key("vocab_size", 2'000'000'000, "needs [2000000000, 16]"),
      key("intermediate_size", 25, "intermediate.dense.weight: its shape is [24, 16], "),
      key("max_position_embeddings", 512, "position_embeddings.weight: its shape is [32, 16], "),
      key("type_vocab_size", 3, "token_type_embeddings.weight: its shape is [2, 16], "),
      key("num_hidden_layers", 4, "the checkpoint has no tensor bert.encoder.layer.3."),
      key("num_hidden_layers", 10'000, "the checkpoint has no tensor bert.encoder.layer.3."),
      key("id2label", Json::parse(R"({"0": "a", "1": "b", "2": "c"})", "labels"),
          "classifier.weight: its shape is [2, 16], classifier.weight needs [3, 16]"),
      key("num_labels", 3, "config.json gives 3 labels"),
      // two names of one parameter, with different numbers
      both("bert.embeddings.LayerNorm.gamma", {16}, norm),
      both("embeddings.LayerNorm.weight", {16}, norm),
      both("encoder.layer.1.attention.self.query.weight", {16, 16}, query),
      both("bert.classifier.bias", {2}, "classifier.bias"),
      key("is_decoder", true, "config.json: is_decoder: true is not supported"),
      key("model_type", "bort", R"(config.json: model_type: this is "bort", not "bert")"),
      key("hidden_act", "sinus", "config.json: hidden_act"),
      // tensors of other shapes and types
      shape(norm, {17}, 68, "model.safetensors: tensor " + norm + ": its shape is [17], " + norm + " needs [16]"),
      shape(norm, {16, 1}, 64, "its shape is [16, 1]"),
      shape(norm, {}, 4, "its shape is []"),
      shape(norm, {0}, 0, "its shape is [0]"),
      shape(norm, {1, 1, 1, 1, 1, 1, 1, 16}, 64, "its shape is [1, 1, 1, 1, 1, 1, 1, 16]"),
      shape(query, {16, 15}, 960, "tensor " + query + ": its shape is [16, 15]"),
      shape(query, {256}, 1024, "tensor " + query + ": its shape is [256]"),
      shape("classifier.weight", {3, 16}, 192, "classifier.weight: its shape is [3, 16]"),
      shape("classifier.bias", {3}, 12, "classifier.bias: its shape is [3]"),
      dtype(norm, "I32", 64, norm + ": I32 numbers are no weights"),
      dtype(norm, "I64", 128, norm + ": I64 numbers are no weights"),
      dtype(norm, "U8", 16, norm + ": U8 numbers are no weights"),
      dtype(norm, "BOOL", 16, norm + ": BOOL numbers are no weights"),
      dtype(norm, "F8_E4M3", 16, norm + ": F8_E4M3 numbers are no weights"),
      // tensors that every BERT has
      missing("bert.embeddings.word_embeddings.weight"),
      missing("bert.embeddings.position_embeddings.weight"),
      missing("bert.embeddings.token_type_embeddings.weight"),
      missing("bert.embeddings.LayerNorm.bias"),
      missing(query),
      missing("bert.encoder.layer.0.attention.self.key.bias"),
      missing("bert.encoder.layer.0.attention.output.LayerNorm.weight"),
      missing("bert.encoder.layer.2.output.dense.weight"),
      // files
      no_file("config.json", "config.json"),
      no_file("model.safetensors", "model.safetensors"),
      no_file("vocab.txt", "neither tokenizer.json nor vocab.txt is there"),
      file("config.json", "", "config.json: "),
      file("config.json", "{\"vocab_size\": 27", "config.json: "),
      file("config.json", "[1]", "config.json: expected an object, found an array"),
      file("config.json", "{\"vocab_size\": 27, \"vocab_size\": 27}", "vocab_size: the key is there twice"),
      file("config.json", std::string(2000, '['), "config.json: "),
      file("model.safetensors", "", "model.safetensors: "),
      file("model.safetensors", "not weights at all", "model.safetensors: "),
      file("model.safetensors", little_endian(uint64_t{1} << 60) + "{}", "model.safetensors: "),
      file("model.safetensors", safetensors_bytes("{}", ""),
           "the checkpoint has no tensor bert.embeddings.word_embeddings.weight"),
      file("model.safetensors", safetensors_bytes(R"({"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234"),
           "x"),
      file("model.safetensors",
           safetensors_bytes(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "12345678"),
           "model.safetensors: "),
      file("vocab.txt", "", "vocab.txt"),
      file("vocab.txt", "[PAD]\n[UNK]\n[PAD]\n", "vocab.txt"),
      file("tokenizer.json", "{}", "tokenizer.json"),
      file("tokenizer.json", R"({"model": {"type": "BPE"}})", "tokenizer.json"),
      {"more words than the model has",
       [](const std::string& d) { write_bytes(d + "/vocab.txt", read_bytes(d + "/vocab.txt") + "another\n"); },
       "the tokenizer has 28 tokens, the model only 27"},
      {"an index beside no shard",
       [](const std::string& d) {
         fs::remove(d + "/model.safetensors");
         write_bytes(d + "/model.safetensors.index.json",
                     R"({"weight_map": {"x": "model-00001-of-00001.safetensors"}})");
       },
       "model-00001-of-00001.safetensors"},
      {"an index that leads out of the directory",
       [](const std::string& d) {
         fs::remove(d + "/model.safetensors");
         write_bytes(d + "/model.safetensors.index.json", R"({"weight_map": {"x": "../model.safetensors"}})");
       },
       "is not a bare file name"},
      {"a cut-off file",
       [](const std::string& d) {
         const std::string bytes = read_bytes(d + "/model.safetensors");
         write_bytes(d + "/model.safetensors", bytes.substr(0, bytes.size() - 1));
       },
       "model.safetensors: "},
      {"a cut-off header",
       [](const std::string& d) {
         write_bytes(d + "/model.safetensors", read_bytes(d + "/model.safetensors").substr(0, 100));
       },
       "model.safetensors: "},
      {"bytes after the end",
       [](const std::string& d) { write_bytes(d + "/model.safetensors", read_bytes(d + "/model.safetensors") + "x"); },
       "model.safetensors: "},
      {"config.json is a directory",
       [](const std::string& d) {
         fs::remove(d + "/config.json");
         fs::create_directory(d + "/config.json");
       },
       "config.json"},
      {"model.safetensors is a directory",
       [](const std::string& d) {
         fs::remove(d + "/model.safetensors");
         fs::create_directory(d + "/model.safetensors");
       },
       "model.safetensors"},
  };
  return all;
}

}  // namespace

TEST_CASE("bad model directories: each is refused in one line") {
  const ScratchFolder folder;
  const std::string good = folder / "good";
  BertConfig config = small_bert_config();
  config.labels = {"a", "b"};
  write_small_model<BertForSequenceClassification>(good, config);
  CHECK_NOTHROW(TextClassifier{good});
  int number = 0;
  for (const Case& bad : cases()) {
    const std::string directory = folder / ("bad" + std::to_string(number++));
    fs::copy(good, directory);
    bad.damage(directory);
    INFO(bad.name);
    std::string error = "no error";
    try {
      const TextClassifier classifier(directory);
    } catch (const std::runtime_error& e) {
      error = e.what();
    }
    INFO(error);
    CHECK(error.find(directory) == 0);
    CHECK(error.find(bad.error) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
  }
  CHECK(number >= 60);
}

TEST_CASE("bad model directories: question answering has two outputs") {
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.labels = {"a", "b", "c"};
  write_small_model<Bert>(folder / "model", config);
  CHECK_THROWS_AS(Pretrained<BertForQuestionAnswering>(folder / "model", Device::from_environment()),
                  std::runtime_error);
}

}  // namespace thaw
