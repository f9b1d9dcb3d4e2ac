// SPDX-License-Identifier: Apache-2.0
// What is measured and how: a case prepares its tensors on a device and returns what is timed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tensor/device.h"

namespace thaw::benchmarks {

enum class Unit { gflops, gigabytes };

struct Case {
  std::string name;
  Unit unit;
  double work;  // floating-point operations, or bytes read and written once
  std::function<std::function<void()>(Device)> prepare;
};

// The kernels that training spends its time in, at the sizes of BERT-base with about 500 tokens.
std::vector<Case> cases();

// Seconds that one call takes, the device idle before and after: the best of several, each of enough calls to be
// measured.
double seconds(Device device, const std::function<void()>& call);

// What the device can do at best, measured: 1e9 multiply-adds (2 operations each) and 1e9 bytes per second. 0: unknown.
struct Limits {
  double gflops = 0, gigabytes = 0;
};
Limits host_limits();
Limits vulkan_limits(Device device);

// Time and peak memory of linear_cross_entropy, with gradients, beside those of linear and cross_entropy.
inline constexpr const char* vocabulary_loss_name = "loss over a vocabulary, 512 rows x 512 x 32128";
void vocabulary_loss(Device device);

// Time of a product with a frozen weight and its gradients, alone and with LoRA, DoRA or IA3 on it.
inline constexpr const char* low_rank_products_name = "products with LoRA, DoRA, IA3, forward and backward";
void low_rank_products(Device device);

// Time and memory of steps of LoRA on a frozen base in f32, bf16 and int8.
inline constexpr const char* frozen_dtypes_name = "LoRA on a frozen base in f32, bf16, int8";
void frozen_dtypes(Device device);

// Counts and time of training steps of BERT-base.
inline constexpr const char* training_step_name = "BERT-base, a training step of 8 texts, 268 tokens";
void training_step(Device device);

}  // namespace thaw::benchmarks
