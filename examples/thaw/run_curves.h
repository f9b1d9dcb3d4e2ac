// SPDX-License-Identifier: Apache-2.0
// How a run went, as a picture in its directory: losses, validation metrics and learning rate over the steps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "examples/charts/line_chart.h"

namespace thaw {

class RunCurves {
 public:
  // Of the run that writes DIRECTORY/log.jsonl (nn/train/run_log.h), from its first line on.
  explicit RunCurves(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Reads what has been added to the log and writes DIRECTORY/curves.svg, whole or not at all; takes a former run's
  // picture away while there is nothing to draw. std::runtime_error if it cannot be written.
  void update();

 private:
  void read_on();
  LineChart chart() const;

  std::filesystem::path directory_;
  int64_t read_ = 0;  // bytes of the log
  std::map<std::string, std::vector<ChartPoint>> training_, validation_;
};

}  // namespace thaw
