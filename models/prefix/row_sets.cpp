// SPDX-License-Identifier: Apache-2.0
// A lock a set: shared by those that use it, taken alone by who removes it. Locks end with their process, however it
// ends.
#include "models/prefix/row_sets.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "models/prefix/row_folder.h"
#include "tensor/check.h"

namespace thaw {
namespace fs = std::filesystem;
namespace {

constexpr const char* lock_name = "in-use";

struct Set {
  fs::path path;
  fs::file_time_type used;
  int64_t bytes;
};

// Other processes may add and remove files meanwhile: what is gone counts nothing.
int64_t bytes_of(const fs::path& set) {
  int64_t bytes = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(set, error)) {
    const auto size = entry.file_size(error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

// The longest unused first.
std::vector<Set> sets_of(const fs::path& folder) {
  std::vector<Set> sets;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const auto used = fs::last_write_time(entry.path() / lock_name, error);
    if (!error) sets.push_back({entry.path(), used, bytes_of(entry.path())});
  }
  std::ranges::sort(sets, {}, &Set::used);
  return sets;
}

bool remove_unused(const fs::path& set) {
  try {
    const OpenFile lock(set / lock_name, OpenFile::Use::lock);
    if (!lock.try_lock_alone() || !lock.is_still_there()) return false;
    std::error_code error;
    fs::remove_all(set, error);
    return !error;
  } catch (const std::system_error&) {
    return false;  // another process removes it, or it is not ours
  }
}

}  // namespace

std::unique_ptr<OpenFile> use_row_set(const fs::path& set) {
  for (int i = 0; i < 100; ++i) {
    fs::create_directories(set);
    try {
      auto lock = std::make_unique<OpenFile>(set / lock_name, OpenFile::Use::lock);
      if (lock->lock_shared() && lock->is_still_there()) {
        lock->touch();
        return lock;
      }
    } catch (const std::system_error& error) {
      if (error.code() != std::errc::no_such_file_or_directory) throw;
    }
    // It was removed in between.
  }
  fail("{}: cannot be locked", set.string());
}

int64_t make_room(const fs::path& folder, int64_t bytes, int64_t most) {
  const std::vector<Set> sets = sets_of(folder);
  int64_t room = most;
  for (const Set& set : sets) room -= set.bytes;
  for (const Set& set : sets) {
    if (room >= bytes) break;
    if (set.bytes > 0 && remove_unused(set.path)) room += set.bytes;
  }
  return room;
}

int64_t usual_most_bytes(const fs::path& folder) {
  int64_t bytes = static_cast<int64_t>(std::min<uintmax_t>(fs::space(folder).available, INT64_MAX / 2));
  for (const Set& set : sets_of(folder)) bytes += set.bytes;
  return bytes / 2;
}

}  // namespace thaw
