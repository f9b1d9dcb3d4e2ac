// SPDX-License-Identifier: Apache-2.0
// The record of a run in its directory: log.jsonl, one JSON object a line, and the same scalars for TensorBoard.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "nn/train/event_file.h"
#include "nn/train/metrics.h"

namespace thaw {

class RunLog {
 public:
  // Writes DIRECTORY/log.jsonl: anew, or with `from_step` >= 0 behind what is there. The lines of later steps, and all
  // from a line on that a crash damaged, are cut off first: a resumed run writes them again.
  RunLog(const std::filesystem::path& directory, int64_t from_step);

  // {"event": EVENT, "step": STEP, "time": seconds since 1970, NAME: VALUE, ...}; numbers that are not finite are
  // written as null. Scalars go to TensorBoard as EVENT/NAME, those as they are. Flushed at once.
  void write(const std::string& event, int64_t step, const Metrics& values);

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  EventFile events_;
};

}  // namespace thaw
