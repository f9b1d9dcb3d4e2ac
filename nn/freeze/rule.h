// SPDX-License-Identifier: Apache-2.0
// One rule of a freeze mask.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
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
    struct Read {
      std::optional<MaskFile> masks;
      std::set<uint64_t> fitting;  // stores (ParameterStore::number) whose values they were held against
    };
    // By whichever copy of the rule is applied first: the file once, each store's values once, for later they may have
    // been trained.
    std::shared_ptr<Read> read = std::make_shared<Read>();
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
  struct Bottleneck {
    enum class Behind { attention, outer, both };
    BottleneckOptions options = {};
    Behind behind = Behind::both;  // Houlsby et al.; Pfeiffer et al.: the feed-forward part's outer product alone
  };
  struct Prompt {
    int64_t count = 20;  // rows
  };
  struct Prefix {
    int64_t count = 20;  // keys and values
  };
  std::variant<Train, Freeze, TrainRows, TrainElements, TrainColumns, Rate, LowRankOptions, Scale, Bottleneck, Prompt,
               Prefix>
      what;
  // Of names of parameters; of an adapter of paths of products, or their weights' names, absent: where its authors put
  // it (ProductRole); of a prefix of paths of self-attentions, absent: all of them. Of a prompt always absent.
  std::optional<NamePattern> pattern = {};
  std::string place = {};  // "FILE:LINE: " if it was read, for errors

  bool is_rate() const { return std::holds_alternative<Rate>(what); }
  // What is trained?
  bool decides() const {
    return std::holds_alternative<Train>(what) || std::holds_alternative<Freeze>(what) ||
           std::holds_alternative<TrainRows>(what) || std::holds_alternative<TrainElements>(what) ||
           std::holds_alternative<TrainColumns>(what);
  }
  bool is_adapter() const { return !decides() && !is_rate(); }
  // "train *LayerNorm*", "lora *.query r=8"
  std::string to_text() const;
};

// What a file of rules holds. std::runtime_error if it cannot be read.
std::string read_rules(const std::filesystem::path& path);

}  // namespace thaw
