// SPDX-License-Identifier: Apache-2.0
// Chooses and compresses.
#include "nn/freeze/compress_frozen.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "autograd/compressed_weight.h"
#include "nn/product.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr std::pair<FrozenDType, std::string_view> dtypes[] = {
    {FrozenDType::f32, "f32"}, {FrozenDType::bf16, "bf16"}, {FrozenDType::int8, "int8"}};

bool is_alone(const ParameterStore& store, const Product& product) {
  return product.weight.name() == product.path + ".weight" && product.weight.other_names().empty() &&
         std::ranges::none_of(store.products(), [&](const auto& other) {
           return other.get() != &product && other->weight.same(product.weight);
         });
}

bool is_new(const ParameterStore& store, const Parameter& weight) {
  return store.new_in_part() && std::ranges::count(store.initialised(), weight.name()) > 0;
}

const Product& product_of(const ParameterStore& store, const std::string& weight) {
  const auto found =
      std::ranges::find_if(store.products(), [&](const auto& product) { return product->weight.name() == weight; });
  check(found != store.products().end(), "{}: is no product's weight: it cannot be compressed", weight);
  return **found;
}

CompressedWeight compressed(const Product& product, FrozenDType dtype) {
  const Tensor& w = product.weight.value();
  try {
    return dtype == FrozenDType::bf16 ? as_bf16(w) : as_int8(w, product.layout == WeightLayout::in_out);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", product.weight.name(), error.what()));
  }
}

uint64_t whole_bytes(const CompressedWeight& weight) {
  return static_cast<uint64_t>(weight.numbers.numel()) * size_of(weight.dtype);
}

}  // namespace

std::string_view name_of(FrozenDType dtype) {
  return std::ranges::find(dtypes, dtype, &std::pair<FrozenDType, std::string_view>::first)->second;
}

std::optional<FrozenDType> frozen_dtype_of(std::string_view name) {
  for (const auto& [dtype, called] : dtypes)
    if (called == name) return dtype;
  return {};
}

std::vector<std::string> compressible_weights(const ParameterStore& store) {
  std::vector<std::string> names;
  for (const auto& product : store.products()) {
    const Parameter& weight = product->weight;
    if (weight.frozen() && !weight.changed().any() && !is_new(store, weight) && is_alone(store, *product))
      names.push_back(weight.name());
  }
  return names;
}

std::vector<std::string> compressible_weights(ParameterStore& store, const std::vector<FreezeStage>& stages) {
  std::vector<std::string> names = compressible_weights(store);
  for (const FreezeStage& stage : stages) {
    stage.apply(store);
    std::erase_if(names, [&](const std::string& name) { return !store.find(name).frozen(); });
  }
  if (!stages.empty()) stages[0].apply(store);
  return names;
}

CompressedWeights compress_weights(const ParameterStore& store, const std::vector<std::string>& names,
                                   FrozenDType dtype) {
  if (dtype == FrozenDType::f32) return {};
  for (const std::string& name : names) {
    const Product& product = product_of(store, name);
    if (!product.weight.compressed()) product.weight.compress(compressed(product, dtype));
  }
  return compressed_weights(store);
}

void expand_weights(const ParameterStore& store) {
  for (const Parameter& parameter : store.all()) parameter.expand();
}

CompressedWeights compressed_weights(const ParameterStore& store) {
  CompressedWeights sum;
  for (const Parameter& parameter : store.all()) {
    const CompressedWeight* weight = parameter.compressed();
    if (!weight) continue;
    ++sum.tensors;
    sum.bytes += weight->bytes();
    sum.bytes_before += whole_bytes(*weight);
  }
  return sum;
}

}  // namespace thaw
