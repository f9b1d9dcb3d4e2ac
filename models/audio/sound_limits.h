// SPDX-License-Identifier: Apache-2.0
// Sounds as a model hears them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "tensor/shape.h"

namespace thaw {

// Whose log-mels they are (ast_features.h, whisper_features.h).
enum class SoundFeatures { ast, whisper };

struct SoundLimits {
  SoundFeatures features = SoundFeatures::ast;
  int64_t bins = 0;
  int64_t frames = 0;  // of every sound (AST), or at most (Whisper)
  // What a model reads of log-mels [frames, bins]: rows on a grid, of so many numbers each, ...
  std::function<std::vector<float>(std::span<const float> log_mels)> rows = {};
  std::function<Shape(int64_t frames)> grid = {};
  int64_t width = 0;
  // ... which make so many states.
  std::function<int64_t(int64_t frames)> states = {};
};

}  // namespace thaw
