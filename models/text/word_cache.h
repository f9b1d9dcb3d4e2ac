// SPDX-License-Identifier: Apache-2.0
// Pieces of words that were split before, for models whose splitting costs more than a look-up. Safe to use from
// several threads; a word displaces another one whose hash falls in the same place.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "models/text/token_model.h"

namespace thaw {

class WordCache {
 public:
  static constexpr size_t longest = 48;  // bytes of a word that is kept

  // Appends the pieces of a word; false if it is not there.
  bool find(std::string_view word, std::vector<TokenPiece>& pieces);

  // Keeps pieces[first, end) as those of a word.
  void keep(std::string_view word, const std::vector<TokenPiece>& pieces, size_t first);

 private:
  static constexpr size_t shard_count = 64, slot_count = 256;
  struct Slot {
    std::string word;  // empty: nothing is kept here
    std::vector<TokenPiece> pieces;
  };
  struct Shard {
    std::mutex mutex;
    std::vector<Slot> slots;  // empty until a word is kept
  };

  std::array<Shard, shard_count> shards_;
};

}  // namespace thaw
