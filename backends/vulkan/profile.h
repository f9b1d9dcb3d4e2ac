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

  // The device's clock, in ns. Events are written as they come: the trace of a program that ends early can be read (the
  // format needs no last bracket).
  void add(const std::string& label, double begin, double end);

 private:
  std::FILE* file_;
};

}  // namespace thaw::vulkan
