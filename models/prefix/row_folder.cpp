// SPDX-License-Identifier: Apache-2.0
// Files of records: "thaw rows 1\n", then of each text a head and its rows.
#include "models/prefix/row_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>
#include <string_view>
#include <system_error>
#include <utility>

#include "models/prefix/open_file.h"
#include "models/prefix/row_sets.h"
#include "tensor/check.h"
#include "tensor/io/crc32c.h"

namespace thaw {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view first_line = "thaw rows 1\n";
constexpr int64_t first_record = 16;                // behind the line and zeros
constexpr int64_t counted_anew_after = 64'000'000;  // bytes: other processes write, too

struct Head {
  Key128 text;
  int64_t bytes;      // of the rows behind it
  uint32_t checksum;  // of them
  uint32_t own;       // of all before
};

uint32_t checksum_of(std::span<const std::byte> bytes) {
  return crc32c({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}
uint32_t own_checksum(const Head& head) {
  return checksum_of(std::as_bytes(std::span(&head, 1)).first(offsetof(Head, own)));
}

std::string name_of_set(const Key128& key) { return fmt::format("{:016x}{:016x}", key.bits[0], key.bits[1]); }

// For texts of errors and warnings.
std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

RowFolder::RowFolder(RowFolderOptions options, const Key128& set) : options_(std::move(options)) {
  try {
    set_ = options_.folder / name_of_set(set);
    lock_ = use_row_set(set_);
    std::vector<fs::path> paths;
    for (const fs::directory_entry& entry : fs::directory_iterator(set_))
      if (entry.path().extension() == ".rows") paths.push_back(entry.path());
    std::error_code gone;
    std::ranges::sort(paths, {}, [&](const fs::path& path) { return fs::last_write_time(path, gone); });
    for (const fs::path& path : paths) take_up(path);
    if (options_.most_bytes == 0) options_.most_bytes = usual_most_bytes(options_.folder);
  } catch (const std::system_error& error) {
    fail("{}: the folder to keep a frozen part's results in cannot be used: {}", options_.folder.string(),
         error.code().message());
  }
}

RowFolder::~RowFolder() = default;

void RowFolder::take_up(const fs::path& path) {
  auto file = std::make_unique<OpenFile>(path, OpenFile::Use::read);
  std::array<std::byte, first_record> begin{};
  if (!file->read(0, begin)) return;  // its process was killed, or has just begun
  bool sound = std::memcmp(begin.data(), first_line.data(), first_line.size()) == 0;
  std::error_code ignored;
  const auto size = static_cast<int64_t>(fs::file_size(path, ignored));
  for (int64_t offset = first_record; sound;) {
    Head head;
    if (!file->read(offset, std::as_writable_bytes(std::span(&head, 1)))) break;
    offset += static_cast<int64_t>(sizeof(head));
    sound = head.own == own_checksum(head) && head.bytes >= 0;
    if (!sound || head.bytes > size - offset) break;
    places_[head.text].push_back({files_.size(), offset, head.bytes, head.checksum});
    offset += head.bytes;
  }
  if (!sound) options_.tell(fmt::format("{}: is damaged; what it lacks is computed again", path.string()));
  files_.push_back(std::move(file));
}

bool RowFolder::read(const Key128& text, std::vector<std::byte>& rows) {
  const auto found = places_.find(text);
  if (found == places_.end()) return false;
  for (; !found->second.empty(); found->second.pop_back()) {
    const Place place = found->second.back();
    rows.resize(static_cast<size_t>(place.bytes));
    if (files_[place.file]->read(place.offset, rows) && checksum_of(rows) == place.checksum) return true;
    options_.tell(fmt::format("{}: is damaged at byte {}; what stood there is computed again",
                              files_[place.file]->path().string(), place.offset));
  }
  places_.erase(found);
  return false;
}

void RowFolder::begin_own_file() {
  std::random_device random;
  const fs::path path = set_ / fmt::format("{}-{:08x}{:08x}.rows", ::getpid(), random(), random());
  auto file = std::make_unique<OpenFile>(path, OpenFile::Use::append_new);
  std::array<std::byte, first_record> begin{};
  std::memcpy(begin.data(), first_line.data(), first_line.size());
  if (!file->write(0, begin)) throw std::system_error(errno, std::generic_category());
  end_ = first_record;
  own_ = file.get();
  files_.push_back(std::move(file));
}

bool RowFolder::has_room(int64_t bytes) {
  if (room_ < bytes)
    room_ = std::min(make_room(options_.folder, bytes, options_.most_bytes), std::max(bytes, counted_anew_after));
  return room_ >= bytes;
}

void RowFolder::write(const Key128& text, std::span<const std::byte> rows) {
  if (full_ || places_.contains(text)) return;
  const auto stop = [this](const std::string& why) {
    full_ = true;
    options_.tell(fmt::format("{}: {}; what the frozen part gives is kept no further", options_.folder.string(), why));
  };
  Head head{text, static_cast<int64_t>(rows.size()), checksum_of(rows), 0};
  head.own = own_checksum(head);
  std::vector<std::byte> record(sizeof(head) + rows.size());
  std::memcpy(record.data(), &head, sizeof(head));
  std::ranges::copy(rows, record.begin() + sizeof(head));
  if (!has_room(std::ssize(record)))
    return stop(fmt::format("holds as much as it may, {:.0f} MB", static_cast<double>(options_.most_bytes) / 1e6));
  try {
    if (!own_) begin_own_file();
  } catch (const std::system_error& error) {
    return stop(error.code().message());
  }
  if (!own_->write(end_, record)) return stop(reason(errno));
  places_[text] = {{files_.size() - 1, end_ + static_cast<int64_t>(sizeof(head)), head.bytes, head.checksum}};
  end_ += std::ssize(record);
  room_ -= std::ssize(record);
}

}  // namespace thaw
