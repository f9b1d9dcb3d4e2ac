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
  // Creates DIR/events.out.tfevents.<seconds>.<pid>.thaw and writes the version record. With `first_step` > 0 (a
  // resumed run) a start record tells TensorBoard to forget what earlier files say of this and later steps.
  explicit EventFile(const std::filesystem::path& directory, int64_t first_step = 0);
  // One scalar; `wall_time` in seconds since 1970.
  void scalar(std::string_view tag, int64_t step, float value, double wall_time);
  void flush();

 private:
  void record(std::string_view event);
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace thaw
