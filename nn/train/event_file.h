// SPDX-License-Identifier: Apache-2.0
// TensorBoard event files: scalars over steps, as `tensorboard --logdir` reads them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace thaw {

class EventFile {
 public:
  // Creates DIR/events.out.tfevents.<seconds>.<pid>.thaw and writes the version record.
  explicit EventFile(const std::filesystem::path& directory);
  // One scalar; `wall_time` in seconds since 1970.
  void scalar(std::string_view tag, int64_t step, float value, double wall_time);
  void flush();

 private:
  void record(std::string_view event);
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// CRC-32C (Castagnoli), and its masked form in TFRecord frames: rotated right by 15 bits plus 0xa282ead8.
uint32_t crc32c(std::string_view bytes);
uint32_t masked_crc32c(std::string_view bytes);

}  // namespace thaw
