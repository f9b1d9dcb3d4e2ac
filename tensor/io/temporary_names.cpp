// SPDX-License-Identifier: Apache-2.0
// A table that neither grows nor moves.
#include "tensor/io/temporary_names.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>

namespace thaw {
namespace {

enum State { unused, being_written, remembered };

struct Slot {
  std::atomic<int> state{unused};
  char path[4096];
};
static_assert(std::atomic<int>::is_always_lock_free);

std::array<Slot, 8> slots;

}  // namespace

TemporaryName::TemporaryName(const std::string& path) {
  if (path.size() >= sizeof(Slot::path)) return;
  for (size_t i = 0; i < slots.size(); ++i) {
    int expected = unused;
    if (!slots[i].state.compare_exchange_strong(expected, being_written)) continue;
    std::memcpy(slots[i].path, path.c_str(), path.size() + 1);
    slots[i].state = remembered;
    slot_ = static_cast<int>(i);
    return;
  }
}

TemporaryName::~TemporaryName() {
  if (slot_ >= 0) slots[static_cast<size_t>(slot_)].state = unused;
}

void remove_temporary_files() noexcept {
  for (const Slot& slot : slots)
    if (slot.state == remembered) ::unlink(slot.path);
}

}  // namespace thaw
