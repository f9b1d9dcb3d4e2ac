// SPDX-License-Identifier: Apache-2.0
// The text of an out-of-memory error.
#include "tensor/memory_stats.h"

#include <fmt/format.h>

namespace thaw {

OutOfMemory::OutOfMemory(const std::string& device, size_t asked, const MemoryStats& stats)
    : std::runtime_error(fmt::format("{}: out of memory: {:.1f} MB asked for, {:.1f} MB in use, {:.1f} MB reserved; a "
                                     "smaller batch, more frozen parameters or activation checkpointing need less",
                                     device, static_cast<double>(asked) / 1e6,
                                     static_cast<double>(stats.live_bytes) / 1e6,
                                     static_cast<double>(stats.reserved_bytes) / 1e6)) {}

}  // namespace thaw
