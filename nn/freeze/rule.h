// SPDX-License-Identifier: Apache-2.0
// One rule of a freeze mask.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "nn/bottleneck.h"
#include "nn/freeze/mask_file.h"
#include "nn/low_rank.h"
#include "nn/name_pattern.h"
#include "tensor/row_ranges.h"

namespace thaw {

struct FreezeRule {
  struct Train {};
  struct Freeze {};
  struct TrainRows {
    RowRanges rows;
    bool operator==(const TrainRows&) const = default;
  };
  struct TrainElements {
    std::string file;  // of masks (mask_file.h)
    // Read and held against the model when the rule is applied for the first time, by whichever copy of it: later its
    // values may have been trained.
    std::shared_ptr<std::optional<MaskFile>> read = std::make_shared<std::optional<MaskFile>>();
    bool operator==(const TrainElements& other) const { return file == other.file; }
  };
  struct TrainColumns {
    RowRanges columns;  // of a matrix
    bool operator==(const TrainColumns&) const = default;
  };
  struct Rate {
    double highest = 0;  // of the schedule, as the learning rate is
  };
  struct Scale {
    bool input = false;
  };
  struct Prompt {
    int64_t count = 20;  // rows
  };
  std::variant<Train, Freeze, TrainRows, TrainElements, TrainColumns, Rate, LowRankOptions, Scale, BottleneckOptions,
               Prompt>
      what;
  // Of names of parameters; of an adapter of paths of products, or their weights' names, absent: where its authors put
  // it (ProductRole). Of a prompt always absent.
  std::optional<NamePattern> pattern = {};
  std::string place = {};  // "FILE:LINE: " if it was read, for errors

  bool is_rate() const { return std::holds_alternative<Rate>(what); }
  bool is_adapter() const { return what.index() > 5; }
  bool decides() const { return what.index() < 5; }  // what is trained
  // "train *LayerNorm*", "lora *.query r=8"
  std::string to_text() const;
};

// What a file of rules holds. std::runtime_error if it cannot be read.
std::string read_rules(const std::filesystem::path& path);

}  // namespace thaw
