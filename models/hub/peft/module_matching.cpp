// SPDX-License-Identifier: Apache-2.0
// Matches names of modules.
#include "models/hub/peft/module_matching.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int deepest = 100;  // groups within groups

// Do Python and ECMAScript read it alike? What only one of them knows the other may take for something else. And is it
// as small as names need: repetitions by number, one of them and of one digit, as each copies what it repeats.
bool is_common(const std::string& text) {
  constexpr std::string_view letters = "dDwWsSbBntrfv";  // behind a backslash
  int depth = 0, repeated = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (rest.starts_with("\\")) {
      const auto next = static_cast<unsigned char>(rest.size() > 1 ? rest[1] : 'x');
      if (std::isalnum(next) && letters.find(rest[1]) == std::string_view::npos) return false;
      ++i;
    } else if (rest.starts_with("[]") || rest.starts_with("[^]") || rest.starts_with("[[")) {
      return false;
    } else if (rest.starts_with("(") && ++depth > deepest) {
      return false;
    } else if (rest.starts_with("{")) {
      const std::string_view inside = rest.substr(1, rest.find('}') - 1);
      const bool is_digit = inside.size() == 1 || (inside.size() <= 3 && inside.size() > 1 && inside[1] == ',');
      if (!is_digit || ++repeated > 1) return false;
    } else if (rest.starts_with(")")) {
      --depth;
    }
  }
  return true;
}

// Expressions come from strangers: matching takes no exponential time.
std::regex expression_of(const std::string& text, const std::string& place, const std::string& written) {
  try {
    if (is_common(written)) return std::regex(text, std::regex::ECMAScript | std::regex_constants::__polynomial);
  } catch (const std::regex_error&) {  // told below
  }
  fail("{}: {} is no regular expression that can be read", place, quote(written));
}

// For the end of a name, which may begin behind a dot.
std::string at_end(const std::string& expression) { return "(?:.*\\.)?(?:" + expression + ")"; }

bool is_one_of(const std::vector<std::string>& names, const std::string& module) {
  return std::ranges::any_of(names,
                             [&](const std::string& name) { return module == name || module.ends_with("." + name); });
}

bool is_number(std::string_view text, int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

ModuleMatching::ModuleMatching(const AdapterConfig& config, const std::string& file) : config_(config) {
  const auto place = [&](const char* key) { return file + ": " + key; };
  const auto read = [&](const std::optional<std::string>& text, const char* key) {
    return text ? std::optional(expression_of(*text, place(key), *text)) : std::nullopt;
  };
  all_ = config.targets.expression && lower_case(*config.targets.expression) == "all-linear";
  if (!all_) targets_ = read(config.targets.expression, "target_modules");
  excluded_ = read(config.excluded.expression, "exclude_modules");
  scaled_inputs_ = read(config.scaled_inputs.expression, "feedforward_modules");
  for (const std::string& name : config.saved)
    not_below_.push_back(expression_of("(?:.*\\.)?(?:" + name + ")(?:\\..*)?", place("modules_to_save"), name));
  for (const std::string& name : config.layer_names)
    layers_.push_back(expression_of(at_end(name), place("layers_pattern"), name));
  for (const auto& [text, number] : config.ranks)
    ranks_.emplace_back(expression_of(at_end(text), place("rank_pattern"), text), number);
  for (const auto& [text, number] : config.alphas)
    alphas_.emplace_back(expression_of(at_end(text), place("alpha_pattern"), text), number);
}

bool ModuleMatching::is_excluded(const std::string& module) const {
  if (excluded_ ? std::regex_match(module, *excluded_) : is_one_of(config_.excluded.names, module)) return true;
  return std::ranges::any_of(not_below_, [&](const std::regex& saved) { return std::regex_match(module, saved); });
}

// The layer's number is the first name in the path that is one and has another behind it: below the names that
// layers_pattern gives, or without them below two names.
bool ModuleMatching::is_in_layers(const std::string& module) const {
  if (config_.layers.empty()) return true;
  for (size_t dot = module.find('.'); dot != std::string::npos; dot = module.find('.', dot + 1)) {
    const size_t end = module.find('.', dot + 1);
    int64_t number = -1;
    if (end == std::string::npos || !is_number({module.data() + dot + 1, end - dot - 1}, number)) continue;
    const std::string above = module.substr(0, dot);
    const bool is_layer =
        layers_.empty() ? above.find('.') != std::string::npos
                        : std::ranges::any_of(layers_, [&](const std::regex& e) { return std::regex_match(above, e); });
    if (is_layer) return std::ranges::find(config_.layers, number) != config_.layers.end();
  }
  return false;
}

bool ModuleMatching::targets(const std::string& module) const {
  if (is_excluded(module)) return false;
  if (all_) return true;
  if (targets_) return std::regex_match(module, *targets_);
  // A name in full counts in whatever layer it is.
  if (std::ranges::find(config_.targets.names, module) != config_.targets.names.end()) return true;
  return is_one_of(config_.targets.names, module) && is_in_layers(module);
}

int64_t ModuleMatching::rank(const std::string& module) const {
  for (const auto& [expression, number] : ranks_)
    if (std::regex_match(module, expression)) return static_cast<int64_t>(number);
  return config_.rank;
}

double ModuleMatching::alpha(const std::string& module) const {
  for (const auto& [expression, number] : alphas_)
    if (std::regex_match(module, expression)) return number;
  return config_.alpha;
}

bool ModuleMatching::scales_input(const std::string& module) const {
  if (scaled_inputs_) return std::regex_match(module, *scaled_inputs_);
  return std::ranges::any_of(config_.scaled_inputs.names,
                             [&](const std::string& name) { return module.ends_with(name); });
}

bool ModuleMatching::saves(const std::string& module) const {
  return std::ranges::any_of(config_.saved, [&](const std::string& name) { return ends_with(module, name); });
}

// The name that peft sees begins with its own wrappers'.
bool ModuleMatching::ends_with(const std::string& module, const std::string& ending) {
  return ("base_model.model." + module).ends_with(ending);
}

}  // namespace thaw
