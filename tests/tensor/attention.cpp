// SPDX-License-Identifier: Apache-2.0
// Attention over packed segments and its gradients, against plain loops over pairs.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/error_of.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

struct Case {
  const char* name;
  std::vector<int32_t> q_lengths, k_lengths;
  int64_t heads, size;
  bool causal = false, bias = false;
  float probability = 0;
};

const std::vector<Case> cases{
    {"one token", {1}, {1}, 1, 4},
    {"segments", {5, 1, 17}, {5, 1, 17}, 3, 8},
    {"cross", {4, 7, 2}, {9, 1, 33}, 2, 16},
    {"causal", {6, 3}, {6, 3}, 2, 8, true},
    {"causal with a cache", {2, 1}, {7, 5}, 2, 8, true},
    {"causal with too few keys", {5, 2}, {3, 2}, 2, 8, true},
    {"empty segments", {3, 0, 2, 0}, {4, 2, 0, 0}, 2, 8},
    {"bias", {5, 9}, {5, 9}, 4, 8, false, true},
    {"causal bias", {6, 3}, {6, 3}, 2, 8, true, true},
    {"dropout", {7, 6}, {7, 10}, 2, 8, false, false, 0.3f},
    {"everything", {6, 5}, {6, 5}, 2, 12, true, true, 0.2f},
    {"long", {65}, {130}, 1, 64},
};

constexpr int64_t buckets = 6, zero = 140, distances = 300;

std::vector<int32_t> bucket_list() {
  std::vector<int32_t> list;
  for (int64_t d = 0; d < distances; ++d)
    list.push_back(static_cast<int32_t>(std::min<int64_t>(std::abs(d - zero), 2) + (d > zero ? 3 : 0)));
  return list;
}

struct Plain {
  Array out, lse, dq, dk, dv, dtable;
};

double kept_factor(const Dropout& dropout, int64_t h, int64_t i, int64_t j) {
  const uint32_t word = attention_words(dropout.key, static_cast<uint32_t>(h), static_cast<uint32_t>(i),
                                        static_cast<uint32_t>(j / 4))[static_cast<size_t>(j % 4)];
  const double u = static_cast<double>(word >> 8) * 0x1p-24, p = static_cast<double>(dropout.probability);
  return u >= p ? 1 / (1 - p) : 0;
}

Plain plain(const Case& c, const Array& q, const Array& k, const Array& v, const Array& table, const Array& dout,
            double scale, const Dropout& dropout) {
  Plain p{Array(q.shape), Array({c.heads, q.shape[0]}), Array(q.shape), Array(k.shape),
          Array(k.shape), Array({buckets, c.heads})};
  const std::vector<int32_t> bucket_of = bucket_list();
  int64_t q0 = 0, k0 = 0;
  for (size_t b = 0; b < c.q_lengths.size(); ++b) {
    const int64_t nq = c.q_lengths[b], nk = c.k_lengths[b];
    for (int64_t h = 0; h < c.heads; ++h)
      for (int64_t i = 0; i < nq; ++i) {
        const int64_t row = q0 + i;
        const auto bucket = [&](int64_t j) { return bucket_of[static_cast<size_t>(zero + j - i)]; };
        std::vector<double> probability;
        double total = 0, delta = 0;
        for (int64_t j = 0; j < nk; ++j) {
          double score = c.bias ? table(bucket(j), h) : 0;
          for (int64_t d = 0; d < c.size; ++d) score += scale * q(row, h, d) * k(k0 + j, h, d);
          probability.push_back(c.causal && j > i + nk - nq ? 0 : std::exp(score));
          total += probability.back();
        }
        p.lse(h, row) = std::log(total);
        for (int64_t j = 0; j < nk; ++j) {
          probability[static_cast<size_t>(j)] /= total > 0 ? total : 1;
          const double weight = probability[static_cast<size_t>(j)] * kept_factor(dropout, h, row, j);
          for (int64_t d = 0; d < c.size; ++d) {
            p.out(row, h, d) += weight * v(k0 + j, h, d);
            p.dv(k0 + j, h, d) += weight * dout(row, h, d);
          }
        }
        for (int64_t d = 0; d < c.size; ++d) delta += dout(row, h, d) * p.out(row, h, d);
        for (int64_t j = 0; j < nk; ++j) {
          double dp = 0;
          for (int64_t d = 0; d < c.size; ++d) dp += dout(row, h, d) * v(k0 + j, h, d);
          const double ds = probability[static_cast<size_t>(j)] * (dp * kept_factor(dropout, h, row, j) - delta);
          for (int64_t d = 0; d < c.size; ++d) {
            p.dq(row, h, d) += scale * ds * k(k0 + j, h, d);
            p.dk(k0 + j, h, d) += scale * ds * q(row, h, d);
          }
          p.dtable(bucket(j), h) += c.bias ? ds : 0;
        }
      }
    q0 += nq;
    k0 += nk;
  }
  return p;
}

void check_case(const Setting& s, const Case& c) {
  CAPTURE(s.name());
  CAPTURE(c.name);
  const Segments queries(c.q_lengths, s.device), keys(c.k_lengths, s.device);
  const Shape q_shape{queries.total(), c.heads, c.size}, k_shape{keys.total(), c.heads, c.size};
  const Array q = random_array(q_shape, 1, -2, 2), k = random_array(k_shape, 2, -2, 2), v = random_array(k_shape, 3),
              table = random_array({buckets, c.heads}, 4), dout = random_array(q_shape, 5);
  Attention options;
  options.scale = 0.25;
  options.causal = c.causal;
  options.dropout = {c.probability, {8, (uint64_t{3} << 32) + 9}};
  if (c.bias)
    options.bias = RelativeBiasTable{to_tensor(table, s.dtype, s.device), Indices(bucket_list(), s.device), zero, 0};
  const Plain want = plain(c, q, k, v, table, dout, options.scale, options.dropout);
  const Tensor tq = to_tensor(q, s.dtype, s.device), tk = to_tensor(k, s.dtype, s.device),
               tv = to_tensor(v, s.dtype, s.device);
  const double tolerance = s.tolerance(2e-5);
  const AttentionResult got = attention(tq, tk, tv, queries, keys, options, true);
  CHECK(difference(got.out, want.out) < tolerance);
  CHECK(difference(got.lse, want.lse) < tolerance);
  const AttentionResult bare = attention(tq, tk, tv, queries, keys, options, false);
  CHECK_FALSE(bare.lse.defined());
  CHECK(difference(bare.out, want.out) < tolerance);

  const Tensor gradient = to_tensor(dout, s.dtype, s.device);
  const AttentionGradients g =
      attention_backward(gradient, tq, tk, tv, got, queries, keys, options, {true, true, true, c.bias});
  CHECK(difference(g.q, want.dq) < tolerance);
  CHECK(difference(g.k, want.dk) < tolerance);
  CHECK(difference(g.v, want.dv) < tolerance);
  if (c.bias) CHECK(difference(g.table, want.dtable) < tolerance);
  const AttentionGradients only_v =
      attention_backward(gradient, tq, tk, tv, got, queries, keys, options, {false, false, true, false});
  CHECK_FALSE(only_v.q.defined());
  CHECK(to_array(only_v.v).values == to_array(g.v).values);
}

}  // namespace

TEST_CASE("attention: values and gradients") {
  for (const Setting& s : settings())
    for (const Case& c : cases) check_case(s, c);
}

TEST_CASE("attention: queries, keys and values from one product") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Segments segments({4, 3}, s.device);
    const Tensor packed = to_tensor(random_array({7, 3, 2, 8}, 6), s.dtype, s.device);  // [T, q k v, H, D]
    const auto part = [&](int64_t i) { return packed.slice(1, i, i + 1).squeeze(1); };
    const Tensor strided = attention(part(0), part(1), part(2), segments, segments, {}, false).out;
    const Tensor dense =
        attention(part(0).contiguous(), part(1).contiguous(), part(2).contiguous(), segments, segments, {}, false).out;
    CHECK(difference(strided, to_array(dense)) < s.tolerance(1e-6));
  }
}

TEST_CASE("attention: the position of the first query moves the relative bias") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Segments six({6}, s.device), two({2}, s.device);
    const Tensor x = to_tensor(random_array({6, 2, 8}, 7), s.dtype, s.device);
    Attention options;
    options.causal = true;
    options.bias = RelativeBiasTable{to_tensor(random_array({buckets, 2}, 8), s.dtype, s.device),
                                     Indices(bucket_list(), s.device), zero, 0};
    const Tensor whole = attention(x, x, x, six, six, options, false).out;
    options.bias->query_offset = 4;
    const Tensor last = attention(x.slice(0, 4, 6), x, x, two, six, options, false).out;
    CHECK(difference(last, to_array(whole.slice(0, 4, 6))) < s.tolerance(1e-6));
  }
}

TEST_CASE("attention of a step of decoding: keys and values anywhere in a pool are those of attention, in order") {
  for (const Setting& s : settings())
    for (const bool causal : {false, true})
      for (const bool has_bias : {false, true})
        for (const bool in_order : {false, true}) {
          CAPTURE(s.name());
          // Segments of their own: each one's queries stand at the end of its keys, which the others do not move.
          const std::vector<int32_t> q_lengths{1, 2, 0, 1, 1, 3}, k_lengths{9, 130, 4, 0, 9, 2};
          const Segments queries(q_lengths, s.device), keys(k_lengths, s.device);
          const int64_t room = keys.total() + 20;
          const Tensor q = to_tensor(random_array({queries.total(), 3, 20}, 1, -2, 2), s.dtype, s.device),
                       k = to_tensor(random_array({room, 3, 20}, 2, -2, 2), s.dtype, s.device),
                       v = to_tensor(random_array({room, 3, 20}, 3), s.dtype, s.device),
                       table = to_tensor(random_array({buckets, 3}, 4), s.dtype, s.device);
          std::vector<int32_t> places;
          for (int64_t t = 0; t < keys.total(); ++t)
            places.push_back(static_cast<int32_t>(in_order ? t : (t * 37 + t / 50) % room));
          Attention options{.scale = 0.25, .causal = causal};
          const auto bias = [&](int64_t offset) {
            return RelativeBiasTable{table, Indices(bucket_list(), s.device), zero, offset};
          };
          if (has_bias) options.bias = bias(0);
          const Tensor got =
              decode_attention(q, k, v, queries, keys, in_order ? Indices() : Indices(places, s.device), options);
          REQUIRE(got.shape() == q.shape());
          for (int64_t b = 0; b < queries.count(); ++b) {
            const auto taken = [&](const Tensor& pool) {
              const std::vector<int32_t> own(places.begin() + keys.begin(b), places.begin() + keys.end(b));
              return gather_rows(pool.reshape({room, 60}), Indices(own, s.device)).reshape({keys.length(b), 3, 20});
            };
            if (has_bias) options.bias = bias(std::max(0, keys.length(b) - queries.length(b)));
            // Queries before the first key see none where it is causal.
            const int32_t blind = std::max(0, queries.length(b) - keys.length(b));
            if (has_bias && !causal && blind > 0) continue;
            const Tensor own = q.slice(0, queries.begin(b) + (has_bias ? blind : 0), queries.end(b));
            const Tensor want =
                attention(own, taken(k), taken(v), Segments({static_cast<int32_t>(own.size(0))}, s.device),
                          Segments({keys.length(b)}, s.device), options, false)
                    .out;
            const Tensor made = got.slice(0, queries.end(b) - own.size(0), queries.end(b));
            CHECK(difference(made, to_array(want)) < s.tolerance(1e-5));
          }
        }
}

TEST_CASE("attention of a step of decoding: mistakes are named") {
  const Device device = Device::from_environment();
  const Segments one({1, 1}, device), keys({2, 3}, device);
  const Tensor q = Tensor::zeros({2, 2, 4}, DType::f32, device), pool = Tensor::zeros({6, 2, 4}, DType::f32, device);
  const auto decode = [&](std::vector<int32_t> places, const Attention& options = {}) {
    return [&, places = Indices(std::move(places), device), options] {
      decode_attention(q, pool, pool, one, keys, places, options);
    };
  };
  CHECK(error_of(decode({0, 1, 2, 3})) == "decode_attention: 5 keys of segments for 4 places");
  CHECK(error_of(decode({0, 1, 2, 3, 6})) == "decode_attention: place 6 in a pool of 6");
  CHECK(error_of(decode({0, 1, 2, 3, -1})) == "decode_attention: place -1 in a pool of 6");
  CHECK(error_of(decode({0, 0, 0, 0, 0}, {.dropout = {0.5f, {}}})) == "decode_attention: it has no dropout");
  Attention options;
  options.bias = RelativeBiasTable{Tensor::zeros({2, 2}, DType::f32, device), Indices({0, 0, 1}, device), 1, 0};
  CHECK(error_of(decode({0, 0, 0, 0, 0}, options)) ==
        "decode_attention: 3 distances around 1 do not cover segments of 1 queries and 3 keys");
  const Segments seven({3, 4}, device), three({1, 2}, device);
  CHECK(error_of([&] { decode_attention(q, pool, pool, one, seven, {}, {}); }) ==
        "decode_attention: 7 keys of segments for 6 of the pool");
  CHECK(error_of([&] { decode_attention(q, pool, pool, three, keys, {}, {}); }) ==
        "decode_attention: 2 query and 2 key segments, the first of 3 tokens for queries [2, 2, 4]");
}

TEST_CASE("attention: mistakes are named") {
  const Device device = Device::from_environment();
  const Segments three({3}, device), four({4}, device);
  const Tensor x = Tensor::zeros({3, 2, 4}, DType::f32, device);
  CHECK_THROWS_WITH_AS(
      attention(x, x, x, three, four, {}, false),
      "attention: 1 query and 1 key segments of 3 and 4 tokens for queries [3, 2, 4] and keys [3, 2, 4]",
      std::invalid_argument);
  Attention options;
  options.bias = RelativeBiasTable{Tensor::zeros({2, 2}, DType::f32, device), Indices({0, 0, 1}, device), 1, 0};
  CHECK_THROWS_WITH_AS(attention(x, x, x, three, three, options, false),
                       "attention: 3 distances around 1 do not cover segments of 3 queries and 3 keys",
                       std::invalid_argument);
}
