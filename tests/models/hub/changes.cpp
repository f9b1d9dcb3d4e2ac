// SPDX-License-Identifier: Apache-2.0
// What changed of a model, saved without the rest: the same model when it is read again, with its base.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/hub/change_directory.h"
#include "models/hub/change_file.h"
#include "models/hub/pretrained.h"
#include "nn/adapters.h"
#include "nn/change/since_base.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Model = BertForSequenceClassification;
using Bytes = std::vector<std::byte>;

Device device() { return Device::from_environment(); }

Variable logits(Pretrained<Model>& bert) { return bert.model()(small_batch(bert.config(), {6, 3}, bert.device())); }

std::map<std::string, Bytes> values_of(const ParameterStore& store) {
  std::map<std::string, Bytes> values;
  for (const Parameter& p : store.all()) values[p.name()] = p.value().to_bytes();
  return values;
}

// Two steps of whatever the rules say.
void train(Pretrained<Model>& bert, const std::string& rules) {
  FreezeMask::parse(rules, "rules").apply(bert.store());
  AdamW optimizer(bert.store());
  for (int step = 0; step < 2; ++step) {
    backward(bert.model().loss(logits(bert), {{0, 1}, {}}));
    optimizer.step(0.1);
    optimizer.clear_gradients();
  }
}

template <typename F>
std::string error_of(F f) {
  try {
    f();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

struct Folder : ScratchFolder {
  std::string base = *this / "base", changed = *this / "changed";
  Folder() { write_small_model<Model>(base, small_bert_config()); }
  void save_trained(const std::string& rules, bool as_peft = false) const {
    Pretrained<Model> bert(base, device());
    train(bert, rules);
    bert.save(changed, nullptr, {.base = as_base(base), .as_peft = as_peft});
  }
};

const char* const plans[] = {
    "freeze bert.*",
    "freeze *\ntrain *bias",
    "freeze *\ntrain *word_embeddings.weight rows 3:7\ntrain *position_embeddings.weight rows 0:1\ntrain *.query.bias",
    "lora r=2 alpha=3 rs\ntrain classifier.*",
    "prompt n=3\ntrain classifier.*",
    "prefix n=3\ntrain classifier.*",
    "prefix *.layer.1.* n=3\nprompt n=2\nlora r=2",
    "lora r=2 dora\nia3\nadapter size=3 act=relu\ntrain *LayerNorm*",
};

}  // namespace

TEST_CASE("changes: saved without the rest, and read again on their base, the model is the same") {
  const Folder folder;
  for (const char* rules : plans) {
    CAPTURE(rules);
    Pretrained<Model> bert(folder.base, device());
    train(bert, rules);
    const std::string directory = folder / "run";
    bert.save(directory, nullptr, {.base = as_base(folder.base)});
    CHECK(!std::filesystem::exists(directory + "/model.safetensors"));
    Pretrained<Model> again(directory, device());
    CHECK(values_of(again.store()) == values_of(bert.store()));
    CHECK(logits(again).value().to_bytes() == logits(bert).value().to_bytes());
    CHECK(again.report().initialised.empty());

    // What is saved of what was read is the same again, whatever is trained now.
    FreezeMask::all_frozen().train("classifier.bias").apply(again.store());
    again.save(folder / "second", nullptr, {.base = as_base(directory)});
    Pretrained<Model> second(folder / "second", device());
    CHECK(values_of(second.store()) == values_of(bert.store()));
    CHECK(change_since_base(second.store()).rows.size() == change_since_base(bert.store()).rows.size());
    std::filesystem::remove_all(directory);
    std::filesystem::remove_all(folder / "second");
  }
}

TEST_CASE("changes: no more is in the file than changed") {
  const Folder folder;
  Pretrained<Model> bert(folder.base, device());
  train(bert, plans[2]);
  const ModelChange change = change_since_base(bert.store());
  CHECK(change.products.empty());
  CHECK(change.rows.size() == 2);
  CHECK(change.rows.at("bert.embeddings.word_embeddings.weight").numbers == std::vector<int64_t>{3, 4, 5, 6});
  CHECK(change.tensors.size() == static_cast<size_t>(bert.config().num_hidden_layers));
  CHECK(change.tensors.contains("bert.encoder.layer.0.attention.self.query.bias"));
}

TEST_CASE("changes: a later state of a training goes into the model that is there") {
  const Folder folder;
  for (const char* rules : plans) {
    CAPTURE(rules);
    Pretrained<Model> bert(folder.base, device()), other(folder.base, device());
    train(bert, rules);
    const std::string file = folder / "c.safetensors";
    write_change(file, {as_base(folder.base), change_since_base(bert.store())});
    FreezeMask::parse(rules, "rules").apply(other.store());
    copy_values(read_change(file).change, other.store(), file);
    CHECK(values_of(other.store()) == values_of(bert.store()));
  }
}

TEST_CASE("changes: one that cannot be written as peft has it leaves what was there") {
  const Folder folder;
  folder.save_trained("freeze bert.*");
  CHECK_THROWS_AS(folder.save_trained("adapter size=2", true), std::invalid_argument);
  CHECK(std::filesystem::exists(folder.changed + "/" + change_file_name));
  folder.save_trained("lora r=2\ntrain classifier.*", true);
  CHECK(!std::filesystem::exists(folder.changed + "/" + change_file_name));
}

TEST_CASE("changes: an adapter as peft has it is opened with its base") {
  const Folder folder;
  for (const std::string rules : {"lora r=2", "prompt n=3", "prefix n=3"}) {
    CAPTURE(rules);
    Pretrained<Model> bert(folder.base, device());
    train(bert, rules + "\ntrain classifier.*");
    const std::string directory = folder / rules.substr(0, 6);
    bert.save(directory, nullptr, {.base = as_base(folder.base), .as_peft = true});
    CHECK(std::filesystem::exists(directory + "/adapter_model.safetensors"));
    CHECK(!std::filesystem::exists(directory + "/" + change_file_name));
    std::vector<std::string> replaced = replaced_by_change(directory);
    std::ranges::sort(replaced);
    CHECK(replaced == std::vector<std::string>{"classifier.bias", "classifier.weight"});
    Pretrained<Model> again(directory, device());
    CHECK(logits(again).value().to_bytes() == logits(bert).value().to_bytes());
  }
}

TEST_CASE("changes: a base that was moved beside them is found, another one is refused") {
  const Folder folder;
  folder.save_trained("freeze bert.*");
  const std::string file = folder.changed + "/" + change_file_name;
  SavedChange saved = read_change(file);
  saved.base.path = "../base";
  write_change(file, saved);
  CHECK_NOTHROW(Pretrained<Model>(folder.changed, device()));

  write_small_model<Model>(folder.base, [] {
    BertConfig other = small_bert_config();
    other.intermediate_size += 1;
    return other;
  }());
  CHECK(error_of([&] {
          Pretrained<Model>(folder.changed, device());
        }).starts_with(folder.changed + ": changes a model whose weights have the SHA-256 "));
  std::filesystem::remove_all(folder.base);
  CHECK(error_of([&] { Pretrained<Model>(folder.changed, device()); }) ==
        folder.changed +
            ": changes the model \"../base\", which is not there: give that model, and this as its adapter");
}

TEST_CASE("changes: they never replace their base") {
  const Folder folder;
  Pretrained<Model> bert(folder.base, device());
  train(bert, "freeze bert.*");
  CHECK(error_of([&] { bert.save(folder.base, nullptr, {.base = as_base(folder.base)}); }) ==
        folder.base + ": is the base model, which what changes of it must not replace: save that somewhere else");
  CHECK_NOTHROW(Pretrained<Model>(folder.base, device()));
}

TEST_CASE("changes: the hash is of the numbers, not of how they are cut into files") {
  const Folder folder;
  Pretrained<Model> bert(folder.base, device());
  bert.save(folder / "one");
  SaveOptions sharded;
  sharded.max_shard_bytes = 4000;
  bert.save(folder / "many", nullptr, sharded);
  CHECK(weights_hash(folder / "one") == weights_hash(folder / "many"));
  bert.store().find("classifier.bias").value().fill_(0.25);
  bert.save(folder / "other");
  CHECK(weights_hash(folder / "one") != weights_hash(folder / "other"));
}

TEST_CASE("changes: files that are none, or lack something, are named") {
  const Folder folder;
  folder.save_trained("lora r=2\ntrain classifier.*");
  const std::string file = folder.changed + "/" + change_file_name;
  CHECK(error_of([&] { read_change(folder.base + "/model.safetensors"); }) ==
        folder.base + "/model.safetensors: is no change of a model: its metadata have no \"thaw_change\"");
  const SavedChange good = read_change(file);
  {
    SavedChange bad = good;
    auto node = bad.change.products.extract(bad.change.products.begin());
    node.key() = "bert.encoder.layer.7.attention.self.query";
    bad.change.products.insert(std::move(node));
    write_change(file, bad);
    CHECK(error_of([&] { Pretrained<Model>(folder.changed, device()); })
              .starts_with(folder.changed +
                           ": bert.encoder.layer.7.attention.self.query: the model has no product of that name; near "
                           "names: "));
  }
  {
    SavedChange bad = good;
    bad.change.tensors["classifier.bias"] = Tensor::zeros({7}, DType::f32, Device::open("reference"));
    write_change(file, bad);
    CHECK(error_of([&] {
            Pretrained<Model>(folder.changed, device());
          }).starts_with(folder.changed + ": classifier.bias: its shape is [7], the model needs "));
  }
}
