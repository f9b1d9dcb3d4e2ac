// SPDX-License-Identifier: Apache-2.0
// An environment variable that a test sets.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace thaw {

// An environment variable for as long as the object lives.
class Environment {
 public:
  Environment(std::string name, const std::string& value) : name_(std::move(name)) {
    const char* former = std::getenv(name_.c_str());
    if (former) former_ = former;
    setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    if (former_) {
      setenv(name_.c_str(), former_->c_str(), 1);
    } else {
      unsetenv(name_.c_str());
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::string name_;
  std::optional<std::string> former_;
};

}  // namespace thaw
