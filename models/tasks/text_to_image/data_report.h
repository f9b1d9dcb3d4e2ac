// SPDX-License-Identifier: Apache-2.0
// What is odd about captions and their pictures.
#pragma once

#include <vector>

#include "models/image_tokens.h"
#include "models/tasks/task.h"
#include "models/tasks/text_encoder.h"
#include "models/tasks/text_to_image/options.h"

namespace thaw {

// encoder: null if captions' tokens are not to be looked at.
DataReport report_captioned_pictures(const std::vector<DataSplit>& splits, const TextToImageOptions& options,
                                     const ImageTokens& tokens, const TextEncoder* encoder);

}  // namespace thaw
