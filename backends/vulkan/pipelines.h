// SPDX-License-Identifier: Apache-2.0
// Pipelines, made once for each shader and set of specialisation constants, with the driver's compiled code kept on
// disk between runs.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "backends/vulkan/kernel.h"

namespace thaw::vulkan {

class Device;

class Pipelines {
 public:
  // `file`: where the cache lies (cache_file.h); empty: none. `subgroup_size`: what every pipeline asks for; 0: what
  // the driver likes.
  Pipelines(const Device& device, std::string file, uint32_t subgroup_size);
  // Writes the cache if there is something new in it.
  ~Pipelines();

  // `texels`: the shader has texel buffers. `subgroup_size`: what this pipeline asks for; 0: what all do.
  VkPipeline get(const Shader& shader, const std::vector<uint32_t>& constants, bool texels, uint32_t subgroup_size = 0);
  VkPipelineLayout layout(bool texels) const { return texels ? texel_layout_ : layout_; }
  size_t made() const { return pipelines_.size(); }
  // Writes the cache now. Failures (a full disk, no permission) are said once on stderr and are no error: only time is
  // lost.
  void save() noexcept;

 private:
  const Device& device_;
  std::string file_;
  uint32_t subgroup_size_;
  VkPipelineLayout layout_ = VK_NULL_HANDLE;
  VkDescriptorSetLayout texel_set_ = VK_NULL_HANDLE;  // where the device has texel buffers, and so the next
  VkPipelineLayout texel_layout_ = VK_NULL_HANDLE;
  VkPipelineCache cache_ = VK_NULL_HANDLE;
  std::map<const Shader*, VkShaderModule> modules_;
  std::map<std::tuple<const Shader*, std::vector<uint32_t>, uint32_t>, VkPipeline> pipelines_;
  size_t saved_ = 0;
};

}  // namespace thaw::vulkan
