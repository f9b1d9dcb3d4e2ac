// SPDX-License-Identifier: Apache-2.0
// One rule of a freeze mask.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "nn/bottleneck.h"
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
    std::string file;  // of masks (mask_file.h), read when the rule is applied
    bool operator==(const TrainElements&) const = default;
  };
  struct Scale {
    bool input = false;
  };
  struct Prompt {
    int64_t count = 20;  // rows
  };
  std::variant<Train, Freeze, TrainRows, TrainElements, LowRankOptions, Scale, BottleneckOptions, Prompt> what;
  // Of names of parameters; of an adapter of paths of products, or their weights' names, absent: where its authors put
  // it (ProductRole). Of a prompt always absent.
  std::optional<NamePattern> pattern = {};
  std::string place = {};  // "FILE:LINE: " if it was read, for errors

  bool is_adapter() const { return what.index() > 3; }
  // "train *LayerNorm*", "lora *.query r=8"
  std::string to_text() const;
};

// What a file of rules holds. std::runtime_error if it cannot be read.
std::string read_rules(const std::filesystem::path& path);

}  // namespace thaw
