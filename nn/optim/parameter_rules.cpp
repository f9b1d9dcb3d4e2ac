// SPDX-License-Identifier: Apache-2.0
// Rules to numbers, one parameter after the other.
#include "nn/optim/parameter_rules.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>

#include "nn/matching.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Where a parameter stands: "encoder.layer" and 11 for encoder.layer.11.output.bias; no stack: no layer.
struct Place {
  std::string stack;
  int64_t layer = 0;
  bool embeds = false;
};

Place place_of(const std::string& name) {
  Place place;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find('.', begin), name.size());
    const std::string_view part = std::string_view(name).substr(begin, end - begin);
    int64_t number = 0;
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error == std::errc() && stop == part.data() + part.size() && number >= 0 && begin > 0) {
      place.stack = name.substr(0, begin - 1);
      place.layer = number;
      return place;
    }
    place.embeds |= part.find("embed") != std::string_view::npos;
    begin = end + 1;
  }
  return place;
}

// How many layers are between each parameter and the top.
std::vector<int64_t> depths(const ParameterStore& store) {
  std::vector<Place> places;
  std::map<std::string, int64_t> layers;  // of each stack
  for (const Parameter& p : store.all()) {
    const Place& place = places.emplace_back(place_of(p.name()));
    if (place.stack.empty()) continue;
    int64_t& count = layers[place.stack];
    count = std::max(count, place.layer + 1);
  }
  check(!layers.empty(), "\"layer_decay\": no parameter's name has the number of a layer");
  int64_t deepest = 0;
  for (const auto& [stack, count] : layers) deepest = std::max(deepest, count);
  std::vector<int64_t> depths;
  bool below = true;  // nothing of a layer yet
  for (const Place& place : places) {
    below = below && place.stack.empty();
    const int64_t without_layer = below || place.embeds ? deepest + 1 : 0;
    depths.push_back(place.stack.empty() ? without_layer : layers[place.stack] - place.layer);
  }
  return depths;
}

}  // namespace

ParameterRules& ParameterRules::add(Kind kind, const std::string& pattern, double value) {
  rules_.push_back({kind, NamePattern(pattern), value});
  return *this;
}

ParameterRules& ParameterRules::rate_factor(const std::string& pattern, double factor) {
  check(std::isfinite(factor) && factor >= 0, "rate_factor of {}: {} must be a finite number, not negative", pattern,
        factor);
  return add(Kind::rate_factor, pattern, factor);
}

ParameterRules& ParameterRules::weight_decay(const std::string& pattern, double value) {
  check(std::isfinite(value) && value >= 0, "weight_decay of {}: {} must be a finite number, not negative", pattern,
        value);
  return add(Kind::weight_decay, pattern, value);
}

ParameterRules& ParameterRules::layer_decay(double factor) {
  check(factor > 0 && factor <= 1, "layer_decay {}: it must be in (0, 1]", factor);
  return add(Kind::layer_decay, "*", factor);
}

std::string ParameterRules::to_text(const Rule& rule) {
  if (rule.kind == Kind::layer_decay) return fmt::format("layer_decay {}", rule.value);
  return fmt::format("{} {} {}", rule.kind == Kind::rate_factor ? "rate_factor" : "weight_decay", rule.pattern.text(),
                     rule.value);
}

std::string ParameterRules::to_text() const {
  std::string text;
  for (const Rule& rule : rules_) text += (text.empty() ? "" : "; ") + to_text(rule);
  return text;
}

std::vector<ParameterRules::Values> ParameterRules::of(const ParameterStore& store) const {
  std::vector<Values> values(store.all().size());
  for (const Rule& rule : rules_) {
    if (rule.kind == Kind::layer_decay) {
      const std::vector<int64_t> depth = depths(store);
      for (size_t i = 0; i < values.size(); ++i)
        values[i].rate_factor = std::pow(rule.value, static_cast<double>(depth[i]));
      continue;
    }
    for (const size_t i : matching_parameters(store, rule.pattern, fmt::format("\"{}\"", to_text(rule)))) {
      if (rule.kind == Kind::rate_factor) {
        values[i].rate_factor = rule.value;
      } else {
        values[i].weight_decay = rule.value;
      }
    }
  }
  return values;
}

}  // namespace thaw
