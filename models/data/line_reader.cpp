// SPDX-License-Identifier: Apache-2.0
// Cuts blocks of a stream into lines and checks each.
#include "models/data/line_reader.h"

#include <utility>

#include "models/data/file_kind.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

constexpr size_t block_bytes = size_t{64} << 10;

}  // namespace

LineReader::LineReader(const std::filesystem::path& path) : bytes_(path) {}

LineReader::LineReader(std::istream& stream, std::string name) : bytes_(stream, std::move(name)) {}

std::string LineReader::where() const { return fmt::format("{}:{}", name(), number_); }

// Replaces the used-up buffer by the next block; false at the end. Takes what is there: a pipe's lines are not held
// back until a block is full.
bool LineReader::fill() {
  buffer_.resize(block_bytes);
  position_ = 0;
  const size_t got = bytes_.read(buffer_.data(), buffer_.size());
  if (bytes_.bad()) fail("{}: cannot be read beyond line {}", name(), number_);
  buffer_.resize(got);
  if (number_ == 0 && !kind_is_known_) {
    if (const std::string kind = foreign_kind(buffer_); !kind.empty()) fail("{}: {}", name(), kind);
    kind_is_known_ = true;
  }
  return got > 0;
}

bool LineReader::read_line(std::string& line) {
  line.clear();
  bool any = false;
  while (position_ < buffer_.size() || fill()) {
    any = true;
    const size_t end = buffer_.find('\n', position_);
    const size_t stop = end == std::string::npos ? buffer_.size() : end;
    if (line.size() + (stop - position_) > max_line_bytes)
      fail("{}:{}: the line is longer than {} MB{}", name(), number_ + 1, max_line_bytes >> 20,
           line.find('\r') == std::string::npos ? "" : "; do the lines end in CR alone?");
    line.append(buffer_, position_, stop - position_);
    position_ = stop;
    if (end == std::string::npos) continue;
    ++position_;
    any_line_feed_ = true;
    return true;
  }
  return any;
}

bool LineReader::next(std::string& line) {
  if (!read_line(line)) return false;
  ++number_;
  if (number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  if (line.ends_with('\r')) line.pop_back();
  if (!any_line_feed_ && line.find('\r') != std::string::npos)
    fail("{}: its lines end in CR alone, as on old Macs: save it with LF or CRLF (tr '\\r' '\\n')", name());
  if (line.find('\0') != std::string::npos) fail("{}: has a NUL character", where());
  if (const size_t bad = utf8_error_offset(line); bad < line.size())
    fail("{}: byte {} of the line is not valid UTF-8: {}", where(), bad + 1, encoding_hint(line, bad));
  return true;
}

}  // namespace thaw
