// SPDX-License-Identifier: Apache-2.0
// Frozen weights of a model in fewer bytes: which they are, what that saves, that the model is then to the bit the one
// whose weights were rounded, and what is refused.
#include "nn/freeze/compress_frozen.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "autograd/compressed_weight.h"
#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "nn/change/applied_change.h"
#include "nn/change/merge.h"
#include "nn/change/model_change.h"
#include "nn/store_file.h"
#include "tensor/backend.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Model = SmallBert<BertForSequenceClassification>;
const std::string query = "bert.encoder.layer.0.attention.self.query.weight";

constexpr const char* plans[] = {"lora r=2\ntrain classifier.*", "lora *.{query,dense} r=2 dora\ntrain classifier.*",
                                 "ia3\ntrain classifier.*", "adapter size=3\ntrain classifier.*",
                                 "freeze *.layer.0.*\nfreeze *.layer.1.*"};

std::unique_ptr<Model> model_of(const char* rules) {
  auto small = std::make_unique<Model>();
  FreezeMask::parse(rules, "m").apply(small->store);
  return small;
}

// The loss, and the gradients of what is trained.
std::map<std::string, std::vector<std::byte>> step_of(const Model& small) {
  const Variable loss = small.model.loss(small.model(small.batch({5, 3})), {{0, 1}, {}});
  backward(loss);
  std::map<std::string, std::vector<std::byte>> bits{{"loss", loss.value().to_bytes()}};
  for (const Parameter& p : small.store.trained()) bits[p.name()] = p.variable().grad().to_bytes();
  return bits;
}

}  // namespace

TEST_CASE("compress_frozen: loss and gradients are those of a model whose weights were rounded before, to the bit") {
  for (const char* rules : plans)
    for (const FrozenDType dtype : {FrozenDType::bf16, FrozenDType::int8}) {
      CAPTURE(rules);
      CAPTURE(name_of(dtype));
      const auto compressed = model_of(rules), rounded = model_of(rules), whole = model_of(rules);
      const std::vector<std::string> names = compressible_weights(compressed->store);
      CHECK(names.size() >= 12);
      const CompressedWeights done = compress_weights(compressed->store, names, dtype);
      CHECK(done.tensors == std::ssize(names));
      for (const std::string& name : names) {
        const CompressedWeight* kept = compressed->store.find(name).compressed();
        REQUIRE(kept);
        CHECK(kept_as(kept) == name_of(dtype));
        rounded->store.find(name).value().copy_from(kept->expanded());
      }
      const auto got = step_of(*compressed);
      CHECK(got == step_of(*rounded));
      CHECK(got != step_of(*whole));
      // Expanded, it is that model.
      expand_weights(compressed->store);
      CHECK(compressed_weights(compressed->store).tensors == 0);
      for (const std::string& name : names)
        CHECK(compressed->store.find(name).value().to_bytes() == rounded->store.find(name).value().to_bytes());
    }
}

TEST_CASE("compress_frozen: the bytes are half, or a quarter and a scale for each output") {
  for (const FrozenDType dtype : {FrozenDType::bf16, FrozenDType::int8}) {
    const auto small = model_of(plans[0]);
    const MemoryStats& memory = small->device.backend().memory();
    const std::vector<std::string> names = compressible_weights(small->store);
    uint64_t whole = 0, expected = 0;
    for (const std::string& name : names) {
      const Tensor value = small->store.find(name).value();
      const auto numbers = static_cast<uint64_t>(value.numel());
      whole += 4 * numbers;
      expected += dtype == FrozenDType::bf16 ? 2 * numbers : numbers + 4 * static_cast<uint64_t>(value.size(0)) + 4;
    }
    const uint64_t before = memory.live_bytes;
    const CompressedWeights done = compress_weights(small->store, names, dtype);
    CHECK(done.bytes_before == whole);
    CHECK(done.bytes == expected);
    CHECK(before - memory.live_bytes == whole - expected);
    CHECK(compress_weights(small->store, names, dtype).bytes == expected);  // they are already
    CHECK(before - memory.live_bytes == whole - expected);
  }
}

TEST_CASE("compress_frozen: neither ties nor tables, nor what is trained, new or changed") {
  const auto small = model_of(plans[0]);
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::count(names, name) > 0;
  };
  std::vector<std::string> names = compressible_weights(small->store);
  CHECK(has(names, query));
  CHECK(!has(names, "classifier.weight"));
  CHECK(!has(names, "bert.embeddings.word_embeddings.weight"));
  CHECK(!has(names, "bert.encoder.layer.0.attention.self.query.lora_A.weight"));
  small->store.find(query).mark_changed();
  names = compressible_weights(small->store);
  CHECK(!has(names, query));

  SmallBert<BertForMaskedLM> masked;
  FreezeMask::all_frozen().apply(masked.store);
  names = compressible_weights(masked.store);
  CHECK(has(names, "cls.predictions.transform.dense.weight"));
  CHECK(!has(names, "bert.embeddings.word_embeddings.weight"));
}

TEST_CASE("compress_frozen: what some stage trains stays as it is") {
  const FreezeSchedule schedule = FreezeSchedule::parse("freeze bert.*\nfrom step 2\ntrain *.layer.2.*\n", "m");
  Model small;
  const std::vector<FreezeStage> stages = schedule.stages(small.store);
  const std::vector<std::string> names = compressible_weights(small.store, stages);
  CHECK(std::ranges::none_of(names, [](const std::string& name) { return name.find(".layer.2.") != name.npos; }));
  CHECK(std::ranges::count(names, query) == 1);
  compress_weights(small.store, names, FrozenDType::int8);
  for (const FreezeStage& stage : stages) stage.apply(small.store);
  CHECK(!small.store.find("bert.encoder.layer.2.output.dense.weight").frozen());
}

TEST_CASE("compress_frozen: nothing can train, replace, merge or save as a whole what is compressed") {
  const auto small = model_of(plans[0]);
  compress_weights(small->store, compressible_weights(small->store), FrozenDType::int8);
  const auto refused = [&](const char* rules) {
    return error_of([&] { FreezeMask::parse(rules, "m").apply(small->store); });
  };
  CHECK(refused("train *.layer.0.*.query.weight") ==
        "m:1: " + query +
            " is kept as int8 and would be trained by \"train *.layer.0.*.query.weight\": what a mask "
            "trains must be left as it is when frozen weights are compressed");
  CHECK(refused("freeze *") == "no error");
  CHECK(error_of([&] { small->store.find(query).train(); }) ==
        query + " is kept as int8: it must be expanded before it can be trained");
  CHECK(error_of([&] { small->store.find(query).train_rows(0, 2); }) ==
        query + " is kept as int8: it must be expanded before it can be trained");
  CHECK(error_of([&] { MergedAdapters(small->store); }) ==
        query + ": is kept as int8: merge into the weights of the base as they are");
  const ScratchFolder folder;
  CHECK(error_of([&] {
          save(small->store, folder / "s.safetensors");
        }).ends_with("is kept as int8: its own numbers are in the base alone"));
  const Model whole;
  save(whole.store, folder / "s.safetensors");
  const std::vector<std::byte> before = small->store.find(query).value().to_bytes();
  CHECK(error_of([&] {
          load(small->store, folder / "s.safetensors");
        }).ends_with(query + " is kept as int8: it is read before it is compressed"));
  CHECK(small->store.find(query).value().to_bytes() == before);
  ModelChange change;
  change.tensors[query] = Tensor::zeros({16, 16}, DType::f32, Device::open("reference"));
  CHECK(error_of([&] { AppliedChange(small->store, change); }) ==
        query + ": is kept as int8: what changes it must be applied before it is compressed");

  Model trained;
  CHECK(error_of([&] { compress_weights(trained.store, {query}, FrozenDType::bf16); }) ==
        query + ": only what is frozen as a whole can be compressed");
  CHECK(error_of([&] {
          compress_weights(trained.store, {"bert.embeddings.word_embeddings.weight"}, FrozenDType::bf16);
        }) == "bert.embeddings.word_embeddings.weight: is no product's weight: it cannot be compressed");
}

TEST_CASE("compress_frozen: names of the types") {
  for (const FrozenDType dtype : {FrozenDType::f32, FrozenDType::bf16, FrozenDType::int8})
    CHECK(frozen_dtype_of(name_of(dtype)) == dtype);
  CHECK(!frozen_dtype_of("f16"));
}
