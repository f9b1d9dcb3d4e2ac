// SPDX-License-Identifier: Apache-2.0
// The sizes that kernels are made with, chosen by what the device reports. Every number can be overridden for
// measurements: THAW_VULKAN_TUNING="pointwise_workgroup=64,reduce_workgroup=128".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backends/vulkan/facts.h"

namespace thaw::vulkan {

struct Tuning {
  uint32_t pointwise_workgroup = 256;     // invocations of a pointwise kernel
  uint32_t pointwise_per_invocation = 4;  // elements each of them computes
  uint32_t reduce_workgroup = 256;        // invocations that share one row's sum
};

// One number of the table: its name, and where it is.
struct TuningEntry {
  std::string_view name;
  uint32_t Tuning::*value;
};
std::vector<TuningEntry> tuning_entries();

// The table (tuning.cpp), then `overrides` ("name=number,..."; std::invalid_argument names what it does not know).
Tuning tuning_for(const Facts& facts, std::string_view overrides);

// "pointwise_workgroup=256 ...", for `thaw devices` and reports of benchmarks.
std::string to_string(const Tuning& tuning);

}  // namespace thaw::vulkan
