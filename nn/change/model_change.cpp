// SPDX-License-Identifier: Apache-2.0
// Takes a change out of a store, and holds one to a store's model.
#include "nn/change/model_change.h"

#include <algorithm>
#include <optional>
#include <set>

#include "nn/adapters.h"
#include "nn/name_pattern.h"
#include "nn/soft_prompt.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

Tensor on_host(const Tensor& value) {
  return Tensor::from_bytes(value.to_bytes(), value.shape(), value.dtype(), Device::open("reference"));
}

Tensor on_host(const Parameter& parameter) { return parameter.defined() ? on_host(parameter.value()) : Tensor(); }

ModelChange::Adapters adapters_of(const Product& product) {
  ModelChange::Adapters all;
  if (const auto& on = product.low_rank)
    all.low_rank.emplace(ModelChange::LowRank{on->options, on_host(on->a), on_host(on->b), on_host(on->magnitude)});
  if (const auto& on = product.scaling) all.scaling.emplace(ModelChange::Scaling{on->on_input, on_host(on->factors)});
  if (const auto& on = product.bottleneck)
    all.bottleneck.emplace(ModelChange::Bottleneck{on->options, on_host(on->down), on_host(on->down_bias),
                                                   on_host(on->up), on_host(on->up_bias)});
  return all;
}

ModelChange adapters_of(const ParameterStore& store) {
  ModelChange change;
  for (const auto& product : store.products())
    if (product->adapted()) change.products.emplace(product->path, adapters_of(*product));
  for (const auto& prompt : store.soft_prompts())
    if (prompt->count() > 0) change.prompts.emplace(prompt->path, on_host(prompt->rows));
  for (const auto& prefix : store.attention_prefixes())
    if (prefix->count() > 0)
      change.prefixes.emplace(prefix->path, ModelChange::Prefix{on_host(prefix->keys), on_host(prefix->values)});
  return change;
}

bool is_of_adapter(const std::vector<Parameter>& adapters, const Parameter& parameter) {
  return std::ranges::any_of(adapters, [&](const Parameter& other) { return other.same(parameter); });
}

std::string near(const std::string& name, const std::vector<std::string>& names) {
  return near_names(NamePattern::literal(name), names);
}

const Product& product_at(const ParameterStore& store, const std::string& path) {
  std::vector<std::string> paths;
  for (const auto& product : store.products()) {
    if (product->path == path) return *product;
    paths.push_back(product->path);
  }
  throw std::invalid_argument(
      fmt::format("{}: the model has no product of that name; near names: {}", path, near(path, paths)));
}

Parameter parameter_at(const ParameterStore& store, const std::string& name) {
  const Parameter found = store.find(name);
  if (found.defined()) return found;
  std::vector<std::string> names;
  for (const Parameter& parameter : store.all()) names.push_back(parameter.name());
  throw std::invalid_argument(
      fmt::format("{}: the model has no parameter of that name; near names: {}", name, near(name, names)));
}

void check_tensor(const std::string& name, const Tensor& tensor, const Shape& shape) {
  check(tensor.defined(), "{}: the change has no numbers for it", name);
  check(is_floating(tensor.dtype()), "{}: {} numbers are no weights", name, name_of(tensor.dtype()));
  check(tensor.shape() == shape, "{}: its shape is {}, the model needs {}", name, tensor.shape(), shape);
}

void check_fits(const ModelChange::Adapters& adapters, const Product& product) {
  const std::string& path = product.path;
  const int64_t in = product.in(), out = product.out();
  if (const auto& low = adapters.low_rank) {
    const int64_t rank = low->options.rank;
    check(rank > 0 && rank <= std::min(in, out), "{}: a rank of {} does not fit a product from {} to {}", path, rank,
          in, out);
    check_tensor(path + ".lora_A.weight", low->a, {rank, in});
    check_tensor(path + ".lora_B.weight", low->b, {out, rank});
    if (low->options.magnitudes) check_tensor(path + ".lora_magnitude_vector", low->magnitude, {out});
  }
  if (const auto& scaling = adapters.scaling)
    check_tensor(path + ".ia3_l", scaling->factors, scaling->on_input ? Shape{1, in} : Shape{out, 1});
  if (const auto& bottleneck = adapters.bottleneck) {
    const int64_t size = bottleneck->options.size;
    check(size > 0, "{}: an adapter of size {}", path, size);
    check_tensor(path + ".adapter_down.weight", bottleneck->down, {size, out});
    check_tensor(path + ".adapter_down.bias", bottleneck->down_bias, {size});
    check_tensor(path + ".adapter_up.weight", bottleneck->up, {out, size});
    check_tensor(path + ".adapter_up.bias", bottleneck->up_bias, {out});
  }
}

void check_fits(const std::string& name, const ModelChange::Rows& rows, const Parameter& parameter) {
  Shape shape = parameter.value().shape();
  check(shape.rank() > 0, "{}: one number has no rows", name);
  std::set<int64_t> seen;
  for (const int64_t row : rows.numbers) {
    check(row >= 0 && row < shape[0], "{}: row {} is not among its {}", name, row, shape[0]);
    check(seen.insert(row).second, "{}: row {} is changed twice", name, row);
  }
  check(!rows.numbers.empty(), "{}: no row of it is changed", name);
  shape[0] = static_cast<int64_t>(rows.numbers.size());
  check_tensor(name, rows.values, shape);
}

void check_prompt(const std::string& path, const Tensor& rows, const ParameterStore& store) {
  const auto prompt = std::ranges::find_if(store.soft_prompts(), [&](const auto& p) { return p->path == path; });
  check(prompt != store.soft_prompts().end(), "{}: no part of the model of that name takes a prompt",
        path.empty() ? "\"\"" : path);
  const std::string name = (path.empty() ? "" : path + ".") + "prompt_embeddings";
  check(rows.defined() && rows.rank() == 2 && rows.size(0) > 0, "{}: a prompt of no rows", name);
  check_tensor(name, rows, {rows.size(0), (*prompt)->words.value().size(1)});
  check(rows.size(0) < (*prompt)->positions, "{}: a text may have {} tokens: a prompt of {} leaves none", name,
        (*prompt)->positions, rows.size(0));
}

const AttentionPrefix& attention_at(const ParameterStore& store, const std::string& path) {
  std::vector<std::string> paths;
  for (const auto& prefix : store.attention_prefixes()) {
    if (prefix->path == path) return *prefix;
    paths.push_back(prefix->path);
  }
  throw std::invalid_argument(
      fmt::format("{}: the model has no self-attention of that name; near names: {}", path, near(path, paths)));
}

void check_prefix(const std::string& path, const ModelChange::Prefix& prefix, const ParameterStore& store) {
  const int64_t width = attention_at(store, path).width;
  const Tensor& keys = prefix.keys;
  check(keys.defined() && keys.rank() == 2 && keys.size(0) > 0, "{}.prefix_keys: a prefix of no rows", path);
  check_tensor(path + ".prefix_keys", keys, {keys.size(0), width});
  check_tensor(path + ".prefix_values", prefix.values, {keys.size(0), width});
  for (const auto& body : store.soft_prompts())
    check(keys.size(0) < body->positions, "{}.prefix_keys: a text may have {} tokens: a prefix of {} leaves none", path,
          body->positions, keys.size(0));
}

}  // namespace

ModelChange change_of(const ParameterStore& store) {
  ModelChange change = adapters_of(store);
  const std::vector<Parameter> adapters = adapter_parameters(store);
  for (const Parameter& parameter : store.trained()) {
    if (is_of_adapter(adapters, parameter)) continue;
    if (const std::optional<RowRanges>& rows = parameter.trained_rows()) {
      ModelChange::Rows& changed = change.rows[parameter.name()];
      for (const RowRanges::Range& range : rows->ranges())
        for (int64_t row = range.begin; row < range.end; ++row) changed.numbers.push_back(row);
      changed.values = on_host(take_ranges(parameter.value(), 0, *rows));
    } else {
      change.tensors.emplace(parameter.name(), on_host(parameter));
    }
  }
  return change;
}

ModelChange change_of(const ParameterStore& store, std::span<const std::string> names) {
  ModelChange change = adapters_of(store);
  const std::vector<Parameter> adapters = adapter_parameters(store);
  for (const std::string& name : names) {
    const Parameter parameter = parameter_at(store, name);
    check(!is_of_adapter(adapters, parameter), "{}: is an adapter's, which are part of a change anyway", name);
    change.tensors.emplace(name, on_host(parameter));
  }
  return change;
}

void check_fits(const ModelChange& change, const ParameterStore& store) {
  for (const auto& [path, adapters] : change.products) check_fits(adapters, product_at(store, path));
  for (const auto& [path, rows] : change.prompts) check_prompt(path, rows, store);
  for (const auto& [path, prefix] : change.prefixes) check_prefix(path, prefix, store);
  for (const auto& [name, tensor] : change.tensors)
    check_tensor(name, tensor, parameter_at(store, name).value().shape());
  for (const auto& [name, rows] : change.rows) {
    check(!change.tensors.contains(name), "{}: is changed as a whole and in rows", name);
    check_fits(name, rows, parameter_at(store, name));
  }
}

}  // namespace thaw
