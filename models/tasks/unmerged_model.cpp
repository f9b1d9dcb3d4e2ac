// SPDX-License-Identifier: Apache-2.0
// Merges the opposite of an adapter.
#include "models/tasks/unmerged_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/model_directory.h"
#include "models/hub/shards.h"
#include "models/tasks/largest_difference.h"
#include "models/tasks/opened_model.h"
#include "nn/change/applied_change.h"
#include "nn/change/merge.h"
#include "tensor/check.h"

namespace thaw {
namespace {

using Weights = std::map<std::string, std::vector<float>>;

// What the rounding of numbers that are stored so explains, as a share of the largest.
double bound(DType stored) { return stored == DType::f32 ? 1e-5 : 0.02; }

// The type of the directory's weights that rounds most.
DType stored_type(const std::string& directory) {
  DType coarsest = DType::f32;
  const ModelWeights weights(directory);
  for (const SafetensorsEntry* entry : weights.entries())
    if (const auto type = entry->thaw_dtype(); type == DType::bf16 || (type == DType::f16 && coarsest == DType::f32))
      coarsest = *type;
  return coarsest;
}

Tensor mapped(const Tensor& tensor, float (*f)(float)) {
  std::vector<float> values = tensor.to_host<float>();
  std::ranges::transform(values, values.begin(), f);
  return Tensor::from_host(values, tensor.shape(), tensor.device(), tensor.dtype());
}

void check_undoable(const ModelChange& change, const std::string& directory) {
  check(change.prompts.empty(), "{}: a prompt is no part of a weight: the model is its base", directory);
  check(change.prefixes.empty(), "{}: a prefix is no part of a weight: the model is its base", directory);
  check(!change.products.empty(), "{}: has no adapter that could be in a weight", directory);
  for (const auto& [path, on] : change.products) {
    check(!on.bottleneck, "{}: a bottleneck adapter is no part of a weight", path);
    check(!on.low_rank || !on.low_rank->options.magnitudes,
          "{}: the lengths that DoRA gave its rows cannot be undone: the base's are not known", path);
    if (!on.scaling) continue;
    const std::vector<float> factors = on.scaling->factors.to_host<float>();
    for (const float factor : factors)
      check(factor != 0 && std::isfinite(1 / factor), "{}: a factor of {} cannot be undone", path, factor);
  }
}

// Factors first: a merged weight has them around the sum.
void merge_opposite(ParameterStore& store, const ModelChange& change) {
  ModelChange factors, sums;
  for (const auto& [path, on] : change.products) {
    if (on.scaling) {
      factors.products[path].scaling = on.scaling;
      factors.products[path].scaling->factors = mapped(on.scaling->factors, [](float f) { return 1 / f; });
    }
    if (on.low_rank) {
      sums.products[path].low_rank = on.low_rank;
      sums.products[path].low_rank->b = mapped(on.low_rank->b, [](float b) { return -b; });
    }
  }
  for (const ModelChange* opposite : {&factors, &sums}) {
    if (opposite->products.empty()) continue;
    const AppliedChange applied(store, *opposite);
    const MergedAdapters merged(store);
    for (const MergedAdapters::Untied& weight : merged.untied())
      check(weight.tied_to.empty(),
            "{}: is tied to {} here: a model that an adapter on it was merged into has it apart", weight.name,
            weight.tied_to);
  }
}

Weights weights_of(const ParameterStore& store, const ModelChange& change) {
  Weights weights;
  for (const auto& product : store.products())
    if (change.products.contains(product->path))
      weights[product->path + ".weight"] = product->weight.value().to_host<float>();
  return weights;
}

// All that the model has, held to the base with the adapter beside its weights, of which only the adapter's own are
// not in the model. Returns the largest difference.
double check_is_base(const UnmergedModel& done, const ParameterStore& store, const ParameterStore& base,
                     const ModelChange& change, const std::string& merged, const std::string& adapter) {
  double worst = 0;
  const auto hold = [&](const std::string& name, const Tensor& ours, const Tensor& theirs) {
    if (ours.shape() != theirs.shape())
      fail("{}: without {} it is not {}: {} is {}, not {}", merged, adapter, done.base, name, ours.shape(),
           theirs.shape());
    const std::vector<float> values = ours.to_host<float>();
    const double difference = largest_difference(values, theirs.to_host<float>());
    // Of a sum the larger part tells how much was rounded away.
    if (!(difference <= bound(done.stored) * larger(largest_magnitude(values), done.largest_change)))
      fail("{}: without {} it is not {}: {} differs by up to {:.3g}, of {:.3g}", merged, adapter, done.base, name,
           difference, largest_magnitude(values));
    worst = larger(worst, difference);
  };
  for (const Parameter& parameter : store.all())
    if (const Parameter theirs = base.find(parameter.name()); theirs.defined())
      hold(parameter.name(), parameter.value(), theirs.value());
  // A weight that was another module's, too, has become one of its own.
  for (const auto& product : store.products())
    for (const auto& theirs : base.products())
      if (theirs->path == product->path && change.products.contains(product->path))
        hold(product->path + ".weight", product->weight.value(), theirs->weight.value());
  return worst;
}

// What the adapter brought whole, the merged model has.
void check_has(const ParameterStore& store, const ModelChange& change, const std::string& merged,
               const std::string& adapter, DType stored) {
  const auto check_same = [&](const std::string& name, const Tensor& ours, const Tensor& theirs) {
    const std::vector<float> values = theirs.to_host<float>();
    if (!(largest_difference(ours.to_host<float>(), values) <= bound(stored) * largest_magnitude(values)))
      fail("{}: {} is not what {} has: is it the adapter that was merged into it?", merged, name, adapter);
  };
  check_fits(change, store);
  for (const auto& [name, tensor] : change.tensors) check_same(name, store.find(name).value(), tensor);
  for (const auto& [name, rows] : change.rows)
    for (size_t i = 0; i < rows.numbers.size(); ++i) {
      const int64_t row = rows.numbers[i], place = static_cast<int64_t>(i);
      check_same(fmt::format("row {} of {}", row, name), store.find(name).value().slice(0, row, row + 1),
                 rows.values.slice(0, place, place + 1));
    }
}

}  // namespace

UnmergedModel unmerge_model(const std::string& merged, const std::string& adapter, const std::string& output,
                            Device device, DType dtype) {
  check_model_directory(merged);
  if (holds_change(merged)) fail("{}: is an adapter; a whole model is expected, that one was merged into", merged);
  if (!holds_change(adapter)) fail("{}: holds no adapter", adapter);
  UnmergedModel done;
  const OpenedModel opened(merged, device);
  ParameterStore& store = opened.store();
  const ModelChange change = read_change_of(adapter, store);
  check_undoable(change, adapter);
  done.stored = stored_type(merged);
  check_has(store, change, merged, adapter, done.stored);
  for (const auto& [name, tensor] : change.tensors) done.kept.push_back(name);
  for (const auto& [name, rows] : change.rows) done.kept.push_back("rows of " + name);
  done.products = std::ssize(change.products);

  const Weights before = weights_of(store, change);
  merge_opposite(store, change);
  const Weights after = weights_of(store, change);
  for (const auto& [path, values] : after) {
    done.largest_change = larger(done.largest_change, largest_difference(values, before.at(path)));
    done.largest_number = larger(done.largest_number, largest_magnitude(values));
  }
  // The base is opened as the adapter knows it, hash and all.
  if (const std::string base = base_beside(adapter); !base.empty()) {
    done.base = find_base(base_of_change(adapter), adapter);
    const OpenedModel with_adapter(adapter, device);
    done.largest_difference = check_is_base(done, store, with_adapter.store(), change, merged, adapter);
  }
  opened.save(output, {.dtype = dtype});
  return done;
}

}  // namespace thaw
