// SPDX-License-Identifier: Apache-2.0
// From a configuration and a file of tensors to a change.
#include "models/hub/peft/read_adapter.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string_view>

#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/adapter_file.h"
#include "models/hub/peft/module_matching.h"
#include "models/hub/peft/prefix_slots.h"
#include "models/hub/peft/word_tables.h"
#include "nn/adapters.h"
#include "nn/change/table_rows.h"
#include "nn/name_path.h"
#include "nn/soft_prompt.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr size_t longest_name = 200;  // that is told in full
const std::string token_rows = token_rows_ending;

// The rows that are not those of the base, bit by bit.
std::vector<int64_t> other_rows(const Tensor& table, const Tensor& base) {
  const std::vector<std::byte> ours = table.to(base.dtype()).to_bytes(), theirs = base.to_bytes();
  const size_t width = ours.size() / static_cast<size_t>(table.size(0));
  std::vector<int64_t> other;
  for (size_t row = 0; row * width < ours.size(); ++row)
    if (std::memcmp(ours.data() + row * width, theirs.data() + row * width, width) != 0)
      other.push_back(static_cast<int64_t>(row));
  return other;
}

// Every module that has parameters, itself or below it.
std::set<std::string> modules_of(const std::vector<Parameter>& parameters) {
  std::set<std::string> modules;
  const auto add = [&](const std::string& name) {
    for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
      modules.insert(name.substr(0, dot));
  };
  for (const Parameter& parameter : parameters) {
    add(parameter.name());
    for (const std::string& other : parameter.other_names()) add(other);
  }
  return modules;
}

class AdapterReader {
 public:
  AdapterReader(const std::string& directory, const ParameterStore& store)
      : store_(store),
        config_path_(directory + "/" + adapter_config_name),
        config_(read_adapter_config(directory)),
        matching_(config_, config_path_),
        file_(directory, config_.kind) {
    const std::vector<Parameter> adapters = adapter_parameters(store);
    for (const Parameter& parameter : store.all())
      if (std::ranges::none_of(adapters, [&](const Parameter& other) { return other.same(parameter); }))
        base_.push_back(parameter);
  }

  ModelChange read() {
    for (const auto& product : store_.products())
      if (is_adapted(*product)) read_adapter(*product);
    if (config_.kind == AdapterConfig::Kind::prompt)
      read_prompt();
    else if (config_.kind == AdapterConfig::Kind::prefix)
      read_prefix();
    else if (change_.products.empty())
      fail("{}: target_modules: the model has no product of those names", config_path_);
    for (const std::string& module : modules_of(base_)) {
      if (!matching_.saves(module)) continue;
      read_whole(module);
      read_doubles(module);
    }
    read_rows();
    read_words();
    if (config_.biases != AdapterConfig::Biases::none) read_biases();
    if (const std::string left = file_.first_left(); !left.empty())
      fail("{}: tensor {}: the configuration says of no module that it has this", file_.path(),
           quote(left, longest_name));
    return std::move(change_);
  }

 private:
  bool is_adapted(const Product& product) const {
    if (!matching_.targets(product.path)) return false;
    if (!matching_.is_about_all() || product.role != ProductRole::other) return true;
    // "all-linear" leaves out what it knows to be a head.
    return file_.has(product.path + ".lora_A.weight") || file_.has(product.path + ".ia3_l");
  }

  void read_adapter(const Product& product) {
    const std::string& path = product.path;
    const int64_t in = product.in(), out = product.out();
    ModelChange::Adapters& adapters = change_.products[path];
    if (config_.kind == AdapterConfig::Kind::ia3) {
      const bool on_input = matching_.scales_input(path);
      adapters.scaling.emplace(
          ModelChange::Scaling{on_input, file_.take(path + ".ia3_l", on_input ? Shape{1, in} : Shape{out, 1})});
      return;
    }
    const int64_t rank = matching_.rank(path);
    ModelChange::LowRank& low = adapters.low_rank.emplace();
    low.options = {rank, matching_.alpha(path), config_.dropout, config_.rank_stabilised, config_.magnitudes};
    low.a = file_.take(path + ".lora_A.weight", {rank, in});
    low.b = file_.take(path + ".lora_B.weight", {out, rank});
    if (config_.magnitudes) low.magnitude = file_.take(path + ".lora_magnitude_vector", {out});
  }

  void read_prompt() {
    if (store_.soft_prompts().size() != 1)
      fail("{}: peft_type: a model with {} places of prompts, one is expected", config_path_,
           store_.soft_prompts().size());
    const SoftPrompt& place = *store_.soft_prompts()[0];
    const int64_t n = config_.prompt_rows, width = place.words.value().size(1);
    const Tensor all = file_.take(prompt_name, {n * config_.submodules, width});
    change_.prompts[place.path] = all.slice(0, 0, n).clone();
  }

  void read_prefix() {
    std::optional<PrefixSlots> slots;
    try {
      slots.emplace(store_, config_.prefix_layers);
    } catch (const std::invalid_argument& error) {
      fail("{}: num_layers: {}", config_path_, error.what());
    }
    if (const int64_t own = slots->is_encoder_decoder() ? 2 : 1; config_.submodules != own)
      fail("{}: num_transformer_submodules: {}, of this model {} is expected", config_path_, config_.submodules, own);
    change_.prefixes =
        slots->prefixes(file_.take(prompt_name, {config_.prompt_rows, 2 * slots->layers() * slots->width()}));
  }

  // All parameters of the module.
  void read_whole(const std::string& module) {
    for (const Parameter& parameter : base_)
      if (is_below(parameter.name(), module)) read_whole(parameter);
    for (const Parameter& parameter : base_)
      for (const std::string& other : parameter.other_names())
        if (is_below(other, module)) fail_tied(other, parameter);
  }
  void read_whole(const Parameter& parameter) {
    const std::string& name = parameter.name();
    for (const auto& product : store_.products())
      if (product->weight.same(parameter) && product->path + ".weight" != name)
        fail_tied(product->path + ".weight", parameter);
    if (!parameter.other_names().empty()) fail_tied(parameter.other_names()[0], parameter);
    if (!change_.tensors.contains(name)) change_.tensors.emplace(name, file_.take(name, parameter.value().shape()));
  }
  [[noreturn]] void fail_tied(const std::string& other, const Parameter& parameter) const {
    fail("{}: modules_to_save: {} is tied to {}: a module of its own in its place is not supported", config_path_,
         other, parameter.name());
  }

  void read_rows() {
    std::vector<std::string> modules;  // tables of words are not named in the configuration
    for (const std::string& name : file_.names())
      if (name.ends_with(token_rows)) modules.push_back(name.substr(0, name.size() - token_rows.size()));
    if (!config_.token_rows.empty()) {
      std::set<std::string> tables;
      for (const std::string& module : modules)
        if (const Parameter table = parameter(module + ".weight"); table.defined()) tables.insert(table.name());
      if (tables.size() != 1)
        fail("{}: trainable_token_indices: {} tables have rows in {}, one is expected", config_path_, tables.size(),
             file_.path());
      read_rows(modules[0], config_.token_rows);
    }
    for (const auto& entry : config_.rows_of_modules) {
      const std::string& ending = entry.first;
      const auto found = std::ranges::find_if(
          modules, [&](const std::string& module) { return ModuleMatching::ends_with(module, ending); });
      if (found == modules.end())
        fail("{}: trainable_token_indices: {} has no rows in {}", config_path_, quote(ending), file_.path());
      read_rows(*found, entry.second);
    }
  }
  void read_rows(const std::string& module, const std::vector<int64_t>& rows) {
    const Parameter table = parameter(module + ".weight");
    if (!table.defined() || table.value().rank() != 2)
      fail("{}: trainable_token_indices: the model has no table {}", config_path_, quote(module));
    try {
      check_rows_alone(store_, table);
    } catch (const std::invalid_argument& error) {
      fail("{}: trainable_token_indices: {}", config_path_, error.what());
    }
    std::set<int64_t> seen;
    for (const int64_t row : rows) {
      if (row >= table.value().size(0))
        fail("{}: trainable_token_indices: row {} of {}, which has {}", config_path_, row, module,
             table.value().size(0));
      if (!seen.insert(row).second)
        fail("{}: trainable_token_indices: row {} of {} is there twice", config_path_, row, module);
    }
    const Shape shape{static_cast<int64_t>(rows.size()), table.value().size(1)};
    const Tensor values = file_.take(module + token_rows, shape);
    change_.rows[table.name()] = {rows, values};
    for (const std::string& other : modules_with(table)) take_same(other + token_rows, module + token_rows, values);
  }

  // Those whose weight the parameter is: its own module, others by its other names, products that are tied to it.
  std::vector<std::string> modules_with(const Parameter& weight) const {
    std::vector<std::string> modules;
    const auto add = [&](const std::string& name) {
      if (!name.ends_with(".weight")) return;
      const std::string module = name.substr(0, name.size() - std::string_view(".weight").size());
      if (std::ranges::find(modules, module) == modules.end()) modules.push_back(module);
    };
    add(weight.name());
    for (const std::string& other : weight.other_names()) add(other);
    for (const auto& product : store_.products())
      if (product->weight.same(weight)) add(product->path + ".weight");
    return modules;
  }

  // By its own name or another.
  Parameter parameter(const std::string& name) const {
    for (const Parameter& parameter : base_)
      if (parameter.name() == name || std::ranges::count(parameter.other_names(), name) > 0) return parameter;
    return {};
  }

  // With `bias` "all", and of tables of words that grew, peft stores numbers of whole modules once more, and what they
  // were in the base.
  void read_doubles(const std::string& module) {
    for (const auto& [name, value] : change_.tensors) {
      if (!is_below(name, module)) continue;
      const std::string end = name.substr(module.size());
      take_same(module + ".modules_to_save" + end, name, value);
      if (const std::string before = module + ".original_module" + end; file_.has(before))
        file_.take(before, value.shape());
    }
  }
  // If it is there, it must be what `first` is.
  void take_same(const std::string& again, const std::string& first, const Tensor& value) {
    if (file_.has(again) && file_.take(again, value.shape()).to_bytes() != value.to_bytes())
      fail("{}: tensor {}: its numbers differ from those of {}", file_.path(), again, first);
  }

  // Of a vocabulary that grew peft stores the tables of words whole, whatever the configuration says of them, and a
  // tied one under each of its names.
  void read_words() {
    for (const auto& place : store_.soft_prompts()) {
      read_words(place->words);
      for (const auto& product : store_.products())
        if (product->weight.value().shape() == place->words.value().shape()) read_words(product->weight);
    }
  }
  void read_words(const Parameter& table) {
    if (change_.tensors.contains(table.name())) return;
    std::string first;
    Tensor whole;
    for (const std::string& module : modules_with(table))
      for (const char* end : {".weight", ".token_adapter.base_layer.weight"}) {
        const std::string name = module + end;
        if (!file_.has(name)) continue;
        if (!first.empty()) {
          take_same(name, first, whole);
        } else {
          first = name;
          whole = file_.take(name, table.value().shape());
        }
      }
    if (!first.empty()) take_words(table, whole);
  }
  // As rows, where most of them are the base's.
  void take_words(const Parameter& table, const Tensor& whole) {
    if (const auto trained = change_.rows.find(table.name()); trained != change_.rows.end()) {
      write_rows(whole, trained->second.numbers, trained->second.values);
      change_.rows.erase(trained);
    }
    const std::vector<int64_t> other = other_rows(whole, table.value());
    if (std::ssize(other) * 2 > whole.size(0))
      change_.tensors[table.name()] = whole;
    else if (!other.empty())
      change_.rows[table.name()] = {other, copy_of_rows(whole, other)};
  }

  void read_biases() {
    for (const Parameter& parameter : base_) {
      const std::string& name = parameter.name();
      if (!name.ends_with(".bias") || change_.tensors.contains(name)) continue;
      const std::string module = name.substr(0, name.size() - 5);
      const bool adapted = change_.products.contains(module);
      if (!adapted && config_.biases == AdapterConfig::Biases::adapted) continue;
      change_.tensors.emplace(name,
                              file_.take(module + (adapted ? ".base_layer.bias" : ".bias"), parameter.value().shape()));
    }
  }

  const ParameterStore& store_;
  std::vector<Parameter> base_;  // the store's parameters, but for adapters'
  std::string config_path_;
  AdapterConfig config_;
  ModuleMatching matching_;
  AdapterFile file_;
  ModelChange change_;
};

}  // namespace

ModelChange read_adapter(const std::string& directory, const ParameterStore& store) {
  return AdapterReader(directory, store).read();
}

}  // namespace thaw
