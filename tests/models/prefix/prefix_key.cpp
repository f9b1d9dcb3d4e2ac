// SPDX-License-Identifier: Apache-2.0
// The same weights kept in other types give other rows, and so have other keys.
#include "models/prefix/prefix_key.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "nn/adapters.h"
#include "nn/freeze/compress_frozen.h"
#include "tensor/ops.h"
#include "tests/models/small_bert.h"

using namespace thaw;

namespace {

using Model = SmallBert<BertForSequenceClassification>;

Key128 key_of(const Model& small, DType kept_as = DType::f32) {
  return prefix_key(frozen_prefix(small.store, small.model.bert), small.store, {{"switch", "on"}}, kept_as);
}

}  // namespace

TEST_CASE("prefix keys: of the same weights the same, of weights in another type another") {
  std::vector<Key128> keys;
  for (const FrozenDType dtype : {FrozenDType::f32, FrozenDType::bf16, FrozenDType::int8})
    for (const DType kept_as : {DType::f32, DType::bf16}) {
      Model small, again;
      for (Model* model : {&small, &again}) {
        FreezeMask::all_frozen().apply(model->store);
        compress_weights(model->store, compressible_weights(model->store), dtype);
      }
      keys.push_back(key_of(small, kept_as));
      CHECK(key_of(again, kept_as) == keys.back());
    }
  for (size_t i = 0; i < keys.size(); ++i)
    for (size_t j = 0; j < i; ++j) CHECK_FALSE(keys[i] == keys[j]);
}

TEST_CASE("prefix keys: int8 of the same bytes with other scales has another") {
  Model small, doubled;
  FreezeMask::all_frozen().apply(small.store);
  FreezeMask::all_frozen().apply(doubled.store);
  for (const std::string& name : compressible_weights(doubled.store)) {
    const Tensor value = doubled.store.find(name).value();
    value.copy_from(scale(value, 2));
  }
  for (Model* model : {&small, &doubled})
    compress_weights(model->store, compressible_weights(model->store), FrozenDType::int8);
  const std::string name = compressible_weights(small.store).at(0);
  CHECK(small.store.find(name).value().to_bytes() == doubled.store.find(name).value().to_bytes());
  CHECK_FALSE(key_of(small) == key_of(doubled));
}

TEST_CASE("prefix keys: of an adapter with other options another; put on in turn, adapters are told apart") {
  const auto frozen_with = [](Model& small, const char* rules) {
    FreezeMask::parse(rules, "m").apply(small.store);
    for (const Parameter& parameter : small.store.all()) parameter.freeze();
    return frozen_prefix(small.store, small.model.bert).version;
  };
  Model plain, small, other;
  frozen_with(plain, "train *");
  const uint64_t first = frozen_with(small, "lora r=2 alpha=4");
  frozen_with(other, "lora r=2 alpha=8");
  CHECK_FALSE(key_of(small) == key_of(plain));
  CHECK_FALSE(key_of(small) == key_of(other));
  for (const auto& product : small.store.products())
    take_off_adapters(small.store, *product, [](const Parameter&) { return true; });
  CHECK(frozen_prefix(small.store, small.model.bert).version != first);
  CHECK(frozen_with(small, "lora r=2 alpha=4") != first);
}
