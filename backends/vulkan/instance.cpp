// SPDX-License-Identifier: Apache-2.0
// Making the instance, counting validation messages, choosing a device.
#include "backends/vulkan/instance.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "backends/vulkan/environment.h"
#include "backends/vulkan/read_facts.h"
#include "backends/vulkan/result.h"
#include "backends/vulkan/validation.h"

namespace thaw::vulkan {
namespace {

constexpr const char* validation_layer = "VK_LAYER_KHRONOS_validation";

std::atomic<uint64_t> messages{0};

VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT, VkDebugUtilsMessageTypeFlagsEXT,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data, void*) {
  ++messages;
  std::fprintf(stderr, "vulkan validation: %s\n", data->pMessage);
  return VK_FALSE;
}

bool layer_installed(const char* name) {
  uint32_t count = 0;
  check_result(vkEnumerateInstanceLayerProperties(&count, nullptr), "vkEnumerateInstanceLayerProperties");
  std::vector<VkLayerProperties> layers(count);
  check_result(vkEnumerateInstanceLayerProperties(&count, layers.data()), "vkEnumerateInstanceLayerProperties");
  return std::any_of(layers.begin(), layers.end(),
                     [&](const auto& layer) { return std::strcmp(layer.layerName, name) == 0; });
}

bool has_extension(const char* layer, const char* name) {
  uint32_t count = 0;
  if (vkEnumerateInstanceExtensionProperties(layer, &count, nullptr) < 0) return false;
  std::vector<VkExtensionProperties> extensions(count);
  if (vkEnumerateInstanceExtensionProperties(layer, &count, extensions.data()) < 0) return false;
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const auto& extension) { return std::strcmp(extension.extensionName, name) == 0; });
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// "; this user may not open ..." or nothing.
std::string hint_after() {
  const std::string hint = access_hint("/dev/dri");
  return hint.empty() ? "" : "; " + hint;
}

}  // namespace

uint64_t validation_messages() { return messages; }

std::string access_hint(const std::string& folder) {
  std::string closed;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string path = entry.path().string();
    if (entry.path().filename().string().starts_with("renderD") && access(path.c_str(), R_OK | W_OK) != 0)
      closed += (closed.empty() ? "" : ", ") + path;
  }
  return closed.empty()
             ? ""
             : fmt::format("this user may not open {} (membership in the group `render` or `video` gives access)",
                           closed);
}

std::shared_ptr<Instance> Instance::shared() {
  static std::mutex making;
  static std::weak_ptr<Instance> current;
  const std::lock_guard lock(making);
  std::shared_ptr<Instance> instance = current.lock();
  if (!instance) {
    instance.reset(new Instance());
    current = instance;
  }
  return instance;
}

Instance::Instance() {
  api_version_ = VK_API_VERSION_1_0;
  check_result(vkEnumerateInstanceVersion(&api_version_), "vkEnumerateInstanceVersion");
  api_version_ = std::min<uint32_t>(api_version_, VK_API_VERSION_1_3);
  const bool validate = environment_number("THAW_VULKAN_VALIDATE", 0) != 0;
  if (validate && !layer_installed(validation_layer))
    fail("THAW_VULKAN_VALIDATE: the layer {} is not installed (Debian: vulkan-validationlayers)", validation_layer);
  debug_utils_ = has_extension(nullptr, VK_EXT_DEBUG_UTILS_EXTENSION_NAME) ||
                 (validate && has_extension(validation_layer, VK_EXT_DEBUG_UTILS_EXTENSION_NAME));

  std::vector<const char*> extensions, layers;
  debug_utils_ = debug_utils_ && (validate || environment_number("THAW_VULKAN_LABELS", 0) != 0);
  if (debug_utils_) extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
  const VkValidationFeatureEnableEXT enabled[] = {VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
  VkValidationFeaturesEXT features{.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT,
                                   .pNext = nullptr,
                                   .enabledValidationFeatureCount = 1,
                                   .pEnabledValidationFeatures = enabled,
                                   .disabledValidationFeatureCount = 0,
                                   .pDisabledValidationFeatures = nullptr};
  if (validate) {
    layers.push_back(validation_layer);
    extensions.push_back(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
  }
  VkApplicationInfo application{};
  application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO;
  application.pApplicationName = application.pEngineName = "thaw";
  application.apiVersion = api_version_;
  VkInstanceCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO;
  info.pNext = validate ? &features : nullptr;
  info.pApplicationInfo = &application;
  info.enabledLayerCount = static_cast<uint32_t>(layers.size());
  info.ppEnabledLayerNames = layers.data();
  info.enabledExtensionCount = static_cast<uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  const VkResult result = vkCreateInstance(&info, nullptr, &instance_);
  if (result == VK_ERROR_INCOMPATIBLE_DRIVER)
    fail("vulkan: no Vulkan driver is installed (Debian: mesa-vulkan-drivers, or the vendor's own){}", hint_after());
  check_result(result, "vkCreateInstance");

  if (validate) {
    const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
        vkGetInstanceProcAddr(instance_, "vkCreateDebugUtilsMessengerEXT"));
    VkDebugUtilsMessengerCreateInfoEXT messenger{};
    messenger.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT;
    messenger.messageSeverity =
        VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT;
    messenger.messageType =
        VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
    messenger.pfnUserCallback = on_message;
    check_result(create(instance_, &messenger, nullptr, &messenger_), "vkCreateDebugUtilsMessengerEXT");
  }
  uint32_t count = 0;
  check_result(vkEnumeratePhysicalDevices(instance_, &count, nullptr), "vkEnumeratePhysicalDevices");
  std::vector<VkPhysicalDevice> handles(count);
  check_result(vkEnumeratePhysicalDevices(instance_, &count, handles.data()), "vkEnumeratePhysicalDevices");
  for (VkPhysicalDevice handle : handles) candidates_.push_back(read_candidate(instance_, handle));
}

Instance::~Instance() {
  if (messenger_) {
    const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
        vkGetInstanceProcAddr(instance_, "vkDestroyDebugUtilsMessengerEXT"));
    destroy(instance_, messenger_, nullptr);
  }
  vkDestroyInstance(instance_, nullptr);
}

std::string Instance::why_none() const { return "vulkan: the driver finds no device" + hint_after(); }

size_t Instance::choose(std::string_view which) const {
  const std::string variable = environment_text("THAW_VULKAN_DEVICE");
  if (which.empty()) which = variable;
  if (candidates_.empty()) fail("{}", why_none());
  std::string listed;
  for (size_t i = 0; i < candidates_.size(); ++i)
    listed += fmt::format("{}{} {}", i ? ", " : "", i, candidates_[i].facts.name);
  const auto usable = [&](size_t i) {
    check(candidates_[i].missing.empty(), "vulkan:{} ({}) cannot be used: it lacks {}", i, candidates_[i].facts.name,
          candidates_[i].missing);
    return i;
  };
  if (which.empty()) {
    const auto rank = [&](const Candidate& c) {
      switch (c.facts.kind) {
        case DeviceKind::discrete: return 4;
        case DeviceKind::integrated: return 3;
        case DeviceKind::virtual_gpu: return 2;
        case DeviceKind::other: return 1;
        case DeviceKind::cpu: return 0;
      }
      return 0;
    };
    size_t best = candidates_.size();
    for (size_t i = 0; i < candidates_.size(); ++i)
      if (candidates_[i].missing.empty() &&
          (best == candidates_.size() || rank(candidates_[i]) > rank(candidates_[best])))
        best = i;
    if (best == candidates_.size())
      fail("vulkan: no device can be used: {} lacks {}", candidates_[0].facts.name, candidates_[0].missing);
    return best;
  }
  if (std::all_of(which.begin(), which.end(), [](unsigned char c) { return std::isdigit(c); }) && which.size() < 9) {
    const size_t index = std::strtoul(std::string(which).c_str(), nullptr, 10);
    check(index < candidates_.size(), "vulkan: there is no device {}; there are: {}", index, listed);
    return usable(index);
  }
  std::string uuid = lower(which);
  std::erase(uuid, '-');
  for (size_t i = 0; i < candidates_.size(); ++i)
    if (candidates_[i].facts.uuid == uuid) return usable(i);
  size_t found = candidates_.size();
  for (size_t i = 0; i < candidates_.size(); ++i) {
    if (lower(candidates_[i].facts.name).find(lower(which)) == std::string::npos) continue;
    check(found == candidates_.size(), "vulkan: \"{}\" names devices {} and {}; there are: {}", which, found, i,
          listed);
    found = i;
  }
  check(found < candidates_.size(), "vulkan: no device is called \"{}\"; there are: {}", which, listed);
  return usable(found);
}

}  // namespace thaw::vulkan
