// SPDX-License-Identifier: Apache-2.0
// Where a barrier is needed. Commands between two barriers may run in any order and at once; they form one epoch, and
// every piece of memory remembers the epochs of its last read and write.
#pragma once

#include <algorithm>
#include <cstdint>

namespace thaw::vulkan {

// The last uses of a piece of memory. Pieces that are joined have the later uses of both.
struct Uses {
  uint64_t read_epoch = 0, write_epoch = 0;    // 0: never
  uint64_t read_ticket = 0, write_ticket = 0;  // of the submissions (stream.h)

  void join(const Uses& other) {
    read_epoch = std::max(read_epoch, other.read_epoch);
    write_epoch = std::max(write_epoch, other.write_epoch);
    read_ticket = std::max(read_ticket, other.read_ticket);
    write_ticket = std::max(write_ticket, other.write_ticket);
  }
  uint64_t last_ticket() const { return std::max(read_ticket, write_ticket); }
};

class Hazards {
 public:
  // Must the next command, which reads or writes that memory, wait for a command of this epoch?
  bool read_conflicts(const Uses& uses) const { return uses.write_epoch == epoch_; }
  bool write_conflicts(const Uses& uses) const { return uses.write_epoch == epoch_ || uses.read_epoch == epoch_; }
  // A barrier was recorded.
  void next_epoch() { ++epoch_; }

  void note_read(Uses& uses, uint64_t ticket) const {
    uses.read_epoch = epoch_;
    uses.read_ticket = ticket;
  }
  void note_write(Uses& uses, uint64_t ticket) const {
    uses.write_epoch = epoch_;
    uses.write_ticket = ticket;
  }

 private:
  uint64_t epoch_ = 1;
};

}  // namespace thaw::vulkan
