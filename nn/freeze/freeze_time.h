// SPDX-License-Identifier: Apache-2.0
// When a schedule of freezing goes on.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

// How far a training has come: steps and epochs that are done, and how often validation stalled
// (TrainingOptions::stall_patience).
struct TrainingClock {
  int64_t steps = 0, epochs = 0, stalls = 0;
};

// When so many steps or epochs are done, or validation has stalled so often.
struct FreezeTime {
  enum class Unit { step, epoch, stall };
  Unit unit = Unit::step;
  int64_t count = 0;  // 0: the start

  // Is it known before the training when that is?
  bool is_known() const { return unit != Unit::stall || count == 0; }
  // The number of steps done then, if it is known.
  int64_t in_steps(int64_t steps_per_epoch) const { return unit == Unit::epoch ? count * steps_per_epoch : count; }
  bool has_come(const TrainingClock& now) const {
    if (unit == Unit::stall) return now.stalls >= count;
    return (unit == Unit::step ? now.steps : now.epochs) >= count;
  }
  std::string to_text() const;  // "from the start", "from epoch 2", "from stall 1"
};

}  // namespace thaw
