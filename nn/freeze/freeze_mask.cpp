// SPDX-License-Identifier: Apache-2.0
// Applies rules: all of them are checked before any parameter changes.
#include "nn/freeze/freeze_mask.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograd/compressed_weight.h"
#include "nn/adapters.h"
#include "nn/freeze/adapter_rules.h"
#include "nn/freeze/mask_file.h"
#include "nn/matching.h"
#include "nn/name_path.h"
#include "tensor/check.h"

namespace thaw {
namespace {

using Rules = std::vector<FreezeRule>;

// Where adapters tune a model, what is there only for the task is trained with them.
bool is_trained_beside_adapters(const ParameterStore& store, const Parameter& parameter) {
  if (std::ranges::any_of(store.heads(), [&](const std::string& head) { return is_below(parameter.name(), head); }))
    return true;
  return store.new_in_part() && std::ranges::count(store.initialised(), parameter.name()) > 0;
}

// A table that is no head but by its own name (an adapter brought rows of it): those rows; else all of it.
void train_beside_adapters(const ParameterStore& store, const Parameter& parameter) {
  const Parameter::Changed& changed = parameter.changed();
  const bool is_named = std::ranges::count(store.heads(), parameter.name()) > 0;
  if (is_named && !changed.whole && !changed.rows.empty()) return parameter.train_rows(changed.rows);
  parameter.train();
}

bool decide_alike(const FreezeRule& a, const FreezeRule& b) {
  if (a.what.index() != b.what.index()) return false;
  if (const auto* rows = std::get_if<FreezeRule::TrainRows>(&a.what))
    return *rows == std::get<FreezeRule::TrainRows>(b.what);
  if (const auto* columns = std::get_if<FreezeRule::TrainColumns>(&a.what))
    return *columns == std::get<FreezeRule::TrainColumns>(b.what);
  const auto* elements = std::get_if<FreezeRule::TrainElements>(&a.what);
  return !elements || *elements == std::get<FreezeRule::TrainElements>(b.what);
}

// The masks of a rule's file; null if it has none, or they were not read.
const MaskFile* masks_of(const FreezeRule& rule) {
  const auto* elements = std::get_if<FreezeRule::TrainElements>(&rule.what);
  return elements && elements->read->masks ? &*elements->read->masks : nullptr;
}

// How many tensors a rule over names is about.
int64_t tensors_of(const FreezeRule& rule, const ParameterStore& store) {
  const MaskFile* masks = masks_of(rule);
  const std::string named = fmt::format("{}\"{}\"", rule.place, rule.to_text());
  const std::vector<size_t> matching = matching_parameters(store, *rule.pattern, named);
  if (!masks) return std::ssize(matching);
  const auto tensors = std::ranges::count_if(matching, [&](size_t i) { return masks->find(store.all()[i].name()); });
  check(tensors > 0, "{}: the file has no mask of a parameter that matches", named);
  return tensors;
}

// The rule that decides about a parameter by its names, if any, and what there is to say of it.
const FreezeRule* rule_of(const Rules& rules, const Parameter& parameter, std::vector<std::string>& notes) {
  const auto last_about = [&](const std::string& name) {
    const auto found = std::find_if(rules.rbegin(), rules.rend(), [&](const FreezeRule& rule) {
      const MaskFile* masks = masks_of(rule);
      return rule.decides() && rule.pattern->matches(name) && (!masks || masks->find(parameter.name()));
    });
    return found == rules.rend() ? nullptr : &*found;
  };
  const FreezeRule* own = last_about(parameter.name());
  const FreezeRule* deciding = own;
  std::string called;  // the name that the deciding rule is about
  for (const std::string& other : parameter.other_names()) {
    const FreezeRule* rule = last_about(other);
    if (!rule || (own && rule <= own)) continue;  // a later rule about its own name decides
    check(deciding == own || decide_alike(*rule, *deciding),
          "{}\"{}\" and \"{}\" contradict each other: {} and {} are one tensor, {}; a rule about that name, behind "
          "them, decides",
          rule->place, deciding ? deciding->to_text() : "", rule->to_text(), called, other, parameter.name());
    deciding = rule;
    called = other;
  }
  if (deciding != own) notes.push_back(tie_note(fmt::format("\"{}\"", deciding->to_text()), parameter.name(), called));
  return deciding;
}

void check_ranges(const FreezeRule& rule, const Parameter& parameter) {
  const Tensor& value = parameter.value();
  const auto check_axis = [&](const RowRanges& ranges, int axis, const char* what) {
    const bool has_axis = axis == 0 ? value.rank() > 0 : value.rank() == 2;
    check(has_axis && !ranges.empty() && ranges.end() <= value.size(axis), "{}\"{}\": {} {} has no such {}", rule.place,
          rule.to_text(), parameter.name(), value.shape(), what);
  };
  if (const auto* rows = std::get_if<FreezeRule::TrainRows>(&rule.what)) check_axis(rows->rows, 0, "rows");
  if (const auto* some = std::get_if<FreezeRule::TrainColumns>(&rule.what)) check_axis(some->columns, 1, "columns");
}

// Empty where the rule has no element mask.
std::vector<uint8_t> elements_of(const FreezeRule& rule, const Parameter& parameter) {
  if (const MaskFile* masks = masks_of(rule)) return masks->find(parameter.name())->elements;
  const auto* some = std::get_if<FreezeRule::TrainColumns>(&rule.what);
  if (!some) return {};
  const auto columns = static_cast<size_t>(parameter.value().size(1));
  std::vector<uint8_t> elements(static_cast<size_t>(parameter.value().numel()));
  for (const RowRanges::Range& range : some->columns.ranges())
    for (auto begin = elements.begin(); begin != elements.end(); begin += static_cast<ptrdiff_t>(columns))
      std::fill(begin + range.begin, begin + range.end, uint8_t{1});
  return elements;
}

// What a rule with element masks did.
std::string masks_note(const FreezeRule& rule, const std::vector<Parameter>& parameters,
                       const std::vector<const FreezeRule*>& deciding) {
  int64_t trained = 0, all = 0;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (deciding[i] != &rule) continue;
    trained += std::ranges::count(parameters[i].trained_elements(), 1);
    all += parameters[i].value().numel();
  }
  return fmt::format("\"{}\": {} of {} numbers are trained; a mask saves neither time nor memory", rule.to_text(),
                     trained, all);
}

void mark_ruled(FreezeReport& report, const ParameterStore& store, const std::vector<const FreezeRule*>& deciding) {
  const std::vector<std::string> groups = freeze_groups(store);
  for (FreezeReport::Group& group : report.groups)
    for (size_t i = 0; i < groups.size(); ++i) group.is_ruled |= deciding[i] && groups[i] == group.name;
}

void follow(const FreezeRule& rule, const Parameter& parameter) {
  if (std::holds_alternative<FreezeRule::Freeze>(rule.what)) return parameter.freeze();
  if (const auto* rows = std::get_if<FreezeRule::TrainRows>(&rule.what)) return parameter.train_rows(rows->rows);
  parameter.train();
}

}  // namespace

FreezeMask FreezeMask::all_frozen() { return FreezeMask().freeze("*"); }

FreezeMask FreezeMask::all_trained() { return FreezeMask().train("*"); }

FreezeMask& FreezeMask::train(const std::string& pattern) {
  return add(FreezeRule{FreezeRule::Train(), NamePattern(pattern)});
}

FreezeMask& FreezeMask::freeze(const std::string& pattern) {
  return add(FreezeRule{FreezeRule::Freeze(), NamePattern(pattern)});
}

FreezeMask& FreezeMask::train_rows(const std::string& pattern, const RowRanges& rows) {
  return add(FreezeRule{FreezeRule::TrainRows{rows}, NamePattern(pattern)});
}

FreezeMask& FreezeMask::train_rows(const std::string& pattern, int64_t begin, int64_t end) {
  return train_rows(pattern, RowRanges(begin, end));
}

FreezeMask& FreezeMask::train_columns(const std::string& pattern, const RowRanges& columns) {
  return add(FreezeRule{FreezeRule::TrainColumns{columns}, NamePattern(pattern)});
}

FreezeMask& FreezeMask::rate(const std::string& pattern, double highest) {
  check(std::isfinite(highest) && highest >= 0, "rate of {}: {}: expected a finite number, not negative", pattern,
        highest);
  return add(FreezeRule{FreezeRule::Rate{highest}, NamePattern(pattern)});
}

FreezeMask& FreezeMask::train_elements(const std::string& pattern, const std::string& file) {
  return add(FreezeRule{FreezeRule::TrainElements{file}, NamePattern(pattern)});
}

namespace {

std::optional<NamePattern> pattern_or_default(const std::string& pattern) {
  return pattern.empty() ? std::nullopt : std::optional(NamePattern(pattern));
}

}  // namespace

FreezeMask& FreezeMask::lora(const std::string& pattern, const LowRankOptions& options) {
  return add(FreezeRule{options, pattern_or_default(pattern)});
}

FreezeMask& FreezeMask::ia3(const std::string& pattern, bool on_input) {
  return add(FreezeRule{FreezeRule::Scale{on_input}, pattern_or_default(pattern)});
}

FreezeMask& FreezeMask::adapter(const std::string& pattern, const BottleneckOptions& options) {
  return add(FreezeRule{FreezeRule::Bottleneck{options}, pattern_or_default(pattern)});
}

FreezeMask& FreezeMask::adapter(FreezeRule::Bottleneck::Behind behind, const BottleneckOptions& options) {
  return add(FreezeRule{FreezeRule::Bottleneck{options, behind}, {}});
}

FreezeMask& FreezeMask::prefix(const std::string& pattern, int64_t n) {
  return add(FreezeRule{FreezeRule::Prefix{n}, pattern_or_default(pattern)});
}

FreezeMask& FreezeMask::prompt(int64_t n) { return add(FreezeRule{FreezeRule::Prompt{n}, {}}); }

FreezeMask& FreezeMask::add(FreezeRule rule) {
  rules_.push_back(std::move(rule));
  return *this;
}

FreezeMask& FreezeMask::append(const FreezeMask& later) {
  rules_.insert(rules_.end(), later.rules_.begin(), later.rules_.end());
  return *this;
}

bool FreezeMask::has_adapters() const { return std::ranges::any_of(rules_, &FreezeRule::is_adapter); }

std::vector<FreezeMask::LearningRate> FreezeMask::rates() const {
  std::vector<LearningRate> rates;
  for (const FreezeRule& rule : rules_)
    if (rule.is_rate()) rates.push_back({rule.pattern->text(), std::get<FreezeRule::Rate>(rule.what).highest});
  return rates;
}

void FreezeMask::read_masks(const ParameterStore& store) const {
  for (const FreezeRule& rule : rules_) {
    const auto* elements = std::get_if<FreezeRule::TrainElements>(&rule.what);
    if (!elements) continue;
    FreezeRule::TrainElements::Read& read = *elements->read;
    try {
      if (!read.masks) read.masks = MaskFile::read(elements->file);
      read.fitting.contains(store.number()) ? read.masks->check_shapes(store) : read.masks->check_fits(store);
      if (store.device().name() != "dry") read.fitting.insert(store.number());  // that one has no values
    } catch (const std::exception& error) {
      fail("{}{}", rule.place, error.what());
    }
  }
}

FreezeReport FreezeMask::apply(ParameterStore& store) const {
  AddedAdapters added(store, rules_);
  read_masks(store);
  std::vector<FreezeReport::Rule> said;
  for (size_t i = 0; i < rules_.size(); ++i) {
    const FreezeRule& rule = rules_[i];
    said.push_back({rule.to_text(), rule.is_adapter() ? added.tensors_of(i) : tensors_of(rule, store)});
  }
  const std::vector<Parameter>& parameters = store.all();
  const std::vector<Parameter> adapters = adapter_parameters(store);
  const auto is_adapter = [&](const Parameter& p) {
    return std::ranges::any_of(adapters, [&](const Parameter& adapter) { return adapter.same(p); });
  };
  std::vector<const FreezeRule*> deciding;
  std::vector<std::string> notes;
  for (const Parameter& parameter : parameters) {
    const FreezeRule* rule = rule_of(rules_, parameter, notes);
    if (rule) check_ranges(*rule, parameter);
    // The rule that put an adapter on trains it, unless a later one is about it.
    const int64_t made_by = added.rule_of(parameter);
    if (rule && made_by > rule - rules_.data()) rule = nullptr;
    deciding.push_back(rule);
  }
  const auto trains = [&](size_t i) {
    if (deciding[i]) return !std::holds_alternative<FreezeRule::Freeze>(deciding[i]->what);
    return adapters.empty() || is_adapter(parameters[i]) || is_trained_beside_adapters(store, parameters[i]);
  };
  for (size_t i = 0; i < parameters.size(); ++i)
    check(!parameters[i].compressed() || !trains(i),
          "{}{} is kept as {} and would be trained{}: what a mask trains "
          "must be left as it is when frozen weights are compressed",
          deciding[i] ? deciding[i]->place : "", parameters[i].name(), kept_as(parameters[i].compressed()),
          deciding[i] ? fmt::format(" by \"{}\"", deciding[i]->to_text()) : "");
  added.keep();
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    parameter.set_element_mask(deciding[i] ? elements_of(*deciding[i], parameter) : std::vector<uint8_t>());
    if (deciding[i])
      follow(*deciding[i], parameter);
    else if (!trains(i))
      parameter.freeze();
    else
      adapters.empty() ? parameter.train() : train_beside_adapters(store, parameter);
  }
  for (const FreezeRule& rule : rules_)
    if (masks_of(rule) || std::holds_alternative<FreezeRule::TrainColumns>(rule.what))
      notes.push_back(masks_note(rule, parameters, deciding));
  for (std::string& note : adapters_without_effect(store)) notes.push_back(std::move(note));
  FreezeReport report = freeze_report(store);
  mark_ruled(report, store, deciding);
  report.rules = std::move(said);
  report.notes = std::move(notes);
  return report;
}

}  // namespace thaw
