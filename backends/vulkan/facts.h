// SPDX-License-Identifier: Apache-2.0
// What a Vulkan device says of itself: all that the choice of kernels may depend on.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace thaw::vulkan {

enum class DeviceKind { other, integrated, discrete, virtual_gpu, cpu };

// One product that VK_KHR_cooperative_matrix offers at subgroup scope: f16 inputs, f32 accumulator.
struct CooperativeMatrix {
  uint32_t m = 0, n = 0, k = 0;
};

struct Facts {
  std::string name;        // "AMD Radeon RX 7900 XT (RADV NAVI31)"
  std::string driver;      // "radv Mesa 22.3.6"
  std::string uuid;        // 32 hexadecimal digits
  std::string cache_uuid;  // of the driver's pipeline caches
  uint32_t driver_version = 0;
  uint32_t vendor =
      0;  // PCI: 0x1002 AMD, 0x10de NVIDIA, 0x8086 Intel, 0x13b5 Arm, 0x5143 Qualcomm, 0x10005 Mesa's software
  uint32_t device_id = 0;
  DeviceKind kind = DeviceKind::other;
  uint32_t api_version = 0;

  uint32_t subgroup_size = 1;  // the default; kernels must work with any
  uint32_t min_subgroup_size = 1, max_subgroup_size = 1;
  bool subgroup_size_control = false;  // a pipeline may ask for a size (THAW_VULKAN_SUBGROUP)
  bool subgroup_shuffle = false;
  uint32_t shared_memory = 16384;  // bytes a workgroup may have
  uint32_t max_workgroup = 128;    // invocations
  std::array<uint32_t, 3> max_workgroup_size{128, 128, 64};

  uint64_t texel_elements = 0;  // numbers, or quads of them, in one texel buffer; 0: kernels cannot have any

  bool storage_16bit = false, storage_8bit = false;
  bool float16_arithmetic = false;  // shaderFloat16
  bool keeps_nan = false;           // a shader may ask for it (keep_nan.h)
  bool memory_budget = false;       // VK_EXT_memory_budget
  bool device_fault = false;        // VK_EXT_device_fault
  std::vector<CooperativeMatrix> cooperative;

  uint64_t memory = 0;      // bytes of the heap that tensors live in
  uint64_t max_buffer = 0;  // bytes of one allocation
  uint32_t max_allocations = 0;
  bool host_visible = false;   // tensors' memory can be written by the host
  bool host_cached = false;    // and read at full speed
  float timestamp_period = 0;  // ns a tick; 0: no timestamps
};

}  // namespace thaw::vulkan
