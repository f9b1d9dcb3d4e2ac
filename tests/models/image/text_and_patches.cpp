// SPDX-License-Identifier: Apache-2.0
// A text with a picture behind it, in one encoding.
#include "models/image/text_and_patches.h"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "models/image/patch_limits.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

std::shared_ptr<const RowSource> two_patches() {
  return std::make_shared<RowsInMemory>(std::vector<float>(2 * 3), Shape{1, 2}, 3);
}

}  // namespace

TEST_CASE("text and patches: the text's tokens, then an entry for the class token and each patch; parts again") {
  Encoding text;
  text.ids = {2, 7, 8, 3};
  text.type_ids = {0, 0, 1, 1};
  text.offsets.resize(4);
  text.cut = 5;
  const Encoding both = text_and_patches(text, two_patches());
  CHECK(both.ids == std::vector<int32_t>{2, 7, 8, 3, 0, 0, 0});
  CHECK(both.type_ids == std::vector<int32_t>{0, 0, 1, 1, 0, 0, 0});
  CHECK(both.offsets.empty());
  CHECK(both.cut == 5);
  CHECK(text_of(both).ids == text.ids);
  CHECK(text_of(both).type_ids == text.type_ids);
  CHECK(text_of(both).cut == 5);
  CHECK(patches_of(both).size() == 3);
  CHECK(patches_of(both).rows == both.rows);
  CHECK(error_of([&] { text_of(text); }) == "an example of 4 entries is none of a text and a picture behind it");
  CHECK(error_of([&] { patches_of(text); }) == "an example of 4 tokens has no picture");
  Encoding picture_alone = patches_of(both);
  CHECK(error_of([&] { text_of(picture_alone); }) ==
        "an example of 3 entries is none of a text and a picture behind it");
}

TEST_CASE("patch limits: a grid of more patches than are read becomes one of as many or fewer") {
  PatchLimits limits;
  CHECK(limits.readable({40, 50}) == Shape{40, 50});
  limits.most = 12;
  CHECK(limits.readable({3, 4}) == Shape{3, 4});
  CHECK(limits.readable({4, 4}) == Shape{3, 4});
  CHECK(limits.readable({4, 5}) == Shape{2, 5});
  CHECK(limits.readable({1, 13}) == Shape{1, 12});
}

TEST_CASE("patch limits: ViLT's usual processor makes sides that are multiples of a patch") {
  const ImageProcessor usual =
      usual_processor({.patch = {6, 6}, .picture = {36, 36}, .processor = ProcessorKind::vilt});
  CHECK(usual.resized_size({36, 36}) == PictureSize{36, 36});
  CHECK(usual.resized_size({72, 100}) == PictureSize{36, 48});
}
