// SPDX-License-Identifier: Apache-2.0
// Vulkan's attention against the reference backend.
#include <doctest/doctest.h>

#include "tests/backends/vulkan/compare.h"

namespace thaw::test {
namespace {

struct Case {
  std::vector<int32_t> queries, keys;
  int64_t heads, size;
  bool causal = false;
  float dropout = 0;
  bool bias = false;
  int64_t query_offset = 0;
};

std::vector<Tensor> compute(const Case& c, Device device) {
  const Segments queries(c.queries, device), keys(c.keys, device);
  // Queries, keys and values as parts of wider rows, as a joint projection leaves them.
  const int64_t width = c.heads * c.size;
  const Tensor qs = normal(1, {queries.total(), 2 * width}, device), kvs = normal(2, {keys.total(), 2 * width}, device);
  const auto heads_of = [&](const Tensor& t, int64_t part) {
    return t.slice(1, part * width, (part + 1) * width).reshape({t.size(0), c.heads, c.size});
  };
  const Tensor q = heads_of(qs, 1), k = heads_of(kvs, 0), v = heads_of(kvs, 1);
  Attention options{1.0 / static_cast<double>(c.size), c.causal, {c.dropout, {11, 0x2'0000'0005}}, std::nullopt};
  if (c.bias) {
    std::vector<int32_t> bucket_of;
    const int64_t zero = queries.longest() + c.query_offset, after = keys.longest() + 2;
    for (int64_t d = -zero; d < after; ++d) bucket_of.push_back(static_cast<int32_t>((d < 0 ? -2 * d : 2 * d + 1) % 9));
    options.bias = RelativeBiasTable{normal(3, {9, c.heads}, device), Indices(bucket_of, device), zero, c.query_offset};
  }
  const AttentionResult kept = attention(q, k, v, queries, keys, options, true);
  const Tensor dout = normal(4, q.shape(), device);
  const AttentionGradients all =
      attention_backward(dout, q, k, v, kept, queries, keys, options, {true, true, true, c.bias});
  std::vector<Tensor> results{kept.out, kept.lse, attention(q, k, v, queries, keys, options, false).out,
                              all.q,    all.k,    all.v};
  if (c.bias) results.push_back(all.table);
  results.push_back(attention_backward(dout, q, k, v, kept, queries, keys, options, {false, false, true, false}).v);
  results.push_back(attention_backward(dout, q, k, v, kept, queries, keys, options, {false, true, false, false}).k);
  return results;
}

}  // namespace

TEST_CASE("vulkan attention: segments of all lengths") {
  const std::vector<int32_t> lengths{5, 0, 1, 33, 70, 32, 17}, keys{9, 3, 1, 0, 40, 64, 31};
  for (const Case& c : {Case{lengths, lengths, 3, 12}, Case{lengths, keys, 2, 16, false, 0.2f, true},
                        Case{lengths, lengths, 3, 16, true, 0, true}, Case{lengths, lengths, 2, 12, true, 0.2f}}) {
    CAPTURE(c.causal);
    CAPTURE(c.bias);
    check_against_reference([&](Device device) { return compute(c, device); });
  }
}

TEST_CASE("vulkan attention: head sizes") {
  for (const int64_t size : {1, 33, 64}) {
    CAPTURE(size);
    check_against_reference([&](Device device) { return compute({{40, 3}, {40, 3}, 2, size, true, 0.1f}, device); });
  }
}

TEST_CASE("vulkan attention: a cache of keys before the queries") {
  check_against_reference([](Device device) {
    return compute({{1, 4, 2}, {35, 40, 2}, 2, 16, true, 0, true, 0}, device);
  });
  check_against_reference([](Device device) { return compute({{1, 1}, {35, 66}, 2, 16, false, 0, true, 65}, device); });
}

TEST_CASE("vulkan attention: queries that see no key") {
  // More queries than keys, causal: the first queries see nothing.
  check_against_reference([](Device device) { return compute({{40, 6}, {3, 6}, 2, 8, true}, device); });
}

}  // namespace thaw::test
