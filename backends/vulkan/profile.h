// SPDX-License-Identifier: Apache-2.0
// Per-launch times as a Chrome trace (chrome://tracing, ui.perfetto.dev): THAW_VULKAN_PROFILE=trace.json.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace thaw::vulkan {

class Profile {
 public:
  // Throws std::runtime_error if the file cannot be written.
  explicit Profile(const std::string& path);
  ~Profile();
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  // The device's clock, in ns. Events are written as they come, and the file is whole after each: the trace of a
  // program that ends early can be read.
  void add(const std::string& label, double begin, double end);

 private:
  std::FILE* file_;
  const char* separator_ = "";  // before the next event
};

}  // namespace thaw::vulkan
