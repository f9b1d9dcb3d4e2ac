// SPDX-License-Identifier: Apache-2.0
// Checkpoints: DIR/checkpoint-STEP holds the model as users load it, the optimizer's state and trainer_state.json with
// a checksum of every file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nn/train/fingerprint.h"
#include "nn/train/metrics.h"
#include "nn/train/training_task.h"
#include "tensor/tensor.h"

namespace thaw {

// All that a run needs to go on, but for the tensors.
struct TrainerState {
  int64_t step = 0;   // optimizer steps done
  uint64_t seed = 0;  // of data order and dropout
  uint64_t random_position = 0;
  double seconds = 0;   // of training, over all processes that had a part in the run
  int64_t tokens = 0;   // trained on in them
  double loss_sum = 0;  // of the `losses` steps done and not left out
  int64_t losses = 0;
  double logged_loss_sum = 0;  // the same at the last line of the log: the next one gives the mean since
  int64_t logged_losses = 0;
  PartSums unlogged_parts;  // of the data's parts, since that line
  Metrics best;             // of the best evaluation so far
  int64_t best_step = -1;   // -1: none yet
  int64_t worse_evaluations = 0;
  std::vector<int64_t> stalled_at = {};  // after which steps validation stalled, in their order
  RunIdentity identity;                  // decides who may go on from here (fingerprint.h)
};

// Writes DIR/checkpoint-STEP: a new directory is filled, synced and renamed, so that at any moment only whole
// checkpoints have that name. save_model(directory) adds the model's files. A checkpoint of that step that is there
// already (a damaged one) is replaced.
std::filesystem::path save_checkpoint(const std::filesystem::path& directory, const TrainerState& state,
                                      const std::map<std::string, Tensor>& optimizer,
                                      const std::function<void(const std::filesystem::path&)>& save_model);

struct LoadedCheckpoint {
  TrainerState state;
  std::map<std::string, Tensor> optimizer;
};
// Reads state and optimizer tensors of a checkpoint onto `device`.
LoadedCheckpoint load_checkpoint(const std::filesystem::path& checkpoint, Device device);

// The checkpoints of a run, newest first; none if the directory cannot be listed.
std::vector<std::filesystem::path> list_checkpoints(const std::filesystem::path& directory);

// std::runtime_error naming the file: one is missing, or differs from its checksum.
void verify_checkpoint(const std::filesystem::path& checkpoint);

// The newest checkpoint whose files are all there and have their checksums; `warn` gets one line for each newer one
// that is damaged. std::runtime_error: all that there are are damaged.
std::optional<std::filesystem::path> latest_checkpoint(const std::filesystem::path& directory,
                                                       const std::function<void(const std::string&)>& warn);

// DIR/checkpoint-STEP
std::filesystem::path checkpoint_path(const std::filesystem::path& directory, int64_t step);

// Removes all but the `keep` newest; the checkpoint of step `best` stays. keep 0: removes none.
void prune_checkpoints(const std::filesystem::path& directory, int64_t keep, int64_t best);

// Removes those of later steps: a resumed run writes them again (or they are damaged).
void remove_checkpoints_after(const std::filesystem::path& directory, int64_t step);

}  // namespace thaw
