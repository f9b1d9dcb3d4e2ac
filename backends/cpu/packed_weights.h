// SPDX-License-Identifier: Apache-2.0
// Copies of frozen weights in the layout that oneDNN reads fastest: made once, until the weight's block is written or
// released.
#pragma once

#include <cstdint>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <vector>

#include "tensor/view.h"

namespace thaw::cpu {

class PackedWeights {
 public:
  // The copy of `weight` in `layout`; make() makes it where there is none.
  template <typename F>
  dnnl::memory find(const View& weight, const dnnl::memory::desc& layout, const F& make) {
    const std::lock_guard lock(mutex_);
    std::vector<Entry>& entries = entries_[weight.block];
    std::erase_if(entries, [&](const Entry& entry) { return entry.version != weight.block->version; });
    for (const Entry& entry : entries)
      if (entry.offset == weight.offset && entry.shape == weight.shape && entry.strides == weight.strides &&
          entry.packed.get_desc() == layout)
        return entry.packed;
    entries.push_back({weight.block->version, weight.offset, weight.shape, weight.strides, make()});
    return entries.back().packed;
  }
  void forget(const Block& block) noexcept;
  uint64_t bytes();  // of all copies

 private:
  struct Entry {
    uint64_t version;
    int64_t offset;
    Shape shape;
    Strides strides;
    dnnl::memory packed;
  };
  std::mutex mutex_;
  std::map<const Block*, std::vector<Entry>> entries_;
};

PackedWeights& packed_weights();

}  // namespace thaw::cpu
