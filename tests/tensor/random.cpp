// SPDX-License-Identifier: Apache-2.0
// Philox4x32-10 against the known answers of its authors, and how thaw numbers its words.
#include <doctest/doctest.h>

#include "backends/shared/philox.h"
#include "tensor/ops.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

using Words = std::array<uint32_t, 4>;

Words answer(const Words& counter, uint32_t key0, uint32_t key1) {
  const philox::uvec4 w = philox::philox_words(counter[0], counter[1], counter[2], counter[3], key0, key1);
  return {w.x, w.y, w.z, w.w};
}

}  // namespace

TEST_SUITE_BEGIN("primitives");

TEST_CASE("random: known answers of Philox4x32-10") {  // kat_vectors of Random123 1.14
  CHECK(answer({0, 0, 0, 0}, 0, 0) == Words{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8});
  constexpr uint32_t ones = 0xFFFFFFFF;
  CHECK(answer({ones, ones, ones, ones}, ones, ones) == Words{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD});
  CHECK(answer({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, 0xA4093822, 0x299F31D0) ==
        Words{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1});
}

TEST_CASE("random: the counter is block and stream, the key is the seed") {
  const RandomKey key{0x0123456789ABCDEF, 0xFEDCBA9876543210};
  CHECK(random_words(key, 0x1111111122222222) ==
        answer({0x22222222, 0x11111111, 0x76543210, 0xFEDCBA98}, 0x89ABCDEF, 0x01234567));
  CHECK(attention_words(key, 5, 7, 9) ==
        answer({9, 7, 5, 0x76543210}, 0x89ABCDEF, 0x01234567u ^ 0xFEDCBA98u ^ 0x9E3779B9u));
}

TEST_CASE("random: uniform numbers are the words of the stream, in order") {
  const RandomKey key{42, 3};
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    for (const int64_t count : {1, 2, 3, 4, 5, 63, 1027}) {
      const std::vector<double> u = uniform({count}, key, s.dtype, s.device).to_host<double>();
      for (size_t i = 0; i < u.size(); ++i)
        REQUIRE(u[i] == static_cast<double>(random_words(key, i / 4)[i % 4] >> 8) * 0x1p-24);
    }
  }
}

TEST_CASE("random: streams are handed out once and can be set back") {
  RandomStreams streams(9, 4);
  const RandomKey first = streams.take(), second = streams.take();
  CHECK(first.seed == 9);
  CHECK(first.stream == 4);
  CHECK(second.stream == 5);
  CHECK(streams.position() == 6);
  streams.set_position(4);
  CHECK(streams.take().stream == 4);
}

TEST_SUITE_END();
