// SPDX-License-Identifier: Apache-2.0
// One layout serves nearly all pipelines: 128 bytes of push constants and nothing else. A second one has texel buffers
// besides, whose descriptors are pushed with each dispatch.
#include "backends/vulkan/pipelines.h"

#include <cstdio>
#include <exception>

#include "backends/vulkan/cache_file.h"
#include "backends/vulkan/device.h"
#include "backends/vulkan/keep_nan.h"
#include "backends/vulkan/result.h"

namespace thaw::vulkan {

Pipelines::Pipelines(const Device& device, std::string file, uint32_t subgroup_size)
    : device_(device), file_(std::move(file)), subgroup_size_(subgroup_size) {
  const VkPushConstantRange range{VK_SHADER_STAGE_COMPUTE_BIT, 0, max_push_bytes};
  VkPipelineLayoutCreateInfo layout{};
  layout.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO;
  layout.pushConstantRangeCount = 1;
  layout.pPushConstantRanges = &range;
  check_result(vkCreatePipelineLayout(device_.handle(), &layout, nullptr, &layout_), "vkCreatePipelineLayout");
  if (device_.facts().texel_elements > 0) {
    std::vector<VkDescriptorSetLayoutBinding> bindings;
    for (uint32_t i = 0; i < texel_bindings; ++i)
      bindings.push_back({i, VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER, 1, VK_SHADER_STAGE_COMPUTE_BIT, nullptr});
    VkDescriptorSetLayoutCreateInfo set{};
    set.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO;
    set.flags = VK_DESCRIPTOR_SET_LAYOUT_CREATE_PUSH_DESCRIPTOR_BIT_KHR;
    set.bindingCount = static_cast<uint32_t>(bindings.size());
    set.pBindings = bindings.data();
    check_result(vkCreateDescriptorSetLayout(device_.handle(), &set, nullptr, &texel_set_),
                 "vkCreateDescriptorSetLayout");
    layout.setLayoutCount = 1;
    layout.pSetLayouts = &texel_set_;
    check_result(vkCreatePipelineLayout(device_.handle(), &layout, nullptr, &texel_layout_), "vkCreatePipelineLayout");
  }

  const std::vector<std::byte> data = file_.empty() ? std::vector<std::byte>() : read_cache(file_, device_.facts());
  VkPipelineCacheCreateInfo cache{};
  cache.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO;
  cache.initialDataSize = data.size();
  cache.pInitialData = data.data();
  check_result(vkCreatePipelineCache(device_.handle(), &cache, nullptr, &cache_), "vkCreatePipelineCache");
}

Pipelines::~Pipelines() {
  save();
  for (const auto& [key, pipeline] : pipelines_) vkDestroyPipeline(device_.handle(), pipeline, nullptr);
  for (const auto& [shader, module] : modules_) vkDestroyShaderModule(device_.handle(), module, nullptr);
  vkDestroyPipelineCache(device_.handle(), cache_, nullptr);
  vkDestroyPipelineLayout(device_.handle(), texel_layout_, nullptr);
  vkDestroyDescriptorSetLayout(device_.handle(), texel_set_, nullptr);
  vkDestroyPipelineLayout(device_.handle(), layout_, nullptr);
}

VkPipeline Pipelines::get(const Shader& shader, const std::vector<uint32_t>& constants, bool texels,
                          uint32_t subgroup_size) {
  if (subgroup_size == 0 || !device_.facts().subgroup_size_control) subgroup_size = subgroup_size_;
  VkPipeline& pipeline = pipelines_[{&shader, constants, subgroup_size}];
  if (pipeline) return pipeline;
  VkShaderModule& module = modules_[&shader];
  if (!module) {
    VkShaderModuleCreateInfo info{};
    info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO;
    const std::vector<uint32_t> kept = device_.facts().keeps_nan ? keeping_nan(shader.words) : std::vector<uint32_t>();
    const std::span<const uint32_t> words = kept.empty() ? shader.words : std::span<const uint32_t>(kept);
    info.codeSize = words.size_bytes();
    info.pCode = words.data();
    check_result(vkCreateShaderModule(device_.handle(), &info, nullptr, &module),
                 fmt::format("making the shader {}", shader.name));
  }
  std::vector<VkSpecializationMapEntry> entries;
  for (uint32_t i = 0; i < constants.size(); ++i) entries.push_back({i, i * 4, 4});
  VkSpecializationInfo specialization{};
  specialization.mapEntryCount = static_cast<uint32_t>(entries.size());
  specialization.pMapEntries = entries.data();
  specialization.dataSize = constants.size() * sizeof(uint32_t);
  specialization.pData = constants.data();
  VkPipelineShaderStageRequiredSubgroupSizeCreateInfo size{};
  size.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO;
  size.requiredSubgroupSize = subgroup_size;
  VkComputePipelineCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO;
  info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
  info.stage.pNext = subgroup_size ? &size : nullptr;
  info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
  info.stage.module = module;
  info.stage.pName = "main";
  info.stage.pSpecializationInfo = &specialization;
  info.layout = layout(texels);
  check_result(vkCreateComputePipelines(device_.handle(), cache_, 1, &info, nullptr, &pipeline),
               fmt::format("making a pipeline of the shader {}", shader.name));
  return pipeline;
}

void Pipelines::save() noexcept {
  if (file_.empty() || saved_ == pipelines_.size()) return;
  saved_ = pipelines_.size();
  size_t bytes = 0;
  if (vkGetPipelineCacheData(device_.handle(), cache_, &bytes, nullptr) < 0 || bytes == 0) return;
  try {
    std::vector<std::byte> data(bytes);
    if (vkGetPipelineCacheData(device_.handle(), cache_, &bytes, data.data()) < 0) return;
    data.resize(bytes);
    if (data == read_cache(file_, device_.facts())) return;
    write_cache(file_, device_.facts(), data);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vulkan: the pipeline cache is not kept: %s\n", error.what());
    file_.clear();
  }
}

}  // namespace thaw::vulkan
