// SPDX-License-Identifier: Apache-2.0
// The trace event format, complete events only.
#include "backends/vulkan/profile.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "tensor/check.h"

namespace thaw::vulkan {

Profile::Profile(const std::string& path) : file_(std::fopen(path.c_str(), "w")) {
  if (!file_) fail("THAW_VULKAN_PROFILE: cannot write {}: {}", path, std::strerror(errno));
  std::fputs("[\n]", file_);
}

Profile::~Profile() { std::fclose(file_); }

void Profile::add(const std::string& label, double begin, double end) {
  std::fseek(file_, -2, SEEK_END);  // over the last "\n]"
  fmt::print(file_,
             "{}\n{{\"name\": \"{}\", \"cat\": \"kernel\", \"ph\": \"X\", \"ts\": {:.3f}, \"dur\": {:.3f}, \"pid\": 0, "
             "\"tid\": 0}}\n]",
             std::exchange(separator_, ","), label, begin / 1e3, (end - begin) / 1e3);
  std::fflush(file_);
}

}  // namespace thaw::vulkan
