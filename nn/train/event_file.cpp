// SPDX-License-Identifier: Apache-2.0
// TFRecord framing (length, its CRC, data, its CRC) around hand-written Event protobufs.
#include "nn/train/event_file.h"

#include <unistd.h>

#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "tensor/check.h"
#include "tensor/io/crc32c.h"

namespace thaw {
namespace {

template <typename T>
void put_little_endian(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

void put_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

// Protobuf fields by number: wire types 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
void put_double(std::string& out, int field, double value) {
  put_varint(out, static_cast<uint64_t>(field) << 3 | 1);
  put_little_endian(out, std::bit_cast<uint64_t>(value));
}
void put_float(std::string& out, int field, float value) {
  put_varint(out, static_cast<uint64_t>(field) << 3 | 5);
  put_little_endian(out, std::bit_cast<uint32_t>(value));
}
void put_integer(std::string& out, int field, int64_t value) {
  put_varint(out, static_cast<uint64_t>(field) << 3);
  put_varint(out, static_cast<uint64_t>(value));
}
void put_bytes(std::string& out, int field, std::string_view bytes) {
  put_varint(out, static_cast<uint64_t>(field) << 3 | 2);
  put_varint(out, bytes.size());
  out.append(bytes);
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

EventFile::EventFile(const std::filesystem::path& directory, int64_t first_step)
    : path_(directory / fmt::format("events.out.tfevents.{}.{}.thaw", static_cast<int64_t>(now()), getpid())),
      file_(nullptr, &std::fclose) {
  file_.reset(std::fopen(path_.c_str(), "ab"));
  if (!file_) fail("{}: cannot be created: {}", path_.string(), std::strerror(errno));
  std::string event;  // Event {1 wall_time, 2 step, 3 file_version | 5 summary}
  put_double(event, 1, now());
  put_bytes(event, 3, "brain.Event:2");
  record(event);
  if (first_step <= 0) return;
  std::string session, start;  // SessionLog {1 status: 1 START} in Event's field 7
  put_integer(session, 1, 1);
  put_double(start, 1, now());
  put_integer(start, 2, first_step);
  put_bytes(start, 7, session);
  record(start);
}

void EventFile::scalar(std::string_view tag, int64_t step, float value, double wall_time) {
  std::string scalar, summary, event;  // Summary {1 value {1 tag, 2 simple_value}}
  put_bytes(scalar, 1, tag);
  put_float(scalar, 2, value);
  put_bytes(summary, 1, scalar);
  put_double(event, 1, wall_time);
  put_integer(event, 2, step);
  put_bytes(event, 5, summary);
  record(event);
}

void EventFile::record(std::string_view event) {
  std::string frame;
  put_little_endian(frame, static_cast<uint64_t>(event.size()));
  put_little_endian(frame, masked_crc32c(frame));
  frame.append(event);
  put_little_endian(frame, masked_crc32c(event));
  if (std::fwrite(frame.data(), 1, frame.size(), file_.get()) != frame.size())
    fail("{}: {}", path_.string(), std::strerror(errno));
}

void EventFile::flush() {
  if (std::fflush(file_.get()) != 0) fail("{}: {}", path_.string(), std::strerror(errno));
}

}  // namespace thaw
