// SPDX-License-Identifier: Apache-2.0
// Chooses keys and names for what is changed.
#include "models/hub/peft/adapter_layout.h"

#include <algorithm>
#include <optional>

#include "models/hub/peft/module_matching.h"
#include "models/hub/peft/prefix_slots.h"
#include "models/hub/peft/word_tables.h"
#include "nn/adapters.h"
#include "nn/name_path.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// The value that most have; of several the smallest.
double most_frequent(const std::map<std::string, double>& values) {
  std::map<double, int> counts;
  for (const auto& [module, value] : values) ++counts[value];
  return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
}

// Whole numbers are written as such.
Json number(double value) {
  const auto whole = static_cast<int64_t>(value);
  return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

// Is any module that a tensor of this name is in such a one?
template <typename IsSuch>
bool is_any_above(const std::string& tensor, const IsSuch& is_such) {
  for (size_t dot = tensor.find('.'); dot != std::string::npos; dot = tensor.find('.', dot + 1))
    if (is_such(tensor.substr(0, dot))) return true;
  return false;
}

Json differing(const std::map<std::string, double>& values, double usual) {
  Json pattern = Json::object();
  for (const auto& [module, value] : values)
    if (value != usual) pattern.set(module, number(value));
  return pattern;
}

}  // namespace

AdapterLayout::AdapterLayout(const ModelChange& change, const ParameterStore& store, const AdapterFacts& facts)
    : change_(change),
      store_(store),
      kind_(!change.prompts.empty()    ? AdapterConfig::Kind::prompt
            : !change.prefixes.empty() ? AdapterConfig::Kind::prefix
            : change.products.empty() || change.products.begin()->second.low_rank.has_value()
                ? AdapterConfig::Kind::lora
                : AdapterConfig::Kind::ia3) {
  const std::vector<Parameter> adapters = adapter_parameters(store);
  for (const Parameter& parameter : store.all())
    if (std::ranges::none_of(adapters, [&](const Parameter& other) { return other.same(parameter); }))
      base_.push_back(parameter);
  check(!change.products.empty() || !change.prompts.empty() || !change.prefixes.empty(),
        "a change without LoRA, IA3, prompt and prefix is nothing that peft's adapters can be");
  config_.set("base_model_name_or_path", facts.base_model.empty() ? Json() : Json(facts.base_model));
  config_.set("task_type", facts.task_type.empty() ? Json() : Json(facts.task_type));
  config_.set("inference_mode", true);
  if (AdapterConfig::is_prompt_learning(kind_)) {
    kind_ == AdapterConfig::Kind::prompt ? add_prompt() : add_prefix();
    add_modules();
    add_rows();
    check_meaning();
    return;
  }
  config_.set("exclude_modules", nullptr);
  const ModelChange::Adapters& first = change.products.begin()->second;
  for (const auto& [path, adapters_of_it] : change.products) {
    check(!adapters_of_it.bottleneck, "{}: peft has no bottleneck adapters", path);
    check(!(adapters_of_it.low_rank && adapters_of_it.scaling) &&
              adapters_of_it.low_rank.has_value() == first.low_rank.has_value(),
          "{}: LoRA beside IA3 is nothing that one adapter of peft can be", path);
  }
  if (first.low_rank) {
    add_low_ranks();
  } else {
    add_scalings();
  }
  add_targets();
  add_modules();
  add_rows();
  check_meaning();
}

void AdapterLayout::add_low_ranks() {
  const LowRankOptions& usual = change_.products.begin()->second.low_rank->options;
  std::map<std::string, double> ranks, alphas;
  for (const auto& [path, adapters] : change_.products) {
    const ModelChange::LowRank& low = *adapters.low_rank;
    const LowRankOptions& o = low.options;
    check(o.dropout == usual.dropout && o.rank_stabilised == usual.rank_stabilised && o.magnitudes == usual.magnitudes,
          "{}: its dropout, rs or dora is another than that of {}: one adapter of peft has the same for all", path,
          change_.products.begin()->first);
    ranks[path] = static_cast<double>(o.rank);
    alphas[path] = o.alpha > 0 ? o.alpha : ranks[path];
    tensors_[path + ".lora_A.weight"] = low.a;
    tensors_[path + ".lora_B.weight"] = low.b;
    if (o.magnitudes) tensors_[path + ".lora_magnitude_vector"] = low.magnitude;
  }
  const double rank = most_frequent(ranks), alpha = most_frequent(alphas);
  config_.set("peft_type", "LORA");
  config_.set("r", number(rank));
  config_.set("lora_alpha", number(alpha));
  config_.set("rank_pattern", differing(ranks, rank));
  config_.set("alpha_pattern", differing(alphas, alpha));
  config_.set("lora_dropout", usual.dropout);
  config_.set("use_rslora", usual.rank_stabilised);
  config_.set("use_dora", usual.magnitudes);
  config_.set("init_lora_weights", true);
  config_.set("bias", "none");
}

void AdapterLayout::add_scalings() {
  Json inputs = Json::array();
  for (const auto& [path, adapters] : change_.products) {
    tensors_[path + ".ia3_l"] = adapters.scaling->factors;
    if (adapters.scaling->on_input) inputs.push_back(path);
  }
  config_.set("peft_type", "IA3");
  config_.set("feedforward_modules", inputs);
  config_.set("init_ia3_weights", true);
}

void AdapterLayout::add_prompt() {
  check(change_.products.empty() && change_.prefixes.empty() && change_.prompts.size() == 1,
        "{}: a prompt beside other adapters or prompts is nothing that one adapter of peft can be",
        change_.prompts.begin()->first);
  const Tensor& rows = change_.prompts.begin()->second;
  // peft has the rows of an encoder-decoder twice, and reads those of the encoder, the first. The others are 0.
  const bool doubled = !config_.at("task_type").is_null() && config_.get_string("task_type") == "SEQ_2_SEQ_LM";
  const Tensor others = Tensor::zeros(rows.shape(), rows.dtype(), rows.device());
  tensors_[prompt_name] = doubled ? concat(std::vector{rows, others}, 0) : rows;
  config_.set("peft_type", "PROMPT_TUNING");
  config_.set("num_virtual_tokens", rows.size(0));
  config_.set("num_transformer_submodules", doubled ? 2 : 1);
  config_.set("token_dim", rows.size(1));
  // Peft finds these in most configurations, but not in one of two halves.
  const std::string& path = change_.prompts.begin()->first;
  int64_t layers = 0;
  for (const auto& attention : store_.attention_prefixes()) {
    if (!path.empty() && !is_below(attention->path, path)) continue;
    config_.set("num_attention_heads", attention->heads);
    ++layers;
  }
  if (layers > 0) config_.set("num_layers", layers);
  config_.set("prompt_tuning_init", "RANDOM");
}

void AdapterLayout::add_prefix() {
  check(change_.products.empty(), "{}: a prefix beside other adapters is nothing that one adapter of peft can be",
        change_.prefixes.begin()->first);
  const PrefixSlots slots(store_);
  const bool writes = !config_.at("task_type").is_null() && config_.get_string("task_type") == "SEQ_2_SEQ_LM";
  check(writes || !slots.is_encoder_decoder(), "{}: peft gives encoder-decoders prefixes for SEQ_2_SEQ_LM alone",
        change_.prefixes.begin()->first);
  const Tensor rows = tensors_[prompt_name] = slots.rows(change_.prefixes);
  config_.set("peft_type", "PREFIX_TUNING");
  config_.set("num_virtual_tokens", rows.size(0));
  config_.set("num_transformer_submodules", slots.is_encoder_decoder() ? 2 : 1);
  config_.set("num_layers", slots.layers());
  config_.set("num_attention_heads", slots.heads());
  config_.set("token_dim", slots.width());
  config_.set("encoder_hidden_size", slots.width());
  config_.set("prefix_projection", false);
}

// Short names where they mean the same: "query" for the products of all layers.
void AdapterLayout::add_targets() {
  std::set<std::string> targets;
  bool in_out = false;
  for (const auto& [path, adapters] : change_.products) {
    std::string name = path;
    for (size_t dot = path.rfind('.'); dot != std::string::npos;
         dot = dot == 0 ? std::string::npos : path.rfind('.', dot - 1)) {
      const std::string end = path.substr(dot + 1);
      const auto is_another = [&](const std::string& module) {
        return (module == end || module.ends_with("." + end)) && !change_.products.contains(module);
      };
      const bool means_others =
          std::ranges::any_of(store_.products(), [&](const auto& product) { return is_another(product->path); }) ||
          std::ranges::any_of(base_, [&](const Parameter& p) { return is_any_above(p.name(), is_another); });
      if (means_others) continue;
      name = end;
      break;
    }
    targets.insert(name);
  }
  for (const auto& product : store_.products())
    if (change_.products.contains(product->path)) in_out = in_out || product->layout == WeightLayout::in_out;
  // A scaled input must be among the targets by the same name.
  if (const Json* inputs = config_.find("feedforward_modules"))
    for (const Json& input : inputs->items()) targets.insert(input.as_string());
  config_.set("target_modules", std::vector<std::string>(targets.begin(), targets.end()));
  config_.set("fan_in_fan_out", in_out);
}

Tensor AdapterLayout::value(const Parameter& parameter) const {
  const auto changed = change_.tensors.find(parameter.name());
  if (changed != change_.tensors.end()) return changed->second;
  const Tensor& there = parameter.value();
  return Tensor::from_bytes(there.to_bytes(), there.shape(), there.dtype(), Device::open("reference"));
}

// The module whose own parameter it is, and that has no others in it.
std::string AdapterLayout::module_of(const std::string& parameter) const {
  const size_t dot = parameter.rfind('.');
  const std::string module = parameter.substr(0, dot == std::string::npos ? 0 : dot);
  const bool has_modules = std::ranges::any_of(base_, [&](const Parameter& other) {
    return is_below(other.name(), module) && other.name().find('.', module.size() + 1) != std::string::npos;
  });
  check(!module.empty() && !has_modules,
        "{}: peft stores whole modules, and this is no parameter of one without others", parameter);
  return module;
}

void AdapterLayout::save_whole(const std::string& module) {
  saved_.insert(module);
  for (const Parameter& parameter : base_) {
    const std::string& name = parameter.name();
    if (!is_below(name, module)) continue;
    const bool tied =
        !parameter.other_names().empty() || std::ranges::any_of(store_.products(), [&](const auto& product) {
          return product->weight.same(parameter) && product->path + ".weight" != name;
        });
    check(!tied, "{}: is tied to another module's, which peft would part from it", name);
    tensors_[name] = value(parameter);
  }
}

void AdapterLayout::add_modules() {
  const std::string task = config_.at("task_type").is_null() ? "" : config_.get_string("task_type");
  for (const std::string& head : heads_of_task(task)) {
    const bool there =
        std::ranges::any_of(base_, [&](const Parameter& parameter) { return is_below(parameter.name(), head); });
    if (there) save_whole(head);
  }
  const auto is_saved = [&](const std::string& name) {
    return std::ranges::any_of(saved_, [&](const std::string& module) { return is_below(name, module); });
  };
  bool adapted_biases = false;
  std::vector<std::string> biases, others;  // alone in their modules; the rest
  for (const auto& [name, tensor] : change_.tensors) {
    if (is_saved(name)) continue;
    const std::string module = module_of(name);
    if (change_.products.contains(module)) {
      check(name.ends_with(".bias") && config_.contains("bias"),
            "{}: peft does not store it beside the adapter of the same module", name);
      adapted_biases = true;
    } else {
      (name == module + ".bias" && !change_.tensors.contains(module + ".weight") ? biases : others).push_back(name);
    }
  }
  for (const std::string& name : others) save_whole(module_of(name));
  const bool all =
      !biases.empty() && config_.contains("bias") && std::ranges::all_of(base_, [&](const Parameter& parameter) {
        const std::string& name = parameter.name();
        return !name.ends_with(".bias") || is_saved(name) || change_.tensors.contains(name);
      });
  if (all || adapted_biases) add_biases(all);
  if (!all)
    for (const std::string& name : biases) save_whole(module_of(name));
  config_.set("modules_to_save",
              saved_.empty() ? Json() : Json(std::vector<std::string>(saved_.begin(), saved_.end())));
}

void AdapterLayout::add_biases(bool all) {
  config_.set("bias", all ? "all" : "lora_only");
  for (const Parameter& parameter : base_) {
    const std::string& name = parameter.name();
    if (!name.ends_with(".bias") || tensors_.contains(name)) continue;
    const std::string module = name.substr(0, name.size() - 5);
    if (change_.products.contains(module)) {
      tensors_[module + ".base_layer.bias"] = value(parameter);
    } else if (all) {
      tensors_[name] = value(parameter);
    }
  }
}

void AdapterLayout::add_rows() {
  if (change_.rows.empty()) return;
  check(config_.contains("bias"), "{}: peft does not store rows of tables beside IA3, a prompt or a prefix",
        change_.rows.begin()->first);
  Json indices = Json::object();
  for (const auto& changed : change_.rows) {
    const std::string& name = changed.first;
    const ModelChange::Rows& rows = changed.second;
    const std::string module = module_of(name);
    const bool is_product = std::ranges::any_of(store_.products(), [&](const auto& product) {
      return product->path == module && product->weight.name() == name;
    });
    check(name == module + ".weight" && rows.values.rank() == 2 && !is_product,
          "{}: peft stores rows of tables of words alone", name);
    for (const auto& product : store_.products())
      check(!change_.products.contains(product->path) || product->weight.name() != name,
            "{}: its weight is tied to {}, of which rows are trained: peft cannot put an adapter beside that",
            product->path, name);
    check_rows_alone(store_, store_.find(name));
    indices.set(module, rows.numbers);
    tensors_[module + token_rows_ending] = rows.values;
  }
  config_.set("trainable_token_indices", indices);
}

void AdapterLayout::check_meaning() const {
  const AdapterConfig config = AdapterConfig::from_json(config_);
  const ModuleMatching matching(config, adapter_config_name);
  for (const auto& product : store_.products()) {
    const std::string& path = product->path;
    const auto changed = change_.products.find(path);
    const bool adapted = changed != change_.products.end();
    check(matching.targets(path) == adapted, "{}: by the names of its modules peft would {}", path,
          adapted ? "store it whole, it cannot bear an adapter beside that" : "put an adapter on it, too");
    if (!adapted) continue;
    const auto& low = changed->second.low_rank;
    const bool same =
        low ? matching.rank(path) == low->options.rank &&
                  matching.alpha(path) ==
                      (low->options.alpha > 0 ? low->options.alpha : static_cast<double>(low->options.rank))
            : matching.scales_input(path) == changed->second.scaling->on_input;
    check(same, "{}: its name ends as another module's: peft cannot tell them apart", path);
  }
  for (const Parameter& parameter : base_) {
    const std::string& name = parameter.name();
    for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
      check(!matching.saves(name.substr(0, dot)) || tensors_.contains(name),
            "{}: its module's name ends as another's that is trained whole: peft cannot tell them apart", name);
  }
}

}  // namespace thaw
