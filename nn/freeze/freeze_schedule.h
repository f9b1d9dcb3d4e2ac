// SPDX-License-Identifier: Apache-2.0
// What of a model is trained when: rules that come into force as training goes on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nn/freeze/freeze_mask.h"
#include "nn/freeze/freeze_report.h"
#include "nn/freeze/freeze_time.h"
#include "nn/parameter.h"

namespace thaw {

// A part of a training in which the same is trained.
struct FreezeStage {
  FreezeTime from;
  FreezeMask mask;
  std::vector<std::string> held = {};    // groups (FreezeReport) that gradual unfreezing did not come to yet
  std::vector<std::string> unread = {};  // names: FreezeSchedule::hold_unread()

  // That of the mask, and then what is held or unread is frozen, too. std::invalid_argument as of FreezeMask::apply.
  FreezeReport apply(ParameterStore& store) const;
};

// Rules that hold from the start, and either sections, whose rules come behind all earlier ones when their time has
// come, or gradual unfreezing (Howard and Ruder 2018): what the rules at the start train is unfrozen from the top.
// First only what was constructed behind the last layer: heads, poolers, last norms (nothing of that trained: the
// topmost group that has something trained). Then one group more each time, in the reverse order of construction: a
// layer, the embeddings. Groups are those of FreezeReport; those without anything to train are passed over.
class FreezeSchedule {
 public:
  FreezeSchedule() = default;  // all is trained
  explicit FreezeSchedule(FreezeMask at_start) : start_(std::move(at_start)) {}

  // std::invalid_argument: a time that is not behind that of the section before, or counts otherwise (steps,
  // epochs, stalls);
  // no rules; a rule for adapters, which are there from the start or not at all; unfreezing is gradual already.
  FreezeSchedule& from(const FreezeTime& time, const FreezeMask& rules);
  // One group more whenever that has passed again. std::invalid_argument: there are sections.
  FreezeSchedule& unfreeze_every(const FreezeTime& period);
  // Parameters of these names get no gradient, for nothing reads them: they are frozen whatever the rules say.
  FreezeSchedule& hold_unread(std::vector<std::string> names);

  // A mask file (FreezeMask::parse), in which "from epoch 2", "from step 500" or "from stall 1" begins a section, or
  // "unfreeze every epoch", "unfreeze every stall" or "unfreeze every 500 steps" stands at the start. Errors name
  // origin and line.
  static FreezeSchedule parse(std::string_view text, const std::string& origin);
  static FreezeSchedule read(const std::filesystem::path& path);
  // How often: "epoch", "stall", or a number of steps. std::invalid_argument if the text is neither.
  static FreezeTime period(const std::string& text);
  // Adds a rule to those that hold from the start.
  FreezeSchedule& add_at_start(std::string_view line);
  std::string to_text() const;

  const FreezeMask& at_start() const { return start_; }
  bool changes() const { return !sections_.empty() || period_; }
  bool waits_for_stalls() const;  // of validation

  // In their order, at least one. Puts adapters on the store and freezes it as the rules at the start say.
  // std::invalid_argument as of FreezeMask::apply.
  std::vector<FreezeStage> stages(ParameterStore& store) const;

 private:
  struct Section {
    FreezeTime from;
    FreezeMask rules;
  };
  std::vector<FreezeStage> gradual_stages(ParameterStore& store) const;

  FreezeMask start_;
  std::vector<Section> sections_;
  std::optional<FreezeTime> period_;
  std::vector<std::string> unread_;
};

// The last of the stages that has begun: its number.
size_t stage_at(const std::vector<FreezeStage>& stages, const TrainingClock& now);

// How many stalls of validation the stages wait for, one after the other.
int64_t awaited_stalls(const std::vector<FreezeStage>& stages);

// For TrainingOptions::freezing: applies the stage of a step when it is another than that of the call before.
std::function<bool(const TrainingClock&)> follow_stages(ParameterStore& store, std::vector<FreezeStage> stages);

}  // namespace thaw
