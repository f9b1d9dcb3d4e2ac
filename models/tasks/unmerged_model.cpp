// SPDX-License-Identifier: Apache-2.0
// Merges the opposite of an adapter.
#include "models/tasks/unmerged_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "models/hub/bare_change.h"
#include "models/hub/change_directory.h"
#include "models/hub/model_directory.h"
#include "models/tasks/opened_model.h"
#include "models/tasks/task_record.h"
#include "models/text/tokenizer.h"
#include "nn/change/applied_change.h"
#include "nn/change/merge.h"
#include "tensor/check.h"

namespace thaw {
namespace {

using Weights = std::map<std::string, std::vector<float>>;

// What rounding explains, as a share of the largest number.
double bound(DType dtype) { return dtype == DType::f32 ? 1e-5 : 0.02; }

double largest(const std::vector<float>& values) {
  double most = 0;
  for (const float value : values) most = std::max(most, std::abs(static_cast<double>(value)));
  return most;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(static_cast<double>(a[i]) - b.at(i)));
  return most;
}

Tensor mapped(const Tensor& tensor, float (*f)(float)) {
  std::vector<float> values = tensor.to_host<float>();
  std::ranges::transform(values, values.begin(), f);
  return Tensor::from_host(values, tensor.shape(), tensor.device(), tensor.dtype());
}

void check_undoable(const ModelChange& change, const std::string& directory) {
  check(change.prompts.empty(), "{}: a prompt is no part of a weight: the model is its base", directory);
  check(!change.products.empty(), "{}: has no adapter that could be in a weight", directory);
  for (const auto& [path, on] : change.products) {
    check(!on.bottleneck, "{}: a bottleneck adapter is no part of a weight", path);
    check(!on.low_rank || !on.low_rank->options.magnitudes,
          "{}: the lengths that DoRA gave its rows cannot be undone: the base's are not known", path);
    if (!on.scaling) continue;
    const std::vector<float> factors = on.scaling->factors.to_host<float>();
    check(std::ranges::count(factors, 0.0F) == 0, "{}: a factor of 0 cannot be undone", path);
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
    if (change.products.contains(product->path)) weights[product->path] = product->weight.value().to_host<float>();
  return weights;
}

// What the adapter brought whole, the merged model has.
void check_has(const ParameterStore& store, const ModelChange& change, const std::string& merged,
               const std::string& adapter, DType dtype) {
  const auto check_same = [&](const std::string& name, const Tensor& ours, const Tensor& theirs) {
    const std::vector<float> values = theirs.to_host<float>();
    if (largest_difference(ours.to_host<float>(), values) > bound(dtype) * largest(values))
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
  const std::unique_ptr<Tokenizer> tokenizer = load_tokenizer(merged);
  UnmergedModel done;
  const OpenedModel opened(merged, device);
  ParameterStore& store = opened.store();
  const ModelChange change = read_change_of(adapter, store);
  check_undoable(change, adapter);
  check_has(store, change, merged, adapter, dtype);
  for (const auto& [name, tensor] : change.tensors) done.kept.push_back(name);
  for (const auto& [name, rows] : change.rows) done.kept.push_back("rows of " + name);
  done.products = std::ssize(change.products);

  const Weights before = weights_of(store, change);
  merge_opposite(store, change);
  const Weights after = weights_of(store, change);
  for (const auto& [path, values] : after) {
    done.largest_change = std::max(done.largest_change, largest_difference(values, before.at(path)));
    done.largest_number = std::max(done.largest_number, largest(values));
  }
  // The base is opened as the adapter knows it, hash and all.
  if (const std::string base = base_beside(adapter); !base.empty()) {
    done.base = find_base(base_of_change(adapter), adapter);
    const OpenedModel with_adapter(adapter, device);
    for (const auto& [path, values] : weights_of(with_adapter.store(), change))
      done.largest_difference = std::max(done.largest_difference, largest_difference(values, after.at(path)));
    if (!(done.largest_difference <= bound(dtype) * std::max(done.largest_number, done.largest_change)))
      fail("{}: without {} it is not {}: weights differ by up to {:.3g}, of {:.3g}", merged, adapter, done.base,
           done.largest_difference, done.largest_number);
  }
  opened.save(output, *tokenizer, {.dtype = dtype});
  if (const auto record = read_task_record(merged)) write_task_record(output, *record);
  return done;
}

}  // namespace thaw
