// SPDX-License-Identifier: Apache-2.0
// Rules as text, a line each.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/activation.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

using Words = std::vector<std::string>;

template <typename T>
T number_of(std::string_view key, std::string_view text) {
  T number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool finite = error == std::errc() && stop == text.data() + text.size();
  if constexpr (std::is_floating_point_v<T>) finite = finite && std::isfinite(number);
  check(finite && number > T(0), "{}={}: expected a number above 0", key, text);
  return number;
}

double rate_of(std::string_view text) {
  double rate = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  check(error == std::errc() && stop == text.data() + text.size() && std::isfinite(rate) && rate >= 0,
        "lr: {}: expected a finite number, not negative", quote(text));
  return rate;
}

// What stands behind the action and the pattern: "r=8", "dora".
struct Option {
  std::string_view key, value;  // value: empty of a flag
};

Option option_of(std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos) return {word, {}};
  return {word.substr(0, equals), word.substr(equals + 1)};
}

[[noreturn]] void unknown(const std::string& word, std::string_view known) {
  throw std::invalid_argument(fmt::format("{} is unknown here; there are: {}", quote(word), known));
}

LowRankOptions low_rank_of(const Words& options) {
  LowRankOptions o;
  for (const std::string& word : options) {
    const auto [key, value] = option_of(word);
    if (key == "r") {
      o.rank = number_of<int64_t>(key, value);
    } else if (key == "alpha") {
      o.alpha = number_of<double>(key, value);
    } else if (key == "dropout") {
      o.dropout = value == "0" ? 0 : number_of<double>(key, value);
      check(o.dropout < 1, "dropout={}: expected a number below 1", value);
    } else if (word == "rs") {
      o.rank_stabilised = true;
    } else if (word == "dora") {
      o.magnitudes = true;
    } else {
      unknown(word, "r=, alpha=, dropout=, rs, dora");
    }
  }
  return o;
}

FreezeRule::Scale scale_of(const Words& options) {
  FreezeRule::Scale scale;
  for (const std::string& word : options) word == "input" ? void(scale.input = true) : unknown(word, "input");
  return scale;
}

using Bottleneck = FreezeRule::Bottleneck;

constexpr std::pair<std::string_view, Bottleneck::Behind> places_of_bottlenecks[] = {
    {"attention", Bottleneck::Behind::attention},
    {"outer", Bottleneck::Behind::outer},
    {"both", Bottleneck::Behind::both}};

Bottleneck bottleneck_of(const Words& options, bool has_pattern) {
  Bottleneck bottleneck;
  BottleneckOptions& o = bottleneck.options;
  for (const std::string& word : options) {
    const auto [key, value] = option_of(word);
    if (key == "size") {
      o.size = number_of<int64_t>(key, value);
    } else if (key == "act") {
      o.activation = activation_named(std::string(value), "act");
    } else if (key == "after") {
      const auto* const known = std::ranges::find(places_of_bottlenecks, value, [](const auto& p) { return p.first; });
      check(known != std::end(places_of_bottlenecks), "after={}: expected attention, outer or both", value);
      check(!has_pattern, "after={}: the pattern says behind which products", value);
      bottleneck.behind = known->second;
    } else {
      unknown(word, "size=, act=, after=");
    }
  }
  return bottleneck;
}

// Of a prompt or a prefix.
template <typename Rows>
Rows rows_of(const Words& options) {
  Rows rows;
  for (const std::string& word : options) {
    const auto [key, value] = option_of(word);
    key == "n" ? void(rows.count = number_of<int64_t>(key, value)) : unknown(word, "n=");
  }
  return rows;
}

bool is_option(const std::string& word) {
  return word.find('=') != std::string::npos || word == "rs" || word == "dora" || word == "input";
}

FreezeRule rule_of(const Words& words, const std::string& place) {
  const std::string& action = words[0];
  const bool adapts = action == "lora" || action == "ia3" || action == "adapter" || action == "prefix";
  FreezeRule rule{FreezeRule::Train(), {}, place};
  size_t next = 1;
  if (words.size() > 1 && action != "prompt" && !(adapts && is_option(words[1])))
    rule.pattern = NamePattern(words[next++]);
  const Words rest(words.begin() + static_cast<ptrdiff_t>(next), words.end());
  if (action == "lora") {
    rule.what = low_rank_of(rest);
  } else if (action == "ia3") {
    rule.what = scale_of(rest);
  } else if (action == "adapter") {
    rule.what = bottleneck_of(rest, rule.pattern.has_value());
  } else if (action == "prompt") {
    rule.what = rows_of<FreezeRule::Prompt>(rest);
  } else if (action == "prefix") {
    rule.what = rows_of<FreezeRule::Prefix>(rest);
  } else if (action == "freeze" && rule.pattern && rest.empty()) {
    rule.what = FreezeRule::Freeze();
  } else if (action == "train" && rule.pattern && rest.size() == 2 && rest[0] == "rows") {
    rule.what = FreezeRule::TrainRows{RowRanges::parse(rest[1])};
  } else if (action == "train" && rule.pattern && rest.size() == 2 && rest[0] == "columns") {
    rule.what = FreezeRule::TrainColumns{RowRanges::parse(rest[1], "columns")};
  } else if (action == "train" && rule.pattern && rest.size() == 2 && rest[0] == "mask") {
    rule.what = FreezeRule::TrainElements{rest[1]};
  } else if (action == "lr" && rule.pattern && rest.size() == 1) {
    rule.what = FreezeRule::Rate{rate_of(rest[0])};
  } else {
    check(action == "train" && rule.pattern && rest.empty(),
          "not a rule: expected \"train PATTERN\", \"freeze PATTERN\", \"train PATTERN rows 7,97:100\", \"train "
          "PATTERN columns 0:64\", \"train PATTERN mask FILE\", \"lr PATTERN 1e-3\", \"lora [PATTERN] [r=8] [alpha=] "
          "[dropout=] [rs] [dora]\", \"ia3 [PATTERN] [input]\", "
          "\"adapter [PATTERN] [size=64] [act=gelu] [after=both]\", \"prompt [n=20]\" or \"prefix [PATTERN] [n=20]\"");
  }
  return rule;
}

}  // namespace

FreezeMask& FreezeMask::add(std::string_view line, const std::string& place) {
  std::istringstream in{std::string(line.substr(0, line.find('#')))};
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  if (words.empty()) return *this;
  try {
    return add(rule_of(words, place));
  } catch (const std::exception& error) {
    fail("{}{}", place, error.what());
  }
}

FreezeMask FreezeMask::parse(std::string_view text, const std::string& origin) {
  FreezeMask mask;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::istringstream lines{std::string(text)};
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) mask.add(line, fmt::format("{}:{}: ", origin, ++number));
  return mask;
}

std::string read_rules(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  if (!in || !(text << in.rdbuf())) fail("{}: cannot be read as a file of freezing rules", path.string());
  return text.str();
}

FreezeMask FreezeMask::read(const std::filesystem::path& path) { return parse(read_rules(path), path.string()); }

std::string FreezeRule::to_text() const {
  const std::string at = pattern ? " " + pattern->text() : "";
  if (std::holds_alternative<Freeze>(what)) return "freeze" + at;
  if (const auto* rows = std::get_if<TrainRows>(&what)) return fmt::format("train{} rows {}", at, rows->rows.to_text());
  if (const auto* elements = std::get_if<TrainElements>(&what))
    return fmt::format("train{} mask {}", at, elements->file);
  if (const auto* columns = std::get_if<TrainColumns>(&what))
    return fmt::format("train{} columns {}", at, columns->columns.to_text());
  if (const auto* rate = std::get_if<Rate>(&what)) return fmt::format("lr{} {}", at, rate->highest);
  if (const auto* low = std::get_if<LowRankOptions>(&what))
    return fmt::format("lora{} r={}{}{}{}{}", at, low->rank, low->alpha > 0 ? fmt::format(" alpha={}", low->alpha) : "",
                       low->dropout > 0 ? fmt::format(" dropout={}", low->dropout) : "",
                       low->rank_stabilised ? " rs" : "", low->magnitudes ? " dora" : "");
  if (const auto* scale = std::get_if<Scale>(&what)) return fmt::format("ia3{}{}", at, scale->input ? " input" : "");
  if (const auto* bottleneck = std::get_if<Bottleneck>(&what)) {
    const BottleneckOptions& o = bottleneck->options;
    const auto* const behind =
        std::ranges::find(places_of_bottlenecks, bottleneck->behind, [](const auto& p) { return p.second; });
    return fmt::format("adapter{} size={} act={}{}", at, o.size, name_of(o.activation),
                       bottleneck->behind == Bottleneck::Behind::both ? "" : fmt::format(" after={}", behind->first));
  }
  if (const auto* prompt = std::get_if<Prompt>(&what)) return fmt::format("prompt n={}", prompt->count);
  if (const auto* prefix = std::get_if<Prefix>(&what)) return fmt::format("prefix{} n={}", at, prefix->count);
  return "train" + at;
}

std::string FreezeMask::to_text() const {
  std::string text;
  for (const FreezeRule& rule : rules_) {
    const bool implied = &rule == rules_.data() && rule.to_text() == "train *" && !has_adapters();
    if (!implied) text += rule.to_text() + "\n";
  }
  return text;
}

}  // namespace thaw
