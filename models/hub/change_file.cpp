// SPDX-License-Identifier: Apache-2.0
// A change to one file and back.
#include "models/hub/change_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "nn/activation.h"
#include "nn/adapters.h"
#include "nn/change/since_base.h"
#include "nn/change/table_rows.h"
#include "tensor/check.h"
#include "tensor/io/finite_weights.h"
#include "tensor/io/json.h"
#include "tensor/io/safetensors.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* key = "thaw_change";  // of the metadata
constexpr uint64_t version = 1;

std::string name_of_prompt(const std::string& path) { return (path.empty() ? "" : path + ".") + "prompt_embeddings"; }

// Calls f(name, tensor) for each, by the names of parameters.
template <typename F>
void for_each_tensor(const ModelChange& change, F f) {
  for (const auto& [path, on] : change.products) {
    if (on.low_rank) {
      f(path + ".lora_A.weight", on.low_rank->a);
      f(path + ".lora_B.weight", on.low_rank->b);
      if (on.low_rank->magnitude.defined()) f(path + ".lora_magnitude_vector", on.low_rank->magnitude);
    }
    if (on.scaling) f(path + ".ia3_l", on.scaling->factors);
    if (on.bottleneck) {
      f(path + ".adapter_down.weight", on.bottleneck->down);
      f(path + ".adapter_down.bias", on.bottleneck->down_bias);
      f(path + ".adapter_up.weight", on.bottleneck->up);
      f(path + ".adapter_up.bias", on.bottleneck->up_bias);
    }
  }
  for (const auto& [path, rows] : change.prompts) f(name_of_prompt(path), rows);
  for (const auto& [path, prefix] : change.prefixes) {
    f(path + ".prefix_keys", prefix.keys);
    f(path + ".prefix_values", prefix.values);
  }
  for (const auto& [name, tensor] : change.tensors) f(name, tensor);
  for (const auto& [name, rows] : change.rows) f(name, rows.values);
}

Json described(const LowRankOptions& o) {
  Json json = Json::object();
  json.set("r", static_cast<uint64_t>(o.rank));
  json.set("alpha", o.alpha);
  json.set("dropout", o.dropout);
  json.set("rank_stabilised", o.rank_stabilised);
  json.set("magnitudes", o.magnitudes);
  return json;
}

Json described(const SavedChange& saved) {
  Json products = Json::object(), rows = Json::object();
  for (const auto& [path, adapters] : saved.change.products) {
    Json on = Json::object();
    if (adapters.low_rank) on.set("lora", described(adapters.low_rank->options));
    if (adapters.scaling) {
      Json scaling = Json::object();
      scaling.set("input", adapters.scaling->on_input);
      on.set("ia3", std::move(scaling));
    }
    if (adapters.bottleneck) {
      Json bottleneck = Json::object();
      bottleneck.set("size", static_cast<uint64_t>(adapters.bottleneck->options.size));
      bottleneck.set("activation", std::string(name_of(adapters.bottleneck->options.activation)));
      on.set("adapter", std::move(bottleneck));
    }
    products.set(path, std::move(on));
  }
  for (const auto& [name, changed] : saved.change.rows) {
    std::vector<Json> numbers;
    for (const int64_t row : changed.numbers) numbers.emplace_back(static_cast<uint64_t>(row));
    rows.set(name, std::move(numbers));
  }
  Json json = Json::object();
  json.set("version", version);
  json.set("base", saved.base.path);
  json.set("base_hash", saved.base.hash);
  json.set("products", std::move(products));
  json.set("rows", std::move(rows));
  std::vector<Json> prompts;
  for (const auto& [path, value] : saved.change.prompts) prompts.emplace_back(path);
  json.set("prompts", std::move(prompts));
  std::vector<Json> prefixes;
  for (const auto& [path, value] : saved.change.prefixes) prefixes.emplace_back(path);
  if (!prefixes.empty()) json.set("prefixes", std::move(prefixes));
  return json;
}

LowRankOptions low_rank_of(const Json& json) {
  LowRankOptions o;
  o.rank = json.get_int("r", 1, INT32_MAX);
  o.alpha = json.get_number("alpha", 0);
  o.dropout = json.get_number("dropout", 0, 1);
  o.rank_stabilised = json.get_bool("rank_stabilised");
  o.magnitudes = json.get_bool("magnitudes");
  return o;
}

// The tensors of a file, each taken once.
class Tensors {
 public:
  // Without numbers they are not defined.
  Tensors(const SafetensorsFile& file, bool with_numbers) : file_(file), with_numbers_(with_numbers) {
    for (const SafetensorsEntry& entry : file.entries()) left_.insert(entry.name);
  }
  Tensor take(const std::string& name) {
    if (!left_.contains(name)) fail("{}: it lacks the tensor {}", file_.path(), name);
    return taken(name);
  }
  std::map<std::string, Tensor> rest() {
    std::map<std::string, Tensor> all;
    while (!left_.empty()) {
      const std::string name = *left_.begin();
      all.emplace(name, taken(name));
    }
    return all;
  }

 private:
  Tensor taken(const std::string& name) {
    left_.erase(name);
    if (!with_numbers_) return {};
    const SafetensorsEntry& entry = file_.at(name);
    const auto dtype = entry.thaw_dtype();
    if (!dtype || !is_floating(*dtype)) fail("{}: {} is {}, no weights", file_.path(), name, entry.dtype);
    if (const int64_t bad = count_not_finite(entry); bad > 0)
      fail("{}: {} holds NaN or infinity ({} of {} numbers are not finite)", file_.path(), name, bad, entry.count());
    return Tensor::from_bytes(entry.bytes, Shape(entry.shape), *dtype, Device::open("reference"));
  }

  const SafetensorsFile& file_;
  bool with_numbers_;
  std::set<std::string> left_;
};

ModelChange::Adapters adapters_of(const std::string& path, const Json& json, Tensors& tensors) {
  ModelChange::Adapters on;
  if (const Json* lora = json.find("lora")) {
    const LowRankOptions o = low_rank_of(*lora);
    on.low_rank.emplace(ModelChange::LowRank{o, tensors.take(path + ".lora_A.weight"),
                                             tensors.take(path + ".lora_B.weight"),
                                             o.magnitudes ? tensors.take(path + ".lora_magnitude_vector") : Tensor()});
  }
  if (const Json* ia3 = json.find("ia3"))
    on.scaling.emplace(ModelChange::Scaling{ia3->get_bool("input"), tensors.take(path + ".ia3_l")});
  if (const Json* adapter = json.find("adapter")) {
    const BottleneckOptions o{adapter->get_int("size", 1, INT32_MAX),
                              activation_named(adapter->get_string("activation"), adapter->where())};
    on.bottleneck.emplace(ModelChange::Bottleneck{
        o, tensors.take(path + ".adapter_down.weight"), tensors.take(path + ".adapter_down.bias"),
        tensors.take(path + ".adapter_up.weight"), tensors.take(path + ".adapter_up.bias")});
  }
  return on;
}

SavedChange read(const std::string& path, bool with_numbers) {
  const SafetensorsFile file(path);
  const auto found = file.metadata().find(key);
  if (found == file.metadata().end()) fail("{}: is no change of a model: its metadata have no {}", path, quote(key));
  const Json json = Json::parse(found->second, fmt::format("{}: {}", path, key));
  if (const uint64_t written = json.get_uint("version"); written != version)
    fail("{}: is of version {}, {} is read", json.where(), written, version);
  SavedChange saved{{json.get_string("base"), json.get_string("base_hash")}, {}};
  Tensors tensors(file, with_numbers);
  for (const JsonMember& member : json.get_object("products").members())
    saved.change.products.emplace(member.key, adapters_of(member.key, member.value, tensors));
  const Json& rows = json.get_object("rows");
  for (const JsonMember& member : rows.members())
    saved.change.rows.emplace(member.key, ModelChange::Rows{rows.get_ints(member.key, 0), tensors.take(member.key)});
  for (const std::string& prompt : json.get_strings("prompts"))
    saved.change.prompts.emplace(prompt, tensors.take(name_of_prompt(prompt)));
  if (json.contains("prefixes"))
    for (const std::string& attention : json.get_strings("prefixes"))
      saved.change.prefixes.emplace(attention, ModelChange::Prefix{tensors.take(attention + ".prefix_keys"),
                                                                   tensors.take(attention + ".prefix_values")});
  saved.change.tensors = tensors.rest();
  return saved;
}

}  // namespace

void write_change(const std::string& path, const SavedChange& saved) {
  std::map<std::string, std::vector<std::byte>> bytes;
  std::vector<SafetensorsEntry> entries;
  for_each_tensor(saved.change, [&](const std::string& name, const Tensor& value) {
    bytes[name] = value.to_bytes();
    entries.push_back({name, std::string(safetensors_name(value.dtype())),
                       std::vector<int64_t>(value.shape().begin(), value.shape().end()), bytes.at(name)});
  });
  write_safetensors(path, std::move(entries), {{"format", "pt"}, {key, described(saved).dump()}});
}

void copy_values(const ModelChange& change, const ParameterStore& store, const std::string& origin) {
  std::vector<std::pair<Parameter, const Tensor*>> values;
  for_each_tensor(change, [&](const std::string& name, const Tensor& value) {
    const Parameter parameter = store.find(name);
    if (!parameter.defined()) fail("{}: {} is no parameter of this model", origin, name);
    const auto rows = change.rows.find(name);
    Shape shape = parameter.value().shape();
    if (rows != change.rows.end()) shape[0] = std::ssize(rows->second.numbers);
    if (value.shape() != shape || value.dtype() != parameter.value().dtype())
      fail("{}: {} is {} {}, expected {} {}", origin, name, name_of(value.dtype()), value.shape(),
           name_of(parameter.value().dtype()), shape);
    values.emplace_back(parameter, &value);
  });
  for (const Parameter& adapter : adapter_parameters(store))
    if (std::ranges::none_of(values, [&](const auto& given) { return given.first.same(adapter); }))
      fail("{}: it lacks {}, which no base has", origin, adapter.name());
  for (const auto& [parameter, value] : values) {
    const Tensor there = value->to(store.device());
    const auto rows = change.rows.find(parameter.name());
    if (rows == change.rows.end()) {
      mark_changed_whole(parameter);
      parameter.value().copy_from(there);
    } else {
      parameter.mark_changed_rows(RowRanges::of(rows->second.numbers));
      write_rows(parameter.value(), rows->second.numbers, there);
    }
  }
}

SavedChange read_change(const std::string& path) { return read(path, true); }
SavedChange read_change_outline(const std::string& path) { return read(path, false); }

}  // namespace thaw
