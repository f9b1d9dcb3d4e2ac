// SPDX-License-Identifier: Apache-2.0
// The stages of a schedule.
#include "nn/freeze/freeze_schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "tensor/check.h"

namespace thaw {
namespace {

bool is_layer(const std::string& group) {
  const std::string last = group.substr(group.rfind('.') + 1);
  return !last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

const char* name_of(FreezeTime::Unit unit) {
  if (unit == FreezeTime::Unit::stall) return "stall";
  return unit == FreezeTime::Unit::step ? "step" : "epoch";
}

}  // namespace

std::string FreezeTime::to_text() const {
  if (count == 0) return "from the start";
  return fmt::format("from {} {}", name_of(unit), count);
}

FreezeReport FreezeStage::apply(ParameterStore& store) const {
  FreezeReport of_mask = mask.apply(store);
  if (held.empty() && unread.empty()) return of_mask;
  const std::vector<std::string> groups = freeze_groups(store);
  std::vector<std::string> left_out;
  for (size_t i = 0; i < groups.size(); ++i) {
    const Parameter& parameter = store.all()[i];
    if (std::ranges::count(held, groups[i]) > 0) parameter.freeze();
    if (parameter.frozen() || std::ranges::count(unread, parameter.name()) == 0) continue;
    parameter.freeze();
    left_out.push_back(parameter.name());
  }
  FreezeReport report = freeze_report(store);
  report.unread = std::move(left_out);
  for (size_t i = 0; i < report.groups.size(); ++i) report.groups[i].is_ruled = of_mask.groups[i].is_ruled;
  report.rules = std::move(of_mask.rules);
  report.notes = std::move(of_mask.notes);
  return report;
}

FreezeSchedule& FreezeSchedule::from(const FreezeTime& time, const FreezeMask& rules) {
  check(!period_, "\"{}\": unfreezing is gradual already", time.to_text());
  check(time.count > 0, "{}: sections begin later", time.to_text());
  if (!sections_.empty()) {
    const FreezeTime& before = sections_.back().from;
    check(time.unit == before.unit, "\"{}\" behind \"{}\": a schedule counts in steps, epochs or stalls",
          time.to_text(), before.to_text());
    check(time.count > before.count, "\"{}\" behind \"{}\": sections stand in the order of time", time.to_text(),
          before.to_text());
  }
  check(!rules.rules().empty(), "\"{}\": a section without rules", time.to_text());
  for (const FreezeRule& rule : rules.rules()) {
    check(!rule.is_adapter(), "{}\"{}\": adapters are put on from the start, not later", rule.place, rule.to_text());
    check(!rule.is_rate(), "{}\"{}\": rates are those of the whole training: before the first \"from\"", rule.place,
          rule.to_text());
  }
  sections_.push_back({time, rules});
  return *this;
}

FreezeSchedule& FreezeSchedule::unfreeze_every(const FreezeTime& period) {
  check(sections_.empty(), "unfreezing cannot be gradual and have sections (\"{}\")",
        sections_.empty() ? "" : sections_[0].from.to_text());
  check(period.count > 0, "gradual unfreezing: expected a number above 0");
  period_ = period;
  return *this;
}

FreezeSchedule& FreezeSchedule::hold_unread(std::vector<std::string> names) {
  unread_ = std::move(names);
  return *this;
}

std::vector<FreezeStage> FreezeSchedule::stages(ParameterStore& store) const {
  if (period_) return gradual_stages(store);
  std::vector<FreezeStage> stages{{{}, start_, {}, unread_}};
  for (const Section& section : sections_) {
    FreezeMask mask = stages.back().mask;
    stages.push_back({section.from, mask.append(section.rules), {}, unread_});
  }
  stages[0].apply(store);
  stages.back().mask.read_masks(store);
  return stages;
}

std::vector<FreezeStage> FreezeSchedule::gradual_stages(ParameterStore& store) const {
  const FreezeReport report = FreezeStage{{}, start_, {}, unread_}.apply(store);
  size_t behind_layers = 0;
  std::vector<std::string> held;  // the topmost last
  for (size_t i = 0; i < report.groups.size(); ++i)
    if (is_layer(report.groups[i].name)) behind_layers = i + 1;
  if (behind_layers == 0) behind_layers = report.groups.size();
  for (size_t i = 0; i < report.groups.size(); ++i)
    if (report.groups[i].trained > 0 && i < behind_layers) held.push_back(report.groups[i].name);
  const bool above = std::any_of(report.groups.begin() + static_cast<ptrdiff_t>(behind_layers), report.groups.end(),
                                 [](const FreezeReport::Group& group) { return group.trained > 0; });
  if (!above && !held.empty()) held.pop_back();
  std::vector<FreezeStage> stages{{{}, start_, held, unread_}};
  for (int64_t number = 1; !held.empty(); ++number) {
    held.pop_back();
    stages.push_back({{period_->unit, number * period_->count}, start_, held, unread_});
  }
  stages[0].apply(store);
  return stages;
}

bool FreezeSchedule::waits_for_stalls() const {
  const auto is_stall = [](const FreezeTime& time) { return time.unit == FreezeTime::Unit::stall; };
  return (period_ && is_stall(*period_)) || (!sections_.empty() && is_stall(sections_.back().from));
}

int64_t awaited_stalls(const std::vector<FreezeStage>& stages) {
  const FreezeTime& last = stages.back().from;
  return last.unit == FreezeTime::Unit::stall ? last.count : 0;
}

size_t stage_at(const std::vector<FreezeStage>& stages, const TrainingClock& now) {
  size_t number = 0;
  while (number + 1 < stages.size() && stages[number + 1].from.has_come(now)) ++number;
  return number;
}

std::function<bool(const TrainingClock&)> follow_stages(ParameterStore& store, std::vector<FreezeStage> stages) {
  return [&store, stages = std::move(stages), last = std::optional<size_t>()](const TrainingClock& clock) mutable {
    const size_t now = stage_at(stages, clock);
    if (last == now) return false;
    stages[now].apply(store);
    last = now;
    return true;
  };
}

}  // namespace thaw
