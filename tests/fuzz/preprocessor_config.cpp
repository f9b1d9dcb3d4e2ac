// SPDX-License-Identifier: Apache-2.0
// Fuzz target: preprocessor_config.json. What it takes, written and read again, is the same, and makes finite numbers.
#include <algorithm>
#include <cmath>

#include "models/image/processor.h"
#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    using thaw::ImageProcessor;
    const auto processor = ImageProcessor::from_json(thaw::Json::parse(text, "file"), thaw::ProcessorKind::clip);
    const thaw::Json written = processor.to_json();
    const auto copy =
        ImageProcessor::from_json(thaw::Json::parse(written.dump(2), "its copy"), thaw::ProcessorKind::vit);
    thaw::fuzz::require(copy.to_json() == written, "written and read again it is another configuration");
    const thaw::PictureSize to = processor.resized_size({2, 3});
    const thaw::PictureSize cut = processor.crops ? processor.crop : to;
    constexpr int64_t quick = 100;
    if (std::max({to.height, to.width, cut.height, cut.width}) > quick) return;
    const thaw::Picture picture{2, 3, 1, {0, 50, 100, 150, 200, 255}};
    for (const float value : processor(picture, "file").values)
      thaw::fuzz::require(std::isfinite(value), "a number that is not finite");
  });
}
