// SPDX-License-Identifier: Apache-2.0
// Encoder-decoders of two BERTs among the families of models.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily encoder_decoder_family;

}  // namespace thaw
