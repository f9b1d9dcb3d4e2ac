// SPDX-License-Identifier: Apache-2.0
// A ViT of the base model's shape (86 M parameters) with random weights: what it says of pictures, and training steps
// of all of it: AdamW, clipping. One setting a run, so that the peak memory is its own. Pictures are patches in memory:
// files, and what is made of them, are not measured.
//   benchmark_vision [--device cpu] [--steps 10] [--setting NAME] [--pictures 16] [--size 224] [--patch 16]
//                    [--layers 12] [--width 768] [--heads 12]
// Settings: inference; training; checkpointed, each layer computed again for its gradients.
#include <sys/resource.h>

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "models/hub/class_labels.h"
#include "models/image/patches.h"
#include "models/vit/classification.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tests/benchmarks/measure.h"

using namespace thaw;

namespace {

constexpr int64_t classes = 10;

struct LabelledBatch {
  PatchInput pictures;
  ClassificationTargets targets;
};

LabelledBatch random_batch(const ViTConfig& config, int64_t count, RandomStreams& random, Device device) {
  const Shape picture{config.num_channels, config.image_size[0], config.image_size[1]};
  std::vector<std::vector<float>> pixels;
  ClassificationTargets targets;
  for (int64_t b = 0; b < count; ++b) {
    const RandomKey key = random.take();
    std::vector<float>& numbers = pixels.emplace_back();
    for (int64_t i = 0; i < picture.numel(); ++i)
      numbers.push_back(static_cast<float>(random_words(key, static_cast<uint64_t>(i))[0]) * 0x1p-31F - 1);
    targets.classes.push_back(static_cast<int32_t>(b % classes));
  }
  std::vector<PatchedArray> arrays;
  for (const std::vector<float>& numbers : pixels)
    arrays.push_back(patches_of_picture(numbers, picture, config.patch_size));
  return {PatchInput(cut_patches(arrays, device)), targets};
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

}  // namespace

int main(int argc, char** argv) try {
  const auto option = [&](const char* name, const char* otherwise) {
    return bench::option(argc, argv, name, otherwise);
  };
  const auto number = [&](const char* name, const char* otherwise) -> int64_t {
    return std::stoi(option(name, otherwise));
  };
  const std::string name = option("device", ""), setting = option("setting", "training");
  check(setting == "inference" || setting == "training" || setting == "checkpointed",
        "--setting '{}': inference, training or checkpointed was expected", setting);
  const Device device = name.empty() ? Device::from_environment() : Device::open(name);
  const int64_t count = number("pictures", "16"), size = number("size", "224"), patch = number("patch", "16");

  ViTConfig config;
  config.image_size = {size, size};
  config.patch_size = {patch, patch};
  config.hidden_size = number("width", "768");
  config.intermediate_size = 4 * config.hidden_size;
  config.num_hidden_layers = number("layers", "12");
  config.num_attention_heads = number("heads", "12");
  config.labels = made_up_labels(classes);
  ParameterStore store(device, DType::f32, 1);
  ViTForImageClassification model(Scope(store), config);
  model.vit.encoder.checkpointing = setting == "checkpointed";
  AdamW optimizer(store, {.weight_decay = 0.01});
  RandomStreams random(5);
  store.mode().training = setting != "inference";

  bench::Timings timings;
  const int64_t steps = number("steps", "10");
  for (int64_t i = -2; i < steps; ++i) {
    const LabelledBatch batch = random_batch(config, count, random, device);
    const auto step = [&] {
      if (setting == "inference") {
        const NoGrad no_grad;
        model(batch.pictures).value().to_host<float>();
        return;
      }
      const Variable loss = model.loss(model(batch.pictures), batch.targets);
      backward(loss);
      const GradientNorm norm = clip_gradients(store, 1);
      loss.value().to_host_later().get();
      optimizer.step(5e-5, norm.scale);
      optimizer.clear_gradients();
      device.backend().synchronize();
    };
    if (i < 0)
      step();
    else
      timings.run(step);
  }
  const bench::Times times = timings.times();
  fmt::print(
      "ViT {}, {}, {} pictures of {} x {}: step min {:.4f} s, median {:.4f} s; peak memory {:.0f} MB, of tensors "
      "{:.0f} MB\n",
      setting, device.name(), count, size, size, times.least, times.middle, peak_megabytes(),
      static_cast<double>(device.backend().memory().peak_bytes) / 1e6);
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
