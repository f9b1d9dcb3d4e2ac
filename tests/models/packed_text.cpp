// SPDX-License-Identifier: Apache-2.0
// Packed batches from encodings and from padded arrays.
#include "models/packed_text.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "models/bert/input.h"
#include "models/bert/question_answering.h"

namespace thaw {

namespace {

using Numbers = std::vector<int32_t>;

Numbers host(const Indices& indices) { return {indices.host().begin(), indices.host().end()}; }

PaddedText two_rows() {
  PaddedText padded;
  padded.rows = 2;
  padded.columns = 3;
  padded.ids = {5, 6, 0, 7, 8, 9};
  padded.mask = {1, 1, 0, 1, 1, 1};
  return padded;
}

}  // namespace

TEST_CASE("packed text from encodings") {
  Encoding a, b;
  a.ids = {5, 6};
  a.type_ids = {0, 1};
  b.ids = {7, 8, 9};
  b.type_ids = {0, 0, 1};
  const BertInput text = BertInput::from_encodings({a, b}, Device::from_environment());
  CHECK(host(text.ids) == Numbers{5, 6, 7, 8, 9});
  CHECK(host(text.type_ids) == Numbers{0, 1, 0, 0, 1});
  CHECK(host(text.positions) == Numbers{0, 1, 0, 1, 2});
  CHECK(host(text.segments.offsets()) == Numbers{0, 2, 5});
  CHECK(host(text.first_tokens) == Numbers{0, 2});
  CHECK(host(text.first_segments.offsets()) == Numbers{0, 1, 2});
  CHECK_FALSE(text.keeps_padding());
  CHECK_THROWS_WITH_AS(BertInput::from_encodings({a, Encoding()}, Device::from_environment()),
                       "text 1 of the batch has no tokens", std::invalid_argument);
}

TEST_CASE("packed text from a padded batch: padding left out") {
  const PackedText text = PackedText::from_padded(two_rows(), Device::from_environment());
  CHECK(host(text.ids) == Numbers{5, 6, 7, 8, 9});
  CHECK(text.cells == Numbers{0, 1, 3, 4, 5});
  CHECK(text.first_rows() == Numbers{0, 2});
  CHECK(text.last_rows() == Numbers{1, 4});
  CHECK(host(BertInput::from_padded(two_rows(), Device::from_environment()).type_ids) == Numbers{0, 0, 0, 0, 0});
  CHECK(text.pick(Numbers{10, 11, 12, 13, 14, 15}) == Numbers{10, 11, 13, 14, 15});
  CHECK_THROWS_AS(text.pick(Numbers{10, 11, 12, 13, 14}), std::invalid_argument);
}

TEST_CASE("packed text from a padded batch: a position is a column, wherever the padding stands") {
  PaddedText padded = two_rows();
  padded.mask = {0, 1, 1, 1, 0, 1};
  const BertInput text = BertInput::from_padded(padded, Device::from_environment());
  CHECK(host(text.ids) == Numbers{6, 0, 7, 9});
  CHECK(host(text.positions) == Numbers{1, 2, 0, 2});
  CHECK(host(text.first_tokens) == Numbers{0, 2});
}

TEST_CASE("packed text from a padded batch: padding kept") {
  const BertInput text = keep_padding(two_rows(), Device::from_environment());
  CHECK(text.keeps_padding());
  CHECK(host(text.ids) == Numbers{5, 6, 0, 7, 8, 9});
  CHECK(host(text.segments.offsets()) == Numbers{0, 3, 6});
  CHECK(host(text.first_tokens) == Numbers{0, 3});
  CHECK(host(text.text_rows) == Numbers{0, 1, 3, 4, 5});
  CHECK(host(text.text_segments.offsets()) == Numbers{0, 2, 5});

  PaddedText full = two_rows();
  full.mask = {};
  CHECK_FALSE(keep_padding(full, Device::from_environment()).keeps_padding());
}

TEST_CASE("packed text: batches that are none") {
  const auto pack = [](PaddedText padded) { return PackedText::from_padded(padded, Device::from_environment()); };
  PaddedText padded = two_rows();
  padded.mask = {1, 1, 1, 0, 0, 0};
  CHECK_THROWS_WITH_AS(pack(padded), "text 1 of the batch has no tokens", std::invalid_argument);
  padded.mask = {1, 1};
  CHECK_THROWS_WITH_AS(pack(padded), "mask: 2 cells, [2, 3] has 6", std::invalid_argument);
  padded.mask = {};
  padded.type_ids = {0};
  CHECK_THROWS_WITH_AS(pack(padded), "type_ids: 1 cells, [2, 3] has 6", std::invalid_argument);
  padded.type_ids = {};
  padded.ids.pop_back();
  CHECK_THROWS_WITH_AS(pack(padded), "ids: 5 cells, [2, 3] has 6", std::invalid_argument);
}

}  // namespace thaw
