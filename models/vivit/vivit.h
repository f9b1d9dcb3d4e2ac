// SPDX-License-Identifier: Apache-2.0
// ViViT (Arnab et al. 2021), its first model: ViT on blocks of a film ("tubelets", its section 3.2) that each hold a
// patch of a few frames; every block attends to all others, in space and time.
#pragma once

#include "models/vit/vit.h"
#include "models/vivit/config.h"

namespace thaw {

// Takes patches_of_film (models/image/patches.h), of films of one size: that of the configuration.
struct Vivit : ViT {
  static constexpr const char* architecture = "VivitModel";
  using Config = VivitConfig;

  Vivit(const Scope& s, const VivitConfig& config) : ViT(s, config, config.embeddings(), Reads::class_tokens) {}
};

}  // namespace thaw
