// SPDX-License-Identifier: Apache-2.0
// A checkpoint is gone on from only by a run that means the same.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "nn/train/checkpoint.h"
#include "nn/train/trainer.h"

namespace thaw {

struct Restored {
  TrainerState state;                       // under the identity that the run has now
  std::map<std::string, Tensor> optimizer;  // its state
  std::vector<std::string> notes;           // for a person: what may differ and does
  bool freezes_otherwise = false;           // the run trains other things than the one that wrote it
};

// With options.other_freezing, what is trained may differ.
// std::runtime_error, naming the checkpoint and what differs: another run wrote it (run_identity.h), or the best model
// so far, which the run may have to end with, is damaged.
Restored read_own_checkpoint(const std::filesystem::path& checkpoint, const RunIdentity& now,
                             const TrainingOptions& options, Device device);

}  // namespace thaw
